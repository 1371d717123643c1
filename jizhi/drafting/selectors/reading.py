"""A draft's text as the pages need it: what can be read of it, what is wrong, what the law guard finds.

A text is read once per process and kept; a text that is not yet a whole scheme still shows its items one by one.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from jizhi.engine import guard, loader, reading
from jizhi.engine.document import scheme as documents
from jizhi.engine.document.item import Item
from jizhi.engine.document.outcome import Outcome
from jizhi.engine.document.problem import DocumentError, Problem

ROW_WORDS = {"items": "item", "sections": "chapter", "outcomes": "outcome"}


@dataclass(frozen=True)
class Document:
    """What a text says. `scheme` is None while it has errors, `plain` is None where it is not even YAML."""

    source: str
    plain: Any
    scheme: documents.Scheme | None
    problems: list[Problem]
    lines: Mapping[str, int]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The items as they are written."""
        return self.rows_of("items")

    def rows_of(self, part: str) -> list[dict[str, Any]]:
        """The rows of one of the document's lists as they are written."""
        rows = self.plain.get(part) if isinstance(self.plain, dict) else None
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []

    def fresh_id(self, part: str) -> str:
        """An id that no row of a list has yet."""
        taken = {str(row.get("id", "")) for row in self.rows_of(part)}
        numbered = (f"{ROW_WORDS[part]}-{n}" for n in range(len(taken) + 1, 100_000))
        return next(name for name in numbered if name not in taken)

    def place_of(self, item: str) -> int | None:
        """The item's place in the list."""
        rows = self.plain.get("items") if isinstance(self.plain, dict) else None
        for place, row in enumerate(rows if isinstance(rows, list) else []):
            if isinstance(row, dict) and row.get("id") == item:
                return place
        return None


@functools.lru_cache(maxsize=64)
def document(source: str) -> Document:
    """Reads a text."""
    try:
        plain = reading.read(f"{source}\n").plain
    except DocumentError as error:
        return Document(source, None, None, error.problems, {})
    try:
        scheme, lines = loader.load_scheme_with_lines(f"{source}\n")
    except DocumentError as error:
        return Document(source, plain, None, error.problems, {})
    return Document(source, plain, scheme, [], lines)


def findings(found: Document, on: dt.date) -> list[Problem]:
    """What the law guard has against it, with the lines; nothing while the text has errors of form."""
    if found.scheme is None:
        return []
    return _guarded(found.source, on)


@functools.lru_cache(maxsize=64)
def _guarded(source: str, on: dt.date) -> list[Problem]:
    found = document(source)
    assert found.scheme is not None
    return guard.check(found.scheme, on, lines=found.lines)


def item_alone(row: Mapping[str, Any]) -> Item | None:
    """An item as it is written, where it can be understood by itself."""
    try:
        return Item.model_validate(dict(row))
    except ValidationError:
        return None


def outcome_alone(row: Mapping[str, Any]) -> Outcome | None:
    """An outcome as it is written, where it can be understood by itself."""
    try:
        return Outcome.model_validate(dict(row))
    except ValidationError:
        return None
