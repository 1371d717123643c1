"""Matters as a table to import, such as the hotline's list: a row is known again by its number, there or here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from jizhi.core.text import N_
from jizhi.imports import rules
from jizhi.imports.rules import Fate, Outcome, Row
from jizhi.intake import villages
from jizhi.intake.planned import Said, in_both_languages
from jizhi.matters import services
from jizhi.posts.rules import Action
from jizhi.sheets.plain import Column, Kind

COLUMNS = (
    Column(
        "number",
        "编号",
        "Number",
        required=True,
        synonyms=("工单编号", "工单号", "热线编号"),
        longest=60,
        width=18,
    ),
    villages.VILLAGE,
    Column("place", "地点", "Place", Kind.WORDS, synonyms=("地址",), longest=200, width=24),
    Column("kind", "种类", "Kind", required=True, synonyms=("类别", "事件种类"), longest=60),
    Column(
        "words",
        "说明",
        "Words",
        Kind.WORDS,
        True,
        ("内容", "诉求内容", "事件说明", "What"),
        longest=2000,
        width=40,
    ),
    Column(
        "day",
        "上报时间",
        "Day",
        Kind.DATE,
        synonyms=("日期", "上报日期", "受理日期", "Reported"),
        note=N_("不填则按今天"),
    ),
    Column("reporter", "报告人", "Reporter", synonyms=("反映人", "来电人"), longest=50),
    Column("phone", "联系电话", "Phone", Kind.PHONE, synonyms=("电话",), width=16),
)
FATES = {
    services.Fate.NEW: Fate.CREATED,
    services.Fate.KNOWN: Fate.UNCHANGED,
    services.Fate.REFUSED: Fate.REFUSED,
}
TEXTS = ("number", "kind", "words", "place", "reporter", "phone")
TITLES = {column.title: column.key for column in COLUMNS} | {"日期": "day"}


def _said(line: services.PlannedLine) -> Said:
    problems = [(TITLES.get(one.column, one.column), one.value, one.reason) for one in line.problems]
    return Said(FATES[line.fate], tuple(problems))


def _planned(rows: Sequence[Row], village: Any, by: Any, at: dt.datetime) -> tuple[Any, list[Outcome]]:
    given = [
        services.ImportRow(
            row.sheet,
            row.line,
            day=row.values["day"],
            **{key: row.values[key] or "" for key in TEXTS},
        )
        for row in rows
    ]
    return in_both_languages(lambda: services.plan_matters(given, village=village, by=by, at=at), _said)


def plan(rows: Sequence[Row], *, area: Any, by: Any, at: dt.datetime) -> Sequence[Outcome]:
    """What each row would do in the chosen area."""
    return villages.village_by_village(rows, area, lambda village, own: _planned(own, village, by, at)[1])


def apply(rows: Sequence[Row], *, area: Any, by: Any, at: dt.datetime) -> Sequence[Outcome]:
    """Report what is new; the clocks start on the day of the list."""

    def work(village: Any, own: list[Row]) -> list[Outcome]:
        lines, outcomes = _planned(own, village, by, at)
        services.apply_matters(lines, by=by, at=at)
        return outcomes

    return villages.village_by_village(rows, area, work)


KIND = rules.Kind(
    key="matters",
    title=N_("事件"),
    columns=COLUMNS,
    action=Action.DISPATCH_MATTER,
    plan=plan,
    apply=apply,
    together=villages.together,
    chunk=500,
    icon="flag",
    note=N_("一行一件，如12345热线的工单；凭编号认出已有的，不会重复登记。"),
    author=True,
)
