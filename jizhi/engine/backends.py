"""The only place that knows which database engine runs the batch: DuckDB inside the process.

Loads small and large tables, runs statements, gives rows back. It knows nothing of rules.
"""
# ruff: noqa: S608 - SQL is put together from numbers and quoted words of the document

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import duckdb

SMALL = 200
EMPTY = "\x1f"


class Backend(Protocol):
    """What the batch asks of a database engine; SQL is DuckDB's, of the portable kind."""

    chunk: int

    def load(self, table: str, columns: dict[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """Makes a table, in place of an older one of the name."""

    def define(self, name: str, query: str) -> None:
        """Makes a table of a query's rows."""

    def append(self, table: str, query: str) -> None:
        """Adds a query's rows to a table."""

    def drop(self, name: str) -> None:
        """Forgets a table."""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""


class Embedded:
    """A DuckDB inside the process, its tables compressed in memory; use it as a context manager."""

    chunk = 2_000_000  # facts that are priced at once; memory grows with it, time hardly

    def __init__(self, memory: str = "") -> None:
        """`memory` bounds what it takes, such as `4GB`; what does not fit goes to a temporary folder."""
        self._folder = tempfile.TemporaryDirectory(prefix="jizhi-batch-")
        config: dict[str, Any] = {"threads": os.cpu_count() or 1, "temp_directory": self._folder.name}
        self._connection = duckdb.connect(config=config | ({"memory_limit": memory} if memory else {}))

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
        self._connection.execute(f"CREATE OR REPLACE TABLE {table} ({types})")
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

    def define(self, name: str, query: str) -> None:
        """Makes a table of a query's rows."""
        self._connection.execute(f"CREATE OR REPLACE TABLE {name} AS {query}")

    def append(self, table: str, query: str) -> None:
        """Adds a query's rows to a table."""
        self._connection.execute(f"INSERT INTO {table} {query}")

    def drop(self, name: str) -> None:
        """Forgets a table."""
        self._connection.execute(f"DROP TABLE {name}")

    def run(self, statement: str) -> None:
        """Runs one statement."""
        self._connection.execute(statement)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        found: list[tuple[Any, ...]] = self._connection.execute(query).fetchall()
        return found


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
