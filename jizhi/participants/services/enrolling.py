"""Enrolling persons and organisations in a scheme, by the registers or by hand, and ending a participation.

Whoever comes back after an end is enrolled anew under a new number: limits, totals and wallet of the earlier time stay
what they were.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import audit, clock, scope
from jizhi.core.errors import DomainError
from jizhi.core.text import N_
from jizhi.engine.document.scheme import Scheme
from jizhi.ledger import selectors as ledger
from jizhi.organisations.models import Organisation
from jizhi.participants import rules
from jizhi.participants.models import Participant
from jizhi.participants.selectors.candidates import Candidate, name_of, pending
from jizhi.participants.selectors.registers import Spell
from jizhi.people.models import Membership, Person, Subject
from jizhi.people.rules import SubjectKind
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes


class CannotEnrol(DomainError):
    """The person or organisation takes part already, is none of the scheme's, or the days do not fit."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What following the registers changed."""

    joined: int
    left: int
    renamed: int


@transaction.atomic
def follow_registers(
    *, village: Area, scheme: str, team_members: Sequence[Spell] = (), by: User | None, at: dt.datetime
) -> Followed:
    """Bring who takes part up to what the registers say; whoever was enrolled by hand stays.

    The same registers again change nothing. `by=None` is the nightly run. Raises schemes.NotInForce, NotAllowed.
    """
    today = clock.day_of(at)
    if by is not None:
        posts.check_can(by, Action.MANAGE_PARTICIPANTS, village, today)
    _hold(village)
    document = schemes.scheme_on(village, scheme, today)
    found = pending(village, document, today, team_members=team_members)
    _create(village, document, found.joining, by, at)
    for one in found.leaving:
        _end(one.participant, one.to_date, N_("登记中已不再符合参加条件"), by, at)
    for row, label in found.renamed:
        Subject.objects.filter(pk=row.subject_id).update(label=label)
    return Followed(len(found.joining), len(found.leaving), len(found.renamed))


@transaction.atomic
def enrol_by_hand(
    *,
    village: Area,
    scheme: str,
    person: Person | None = None,
    organisation: Organisation | None = None,
    from_date: dt.date,
    by: User,
    at: dt.datetime,
) -> Participant:
    """Enrol one person or organisation from a day on. Raises CannotEnrol, schemes.NotInForce, NotAllowed."""
    today = clock.day_of(at)
    posts.check_can(by, Action.MANAGE_PARTICIPANTS, village, today)
    _hold(village)
    document = schemes.scheme_on(village, scheme, max(today, from_date))
    kind = SubjectKind(document.subject)
    holder = _checked_holder(village, kind, person, organisation, from_date)
    first = schemes.first_days_in_force([village], scheme)[village.pk]
    if not first <= from_date <= today:
        raise CannotEnrol(
            _("开始日期要在细则生效（%(day)s）之后，不能晚于今天。") % {"day": first}, place="from_date"
        )
    if _overlaps(village, scheme, kind, holder, from_date):
        raise CannotEnrol(_("这段时间已经参加了这份细则的积分。"), place="holder")
    one = Candidate(holder, name_of(kind, holder), from_date, rules.Source.HAND)
    (made,) = _create(village, document, [one], by, at)
    return made


def _checked_holder(
    village: Area,
    kind: SubjectKind,
    person: Person | None,
    organisation: Organisation | None,
    from_date: dt.date,
) -> int:
    if kind is SubjectKind.PERSON and person is not None:
        if not Membership.objects.filter(village=village, person=person).exists():
            raise CannotEnrol(_("这个人不在本村的名册上。"), place="holder")
        return person.pk
    if kind is SubjectKind.ORGANISATION and organisation is not None:
        below = organisation.area.path == village.path or organisation.area.path.startswith(
            f"{village.path}."
        )
        if not below:
            raise CannotEnrol(_("这个组织不在本村。"), place="holder")
        if organisation.from_date > from_date or (
            organisation.to_date is not None and organisation.to_date < from_date
        ):
            raise CannotEnrol(_("日期要在组织存续的期间之内。"), place="from_date")
        return organisation.pk
    raise CannotEnrol(_("请选择这份细则的积分主体。"), place="holder")


