"""Files into the batch's tables on Spark: rows beyond doubt are taken over by SQL, all others looked at one by one.

What is beyond doubt is said where the embedded backend says it (`engine/staging.py`); the same plain Python mends or
refuses the rest. A folder of Parquet files is one table: its lines go on from file to file in the order of their names.
A CSV is turned into Parquet beside the results first, so that every worker can read a part of it.
"""
# ruff: noqa: S608 - SQL is put together from names of our own tables and columns

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from jizhi.engine import backends, batch, files, intake, staging
from jizhi.engine.loader import Versions
from jizhi.engine.plan import Names
from jizhi.engine.spark.database import Spark
from jizhi.engine.tables import Rejected, Subject

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

ROWS_PER_TASK = 500_000
SENT_WHOLE = 1_000_000  # subjects up to which all of them go to every worker while facts are read
LINE, FILE = "jizhi_line", "jizhi_file"
KINDS = {"string": "VARCHAR", "int": "INTEGER"}  # other types have the same name in both dialects
CLEAN = r"([^\s[:cntrl:]]([^[:cntrl:]]*[^\s[:cntrl:]])?)?"
FIRST, LAST = dt.date.min.toordinal(), dt.date.max.toordinal()


@dataclass
class Reading:
    """Reads files into the tables `subjects` and `facts`, and remembers what was refused."""

    database: Spark
    versions: Versions
    names: Names
    scratch: Path
    rejected: list[Rejected] = field(default_factory=list)

    def read(self, subjects: Path, facts: Path) -> list[Rejected]:
        """Both tables; `files.UnreadableFile` when one cannot be read at all. The refused rows in their order."""
        known = self._source("subjects", subjects, files.SUBJECT_COLUMNS, files.SUBJECT_OPTIONAL)
        acts = self._source("facts", facts, files.FACT_COLUMNS, files.FACT_OPTIONAL)
        self._subjects(known)
        self._facts(acts)
        self.rejected.sort(key=lambda row: (row.table, row.line))
        return self.rejected

    def _source(
        self, table: str, path: Path, required: Sequence[str], optional: Sequence[str]
    ) -> backends.Source:
        """A file or a folder as a query over a table of that name, with lines."""
        try:
            if path.is_dir() or path.suffix.lower() in (".parquet", ".pq"):
                frame, rows = _lined(self.database.session.read.parquet(str(path.absolute())))
            else:
                target = self.scratch / f"{table}.parquet"
                self.rejected += _as_parquet(table, path, required, optional, target)
                frame = self.database.session.read.parquet(str(target.absolute()))
                rows = frame.count()
            columns = [name for name in frame.columns if name != LINE]
            found = dict(zip(files.names_of(path, columns, required), columns, strict=True))
        except files.UnreadableFile:
            raise
        except Exception as error:  # whatever Spark says of a file that it cannot read
            raise files.UnreadableFile(f"{path}: {str(error).partition(chr(10))[0]}") from error
        kept = [name for name in (*required, *optional) if name in found]
        chosen = frame.select(*(_cell(frame, found[name], name) for name in kept), frame[LINE].alias("line"))
        self.database.place(f"{table}_read", chosen)
        kinds = {name: _kind(chosen.schema[name].dataType.simpleString()) for name in kept}
        self.database.expect(rows, ROWS_PER_TASK)
        return backends.Source(f"SELECT * FROM {table}_read", kinds, rows)

    def _subjects(self, source: backends.Source) -> None:
        self.database.define("staged_subjects", subjects_sql(source))
        lines = self._doubtful("staged_subjects", "key")
        found = files.Input()
        while True:
            found = files.subjects_of(self._again(source, lines))
            more = self._meeting("staged_subjects", "key", [one.subject for one in found.subjects], lines)
            if not more:
                break
            lines |= more
        self.rejected += found.rejected
        mended = intake.Intake({one.subject: one for one in found.subjects}, [], [])
        batch.load_subjects(self.database, mended)
        plain = self._plain("staged_subjects", batch.SUBJECTS, lines, skip="subject")
        rest = ", ".join(name for name in batch.SUBJECTS if name != "subject")
        self.database.define("every_subject", f"{plain} UNION ALL SELECT {rest} FROM subjects")
        numbered = "CAST(ROW_NUMBER() OVER (ORDER BY e.grp, e.key) - 1 AS INTEGER) AS subject"
        frame = self.database.frame(f"SELECT {numbered}, e.* FROM every_subject e")
        self.database.spread("subjects", frame)

    def _facts(self, source: backends.Source) -> None:
        self._load_words()
        with self.database.sent_whole("subjects", SENT_WHOLE):
            self.database.define("staged", staging.staged_sql(source, self.versions))
        lines = self._doubtful("staged", "fact")
        found, known = files.Input(), {}
        while True:
            rows = list(self._again(source, lines))
            found, known = files.read_facts(rows), self._known({row.get("subject", "") for _, row in rows})
            more = self._meeting("staged", "fact", [one.fact for one in found.facts], lines)
            if not more:
                break
            lines |= more
        self.rejected += found.rejected
        sifted = intake.sift(self.versions, [one for _, one in known.values()], found.facts)
        self.rejected += [
            Rejected("facts", found.fact_lines[row.line], row.reason) for row in sifted.rejected
        ]
        numbers = {key: number for key, (number, _) in known.items()}
        self.database.load("mended", batch.FACTS, batch.fact_rows(self.names, numbers, sifted.facts))
        plain = self._plain("staged", batch.FACTS, lines)
        query = f"{plain} UNION ALL SELECT * FROM mended" if sifted.facts else plain
        self.database.spread("facts", self.database.frame(query))

    def _load_words(self) -> None:
        items, grades = (
            [(n, name) for name, n in one.items()] for one in (self.names.items, self.names.grades)
        )
        self.database.load("item_words", staging.NAMES, items)
        self.database.load("grade_words", staging.NAMES, grades)
        self.database.load("needs", staging.NEEDS, staging.needs(self.versions, self.names))
        self.database.load("needed_grades", staging.GRADES, staging.needed_grades(self.versions, self.names))

    def _doubtful(self, table: str, key: str) -> set[int]:
        """The lines that somebody has to look at, every line of a key that is used twice among them."""
        twice = f"SELECT {key} FROM {table} WHERE {key} IS NOT NULL GROUP BY {key} HAVING COUNT(*) > 1"
        query = f"SELECT line FROM {table} WHERE plain IS NOT TRUE UNION SELECT x.line FROM {table} x JOIN ({twice}) t"
        return {line for (line,) in self.database.rows(f"{query} ON t.{key} = x.{key}")}

    def _meeting(self, table: str, key: str, mended: list[str] | list[int], lines: set[int]) -> set[int]:
        """The lines of rows beyond doubt whose key a mended row has too."""
        if not mended:
            return set()
        self.database.load(
            "mended_keys", {key: "BIGINT" if key == "fact" else "VARCHAR"}, [(one,) for one in mended]
        )
        query = f"SELECT x.line FROM {table} x JOIN mended_keys m ON m.{key} = x.{key}"
        return {line for (line,) in self.database.rows(query)} - lines

    def _again(self, source: backends.Source, lines: set[int]) -> Iterable[tuple[int, dict[str, str]]]:
        """Rows as text, once more from the file."""
        if not lines:
            return
        self.database.load("doubtful", {"line": "BIGINT"}, [(line,) for line in sorted(lines)])
        columns = ", ".join(_as_text(name, kind) for name, kind in source.types.items())
        query = f"SELECT r.line, {columns} FROM ({source.sql}) r JOIN doubtful d ON d.line = r.line ORDER BY r.line"
        for line, *cells in self.database.rows(query):
            yield line, files.text_row(list(source.types), cells)

    def _plain(self, table: str, columns: Iterable[str], lines: set[int], skip: str = "") -> str:
        """The rows beyond doubt."""
        kept = ", ".join(f"p.{name}" for name in columns if name != skip)
        if not lines:
            return f"SELECT {kept} FROM {table} p"
        self.database.load(f"doubtful_{table}", {"line": "BIGINT"}, [(line,) for line in sorted(lines)])
        return f"SELECT {kept} FROM {table} p WHERE NOT EXISTS (SELECT 1 FROM doubtful_{table} d WHERE d.line = p.line)"

    def _known(self, keys: set[str]) -> dict[str, tuple[int, Subject]]:
        """The subjects of some facts, with their numbers."""
        if not keys:
            return {}
        self.database.load("asked", {"key": "VARCHAR"}, [(key,) for key in sorted(keys)])
        names = "s.subject, s.key, s.grp, s.class, s.size, s.first_day, s.last_day"
        return {
            key: (number, Subject(key, group, klass, size, _bound(first, FIRST), _bound(last, LAST)))
            for number, key, group, klass, size, first, last in self.database.rows(
                f"SELECT {names} FROM subjects s JOIN asked a ON a.key = s.key"
            )
        }


