"""Appealing against an answer: a second look by the supervisors, then by the township, with reasons and clocks."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.claims import services as claims
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.notices import models, rules, selectors
from jizhi.notices.services import hearing, withholding
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes


class AppealClosed(DomainError):
    """There is nothing to appeal against, it is too late, or the appeal is answered already."""


HEARD_BY = {
    rules.AppealBody.SUPERVISORS: Action.HEAR_APPEAL,
    rules.AppealBody.TOWNSHIP: Action.HEAR_AT_TOWNSHIP,
}


@transaction.atomic
def file_appeal(
    *, objection: models.Objection, grounds: str, request_key: str, by: User, at: dt.datetime
) -> models.Appeal:
    """Ask for a second look at an answer; the household itself, or whoever keys objections in for it.

    The body follows from what was heard before. The same `request_key` again gives the appeal that is there.
    Raises AppealClosed.
    """
    today = clock.day_of(at)
    objection = _objection(objection)
    if objection.subject_id not in selectors.spoken_for(by, on=today):
        posts.check_can(by, Action.POST_NOTICE, objection.village, today)
    return _file(objection, grounds, request_key, by, at)


@transaction.atomic
def file_for_letter(
    *, objection: models.Objection, grounds: str, request_key: str, at: dt.datetime
) -> models.Appeal:
    """The same by whoever wrote the letter that became the objection; the caller knows that it is its writer."""
    return _file(_objection(objection), grounds, request_key, None, at)


def _objection(objection: models.Objection) -> models.Objection:
    return (
        models.Objection.objects.select_for_update(of=("self",))
        .select_related("village", "subject", "fact__subject", "filed_by")
        .get(pk=objection.pk)
    )


def _file(
    objection: models.Objection, grounds: str, request_key: str, by: User | None, at: dt.datetime
) -> models.Appeal:
    today = clock.day_of(at)
    present = models.Appeal.objects.filter(request_key=request_key).first()
    if present is not None:
        return present
    chance = selectors.appeal_chance(objection, on=today)
    if chance is None:
        raise AppealClosed(_("现在不能申请复核：没有可以复核的答复，或者期限已过。"))
    if not grounds.strip():
        raise AppealClosed(_("请写明理由。"), place="grounds")
    clocks = schemes.clocks(objection.village)
    days = clocks.answer_days if chance.body is rules.AppealBody.SUPERVISORS else clocks.escalate_days
    appeal = models.Appeal.objects.create(
        objection=objection,
        village=objection.village,
        body=chance.body,
        grounds=grounds.strip(),
        request_key=request_key,
        due_date=clocks.after(today, days),
        filed_at=at,
        filed_by=by,
    )
    # What is held is booked under somebody: for the writer of a letter, whoever admitted it.
    withholding.begin_dispute(objection.fact, by or objection.filed_by, at)
    _record(appeal, "appeal.file", by, at)
    return appeal


@transaction.atomic
def answer_appeal(
    *,
    appeal: models.Appeal,
    outcome: rules.Outcome,
    answer: str,
    correction: claims.Correction | None = None,
    by: User,
    at: dt.datetime,
) -> models.Appeal:
    """Decide an appeal with reasons; upheld, the entry falls as it would have at once. Both households are told.

    Raises AppealClosed, AnswerMissing and Conflicted.
    """
    appeal = _locked(appeal)
    objection = appeal.objection
    posts.check_can(by, HEARD_BY[rules.AppealBody(appeal.body)], appeal.village, clock.day_of(at))
    earlier = objection.appeals.exclude(pk=appeal.pk).values_list("answered_by_id", flat=True)
    hearing.check_not_conflicted(objection, by, clock.day_of(at), objection.answered_by_id, *earlier)
    words = hearing.check_reasons(answer)
    appeal.state = rules.AppealState(outcome.value)
    appeal.answer, appeal.answered_at, appeal.answered_by = words, at, by
    appeal.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    hearing.carry_out(objection.fact_id, outcome, correction, words, by, at)
    withholding.end_dispute(objection.fact, by, at)
    _record(appeal, "appeal.answer", by, at)
    hearing.tell_both(objection, outcome, words, at)
    return appeal


@transaction.atomic
def withdraw_appeal(*, appeal: models.Appeal, by: User, at: dt.datetime) -> models.Appeal:
    """Take an appeal back before it is answered; only the household or whoever filed it may."""
    appeal = _locked(appeal)
    own = selectors.spoken_for(by, on=clock.day_of(at))
    if appeal.filed_by_id != by.pk and appeal.objection.subject_id not in own:
        raise AppealClosed(_("只有提出的人可以撤回。"))
    appeal.state = rules.AppealState.WITHDRAWN
    appeal.save(update_fields=["state"])
    withholding.end_dispute(appeal.objection.fact, by, at)
    _record(appeal, "appeal.withdraw", by, at)
    return appeal


def _locked(appeal: models.Appeal) -> models.Appeal:
    locked = (
        models.Appeal.objects.select_for_update(of=("self",))
        .select_related("village", "objection__village", "objection__subject", "objection__fact__subject")
        .get(pk=appeal.pk)
    )
    if locked.state != rules.AppealState.FILED:
        raise AppealClosed(_("这件复核已经办结。"))
    return locked


def _record(appeal: models.Appeal, verb: str, by: User | None, at: dt.datetime) -> None:
    audit.record_event(
        by=by,
        at=at,
        verb=verb,
        target=appeal,
        area_path=appeal.village.path,
        detail={"objection": appeal.objection_id, "body": appeal.body, "state": appeal.state},
    )