def _overlaps(village: Area, scheme: str, kind: SubjectKind, holder: int, from_date: dt.date) -> bool:
    """A person takes part in a scheme once at a time, in whichever village; an organisation lies in one."""
    rows = Participant.objects.filter(subject__scheme=scheme, subject__void=False)
    if kind is SubjectKind.ORGANISATION:
        rows = rows.filter(village=village, organisation=holder)
        return rows.exclude(subject__to_date__lt=from_date).exists()
    with scope.beyond("whoever is enrolled may take part in another village"):
        return rows.filter(subject__person=holder).exclude(subject__to_date__lt=from_date).exists()


def _hold(village: Area) -> None:
    """Two clerks at once do not hand out one number twice."""
    Area.objects.select_for_update(no_key=True).get(pk=village.pk)


def _create(
    village: Area, document: Scheme, joining: Sequence[Candidate], by: User | None, at: dt.datetime
) -> list[Participant]:
    kind = SubjectKind(document.subject)
    keys = Subject.objects.filter(village=village, scheme=document.id).values_list("key", flat=True)
    last = max((rules.number_of(key) for key in keys), default=rules.FIRST_NUMBER - 1)
    subjects = Subject.objects.bulk_create(
        [
            Subject(
                kind=kind,
                key=rules.key_of(village.code, document.id, last + place),
                label=one.label[:100],
                village=village,
                group=village.code,
                scheme=document.id,
                person_id=one.holder if kind is SubjectKind.PERSON else None,
                from_date=one.from_date,
            )
            for place, one in enumerate(joining, 1)
        ],
        batch_size=1000,
    )
    rows = Participant.objects.bulk_create(
        [
            Participant(
                subject=subject,
                village=village,
                organisation_id=one.holder if kind is SubjectKind.ORGANISATION else None,
                source=one.source,
                enrolled_at=at,
                enrolled_by=by,
            )
            for subject, one in zip(subjects, joining, strict=True)
        ],
        batch_size=1000,
    )
    detail = {"scheme": document.id}
    audit.append_events(
        [
            audit.new_event(
                by=by,
                at=at,
                verb="participant.enrol",
                target=row,
                area_path=village.path,
                detail=detail
                | {"name": row.subject.label, "source": row.source, "from_date": row.subject.from_date},
            )
            for row in rows
        ]
    )
    return rows


@transaction.atomic
def end_participation(
    *, participant: Participant, to_date: dt.date, reason: str, by: User, at: dt.datetime
) -> Participant:
    """The participation ends after `to_date`; what was earned stays. Raises CannotEnrol, NotAllowed."""
    row = Participant.objects.select_for_update(of=("self",)).select_related("subject", "village")
    locked = row.get(pk=participant.pk)
    posts.check_can(by, Action.MANAGE_PARTICIPANTS, locked.village, clock.day_of(at))
    subject = locked.subject
    if subject.to_date is not None:
        raise CannotEnrol(_("已经退出了。"))
    if not reason.strip():
        raise CannotEnrol(_("请写明原因。"), place="reason")
    last_act = ledger.last_act_days([subject.pk]).get(subject.pk)
    if to_date < subject.from_date or to_date > clock.day_of(at):
        raise CannotEnrol(_("最后一天要在开始日期之后，不能晚于今天。"), place="to_date")
    if last_act is not None and to_date < last_act:
        raise CannotEnrol(
            _("%(day)s还有已记入的积分，最后一天不能早于这一天。") % {"day": last_act}, place="to_date"
        )
    locked.ended_by_hand = True
    _end(locked, to_date, reason.strip(), by, at)
    return locked


def _end(row: Participant, to_date: dt.date, reason: str, by: User | None, at: dt.datetime) -> None:
    row.subject.to_date = to_date
    row.subject.save(update_fields=["to_date"])
    row.ended_at, row.ended_by, row.reason = at, by, reason[:200]
    row.save(update_fields=["ended_at", "ended_by", "ended_by_hand", "reason"])
    audit.record_event(
        by=by,
        at=at,
        verb="participant.end",
        target=row,
        area_path=row.village.path,
        detail={
            "scheme": row.subject.scheme,
            "name": row.subject.label,
            "to_date": to_date,
            "reason": row.reason,
        },
    )
