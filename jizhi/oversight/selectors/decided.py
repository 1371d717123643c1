"""The month's decisions as the township looks at them before the settlement, and whether one may still be returned."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.claims import selectors as claims
from jizhi.claims.models import Claim
from jizhi.claims.rules import ClaimState
from jizhi.core import clock
from jizhi.core.errors import DomainError
from jizhi.notices.models import NoticedEntry
from jizhi.notices.rules import NoticeState
from jizhi.oversight import models
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.reviews.models import Decision
from jizhi.reviews.rules import Outcome, Procedure, Tally

RETURNABLE = (ClaimState.POSTED, ClaimState.APPROVED, ClaimState.REJECTED)


class NoSuchDecision(DomainError):
    """The decision does not exist, or lies outside the user's scope."""


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """A decided case with its claim, and whether the township may still return it."""

    id: int
    village: Area
    claim: claims.ClaimLine
    outcome: Outcome
    reason: str
    tally: Tally
    decided_at: dt.datetime
    meeting_id: int
    until: dt.date
    why_not: Any  # empty while it may be returned
    ruled_by: str  # who ruled for the township, where no panel voted
    returned: str  # the township's reasons, once it was returned

    @property
    def may_return(self) -> bool:
        return not self.why_not


def decided_cases(
    user: User,
    *,
    on: dt.date,
    village_code: str = "",
    month: dt.date | None = None,
    outcome: str = "",
    words: str = "",
) -> QuerySet[Decision]:
    """Final decisions on claims in the user's villages, the newest first; `decided_lines` makes lines of them."""
    paths = posts.scope_paths(user, Action.VIEW_LEDGER, on)
    rows = Decision.objects.filter(case__village__path__within=paths, case__claim__isnull=False)
    rows = rows.exclude(outcome=Outcome.RETURN)
    if village_code:
        rows = rows.filter(case__village__code=village_code)
    if month is not None:
        following = (month + dt.timedelta(days=32)).replace(day=1)
        begin, end = clock.span(month, following - dt.timedelta(days=1))
        rows = rows.filter(decided_at__gte=begin, decided_at__lt=end)
    if outcome:
        rows = rows.filter(outcome=outcome)
    if words:
        label, key = "case__claim__subject__label", "case__claim__subject__key"
        rows = rows.filter(Q(**{f"{label}__icontains": words}) | Q(**{f"{key}__icontains": words}))
    return rows.select_related("case__village", "meeting", "decided_by").order_by("-decided_at", "-id")


def decided_lines(rows: Sequence[Decision] | QuerySet[Decision], today: dt.date) -> list[DecidedLine]:
    """Decisions as lines: a handful of queries for a page."""
    found = list(rows)
    lines = claims.lines_of_cases([row.case_id for row in found])
    ids = [line.id for line in lines.values()]
    states = dict(Claim.objects.filter(pk__in=ids).values_list("pk", "state"))
    returned = dict(models.Recheck.objects.filter(decision__in=found).values_list("decision_id", "reason"))
    final = _in_final_notices({line.fact_id for line in lines.values() if line.fact_id})
    until = {}
    for row in found:
        decided = clock.day_of(row.decided_at)
        key = (row.case.village_id, decided.year, decided.month)
        if key not in until:
            until[key] = claims.recheck_until(row.case.village, decided)
    made = []
    for row in found:
        decided, line = clock.day_of(row.decided_at), lines[row.case_id]
        last = until[row.case.village_id, decided.year, decided.month]
        why_not = _why_not(
            returned.get(row.pk),
            states[line.id],
            ruled=row.meeting.procedure == Procedure.RULING,
            settled=line.fact_id in final,
            late=today > last,
        )
        made.append(
            DecidedLine(
                id=row.pk,
                village=row.case.village,
                claim=line,
                outcome=Outcome(row.outcome),
                reason=row.reason,
                tally=Tally(row.votes_for, row.against, row.abstain, row.recused),
                decided_at=row.decided_at,
                meeting_id=row.meeting_id,
                until=last,
                why_not=why_not,
                ruled_by=row.decided_by.display_name if row.meeting.procedure == Procedure.RULING else "",
                returned=returned.get(row.pk, ""),
            )
        )
    return made


def _in_final_notices(fact_ids: Collection[int]) -> set[int]:
    """Those of the facts that stand, by any of their entries, on a notice that is final; one query."""
    rows = NoticedEntry.objects.filter(
        entry__fact__in=fact_ids, lapsed=False, notice__state=NoticeState.FINALISED
    )
    return set(rows.values_list("entry__fact_id", flat=True))


_OTHER_WAYS = {
    ClaimState.GRACE: _("已经告知，正在限期改正；期满之后再看。"),
    ClaimState.CORRECTED: _("已在期限内改正，没有扣分。"),
}


def _why_not(returned: str | None, state: str, *, ruled: bool, settled: bool, late: bool) -> Any:
    """Why a decision cannot be returned; empty when it can."""
    if returned is not None:
        return _("已经退回过了。")
    if ruled:
        return _("这是乡镇的裁定，评议小组无法表决；有意见的可以提出异议。")
    if state not in RETURNABLE:
        return _OTHER_WAYS.get(ClaimState(state), _("这条申报已经撤销或又变动过。"))
    if settled:
        return _("这条积分所在的公示已经定案，请走异议程序。")
    return _("复核期限已过。") if late else ""


def decided_case(user: User, decision_id: int, *, on: dt.date) -> DecidedLine:
    """One decision. Raises NoSuchDecision."""
    row = decided_cases(user, on=on).filter(pk=decision_id).first()
    if row is None:
        raise NoSuchDecision(_("没有这条决定，或者您无权查看。"))
    return decided_lines([row], on)[0]


def recheck_before(claim_id: int) -> str:
    """The township's reasons why this claim lies before the panel again; empty for any other claim."""
    return models.Recheck.objects.filter(again=claim_id).values_list("reason", flat=True).first() or ""
