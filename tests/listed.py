"""Rows of a plain list as an import hands them to a planner: a column is called by its key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jizhi.sheets.lists import ListRow
from jizhi.sheets.reading.cells import make_cell


def listed(sheet: str, keys: Sequence[str], *rows: Sequence[Any]) -> list[ListRow]:
    """The rows below a header in the sheet's first row; a blank text is a blank cell."""
    titles = {key: key for key in keys}
    return [
        ListRow(
            sheet,
            number,
            {key: make_cell(value) for key, value in zip(keys, row, strict=True) if value},
            titles,
        )
        for number, row in enumerate(rows, 2)
    ]
