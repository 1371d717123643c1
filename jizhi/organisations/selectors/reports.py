"""Double reporting as pages show it: units and members by community, services, and what they add up to."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.organisations.models import Reporter, Service, UnitReport
from jizhi.organisations.rules import ServiceState
from jizhi.organisations.selectors.tree import OrganisationNotFound, organisation_name
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action

CONFIRMED = ServiceState.CONFIRMED.value


@dataclass(frozen=True)
class Period:
    """Days between which services are added up, both inclusive."""

    first: dt.date
    last: dt.date

    @property
    def q(self) -> Q:
        """The filter on a service's day."""
        return Q(day__gte=self.first, day__lte=self.last)


def year_of(day: dt.date, year: int | None = None) -> Period:
    """The whole calendar year of the day, or the year that is named."""
    year = year or day.year
    return Period(dt.date(year, 1, 1), dt.date(year, 12, 31))


@dataclass(frozen=True)
class ReportLine:
    """A unit that reports in a community, with what its members did."""

    id: int
    unit_id: int
    unit: str
    area_id: int
    area: str
    contact_name: str
    contact_phone: str
    members: int
    services: int
    minutes: int
    from_date: dt.date
    to_date: dt.date | None


@dataclass(frozen=True)
class ReporterLine:
    """A member who reports, with what was confirmed."""

    id: int
    name: str
    phone: str
    duty: str
    unit: str
    unit_code: str
    report_id: int
    area: str
    grid: str
    services: int
    minutes: int
    waiting: int
    from_date: dt.date
    to_date: dt.date | None


@dataclass(frozen=True)
class ServiceLine:
    """A service on the list."""

    id: int
    reporter_id: int
    name: str
    unit: str
    unit_code: str
    village: str
    area: str
    day: dt.date
    minutes: int
    words: str
    place: str
    state: ServiceState
    recorded_by: str
    closed_by: str
    reason: str


def _sum(period: Period, path: str, **more: Any) -> Any:
    """Confirmed minutes of a row as a subquery."""
    rows = Service.objects.filter(period.q, state=CONFIRMED, **{path: OuterRef("pk")}, **more).order_by()
    return Coalesce(Subquery(rows.values(path).annotate(total=Sum("minutes")).values("total")), 0)


def _count(period: Period, path: str, state: str = CONFIRMED) -> Any:
    rows = Service.objects.filter(period.q, state=state, **{path: OuterRef("pk")}).order_by()
    return Coalesce(Subquery(rows.values(path).annotate(total=Count("id")).values("total")), 0)


def unit_reports(
    user: Any, *, on: dt.date, area: Area | None = None, words: str = "", ended: bool = False
) -> QuerySet[Any]:
    """Units that report in the reader's areas, by community and name."""
    rows = UnitReport.objects.visible_to(user, on)
    rows = rows.filter(to_date__lt=on) if ended else rows.on(on)
    if area is not None:
        rows = rows.filter(area__path__descendant_of=area.path)
    if text := words.strip():
        match = Q(unit__name__icontains=text) | Q(contact_name__contains=text)
        if text.isascii():
            match |= Q(unit__pinyin__contains=text.lower().replace(" ", ""))
        rows = rows.filter(match)
    return rows.order_by("area__path", "unit__name", "id")


def report_lines(rows: Any, period: Period, on: dt.date) -> list[ReportLine]:
    """Lines with members and sums: one query however many there are."""
    members = Reporter.objects.on(on).filter(report=OuterRef("pk")).order_by().values("report")
    found = rows.select_related("unit", "area").annotate(
        members=Coalesce(Subquery(members.annotate(count=Count("id")).values("count")), 0),
        services=_count(period, "reporter__report"),
        minutes=_sum(period, "reporter__report"),
    )
    return [
        ReportLine(
            row.pk, row.unit_id, organisation_name(row.unit), row.area_id, areas.named(row.area),
            row.contact_name, row.contact_phone, row.members, row.services, row.minutes, row.from_date, row.to_date,
        )
        for row in found
    ]  # fmt: skip


def report_for(user: Any, report_id: int, *, on: dt.date) -> UnitReport:
    """A unit's report the reader may see. Raises OrganisationNotFound."""
    found: UnitReport | None = (
        UnitReport.objects.visible_to(user, on).select_related("unit", "area").filter(pk=report_id).first()
    )
    if found is None:
        raise OrganisationNotFound(_("没有这条报到记录，或不在您的工作范围内。"))
    return found


def reporters(
    user: Any, *, on: dt.date, area: Area | None = None, report: UnitReport | None = None, words: str = ""
) -> QuerySet[Any]:
    """Members who report in the reader's areas, by name."""
    rows = Reporter.objects.visible_to(user, on).on(on)
    if report is not None:
        rows = rows.filter(report=report)
    if area is not None:
        inside = Q(area__path__descendant_of=area.path) | Q(grid__path__descendant_of=area.path)
        rows = rows.filter(inside)
    if text := words.strip():
        match = Q(name__contains=text) | Q(report__unit__name__icontains=text) | Q(phone__startswith=text)
        if text.isascii():
            match |= Q(pinyin__contains=text.lower().replace(" ", ""))
        rows = rows.filter(match)
    return rows.order_by("area__path", "report", "name", "id")


