"""Who answers for a subject when somebody else claims for it: where it may be refused, and by whom it is read."""

import datetime as dt

from django.db.models import QuerySet

from jizhi.core.periods import lasting_on
from jizhi.organisations.models import Belonging
from jizhi.organisations.rules import LEADING
from jizhi.participants.models import Participant
from jizhi.people.models import Membership, Person, Subject
from jizhi.people.rules import SubjectKind


def full_name(subject: Subject) -> str:
    """What a neighbour must know: the head of a household, the person, the organisation by its whole name."""
    kind = SubjectKind(subject.kind)
    if kind is SubjectKind.HOUSEHOLD:
        return subject.household.head_name
    if kind is SubjectKind.PERSON:
        return subject.person.name if subject.person else ""
    row = Participant.objects.filter(subject=subject).select_related("organisation").first()
    return row.organisation.name if row and row.organisation else ""


def leading_homes(subject: Subject, on: dt.date) -> list[Subject]:
    """The households in which those live who lead the organisation on that day, in whichever village."""
    homes = Membership.objects.on(on).filter(person__in=_leaders(subject, on))
    rows = Subject.objects.filter(household__in=homes.values("household")).taking_part_on(on)
    return list(rows.select_related("village").order_by("pk"))


def somebody_answers(subject: Subject, on: dt.date) -> bool:
    """Whether anybody can look at what is claimed for the subject: a household's card, or an account of staff."""
    if subject.kind == SubjectKind.HOUSEHOLD:
        return True
    if subject.kind == SubjectKind.ORGANISATION:
        accounts = _leaders(subject, on).filter(staff_person__isnull=False)
        return accounts.exists() or bool(leading_homes(subject, on))
    at_home = Membership.objects.on(on).filter(
        person=subject.person_id, household__village=subject.village_id
    )
    linked = Person.objects.filter(subjects=subject, staff_person__isnull=False)
    return at_home.exists() or linked.exists()


def is_of_home(subject: Subject, household: Subject, on: dt.date) -> bool:
    """Whether a subject is the household, somebody who lives there, or an organisation that one of them leads."""
    if subject.pk == household.pk:
        return True
    here = Membership.objects.on(on).filter(household__subject=household).values("person")
    if subject.kind == SubjectKind.PERSON:
        return Person.objects.filter(subjects=subject, pk__in=here).exists()
    return subject.kind == SubjectKind.ORGANISATION and _leaders(subject, on).filter(pk__in=here).exists()


def _leaders(subject: Subject, on: dt.date) -> QuerySet[Person]:
    led = Participant.objects.filter(subject=subject, organisation__isnull=False).values("organisation")
    rows = Belonging.objects.filter(lasting_on(on), organisation__in=led, role__in=LEADING)
    return Person.objects.filter(pk__in=rows.values("person"))
