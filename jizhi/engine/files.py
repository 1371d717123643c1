"""The file interface: subjects and facts from CSV or Parquet, results back into files.

Every row that cannot be used is kept with its line and the reason. It knows the columns, not the rules. The line of a
Parquet row is counted as if the file had a header in line 1, so that both forms give the same numbers.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from jizhi.engine import backends
from jizhi.engine.tables import Fact, Rejected, Result, Subject

SUBJECT_COLUMNS = ("subject", "group")
FACT_COLUMNS = ("fact", "subject", "item", "date")
FACT_OPTIONAL = ("quantity", "grade", "given", "act", "reversed")
SUBJECT_OPTIONAL = ("class", "size", "from_date", "to_date")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WHOLE = re.compile(r"([+-]?[0-9]+)(\.0+)?")  # spreadsheets and data frames write 3 as 3.0
MIDNIGHT = re.compile(r"(?<=-[0-9]{2}) 00:00:00(\.0+)?$")  # a day kept as a timestamp
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
TRUTH = {
    "": False,
    "false": False,
    "0": False,
    "否": False,
    "no": False,
    "f": False,
    "n": False,
    "true": True,
    "1": True,
    "是": True,
    "yes": True,
    "t": True,
    "y": True,
}
LARGEST = 2**63 - 1
MOST_MEMBERS = 1_000_000


class UnreadableFile(ValueError):
    """A file that cannot be read at all, or lacks a column."""


class UnusableRow(ValueError):
    """A cell that cannot be used."""


@dataclass
class Input:
    """Usable rows, the line of each, and the refused ones."""

    subjects: list[Subject] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    fact_lines: dict[int, int] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)

    def lined(self, result: Result) -> list[Rejected]:
        """All refused rows: those of reading, and those of the settlement with their lines."""
        later = [
            Rejected(row.table, self.fact_lines[row.line] if row.table == "facts" else row.line, row.reason)
            for row in result.rejected
        ]
        return sorted([*self.rejected, *later], key=lambda row: (row.table, row.line))


def read(subjects: Path, facts: Path) -> Input:
    """Both tables; UnreadableFile when one cannot be read at all."""
    found = read_subjects(subjects)
    more = read_facts(rows(facts, FACT_COLUMNS))
    return Input(found.subjects, more.facts, more.fact_lines, found.rejected + more.rejected)


def read_subjects(path: Path) -> Input:
    """The subjects of a file."""
    return subjects_of(rows(path, SUBJECT_COLUMNS))


def subjects_of(rows: Iterable[tuple[int, dict[str, str]]]) -> Input:
    """Subjects out of rows of text with their lines."""
    found = Input()
    seen: dict[str, int] = {}
    for line, row in rows:
        try:
            someone = subject(row)
            if someone.subject in seen:
                first = seen[someone.subject]
                raise UnusableRow(f"subject: used twice, first in line {first}: {someone.subject}")
            seen[someone.subject] = line
            found.subjects.append(someone)
        except UnusableRow as wrong:
            found.rejected.append(Rejected("subjects", line, str(wrong)))
    return found


def read_facts(rows: Iterable[tuple[int, dict[str, str]]]) -> Input:
    """Facts out of rows of text with their lines."""
    found = Input()
    for line, row in rows:
        try:
            one = fact(row)
            if one.fact in found.fact_lines:
                raise UnusableRow(f"fact: used twice, first in line {found.fact_lines[one.fact]}: {one.fact}")
            found.fact_lines[one.fact] = line
            found.facts.append(one)
        except UnusableRow as wrong:
            found.rejected.append(Rejected("facts", line, str(wrong)))
    return found


def rows(path: Path, required: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Every row with its line; a row with more cells than columns has them under the empty name."""
    if path.suffix.lower() in (".parquet", ".pq"):
        yield from _parquet_rows(path, required)
        return
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            names = names_of(path, next(reader, []), required)
            last = reader.line_num
            for cells in reader:
                line, last = last + 1, reader.line_num
                if cells:
                    yield line, _row(names, cells)
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{path}: not UTF-8 text: save it as CSV UTF-8") from error
    except (OSError, csv.Error) as error:
        raise UnreadableFile(f"{path}: {error}") from error


