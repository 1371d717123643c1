"""Printed claim sheets: lists by state, one sheet by its code, a batch to print again."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas import selectors as areas
from jizhi.channels import models, rules
from jizhi.claims import selectors as claims
from jizhi.core import check_digits
from jizhi.core.errors import DomainError
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class NoSuchSheet(DomainError):
    """No sheet has this code, the code was mistyped, or the sheet is not the user's to see."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A sheet on a list. Age counts from the day of printing."""

    id: int
    code: str
    number: int
    village: str
    village_code: str
    kind: rules.SheetKind
    scheme: str
    state: rules.SheetState
    subject_id: int | None
    subject_key: str
    subject_label: str
    printed_at: dt.datetime
    settled_at: dt.datetime | None
    settled_by: str
    reason: str
    claims: int

    @property
    def written(self) -> str:
        """The code as it is printed."""
        return rules.written(self.code)

    @property
    def may_be_keyed_in(self) -> bool:
        return rules.can_move(self.state, rules.SheetState.USED)


@dataclass(frozen=True, slots=True)
class SheetPage:
    """One sheet with the claims that came of it."""

    line: SheetLine
    batch_id: int
    claims: list[claims.ClaimLine]


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A batch with all its sheets, in the order of printing."""

    batch: models.PaperBatch
    sheets: list[SheetLine]


def check_code(text: str) -> str:
    """The code in what was typed or scanned. Raises NoSuchSheet where a digit is wrong."""
    code = check_digits.code_of(text, digits_min=rules.NUMBER_DIGITS + 1)
    if not code:
        raise NoSuchSheet(_("编码不对：请核对每一位数字，或重新扫码。"), place="code")
    return code


def _visible(user: User, on: dt.date) -> QuerySet[models.PaperSheet]:
    """Whoever sees the ledger of the whole village sees its sheets."""
    return models.PaperSheet.objects.filter(
        village__path__within=posts.scope_paths(user, Action.VIEW_LEDGER, on)
    )


def sheets(
    user: User, *, on: dt.date, state: str = "", kind: str = "", village_code: str = "", words: str = ""
) -> QuerySet[models.PaperSheet]:
    """Sheets by filter: those still out oldest first, the others newest first."""
    rows = _visible(user, on)
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(batch__kind=kind)
    if village_code:
        rows = rows.filter(village__code=village_code)
    if words:
        found = Q(subject__label__icontains=words) | Q(subject__key__icontains=words)
        digits = check_digits.digits(words)
        rows = rows.filter(found | Q(code__contains=digits) if digits else found)
    return rows.order_by("id") if state == rules.SheetState.PRINTED else rows.order_by("-id")


def counts_by_state(rows: QuerySet[models.PaperSheet]) -> dict[rules.SheetState, int]:
    """How many of the sheets are where; one query."""
    counts = rows.order_by("state").values_list("state").annotate(count=Count("pk"))
    return {rules.SheetState(state): count for state, count in counts}


def sheet_lines(rows: QuerySet[models.PaperSheet]) -> list[SheetLine]:
    """Sheets as lines; one query."""
    whole = rows.select_related("village", "subject", "batch", "settled_by").annotate(count=Count("lines"))
    return [_line(row) for row in whole]


def _line(row: models.PaperSheet) -> SheetLine:
    return SheetLine(
        id=row.pk,
        code=row.code,
        number=row.number,
        village=areas.named(row.village),
        village_code=row.village.code,
        kind=rules.SheetKind(row.batch.kind),
        scheme=row.batch.scheme,
        state=rules.SheetState(row.state),
        subject_id=row.subject_id,
        subject_key=row.subject.key if row.subject else "",
        subject_label=row.subject.label if row.subject else "",
        printed_at=row.batch.printed_at,
        settled_at=row.settled_at,
        settled_by=row.settled_by.display_name if row.settled_by else "",
        reason=row.reason,
        claims=getattr(row, "count", 0),
    )


def sheet_page(user: User, code: str, *, on: dt.date) -> SheetPage:
    """One sheet by what was typed or scanned. Raises NoSuchSheet."""
    rows = _visible(user, on).filter(code=check_code(code))
    found = rows.first()
    if found is None:
        raise NoSuchSheet(_("没有这个编码的纸质表，或者不是您村的。"), place="code")
    (line,) = sheet_lines(rows)
    made = claims.visible_claims(user, on).filter(paper_line__sheet=found).order_by("paper_line__number")
    return SheetPage(line, found.batch_id, claims.lines(made))


def batch_page(user: User, batch_id: int, *, on: dt.date) -> BatchPage:
    """A batch in the user's villages. Raises NoSuchSheet."""
    paths = posts.scope_paths(user, Action.VIEW_LEDGER, on)
    batch = (
        models.PaperBatch.objects.select_related("village")
        .filter(pk=batch_id, village__path__within=paths)
        .first()
    )
    if batch is None:
        raise NoSuchSheet(_("没有这一批纸质表，或者不是您村的。"))
    return BatchPage(batch, sheet_lines(models.PaperSheet.objects.filter(batch=batch).order_by("number")))


def sheet_of_claim(claim_id: int) -> str:
    """The code of the sheet that a claim came from; empty for any other claim."""
    row = models.PaperLine.objects.filter(claim_id=claim_id).select_related("sheet").first()
    return row.sheet.code if row else ""
