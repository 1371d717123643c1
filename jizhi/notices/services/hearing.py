"""What objections, appeals and orders have in common: who may not answer, and what an outcome does to the entry."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.changes import selectors as change_selectors
from jizhi.claims import selectors as claim_selectors
from jizhi.claims import services as claims
from jizhi.core import scope
from jizhi.core.errors import DomainError
from jizhi.ledger import selectors as ledger
from jizhi.notices import models, rules
from jizhi.people import selectors as people
from jizhi.people import services as people_services
from jizhi.people.models import Subject
from jizhi.reviews import selectors as reviews


class AnswerMissing(DomainError):
    """An answer needs its reasons in writing."""


class Conflicted(DomainError):
    """Whoever had a hand in the decision does not answer what is said against it."""


class EntryGone(DomainError):
    """The entry was reversed meanwhile: it can neither stand nor be corrected."""


def check_reasons(answer: str) -> str:
    """The reasons without blanks around them. Raises AnswerMissing."""
    if not answer.strip():
        raise AnswerMissing(_("请写明答复和理由。"), place="answer")
    return answer.strip()


def check_not_conflicted(objection: models.Objection, by: User, on: dt.date, *also: int | None) -> None:
    """Raises Conflicted for whoever had a hand in the claim, is close to a side, or (`also`) answered before."""
    acted = claim_selectors.who_acted(objection.fact_id) | {number for number in also if number}
    check_stands_apart(by, on, acted, {objection.subject_id, objection.fact.subject_id})


def check_letter_not_conflicted(letter: models.Letter, by: User, on: dt.date) -> None:
    """The same for a letter: about a claim, whoever had a hand in it; on appeal, whoever answered the first one."""
    acted, subjects = set[int](), {letter.subject_id}
    if letter.claim is not None:
        acted |= claim_selectors.who_acted_on(letter.claim)
        subjects.add(letter.claim.subject_id)
    if letter.appeal_of is not None:
        acted.add(letter.appeal_of.answered_by_id or 0)
    check_stands_apart(by, on, acted, {subject for subject in subjects if subject})


def check_stands_apart(by: User, on: dt.date, acted: Collection[int], subjects: Collection[int]) -> None:
    """Raises Conflicted where the user is among those who acted, or is close to one of the households.

    An ended household is also the one where its people went.
    """
    witnesses = set(people.subjects_of_users(acted).values())
    if by.pk in acted or witnesses & reviews.own_subject_ids(by.pk, on):
        raise Conflicted(_("您经手过这条记录的申报、核实、评议或答复，应当回避。请转由他人或乡镇答复。"))
    voices = {one for subject in subjects for one in change_selectors.one_voice(subject)}
    if voices & reviews.related_subject_ids(by.pk, on):
        raise Conflicted(_("这件异议涉及您本户或近亲属，应当回避。请转由他人或乡镇答复。"))


def carry_out(
    fact_id: int,
    outcome: rules.Outcome,
    correction: claims.Correction | None,
    reason: str,
    by: User,
    at: dt.datetime,
) -> None:
    """Reverse the entry where it falls, and post what is right where it falls in part; else leave it alone.

    An entry that fell meanwhile cannot stand nor be put right: raises EntryGone.
    """
    if ledger.is_reversed(fact_id):
        if outcome is not rules.Outcome.UPHELD:
            raise EntryGone(_("这一条已经撤销，不能再维持或更正；只能答复异议成立。"), place="outcome")
        return
    if outcome is rules.Outcome.DISMISSED:
        return
    if outcome is rules.Outcome.PARTLY:
        if correction is None:
            raise AnswerMissing(_("部分成立的，请写明更正后的内容。"), place="outcome")
        claims.correct_fact(fact_id=fact_id, correction=correction, reason=reason, by=by, at=at)
    else:
        claims.reverse_fact(fact_id=fact_id, reason=reason, by=by, at=at)


def tell(subject: Subject, *, kind: str, title: Any, body: Any, link: str, at: dt.datetime) -> None:
    """Tell a household; of an ended one, also whoever speaks for it today."""
    message = {"kind": kind, "title": title, "body": body, "link": link, "at": at}
    people_services.tell_subject(subject=subject, **message)
    speaker = change_selectors.speaker_of(subject.pk)
    if speaker != subject.pk:
        with scope.beyond("whoever speaks for an ended household may live in another village"):
            people_services.tell_subject(subject=Subject.objects.get(pk=speaker), **message)


_TITLES = {
    rules.Outcome.UPHELD: _("异议已答复：成立"),
    rules.Outcome.PARTLY: _("异议已答复：部分成立"),
    rules.Outcome.DISMISSED: _("异议已答复：不成立"),
}
_TO_OWNER = {
    rules.Outcome.UPHELD: _("一条积分经异议核查后撤销"),
    rules.Outcome.PARTLY: _("一条积分经异议核查后更正"),
    rules.Outcome.DISMISSED: _("对您家一条积分的异议不成立，记录维持"),
}


def tell_both(objection: models.Objection, outcome: rules.Outcome, answer: str, at: dt.datetime) -> None:
    """Tell the household that objected, and the household whose entry it is; neither learns more than the answer."""
    tell(
        objection.subject,
        kind="objection.answered",
        title=_TITLES[outcome],
        body=answer,
        link=f"/my/objections/{objection.pk}/",
        at=at,
    )
    owner = objection.fact.subject
    if owner.pk != objection.subject_id:
        tell(
            owner,
            kind="entry.heard",
            title=_TO_OWNER[outcome],
            body=answer,
            link=f"/my/entries/{objection.fact_id}/",
            at=at,
        )
