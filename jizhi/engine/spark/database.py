"""The batch's database on Spark: queries become lazy views, and what is read more than once is kept on the workers.

It offers what the embedded backend offers (`load`, `define`, `append`, `drop`, `rows`). Nothing is computed until rows
are asked for, so Spark sees the whole way from the facts at once. No function of ours runs on a worker: all is SQL.
"""
# ruff: noqa: S608 - SQL is put together from names of our own tables and columns

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from types import TracebackType
from typing import TYPE_CHECKING, Any

from jizhi.engine.spark import dialect

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

PARTS = 200  # Spark's own number of parts, when nobody says another
PART = 5_000  # rows that travel in one text
SPREAD = (
    "facts",
    "subjects",
)  # by subject over the cluster, once; every other loaded table goes whole to every worker
CHECKPOINTS = "org.apache.spark.sql.execution.LogicalRDD$"


@dataclass
class Table:
    """A table of the settlement: what makes it, how often others read it, and the view of its rows, if any yet."""

    name: str
    query: dialect.Query | None = None
    rows: DataFrame | None = None
    reads: dict[str, Table] = field(default_factory=dict)
    readers: int = 0
    dropped: bool = False
    none_yet: dict[str, str] = field(default_factory=dict)  # the columns of a table loaded without any row
    view: str = ""
    sent: bool = False  # whole to every worker


class Spark:
    """The tables of one settlement in a Spark session of its own; use it as a context manager."""

    chunk = 2**62  # the cluster cuts the work into parts by itself
    gathers = (
        False  # one way through all windows: looking for the full ones first would keep every step's rows
    )

    def __init__(self, session: SparkSession) -> None:
        self.session = session.newSession()
        self._tables: dict[str, Table] = {}
        self._kept: list[DataFrame] = []
        self._views = 0

    def __enter__(self) -> Spark:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            for frame in reversed(self._kept):
                frame.unpersist()

    def load(self, table: str, columns: dict[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """Makes a table of these columns (name to SQL type) from rows; None is NULL."""
        names, texts = list(columns), []
        remaining = iter(rows)
        while part := list(islice(remaining, PART)):
            texts.append(json.dumps([dict(zip(names, row, strict=True)) for row in part], default=str))
        shape = ", ".join(f"`{name}`: {kind}" for name, kind in columns.items()).replace("VARCHAR", "STRING")
        values = ", ".join("(?)" for _ in texts) or "('[]')"
        frame = self.session.sql(
            f"SELECT inline(from_json(part, 'ARRAY<STRUCT<{shape}>>', map('mode', 'FAILFAST'))) "
            f"FROM VALUES {values} AS t(part)",
            args=texts,
        )
        if table in SPREAD:
            self.spread(table, frame)
        else:
            self.place(table, frame.hint("broadcast"))
        self._tables[table].none_yet = {} if texts else columns

    def place(self, table: str, frame: DataFrame) -> None:
        """Makes a table of a frame's rows, in place of an older one of the name."""
        self._tables[table] = Table(table, rows=frame)

    def spread(self, table: str, frame: DataFrame) -> None:
        """The same for facts and subjects: by subject over the cluster, so that no window has to move them again."""
        self.place(table, frame.repartition("subject"))

    def expect(self, rows: int, per_task: int) -> None:
        """So many rows are to come: every part of them shall fit a task, and no core be idle."""
        cores = self.session.sparkContext.defaultParallelism
        found = int(self.session.conf.get("spark.sql.shuffle.partitions") or 0)
        if found == PARTS or found < rows // per_task:
            self.session.conf.set("spark.sql.shuffle.partitions", max(cores, -(-rows // per_task)))

    @contextlib.contextmanager
    def sent_whole(self, name: str, most: int) -> Iterator[None]:
        """While it lasts, queries take the table whole to every worker, if it has no more rows than that."""
        table = self._tables[name]
        ((count,),) = self.rows(f"SELECT COUNT(*) FROM {name}")
        if count <= most:
            self.place(name, self.frame(f"SELECT * FROM {name}").hint("broadcast"))
            self._tables[name].sent = True
        try:
            yield
        finally:
            self._tables[name] = table

    def define(self, name: str, query: str) -> None:
        """Makes a table of a query's rows."""
        found = dialect.translated(query)
        for one in found.reads:
            self._tables[one].readers += 1
        self._tables[name] = Table(name, found, reads={one: self._tables[one] for one in found.reads})

    def append(self, table: str, query: str) -> None:
        """Adds a query's rows to a table."""
        columns = self._tables[table].none_yet
        if columns:
            casts = ", ".join(f"CAST(q.{name} AS {kind}) AS {name}" for name, kind in columns.items())
            self.define(table, f"SELECT {casts} FROM ({query}) q")
        else:
            self.define(table, f"SELECT * FROM {table} UNION ALL {query}")

    def drop(self, name: str) -> None:
        """Forgets a table."""
        self._tables.pop(name).dropped = True

    def compact(self) -> None:
        """Nothing to do: what is kept is compressed by columns from the start."""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return [tuple(_plain(value) for value in row) for row in self.frame(query).collect()]

    def frame(self, query: str) -> DataFrame:
        """A query over the tables, not yet computed."""
        found = dialect.translated(query)
        return self.session.sql(found.over({one: self._view(self._tables[one]) for one in found.reads}))

    def _view(self, table: Table) -> str:
        """The view of a table; what is read once and then dropped is part of its reader's work, all else is kept."""
        if table.view:
            return table.view
        frame, source = table.rows, table.rows is not None and (table.sent or table.name not in SPREAD)
        if frame is None:
            assert table.query is not None
            frame = self.session.sql(
                table.query.over({name: self._view(one) for name, one in table.reads.items()})
            )
        if not source and not (table.dropped and table.readers <= 1):
            self._kept.append(frame.persist())
            frame = _cut_off(frame)
        elif table.query is not None and table.query.joins_rows and "subject" in frame.columns:
            frame = frame.repartition("subject")
        self._views += 1
        table.view = f"{table.name}_{self._views}"
        frame.createOrReplaceTempView(table.view)
        return table.view


def _cut_off(kept: DataFrame) -> DataFrame:
    """The kept rows as a source of their own: a reader's plan ends here, however long the way to them was.

    A plain view would repeat the whole way once for every mention, and the plans would grow without bound. This is what
    Spark does for its own checkpoints, but over rows kept in columns; how they are spread stays known.
    """
    from pyspark.sql import DataFrame

    session = kept.sparkSession
    jvm = session._jvm
    assert jvm is not None
    checkpoints = jvm.java.lang.Class.forName(CHECKPOINTS).getField("MODULE$").get(None)
    rows = kept._jdf.queryExecution().toRdd()
    source = checkpoints.fromDataset(rows, kept._jdf, False, False)
    made = jvm.org.apache.spark.sql.classic.Dataset.ofRows(session._jsparkSession, source)
    return DataFrame(made, session)


def _plain(value: Any) -> Any:
    """HUGEINT comes back as a whole number."""
    return int(value) if isinstance(value, Decimal) else value
