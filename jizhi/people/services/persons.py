"""Showing what is masked: the one door to a whole ID or phone number, and it leaves a trace."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.people.models import Household, Person
from jizhi.people.selectors.homes import latest_membership
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class ReasonMissing(DomainError):
    """Whoever looks at a whole number says why."""


class PersonNotVisible(DomainError):
    """The person belongs to no household in the user's area."""


@dataclass(frozen=True)
class Revealed:
    """The whole numbers, for showing once; never stored or cached."""

    name: str
    id_number: str
    phone: str


def _check_reason(reason: str) -> str:
    if len(reason.strip()) < 2:
        raise ReasonMissing(_("请写明查看完整号码的原因。"), place="reason")
    return reason.strip()


@transaction.atomic
def reveal_person(*, person: Person, reason: str, by: User | None, at: dt.datetime) -> Revealed:
    """Return a person's whole ID and phone number and record who looked and why."""
    reason = _check_reason(reason)
    on = clock.day_of(at)
    membership = latest_membership(person)
    if membership is None:
        raise PersonNotVisible(_("此人不在任何一户。"))
    area = membership.household.area
    posts.check_can(by, Action.UNMASK_PERSON, area, on)
    audit.record_event(
        by=by, at=at, verb="person.reveal", target=person, area_path=area.path, detail={"reason": reason}
    )
    return Revealed(person.name, person.id_number or "", person.phone or "")


@transaction.atomic
def reveal_household_phone(*, household: Household, reason: str, by: User | None, at: dt.datetime) -> str:
    """Return the household's whole phone number and record who looked and why."""
    reason = _check_reason(reason)
    posts.check_can(by, Action.UNMASK_PERSON, household.area, clock.day_of(at))
    audit.record_event(
        by=by,
        at=at,
        verb="household.reveal_phone",
        target=household,
        area_path=household.area.path,
        detail={"reason": reason},
    )
    return household.phone or ""


@transaction.atomic
def reveal_persons(
    *, person_ids: Collection[int], areas: Collection[Area], reason: str, by: User | None, at: dt.datetime
) -> None:
    """Allow an export with whole numbers and record who took whose numbers and why. Raises posts.NotAllowed."""
    reason = _check_reason(reason)
    on = clock.day_of(at)
    for area in areas:
        posts.check_can(by, Action.UNMASK_PERSON, area, on)
    for area in areas:
        audit.record_event(
            by=by,
            at=at,
            verb="person.reveal_many",
            target=area,
            area_path=area.path,
            detail={"reason": reason, "persons": len(person_ids)},
        )
