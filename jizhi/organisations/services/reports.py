"""Double reporting: a unit reports in a community, its members report and take up service in a grid of it."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.areas import rules as area_rules
from jizhi.areas.models import Area
from jizhi.core import audit, clock, names, scope
from jizhi.core.errors import DomainError
from jizhi.core.periods import not_over_before
from jizhi.organisations import rules
from jizhi.organisations.models import Organisation, Reporter, UnitReport
from jizhi.organisations.rules import OrganisationKind
from jizhi.people.models import Person
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class CannotReport(DomainError):
    """Place, unit, person or days stand against reporting there."""


@transaction.atomic
def report_unit(
    *,
    unit: Organisation,
    area: Area,
    contact_name: str = "",
    contact_phone: str = "",
    from_date: dt.date,
    by: User | None,
    at: dt.datetime,
) -> UnitReport:
    """A unit reports in a village or community from a day on; a report that runs already comes back."""
    posts.check_can(by, Action.MANAGE_ORGANISATIONS, area, clock.day_of(at))
    if area.level_id != area_rules.VILLAGE:
        raise CannotReport(_("单位要到村（社区）报到。"), place="area")
    unit = Organisation.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if OrganisationKind(unit.kind) not in rules.REPORTS or unit.to_date is not None:
        raise CannotReport(_("“%(name)s”不是能报到的单位，或已撤销。") % {"name": unit.name}, place="unit")
    present = UnitReport.objects.filter(not_over_before(from_date), unit=unit, area=area)
    if found := present.order_by("from_date").first():
        return found
    report = UnitReport.objects.create(
        unit=unit,
        area=area,
        contact_name=contact_name.strip(),
        contact_phone=contact_phone.strip(),
        from_date=from_date,
    )
    audit.record_event(
        by=by,
        at=at,
        verb="unit_report.start",
        target=report,
        area_path=area.path,
        detail={"organisation": unit.name, "from_date": from_date},
    )
    return report


@transaction.atomic
def end_unit_report(
    *, report: UnitReport, to_date: dt.date, reason: str, by: User | None, at: dt.datetime
) -> UnitReport:
    """A unit reports there no longer after `to_date`, nor do its members."""
    row = UnitReport.objects.select_for_update(of=("self",)).select_related("area", "unit").get(pk=report.pk)
    posts.check_can(by, Action.MANAGE_ORGANISATIONS, row.area, clock.day_of(at))
    if row.to_date is not None or to_date < row.from_date:
        raise CannotReport(_("报到已经结束，或日期早于报到日期。"), place="to_date")
    if Reporter.objects.filter(report=row, from_date__gt=to_date).exists():
        raise CannotReport(_("有党员在这一天之后才报到，请选更晚的日期。"), place="to_date")
    row.to_date = to_date
    row.save(update_fields=["to_date"])
    open_rows = Q(to_date=None) | Q(to_date__gt=to_date)
    Reporter.objects.filter(open_rows, report=row).update(to_date=to_date)
    audit.record_event(
        by=by,
        at=at,
        verb="unit_report.end",
        target=row,
        area_path=row.area.path,
        detail={"organisation": row.unit.name, "to_date": to_date, "reason": reason},
    )
    return row


@dataclass(frozen=True)
class ReporterData:
    """A member of a unit as told when reporting; `person` and `user` where they are known to the county."""

    name: str
    phone: str = ""
    duty: str = ""
    grid: Area | None = None
    person: Person | None = None
    user: User | None = None


@transaction.atomic
def add_reporter(
    *,
    report: UnitReport,
    data: ReporterData,
    request_key: str,
    from_date: dt.date,
    by: User | None,
    at: dt.datetime,
) -> Reporter:
    """A member reports in the unit's community and takes up service in a grid. Repeats are harmless."""
    posts.check_can(by, Action.MANAGE_ORGANISATIONS, report.area, clock.day_of(at))
    if found := Reporter.objects.filter(request_key=request_key).first():
        return found
    report = (
        UnitReport.objects.select_for_update(of=("self",)).select_related("area", "unit").get(pk=report.pk)
    )
    if not data.name.strip():
        raise CannotReport(_("请填写姓名。"), place="name")
    if from_date < report.from_date or (report.to_date is not None and report.to_date < from_date):
        raise CannotReport(_("日期要在单位报到的期间之内。"), place="from_date")
    _check_grid(report.area, data.grid)
    _check_reports_nowhere(report, data, from_date)
    reporter = Reporter.objects.create(
        report=report,
        area=report.area,
        grid=data.grid,
        name=data.name.strip(),
        pinyin=names.person_key(data.name.strip()),
        phone=data.phone.strip(),
        duty=data.duty.strip(),
        person=data.person,
        user=data.user,
        request_key=request_key,
        from_date=from_date,
        to_date=report.to_date,
    )
    audit.record_event(
        by=by,
        at=at,
        verb="reporter.start",
        target=reporter,
        area_path=report.area.path,
        detail={"name": reporter.name, "organisation": report.unit.name, "from_date": from_date},
    )
    return reporter


