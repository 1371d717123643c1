"""Stars from files to files: a stars document, subjects and facts in, star sheets and refused rows as CSV out.

The inputs are those of a settlement. Rated at the end of a year, it also writes the persons that `pay_files.py` reads.
What a star is worth is worked out in `jizhi/engine/stars`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

from jizhi.engine import files, pay_files, stars
from jizhi.engine.document.problem import DocumentError
from jizhi.engine.stars import StarSheet
from jizhi.engine.tables import Rejected
from jizhi.engine.windows import Calendar

SHEET = ("base", "raised", "dropped", "removed", "floor_lift", "ceiling_cut", "stars")
LINE = ("price", "held_back", "counted")


def run(
    document: Path,
    subjects: Path,
    facts: Path,
    out: Path,
    *,
    year: int | None = None,
    on: dt.date | None = None,
    language: str = "zh",
    echo: Callable[[str], None] = pay_files.to_stderr,
    done: Callable[[dict[str, int]], None] | None = None,
) -> int:
    """Rates everybody on a day, or at the end of a year: exit status as `pay_files.run`.

    With a year, persons.csv has what a pay sheet of that year needs. `done` hears the rows of each table.
    """
    if (year is None) == (on is None):
        raise ValueError("either `year` or `on`")
    try:
        if year is not None:
            pay_files.check_year(year)
        versions = stars.load_versions(document)
        rows = files.read(subjects, facts)
        day = on or Calendar.of(versions.pricing.latest).parse(f"{year:04}").end
        found = stars.settle(versions, rows.subjects, rows.facts, day)
        rejected = _lined(rows, subjects, found.rejected)
        write(found.sheets, rejected, out)
        if year is not None:
            pay_files.write_persons(stars.payable(versions, rows.subjects, rows.facts, year)[0], out)
    except DocumentError as error:
        return pay_files.told(error, language, echo)
    except (files.UnreadableFile, OSError) as error:
        echo(str(error))
        return 2
    pay_files.told_rows(rejected, echo)
    if done:
        lines = sum(len(one.lines) for one in found.sheets)
        done({"stars": len(found.sheets), "star_lines": lines, "rejected": len(rejected)})
    return 3 if rejected else 0


def _lined(rows: files.Input, subjects: Path, later: Sequence[Rejected]) -> list[Rejected]:
    """All refused rows with their lines: of reading, and of rating."""
    lines = {row.get("subject", ""): line for line, row in files.rows(subjects, files.SUBJECT_COLUMNS)}
    found = list(rows.rejected)
    for row in later:
        of_fact = row.table == "facts"
        line = rows.fact_lines[row.line] if of_fact else lines[rows.subjects[row.line - 1].subject]
        found.append(Rejected(row.table, line, row.reason))
    return sorted(found, key=lambda row: (row.table, row.line))


def write(sheets: Sequence[StarSheet], rejected: Sequence[Rejected], folder: Path) -> None:
    """stars.csv with a row for each person, star_lines.csv and rejected.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    header = ["person", "group", "date", "rated", *SHEET, "level", "reason", "reason_en"]
    files.write_csv(folder / "stars.csv", header, (_sheet(one) for one in sheets))
    header = [
        "person",
        "part",
        "item",
        "fact",
        "date",
        "until",
        *LINE,
        "limit",
        "note",
        "reason",
        "reason_en",
    ]
    lines = (_line(one.person, line) for one in sheets for line in one.lines)
    files.write_csv(folder / "star_lines.csv", header, lines)
    pay_files.write_rejected(rejected, folder)


def _sheet(sheet: StarSheet) -> list[str]:
    numbers = [pay_files.written(getattr(sheet, name)) for name in SHEET]
    rated = "true" if sheet.rated else "false"
    words = [sheet.level, sheet.reason.zh, sheet.reason.en]
    return [sheet.person, sheet.group, sheet.date.isoformat(), rated, *numbers, *words]


def _line(person: str, line: stars.StarLine) -> list[str]:
    number = "" if line.fact is None else str(line.fact)
    until = line.until.isoformat() if line.until else ""
    amounts = [pay_files.written(getattr(line, name)) for name in LINE]
    words = [line.limit, line.note, line.reason.zh, line.reason.en]
    return [person, line.part, line.item, number, line.date.isoformat(), until, *amounts, *words]