def _as_text(name: str, kind: str) -> str:
    """A cell as a CSV would have said it: numbers without an exponent."""
    text = f'CAST(r."{name}" AS VARCHAR)'
    if kind in ("DOUBLE", "FLOAT"):
        large = f"ABS(r.{name}) >= 10000000 AND ABS(r.{name}) < 1000000000000000000"
        return f"CASE WHEN {large} THEN CAST(CAST(r.{name} AS DECIMAL(38, 6)) AS VARCHAR) ELSE {text} END"
    return text


def _bound(day: int, open_end: int) -> dt.date | None:
    return None if day == open_end else dt.date.fromordinal(day)


def _as_parquet(
    table: str, path: Path, required: Sequence[str], optional: Sequence[str], target: Path
) -> list[Rejected]:
    """The rows of a CSV as Parquet with their lines, every cell still text; the rows that are no rows of the table."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with backends.Embedded() as database:
        source = database.source(path, required, optional)
        try:
            if source and database.copy(_with_line(source), target) == source.rows:
                return []
        except backends.Failed:
            pass  # not the plain table that it seemed to be
        names, wrong, good = [*required, *optional], [], []
        for line, row in files.rows(path, required):
            if row.get(""):
                wrong.append(Rejected(table, line, row[""]))
            else:
                good.append((*(row.get(name, "") for name in names), line))
        database.load(
            "cells", {**dict.fromkeys((f'"{name}"' for name in names), "VARCHAR"), LINE: "BIGINT"}, good
        )
        database.copy("SELECT * FROM cells", target)
        return wrong


def _with_line(source: backends.Source) -> str:
    return f"SELECT * EXCLUDE (line), line AS {LINE} FROM ({source.sql})"


def _cell(frame: DataFrame, column: str, name: str) -> Column:
    """A column as the portable SQL can take it: amounts in whole numbers as text, lest one too large stop the work."""
    whole = frame.schema[column].dataType.simpleString() in ("int", "bigint", "smallint", "tinyint")
    cell = frame[f"`{column}`"]
    return (cell.cast("string") if whole and name in ("quantity", "given") else cell).alias(name)


def _lined(frame: DataFrame) -> tuple[DataFrame, int]:
    """The rows with their line, as if their files lay one after the other under one header; and how many they are."""
    from pyspark.sql import functions as f

    placed = frame.select(
        "*", f.col("_metadata.file_path").alias(FILE), f.col("_metadata.row_index").alias(LINE)
    )
    counts = {row[0]: row[1] for row in placed.groupBy(FILE).count().collect()}
    before, pairs = 0, []
    for file in sorted(counts):
        pairs += [f.lit(file), f.lit(before)]
        before += counts[file]
    start = f.create_map(*pairs)[f.col(FILE)] if len(counts) > 1 else f.lit(0)
    return placed.withColumn(LINE, (f.col(LINE) + 2 + start).cast("bigint")).drop(FILE), before


def _kind(spark: str) -> str:
    """A Spark type by the name that the portable SQL knows."""
    decimal = re.fullmatch(r"decimal\((\d+),(\d+)\)", spark)
    return f"DECIMAL({decimal[1]},{decimal[2]})" if decimal else KINDS.get(spark, spark.upper())


def subjects_sql(source: backends.Source) -> str:
    """Every subject as the batch has it, with `line` and `plain`: whether it can be used beyond doubt."""
    key, named = _text(source, "subject")
    group, grouped = _text(source, "group")
    klass, classed = _text(source, "class")
    size, sized = _size(source)
    first, begun = _day(source, "from_date", FIRST)
    last, ended = _day(source, "to_date", LAST)
    return f"""
