"""Persons and organisations that are scored in the main village: its party members, its branches and groups.

Both schemes are in force since the third month before the visitor's: two months are settled, the last one is posted or
about to be. Here the registers, the resolutions and the order of events; what a month brings is in `scored_month`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from jizhi.accounts.selectors import user_by_username
from jizhi.assemblies import services as assemblies
from jizhi.assemblies.rules import About, Counts
from jizhi.demo.month import Event, moment, next_month
from jizhi.demo.scored_month import BRANCHES, MEMBERS, ScoredMonth, claim_today
from jizhi.organisations import selectors as organisations
from jizhi.people import services as people_services
from jizhi.people.rules import PartyStanding
from jizhi.schemes import services as scheme_services
from jizhi.schemes.rules import MeetingKind

if TYPE_CHECKING:
    from jizhi.accounts.models import User
    from jizhi.areas.models import Area
    from jizhi.demo.organisations import Founded
    from jizhi.demo.setup import VillageParts

PACK = Path(__file__).parents[1] / "packs" / "hezhang" / "schemes"
TITLES = {MEMBERS: "党员积分细则", BRANCHES: "党支部（党小组）积分细则"}
MONTHS = 3


def register_members(part: VillageParts, founded: Founded, operator: User, first: dt.date) -> None:
    """Since when the register's members are in the party; the visitor's household has one for certain."""
    at = moment(first, 9)
    found = {one.pk: one for one in organisations.party_members_in(operator, part.area, on=first)}
    for person in (part.all_subjects[0].household.head, founded.secretary):
        if person is not None:
            found[person.pk] = person
    for number, person in sorted(found.items()):
        born = person.birth_date or dt.date(1970, 1, 1)
        joined = dt.date(min(born.year + 20 + number % 15, first.year - 1), 7, 1)
        people_services.record_party(
            person_id=number, standing=PartyStanding.FULL, from_date=joined, by=operator, at=at
        )


def events(part: VillageParts, first: dt.date, now: dt.datetime) -> list[Event]:
    """What happens under both schemes before `now`, in the order of time."""
    begin = month = max(first, _months_back(now.date().replace(day=1), MONTHS))
    found: list[Event] = [(moment(month - dt.timedelta(days=6), 9), _adopting(part, month))]
    while month <= now.date():
        found += ScoredMonth(part, month, now, first=month == begin).events()
        month = next_month(month)
    found.append((now - dt.timedelta(hours=5), lambda at: claim_today(part, at)))
    return sorted((event for event in found if event[0] <= now), key=lambda event: event[0])


def _months_back(month: dt.date, count: int) -> dt.date:
    for _n in range(count):
        month = (month - dt.timedelta(days=1)).replace(day=1)
    return month


def _adopting(part: VillageParts, begin: dt.date) -> Callable[[dt.datetime], None]:
    """The county offers both texts, the representatives carry them, the township takes them on file."""

    def adopt(at: dt.datetime) -> None:
        county, town = user_by_username("county"), user_by_username("town")
        assert county is not None  # of the cast, like the next one
        assert town is not None
        area = part.area.parent.parent if part.area.parent else None
        assert area is not None  # the demonstration's county
        for number, scheme in enumerate((MEMBERS, BRANCHES), 21):
            _adopt(part, scheme, number, area, begin, county, town, at)

    return adopt


def _adopt(
    part: VillageParts,
    scheme: str,
    number: int,
    area: Area,
    begin: dt.date,
    county: User,
    town: User,
    at: dt.datetime,
) -> None:
    (path,) = (PACK / scheme).glob("*.yaml")
    loaded, held = at - dt.timedelta(days=5), at - dt.timedelta(days=3)
    version = scheme_services.load_version(area=area, path=path, by=county, at=loaded)
    recorder, committee = part.staff["recorder"], part.staff["committee"]
    row = assemblies.record_assembly(
        village=part.area,
        motion=assemblies.Motion(About.SCHEME, TITLES[scheme], f"自{begin}起试行{TITLES[scheme]}。", version=version),
        kind=MeetingKind.REPRESENTATIVES, announced_date=loaded.date(), held_on_date=held.date(),
        place="村委会会议室", chair=committee.display_name.partition("（")[0],
        recorder=recorder.display_name.partition("（")[0], counts=Counts(45, 40, 37, 2, 1), by=recorder, at=held,
    )  # fmt: skip
    assemblies.file_assembly(
        assembly_id=row.pk, filing_number=f"{part.cast.name}〔{held.year}〕{number}号", by=recorder, at=held
    )
    row = assemblies.acknowledge_assembly(
        assembly_id=row.pk, receipt=f"青禾镇备〔{at.year}〕{number}号", by=town, at=at - dt.timedelta(days=1)
    )
    assert row.resolution is not None  # just taken on file
    scheme_services.activate_version(
        resolution=row.resolution, effective_from_date=begin, by=committee, at=at
    )
