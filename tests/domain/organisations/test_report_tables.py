"""Reporting members and their services row by row: new, changed or as they were; refusals name their column."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jizhi.core.errors import DomainError
from jizhi.imports.rules import Fate
from jizhi.organisations import services
from jizhi.organisations.models import Reporter, Service, UnitReport
from jizhi.organisations.rules import OrganisationKind as Kind
from jizhi.organisations.services.report_tables import write_reporter, write_service
from tests import factories
from tests.domain.organisations.conftest import World

AT, TODAY, START, DAY = factories.AT, factories.TODAY, factories.START, dt.timedelta(days=1)
REPORTER = (
    "code", "unit", "village", "grid", "name", "phone", "duty", "from_date", "to_date", "unit_from", "contact",
    "contact_phone",
)  # fmt: skip
SERVICE = ("day", "name", "code", "unit", "village", "hours", "words", "place")


@pytest.fixture(autouse=True)
def _unit(world: World) -> None:
    world.found(Kind.UNIT, "县图书馆", area=world.town, code="U1")


def report(world: World, by: str = "secretary", area: Any = None, **told: Any) -> Fate:
    values = dict.fromkeys(REPORTER) | {"unit": "县图书馆", "name": "林一", "from_date": TODAY} | told
    return write_reporter(values, area=area or world.village, by=getattr(world, by), at=AT)


def serve(world: World, by: str = "worker", area: Any = None, **told: Any) -> Fate:
    good = {"day": TODAY, "name": "林一", "hours": "1.5", "words": "清扫街道"}
    values = dict.fromkeys(SERVICE) | good | told
    return write_service(values, area=area or world.village, by=getattr(world, by), at=AT)


def refused(write: Any, world: World, **told: Any) -> str:
    with pytest.raises(DomainError) as caught:
        write(world, **told)
    assert str(caught.value)
    return str(caught.value.place)


def test_a_unit_begins_to_report_with_its_first_member(world: World) -> None:
    told = {"contact": "何联络", "contact_phone": "13800000000", "unit_from": START}
    assert report(world, **told) is Fate.CREATED
    assert report(world, **told) is Fate.UNCHANGED
    begun = UnitReport.objects.get()
    assert (begun.contact_name, begun.contact_phone, begun.from_date) == ("何联络", "13800000000", START)
    assert report(world, name="林二", unit=None, code="U1", from_date=START) is Fate.CREATED
    assert UnitReport.objects.count() == 1
    assert refused(report, world, name="林三", from_date=START - DAY) == "from_date"


def test_grid_duty_and_last_day_follow_the_table_and_blanks_change_nothing(world: World) -> None:
    assert report(world, grid="第一网格", duty="宣传员") is Fate.CREATED
    assert report(world) is Fate.UNCHANGED
    assert report(world, grid="石桥村/第二网格") is Fate.UPDATED
    assert report(world, duty="调解员") is Fate.UPDATED
    assert report(world, grid="第二网格", duty="调解员") is Fate.UNCHANGED
    one = Reporter.objects.get()
    assert (one.grid, one.duty) == (world.grids[1], "调解员")
    assert report(world, to_date=TODAY + DAY) is Fate.UPDATED
    assert report(world, to_date=TODAY + DAY) is Fate.UNCHANGED
    assert report(world, from_date=TODAY + 2 * DAY) is Fate.CREATED  # and comes back later
    past = {"name": "林二", "from_date": TODAY, "to_date": TODAY}
    assert (report(world, **past), report(world, **past)) == (Fate.CREATED, Fate.UNCHANGED)


def test_telephone_numbers_tell_two_of_one_name_apart(world: World) -> None:
    assert report(world, phone="13800000001") is Fate.CREATED
    assert report(world, phone="13800000002") is Fate.CREATED
    assert report(world, phone="13800000001") is Fate.UNCHANGED
    assert refused(report, world) == "phone"
    report(world, name="林二")
    assert refused(report, world, name="林二", phone="13800000003") == "phone"
    assert refused(serve, world) == "name"
    assert serve(world, "secretary", name="林二") is Fate.CREATED


def test_a_refused_reporter_names_the_column(world: World) -> None:
    assert refused(report, world, unit="没有的单位") == "unit"
    assert refused(report, world, code="U9") == "code"
    assert refused(report, world, unit=None) == "unit"
    assert refused(report, world, village="别村") == "village"
    assert refused(report, world, area=world.grids[0]) == "village"
    assert refused(report, world, by="worker") in ("unit", "village")
    assert refused(report, world, grid="第九网格") == "grid"
    report(world)
    assert refused(report, world, from_date=TODAY + DAY) == "from_date"
    assert refused(report, world, to_date=TODAY - DAY) == "to_date"
    assert Reporter.objects.count() == 1


def test_a_service_is_recorded_once_and_confirmed_by_another(world: World) -> None:
    report(world, grid="第一网格")
    assert serve(world) is Fate.CREATED
    assert serve(world, unit="U1", village="石桥村") is Fate.UNCHANGED
    assert serve(world, place="村口") is Fate.CREATED
    assert serve(world, place="村口") is Fate.UNCHANGED
    first = Service.objects.order_by("id")[0]
    assert (first.minutes, first.recorded_by, first.state) == (90, world.worker, "recorded")
    services.confirm_services(service_ids=[first.pk], by=world.secretary, at=AT)
    assert serve(world) is Fate.UNCHANGED
    assert refused(serve, world, hours="2") == "hours"
    services.revoke_service(service_id=first.pk, reason="记错了", by=world.secretary, at=AT)
    assert serve(world) is Fate.UNCHANGED
    own = services.record_service(
        reporter=first.reporter, day=TODAY, minutes=100, words="巡查  夜路", request_key="k", by=None, at=AT
    )
    assert serve(world, words="巡查 夜路", hours=str(round(own.minutes / 60, 2))) is Fate.UNCHANGED


def test_a_refused_service_may_be_recorded_with_other_hours(world: World) -> None:
    report(world, grid="第一网格")
    serve(world)
    services.refuse_service(service_id=Service.objects.get().pk, reason="时长不对", by=world.secretary, at=AT)
    assert serve(world, hours="1") is Fate.CREATED
    assert serve(world) is Fate.UNCHANGED
    ended = Reporter.objects.get()
    Reporter.objects.filter(pk=ended.pk).update(from_date=TODAY - 9 * DAY, to_date=TODAY - DAY)
    assert serve(world) is Fate.UNCHANGED
    assert refused(serve, world, words="巡查") == "name"


def test_a_service_that_is_not_usable_names_the_column(world: World) -> None:
    report(world, from_date=TODAY - DAY, grid="第一网格")
    assert refused(serve, world, name="没有的人") == "name"
    assert refused(serve, world, unit="没有的单位") == "name"
    assert refused(serve, world, village="别村") == "village"
    assert refused(serve, world, hours="两") == "hours"
    assert refused(serve, world, hours="NaN") == "hours"
    assert refused(serve, world, hours="17") == "hours"
    assert refused(serve, world, day=TODAY - 2 * DAY) == "name"  # did not report yet
    assert refused(serve, world, day=TODAY + DAY) == "day"
    assert refused(serve, world, area=world.grids[1]) == "name"
    assert serve(world, area=world.grids[0]) is Fate.CREATED
    report(world, name="林二", grid="第二网格")
    assert refused(serve, world, name="林二") == "name"  # another's grid