def reporter_lines(rows: Any, period: Period) -> list[ReporterLine]:
    """Lines with confirmed sums and what waits: one query however many there are."""
    found = rows.select_related("report__unit", "area", "grid").annotate(
        services_count=_count(period, "reporter"),
        minutes=_sum(period, "reporter"),
        waiting=_count(period, "reporter", ServiceState.RECORDED.value),
    )
    return [
        ReporterLine(
            row.pk, row.name, row.phone, row.duty, organisation_name(row.report.unit), row.report.unit.code,
            row.report_id, areas.named(row.area), areas.named(row.grid) if row.grid else "",
            row.services_count, row.minutes, row.waiting, row.from_date, row.to_date,
        )
        for row in found
    ]  # fmt: skip


def reporter_for(user: Any, reporter_id: int, *, on: dt.date) -> Reporter:
    """A reporting member the reader may see. Raises OrganisationNotFound."""
    rows = Reporter.objects.visible_to(user, on).select_related("report__unit", "area", "grid")
    found: Reporter | None = rows.filter(pk=reporter_id).first()
    if found is None:
        raise OrganisationNotFound(_("没有这位报到党员，或不在您的工作范围内。"))
    return found


def services(
    user: Any,
    *,
    on: dt.date,
    area: Area | None = None,
    report: UnitReport | None = None,
    reporter: Reporter | None = None,
    state: str = "",
    words: str = "",
) -> QuerySet[Any]:
    """Services in the reader's areas, the latest first."""
    rows = Service.objects.visible_to(user, on)
    if area is not None:
        rows = rows.filter(area__path__descendant_of=area.path)
    if report is not None:
        rows = rows.filter(reporter__report=report)
    if reporter is not None:
        rows = rows.filter(reporter=reporter)
    if state:
        rows = rows.filter(state=state)
    if text := words.strip():
        match = Q(words__icontains=text) | Q(reporter__name__contains=text)
        rows = rows.filter(match | Q(reporter__report__unit__name__icontains=text))
    return rows.order_by("-day", "-id")


def service_lines(rows: Any) -> list[ServiceLine]:
    """A page of services."""
    found = rows.select_related(
        "reporter__report__unit", "reporter__area", "area", "recorded_by", "closed_by"
    )
    return [
        ServiceLine(
            row.pk, row.reporter_id, row.reporter.name, organisation_name(row.reporter.report.unit),
            row.reporter.report.unit.code, areas.named(row.reporter.area), areas.named(row.area), row.day,
            row.minutes, row.words, row.place, ServiceState(row.state),
            row.recorded_by.display_name if row.recorded_by else "",
            row.closed_by.display_name if row.closed_by else "", row.reason,
        )
        for row in found
    ]  # fmt: skip


def service_for(user: Any, service_id: int, *, on: dt.date) -> Service:
    """A service the reader may see. Raises OrganisationNotFound."""
    rows = Service.objects.visible_to(user, on).select_related("reporter", "area")
    found: Service | None = rows.filter(pk=service_id).first()
    if found is None:
        raise OrganisationNotFound(_("没有这条服务记录，或不在您的工作范围内。"))
    return found


def may_confirm(user: Any, service: Service, on: dt.date) -> bool:
    """Whether the reader may confirm it: the post allows it and somebody else recorded it."""
    allowed = posts.can(user, Action.CONFIRM_SERVICE, service.area, on)
    return allowed and (user is None or service.recorded_by_id != user.pk)


@dataclass(frozen=True)
class GridTotal:
    """What reporting members did in one grid."""

    area: str
    members: int
    services: int
    minutes: int


def totals_by_grid(user: Any, *, on: dt.date, period: Period, area: Area | None = None) -> list[GridTotal]:
    """Confirmed services per grid (or community, where no grid is named), the most hours first: two queries."""
    rows = services(user, on=on, area=area, state=CONFIRMED).filter(period.q).order_by()
    counted = rows.values("area").annotate(
        services=Count("id"), minutes=Sum("minutes"), members=Count("reporter", distinct=True)
    )
    found = list(counted.order_by("-minutes", "area")[:200])
    names = {row.pk: areas.named(row) for row in Area.objects.filter(pk__in=[one["area"] for one in found])}
    return [GridTotal(names[one["area"]], one["members"], one["services"], one["minutes"]) for one in found]


@dataclass(frozen=True)
class ReportCounts:
    """Figures above the lists: the county's “so many units, so many members”."""

    units: int
    members: int
    serving: int
    services: int
    minutes: int
    waiting: int


def report_counts(user: Any, *, on: dt.date, period: Period, area: Area | None = None) -> ReportCounts:
    """Units, members, members with a grid, confirmed services: three queries."""
    units = unit_reports(user, on=on, area=area).order_by().values("unit").distinct().count()
    members = reporters(user, on=on, area=area).order_by()
    of_members = members.aggregate(all=Count("id"), serving=Count("id", filter=Q(grid__isnull=False)))
    done = services(user, on=on, area=area).filter(period.q).order_by()
    sums = done.aggregate(
        services=Count("id", filter=Q(state=CONFIRMED)),
        minutes=Sum("minutes", filter=Q(state=CONFIRMED)),
        waiting=Count("id", filter=Q(state=ServiceState.RECORDED.value)),
    )
    return ReportCounts(
        units,
        of_members["all"],
        of_members["serving"],
        sums["services"],
        sums["minutes"] or 0,
        sums["waiting"],
    )
