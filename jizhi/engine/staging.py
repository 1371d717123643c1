"""Files into the batch's tables: what is plainly good is taken over by the database, the rest is looked at row by row.

A query says which rows are beyond doubt; every other row goes through the same plain Python that reads small files
(`files.py`, `stages/match.py`), which either mends it or gives the reason for its refusal. So there is one place that
says what is wrong, and millions of good rows never meet it. A file that the database cannot read as a plain table goes
through Python as a whole.
"""
# ruff: noqa: S608 - SQL is put together from numbers and quoted words of the document

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jizhi.engine import backends, batch, files, intake
from jizhi.engine.backends import literal
from jizhi.engine.document.item import Item
from jizhi.engine.document.points import Band, Bands, Between, Each
from jizhi.engine.loader import Versions
from jizhi.engine.plan import Names
from jizhi.engine.stages import match, price
from jizhi.engine.tables import Rejected, Subject

TEXT = {"VARCHAR", "DOUBLE", "FLOAT"}
FIRST_DAY, LAST_DAY = match.EARLIEST.toordinal(), match.LATEST.toordinal()
MOST = int(match.MOST) * price.MILLION
EPOCH = dt.date(1970, 1, 1).toordinal()

NAMES = {"number": "INTEGER", "name": "VARCHAR"}
NEEDS = {
    "version": "INTEGER",
    "item": "INTEGER",
    "most": "BIGINT",
    "low": "BIGINT",
    "high": "BIGINT",
    "graded": "BOOLEAN",
    "member": "BOOLEAN",
}
GRADES = {"version": "INTEGER", "item": "INTEGER", "grade": "INTEGER"}


@dataclass
class Staging:
    """Reads files into the tables `subjects` and `facts` of a database, and remembers what was refused."""

    database: backends.Embedded
    versions: Versions
    names: Names
    rejected: list[Rejected] = field(default_factory=list)

    def read(self, subjects: Path, facts: Path) -> list[Rejected]:
        """Both files; `files.UnreadableFile` when one cannot be read at all. The refused rows in their order."""
        known = self._subjects(subjects)
        self._facts(facts, known)
        self.rejected.sort(key=lambda row: (row.table, row.line))
        return self.rejected

    def _subjects(self, path: Path) -> dict[str, Subject]:
        """Subjects are few: all of them are read row by row."""
        found = files.read_subjects(path)
        self.rejected += found.rejected
        known = {one.subject: one for one in found.subjects}
        batch.load_subjects(self.database, intake.Intake(known, [], []))
        return known

    def _facts(self, path: Path, known: dict[str, Subject]) -> None:
        source = self.database.source(path, files.FACT_COLUMNS, files.FACT_OPTIONAL)
        if source is None or not self._staged(source):
            self._row_by_row(files.rows(path, files.FACT_COLUMNS), known)
            return
        doubtful = self._doubtful()
        if doubtful:
            self._row_by_row(self._again(source, doubtful), known, beside="staged")
        else:
            self.database.view("facts", f"SELECT {', '.join(batch.FACTS)} FROM staged")

    def _staged(self, source: backends.Source) -> bool:
        """Takes all rows over; False when the file is not the plain table that it seemed to be."""
        self._load_names()
        try:
            self.database.define("staged", staged_sql(source, self.versions))
        except backends.Failed:
            return False
        ((count,),) = self.database.rows("SELECT COUNT(*) FROM staged")
        if count > batch.FULL * self.database.chunk:
            self.database.compact()
        return source.rows is None or source.rows == count

    def _load_names(self) -> None:
        self.database.load("item_words", NAMES, [(number, name) for name, number in self.names.items.items()])
        self.database.load(
            "grade_words", NAMES, [(number, name) for name, number in self.names.grades.items()]
        )
        self.database.load("needs", NEEDS, needs(self.versions, self.names))
        self.database.load("needed_grades", GRADES, needed_grades(self.versions, self.names))

    def _doubtful(self) -> set[int]:
        """The lines that somebody has to look at; they leave the staged rows."""
        rising = (
            "SELECT COUNT(*) FROM (SELECT fact <= LAG(fact) OVER () AS falls FROM staged) x WHERE x.falls"
        )
        twice = "SELECT fact FROM staged GROUP BY fact HAVING COUNT(*) > 1"
        where = "plain IS NOT TRUE"
        if self.database.rows(rising)[0][0]:
            where += f" OR fact IN ({twice})"
        lines = {line for (line,) in self.database.rows(f"SELECT line FROM staged WHERE {where}")}
        if lines:
            self.database.run(f"DELETE FROM staged WHERE {where}")
        return lines

    def _again(self, source: backends.Source, lines: set[int]) -> Iterable[tuple[int, dict[str, str]]]:
        """The same rows as text, once more from the file."""
        self.database.load("doubtful", {"line": "BIGINT"}, [(line,) for line in sorted(lines)])
        columns = ", ".join(f"CAST(r.{name} AS VARCHAR)" for name in source.types)
        query = f"SELECT r.line, {columns} FROM ({source.sql}) r JOIN doubtful d ON d.line = r.line ORDER BY r.line"
        for line, *cells in self.database.rows(query):
            yield line, files.text_row(list(source.types), cells)

    def _row_by_row(
        self, rows: Iterable[tuple[int, dict[str, str]]], known: dict[str, Subject], beside: str = ""
    ) -> None:
        """Rows that need a look: refused with a reason, or added to the facts."""
        found = files.read_facts(rows)
        self.rejected += found.rejected
        sifted = intake.sift(self.versions, known.values(), found.facts)
        self.rejected += [
            Rejected("facts", found.fact_lines[row.line], row.reason)
            for row in sifted.rejected
            if row.table == "facts"
        ]
        batch.load_facts(self.database, self.names, known, sifted.facts)
        if beside:
            self.database.append("facts", f"SELECT {', '.join(batch.FACTS)} FROM {beside}")