SELECT x.line, x.key, x.grp, x.class, x.size, COALESCE(x.size, 1) AS size_or_one, x.first_day, x.last_day,
       x.plain AND x.key <> '' AND x.first_day <= x.last_day
       AND (x.size IS NULL OR x.size <= {files.MOST_MEMBERS}) AS plain
FROM (
    SELECT r.line, {key} AS key, {group} AS grp, {klass} AS class, {size} AS size, {first} AS first_day,
           {last} AS last_day, {named} AND {grouped} AND {classed} AND {sized} AND {begun} AND {ended} AS plain
    FROM ({source.sql}) r
) x"""


def _text(source: backends.Source, name: str) -> tuple[str, str]:
    if name not in source.types:
        return "CAST('' AS VARCHAR)", "TRUE"
    text = f"COALESCE(CAST(r.\"{name}\" AS VARCHAR), '')"
    return text, f"regexp_full_match({text}, '{CLEAN}')"


def _size(source: backends.Source) -> tuple[str, str]:
    if "size" not in source.types:
        return "CAST(NULL AS BIGINT)", "TRUE"
    if source.whole("size"):
        return "CAST(r.size AS BIGINT)", "(r.size IS NULL OR r.size >= 0)"
    text = "COALESCE(CAST(r.size AS VARCHAR), '')"
    return f"TRY_CAST({text} AS BIGINT)", f"({text} = '' OR regexp_full_match({text}, '[0-9]{{1,7}}'))"


def _day(source: backends.Source, name: str, open_end: int) -> tuple[str, str]:
    if name not in source.types:
        return f"CAST({open_end} AS INTEGER)", "TRUE"
    text = f"COALESCE(CAST(r.{name} AS VARCHAR), '')"
    value = f"r.{name}" if source.types[name] == "DATE" else f"TRY_CAST({text} AS DATE)"
    number = f"COALESCE(CAST({value} - DATE '1970-01-01' AS INTEGER) + {staging.EPOCH}, {open_end})"
    return number, f"({text} = '' OR COALESCE(CAST({value} AS VARCHAR) = {text}, FALSE))"
