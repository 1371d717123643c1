"""Who has to step aside from what. Nobody declares this at the table: the registers say it.

A member steps aside from cases of the own household, of households of close relatives, of an organisation that
somebody of such a household leads, and from what the member, or the own household as a witness, filed or verified.
Which person an account is, `organisations` knows; who is related to whom, `people`. Whoever was related when the
meeting was held and whoever is when it decides both step aside.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q

from jizhi.organisations import selectors as organisations
from jizhi.people import selectors as people
from jizhi.reviews import models, rules
from jizhi.reviews.rules import Ground


@dataclass(frozen=True, slots=True)
class Concern:
    """Whom a case is about, which accounts had a hand in it, and which lead the organisation that it is about.

    The app that opened the case knows.
    """

    case_id: int
    subject_id: int
    user_ids: frozenset[int] = frozenset()
    leaders: frozenset[int] = frozenset()


def related_subjects(user_ids: Collection[int], *days: dt.date) -> dict[int, dict[int, Ground]]:
    """User number → subject number → ground, on any of the days: the own household, those of close relatives, and
    what each of them is scored as.
    """
    persons = organisations.persons_of_staff(user_ids)
    found: dict[int, dict[int, Ground]] = {}
    for day in sorted(set(days)):
        relatives = people.relatives_on(persons.values(), day)
        everybody = {*persons.values(), *(one for group in relatives.values() for one in group)}
        homes = people.households_of_persons(everybody, day)
        scored = people.subjects_of_persons(everybody, day)
        for user, person in persons.items():
            near = found.setdefault(user, {})
            for one in relatives[person]:
                for subject in _subjects(one, homes, scored):
                    near.setdefault(subject, Ground.RELATIVE)
            near |= dict.fromkeys(_subjects(person, homes, scored), Ground.HOUSEHOLD)
    return found


def _subjects(person: int, homes: Mapping[int, int], scored: Mapping[int, Collection[int]]) -> list[int]:
    """The household in which a person lives, and what it is scored as."""
    home = [homes[person]] if person in homes else []
    return [*home, *scored.get(person, ())]


def related_subject_ids(user_id: int, on: dt.date) -> frozenset[int]:
    """The subjects on which this account decides nothing: the own household and those of close relatives."""
    return frozenset(related_subjects([user_id], on).get(user_id, {}))


def own_subject_ids(user_id: int, on: dt.date) -> frozenset[int]:
    """The household in which this account's person lives."""
    near = related_subjects([user_id], on).get(user_id, {})
    return frozenset(subject for subject, ground in near.items() if ground is Ground.HOUSEHOLD)


def grounds(
    seats: Mapping[int, int], concerns: Collection[Concern], *days: dt.date
) -> dict[int, dict[int, Ground]]:
    """Case number → seat number → why that member steps aside, on any of the days. `seats` are seat → user numbers."""
    leaders = {user for concern in concerns for user in concern.leaders}
    related = related_subjects({*seats.values(), *leaders}, *days)
    hands = people.subjects_of_users({user for concern in concerns for user in concern.user_ids})
    found: dict[int, dict[int, Ground]] = {}
    for concern in concerns:
        for seat, user in seats.items():
            ground = _ground(concern, user, related, hands)
            if ground is not None:
                found.setdefault(concern.case_id, {})[seat] = ground
    return found


def _ground(
    concern: Concern, user: int, related: Mapping[int, Mapping[int, Ground]], hands: Mapping[int, int]
) -> Ground | None:
    near = related.get(user, {})
    if concern.subject_id in near:
        return near[concern.subject_id]
    if any(user == leader or _own(related.get(leader, {})) & near.keys() for leader in concern.leaders):
        return Ground.LEADER
    witnesses = {hands[one] for one in concern.user_ids if one in hands}
    if user in concern.user_ids or any(near.get(one) is Ground.HOUSEHOLD for one in witnesses):
        return Ground.OWN_CLAIM
    return None


def _own(near: Mapping[int, Ground]) -> set[int]:
    """The own household, and what its person is scored as."""
    return {subject for subject, ground in near.items() if ground is Ground.HOUSEHOLD}


def voters_on(panel: models.Panel, on: dt.date) -> dict[int, int]:
    """Seat → user of everybody who has a vote on the panel on that day."""
    rows = models.Seat.objects.on(on).filter(panel=panel, role__in=rules.VOTING_ROLES)
    return dict(rows.order_by("pk").values_list("pk", "user_id"))


@dataclass(frozen=True, slots=True)
class BeyondPanel:
    """A case on which too few of all members may vote: who steps aside and why, seat by seat (two may share a name);
    how many are left and needed.
    """

    case_id: int
    recused: tuple[tuple[str, Ground], ...]
    left: int
    needed: int


def beyond_panels(concerns: Mapping[int, Collection[Concern]], on: dt.date) -> list[BeyondPanel]:
    """The cases, by village, that no meeting of the panel in office can decide; a fixed number of queries."""
    if not concerns:
        return []
    in_office = models.Seat.objects.on(on).filter(
        Q(panel__to_date=None) | Q(panel__to_date__gte=on),
        panel__village__in=concerns, panel__from_date__lte=on, role__in=rules.VOTING_ROLES,
    )  # fmt: skip
    seats = list(in_office.select_related("panel", "user").order_by("pk"))
    every = [concern for group in concerns.values() for concern in group]
    leaders = {user for concern in every for user in concern.leaders}
    related = related_subjects({*(seat.user_id for seat in seats), *leaders}, on)
    hands = people.subjects_of_users({user for concern in every for user in concern.user_ids})
    found = []
    for village, group in concerns.items():
        sitting = [seat for seat in seats if seat.panel.village_id == village]
        for concern in group if sitting else ():
            recused = tuple(
                (seat.user.display_name, ground)
                for seat in sitting
                for ground in [_ground(concern, seat.user_id, related, hands)]
                if ground is not None
            )
            quorum = sitting[0].panel.quorum
            if rules.is_beyond_panel(len(sitting), len(recused), quorum):
                left = len(sitting) - len(recused)
                found.append(BeyondPanel(concern.case_id, recused, left, rules.entitled_min(quorum)))
    return found
