"""The panel's members as registered persons of the county, so that recusal has somebody to find. Asserts nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.demo.month import moment
from jizhi.organisations import services as organisations
from jizhi.people import services as people
from jizhi.people.models import Person, Subject
from jizhi.people.rules import Kin, KinSource
from jizhi.reviews import selectors as panels
from jizhi.reviews import services as reviews
from jizhi.reviews.models import Meeting
from jizhi.reviews.rules import Voting
from tests.county import County

BORN = dt.date(2026, 1, 1)


def head(subject: Subject) -> Person:
    """The head of a subject's household."""
    person = subject.household.memberships.order_by("id").first().person
    assert isinstance(person, Person)
    return person


def is_person(county: County, user: Any, subject: Subject) -> Person:
    """Say that an account of the staff is the head of that household."""
    person = head(subject)
    organisations.link_staff_person(user=user, person=person, by=county.operator, at=moment(BORN, 9))
    return person


def are_kin(county: County, person: Person, relative: Person, kin: Kin = Kin.SIBLING) -> Any:
    return people.declare_kin(
        person=person, relative=relative, kin=kin, source=KinSource.VILLAGE, from_date=BORN,
        by=county.home.staff["recorder"], at=moment(BORN, 10),
    )  # fmt: skip


def meet(
    county: County, *rows: Claim, day: dt.date, voting: Voting = Voting.OPEN, absent: int = 0
) -> Meeting:
    """An open meeting on these claims with all seats but the last `absent` voters."""
    seats = panels.seats_of(county.home.panel, day)
    voters = [seat.id for seat in seats if seat.can_vote]
    others = [seat.id for seat in seats if not seat.can_vote]
    return reviews.open_meeting(
        panel=county.home.panel,
        held_on_date=day,
        case_ids=[Claim.objects.get(pk=claim.pk).case_id or 0 for claim in rows],
        seat_ids=[*voters[: len(voters) - absent], *others],
        voting=voting,
        by=county.home.staff["recorder"],
        at=moment(day, 19),
    )


def rule(county: County, meeting: Meeting, *rulings: claims.ClaimRuling) -> list[Claim]:
    recorder = county.home.staff["recorder"]
    return claims.decide_claims(
        meeting=meeting, rulings=rulings, by=recorder, at=moment(meeting.held_on_date, 19)
    )
