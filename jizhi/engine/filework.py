"""A settlement from files to files on the embedded backend; no row passes through Python but those in doubt.

The same columns, order and words as `files.write` gives; the Spark backend has its own way to and from files.
"""
# ruff: noqa: S608 - SQL is put together from numbers and quoted words of the document

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jizhi.engine import backends, batch, files, outputs, staging
from jizhi.engine.loader import Versions
from jizhi.engine.plan import Plan
from jizhi.engine.tables import Rejected, Result

MEMORY = "5GB"  # enough for 50 million facts; beyond it a temporary folder is used


@dataclass(frozen=True)
class Report:
    """How many rows each table got, and the rows that could not be used."""

    counts: dict[str, int]
    rejected: Sequence[Rejected]


def settle(
    versions: Versions,
    subjects: Path,
    facts: Path,
    start: dt.date,
    end: dt.date,
    out: Path,
    *,
    pool: int | None = None,
    form: str = "csv",
    memory: str = MEMORY,
) -> Report:
    """Writes awards, totals, outcomes, shares and rejected; UnreadableFile when an input cannot be read at all."""
    with backends.Embedded(memory) as database:
        plan = Plan(versions, start, end)
        rejected = staging.Staging(database, versions, plan.names).read(subjects, facts)
        batch.run(database, plan)
        out.mkdir(parents=True, exist_ok=True)
        places, counts = versions.latest.unit.places, {}
        counts["awards"] = database.copy(_awards(database, plan, places, form), out / f"awards.{form}")
        for one in outputs.consequences(plan, pool):
            query = cells(one.name, one.query, places, form)
            counts[one.name] = database.copy(f"{query} ORDER BY {one.key}", out / f"{one.name}.{form}")
    files.write_rejected(rejected, out)
    return Report(counts, rejected)


def settle_row_by_row(
    evaluator: Callable[..., Result],
    versions: Versions,
    subjects: Path,
    facts: Path,
    start: dt.date,
    end: dt.date,
    out: Path,
    *,
    pool: int | None = None,
    form: str = "csv",
) -> Report:
    """The same by an evaluator that wants rows in memory."""
    rows = files.read(subjects, facts)
    result = evaluator(versions, rows.subjects, rows.facts, start, end, pool=pool)
    rejected = rows.lined(result)
    files.write(result, rejected, out, versions.latest.unit.places, form)
    return Report({table: len(getattr(result, table)) for table in files.COLUMNS}, rejected)


def _awards(database: backends.Embedded, plan: Plan, places: int, form: str) -> str:
    """The awards in order: only numbers are sorted, the words are looked up in lists afterwards."""
    worded = f"""
SELECT a.fact, s.list[a.subject + 1] AS subject, i.list[a.item + 1] AS item,
       DATE '1970-01-01' + (a.day - {staging.EPOCH}) AS date, a.price, a.awarded, a.held_back,
       c.list[a.cut + 1] AS "limit", n.list[a.note + 1] AS note
FROM (SELECT * FROM ({outputs.numbered_awards(database, plan)}) x ORDER BY x.fact) a,
     ({_list("subjects", "subject", "key")}) s, ({_list("item_names", "item", "name")}) i,
     ({_list("cut_names", "cut", "label")}) c, ({_list("notes", "note", "word")}) n"""
    return cells("awards", worded, places, form)


def _list(table: str, number: str, word: str) -> str:
    """All words of a table in one list, in the order of their numbers, which count from 0."""
    return f"SELECT LIST({word} ORDER BY {number}) AS list FROM {table}"


def cells(name: str, query: str, places: int, form: str) -> str:
    """A result table with points as decimals of the unit; an empty text is an empty cell of a CSV."""
    columns = []
    for column, kind in files.COLUMNS[name].items():
        cell = f'q."{column}"'
        if column in files.POINTS:
            cell = f"CAST(CAST({cell} AS DECIMAL(16, 0)) * 0.01 AS DECIMAL(18, {places}))"
        elif kind == "VARCHAR" and form == "csv":
            cell = f"NULLIF({cell}, '')"
        columns.append(f'{cell} AS "{column}"')
    return f"SELECT {', '.join(columns)} FROM ({query}) q"
