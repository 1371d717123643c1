"""The only place that knows which database engine runs the batch: DuckDB inside the process.

Loads small and large tables, runs statements, gives rows back. It knows nothing of rules.
"""
# ruff: noqa: S608 - SQL is put together from numbers and quoted words of the document

from __future__ import annotations

import csv
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import duckdb

SMALL = 200
WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
EMPTY = "\x1f"
Failed = duckdb.Error


@dataclass(frozen=True)
class Source:
    """A file as a query: `line` and the known columns that it has, each with its type."""

    sql: str
    types: dict[str, str]
    rows: int | None  # how many there must be, where each line of the file is one

    def whole(self, name: str) -> bool:
        """Whether a column holds whole numbers."""
        return self.types[name] in WHOLE

    def exact(self, name: str) -> bool:
        """Whether a column holds decimals with no more places than a millionth."""
        found = re.fullmatch(r"DECIMAL\((\d+),\s*(\d+)\)", self.types[name])
        return found is not None and int(found[2]) <= 6 and int(found[1]) - int(found[2]) + 6 <= 32


class Backend(Protocol):
    """What the batch asks of a database engine; SQL is DuckDB's, of the portable kind."""

    chunk: int
    gathers: bool

    def load(self, table: str, columns: dict[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """Makes a table, in place of an older one of the name."""

    def define(self, name: str, query: str) -> None:
        """Makes a table of a query's rows."""

    def append(self, table: str, query: str) -> None:
        """Adds a query's rows to a table."""

    def drop(self, name: str) -> None:
        """Forgets a table."""

    def compact(self) -> None:
        """A good moment to make what is kept smaller."""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""


class Embedded:
    """A DuckDB inside the process, its tables compressed in memory; use it as a context manager."""

    chunk = 2_000_000  # facts that are priced at once; memory grows with it, time hardly
    gathers = True  # full windows are looked for first, and only they are gone through

    def __init__(self, memory: str = "") -> None:
        """`memory` bounds what it takes, such as `4GB`; what does not fit goes to a temporary folder."""
        self._folder = tempfile.TemporaryDirectory(prefix="jizhi-batch-")
        config: dict[str, Any] = {"threads": os.cpu_count() or 1, "temp_directory": self._folder.name}
        self._connection = duckdb.connect(config=config | ({"memory_limit": memory} if memory else {}))
        self._views: set[str] = set()
        self._connection.execute("ATTACH ':memory:' AS work (COMPRESS)")
        self._connection.execute("USE work")
        self._connection.execute("SET enable_progress_bar = false")

    def __enter__(self) -> Embedded:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._folder.cleanup()

    def load(self, table: str, columns: dict[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """Makes a table of these columns (name to SQL type) from rows; None is NULL."""
        types = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        self._clear(table)
        self._connection.execute(f"CREATE TABLE {table} ({types})")
        listed = rows if isinstance(rows, list) else list(rows)
        if not listed:
            return
        if len(listed) <= SMALL:
            values = ", ".join("(" + ", ".join(literal(value) for value in row) + ")" for row in listed)
            self._connection.execute(f"INSERT INTO {table} VALUES {values}")
            return
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "rows.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, quoting=csv.QUOTE_MINIMAL).writerows(
                    [EMPTY if value is None else value for value in row] for row in listed
                )
            self.load_csv(table, columns, path)

    def load_csv(self, table: str, columns: dict[str, str], path: Path) -> None:
        """Adds the rows of a file without header."""
        shape = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
        self._connection.execute(
            f"INSERT INTO {table} SELECT * FROM read_csv({literal(str(path))}, header=false, delim=',', quote='\"', "
            f"escape='\"', nullstr={literal(EMPTY)}, auto_detect=false, columns={{{shape}}})"
        )

    def source(self, path: Path, required: Sequence[str], optional: Sequence[str]) -> Source | None:
        """A file as a query, or None when it is not a plain table that can be read without a closer look."""
        quoted, parquet = literal(str(path)), path.suffix.lower() in (".parquet", ".pq")
        try:
            if parquet:
                reading = f"read_parquet({quoted})"
            else:
                header = _plain_header(path)
                if header is None:
                    return None
                shape = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in header)
                reading = (
                    f"read_csv({quoted}, header=true, delim=',', quote='\"', escape='\"', auto_detect=false, "
                    f"nullstr='', columns={{{shape}}})"
                )
            found = self._connection.execute(f"DESCRIBE SELECT * FROM {reading}").fetchall()
            known = {name.strip().lower(): (name, kind) for name, kind, *_ in found}
            if len(known) < len(found) or any(name not in known for name in required):
                return None
            names = [name for name in (*required, *optional) if name in known]
            columns = ", ".join(f'{_quoted(known[name][0])} AS "{name}"' for name in names)
            query = f"SELECT {columns}, ROW_NUMBER() OVER () + 1 AS line FROM {reading}"
        except (duckdb.Error, OSError):
            return None
        return Source(query, {name: known[name][1] for name in names}, None if parquet else _lines(path) - 1)

    def define(self, name: str, query: str) -> None:
        """Makes a table of a query's rows."""
        self._clear(name)
        self._connection.execute(f"CREATE TABLE {name} AS {query}")

    def view(self, name: str, query: str) -> None:
        """Gives a query a name."""
        self._clear(name)
        self._connection.execute(f"CREATE VIEW {name} AS {query}")
        self._views.add(name)

    def copy(self, query: str, path: Path) -> int:
        """Writes a query's rows to a CSV with header or a Parquet file, told by its ending; how many they were."""
        form = "FORMAT parquet" if path.suffix == ".parquet" else "FORMAT csv, HEADER true"
        written = self._connection.execute(f"COPY ({query}) TO {literal(str(path))} ({form})").fetchall()
        return int(written[0][0])

    def append(self, table: str, query: str) -> None:
        """Adds a query's rows to a table."""
        self._connection.execute(f"INSERT INTO {table} {query}")

    def drop(self, name: str) -> None:
        """Forgets a table."""
        self._clear(name)

    def _clear(self, name: str) -> None:
        """Makes room for a table or view of that name."""
        kind = "VIEW" if name in self._views else "TABLE"
        self._connection.execute(f"DROP {kind} IF EXISTS {name}")
        self._views.discard(name)

    def compact(self) -> None:
        """Compresses the tables; worth its time from some millions of rows on."""
        self._connection.execute("CHECKPOINT work")

    def run(self, statement: str) -> None:
        """Runs one statement."""
        self._connection.execute(statement)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        found: list[tuple[Any, ...]] = self._connection.execute(query).fetchall()
        return found


def _plain_header(path: Path) -> list[str] | None:
    """The names in a CSV's first line, or None when there is anything unusual about the file."""
    with path.open("rb") as file:
        first = file.readline()
    if first.startswith(b"\xef\xbb\xbf") or b'"' in first or not first.endswith(b"\n"):
        return None
    try:
        names = first.decode("utf-8").rstrip("\r\n").split(",")
    except UnicodeDecodeError:
        return None
    return names if all(names) and len(set(names)) == len(names) else None


def _lines(path: Path) -> int:
    """How many lines a file has; every row of a plain table is one."""
    count, last = 0, b"\n"
    with path.open("rb") as file:
        while part := file.read(1 << 22):
            count, last = count + part.count(b"\n"), part[-1:]
    return count + (last != b"\n")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(value: Any) -> str:
    """A value as SQL text."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def read_parquet(path: Path) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of a Parquet file, every value as text."""
    with duckdb.connect(":memory:") as connection:
        relation = connection.execute(f"SELECT COLUMNS(*)::VARCHAR FROM read_parquet({literal(str(path))})")
        names = [column[0] for column in relation.description or []]
        return names, relation.fetchall()


def write_parquet(source: Path, columns: dict[str, str], target: Path) -> None:
    """Turns a CSV with header into Parquet with typed columns; empty text stays empty."""
    shape = ", ".join(f"'{name}': 'VARCHAR'" for name in columns)
    casts = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in columns.items())
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            f"COPY (SELECT {casts} FROM read_csv({literal(str(source))}, header=true, delim=',', quote='\"', "
            f"escape='\"', nullstr={literal(EMPTY)}, auto_detect=false, columns={{{shape}}})) "
            f"TO {literal(str(target))} (FORMAT parquet)"
        )
