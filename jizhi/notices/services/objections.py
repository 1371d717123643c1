"""Objecting to an entry on a notice, and the written answer; where upheld, the entry is reversed."""

import datetime as dt

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.changes import selectors as changes
from jizhi.claims import services as claims
from jizhi.core import audit, clock, nights
from jizhi.core.errors import DomainError
from jizhi.ledger import selectors as ledger
from jizhi.notices import models, rules, selectors
from jizhi.notices.services import hearing, withholding
from jizhi.people import selectors as people
from jizhi.people.models import Subject
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes


class NoSuchFact(DomainError):
    """The notice shows no such entry."""


class ObjectionClosed(DomainError):
    """The window is over, the objection is answered, or one is open already."""


@transaction.atomic
def file_objection(
    *,
    notice: models.Notice,
    fact_id: int,
    subject: Subject,
    grounds: str,
    channel: rules.ObjectionChannel,
    request_key: str,
    received_date: dt.date | None = None,
    handed_up: str = "",
    by: User,
    at: dt.datetime,
) -> models.Objection:
    """Object to an entry on a posted notice, one's own or another household's.

    `subject` is the household that objects. On the phone it files itself, or for an ended household that it succeeded;
    a spoken or written objection is keyed in by whoever may answer or post. What came in on paper or by letter counts,
    and its clock runs, from its receipt (`received_date`). What had gone up to the township before (`handed_up`: why)
    is filed by the township and stays its own to answer. The same `request_key` again gives the objection that is
    there. Raises NoSuchFact and ObjectionClosed.
    """
    today = clock.day_of(at)
    clocks = schemes.clocks(notice.village)
    notice = models.Notice.objects.select_for_update(of=("self",)).select_related("village").get(pk=notice.pk)
    _check_filer(
        notice, subject, channel, by, today, Action.HEAR_AT_TOWNSHIP if handed_up else Action.POST_NOTICE
    )
    present = models.Objection.objects.filter(request_key=request_key).first()
    if present is not None:
        return present
    _check_window(notice, received_date, today)
    _check_can_object(notice, fact_id, subject, grounds)
    objection = models.Objection.objects.create(
        notice=notice,
        village=notice.village,
        fact_id=fact_id,
        subject=subject,
        channel=channel,
        grounds=grounds.strip(),
        request_key=request_key,
        received_date=received_date or today,
        due_date=clocks.after(received_date or today, notice.answer_days),
        filed_at=at,
        filed_by=by,
    )
    withholding.begin_dispute(ledger.fact(fact_id), by, at)
    audit.record_event(
        by=by,
        at=at,
        verb="objection.file",
        target=objection,
        area_path=notice.village.path,
        detail={"fact": fact_id, "channel": channel},
    )
    if handed_up:
        _hand_up(objection, handed_up, by, at)
    return objection


def _check_filer(
    notice: models.Notice,
    subject: Subject,
    channel: rules.ObjectionChannel,
    by: User,
    today: dt.date,
    action: Action,
) -> None:
    if subject.village_id != notice.village_id:
        raise ObjectionClosed(_("只能对本村的公示提出异议。"))
    if channel is rules.ObjectionChannel.PHONE_PAGE:
        if subject.pk not in selectors.spoken_for(by, on=today):
            raise ObjectionClosed(_("只能以自己家的名义提出异议。"))
    elif channel is not rules.ObjectionChannel.SPOKEN or not _hears(subject, by, today):
        posts.check_can(by, action, notice.village, today)


def _hears(subject: Subject, by: User, today: dt.date) -> bool:
    """Whether this is somebody who goes to the household: who tells deductions there takes its word, too."""
    area = people.areas_of_subjects([subject.pk]).get(subject.pk)
    return area is not None and posts.can(by, Action.TELL_FAULT, area, today)


def _check_window(notice: models.Notice, received_date: dt.date | None, today: dt.date) -> None:
    final = notice.state != rules.NoticeState.POSTED and received_date is None
    if final or rules.window_is_over(received_date or today, notice.window_to_date):
        raise ObjectionClosed(_("公示期已过，不能再提出异议；可以向乡镇反映。"))


def _check_can_object(notice: models.Notice, fact_id: int, subject: Subject, grounds: str) -> None:
    if not notice.noticed_entries.filter(entry__fact_id=fact_id).exists():
        raise NoSuchFact(_("这期公示里没有这一条。"))
    if not grounds.strip():
        raise ObjectionClosed(_("请写明理由。"), place="grounds")
    # Whoever files the same at this moment waits here, and then sees this one.
    if withholding.lock_owner(fact_id):
        raise ObjectionClosed(_("这一条已经撤销，不用再提异议；认为不该撤销的，请反映“该有的记录没有”。"))
    voice = changes.one_voice(subject.pk)
    filed = models.Objection.objects.filter(fact_id=fact_id, subject__in=voice)
    if filed.filter(state__in=rules.OPEN_OBJECTION).exists():
        raise ObjectionClosed(_("您对这一条的异议正在处理，不用重复提出。"))
    if selectors.is_answered(notice, fact_id, voice):
        raise ObjectionClosed(_("您对这一条的异议已经答复；不同意答复的，请在期限内申请复核。"))


