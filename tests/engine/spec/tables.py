"""Reading spec tables: a scheme, facts with `|` between the cells, and the awards or totals that must come out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from jizhi.engine import batch, cases, files, loader, reference, running
from jizhi.engine.loader import Versions
from jizhi.engine.tables import Fact, Result, Subject

Settle = Callable[..., Result]
EVALUATORS: dict[str, Settle] = {
    "reference": reference.settle,
    "batch": batch.settle,
    "incremental": running.settle,
}
on_all_evaluators = pytest.mark.parametrize("evaluator", list(EVALUATORS))
HEAD = "scheme: x\nunit: {places: 1}\nperiods: {publish: month, summarise: quarter, appraise: year}\n"


def scheme(text: str) -> Versions:
    """One version that always applies; the usual head unless the text has its own."""
    return Versions.of(loader.load_scheme(text if text.lstrip().startswith("scheme:") else HEAD + text))


def facts(text: str) -> list[Fact]:
    """Facts, numbered from 1 when there is no column `fact`; the subject is zhao when there is none."""
    return [
        files.fact({"fact": str(place), "subject": "zhao", **row})
        for place, row in enumerate(cases.table(text), 1)
    ]


def subjects(text: str) -> list[Subject]:
    """Subjects; the group is g when there is no such column."""
    return [files.subject({"group": "g", **row}) for row in cases.table(text)]


def settle(
    evaluator: str,
    versions: Versions,
    rows: str,
    *,
    who: str = "subject | size\nzhao | 3",
    first: str = "2022-01-01",
    last: str = "2022-12-31",
    pool: int | None = None,
) -> Result:
    """Settles the rows of a spec table."""
    return EVALUATORS[evaluator](
        versions,
        subjects(who),
        facts(rows),
        dt.date.fromisoformat(first),
        dt.date.fromisoformat(last),
        pool=pool,
    )


def table(rows: list[object], columns: str) -> list[list[str]]:
    """Some columns of result rows as text, points with one decimal."""
    return [[_cell(row, column) for column in columns.split()] for row in rows]


def _cell(row: object, column: str) -> str:
    value = getattr(row, column)
    if isinstance(value, bool) or column not in files.POINTS:
        return str(value).lower() if isinstance(value, bool) else str(value)
    return files.decimal(value, 1)


def expected(text: str) -> list[list[str]]:
    """The cells of a spec table, its header left out."""
    return [list(row.values()) for row in cases.table(text)]


def assert_awards(result: Result, text: str) -> None:
    """The awards in ledger order: the table's columns only."""
    columns = " ".join(name.strip() for name in text.strip().splitlines()[0].split("|"))
    assert table(list(result.awards), columns) == expected(text)


def assert_totals(result: Result, text: str, kind: str, period: str) -> None:
    """The totals of one period by subject: the table's columns only."""
    columns = " ".join(name.strip() for name in text.strip().splitlines()[0].split("|"))
    rows = [row for row in result.totals if (row.period_kind, row.period) == (kind, period)]
    assert table(list(rows), columns) == expected(text)
