"""Visits and books from Excel: what each row would do, and doing it. Reading the file is the caller's.

A row is a mapping from what the columns mean to what the cells say; planning writes nothing and names each problem with
sheet, row, column, value and reason. Applying the same rows again changes nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext

from jizhi.core import clock
from jizhi.core.errors import DomainError
from jizhi.core.text import N_, LabelledEnum
from jizhi.people.models import Household
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.visits import models, rules, selectors
from jizhi.visits.services.book import fill_book
from jizhi.visits.services.visits import check_when, record_visit

if TYPE_CHECKING:
    from jizhi.accounts.models import User
    from jizhi.areas.models import Area

NOON = dt.time(12)
TIME = re.compile(r"(\d{1,2})[:：时点](\d{2})分?(?:[:：](\d{2})(?:\.\d+)?)?")
DAY_AND_TIME = re.compile(r"(.*\d日?)[ T]+(\d{1,2}[:：时点].*)")
UNREAD = {"date": N_("日期写法不对，例如 2026-03-05。"), "time": N_("时间写法不对，例如 09:30。")}


class Fate(LabelledEnum):
    """What a row would do."""

    CREATE = "create", N_("新增")
    CHANGE = "change", N_("修改")
    SAME = "same", N_("没有变化")
    REFUSE = "refuse", N_("不能导入")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the sheet: `cells` by meaning (`no`, `date`, `time`, `how`, `topics`, `note`; or keys of the book)."""

    sheet: str
    row: int
    cells: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot be used, and where."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row with its fate; `values` is what would be written."""

    sheet: str
    row: int
    fate: Fate
    label: str = ""
    household_id: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def plan_visits(rows: Iterable[Row], *, village: Area, by: User, at: dt.datetime) -> list[PlannedRow]:
    """What each row of a visits sheet would do, in order. Nothing is written."""
    given = list(rows)
    found = _Register.read(village, given)
    keys = [_key(village, row) for row in given]
    present = set(models.Visit.objects.filter(request_key__in=keys).values_list("request_key", flat=True))
    moments = [_moment(row)[0] for row in given]
    recorded = _recorded(found, [moment for moment in moments if moment is not None])
    planned, seen = [], set()
    for row, key, moment in zip(given, keys, moments, strict=True):
        one = _visit(row, key, found, village, by, at)
        known = key in present or _told(row, found, moment) in recorded
        if known or (one.fate is Fate.CREATE and key in seen):
            one = PlannedRow(row.sheet, row.row, Fate.SAME, one.label, one.household_id)
        seen.add(key)
        planned.append(one)
    return planned


def _recorded(found: _Register, moments: Sequence[dt.datetime]) -> set[tuple[int, dt.datetime, str]]:
    """Visits that are there already, to the minute: an exported list, however old, doubles nothing."""
    if not moments:
        return set()
    rows = models.Visit.objects.filter(
        household__in=[home.pk for home in found.homes.values()],
        visited_at__gte=min(moments),
        visited_at__lt=max(moments) + dt.timedelta(minutes=1),
    )
    return {
        (household_id, when.replace(second=0, microsecond=0), how)
        for household_id, when, how in rows.values_list("household_id", "visited_at", "how")
    }


def _told(row: Row, found: _Register, moment: dt.datetime | None) -> tuple[int, dt.datetime, str] | None:
    """Household, minute and way that a row tells, if it does."""
    home, how = found.find(_cell(row, "no")), _enum(rules.How, _cell(row, "how") or rules.How.HOME.value)
    if home is None or moment is None or how is None:
        return None
    return (home.pk, moment.replace(second=0, microsecond=0), how)


@transaction.atomic
def apply_visits(
    planned: Sequence[PlannedRow], *, village: Area, by: User, at: dt.datetime
) -> list[models.Visit]:
    """Record what was planned as new; the rest is left. The same plan again gives the same visits."""
    wanted = [row for row in planned if row.fate is Fate.CREATE]
    homes = Household.objects.filter(village=village).select_related("village", "area")
    by_id = homes.in_bulk([row.household_id for row in wanted])
    return [
        record_visit(household=by_id[row.household_id], by=by, at=at, **row.values)
        for row in wanted
        if row.household_id in by_id
    ]


