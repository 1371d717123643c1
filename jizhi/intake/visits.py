"""Visits as a table to import: one row a visit, in any village of the chosen area. Who visited is whoever uploads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.timezone import get_default_timezone

from jizhi.core.text import N_
from jizhi.imports import rules
from jizhi.imports.rules import Fate, Outcome, Row
from jizhi.intake import villages
from jizhi.intake.planned import Said, in_both_languages
from jizhi.posts.rules import Action
from jizhi.sheets.plain import Column, Kind
from jizhi.visits import services
from jizhi.visits.rules import How, Topic

COLUMNS = (
    villages.VILLAGE,
    Column(
        "no", "户编号", "Household no.", required=True, synonyms=("户号",), longest=20, width=10,
    ),
    Column("date", "日期", "Date", synonyms=("走访日期",), width=14, note=N_("如 2026-03-05；与“时间”至少填一个")),
    Column("time", "时间", "Time", synonyms=("走访时间",), width=18, note=N_("如 09:30，也可以连日期一起写")),
    Column("how", "走访方式", "How", synonyms=("方式",), note="、".join(one.label for one in How)),
    Column(
        "topics", "谈了什么", "Topics", synonyms=("走访内容",), longest=300, width=26,
        note="、".join(one.label for one in Topic),
    ),
    Column("note", "备注", "Note", Kind.WORDS, longest=1000, width=40),
)  # fmt: skip
FATES = {
    services.Fate.CREATE: Fate.CREATED,
    services.Fate.CHANGE: Fate.UPDATED,
    services.Fate.SAME: Fate.UNCHANGED,
    services.Fate.REFUSE: Fate.REFUSED,
}


def said(line: services.PlannedRow) -> Said:
    """What a planner of visits or books says of a row."""
    return Said(FATES[line.fate], tuple((one.column, one.value, one.reason) for one in line.problems))


def _planned(rows: list[Row], village: Any, by: Any, at: dt.datetime) -> tuple[Any, list[Outcome]]:
    given = [services.Row(row.sheet, row.line, _cells(row)) for row in rows]
    return in_both_languages(lambda: services.plan_visits(given, village=village, by=by, at=at), said)


def _cells(row: Row) -> dict[str, Any]:
    """The planner's cells: a time that is written with its day is a moment."""
    cells = {key: value for key, value in row.values.items() if key != "village" and value is not None}
    with_day = len(cells.get("time", "")) > len("09:30:00")
    if with_day and (moment := _moment(cells["time"])) is not None:
        cells["time"] = moment
    return cells


def _moment(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text.replace("/", "-")).replace(tzinfo=get_default_timezone())
    except ValueError:
        return None


def plan(rows: Sequence[Row], *, area: Any, by: Any, at: dt.datetime) -> Sequence[Outcome]:
    """What each row would do."""
    return villages.village_by_village(rows, area, lambda village, own: _planned(own, village, by, at)[1])


def apply(rows: Sequence[Row], *, area: Any, by: Any, at: dt.datetime) -> Sequence[Outcome]:
    """Record what is new."""

    def work(village: Any, own: list[Row]) -> list[Outcome]:
        lines, outcomes = _planned(own, village, by, at)
        services.apply_visits(lines, village=village, by=by, at=at)
        return outcomes

    return villages.village_by_village(rows, area, work)


KIND = rules.Kind(
    key="visits",
    title=N_("走访记录"),
    columns=COLUMNS,
    action=Action.KEEP_BOOK,
    plan=plan,
    apply=apply,
    together=villages.together,
    chunk=1_000,
    icon="list-check",
    note=N_("一行一次走访，走访人记为上传人；同一户同一时间的不会重复记。"),
    author=True,
)