def needs(versions: Versions, names: Names) -> Iterable[tuple[Any, ...]]:
    """What a fact of each item has to bring under each version, in millionths."""
    for number, version in enumerate(versions.entries):
        for item in version.scheme.items:
            low, high = _bounds(item)
            member = isinstance(item.points, Each) and item.points.per_member
            yield number, names.items[item.id], _most(item), low, high, item.needs == "grade", member


def _most(item: Item) -> int | None:
    """The largest quantity of which the price stays sensible; None when none is needed."""
    if item.needs != "quantity":
        return None
    tiers = item.points.bands if isinstance(item.points, Bands) else (item.points,)
    each = max((tier.each for tier in tiers if isinstance(tier, Band | Each)), default=0)
    return MOST if not each else min(MOST, int(match.MOST_POINTS / each * price.MILLION) - 1)


def _bounds(item: Item) -> tuple[int | None, int | None]:
    if not isinstance(item.points, Between):
        return None, None
    low, high = item.points.between
    return price.millionths(low), price.millionths(high)


def needed_grades(versions: Versions, names: Names) -> Iterable[tuple[Any, ...]]:
    """The grades that an item knows under each version."""
    for number, version in enumerate(versions.entries):
        for item in version.scheme.items:
            for grade in item.grades:
                yield number, names.items[item.id], names.grades[grade]


def staged_sql(source: backends.Source, versions: Versions) -> str:
    """Every row in numbers, with `plain`: whether it can be used beyond doubt."""
    number, numbered = _whole(source, "fact")
    day, dated = _day(source)
    quantity, counted = _amount(source, "quantity")
    given, judged = _amount(source, "given")
    taken_back, said = _truth(source, "reversed")
    grade = "CAST(r.grade AS VARCHAR)" if "grade" in source.types else "CAST(NULL AS VARCHAR)"
    act = "NULLIF(CAST(r.act AS VARCHAR), '')" if "act" in source.types else "CAST(NULL AS VARCHAR)"
    return f"""
SELECT x.line, x.fact, x.subject, x.item, x.day, x.quantity, x.grade, x.given, x.act, x.reversed,
       x.plain AND x.fact >= 0 AND x.subject IS NOT NULL AND x.item IS NOT NULL
       AND x.day BETWEEN {FIRST_DAY} AND {LAST_DAY}
       AND (x.quantity IS NULL OR x.quantity BETWEEN 0 AND {MOST})
       AND (x.given IS NULL OR x.given BETWEEN 0 AND {MOST})
       AND (n.item IS NULL OR (
           (n.most IS NULL OR x.quantity <= n.most) AND (n.low IS NULL OR x.given BETWEEN n.low AND n.high)
           AND (NOT n.graded OR g.grade IS NOT NULL) AND (NOT n.member OR x.size IS NOT NULL))) AS plain
FROM (
    SELECT r.line, {number} AS fact, s.subject, s.size, i.number AS item, {day} AS day, {quantity} AS quantity,
           w.number AS grade, {given} AS given, {act} AS act, {taken_back} AS reversed,
           {numbered} AND {dated} AND {counted} AND {judged} AND {said}
           AND ({grade} IS NULL OR {grade} = '' OR w.number IS NOT NULL) AND {_clean(source, "act")} AS plain
    FROM ({source.sql}) r
    LEFT JOIN subjects s ON s.key = CAST(r.subject AS VARCHAR)
    LEFT JOIN item_words i ON i.name = CAST(r.item AS VARCHAR)
    LEFT JOIN grade_words w ON w.name = {grade}
) x
LEFT JOIN needs n ON n.version = {_version("x.day", versions)} AND n.item = x.item
LEFT JOIN needed_grades g ON g.version = n.version AND g.item = n.item AND g.grade = x.grade"""


