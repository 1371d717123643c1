"""Putting a resolved fund to use, and its register of money in and out."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.assemblies import models, rules, selectors
from jizhi.assemblies.rules import About, EntryKind, FilingState
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class NoResolution(DomainError):
    """There is no carried and acknowledged resolution for it."""


class FundRefused(DomainError):
    """The entry would overdraw the fund, go beyond what was resolved, or lie outside its days."""


def check_resolved(assembly: models.Assembly, about: About) -> None:
    """Carried, on file with the township, and about this. Raises NoResolution."""
    if assembly.about is not about or not assembly.carried or assembly.state is not FilingState.ACKNOWLEDGED:
        raise NoResolution(
            _("须有表决通过并经乡镇备案的决议，才能启用（村民委员会组织法第二十四条、第二十七条）。")
        )


@transaction.atomic
def activate_fund(*, assembly_id: int, by: User, at: dt.datetime) -> models.Fund:
    """Open the register of a fund as it was resolved; a second call gives the fund that is there."""
    row = (
        models.Assembly.objects.select_for_update(of=("self",)).select_related("village").get(pk=assembly_id)
    )
    posts.check_can(by, Action.KEEP_FUND, row.village, clock.day_of(at))
    check_resolved(row, About.FUND)
    present = models.Fund.objects.filter(assembly=row).first()
    if present is not None:
        return present
    assert row.from_date  # the database asks for both
    assert row.to_date
    fund = models.Fund.objects.create(
        assembly=row,
        village=row.village,
        title=row.title,
        source=row.source,
        fen=row.fen or 0,
        from_date=row.from_date,
        to_date=row.to_date,
        activated_at=at,
        activated_by=by,
    )
    audit.record_event(by=by, at=at, verb="fund.activate", target=fund, area_path=row.village.path)
    return fund


@transaction.atomic
def enter_money(
    *,
    fund_id: int,
    kind: EntryKind,
    fen: int,
    date: dt.date,
    text: str,
    request_key: str,
    by: User,
    at: dt.datetime,
) -> models.FundEntry:
    """Enter money in or out. No more comes in than was resolved, no more goes out than is there. Raises FundRefused."""
    assembly = models.Assembly.objects.select_for_update(of=("self",)).get(fund=fund_id)
    fund = models.Fund.objects.select_related("village").get(assembly=assembly)
    posts.check_can(by, Action.KEEP_FUND, fund.village, clock.day_of(at))
    present = models.FundEntry.objects.filter(request_key=request_key, fund=fund).first()
    if present is not None:
        return present
    received, spent = selectors.sums_of_fund(fund.pk)
    _check_entry(fund, kind, fen, date, text, clock.day_of(at), received, spent)
    entry = models.FundEntry.objects.create(
        fund=fund,
        kind=kind,
        fen=fen,
        balance=received - spent + (fen if kind is EntryKind.IN else -fen),
        date=date,
        text=text.strip(),
        request_key=request_key,
        entered_at=at,
        entered_by=by,
    )
    audit.record_event(
        by=by,
        at=at,
        verb="fund.enter",
        target=fund,
        area_path=fund.village.path,
        detail={"kind": kind.value, "fen": fen},
    )
    return entry


def _check_entry(
    fund: models.Fund,
    kind: EntryKind,
    fen: int,
    date: dt.date,
    text: str,
    today: dt.date,
    received: int,
    spent: int,
) -> None:
    if fen <= 0:
        raise FundRefused(_("请填写金额。"), place="fen")
    if not text.strip():
        raise FundRefused(_("请写明用途或来源。"), place="text")
    if date > today:
        raise FundRefused(_("日期不能晚于今天。"), place="date")
    if kind is EntryKind.OUT and not rules.within(date, fund.from_date, fund.to_date):
        raise FundRefused(_("支出日期不在决议的使用期内。"), place="date")
    if kind is EntryKind.IN and received + fen > fund.fen:
        raise FundRefused(_("收入合计超过了决议的金额，须另行表决。"), place="fen")
    if kind is EntryKind.OUT and fen > received - spent:
        raise FundRefused(_("余额不足。"), place="fen")