def plan_books(rows: Iterable[Row], *, village: Area, by: User, at: dt.datetime) -> list[PlannedRow]:
    """What each row of a sheet of book fields would do. An empty cell changes nothing."""
    given = list(rows)
    found = _Register.read(village, given)
    books = models.Book.objects.filter(household__in=[home.pk for home in found.homes.values()])
    values = {book.household_id: selectors.values_of(book) for book in books}
    return [_book(row, found, values, by, at) for row in given]


@transaction.atomic
def apply_books(
    planned: Sequence[PlannedRow], *, village: Area, by: User, at: dt.datetime
) -> list[models.Book]:
    """Write what was planned as new or changed, each into the book as it is now."""
    wanted = [row for row in planned if row.fate in {Fate.CREATE, Fate.CHANGE}]
    homes = Household.objects.filter(village=village).select_related("village", "area")
    by_id = homes.in_bulk([row.household_id for row in wanted])
    written = []
    for row in wanted:
        if row.household_id not in by_id:
            continue
        book = models.Book.objects.select_for_update().filter(household=row.household_id).first()
        version = book.version if book else 0
        home = by_id[row.household_id]
        written.append(fill_book(household=home, values=row.values, version=version, by=by, at=at))
    return written


@dataclass(frozen=True, slots=True)
class _Register:
    """The village's households by number, for one sheet: one query."""

    homes: dict[str, Household]

    @classmethod
    def read(cls, village: Area, rows: Sequence[Row]) -> _Register:
        numbers = {form for row in rows for form in _forms(_cell(row, "no"))}
        homes = Household.objects.filter(village=village, no__in=numbers)
        return cls({home.no: home for home in homes.select_related("village", "area").order_by("id")})

    def find(self, text: str) -> Household | None:
        return next((self.homes[form] for form in _forms(text) if form in self.homes), None)


def _forms(no: str) -> list[str]:
    """A household's number as written, and with the zeros Excel took."""
    return [no, *(no.zfill(width) for width in range(len(no) + 1, 8))] if no else []


def _cell(row: Row, name: str) -> str:
    value = row.cells.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _key(village: Area, row: Row) -> str:
    """Made from what the row says, so that the same row is the same visit in whichever file it comes."""
    said = [_cell(row, name) for name in ("no", "date", "time", "how", "topics", "note")]
    return hashlib.sha256("\x1f".join([village.code, *said]).encode()).hexdigest()[:32]


def _refused(row: Row, label: str, *problems: tuple[str, str]) -> PlannedRow:
    """A refusal; each problem names its column and reason."""
    told = tuple(
        Problem(row.sheet, row.row, column, _cell(row, column), reason) for column, reason in problems
    )
    return PlannedRow(row.sheet, row.row, Fate.REFUSE, label, None, {}, told)


def _visit(row: Row, key: str, found: _Register, village: Area, by: User, at: dt.datetime) -> PlannedRow:
    home = found.find(_cell(row, "no"))
    if home is None:
        return _refused(row, _cell(row, "no"), ("no", gettext("本村没有这个户号。")))
    label, problems = str(home), []
    how = _enum(rules.How, _cell(row, "how") or rules.How.HOME.value)
    if how is None:
        problems.append(("how", gettext("方式只能是：上门见到人、上门没人、电话联系。")))
    topics = [_enum(rules.Topic, part) for part in _parts(_cell(row, "topics"))]
    if None in topics:
        problems.append(("topics", gettext("有不认识的内容，请用系统里的说法。")))
    when, unread = _moment(row)
    if when is None:
        problems.append((unread, gettext(UNREAD[unread])))
    else:
        try:
            check_when(home, when, at)
        except DomainError as refusal:
            problems.append(("date", str(refusal)))
    if not posts.can(by, Action.KEEP_BOOK, home.area, clock.day_of(at)):
        problems.append(("no", gettext("这户不在您走访的网格里。")))
    if problems:
        return _refused(row, label, *problems)
    values = {
        "how": how,
        "topics": topics,
        "note": _cell(row, "note")[:1000],
        "visited_at": when,
        "request_key": key,
    }
    return PlannedRow(row.sheet, row.row, Fate.CREATE, label, home.pk, values)