def _check_grid(area: Area, grid: Area | None) -> None:
    if grid is not None and not str(grid.path).startswith(f"{area.path}."):
        raise CannotReport(_("服务网格不在报到的村（社区）。"), place="grid")


def _check_reports_nowhere(report: UnitReport, data: ReporterData, from_date: dt.date) -> None:
    present = Reporter.objects.filter(not_over_before(from_date))
    same = Q(report=report, name=data.name.strip(), phone=data.phone.strip())
    if data.person is not None:
        same |= Q(person=data.person)
    if data.user is not None:
        same |= Q(user=data.user)
    with scope.beyond("whoever reports may report in another village already"):
        other = present.filter(same).select_related("area").first()
    if other is not None:
        raise CannotReport(
            _("%(name)s已在%(area)s报到。") % {"name": other.name, "area": other.area.name}, place="name"
        )


@transaction.atomic
def place_reporter(
    *, reporter: Reporter, grid: Area | None, duty: str, by: User | None, at: dt.datetime
) -> Reporter:
    """Say in which grid a reporter serves, and with which duty."""
    row = Reporter.objects.select_for_update(of=("self",)).select_related("area", "grid").get(pk=reporter.pk)
    posts.check_can(by, Action.MANAGE_ORGANISATIONS, row.area, clock.day_of(at))
    _check_grid(row.area, grid)
    before = [row.grid.name if row.grid else "", row.duty]
    row.grid, row.duty = grid, duty.strip()
    after = [grid.name if grid else "", row.duty]
    if before != after:
        row.save(update_fields=["grid", "duty"])
        audit.record_event(
            by=by,
            at=at,
            verb="reporter.place",
            target=row,
            area_path=row.area.path,
            detail={"before": before, "after": after},
        )
    return row


@transaction.atomic
def end_reporter(
    *, reporter: Reporter, to_date: dt.date, reason: str, by: User | None, at: dt.datetime
) -> Reporter:
    """A member reports there no longer after `to_date`; the services stay counted."""
    row = Reporter.objects.select_for_update(of=("self",)).select_related("area").get(pk=reporter.pk)
    posts.check_can(by, Action.MANAGE_ORGANISATIONS, row.area, clock.day_of(at))
    if to_date < row.from_date or (row.to_date is not None and to_date > row.to_date):
        raise CannotReport(_("报到已经结束，或日期早于报到日期。"), place="to_date")
    row.to_date = to_date
    row.save(update_fields=["to_date"])
    audit.record_event(
        by=by,
        at=at,
        verb="reporter.end",
        target=row,
        area_path=row.area.path,
        detail={"name": row.name, "to_date": to_date, "reason": reason},
    )
    return row
