"""Assessments from files to files: subjects and ratings as CSV or Parquet in, scores, results, outcomes out.

Knows the columns, not the rules. Every row that cannot be used, and every subject that has no total because something
is missing, goes to rejected.csv with line and reason. Row conventions are those of `files.py`.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from jizhi.engine import assessments, backends, files
from jizhi.engine.assessment import explain, rounds
from jizhi.engine.assessment.rounds import Unanswerable
from jizhi.engine.assessment.rows import Missing, Rating, Settled
from jizhi.engine.assessment.settle import settle
from jizhi.engine.document.problem import DocumentError
from jizhi.engine.tables import Rejected, Subject

RATING_COLUMNS = ("subject", "indicator", "rater_group", "rater")
OPTIONAL = ("value", "grade", "count", "period", "step", "recused", "returned", "reason")
POINTS = ("full", "self", "rating", "score", "bonus", "penalty", "total")
COLUMNS: dict[str, dict[str, str]] = {
    "scores": {
        **dict.fromkeys(("subject", "indicator", "part"), "VARCHAR"),
        **dict.fromkeys(("full", "self", "rating", "score"), ""),
        **dict.fromkeys(("note", "period"), "VARCHAR"),
    },
    "results": {
        **dict.fromkeys(("subject", "group", "period_kind", "period", "parts"), "VARCHAR"),
        **dict.fromkeys(("bonus", "penalty", "total"), ""),
        "rank": "BIGINT",
        "grade": "VARCHAR",
        "vetoed": "BOOLEAN",
        **dict.fromkeys(("decision", "reason"), "VARCHAR"),
    },
    "outcomes": dict.fromkeys(("subject", "group", "period", "outcome", "title", "reason"), "VARCHAR"),
}


@dataclass
class Input:
    """Usable rows, the line of each subject, and the refused rows."""

    subjects: list[Subject] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    ratings: list[Rating] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


def to_stderr(message: str) -> None:
    """Where messages go unless the caller knows better."""
    sys.stderr.write(f"{message}\n")


def settle_files(
    document: Path,
    subjects: Path,
    ratings: Path,
    period: str | tuple[dt.date, dt.date],
    out: Path,
    form: str = "csv",
    *,
    language: str = "zh",
    echo: Callable[[str], None] = to_stderr,
    done: Callable[[dict[str, int]], None] | None = None,
) -> int:
    """Settles the round or year of a label, or that in which two days lie; `done` hears the rows of each table.

    0 all well, 1 the document is wrong, 2 a file or the period is, 3 rows were refused.
    """
    try:
        versions = assessments.load_versions(document)
        rows = read(subjects, ratings)
        label = period if isinstance(period, str) else rounds.of_days(versions.latest, *period)
        settled = settle(versions, rows.subjects, rows.ratings, label)
        rejected = refused(rows, settled)
        write(settled, rejected, out, versions.latest.unit.places, form, language)
    except DocumentError as error:
        return _told(error, language, echo)
    except Unanswerable as error:
        echo(error.text.say(language))
        return 2
    except (files.UnreadableFile, OSError) as error:
        echo(str(error))
        return 2
    for row in rejected[:20]:
        echo(f"{row.table}:{row.line}: {row.reason}")
    if len(rejected) > 20:
        echo(f"… {len(rejected)}")
    if done:
        tables = ("scores", "results", "outcomes")
        done({**{name: len(getattr(settled, name)) for name in tables}, "rejected": len(rejected)})
    return 3 if rejected else 0


def _told(error: DocumentError, language: str, echo: Callable[[str], None]) -> int:
    """Says every problem of a document; the exit status: 2 when there is none to be read, else 1."""
    for problem in error.problems:
        echo(problem.say(language))
    return 2 if all(problem.code == "unreadable" for problem in error.problems) else 1


def explain_files(
    document: Path,
    subjects: Path,
    ratings: Path,
    period: str,
    subject: str,
    *,
    as_json: bool = False,
    language: str = "zh",
    echo: Callable[[str], None] = to_stderr,
) -> tuple[int, str]:
    """The exit status, and the reasoning of one subject as text or JSON."""
    try:
        versions = assessments.load_versions(document)
        rows = read(subjects, ratings)
        data = explain.as_data(versions, rows.subjects, rows.ratings, period, subject, language)
    except DocumentError as error:
        return _told(error, language, echo), ""
    except Unanswerable as error:
        echo(error.text.say(language))
        return 2, ""
    except files.UnreadableFile as error:
        echo(str(error))
        return 2, ""
    return 0, json.dumps(data, ensure_ascii=False, indent=2) if as_json else explain.text(data, language)


def read(subjects: Path, ratings: Path) -> Input:
    """Both tables; UnreadableFile when one cannot be read at all."""
    found = Input()
    for line, row in files.rows(subjects, files.SUBJECT_COLUMNS):
        try:
            someone = files.subject(row)
            if someone.subject in found.lines:
                first = found.lines[someone.subject]
                raise files.UnusableRow(f"subject: used twice, first in line {first}: {someone.subject}")
            found.lines[someone.subject] = line
            found.subjects.append(someone)
        except files.UnusableRow as wrong:
            found.rejected.append(Rejected("subjects", line, str(wrong)))
    for line, row in files.rows(ratings, RATING_COLUMNS):
        try:
            found.ratings.append(rating(line, row))
        except files.UnusableRow as wrong:
            found.rejected.append(Rejected("ratings", line, str(wrong)))
    return found


def rating(line: int, row: dict[str, str]) -> Rating:
    """A row of ratings; UnusableRow says why not. The indicator may be empty where the whole sheet is meant."""
    if row.get(""):
        raise files.UnusableRow(row[""])
    for name in ("subject", "rater_group", "rater"):
        if not row.get(name):
            raise files.UnusableRow(f"{name}: missing")
    return Rating(
        line,
        row["subject"],
        row.get("indicator", ""),
        row["rater_group"],
        row["rater"],
        _number(row),
        row.get("grade", ""),
        _count(row),
        row.get("period", ""),
        row.get("step", ""),
        _flag(row, "recused"),
        _flag(row, "returned"),
        row.get("reason", ""),
    )


def _number(row: dict[str, str]) -> Decimal | None:
    cell = row.get("value", "")
    if not cell:
        return None
    if not files.NUMBER.fullmatch(cell):
        raise files.UnusableRow(f"value: not a number: {cell}")
    return Decimal(cell)


def _count(row: dict[str, str]) -> int | None:
    cell = row.get("count", "")
    if not cell:
        return None
    found = files.WHOLE.fullmatch(cell)
    if not found:
        raise files.UnusableRow(f"count: not a whole number: {cell}")
    return int(found[1])


def _flag(row: dict[str, str], name: str) -> bool:
    cell = row.get(name, "").lower()
    if cell not in files.TRUTH:
        raise files.UnusableRow(f"{name}: neither true nor false: {cell}")
    return files.TRUTH[cell]


def refused(rows: Input, settled: Settled) -> list[Rejected]:
    """All refused rows, and the line of every subject without a total with what is missing."""
    holes = [Rejected("subjects", rows.lines[one.subject], hole_words(one)) for one in settled.missing]
    return sorted(
        [*rows.rejected, *settled.rejected, *holes], key=lambda row: (row.table, row.line, row.reason)
    )


def hole_words(one: Missing) -> str:
    """Such as `zhao: 2022-H1: branch: mass: no rating`."""
    return ": ".join(
        part for part in (one.subject, one.period, one.indicator, one.rater_group, one.reason) if part
    )


def write(
    settled: Settled,
    rejected: Sequence[Rejected],
    folder: Path,
    places: int,
    form: str = "csv",
    language: str = "zh",
) -> None:
    """scores, results and outcomes in the form asked for, and rejected.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "scores": [
            {
                **{
                    name: getattr(one, name)
                    for name in ("subject", "indicator", "part", "full", "rating", "score")
                },
                "self": one.self_rating,
                "note": one.note.say(language),
                "period": one.period,
            }
            for one in settled.scores
        ],
        "results": [
            {
                **{name: getattr(one, name) for name in COLUMNS["results"] if name != "parts"},
                "parts": "; ".join(f"{name}={files.decimal(points, places)}" for name, points in one.parts),
            }
            for one in settled.results
        ],
        "outcomes": [{name: getattr(one, name) for name in COLUMNS["outcomes"]} for one in settled.outcomes],
    }
    for table, rows in tables.items():
        _write_table(table, rows, folder, places, form)
    lines = ([row.table, row.line, row.reason] for row in rejected)
    files.write_csv(folder / "rejected.csv", ["table", "line", "reason"], lines)


def _write_table(table: str, rows: list[dict[str, Any]], folder: Path, places: int, form: str) -> None:
    columns = COLUMNS[table]
    empty = "" if form == "csv" else backends.EMPTY
    cells = ([_cell(name, row[name], places, empty) for name in columns] for row in rows)
    if form == "csv":
        files.write_csv(folder / f"{table}.csv", list(columns), cells)
        return
    with tempfile.TemporaryDirectory() as temporary:
        source = Path(temporary) / "rows.csv"
        files.write_csv(source, list(columns), cells)
        types = {name: kind or f"DECIMAL(18, {places})" for name, kind in columns.items()}
        backends.write_parquet(source, types, folder / f"{table}.parquet")


def _cell(name: str, value: Any, places: int, empty: str) -> Any:
    if value is None:
        return empty
    if isinstance(value, bool):
        return "true" if value else "false"
    return files.decimal(value, places) if name in POINTS else value
