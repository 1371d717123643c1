"""Who is scored under which scheme, and for which subjects an account acts. Claims, settlements and pages ask here."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.accounts.rules import UserKind
from jizhi.areas.models import Area
from jizhi.core.errors import DomainError
from jizhi.core.periods import lasting_on
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.document.text import Text
from jizhi.organisations.models import Belonging
from jizhi.organisations.rules import LEADING
from jizhi.participants.models import Participant
from jizhi.people import selectors as people
from jizhi.people.models import Subject
from jizhi.people.rules import SubjectKind
from jizhi.people.selectors import SubjectRow
from jizhi.schemes import selectors as schemes
from jizhi.schemes.models import Activation, SchemeVersion

HOUSEHOLD_SCHEME = "household"


class NotScored(DomainError):
    """The subject does not belong to the scheme."""


@dataclass(frozen=True, slots=True)
class SchemeChoice:
    """A scheme that is in force in a village: its id, its title, and what it scores."""

    id: str
    title: Text
    kind: SubjectKind
    enrol: str


def schemes_in_force(village: Area, on: dt.date) -> list[Scheme]:
    """The documents in force in a village on a day, households first, then by id. Two queries."""
    rows = Activation.objects.filter(village=village, effective_from_date__lte=on).select_related("version")
    latest = {
        row.version.scheme: row.version
        for row in rows.defer("version__cases").order_by("effective_from_date", "id")
    }
    documents = [schemes.document(version) for version in latest.values()]
    return sorted(documents, key=lambda one: (one.subject != "household", one.id != HOUSEHOLD_SCHEME, one.id))


def scheme_choices(villages: Sequence[Area], on: dt.date) -> list[SchemeChoice]:
    """The schemes that are in force anywhere among the villages, households first."""
    rows = Activation.objects.filter(village__in=villages, effective_from_date__lte=on)
    latest = rows.order_by("version__scheme", "-effective_from_date", "-id").distinct("version__scheme")
    versions = SchemeVersion.objects.filter(pk__in=latest.values("version")).defer("cases")
    documents = [schemes.document(one) for one in versions]
    ordered = sorted(documents, key=lambda one: (one.id != HOUSEHOLD_SCHEME, one.subject, one.id))
    return [_choice(one) for one in ordered]


def documents_in_force(villages: Sequence[Area], on: dt.date) -> list[Scheme]:
    """Every document that is in force in any of the villages, households first, then by id. Two queries."""
    rows = Activation.objects.filter(village__in=villages, effective_from_date__lte=on)
    latest = rows.order_by("village_id", "version__scheme", "-effective_from_date", "-id")
    latest = latest.distinct("village_id", "version__scheme")
    versions = SchemeVersion.objects.filter(pk__in=latest.values("version")).defer("cases").order_by("id")
    documents = [schemes.document(one) for one in versions]
    return sorted(documents, key=lambda one: (one.subject != "household", one.id != HOUSEHOLD_SCHEME, one.id))


def _choice(document: Scheme) -> SchemeChoice:
    source = document.enrol.source if document.enrol else ""
    return SchemeChoice(document.id, document.title, SubjectKind(document.subject), source)


def is_scored(subject: Subject, document: Scheme) -> bool:
    """Whether the scheme is one of those under which the subject is scored."""
    if document.subject == SubjectKind.HOUSEHOLD.value:
        return SubjectKind(subject.kind) is SubjectKind.HOUSEHOLD
    return subject.scheme == document.id


def scores_households(village: Area, scheme: str) -> bool:
    """Whether the village's scheme scores households. Raises schemes.NotInForce."""
    return schemes.versions_in_village(village, scheme).latest.subject == SubjectKind.HOUSEHOLD.value


def subjects_in(village: Area, scheme: str, on: dt.date | None = None) -> tuple[SubjectRow, ...]:
    """Whoever takes part in a scheme of a village, by key; with `on`, on that day. Raises schemes.NotInForce."""
    return people.subjects_of_village(
        village, scheme="" if scores_households(village, scheme) else scheme, on=on
    )


def subjects_by_no(village: Area, scheme: str) -> dict[str, Subject]:
    """Whoever takes part, by the number on their card or list. Raises schemes.NotInForce."""
    if scores_households(village, scheme):
        return people.subjects_by_household_no(village)
    return people.subjects_by_no(village, scheme)


