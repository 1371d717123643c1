"""The language's own examples: one YAML file per feature, tables in and tables out, as a clerk would write them.

The tests settle every example on every evaluator; `jizhi docs` prints the same files as the language's manual. Not a
pack's cases, which try one county's numbers: see `cases.py`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from jizhi.engine import cases, loader, reading
from jizhi.engine.document.base import Day, Model
from jizhi.engine.document.problem import DocumentError
from jizhi.engine.document.text import Text
from jizhi.engine.loader import Versions

INPUT = ("subjects", "facts")
OUTPUT = ("awards", "totals", "outcomes", "shares", "rejected", "problems")


class Table(Model):
    """A table as written with `|`: its columns, and the cells of every row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __bool__(self) -> bool:
        return bool(self.columns)

    def completed(self, **cells: str) -> Table:
        """With the columns that were left out because every row has the same cell in them."""
        more = {name: cell for name, cell in cells.items() if name not in self.columns}
        return Table(columns=(*self.columns, *more), rows=tuple((*row, *more.values()) for row in self.rows))

    def numbered(self) -> Table:
        """With a column `fact` that counts from 1, unless there is one."""
        if "fact" in self.columns:
            return self
        rows = tuple((str(place), *row) for place, row in enumerate(self.rows, 1))
        return Table(columns=("fact", *self.columns), rows=rows)


def _table(value: Any) -> Any:
    if isinstance(value, Table):
        return value
    lines = [line for line in str(value).splitlines() if line.strip()]
    columns = tuple(cases.cells(lines[0].strip())) if lines else ()
    rows = [tuple(row.get(name, "") for name in columns) for row in cases.table(str(value))]
    return Table(columns=columns, rows=tuple(rows))


ATable = Annotated[Table, BeforeValidator(_table)]
NONE = Table(columns=(), rows=())


class Example(Model):
    """One settlement: documents, rows and days in, rows out; a table that is left out is not looked at.

    `awards`, `outcomes`, `shares` and `rejected` are complete; `totals` are complete for the periods that they name,
    and `periods` lists every period that has rows at all.
    """

    name: Text
    scheme: str = ""
    versions: dict[str, str] = Field(default_factory=dict)
    subjects: ATable = NONE
    facts: ATable = NONE
    from_: Day = Field(default=dt.date(2022, 1, 1), alias="from")
    to: Day = dt.date(2022, 12, 31)
    pool: Annotated[int, Field(ge=0)] | None = None
    periods: str = ""
    awards: ATable = NONE
    totals: ATable = NONE
    outcomes: ATable = NONE
    shares: ATable = NONE
    rejected: ATable = NONE
    problems: ATable = NONE

    def outputs(self) -> Iterator[tuple[str, Table]]:
        """The expected tables that are given, in the order of the result files."""
        return ((name, table) for name in OUTPUT if (table := getattr(self, name)))

    def load(self) -> Versions:
        """The versions; DocumentError when they cannot be understood."""
        if self.versions:
            days = {dt.date.fromisoformat(day): document(text) for day, text in self.versions.items()}
            return Versions.of(*((day, loader.load_scheme(text)) for day, text in days.items()))
        return Versions.of(loader.load_scheme(document(self.scheme)))


def document(text: str) -> str:
    """A scheme's text as the loader wants it: an example need not say what its scheme is called."""
    return text if text.lstrip().startswith("scheme:") else f"scheme: household\n{text}"


class Feature(Model):
    """A chapter: what a rule means, and examples of it; they share its scheme and subjects unless they have others."""

    title: Text
    text: Text
    scheme: str = ""
    subjects: ATable = NONE
    examples: tuple[Example, ...] = Field(min_length=1)

    def completed(self, example: Example) -> Example:
        """An example with what the chapter says for all."""
        scheme = "" if example.versions else example.scheme or self.scheme
        return example.model_copy(
            update={"scheme": scheme, "subjects": example.subjects or self.subjects or SOMEONE}
        )


SOMEONE = _table("subject | group\nzhao | 1")


def load(folder: Path) -> dict[str, Feature]:
    """Every chapter of a folder by the name of its file, in order; DocumentError lists every problem."""
    found, problems = {}, []
    for path in sorted(folder.glob("*.yaml")):
        try:
            source = reading.read(path)
            found[path.stem] = reading.build(Feature, source)
            problems += source.problems
        except DocumentError as error:
            problems += error.problems
    if problems:
        raise DocumentError(reading.sorted_problems(problems))
    return found
