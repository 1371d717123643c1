"""Double reporting: units and members in communities, services that count once another has confirmed them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from jizhi.organisations import selectors, services
from jizhi.organisations.models import Reporter, Service, UnitReport
from jizhi.organisations.rules import OrganisationKind as Kind
from jizhi.organisations.rules import ServiceState
from jizhi.posts.selectors import NotAllowed
from tests import factories
from tests.domain.organisations.conftest import World

AT, TODAY, DAY = factories.AT, factories.TODAY, dt.timedelta(days=1)


@pytest.fixture
def report(world: World) -> UnitReport:
    unit = world.found(Kind.UNIT, "县图书馆", area=world.town)
    return services.report_unit(
        unit=unit,
        area=world.village,
        contact_name="何联络",
        from_date=factories.START,
        by=world.secretary,
        at=AT,
    )


def member(report: UnitReport, name: str, world: World, **more: Any) -> Reporter:
    data = services.ReporterData(name=name, grid=world.grids[0], duty="政策宣传员", **more)
    return services.add_reporter(
        report=report,
        data=data,
        request_key=f"key-{name}",
        from_date=factories.START,
        by=world.secretary,
        at=AT,
    )


def serve(reporter: Reporter, world: World, key: str, minutes: int = 90) -> Service:
    return services.record_service(
        reporter=reporter,
        day=TODAY,
        minutes=minutes,
        words="清扫街道",
        request_key=key,
        by=world.worker,
        at=AT,
    )


def test_a_unit_reports_once_and_its_members_with_it(world: World, report: UnitReport) -> None:
    again = services.report_unit(unit=report.unit, area=world.village, from_date=TODAY, by=None, at=AT)
    assert again == report
    one = member(report, "林一", world)
    assert member(report, "林一", world) == one
    with pytest.raises(services.CannotReport, match="石桥村报到"):
        services.add_reporter(
            report=report, data=services.ReporterData(name="林一"), request_key="other", from_date=TODAY,
            by=None, at=AT,
        )  # fmt: skip
    with pytest.raises(services.CannotReport):
        services.report_unit(unit=report.unit, area=world.grids[0], from_date=TODAY, by=None, at=AT)
    with pytest.raises(services.CannotReport):
        services.report_unit(unit=world.branch(), area=world.town, from_date=TODAY, by=None, at=AT)
    services.end_unit_report(report=report, to_date=TODAY, reason="调整", by=world.secretary, at=AT)
    one.refresh_from_db()
    assert one.to_date == TODAY
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitReport.objects.create(unit=report.unit, area=world.village, from_date=TODAY)


def test_a_person_reports_in_one_community(world: World, report: UnitReport) -> None:
    person = world.person("周一")
    member(report, "周一", world, person=person)
    elsewhere = services.report_unit(
        unit=world.found(Kind.UNIT, "县医院", area=world.town),
        area=factories.village(world.town), from_date=TODAY, by=None, at=AT,
    )  # fmt: skip
    with pytest.raises(services.CannotReport, match="石桥村"):
        services.add_reporter(
            report=elsewhere, data=services.ReporterData("周一", person=person), request_key="x",
            from_date=TODAY, by=None, at=AT,
        )  # fmt: skip
    with pytest.raises(services.CannotReport, match="网格"):
        services.add_reporter(
            report=elsewhere, data=services.ReporterData("何二", grid=world.grids[0]), request_key="y",
            from_date=TODAY, by=None, at=AT,
        )  # fmt: skip


def test_only_confirmed_services_count_and_only_another_confirms(world: World, report: UnitReport) -> None:
    reporter = member(report, "林一", world)
    first, second, third = (serve(reporter, world, key) for key in "abc")
    assert serve(reporter, world, "a") == first
    services.confirm_services(service_ids=[first.pk, second.pk], by=world.secretary, at=AT)
    assert services.confirm_services(service_ids=[first.pk, second.pk], by=world.secretary, at=AT) == 0
    services.refuse_service(service_id=third.pk, reason="没有到场", by=world.secretary, at=AT)
    services.revoke_service(service_id=second.pk, reason="记重了", by=world.secretary, at=AT)
    period = selectors.year_of(TODAY)
    (line,) = selectors.report_lines(selectors.unit_reports(world.secretary, on=TODAY), period, TODAY)
    assert (line.members, line.services, line.minutes) == (1, 1, 90)
    (row,) = selectors.reporter_lines(selectors.reporters(world.secretary, on=TODAY), period)
    assert (row.services, row.minutes, row.waiting, row.grid) == (1, 90, 0, "第一网格")
    (grid,) = selectors.totals_by_grid(world.secretary, on=TODAY, period=period)
    assert (grid.area, grid.members, grid.minutes) == ("第一网格", 1, 90)
    counts = selectors.report_counts(world.secretary, on=TODAY, period=period)
    assert (counts.units, counts.members, counts.serving, counts.minutes) == (1, 1, 1, 90)
    with pytest.raises(services.CannotClose):
        services.confirm_services(service_ids=[third.pk], by=world.secretary, at=AT)


def test_a_grid_worker_records_but_does_not_confirm(world: World, report: UnitReport) -> None:
    service = serve(member(report, "林一", world), world, "a")
    with pytest.raises(NotAllowed):
        services.confirm_services(service_ids=[service.pk], by=world.worker, at=AT)
    own = services.record_service(
        reporter=service.reporter, day=TODAY, minutes=30, words="巡查", request_key="own",
        by=world.secretary, at=AT,
    )  # fmt: skip
    with pytest.raises(services.CannotClose, match="别人"):
        services.confirm_services(service_ids=[own.pk], by=world.secretary, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.filter(pk=own.pk).update(state="confirmed", closed_by=world.secretary)


def test_the_database_keeps_the_way_of_a_service(world: World, report: UnitReport) -> None:
    service = serve(member(report, "林一", world), world, "a")
    with pytest.raises(DatabaseError), transaction.atomic():
        Service.objects.filter(pk=service.pk).update(state=ServiceState.REVOKED)
    with pytest.raises(DatabaseError), transaction.atomic():
        service.delete()


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"minutes": 0}, "hours"),
        ({"minutes": 2000}, "hours"),
        ({"words": " "}, "words"),
        ({"day": TODAY + DAY}, "day"),
        ({"day": TODAY - 100 * DAY}, "day"),
    ],
)
def test_what_cannot_be_recorded(
    world: World, report: UnitReport, change: dict[str, Any], place: str
) -> None:
    given = {"day": TODAY, "minutes": 60, "words": "巡查", "request_key": "k"} | change
    with pytest.raises(services.BadService) as refusal:
        services.record_service(reporter=member(report, "林一", world), by=world.worker, at=AT, **given)
    assert refusal.value.place == place


def test_lists_stay_flat(world: World, report: UnitReport, django_assert_num_queries: Any) -> None:
    period = selectors.year_of(TODAY)
    for stop in (2, 6):
        for number in range(stop):
            serve(member(report, f"林{number}", world), world, f"s{number}")
        with django_assert_num_queries(3):
            assert (
                len(selectors.reporter_lines(selectors.reporters(world.secretary, on=TODAY), period)) == stop
            )
            assert len(selectors.service_lines(selectors.services(world.secretary, on=TODAY))) == stop
            selectors.report_lines(selectors.unit_reports(world.secretary, on=TODAY), period, TODAY)
