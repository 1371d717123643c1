"""Members of organisations row by row: new, ended or as they were; refusals name their column."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jizhi.core.errors import DomainError
from jizhi.imports.rules import Fate
from jizhi.organisations.models import Belonging
from jizhi.organisations.rules import OrganisationKind as Kind
from jizhi.organisations.services.member_tables import write_member
from jizhi.people.models import Membership
from tests import factories
from tests.domain.organisations.conftest import World

AT, TODAY, DAY = factories.AT, factories.TODAY, dt.timedelta(days=1)
COLUMNS = (
    "code", "organisation", "area", "village", "no", "name", "role", "keeps_file", "from_date", "to_date",
)  # fmt: skip


def row(**told: Any) -> dict[str, Any]:
    good = {"organisation": "石桥村党支部", "name": "王示例", "role": "党员", "from_date": factories.START}
    return dict.fromkeys(COLUMNS) | good | told


def write(world: World, by: str = "secretary", **told: Any) -> Fate:
    return write_member(row(**told), area=world.village, by=getattr(world, by), at=AT)


def refused(world: World, **told: Any) -> str:
    with pytest.raises(DomainError) as caught:
        write(world, **told)
    assert str(caught.value)
    return caught.value.place


@pytest.fixture
def no(world: World) -> str:
    world.found(Kind.BRANCH, "石桥村党支部", code="D1")
    world.found(Kind.WOMEN, "妇联")
    return str(Membership.objects.get(person=world.person("王示例")).household.no)


def test_a_member_joins_once_and_leaves_once(world: World, no: str) -> None:
    assert write(world, no=no, keeps_file=True) is Fate.CREATED
    assert write(world, no=no, keeps_file=True) is Fate.UNCHANGED
    assert write(world, no=no.lstrip("0"), village="石桥村", from_date=None) is Fate.UNCHANGED
    assert write(world, organisation=None, code="D1", role="party_member") is Fate.UNCHANGED
    assert write(world, no=no, organisation="妇联", role="委员", from_date=TODAY) is Fate.CREATED
    assert write(world, no=no, to_date=TODAY) is Fate.UPDATED
    assert write(world, no=no, to_date=TODAY) is Fate.UNCHANGED
    assert write(world, no=no, from_date=None, to_date=TODAY) is Fate.UNCHANGED
    ended = Belonging.objects.get(organisation__code="D1")
    assert (ended.to_date, ended.keeps_file) == (TODAY, True)


def test_refusals_name_the_column(world: World, no: str) -> None:
    assert refused(world, organisation="没有的支部", no=no) == "organisation"
    assert refused(world, organisation=None, no=no) == "organisation"
    assert refused(world, code="D9", no=no) == "code"
    assert refused(world, area="nowhere", no=no) == "area"
    assert refused(world, role="村长", no=no) == "role"
    assert refused(world, role="主任（会长）", no=no) == "role"
    assert refused(world, village="别村", no=no) == "village"
    assert refused(world, no="999") == "no"
    assert refused(world, no=None) == "no"
    assert refused(world, no=no, name="无此人") == "name"
    assert refused(world, no=no, organisation="妇联", role="委员", keeps_file=True) == "keeps_file"
    assert refused(world, no=no, from_date=factories.START - 999 * DAY) == "from_date"
    assert refused(world, no=no, by="worker") == "organisation"
    assert not Belonging.objects.exists()
    write(world, no=no)
    assert refused(world, no=no, keeps_file=True) == "keeps_file"
    assert refused(world, no=no, from_date=TODAY) == "from_date"
    assert refused(world, no=no, to_date=factories.START - DAY) == "to_date"


def test_only_organisations_of_the_chosen_area_are_written(world: World, no: str) -> None:
    away = factories.village(world.town, name="柳湾村")
    world.found(Kind.BRANCH, "柳湾村党支部", area=away)
    world.found(Kind.WOMEN, "妇联", area=away)
    mayor = factories.holder("township", world.town)
    assert refused(world, organisation="柳湾村党支部", village="石桥村", no=no) == "organisation"
    told = row(organisation="柳湾村党支部", village="石桥村", no=no)
    assert write_member(told, area=away, by=mayor, at=AT) is Fate.CREATED  # who lives elsewhere may belong
    twice = row(organisation="妇联", role="委员", village="石桥村", no=no)
    with pytest.raises(DomainError, match="同名"):
        write_member(twice, area=world.town, by=mayor, at=AT)
    assert write_member(twice | {"area": away.code}, area=world.town, by=mayor, at=AT) is Fate.CREATED
    assert Belonging.objects.filter(area=away).count() == 2
