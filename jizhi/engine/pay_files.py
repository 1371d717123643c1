"""Pay from files to files: a pay table and persons as CSV or Parquet in, pay sheets and refused rows as CSV out.

Knows the columns, not the sums: those are in `jizhi/engine/pay`. Every row that cannot be used is kept in rejected.csv
with its line and reason, as in a settlement.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from jizhi.engine import files, pay, reading, stars
from jizhi.engine.document.pay import Pay, PayDocument
from jizhi.engine.document.problem import DocumentError, Problem
from jizhi.engine.document.text import Text
from jizhi.engine.pay import PaySheet, Person
from jizhi.engine.reading import version_files
from jizhi.engine.tables import Rejected

COLUMNS = (
    "person",
    "name",
    "group",
    "level",
    "stars",
    "previous_stars",
    "first_stars",
    "from_date",
    "to_date",
)
KINDS = tuple(pay.TITLES)
FIRST_YEAR, LAST_YEAR = 1900, 2199
MOST_STARS = Decimal(10**6)


@dataclass(frozen=True)
class Table:
    """A pay table and the first day of the year for which it pays."""

    pay: Pay
    starts: str = "01-01"


def to_stderr(message: str) -> None:
    """Where messages go unless the caller knows better."""
    sys.stderr.write(f"{message}\n")


def run(
    document: Path,
    persons: Path,
    year: int,
    out: Path,
    *,
    language: str = "zh",
    echo: Callable[[str], None] = to_stderr,
    done: Callable[[dict[str, int]], None] | None = None,
) -> int:
    """Pays a year; `done` hears the rows of each table.

    0 all well, 1 the document is wrong, 2 a file cannot be read or written, 3 rows were refused."""
    try:
        check_year(year)
        table = load(document, year)
        sheets, rejected = settle(table, persons, year)
        write(sheets, rejected, out)
    except DocumentError as error:
        return told(error, language, echo)
    except (files.UnreadableFile, OSError) as error:
        echo(str(error))
        return 2
    told_rows(rejected, echo)
    if done:
        lines = sum(len(one.lines) for one in sheets)
        done({"pay": len(sheets), "pay_lines": lines, "rejected": len(rejected)})
    return 3 if rejected else 0


def told_rows(rejected: Sequence[Rejected], echo: Callable[[str], None]) -> None:
    """Says the first refused rows; all of them are in rejected.csv."""
    for row in rejected[:20]:
        echo(f"{row.table}:{row.line}: {row.reason}")
    if len(rejected) > 20:
        echo(f"… {len(rejected)}")


def told(error: DocumentError, language: str, echo: Callable[[str], None]) -> int:
    """Says every problem of a document; the exit status: 2 when there is none to be read, else 1."""
    for problem in error.problems:
        echo(problem.say(language))
    return 2 if all(problem.code == "unreadable" for problem in error.problems) else 1


def check_year(year: int) -> None:
    """Refuses years that no calendar of the files knows."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise files.UnreadableFile(f"{year}: {FIRST_YEAR} – {LAST_YEAR}")


def load(path: Path, year: int) -> Table:
    """The pay table in force at the end of that year: of stars, or of a file or folder with `pay:` alone."""
    if _has_stars(path):
        versions = stars.load_versions(path)
        starts = versions.entries[-1].stars.year.starts
        version = versions.on(_last_day(year, starts)) or versions.entries[0].stars
        if version.pay is None:
            message = Text(
                zh=f"{year} 年适用的版本没有 pay", en=f"the version in force in {year} has no `pay`"
            )
            raise DocumentError([Problem("missing-key", "error", message, str(path), 1, expected="pay")])
        return Table(version.pay, starts)
    paths = version_files.of(path)
    days = {one: version_files.day_of(one, alone=len(paths) == 1) or dt.date.min for one in paths}
    found = {one: reading.build(PayDocument, reading.read(one)) for one in paths}
    starts = found[paths[-1]].year.starts
    in_force = [one for one in paths if days[one] <= _last_day(year, starts)]
    return Table(found[in_force[-1] if in_force else paths[0]].pay, starts)


def _has_stars(path: Path) -> bool:
    """Whether a file, or the first of a folder, is a stars document; a folder without files is looked at as one."""
    plain = [reading.read(one).plain for one in version_files.of(path)[:1]]
    return not plain or (isinstance(plain[0], dict) and "stars" in plain[0])