def subjects_on(village: Area, scheme: str, on: dt.date, *, area_code: str = "") -> list[Subject]:
    """Whoever takes part on that day, by number; with `area_code`, those looked after in that grid of the village.

    Raises schemes.NotInForce.
    """
    if scores_households(village, scheme):
        return people.household_subjects(village, on, area_code=area_code)
    rows = Subject.objects.filter(village=village, scheme=scheme).taking_part_on(on)
    found = list(rows.select_related("village").order_by("key"))
    if area_code and area_code != village.code:
        places = areas_of_subjects([one.pk for one in found])
        found = [one for one in found if one.pk in places and places[one.pk].code == area_code]
    return found


def first_days(villages: Sequence[Area], scheme: str) -> dict[str, dt.date] | None:
    """Village code → the first day on which anybody took part in a scheme; None for schemes of households."""
    if scheme == HOUSEHOLD_SCHEME:
        return None
    rows = Subject.objects.filter(village__in=villages, scheme=scheme, void=False).order_by()
    return dict(rows.values_list("village__code").annotate(first=Min("from_date")))


def subject_numbered(village: Area, scheme: str, no: str) -> Subject:
    """Whoever takes part under that number, as somebody types it. Raises NotScored, schemes.NotInForce."""
    if scores_households(village, scheme):
        return people.household_by_no(village, no).subject
    known = people.subjects_by_no(village, scheme)
    found = known.get(no.strip()) or known.get(no.strip().zfill(4))
    if found is None:
        raise NotScored(_("没有编号为%(no)s的积分主体。") % {"no": no.strip()}, place="no")
    return found


def areas_of_subjects(subject_ids: Collection[int]) -> dict[int, Area]:
    """Where each is looked after: a household's grid, a person's household's, an organisation's own area."""
    found = people.areas_of_subjects(subject_ids)
    missing = set(subject_ids) - found.keys()
    if missing:
        rows = Participant.objects.filter(subject__in=missing, organisation__isnull=False)
        found |= {
            row.subject_id: row.organisation.area
            for row in rows.select_related("organisation__area")
            if row.organisation is not None
        }
    return found


def own_subject_ids(user: Any, *, on: dt.date) -> frozenset[int]:
    """The subjects for which an account acts on a day.

    A household's card: the household and whoever lives in it. An account of staff: `subjects_of_account`.
    """
    if user is None or not user.is_authenticated:
        return frozenset()
    if user.kind == UserKind.HOUSEHOLD:
        return people.own_subject_ids(user, on=on)
    return frozenset(subjects_of_account(user, on=on).values_list("pk", flat=True))


def subjects_of_account(user: User, *, on: dt.date) -> QuerySet[Subject]:
    """Of staff who are a registered person: the person's subjects, and those of organisations the person leads."""
    belongings = Belonging.objects.filter(lasting_on(on), person__staff_person__user=user, role__in=LEADING)
    led = Participant.objects.filter(organisation__in=belongings.values("organisation"))
    mine = Q(person__staff_person__user=user) | Q(pk__in=led.values("subject"))
    return Subject.objects.filter(mine, void=False)


def led_by(subject_ids: Collection[int], on: dt.date) -> dict[int, frozenset[int]]:
    """Subject number of an organisation → accounts of whoever leads it: they step aside from what is about it."""
    wanted = Participant.objects.filter(subject__in=subject_ids, organisation__isnull=False)
    organisations = dict(wanted.values_list("organisation_id", "subject_id"))
    if not organisations:
        return {}
    rows = Belonging.objects.filter(lasting_on(on), organisation__in=organisations, role__in=LEADING)
    found: dict[int, set[int]] = {}
    for organisation, user in rows.values_list("organisation_id", "person__staff_person__user"):
        if user is not None:
            found.setdefault(organisations[organisation], set()).add(user)
    return {subject: frozenset(users) for subject, users in found.items()}


def check_scored(subject: Subject, document: Scheme) -> None:
    """Raises NotScored where the subject is none of the scheme's."""
    if not is_scored(subject, document):
        raise NotScored(_("%(name)s不是这份细则的积分主体。") % {"name": subject.label}, place="subject")
