"""Double reporting from tables: members who report and what they did, written through the services.

Each `write` says whether its row is new, changes something or is there already; refusals name the column.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import clock
from jizhi.core.periods import lasting_on
from jizhi.core.text import N_
from jizhi.imports.rules import Fate
from jizhi.imports.services.cells import (
    BadRow,
    Values,
    area_inside,
    hours,
    inside,
    naming,
    row_key,
    village_named,
)
from jizhi.organisations.models import Reporter, Service, UnitReport
from jizhi.organisations.rules import ServiceState
from jizhi.organisations.selectors.finding import called, unit_named
from jizhi.organisations.services.reports import (
    ReporterData,
    add_reporter,
    end_reporter,
    place_reporter,
    report_unit,
)
from jizhi.organisations.services.service_hours import record_service

COUNTING = (ServiceState.RECORDED, ServiceState.CONFIRMED)


def write_reporter(values: Values, *, area: Area, by: User | None, at: dt.datetime) -> Fate:
    """A member reports, changes grid or duty, or ends; known by village, unit, name and first day."""
    village = village_named(values["village"], area)
    if not inside(village, area):
        raise BadRow(_("这个村不在所选的区域之内。"), place="village")
    column = "code" if values["code"] else "unit"
    if not values[column]:
        raise BadRow(_("请填写单位名称或单位编号。"), place=column)
    given: dict[str, Any] = {"by": by, "at": at}
    alike = _alike(values, village, values[column])
    present = [one for one in alike if one.from_date == values["from_date"]]
    if len(present) > 1:
        raise BadRow(_("有几位同名的报到党员，请填写电话。"), place="phone")
    if present:
        return _change(present[0], values, village, given)
    _check_reports_not(alike, values["from_date"])
    report = _report(values, village, column, given)
    made = _add(report, values, village, given)
    if values["to_date"]:
        end_reporter(reporter=made, to_date=values["to_date"], reason=N_("按导入的表格"), **given)
    return Fate.CREATED


def _alike(values: Values, village: Area, unit: str) -> list[Reporter]:
    """Whoever of that name reports there for the unit; telephone numbers, where known, tell two apart."""
    rows = Reporter.objects.filter(called(unit, "report__unit__"), area=village, name=values["name"])
    found = list(rows.select_related("grid", "area").order_by("from_date", "id"))
    if values["phone"]:
        found = [one for one in found if one.phone in ("", values["phone"])]
    return found


def _check_reports_not(alike: Sequence[Reporter], first: dt.date) -> None:
    for one in alike:
        if one.to_date is None or one.to_date >= first:
            reason = _("已从%(day)s起在这里报到。") % {"day": one.from_date.isoformat()}
            raise BadRow(reason, place="from_date")


def _change(present: Reporter, values: Values, village: Area, given: dict[str, Any]) -> Fate:
    if values["phone"] and present.phone != values["phone"]:
        raise BadRow(_("已经报到，电话不从表格里改。"), place="phone")
    day, ended = values["to_date"], present.to_date
    grid = _grid(values["grid"], village, present) or present.grid
    duty = values["duty"] or present.duty
    fate = Fate.UNCHANGED
    if (grid, duty) != (present.grid, present.duty):
        place_reporter(reporter=present, grid=grid, duty=duty, **given)
        fate = Fate.UPDATED
    if day and day != ended:
        end_reporter(reporter=present, to_date=day, reason=N_("按导入的表格"), **given)
        fate = Fate.UPDATED
    return fate


def _grid(text: str | None, village: Area, present: Reporter | None = None) -> Area | None:
    if not text:
        return None
    grid = present.grid if present is not None else None
    if grid is not None and text in (grid.name, grid.name_en, grid.code):
        return grid
    return area_inside(text, village, "grid")


def _report(values: Values, village: Area, column: str, given: dict[str, Any]) -> UnitReport:
    """The unit's report on that day; one that does not report there yet begins to."""
    first = values["from_date"]
    found = list(
        UnitReport.objects.filter(lasting_on(first), called(values[column], "unit__"), area=village)[:2]
    )
    if len(found) > 1:
        raise BadRow(_("有几个同名的单位在这里报到，请写单位编号。"), place=column)
    if found:
        return found[0]
    on = clock.day_of(given["at"])
    with naming(unit=column, area="village", other="village"):
        return report_unit(
            unit=unit_named(given["by"], values[column], place=column, on=on),
            area=village,
            contact_name=values["contact"] or "",
            contact_phone=values["contact_phone"] or "",
            from_date=min(values["unit_from"] or first, first),
            **given,
        )


def _add(report: UnitReport, values: Values, village: Area, given: dict[str, Any]) -> Reporter:
    name, phone, first = values["name"], values["phone"] or "", values["from_date"]
    data = ReporterData(name, phone, values["duty"] or "", _grid(values["grid"], village))
    key = row_key("reporter", village.code, str(report.unit_id), name, phone, first.isoformat())
    with naming(other="village"):
        return add_reporter(report=report, data=data, request_key=key, from_date=first, **given)


def write_service(values: Values, *, area: Area, by: User | None, at: dt.datetime) -> Fate:
    """Record what a reporter did; known by reporter, day, words and place. Somebody else confirms it."""
    village, day = village_named(values["village"], area), values["day"]
    told = hours(values["hours"])
    minutes = round(told * 60) if told is not None else 0
    done = _done(values, village, area)
    if any(one.minutes == minutes for one in done):
        return Fate.UNCHANGED
    if any(one.state in COUNTING for one in done):
        raise BadRow(_("这条服务已经登记，小时数不同；请先不予确认，再重新登记。"), place="hours")
    able = _able(values, village, area)
    if len(able) > 1:
        raise BadRow(_("有几位同名的报到党员，请写明单位，或在页面上登记。"), place="name")
    words, place = values["words"], values["place"] or ""
    key = row_key("service", str(able[0].pk), day.isoformat(), words, place, str(minutes))
    with naming(other="name"):
        record_service(
            reporter=able[0],
            day=day,
            minutes=minutes,
            words=words,
            place=place,
            request_key=key,
            by=by,
            at=at,
        )
    return Fate.CREATED


def _done(values: Values, village: Area, area: Area) -> list[Service]:
    """Services on record that are what the row tells, hours apart; they stay when the report has ended."""
    rows = Service.objects.filter(reporter__area=village, reporter__name=values["name"], day=values["day"])
    rows = rows.filter(_unit(values, "reporter__report__unit__"), area__path__within=[area.path])
    return [one for one in rows if _same(one, values)]


def _unit(values: Values, to: str) -> Q:
    text = values["code"] or values["unit"]
    return called(text, to) if text else Q()


def _able(values: Values, village: Area, area: Area) -> list[Reporter]:
    """Whoever of that name reports in the village on that day and serves in the chosen area."""
    day = values["day"]
    unit = _unit(values, "report__unit__")
    rows = Reporter.objects.filter(lasting_on(day), unit, area=village, name=values["name"])
    found = list(rows.select_related("grid", "area").order_by("id"))
    if not found:
        reason = _("这一天没有叫这个名字的人在这里报到，请先登记报到。")
        raise BadRow(reason, place="name")
    here = [one for one in found if inside(one.grid or one.area, area)]
    if not here:
        raise BadRow(_("这位党员不在所选的区域里服务。"), place="name")
    return here


def _same(one: Service, values: Values) -> bool:
    """Blanks in the words do not count; a row without a place means any."""
    place = " ".join(one.place.split())
    return " ".join(one.words.split()) == values["words"] and values["place"] in (None, "", place)
