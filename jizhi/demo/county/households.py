"""The county's households, micro grid by micro grid, made while they are written: never all in memory."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from jizhi.demo import cast
from jizhi.demo.county.scale import Scale, spread
from jizhi.demo.county.tree import Tree
from jizhi.people.services import HouseholdRecord, MemberRecord

# Sizes in turn; what is missing to the county's number of persons is added one by one.
SIZES = (2, 3, 4, 1, 5, 3, 4, 2, 3, 6)


def sizes(scale: Scale) -> list[int]:
    """The size of every household, adding up to the number of persons."""
    found = [SIZES[number % len(SIZES)] for number in range(scale.households)]
    missing = scale.persons - sum(found)
    step = 1 if missing > 0 else -1
    for number in range(abs(missing)):
        place = number * 7 % len(found)
        found[place] = max(1, found[place] + step)
    found[-1] += scale.persons - sum(found)
    return found


def records(scale: Scale, tree: Tree) -> Iterator[HouseholdRecord]:
    """Every household with its members, those of one village together, numbered within the village."""
    rng, taken = random.Random("households"), set[str]()
    counts, wanted = iter(spread(scale.households, scale.micro)), iter(sizes(scale))
    village, number = "", 0
    for micro in tree.micro:
        for place in range(next(counts)):
            if micro.village != village:
                village, number = micro.village, 0
            number += 1
            yield _household(rng, taken, micro.village, micro.code, number, place, next(wanted))


def _household(
    rng: random.Random, taken: set[str], village: str, area: str, number: int, place: int, size: int
) -> HouseholdRecord:
    members = [_member(rng, taken, position) for position in range(size)]
    return HouseholdRecord(
        village=village,
        no=f"{number:05d}",
        head=members[0].name,
        members=members,
        area=area,
        address=f"{int(area[-2:])}巷{place + 1}号",
        phone=f"199{rng.randrange(10**8):08d}",
    )


def _member(rng: random.Random, taken: set[str], position: int) -> MemberRecord:
    year = rng.randrange(1945, 1995) if position == 0 else rng.randrange(1940, 2020)
    birth = dt.date(year, rng.randrange(1, 13), rng.randrange(1, 29))
    return MemberRecord(
        name=cast.person_name(rng),
        relation="户主" if position == 0 else rng.choice(cast.RELATIONS),
        id_number=cast.id_number(rng, birth, taken),
        birth_date=birth,
        party=rng.random() < 0.06,
    )
