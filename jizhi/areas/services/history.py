"""Writing what an area was from day to day, and what happened to it. Called by the verbs, inside their transaction.

Nothing is decided here but one thing: a change may not reach back behind the last one, since one day has one answer.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import connection
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area, AreaChange, AreaPeriod
from jizhi.areas.rules import ChangeKind
from jizhi.areas.services.errors import BadArea
from jizhi.core import clock
from jizhi.core.periods import not_over_before

ONE_DAY = dt.timedelta(days=1)
_TREE = "jizhi area tree"


def hold_tree(*, alone: bool = False) -> None:
    """Keep the shape of the tree still until the transaction ends. Always taken first, before any row is locked.

    Adding and renaming share the hold; whoever moves, splits, merges or closes has it alone. Without it an area
    added below a moving one would keep the old path.
    """
    function = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtext(%s))", [_TREE])


def locked(area: Area) -> Area:
    """The row as it is now, locked, with its level and parent."""
    rows = Area.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("level", "parent").get(pk=area.pk)


def check_day(areas: list[Area], on: dt.date, at: dt.datetime, *, place: str = "on") -> None:
    """A change counts from today or an earlier day, but not from before the last change of any of the areas."""
    if on > clock.day_of(at):
        raise BadArea(_("生效日期不能晚于今天。"), place=place)
    check_unchanged_since(areas, on, place=place)


def check_unchanged_since(areas: list[Area], on: dt.date, *, place: str = "on") -> None:
    """None of the areas changed after that day."""
    latest = AreaPeriod.objects.filter(area__in=areas, to_date=None, from_date__gt=on)
    if found := latest.select_related("area").order_by("-from_date").first():
        raise BadArea(
            _("“%(area)s”在%(day)s刚设立或变动，生效日期不能早于这一天。")
            % {"area": found.area.name, "day": date_format(found.from_date, "Y-m-d")},
            place=place,
        )


def check_last_day(area: Area, last: dt.date, *, place: str = "on") -> None:
    """The area can end on that day: it was there, and nothing changed after it."""
    period = AreaPeriod.objects.get(area=area, to_date=None)
    if last < period.from_date:
        raise BadArea(
            _("“%(area)s”在%(day)s刚设立或变动，最早从第二天起可以这样办理。")
            % {"area": area.name, "day": date_format(period.from_date, "Y-m-d")},
            place=place,
        )


def begin(area: Area) -> None:
    """The first periods of a new area."""
    above = AreaPeriod.objects.filter(area=area.parent).order_by("from_date") if area.parent_id else ()
    AreaPeriod.objects.bulk_create(first_periods(area, above))


def first_periods(area: Area, above: Iterable[AreaPeriod]) -> list[AreaPeriod]:
    """The periods of a new area: as many as its parent has had paths since that day."""
    start, periods = area.from_date, list[AreaPeriod]()
    for one in above:
        if one.to_date is None or one.to_date >= start:
            _go_on(periods, area, f"{one.path}.{area.code}", one.from_date if periods else start, one.to_date)
    if not periods:
        _go_on(periods, area, str(area.path), start, None)
    return periods


def _go_on(periods: list[AreaPeriod], area: Area, path: str, first: dt.date, last: dt.date | None) -> None:
    """Lengthen the last period when the path is the same, else add one."""
    if periods and str(periods[-1].path) == path:
        periods[-1].to_date = last
        return
    periods.append(
        AreaPeriod(
            area=area, name=area.name, name_en=area.name_en, parent=area.parent, path=path,
            from_date=first, to_date=last,
        )
    )  # fmt: skip


def rename(area: Area, on: dt.date) -> None:
    """From that day on the area is called what it is called now."""
    period = AreaPeriod.objects.select_for_update().get(area=area, to_date=None)
    if period.from_date < on:
        _split([period], on)
        period = AreaPeriod.objects.get(area=area, to_date=None)
    period.name, period.name_en = area.name, area.name_en
    period.save(update_fields=["name", "name_en"])


def move(area: Area, before: str, on: dt.date) -> None:
    """From that day on everything that lay below the path lies below the area's new path."""
    touched = AreaPeriod.objects.filter(path__descendant_of=before)
    touched = touched.filter(not_over_before(on))
    _split(list(touched.filter(from_date__lt=on).select_for_update()), on)
    rows = list(touched.filter(from_date__gte=on).select_for_update())
    for row in rows:
        row.path = area.path + str(row.path)[len(before) :]
        if row.area_id == area.pk:
            row.parent_id = area.parent_id
    AreaPeriod.objects.bulk_update(rows, ["path", "parent"], batch_size=500)


def _split(periods: list[AreaPeriod], on: dt.date) -> None:
    """Cut each period in two: the second begins on that day."""
    seconds = [
        AreaPeriod(
            area_id=p.area_id, name=p.name, name_en=p.name_en, parent_id=p.parent_id, path=p.path,
            from_date=on, to_date=p.to_date,
        )
        for p in periods
    ]  # fmt: skip
    AreaPeriod.objects.filter(pk__in=[p.pk for p in periods]).update(to_date=on - ONE_DAY)
    AreaPeriod.objects.bulk_create(seconds, batch_size=500)


def end(area: Area, last: dt.date) -> None:
    """The area's last period ends on that day."""
    AreaPeriod.objects.filter(area=area, to_date=None).update(to_date=last)


def resume(area: Area, last: dt.date) -> None:
    """Take the end back: the area lay where its parent lay all the time since."""
    periods = list(AreaPeriod.objects.filter(area=area, to_date=last))
    above = AreaPeriod.objects.filter(area=area.parent).filter(Q(to_date=None) | Q(to_date__gt=last))
    for one in above.order_by("from_date"):
        _go_on(periods, area, f"{one.path}.{area.code}", max(one.from_date, last + ONE_DAY), one.to_date)
    if area.parent is None:
        _go_on(periods, area, str(area.path), last + ONE_DAY, None)
    for one in periods:
        one.save()


def note(
    area: Area,
    kind: ChangeKind,
    on: dt.date,
    *,
    other: Area | None = None,
    before: str = "",
    after: str = "",
    path_before: str = "",
    by: User | None,
    at: dt.datetime,
) -> None:
    """Append what happened."""
    AreaChange.objects.create(
        area=area, kind=kind, on_date=on, other=other, before=before, after=after, path_before=path_before or None,
        at=at, by_name=by.get_username() if by is not None else "",
    )  # fmt: skip
