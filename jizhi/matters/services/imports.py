"""Matters from a list kept elsewhere, such as the hotline's: planned row by row, then written. No file is read here.

A row is known again by its external number, so the same list twice changes nothing.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jizhi.areas.models import Area
from jizhi.core import clock
from jizhi.core.text import N_, LabelledEnum
from jizhi.matters import models
from jizhi.matters.rules import Channel, Verb
from jizhi.matters.services import reporting, steps
from jizhi.matters.services.reporting import Report
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes


class Fate(LabelledEnum):
    """What becomes of a row."""

    NEW = "new", N_("新增")
    KNOWN = "known", N_("已有")
    REFUSED = "refused", N_("有问题")


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row of the list as it stands there, with where it stands."""

    sheet: str
    row: int
    number: str = ""
    kind: str = ""
    words: str = ""
    place: str = ""
    day: dt.date | None = None
    reporter: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot be used: sheet, row, column, value, reason."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A row with its fate."""

    row: ImportRow
    fate: Fate
    problems: tuple[Problem, ...] = ()
    report: Report | None = None
    at: dt.datetime | None = None


def plan_matters(rows: Sequence[ImportRow], *, village: Area, by: Any, at: dt.datetime) -> list[PlannedLine]:
    """What would become of each row of a village; nothing is written. Queries do not grow with the rows."""
    numbers = [row.number.strip() for row in rows if row.number.strip()]
    there = models.Matter.objects.filter(village=village)
    known = set(there.filter(external_no__in=numbers).values_list("external_no", flat=True))
    # A list that was exported here comes back with our own numbers.
    known |= set(there.filter(number__in=numbers).values_list("number", flat=True))
    may_report = posts.can(by, Action.REPORT_MATTER, village, clock.day_of(at))
    found = _Village(village, _kinds(village), may_report, known, set())
    return [_planned(row, found, at) for row in rows]


@dataclass(frozen=True, slots=True)
class _Village:
    """What the rows of a village are held against; `seen` fills while they are read."""

    village: Area
    kinds: dict[str, str]
    may_report: bool
    known: set[str]
    seen: set[str]


def _kinds(village: Area) -> dict[str, str]:
    """Keys of kinds by title or key."""
    words: dict[str, str] = {}
    for kind in schemes.matters_in(village).kinds:
        words |= {kind.key: kind.key, kind.title.zh: kind.key, kind.title.en or kind.key: kind.key}
    return words


def _planned(row: ImportRow, found: _Village, at: dt.datetime) -> PlannedLine:
    problems: list[Problem] = []

    def refuse(column: str, value: str, reason: str) -> None:
        problems.append(Problem(row.sheet, row.row, column, value, reason))

    village, number = found.village, row.number.strip()
    if not found.may_report:
        refuse(_("村（社区）"), village.name, _("您不能在这个村登记事件。"))
    kind = found.kinds.get(row.kind.strip(), "")
    if not kind:
        refuse(_("种类"), row.kind, _("本地没有这个事件种类。"))
    if not row.words.strip():
        refuse(_("说明"), "", _("没有写是什么事。"))
    if not number:
        refuse(_("编号"), "", _("没有编号，重复导入时认不出来。"))
    if row.day is not None and row.day > clock.day_of(at):
        refuse(_("日期"), row.day.isoformat(), _("日期晚于今天。"))
    if number in found.known:
        return PlannedLine(row, Fate.KNOWN)
    if not problems and number in found.seen:
        refuse(_("编号"), number, _("同一个编号在表里出现了两次。"))
    if problems:
        return PlannedLine(row, Fate.REFUSED, tuple(problems))
    found.seen.add(number)
    report = Report(
        village=village,
        kind=kind,
        words=row.words.strip()[: steps.WORDS_MAX],
        request_key=_key(village, number),
        place=row.place.strip()[:200],
        reporter_name=row.reporter.strip()[:50],
        reporter_phone=row.phone.strip()[:20],
        external_no=number[:60],
    )
    return PlannedLine(row, Fate.NEW, report=report, at=_moment(row.day, at))


def _moment(day: dt.date | None, at: dt.datetime) -> dt.datetime:
    """The hour of `at` on the day of the list, both as the place reckons them."""
    here = timezone.localtime(at)
    return at if day is None else here.replace(year=day.year, month=day.month, day=day.day)


def _key(village: Area, number: str) -> str:
    return "import-" + hashlib.sha256(f"{village.code}\n{number}".encode()).hexdigest()[:40]


@transaction.atomic
def apply_matters(lines: Sequence[PlannedLine], *, by: Any, at: dt.datetime) -> int:
    """Write the new rows of a plan; all or none. Their clocks start on the day of the list. Returns how many."""
    count = 0
    for line in lines:
        if line.fate is not Fate.NEW or line.report is None:
            continue
        report, moment = line.report, line.at or at
        posts.check_can(by, Action.REPORT_MATTER, report.village, clock.day_of(at))
        if models.Matter.objects.filter(village=report.village, external_no=report.external_no).exists():
            continue
        kind = reporting.kind_of(report.village, report.kind)
        (number,) = reporting.take_numbers(report.village, clock.day_of(moment).year, 1)
        matter = reporting.new_matter(
            report, kind, number=number, area=report.village, channel=Channel.IMPORT, words=report.words,
            by=by, at=moment,
        )  # fmt: skip
        matter.save(force_insert=True)
        steps.log(matter, Verb.REPORT, before=None, by=by, at=at, words=report.words, request_key="")
        count += 1
    return count