def _last_day(year: int, starts: str) -> dt.date:
    month, day = (int(part) for part in starts.split("-"))
    return dt.date(year + 1, month, day) - dt.timedelta(days=1)


def settle(table: Table, persons: Path, year: int) -> tuple[list[PaySheet], list[Rejected]]:
    """Sheets by person and refused rows by line; UnreadableFile when the file cannot be read at all."""
    rejected: list[Rejected] = []
    lines: dict[str, int] = {}
    people: list[Person] = []
    for line, row in files.rows(persons, COLUMNS[:1]):
        try:
            one = person(row)
            if one.person in lines:
                raise files.UnusableRow(
                    f"person: used twice, first in line {lines[one.person]}: {one.person}"
                )
            lines[one.person] = line
            people.append(one)
        except files.UnusableRow as wrong:
            rejected.append(Rejected("persons", line, str(wrong)))
    sheets, refused = pay.settle(table.pay, people, year, table.starts)
    rejected += [
        Rejected("persons", lines[people[place].person], error.message.en) for place, error in refused
    ]
    return sorted(sheets, key=lambda one: one.person.person), sorted(rejected, key=lambda row: row.line)


def person(row: dict[str, str]) -> Person:
    """A row of persons; UnusableRow says why not."""
    if not row.get("person"):
        raise files.UnusableRow("person: missing")
    days = files.subject({**row, "subject": row["person"]})
    left = row.get("left_normally", "").lower()
    if left not in files.TRUTH:
        raise files.UnusableRow(f"left_normally: neither true nor false: {left}")
    return Person(
        row["person"],
        row.get("name", ""),
        days.group,
        row.get("level", ""),
        _stars(row, "stars"),
        _stars(row, "previous_stars"),
        _stars(row, "first_stars"),
        days.from_date,
        days.to_date,
        files.TRUTH[left] or not left,
    )


def _stars(row: dict[str, str], name: str) -> int | None:
    """Stars in hundredths; nothing may be rounded."""
    text = row.get(name, "")
    if not text:
        return None
    number = Decimal(text) if files.NUMBER.fullmatch(text) else Decimal(-1)
    if not 0 <= number <= MOST_STARS or number * 100 != int(number * 100):
        raise files.UnusableRow(f"{name}: not a number of stars such as 5 or 4.5: {text}")
    return int(number * 100)


def write(sheets: Sequence[PaySheet], rejected: Sequence[Rejected], folder: Path) -> None:
    """pay.csv with a row for each person, pay_lines.csv, pay_months.csv and rejected.csv; money in fen."""
    folder.mkdir(parents=True, exist_ok=True)
    header = [*COLUMNS[:7], *(f"{kind}_fen" for kind in KINDS), "total_fen"]
    files.write_csv(folder / "pay.csv", header, (_row(one) for one in sheets))
    lines = (
        [one.person.person, line.kind, line.title.zh, line.fen, line.reason.zh, line.reason.en]
        for one in sheets
        for line in one.lines
    )
    files.write_csv(
        folder / "pay_lines.csv", ["person", "line", "title", "fen", "reason", "reason_en"], lines
    )
    months = ([one.person.person, month, fen] for one in sheets for month, fen in one.months.items())
    files.write_csv(folder / "pay_months.csv", ["person", "month", "fen"], months)
    write_rejected(rejected, folder)


def write_rejected(rejected: Iterable[Rejected], folder: Path) -> None:
    """rejected.csv, as a settlement writes it."""
    rows = ([row.table, row.line, row.reason] for row in rejected)
    files.write_csv(folder / "rejected.csv", ["table", "line", "reason"], rows)


def _row(sheet: PaySheet) -> list[str | int]:
    one = sheet.person
    counted = [written(one.stars), written(one.previous_stars), written(one.first_stars)]
    amounts = [sheet.fen(kind) for kind in KINDS]
    return [one.person, one.name, one.group, one.level, *counted, *amounts, sheet.total]


def write_persons(persons: Iterable[Person], folder: Path) -> None:
    """persons.csv, as `settle` reads it."""
    rows = (
        [
            one.person,
            one.name,
            one.group,
            one.level,
            *(written(amount) for amount in (one.stars, one.previous_stars, one.first_stars)),
            *(_day(day) for day in (one.from_date, one.to_date)),
        ]
        for one in persons
    )
    files.write_csv(folder / "persons.csv", COLUMNS, rows)


def written(hundredths: int | None) -> str:
    """Stars as they stand in a table, empty where there are none."""
    return "" if hundredths is None else pay.written(hundredths)


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