@transaction.atomic
def answer_objection(
    *,
    objection: models.Objection,
    outcome: rules.Outcome,
    answer: str,
    correction: claims.Correction | None = None,
    by: User,
    at: dt.datetime,
) -> models.Objection:
    """Answer in writing. Upheld: the entry is reversed and what it displaced is re-priced. Both households are told.

    In part: the `correction` is posted instead. Raises ObjectionClosed when it is answered already, AnswerMissing
    without reasons, Conflicted for whoever decided the entry, EntryGone where it has been reversed meanwhile.
    """
    objection = _locked(objection)
    went_up = objection.state == rules.ObjectionState.ESCALATED
    action = Action.HEAR_AT_TOWNSHIP if went_up else Action.ANSWER_OBJECTION
    posts.check_can(by, action, objection.village, clock.day_of(at))
    hearing.check_not_conflicted(objection, by, clock.day_of(at))
    words = hearing.check_reasons(answer)
    objection.state = rules.ObjectionState(outcome.value)
    objection.answer, objection.answered_at, objection.answered_by = words, at, by
    objection.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    hearing.carry_out(objection.fact_id, outcome, correction, words, by, at)
    withholding.end_dispute(objection.fact, by, at)
    audit.record_event(
        by=by,
        at=at,
        verb="objection.answer",
        target=objection,
        area_path=objection.village.path,
        detail={"state": objection.state, "answer": objection.answer},
    )
    hearing.tell_both(objection, outcome, words, at)
    return objection


@transaction.atomic
def withdraw_objection(*, objection: models.Objection, by: User, at: dt.datetime) -> models.Objection:
    """The household takes its objection back before it is answered."""
    objection = _locked(objection)
    own = selectors.spoken_for(by, on=clock.day_of(at))
    if objection.filed_by_id != by.pk and objection.subject_id not in own:
        raise ObjectionClosed(_("只有提出的人可以撤回。"))
    objection.state = rules.ObjectionState.WITHDRAWN
    objection.save(update_fields=["state"])
    withholding.end_dispute(objection.fact, by, at)
    audit.record_event(
        by=by, at=at, verb="objection.withdraw", target=objection, area_path=objection.village.path
    )
    return objection


def _locked(objection: models.Objection) -> models.Objection:
    locked = (
        models.Objection.objects.select_for_update(of=("self",))
        .select_related("village", "subject", "fact__subject")
        .get(pk=objection.pk)
    )
    if locked.state not in rules.OPEN_OBJECTION:
        raise ObjectionClosed(_("这件异议已经办结。"))
    return locked


@transaction.atomic
def escalate_objection(
    *, objection: models.Objection, words: str, by: User, at: dt.datetime
) -> models.Objection:
    """Hand it up to the township: by whoever must answer it and may not or cannot, or by the household when it is late.

    Raises ObjectionClosed.
    """
    today = clock.day_of(at)
    objection = _locked(objection)
    if objection.subject_id in selectors.spoken_for(by, on=today):
        if today <= objection.due_date:
            raise ObjectionClosed(_("答复期限还没有到，到期没有答复才能转请乡镇答复。"))
    else:
        posts.check_can(by, Action.ANSWER_OBJECTION, objection.village, today)
    if not words.strip():
        raise ObjectionClosed(_("请写明为什么转乡镇答复。"), place="words")
    _hand_up(objection, words.strip(), by, at)
    return objection


def escalate_overdue_objections(*, at: dt.datetime) -> int:
    """Hand up every objection that has waited for as many days as its pack allows (`hand_up_days`). Returns how many.

    Run every night; one transaction an objection, and a second run the same day finds nothing.
    """
    late = models.Objection.objects.filter(
        state=rules.ObjectionState.FILED, due_date__lt=clock.day_of(at)
    ).order_by("id")
    count = 0
    for number in late.values_list("pk", flat=True):
        with nights.alone("objection", number):
            count += _escalate_if_due(number, at)
    return count


@transaction.atomic
def _escalate_if_due(objection_id: int, at: dt.datetime) -> bool:
    objection = (
        models.Objection.objects.select_for_update(of=("self",))
        .select_related("village", "subject")
        .get(pk=objection_id)
    )
    clocks = schemes.clocks(objection.village)
    last = clocks.after(objection.received_date, clocks.hand_up_days)
    if objection.state != rules.ObjectionState.FILED or clock.day_of(at) <= last:
        return False
    with translation.override("zh-hans"):
        words = gettext("超过期限没有答复，自动转乡镇答复。")
    _hand_up(objection, words, None, at)
    return True


def _hand_up(objection: models.Objection, words: str, by: User | None, at: dt.datetime) -> None:
    if objection.state != rules.ObjectionState.FILED:
        raise ObjectionClosed(_("这件异议已经转到乡镇。"))
    clocks = schemes.clocks(objection.village)
    objection.state, objection.escalated_at = rules.ObjectionState.ESCALATED, at
    objection.escalation = words
    objection.due_date = clocks.after(clock.day_of(at), clocks.escalate_days)
    objection.save(update_fields=["state", "escalated_at", "escalation", "due_date"])
    audit.record_event(
        by=by,
        at=at,
        verb="objection.escalate",
        target=objection,
        area_path=objection.village.path,
        detail={"words": words, "due": objection.due_date.isoformat()},
    )
    hearing.tell(
        objection.subject,
        kind="objection.escalated",
        title=_("异议已转乡镇答复"),
        body=words,
        link=f"/my/objections/{objection.pk}/",
        at=at,
    )


@transaction.atomic
def acknowledge_answer(*, objection: models.Objection, by: User, at: dt.datetime) -> models.Objection:
    """The household that objected has opened the answer; the first time is remembered."""
    objection = models.Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    mine = objection.subject_id in selectors.spoken_for(by, on=clock.day_of(at))
    if mine and objection.answered_at is not None and objection.read_at is None:
        objection.read_at = at
        objection.save(update_fields=["read_at"])
    return objection
