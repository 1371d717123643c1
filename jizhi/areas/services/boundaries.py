"""Boundaries: setting one area's outline from a day on, taking it away, and bringing in a whole GeoJSON file.

What an outline may look like is in `rules.geometry`. The caller checks who may do it (areas lie below posts).
"""

import datetime as dt
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.accounts.services import check_staff
from jizhi.areas.models import Area, Boundary
from jizhi.areas.rules import BoundarySource, Datum, geometry
from jizhi.areas.rules.geometry import OutlineFault
from jizhi.areas.services.history import ONE_DAY, locked
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.core.text import N_, LabelledEnum

CODE_KEYS = ("code", "代码", "区划代码", "网格编码", "adcode", "XZQDM", "id")
NAME_KEYS = ("name", "名称", "网格名称", "区划名称", "XZQMC", "NAME")
FEATURES_MOST = 20_000
# How GeoJSON files end the name of longitude and latitude. Programs write the first two unasked, over shifted maps too.
ANY_DATUM, CGCS2000 = {"CRS84", "4326"}, "4490"


class BadBoundary(DomainError):
    """The outline, the day or the file is not usable; the message says where and why."""


class BoundaryFate(LabelledEnum):
    """What becomes (or would become) of a feature of the file."""

    NEW = "new", N_("新增")
    CHANGED = "changed", N_("更新")
    UNCHANGED = "unchanged", N_("未变")
    REFUSED = "refused", N_("不能导入")


@dataclass(frozen=True)
class PlannedBoundary:
    """A feature of the file: which area it is, what becomes of it, and why not."""

    number: int
    said: str
    fate: BoundaryFate
    area_id: int | None = None
    area_name: str = ""
    square_metres: float = 0
    reason: str = ""
    coordinates: Any = None


@transaction.atomic
def set_boundary(
    *,
    area: Area,
    geojson: str | Mapping[str, Any],
    from_date: dt.date,
    source: BoundarySource,
    datum: Datum = Datum.WGS84,
    note: str = "",
    by: User | None,
    at: dt.datetime,
) -> Boundary:
    """Give an area its outline from a day on; the one before ends the day before. The same outline changes nothing."""
    check_staff(by)
    outline = _read(geojson)
    return _store(locked(area), outline, from_date, source, datum, note, by, at)


def _read(geojson: str | Mapping[str, Any]) -> Any:
    try:
        return geometry.read(geojson)
    except OutlineFault as fault:
        raise BadBoundary(_(fault.text) % fault.values, place="geojson") from fault


def _store(
    area: Area, outline: Any, from_date: dt.date, source: BoundarySource, datum: Datum, note: str,
    by: User | None, at: dt.datetime,
) -> Boundary:  # fmt: skip
    coordinates = geometry.coordinates_of(outline)
    _check_begun(from_date, clock.day_of(at))
    present = Boundary.objects.filter(area=area, to_date=None).first()
    if present is not None:
        if present.coordinates == coordinates and present.datum == datum:
            return present
        _make_room(area, present, from_date)
    row = Boundary.objects.create(
        area=area,
        coordinates=coordinates,
        datum=datum,
        source=source,
        note=note.strip(),
        square_metres=geometry.square_metres(outline),
        from_date=from_date,
    )
    detail = {"from_date": from_date, "how": source, "square_metres": round(row.square_metres)}
    audit.record_event(by=by, at=at, verb="area.boundary", target=area, area_path=area.path, detail=detail)
    return row


def _check_begun(from_date: dt.date, on: dt.date) -> None:
    if from_date > on:
        raise BadBoundary(_("生效日期不能晚于今天。"), place="from_date")


def _check_room(area: Area, present: Boundary, from_date: dt.date) -> None:
    if from_date < present.from_date:
        raise BadBoundary(
            _("“%(area)s”在%(day)s已有新的边界，生效日期不能早于这一天。")
            % {"area": area.name, "day": date_format(present.from_date, "Y-m-d")},
            place="from_date",
        )


def _make_room(area: Area, present: Boundary, from_date: dt.date) -> None:
    _check_room(area, present, from_date)
    if from_date == present.from_date:  # drawn twice on one day: the second is a correction
        present.delete()
        return
    present.to_date = from_date - ONE_DAY
    present.save(update_fields=["to_date"])


@transaction.atomic
def remove_boundary(*, area: Area, by: User | None, at: dt.datetime) -> bool:
    """The area has no outline any more from today on; the old one stays in its history."""
    check_staff(by)
    area = locked(area)
    present = Boundary.objects.filter(area=area, to_date=None).first()
    if present is None:
        return False
    last = clock.day_of(at) - ONE_DAY
    if present.from_date > last:
        present.delete()
    else:
        present.to_date = last
        present.save(update_fields=["to_date"])
    audit.record_event(by=by, at=at, verb="area.unbound", target=area, area_path=area.path)
    return True


def plan_boundaries(
    content: bytes,
    *,
    paths: Collection[str],
    from_date: dt.date,
    datum: Datum = Datum.WGS84,
    on: dt.date,
) -> list[PlannedBoundary]:
    """What a FeatureCollection would do within a scope from a day on, matched by code, else by name.

    Nothing is written. Raises BadBoundary for a file, a day or a datum that is of no use as a whole.
    """
    _check_begun(from_date, on)
    features = _features(content, datum)
    codes = {code for one in features if (code := _word(one, CODE_KEYS))}
    names = {name for one in features if (name := _word(one, NAME_KEYS))}
    inside = Area.objects.within(list(paths)).filter(to_date=None).order_by("path")
    by_code = {row.code: row for row in inside.filter(code__in=codes)}
    by_name: dict[str, list[Area]] = {}
    for row in inside.filter(name__in=names):
        by_name.setdefault(row.name, []).append(row)
    ids = [row.pk for row in by_code.values()] + [row.pk for rows in by_name.values() for row in rows]
    present = {row.area_id: row for row in Boundary.objects.filter(area__in=ids, to_date=None)}
    taken: set[int] = set()
    known = _Known(by_code, by_name, present, from_date, datum)
    return [_planned(place, one, known, taken) for place, one in enumerate(features, 1)]


