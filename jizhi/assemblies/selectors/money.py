"""Funds with their register and dividends with their shares; money in fen."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.assemblies import models, rules
from jizhi.core.errors import DomainError


class NoSuchFund(DomainError):
    """The fund or dividend does not exist, or lies outside the user's scope."""


@dataclass(frozen=True, slots=True)
class FundLine:
    """A fund with what came in, what went out and what is left."""

    id: int
    assembly_id: int
    village: str
    village_code: str
    title: str
    source: str
    fen: int
    received: int
    spent: int
    from_date: dt.date
    to_date: dt.date
    receipt: str

    @property
    def balance(self) -> int:
        return self.received - self.spent


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A line of a fund's register."""

    id: int
    kind: rules.EntryKind
    fen: int
    balance: int
    date: dt.date
    text: str
    entered_at: dt.datetime
    entered_by: str


@dataclass(frozen=True, slots=True)
class DividendLine:
    """A dividend as the village's board shows it."""

    id: int
    title: str
    period: str
    fen: int
    households: int
    receipt: str
    rows: list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class ShareLine:
    """One household's share; names in full, for staff and the household."""

    id: int
    subject_id: int
    no: str
    head: str
    points: int
    fen: int
    bound: str
    paid_at: dt.datetime | None
    received_by: str


_IN = Sum("entries__fen", filter=Q(entries__kind="in"), default=0)
_OUT = Sum("entries__fen", filter=Q(entries__kind="out"), default=0)


def sums_of_fund(fund_id: int) -> tuple[int, int]:
    """What came into a fund and what went out."""
    row = models.Fund.objects.filter(pk=fund_id).aggregate(received=_IN, spent=_OUT)
    return row["received"], row["spent"]


def _lines(rows: QuerySet[models.Fund]) -> list[FundLine]:
    summed = rows.select_related("village", "assembly").annotate(received=_IN, spent=_OUT)
    return [
        FundLine(
            id=row.pk,
            assembly_id=row.assembly_id,
            village=areas.named(row.village),
            village_code=row.village.code,
            title=row.title,
            source=row.source,
            fen=row.fen,
            received=row.received,
            spent=row.spent,
            from_date=row.from_date,
            to_date=row.to_date,
            receipt=row.assembly.receipt,
        )
        for row in summed
    ]


def funds(user: User, *, on: dt.date, village_code: str = "", words: str = "") -> list[FundLine]:
    """The funds of the user's villages; one query."""
    rows = models.Fund.objects.filter(assembly__in=models.Assembly.objects.visible_to(user, on))
    if village_code:
        rows = rows.filter(village__code=village_code)
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(source__icontains=words))
    return _lines(rows)


def fund_for(user: User, fund_id: int, *, on: dt.date) -> FundLine:
    """A fund in the user's scope. Raises NoSuchFund."""
    rows = models.Fund.objects.filter(assembly__in=models.Assembly.objects.visible_to(user, on), pk=fund_id)
    found = _lines(rows)
    if not found:
        raise NoSuchFund(_("没有这笔资金，或者您无权查看。"))
    return found[0]


def funds_of_village(village: Area) -> list[FundLine]:
    """A village's funds as anybody may read them."""
    return _lines(models.Fund.objects.filter(village=village))


def entries_of_fund(fund_id: int, *, kind: str = "") -> QuerySet[models.FundEntry]:
    """A fund's register, the newest line first; `entry_lines` makes lines."""
    rows = models.FundEntry.objects.filter(fund_id=fund_id).order_by("-id")
    return rows.filter(kind=kind) if kind else rows


def entry_lines(rows: QuerySet[models.FundEntry]) -> list[EntryLine]:
    """Register lines; one query."""
    return [
        EntryLine(
            row.pk,
            row.kind,
            row.fen,
            row.balance,
            row.date,
            row.text,
            row.entered_at,
            row.entered_by.display_name,
        )
        for row in rows.select_related("entered_by")
    ]


def dividend_for(user: User, dividend_id: int, *, on: dt.date) -> models.Dividend:
    """A dividend in the user's scope. Raises NoSuchFund."""
    rows = models.Dividend.objects.filter(assembly__in=models.Assembly.objects.visible_to(user, on))
    row = rows.select_related("village", "assembly", "settlement").filter(pk=dividend_id).first()
    if row is None:
        raise NoSuchFund(_("没有这次分红，或者您无权查看。"))
    return row


def dividends_of_village(village: Area) -> list[DividendLine]:
    """A village's dividends with masked names, as anybody may read them."""
    rows = models.Dividend.objects.filter(village=village).select_related("assembly")
    return [
        DividendLine(
            row.pk,
            row.assembly.title,
            row.assembly.period,
            row.fen,
            len(row.content),
            row.assembly.receipt,
            row.content,
        )
        for row in rows
    ]


def shares(dividend_id: int, *, words: str = "", paid: str = "") -> QuerySet[models.DividendShare]:
    """The shares of a dividend the caller may see; `share_lines` makes lines."""
    rows = models.DividendShare.objects.filter(dividend_id=dividend_id)
    if words:
        rows = rows.filter(
            Q(subject__household__head_name__icontains=words) | Q(subject__household__no__icontains=words)
        )
    if paid:
        rows = rows.filter(paid_at__isnull=paid == "no")
    return rows.order_by("subject__household__no")


def share_lines(rows: QuerySet[models.DividendShare]) -> list[ShareLine]:
    """Shares as lines; one query."""
    return [_share(row) for row in rows.select_related("subject__household")]


def _share(row: models.DividendShare) -> ShareLine:
    household = row.subject.household
    return ShareLine(
        row.pk,
        row.subject_id,
        household.no,
        household.head_name,
        row.points,
        row.fen,
        row.bound,
        row.paid_at,
        row.received_by,
    )


def share_of_subject(subject_id: int) -> list[tuple[str, str, ShareLine]]:
    """A household's own shares: title, period, share."""
    rows = models.DividendShare.objects.filter(subject_id=subject_id).select_related(
        "subject__household", "dividend__assembly"
    )
    return [
        (row.dividend.assembly.title, row.dividend.assembly.period, _share(row))
        for row in rows.order_by("-dividend_id")
    ]
