"""Claims decided by circulation, where the county's pack allows it: sent round, answered, concluded.

Only an approval comes out of it. What is not carried, or not answered by enough, waits for a meeting, where it can be
talked about and a refusal gets its reasons.
"""

import datetime as dt
import logging
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.claims import models, selectors
from jizhi.claims.services import review
from jizhi.claims.services.review import ClaimRuling, decide_claims
from jizhi.core import clock, nights
from jizhi.core.errors import DomainError
from jizhi.core.text import N_
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.reviews import selectors as panels
from jizhi.reviews import services as reviews
from jizhi.reviews.models import Meeting
from jizhi.reviews.rules import Choice, Outcome

log = logging.getLogger(__name__)


class NotCirculated(DomainError):
    """The pack does not allow these cases to be decided by circulation, or the village has no panel."""


@transaction.atomic
def circulate_claims(*, village: Area, case_ids: Sequence[int], by: User, at: dt.datetime) -> Meeting:
    """Send waiting cases round to the panel; answered within the pack's days. Raises NotCirculated."""
    today = clock.day_of(at)
    policy, panel = selectors.panels_in(village).circulation, panels.panel_of(village, today)
    if policy is None or panel is None:
        raise NotCirculated(_("本地没有规定可以书面传签，或本村没有评议小组。"))
    if not set(case_ids) <= set(selectors.cases_to_circulate(village)):
        raise NotCirculated(_("有的事项不能传签，须开会评议。"))
    due = today + dt.timedelta(days=policy.days)
    return reviews.start_circulation(panel=panel, case_ids=case_ids, due_date=due, by=by, at=at)


@transaction.atomic
def answer_circulation(
    *, meeting: Meeting, case_id: int, choice: Choice | None, words: str = "", by: User, at: dt.datetime
) -> Meeting:
    """A member answers one case, or wishes for a meeting on it (no `choice`).

    The last answer ends the circulation where the member may hold meetings; else the recorder does, or the night.
    """
    meeting = reviews.lock_circulation(meeting)
    today = clock.day_of(at)
    asked = selectors.concerns(_open_cases(meeting), meeting.held_on_date, today)
    concerns = {one.case_id: one for one in asked}
    if case_id not in concerns:
        raise reviews.BadAnswer(_("这一条已不在传签之列。"))
    reviews.answer_case(meeting=meeting, concern=concerns[case_id], choice=choice, words=words, by=by, at=at)
    left = _open_cases(meeting)
    complete = set(left) <= reviews.answered_by_all(meeting, [concerns[case] for case in left], today)
    if complete and posts.can(by, Action.HOLD_MEETING, meeting.panel.village, today):
        conclude_circulation(meeting=meeting, by=by, at=at)
    return meeting


@transaction.atomic
def conclude_circulation(*, meeting: Meeting, by: User | None, at: dt.datetime) -> Meeting:
    """Decide what the answers carry; everything else goes to a meeting. Before the day only when all have answered.

    What was sent back or verified anew since it went round, or may not be circulated any more, is not decided: the
    answers were about something else. `by=None` is the nightly work, which asks for no post.
    """
    meeting = reviews.lock_circulation(meeting)
    review.lock_cases(list(meeting.agenda.values_list("case_id", flat=True)))
    today, cases = clock.day_of(at), _open_cases(meeting)
    complete = reviews.answered_by_all(meeting, selectors.concerns(cases, meeting.held_on_date, today), today)
    due = meeting.due_date
    if due is not None and today <= due and set(cases) - complete:
        raise NotCirculated(_("还有成员没有答复，期限也还没到。"))
    allowed = set(selectors.still_circulated(meeting.panel.village, cases))
    decided = 0
    for claim in models.Claim.objects.filter(case_id__in=allowed).order_by("pk"):
        if reviews.approved(meeting, claim.case_id or 0):
            decided += _decided(meeting, claim, by, at)
    text = N_("书面传签：认定%(decided)s条，其余%(left)s条转评议会。")
    left = meeting.agenda.count() - decided
    words = text % {"decided": decided, "left": left}
    return reviews.end_circulation(meeting=meeting, minutes=words, by=by, at=at)


def _decided(meeting: Meeting, claim: models.Claim, by: User | None, at: dt.datetime) -> bool:
    """Whether the claim was decided; one that cannot be goes to a meeting and stops no other."""
    ruling = ClaimRuling(claim.pk, Outcome.APPROVE, grade=claim.grade)
    try:
        with transaction.atomic():
            decide_claims(meeting=meeting, rulings=[ruling], by=by, at=at)
    except DomainError as refusal:
        log.info(
            "claim %s of circulation %s goes to a meeting: %s", claim.pk, meeting.pk, type(refusal).__name__
        )
        return False
    return True


def _open_cases(meeting: Meeting) -> list[int]:
    """What is still to be decided in the circulation and is as it was when it went round."""
    rows = meeting.agenda.exclude(case__decisions__meeting=meeting)
    return selectors.unchanged_since(
        list(rows.order_by("id").values_list("case_id", flat=True)), meeting.opened_at
    )


def conclude_overdue(*, at: dt.datetime) -> int:
    """Conclude every circulation whose day is over; one that fails leaves the others alone. Returns how many ended."""
    ended = 0
    for meeting in panels.circulations_to_conclude(clock.day_of(at)):
        with nights.alone("circulation", meeting.pk):
            conclude_circulation(meeting=meeting, by=None, at=at)
            ended += 1
    return ended
