"""Where recusal leaves too few members of a panel for any meeting to decide a case, the township rules.

The ruling stands in the place of a meeting, so that decisions, minutes, records and objections read on as they are.
"""

import datetime as dt

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
def rule_case(*, panel: models.Panel, ruling: deciding.Ruling, by: User, at: dt.datetime) -> models.Decision:
    """Decide a case for the township, with reasons in writing; it leaves the agenda of any meeting that is still open.

    Those members who had to step aside are kept with their grounds. Raises PanelDecides, Involved, ReasonMissing and
    CaseDecided.
    """
    today = clock.day_of(at)
    posts.check_can(by, Action.RULE_CASE, panel.village, today)
    if not ruling.reason.strip():
        raise deciding.ReasonMissing(_("乡镇裁定须写明理由。"), place="reason")
    assert ruling.concern is not None  # a case that concerns nobody recuses nobody
    _check_not_involved(ruling.concern, by, today)
    voters = selectors.voters_on(panel, today)
    recused = selectors.grounds(voters, [ruling.concern], today).get(ruling.case_id, {})
    if not rules.is_beyond_panel(len(voters), len(recused), panel.quorum):
        raise PanelDecides(_("评议小组有足够的成员可以表决，这一条由评议小组决定。"))
    meeting = models.Meeting.objects.create(
        panel=panel, procedure=rules.Procedure.RULING, held_on_date=today, minutes=ruling.reason.strip(),
        state=rules.MeetingState.CLOSED, opened_at=at, opened_by=by, closed_at=at,
    )  # fmt: skip
    models.AgendaItem.objects.create(meeting=meeting, case_id=ruling.case_id)
    decision = deciding.store_ruling(meeting, ruling, recused, by, at)
    models.AgendaItem.objects.filter(case_id=ruling.case_id, meeting__state=rules.MeetingState.OPEN).exclude(
        meeting__decisions__case_id=ruling.case_id
    ).delete()
    audit.record_event(
        by=by, at=at, verb="case.rule", target=decision, area_path=panel.village.path,
        detail={"case": ruling.case_id, "outcome": ruling.outcome, "recused": len(recused)},
    )  # fmt: skip
    return decision


def _check_not_involved(concern: selectors.Concern, by: User, today: dt.date) -> None:
    if selectors.grounds({0: by.pk}, [concern], today):
        raise Involved(_("您经手过这件事，或者它涉及您本户、近亲属，应当回避。请由乡镇其他同志裁定。"))