def _enum(kind: type[LabelledEnum], text: str) -> Any:
    """By value, by label, or by the label in the reader's language."""
    for one in kind:
        if text.strip() in {one.value, one.label, gettext(one.label)}:
            return one
    return None


def _parts(text: str) -> list[str]:
    for mark in "、，；;/":
        text = text.replace(mark, ",")
    return [part.strip() for part in text.split(",") if part.strip()]


def _moment(row: Row) -> tuple[dt.datetime | None, str]:
    """Day and time as Excel or people give them, noon where no time is told; else the column that cannot be read."""
    day, time = row.cells.get("date"), row.cells.get("time")
    if rules.is_empty(day) and isinstance(time, dt.datetime):
        day = time
    if isinstance(day, str) and (written := DAY_AND_TIME.fullmatch(day.strip())):
        day, told = written[1], _time(written[2])
        if told is None:
            return None, "date"
        time = told if told != dt.time() else time
    if isinstance(day, dt.datetime):
        time = day.time() if day.time() != dt.time() else time
        day = day.date()
    if not isinstance(day, dt.date):
        try:
            day = rules.read_date(str(day or ""))
        except rules.BadValue:
            return None, "date"
    if isinstance(time, dt.datetime) and time.date() != day:
        return None, "time"
    told = _time(time)
    return (None, "time") if told is None else (dt.datetime.combine(day, told, get_default_timezone()), "")


def _time(value: Any) -> dt.time | None:
    """A time of day; noon for a blank cell, None where the cell cannot be read."""
    if isinstance(value, dt.datetime):
        return value.time()
    if isinstance(value, dt.time):
        return value
    text = str(value or "").strip()
    if not text:
        return NOON
    found = TIME.fullmatch(text)
    if found is None:
        return None
    hour, minute, second = (int(part) for part in found.groups(default="0"))
    return dt.time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _book(
    row: Row, found: _Register, present: Mapping[int, Mapping[str, Any]], by: User, at: dt.datetime
) -> PlannedRow:
    home = found.find(_cell(row, "no"))
    if home is None:
        return _refused(row, _cell(row, "no"), ("no", gettext("本村没有这个户号。")))
    today = clock.day_of(at)
    if not selectors.may_keep(by, home.area, today):
        return _refused(row, str(home), ("no", gettext("这户不在您走访的网格里。")))
    fields = {one.key: one for one in selectors.fields_for(by, home.area, today)}
    values: dict[str, Any] = {}
    problems = []
    for key, raw in row.cells.items():
        if key == "no" or rules.is_empty(raw):
            continue
        if key not in fields:
            problems.append((key, gettext("一户一册没有这一项，或您不能填写。")))
            continue
        try:
            values[key] = rules.checked_value(fields[key], _plain(raw))
        except rules.BadValue as refusal:
            problems.append((key, gettext(str(refusal))))
    if problems:
        return _refused(row, str(home), *problems)
    known = present.get(home.pk, {})
    changed = {key: value for key, value in values.items() if known.get(key) != value}
    fate = Fate.SAME if not changed else Fate.CHANGE if known else Fate.CREATE
    return PlannedRow(row.sheet, row.row, fate, str(home), home.pk, changed)


def _plain(raw: Any) -> Any:
    """Cells as text: days without their time, whole numbers without the point that Excel adds."""
    if isinstance(raw, dt.datetime | dt.date):
        return f"{raw:%Y-%m-%d}"
    if isinstance(raw, bool):
        return rules.YES if raw else rules.NO
    return str(int(raw)) if isinstance(raw, float) and raw.is_integer() else raw