def _parquet_rows(path: Path, required: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        header, rows = backends.read_parquet(path)
    except Exception as error:
        raise UnreadableFile(f"{path}: {str(error).partition(chr(10))[0]}") from error
    names = names_of(path, header, required)
    for line, cells in enumerate(rows, 2):
        yield line, text_row(names, cells)


def text_row(names: Sequence[str], cells: Sequence[str | None]) -> dict[str, str]:
    """A row of a typed table as a CSV would have said it."""
    return _row(names, ["" if cell is None else MIDNIGHT.sub("", cell) for cell in cells])


def names_of(path: Path, header: Sequence[str], required: Sequence[str]) -> list[str]:
    """The columns of a header as the interface knows them; UnreadableFile when one is missing or written twice."""
    names = [name.strip().lower() for name in header]
    missing = [name for name in required if name not in names]
    if missing:
        raise UnreadableFile(f"{path}: missing column: {', '.join(missing)}")
    if twice := sorted({name for name in names if name and names.count(name) > 1}):
        raise UnreadableFile(f"{path}: column written twice: {', '.join(twice)}")
    return names


def _row(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    row = {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
    if len(cells) > len(names) and any(cells[len(names) :]):
        row[""] = "more cells than columns"
    elif any(CONTROL.search(cell) for cell in cells):
        row[""] = "control character"
    return row


def subject(row: dict[str, str]) -> Subject:
    """A row of subjects; UnusableRow says why not."""
    _check_width(row)
    size = _whole(row, "size")
    if size is not None and not 0 <= size <= MOST_MEMBERS:
        raise UnusableRow(f"size: not from 0 to {MOST_MEMBERS}: {size}")
    first, last = _date(row, "from_date"), _date(row, "to_date")
    if first and last and first > last:
        raise UnusableRow(f"from_date: after to_date: {first}")
    return Subject(_text(row, "subject"), row.get("group", ""), row.get("class", ""), size, first, last)


def fact(row: dict[str, str]) -> Fact:
    """A row of facts; UnusableRow says why not."""
    _check_width(row)
    number, date = _whole(row, "fact"), _date(row, "date")
    if number is None:
        raise UnusableRow("fact: missing")
    if not 0 <= number <= LARGEST:
        raise UnusableRow(f"fact: not from 0 to {LARGEST}: {number}")
    if date is None:
        raise UnusableRow("date: missing")
    flag = row.get("reversed", "").lower()
    if flag not in TRUTH:
        raise UnusableRow(f"reversed: neither true nor false: {flag}")
    return Fact(
        number,
        _text(row, "subject"),
        _text(row, "item"),
        date,
        _number(row, "quantity"),
        row.get("grade") or None,
        _number(row, "given"),
        row.get("act") or None,
        TRUTH[flag],
    )


def _check_width(row: dict[str, str]) -> None:
    if row.get(""):
        raise UnusableRow(row[""])


def _text(row: dict[str, str], name: str) -> str:
    if not row.get(name):
        raise UnusableRow(f"{name}: missing")
    return row[name]


def _whole(row: dict[str, str], name: str) -> int | None:
    text = row.get(name, "")
    if not text:
        return None
    found = WHOLE.fullmatch(text)
    if not found:
        raise UnusableRow(f"{name}: not a whole number: {text}")
    return int(found[1])


def _number(row: dict[str, str], name: str) -> Decimal | None:
    text = row.get(name, "")
    if not text:
        return None
    if not NUMBER.fullmatch(text):
        raise UnusableRow(f"{name}: not a number: {text}")
    return Decimal(text)


def _date(row: dict[str, str], name: str) -> dt.date | None:
    text = row.get(name, "")
    if not text:
        return None
    try:
        if DATE.fullmatch(text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise UnusableRow(f"{name}: not a day such as 2022-05-03: {text}")


def decimal(hundredths: int, places: int) -> str:
    """Hundredths with the unit's places."""
    sign, (whole, rest) = "-" if hundredths < 0 else "", divmod(abs(hundredths), 100)
    return f"{sign}{whole}" if places == 0 else f"{sign}{whole}.{f'{rest:02}'[:places]}"


POINTS = {"price", "awarded", "held_back", "base", "total", "points"}
COLUMNS: dict[str, dict[str, str]] = {
    "awards": {
        "fact": "BIGINT",
        "subject": "VARCHAR",
        "item": "VARCHAR",
        "date": "DATE",
        "price": "",
        "awarded": "",
        "held_back": "",
        "limit": "VARCHAR",
        "note": "VARCHAR",
    },
    "totals": {
        "subject": "VARCHAR",
        "group": "VARCHAR",
        "period_kind": "VARCHAR",
        "period": "VARCHAR",
        "base": "",
        "awarded": "",
        "total": "",
        "rank": "BIGINT",
        "level": "VARCHAR",
        "vetoed": "BOOLEAN",
    },
    "outcomes": {
        "subject": "VARCHAR",
        "group": "VARCHAR",
        "period": "VARCHAR",
        "outcome": "VARCHAR",
        "title": "VARCHAR",
        "reason": "VARCHAR",
    },
    "shares": {"subject": "VARCHAR", "group": "VARCHAR", "period": "VARCHAR", "points": "", "fen": "BIGINT"},
}


def write(result: Result, rejected: Sequence[Rejected], folder: Path, places: int, form: str = "csv") -> None:
    """awards, totals, outcomes, shares in the form asked for, and rejected.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, columns in COLUMNS.items():
        rows = (
            [_cell(name, getattr(row, name), places) for name in columns] for row in getattr(result, table)
        )
        if form == "csv":
            write_csv(folder / f"{table}.csv", list(columns), rows)
            continue
        with tempfile.TemporaryDirectory() as temporary:
            source = Path(temporary) / "rows.csv"
            write_csv(source, list(columns), rows)
            types = {name: kind or f"DECIMAL(18, {places})" for name, kind in columns.items()}
            backends.write_parquet(source, types, folder / f"{table}.parquet")
    write_rejected(rejected, folder)


def write_rejected(rejected: Sequence[Rejected], folder: Path) -> None:
    """rejected.csv: every row that could not be used, with its line and the reason."""
    lines = ([row.table, row.line, row.reason] for row in rejected)
    write_csv(folder / "rejected.csv", ["table", "line", "reason"], lines)


def write_csv(path: Path, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A CSV with header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)


def _cell(name: str, value: Any, places: int) -> Any:
    if name in POINTS:
        return decimal(value, places)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, dt.date) else value
