"""Timing and tables for the measurements: a stopwatch and rows of a Markdown table."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds taken, and what the work returned."""
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def row(what: str, value: str) -> None:
    """One line of the table, shown at once."""
    print(f"| {what} | {value} |", flush=True)


def heading(title: str) -> None:
    """A new table."""
    print(f"\n## {title}\n\n| what | measured |\n|---|---|", flush=True)
