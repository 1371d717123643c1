"""Persons who may be on the register twice: which pairs are found, however many share a name and a birthday."""

from __future__ import annotations

import datetime as dt
from itertools import combinations
from typing import Any

import pytest

from jizhi.people import selectors
from jizhi.people.models import NotDuplicate, Person
from jizhi.people.selectors import duplicates
from jizhi.people.services import NewMember
from tests import factories

pytestmark = pytest.mark.django_db
BORN = dt.date(1960, 1, 1)


def same(village: Any, count: int, name: str = "王同名", born: dt.date | None = BORN) -> list[int]:
    for _n in range(count):
        factories.household(village, head_name=name, members=(NewMember(name, "户主", birth_date=born),))
    return list(Person.objects.filter(name=name, birth_date=born).order_by("id").values_list("id", flat=True))


def apart(village: Any, one: int, other: int) -> None:
    NotDuplicate.objects.create(
        one_id=one, other_id=other, village=village, said_by=factories.superuser(), said_at=factories.AT
    )


def found(village: Any) -> list[tuple[int, int]]:
    pairs = selectors.duplicate_pairs(factories.superuser(), village, on=factories.TODAY)
    assert {one.why for one in pairs} <= {(selectors.Likeness.BIRTH,)}
    return [(one.one.id, one.other.id) for one in pairs]


def test_everybody_of_a_name_and_birthday_is_paired_with_everybody_else() -> None:
    village = factories.village()
    people = same(village, 5)
    same(village, 2, born=None)
    same(village, 1, name="王别名")
    assert found(village) == list(combinations(people, 2))
    apart(village, people[0], people[1])
    assert found(village) == list(combinations(people, 2))[1:]


def test_a_large_group_gives_the_first_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "LIMIT", 3)
    village = factories.village()
    people = same(village, 8)
    pairs = list(combinations(people, 2))
    assert found(village) == pairs[:3]
    for other in people[1:6]:
        apart(village, people[0], other)
    assert found(village) == pairs[5:8]
