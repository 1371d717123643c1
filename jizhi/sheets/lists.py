"""A record of a plain list as its planner takes it: cells by key, and what each of them says.

Reading the file is `sheets.plain`; the messy rosters and claim sheets have readers of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jizhi.sheets.reading import EMPTY, Cell
from jizhi.sheets.values import clean_text, is_nothing
from jizhi.sheets.values.dates import parse_date


@dataclass(frozen=True)
class ListRow:
    """A record: its cells by key, and the columns' own titles for messages."""

    sheet: str
    row: int
    cells: Mapping[str, Cell]
    titles: Mapping[str, str]

    def text(self, key: str) -> str:
        """What the cell shows, cleaned; empty for nothing and for the usual words for nothing."""
        text = clean_text(self.cells.get(key, EMPTY).shown)
        return "" if is_nothing(text) else text

    def day(self, key: str) -> tuple[date | None, str]:
        """The date of the cell and what is wrong with it (Chinese), each empty where there is none."""
        if not self.text(key):
            return None, ""
        read = parse_date(self.cells[key])
        return read.value, read.problem.zh if read.problem else ""

    def title(self, key: str) -> str:
        """The column as a person finds it in the sheet."""
        return self.titles.get(key, "")