def _features(content: bytes, datum: Datum) -> list[Mapping[str, Any]]:
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError) as fault:
        raise BadBoundary(_("这不是 GeoJSON：%(why)s。") % {"why": fault}, place="file") from fault
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or found.get("type") != "FeatureCollection":
        raise BadBoundary(_("文件应是 GeoJSON 的 FeatureCollection。"), place="file")
    if not 0 < len(features) <= FEATURES_MOST:
        raise BadBoundary(_("文件里没有图形，或图形太多。"), place="file")
    _check_datum(found, datum)
    return [one if isinstance(one, dict) else {} for one in features]


def _check_datum(source: Mapping[str, Any], datum: Datum) -> None:
    """What a file or feature says of its coordinates (`crs`) has to be the datum that was chosen for it."""
    crs = source.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    said = str(properties.get("name") or "") if isinstance(properties, dict) else ""
    if not said:
        return
    ending = re.split(r"[:/]", said.upper())[-1]
    if ending not in {*ANY_DATUM, CGCS2000}:
        raise BadBoundary(
            _("坐标系“%(said)s”读不了；请转成经度和纬度（WGS-84 或 CGCS2000）再传。") % {"said": said[:60]},
            place="file",
        )
    if ending == CGCS2000 and datum is not Datum.CGCS2000:
        told = {"said": said[:60], "chosen": _(datum.label)}
        raise BadBoundary(
            _("文件写明坐标系是“%(said)s”，选的是“%(chosen)s”，两者不符。") % told, place="datum"
        )


def _word(feature: Mapping[str, Any], keys: Collection[str]) -> str:
    properties = feature.get("properties")
    known = properties if isinstance(properties, dict) else {}
    for key in keys:
        if known.get(key) not in (None, ""):
            return str(known[key]).strip()
    return str(feature.get("id") or "").strip() if "id" in keys else ""


@dataclass(frozen=True)
class _Known:
    """Areas that the file may mean and their outlines, and from when on its own are to hold."""

    by_code: Mapping[str, Area]
    by_name: Mapping[str, list[Area]]
    present: Mapping[int, Boundary]
    from_date: dt.date
    datum: Datum


def _planned(number: int, feature: Mapping[str, Any], known: _Known, taken: set[int]) -> PlannedBoundary:
    code, name = _word(feature, CODE_KEYS), _word(feature, NAME_KEYS)
    said = " ".join(word for word in (code, name) if word)
    try:
        area = _match(code, name, known.by_code, known.by_name)
        _check_datum(feature, known.datum)
        outline = _read(feature)
    except BadBoundary as fault:
        return PlannedBoundary(number, said, BoundaryFate.REFUSED, reason=str(fault))
    if area.pk in taken:
        again = _("文件里“%(area)s”有两个图形，只用第一个。") % {"area": area.name}
        return PlannedBoundary(number, said, BoundaryFate.REFUSED, area.pk, area.name, reason=again)
    taken.add(area.pk)
    coordinates, before = geometry.coordinates_of(outline), known.present.get(area.pk)
    fate = BoundaryFate.NEW if before is None else BoundaryFate.CHANGED
    if before is not None and before.coordinates == coordinates and before.datum == known.datum:
        fate = BoundaryFate.UNCHANGED
    elif before is not None:
        try:
            _check_room(area, before, known.from_date)
        except BadBoundary as fault:
            return PlannedBoundary(number, said, BoundaryFate.REFUSED, area.pk, area.name, reason=str(fault))
    size = geometry.square_metres(outline)
    return PlannedBoundary(number, said, fate, area.pk, area.name, size, coordinates=coordinates)


def _match(code: str, name: str, by_code: Mapping[str, Area], by_name: Mapping[str, list[Area]]) -> Area:
    if code in by_code:
        return by_code[code]
    same = by_name.get(name, [])
    if len(same) == 1:
        return same[0]
    if len(same) > 1:
        raise BadBoundary(
            _("有%(count)d个区划叫“%(name)s”，请在文件里写上代码。") % {"count": len(same), "name": name}
        )
    if not code and not name:
        raise BadBoundary(_("图形没有写明代码或名称。"))
    raise BadBoundary(_("您的管理范围内没有“%(said)s”。") % {"said": name or code})


@transaction.atomic
def apply_boundaries(
    *,
    content: bytes,
    paths: Collection[str],
    from_date: dt.date,
    datum: Datum = Datum.WGS84,
    note: str = "",
    by: User | None,
    at: dt.datetime,
) -> list[PlannedBoundary]:
    """Write what `plan_boundaries` says; refused features are left out, repeating it changes nothing."""
    check_staff(by)
    planned = plan_boundaries(content, paths=paths, from_date=from_date, datum=datum, on=clock.day_of(at))
    writes = {one.area_id: one for one in planned if one.fate in (BoundaryFate.NEW, BoundaryFate.CHANGED)}
    rows = Area.objects.select_for_update(no_key=True).filter(pk__in=[pk for pk in writes if pk])
    for area in rows.order_by("pk"):
        outline = geometry.outline_of(writes[area.pk].coordinates)
        _store(area, outline, from_date, BoundarySource.IMPORTED, datum, note, by, at)
    return planned
