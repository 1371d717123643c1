"""Objecting to an entry on a notice, and the written answer; where upheld, the entry is reversed."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.claims import services as claims
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.notices import models, rules, selectors
from jizhi.people import selectors as people
from jizhi.people import services as people_services
from jizhi.people.models import Subject
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes


class NoSuchFact(DomainError):
    """The notice shows no such entry."""


class ObjectionClosed(DomainError):
    """The window is over, the objection is answered, or one is open already."""


class AnswerMissing(DomainError):
    """An answer needs its reasons in writing."""


@transaction.atomic
def file_objection(
    *,
    notice: models.Notice,
    fact_id: int,
    subject: Subject,
    grounds: str,
    channel: rules.ObjectionChannel,
    request_key: str,
    by: User,
    at: dt.datetime,
) -> models.Objection:
    """Object to an entry on a posted notice, one's own or another household's.

    `subject` is the household that objects. On the phone it files itself; a spoken or written objection is keyed
    in by whoever may answer or post. The same `request_key` again gives the objection that is there.
    Raises NoSuchFact and ObjectionClosed.
    """
    today = clock.day_of(at)
    notice = models.Notice.objects.select_for_update(of=("self",)).select_related("village").get(pk=notice.pk)
    _check_filer(notice, subject, channel, by, today)
    present = models.Objection.objects.filter(request_key=request_key).first()
    if present is not None:
        return present
    _check_can_object(notice, fact_id, subject, grounds, today)
    objection = models.Objection.objects.create(
        notice=notice,
        village=notice.village,
        fact_id=fact_id,
        subject=subject,
        channel=channel,
        grounds=grounds.strip(),
        request_key=request_key,
        due_date=today + dt.timedelta(days=schemes.clocks(notice.village).answer_days),
        filed_at=at,
        filed_by=by,
    )
    audit.record_event(
        by=by,
        at=at,
        verb="objection.file",
        target=objection,
        area_path=notice.village.path,
        detail={"fact": fact_id, "channel": channel},
    )
    return objection


def _check_filer(
    notice: models.Notice, subject: Subject, channel: rules.ObjectionChannel, by: User, today: dt.date
) -> None:
    if subject.village_id != notice.village_id:
        raise ObjectionClosed(_("只能对本村的公示提出异议。"))
    if channel is rules.ObjectionChannel.PHONE_PAGE:
        own = people.subject_of_user(by, on=today)
        if own is None or own.pk != subject.pk:
            raise ObjectionClosed(_("只能以自己家的名义提出异议。"))
    else:
        posts.check_can(by, Action.POST_NOTICE, notice.village, today)


def _check_can_object(
    notice: models.Notice, fact_id: int, subject: Subject, grounds: str, today: dt.date
) -> None:
    if notice.state != rules.NoticeState.POSTED or rules.window_is_over(today, notice.window_to_date):
        raise ObjectionClosed(_("公示期已过，不能再提出异议；可以向乡镇反映。"))
    if not notice.noticed_entries.filter(entry__fact_id=fact_id).exists():
        raise NoSuchFact(_("这期公示里没有这一条。"))
    if not grounds.strip():
        raise ObjectionClosed(_("请写明理由。"), place="grounds")
    if notice.objections.filter(fact_id=fact_id, subject=subject, state=rules.ObjectionState.FILED).exists():
        raise ObjectionClosed(_("您对这一条的异议正在处理，不用重复提出。"))


@transaction.atomic
def answer_objection(
    *, objection: models.Objection, upheld: bool, answer: str, by: User, at: dt.datetime
) -> models.Objection:
    """Answer in writing. Upheld: the entry is reversed and what it displaced is re-priced. Both households are told.

    Raises ObjectionClosed when it is answered already, AnswerMissing without reasons.
    """
    objection = _locked(objection)
    posts.check_can(by, Action.ANSWER_OBJECTION, objection.village, clock.day_of(at))
    if not answer.strip():
        raise AnswerMissing(_("请写明答复和理由。"), place="answer")
    objection.state = rules.ObjectionState.UPHELD if upheld else rules.ObjectionState.DISMISSED
    objection.answer, objection.answered_at, objection.answered_by = answer.strip(), at, by
    objection.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    if upheld and not selectors.is_reversed(objection.fact_id):
        claims.reverse_fact(fact_id=objection.fact_id, reason=answer.strip(), by=by, at=at)
    audit.record_event(
        by=by,
        at=at,
        verb="objection.answer",
        target=objection,
        area_path=objection.village.path,
        detail={"state": objection.state, "answer": objection.answer},
    )
    _tell(objection, at)
    return objection


@transaction.atomic
def withdraw_objection(*, objection: models.Objection, by: User, at: dt.datetime) -> models.Objection:
    """The household takes its objection back before it is answered."""
    objection = _locked(objection)
    own = people.subject_of_user(by, on=clock.day_of(at))
    if objection.filed_by_id != by.pk and (own is None or own.pk != objection.subject_id):
        raise ObjectionClosed(_("只有提出的人可以撤回。"))
    objection.state = rules.ObjectionState.WITHDRAWN
    objection.save(update_fields=["state"])
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
    if locked.state != rules.ObjectionState.FILED:
        raise ObjectionClosed(_("这件异议已经办结。"))
    return locked


def _tell(objection: models.Objection, at: dt.datetime) -> None:
    """Tell the household that objected; and, where an entry fell, the household whose entry it was."""
    upheld = objection.state == rules.ObjectionState.UPHELD
    people_services.tell_subject(
        subject=objection.subject,
        kind="objection.answered",
        title=_("异议已答复：成立") if upheld else _("异议已答复：不成立"),
        body=objection.answer,
        link=f"/my/objections/{objection.pk}/",
        at=at,
    )
    owner = objection.fact.subject
    if upheld and owner.pk != objection.subject_id:
        people_services.tell_subject(
            subject=owner,
            kind="entry.reversed",
            title=_("一条积分经异议核查后撤销"),
            body=objection.answer,
            link=f"/my/entries/{objection.fact_id}/",
            at=at,
        )
