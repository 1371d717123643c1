"""The household book as a table to import: one row a household, a column for each field that the area's pack has.

An empty cell changes nothing. The register of households exports the same columns.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from jizhi.core.text import N_
from jizhi.imports import rules
from jizhi.imports.rules import Outcome, Row
from jizhi.intake import villages
from jizhi.intake.planned import in_both_languages
from jizhi.intake.visits import said
from jizhi.posts.rules import Action
from jizhi.sheets.plain import Column, Kind
from jizhi.visits import selectors, services

COLUMNS = (
    villages.VILLAGE,
    Column(
        "no", "户编号", "Household no.", required=True, synonyms=("户号",), longest=20, width=10,
    ),
)  # fmt: skip


def fields(area: Any, user: Any, on: dt.date) -> tuple[Column, ...]:
    """A column for each field of the book there that the user may fill."""
    found = []
    for one in selectors.fields_for(user, area, on):
        choices = "、".join(choice.title.zh for choice in one.choices)
        note = "是、否" if one.kind == "yesno" else choices
        title_en = one.title.en or one.title.zh
        found.append(
            Column(
                one.key, one.title.zh, title_en, Kind.WORDS, longest=1000, width=16, note=note,
                sensitive=one.sensitive,
            )
        )  # fmt: skip
    return tuple(found)


def _planned(rows: list[Row], village: Any, by: Any, at: dt.datetime) -> tuple[Any, list[Outcome]]:
    given = [services.Row(row.sheet, row.line, _cells(row)) for row in rows]
    return in_both_languages(lambda: services.plan_books(given, village=village, by=by, at=at), said)


def _cells(row: Row) -> dict[str, Any]:
    return {key: value for key, value in row.values.items() if key != "village" and value is not None}


def plan(rows: Sequence[Row], *, area: Any, by: Any, at: dt.datetime) -> Sequence[Outcome]:
    """What each row would do."""
    return villages.village_by_village(rows, area, lambda village, own: _planned(own, village, by, at)[1])


def apply(rows: Sequence[Row], *, area: Any, by: Any, at: dt.datetime) -> Sequence[Outcome]:
    """Write what is new or changed."""

    def work(village: Any, own: list[Row]) -> list[Outcome]:
        lines, outcomes = _planned(own, village, by, at)
        services.apply_books(lines, village=village, by=by, at=at)
        return outcomes

    return villages.village_by_village(rows, area, work)


def identity(values: Mapping[str, Any]) -> str:
    """A household stands in the file once."""
    return f"{values['village'] or ''}|{values['no'].lstrip('0')}"


KIND = rules.Kind(
    key="books",
    title=N_("一户一册"),
    columns=COLUMNS,
    columns_in=fields,
    action=Action.KEEP_BOOK,
    also=Action.MANAGE_HOUSEHOLDS,
    plan=plan,
    apply=apply,
    together=villages.together,
    identity=identity,
    identity_column="no",
    chunk=1_000,
    icon="book-2",
    note=N_("一行一户，空着的格不改；列随本地的一户一册而定，不能看的内容也不能导入。"),
    author=True,
)
