"""Imports as pages and commands read them: the history, one import with its progress, its problems and refused rows.

A user sees the imports of those kinds, in those areas, for which the own posts allow the import.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _

from jizhi.accounts import selectors as accounts
from jizhi.areas import selectors as areas
from jizhi.core.errors import DomainError
from jizhi.core.languages import in_english
from jizhi.imports.models import Import, ImportHandout, ImportProblem, ImportRow
from jizhi.imports.rules import RUNNING, Fate, ImportState, Kind, Step
from jizhi.posts import selectors as posts

# Whoever runs an import holds this lock, and loses it when killed.
LOCK = "jizhi.imports"
HELD = f"""
SELECT objid::bigint FROM pg_locks
WHERE locktype = 'advisory' AND granted AND objsubid = 2
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND classid::bigint = hashtext('{LOCK}')::bigint & 4294967295
"""  # noqa: S608


def lock_number(import_id: int) -> int:
    """The second number of an import's lock."""
    return import_id % 2**31


class NoSuchImport(DomainError):
    """There is none, or the user may not see it."""


@dataclass(frozen=True)
class ImportLine:
    """An import in the history. `counts` are the planned ones until it is applied."""

    id: int
    kind: str
    file_name: str
    area_name: str
    area_code: str
    state: ImportState
    step: Step
    rows: int
    done: int
    counts: Mapping[str, int]
    refused: int
    unused: tuple[str, ...]
    fault: str
    by_name: str
    by_id: int | None
    at: dt.datetime
    moved_at: dt.datetime
    applied_at: dt.datetime | None
    interrupted: bool = False

    @property
    def running(self) -> bool:
        """Whether something is being done, so that a look in a moment is worthwhile."""
        return self.state in RUNNING and not self.interrupted

    @property
    def writes(self) -> int:
        """How many rows would change something."""
        return self.counts.get(Fate.CREATED.value, 0) + self.counts.get(Fate.UPDATED.value, 0)

    @property
    def usable(self) -> int:
        """Rows that are not refused."""
        return max(0, self.rows - self.refused)

    @property
    def share(self) -> int:
        """How far the present step is, in per cent; the length of a file is known when it is read."""
        return min(100, self.done * 100 // self.usable) if self.usable else 0


@dataclass(frozen=True)
class ProblemLine:
    """One thing wrong with one row, with its place."""

    sheet: str
    line: int
    column: str
    value: str
    reason: str


def imports(
    user: Any, kinds: Iterable[Kind], *, on: dt.date, words: str = "", kind: str = "", state: str = ""
) -> QuerySet[Import]:
    """The imports the user may see, the latest first; `words` look in file names, areas and user names."""
    allowed = Q(pk__in=[])
    for one in kinds:
        allowed |= Q(kind=one.key, area__path__within=kind_paths(user, one, on))
    rows = Import.objects.filter(allowed)
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    if text := words.strip():
        found = (
            Q(file_name__icontains=text) | Q(area__name__icontains=text) | Q(by__display_name__icontains=text)
        )
        rows = rows.filter(found)
    return rows.order_by("-at", "-id")


def kind_paths(user: Any, kind: Kind, on: dt.date) -> list[str]:
    """Paths at or below which the user may import that kind of table."""
    return sorted({path for action in kind.actions for path in posts.scope_paths(user, action, on)})


@dataclass(frozen=True)
class Handout:
    """What waits for the uploader: how many lines, until when, and whether that day is past."""

    lines: int
    until: dt.date
    expired: bool


def waiting_handout(user: Any, import_id: int, *, on: dt.date) -> Handout | None:
    """What waits to be taken by the uploader; nothing for everybody else."""
    rows = ImportHandout.objects.filter(upload=import_id, upload__by=user)
    found = rows.aggregate(lines=Count("id"), since=Min("kept_at"))
    if not found["lines"]:
        return None
    until = accounts.first_password_until(found["since"])
    return Handout(found["lines"], until, on > until)


def lines(rows: QuerySet[Import]) -> list[ImportLine]:
    """A page of the history."""
    found = list(rows.select_related("area", "by"))
    left = _left_lying(found)
    return [_line(row, row.pk in left) for row in found]


def import_for(user: Any, import_id: int, kinds: Iterable[Kind], *, on: dt.date) -> ImportLine:
    """One import the user may see. Raises NoSuchImport."""
    row = imports(user, kinds, on=on).filter(pk=import_id).select_related("area", "by").first()
    if row is None:
        raise NoSuchImport(_("没有这次导入，或不在您的管理范围内。"))
    return _line(row, row.pk in _left_lying([row]))


def _left_lying(rows: Iterable[Import]) -> set[int]:
    """Imports that stand as running although nobody is at them. With a worker somebody will be: it picks them up."""
    running = {row.pk for row in rows if row.state in RUNNING}
    if settings.JOBS_IN_WORKER or not running:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(HELD)
        held = {number for (number,) in cursor.fetchall()}
    return {number for number in running if lock_number(number) not in held}


def unfinished() -> list[tuple[int, str]]:
    """Imports that are being worked on, or were when somebody pulled the plug: id and kind."""
    running = [state.value for state in RUNNING]
    return list(Import.objects.filter(state__in=running).order_by("id").values_list("id", "kind"))


def line_of(import_id: int) -> ImportLine:
    """An import by its number, for whoever may see everything."""
    return _line(Import.objects.select_related("area", "by").get(pk=import_id))


def unfinished_of(kind: str, area: Any, digest: str) -> ImportLine | None:
    """The latest import of that very file for that area which is neither finished nor given up."""
    ended = [ImportState.APPLIED.value, ImportState.DISCARDED.value]
    rows = Import.objects.filter(kind=kind, area=area, digest=digest).exclude(state__in=ended)
    row = rows.select_related("area", "by").order_by("-id").first()
    return _line(row) if row is not None else None


def _line(row: Import, interrupted: bool = False) -> ImportLine:
    counts = (
        row.planned if row.state in (ImportState.READY, ImportState.APPLYING) else row.counts or row.planned
    )
    return ImportLine(
        id=row.pk,
        kind=row.kind,
        file_name=row.file_name,
        area_name=areas.named(row.area),
        area_code=row.area.code,
        state=row.state,
        step=row.step,
        rows=row.rows_total,
        done=row.rows_done,
        counts=counts,
        refused=counts.get(Fate.REFUSED.value, 0),
        unused=tuple(row.unused),
        fault=(in_english() and row.fault_en) or row.fault,
        by_name=row.by.display_name if row.by else "",
        by_id=row.by_id,
        at=row.at,
        moved_at=row.moved_at,
        applied_at=row.applied_at,
        interrupted=interrupted,
    )


def problems(import_id: int, *, words: str = "") -> QuerySet[ImportProblem]:
    """What is wrong with the rows of an import, in the order of the file; `words` look everywhere, row numbers too."""
    rows = ImportProblem.objects.filter(upload=import_id)
    if text := words.strip():
        found = Q(reason__icontains=text) | Q(reason_en__icontains=text) | Q(column__icontains=text)
        found |= Q(value__icontains=text) | Q(sheet__icontains=text)
        if text.isdecimal() and len(text) < 10:
            found |= Q(line=int(text))
        rows = rows.filter(found)
    return rows.order_by("number", "id")


def problem_lines(rows: Iterable[ImportProblem]) -> list[ProblemLine]:
    """A page of problems, in the reader's language."""
    english = in_english()
    return [
        ProblemLine(row.sheet, row.line, row.column, row.value, (english and row.reason_en) or row.reason)
        for row in rows
    ]


def refused_rows(import_id: int) -> Iterator[tuple[dict[str, str], str, str]]:
    """Each refused row as texts by column key, its place, and all reasons; streamed."""
    rows = ImportRow.objects.filter(upload=import_id, refused=True).order_by("number")
    batch: list[ImportRow] = []
    for row in rows.iterator(chunk_size=500):
        batch.append(row)
        if len(batch) == 500:
            yield from _with_reasons(import_id, batch)
            batch = []
    yield from _with_reasons(import_id, batch)


def _with_reasons(import_id: int, rows: list[ImportRow]) -> Iterator[tuple[dict[str, str], str, str]]:
    if not rows:
        return
    found = ImportProblem.objects.filter(
        upload=import_id, number__gte=rows[0].number, number__lte=rows[-1].number
    ).order_by("number", "id")
    english = in_english()
    reasons: dict[int, list[str]] = {}
    for one in found:
        reason = (english and one.reason_en) or one.reason
        reasons.setdefault(one.number, []).append(f"{one.column}：{reason}" if one.column else reason)
    for row in rows:
        yield json.loads(row.content), f"{row.sheet} {row.line}", "；".join(reasons.get(row.number, []))
