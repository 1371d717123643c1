"""Where recusal leaves too few members of a panel for any meeting to decide a case, the township rules.

The ruling stands in the place of a meeting, so that decisions, minutes, records and objections read on as they are.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.reviews import models, rules, selectors
from jizhi.reviews.services import deciding


class PanelDecides(DomainError):
    """Enough members may vote on the case: it is the panel's."""


class Involved(DomainError):
    """Whoever rules had a hand in the case, or is close to whom it is about."""


@transaction.atomic
def rule_cases(
    *,
    panel: models.Panel,
    concern: selectors.Concern,
    rulings: Sequence[deciding.Ruling],
    reason: str,
    by: User,
    at: dt.datetime,
) -> tuple[models.Meeting, dict[int, models.Decision]]:
    """Decide cases of one subject for the township, with reasons in writing; they leave the agenda of any meeting that
    is still open. Returns the ruling on the record, and the decisions by case.

    Whom the cases are about, and who had a hand in them, `concern` says for all. Those members who had to step aside
    are kept with their grounds. Raises PanelDecides, Involved, ReasonMissing and CaseDecided.
    """
    today = clock.day_of(at)
    posts.check_can(by, Action.RULE_CASE, panel.village, today)
    if not reason.strip():
        raise deciding.ReasonMissing(_("乡镇裁定须写明理由。"), place="reason")
    _check_not_involved(concern, by, today)
    voters = selectors.voters_on(panel, today)
    recused = selectors.grounds(voters, [concern], today).get(concern.case_id, {})
    if not rules.is_beyond_panel(len(voters), len(recused), panel.quorum):
        raise PanelDecides(_("评议小组有足够的成员可以表决，这一条由评议小组决定。"))
    meeting = models.Meeting.objects.create(
        panel=panel, procedure=rules.Procedure.RULING, held_on_date=today, minutes=reason.strip(),
        state=rules.MeetingState.CLOSED, opened_at=at, opened_by=by, closed_at=at,
    )  # fmt: skip
    cases = [ruling.case_id for ruling in rulings]
    models.AgendaItem.objects.bulk_create(
        [models.AgendaItem(meeting=meeting, case_id=case) for case in cases]
    )
    decided = {ruling.case_id: deciding.store_ruling(meeting, ruling, recused, by, at) for ruling in rulings}
    _leave_open_agendas(cases)
    for ruling in rulings:
        audit.record_event(
            by=by, at=at, verb="case.rule", target=decided[ruling.case_id], area_path=panel.village.path,
            detail={"case": ruling.case_id, "outcome": ruling.outcome, "recused": len(recused)},
        )  # fmt: skip
    return meeting, decided


def _leave_open_agendas(cases: Sequence[int]) -> None:
    """Each case leaves any meeting that is still open and has not decided it."""
    for case in cases:
        models.AgendaItem.objects.filter(case_id=case, meeting__state=rules.MeetingState.OPEN).exclude(
            meeting__decisions__case_id=case
        ).delete()


def _check_not_involved(concern: selectors.Concern, by: User, today: dt.date) -> None:
    if selectors.grounds({0: by.pk}, [concern], today):
        raise Involved(_("您经手过这件事，或者它涉及您本户、近亲属，应当回避。请由乡镇其他同志裁定。"))
