"""What the page links under a list need to know, read off whatever page object a selector returns.

It slices nothing: selectors do that in the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

WINDOW = 2


@dataclass(frozen=True)
class Pager:
    """`numbers` are the pages to offer, None for a gap; `first` and `last` count rows from 1."""

    number: int
    pages: int
    total: int
    first: int
    last: int
    numbers: tuple[int | None, ...]

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


def describe(page: Any) -> Pager:
    """From Django's `Page`, or from an object with `number`, `size` and `total`."""
    if hasattr(page, "paginator"):
        number, size, total = page.number, page.paginator.per_page, page.paginator.count
    else:
        number, size, total = page.number, page.size, page.total
    pages = max(1, -(-total // size))
    first = (number - 1) * size + 1 if total else 0
    return Pager(number, pages, total, first, min(number * size, total), _numbers(number, pages))


def _numbers(number: int, pages: int) -> tuple[int | None, ...]:
    near = {1, pages} | set(range(max(1, number - WINDOW), min(pages, number + WINDOW) + 1))
    row: list[int | None] = []
    for one in sorted(near):
        if row and row[-1] is not None and one - row[-1] > 1:
            row.append(None)
        row.append(one)
    return tuple(row)