def _version(day: str, versions: Versions) -> str:
    """The number of the version in force on a day."""
    whens = [
        f"WHEN {day} >= {version.from_date.toordinal()} THEN {number}"
        if version.from_date
        else f"ELSE {number}"
        for number, version in reversed(list(enumerate(versions.entries)))
    ]
    return (
        whens[0].removeprefix("ELSE ")
        if len(whens) == 1 and whens[0].startswith("ELSE")
        else f"CASE {' '.join(whens)} END"
    )


def _whole(source: backends.Source, name: str) -> tuple[str, str]:
    """A whole number, and whether the cell says it beyond doubt."""
    if source.whole(name):
        return f"CAST(r.{name} AS BIGINT)", f"r.{name} IS NOT NULL"
    value = f"TRY_CAST(r.{name} AS BIGINT)"
    return value, f"COALESCE(CAST({value} AS VARCHAR) = r.{name}, FALSE)"


def _day(source: backends.Source) -> tuple[str, str]:
    if source.types["date"] == "DATE":
        return f"CAST(r.date - DATE '1970-01-01' AS INTEGER) + {EPOCH}", "r.date IS NOT NULL"
    value = "TRY_CAST(r.date AS DATE)"
    return (
        f"CAST({value} - DATE '1970-01-01' AS INTEGER) + {EPOCH}",
        f"COALESCE(CAST({value} AS VARCHAR) = CAST(r.date AS VARCHAR), FALSE)",
    )


def _amount(source: backends.Source, name: str) -> tuple[str, str]:
    """An amount in millionths, and whether the cell says it beyond doubt or is empty."""
    if name not in source.types:
        return "CAST(NULL AS BIGINT)", "TRUE"
    if source.whole(name):
        return f"CAST(r.{name} AS BIGINT) * 1000000", f"COALESCE(ABS(r.{name}) <= {match.MOST}, TRUE)"
    text = f"CAST(r.{name} AS VARCHAR)"
    value = f"CAST(TRY_CAST({text} AS DECIMAL(16, 6)) * 1000000 AS BIGINT)"
    if source.exact(name):
        value = f"CAST(CASE WHEN ABS(r.{name}) <= {match.MOST} THEN r.{name} END * 1000000 AS BIGINT)"
        return value, f"COALESCE(ABS(r.{name}) <= {match.MOST}, TRUE)"
    empty = f"({text} IS NULL OR {text} = '')"
    return value, f"({empty} OR regexp_full_match({text}, '[0-9]{{1,9}}([.][0-9]{{1,6}})?'))"


def _truth(source: backends.Source, name: str) -> tuple[str, str]:
    if name not in source.types:
        return "FALSE", "TRUE"
    if source.types[name] == "BOOLEAN":
        return f"COALESCE(r.{name}, FALSE)", "TRUE"
    text = f"LOWER(COALESCE(CAST(r.{name} AS VARCHAR), ''))"
    yes, no = (
        ", ".join(literal(word) for word, truth in files.TRUTH.items() if truth is one)
        for one in (True, False)
    )
    return f"{text} IN ({yes})", f"({text} IN ({yes}) OR {text} IN ({no}))"


def _clean(source: backends.Source, name: str) -> str:
    """Whether free text has no blanks around it and no control characters."""
    if name not in source.types:
        return "TRUE"
    text = f"CAST(r.{name} AS VARCHAR)"
    return (
        f"({text} IS NULL OR regexp_full_match({text}, '([^\\s[:cntrl:]]([^[:cntrl:]]*[^\\s[:cntrl:]])?)?'))"
    )
