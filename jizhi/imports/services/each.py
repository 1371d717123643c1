"""From a service that writes one record to work on a chunk of rows: a refusal leaves out its row and no other.

For tables of thousands of rows. Tables of hundreds of thousands write in bulk and need their own `plan` and `apply`.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.db import transaction
from django.utils import translation

from jizhi.core.errors import DomainError
from jizhi.imports.rules import Fate, Outcome, Problem, Row, Work


class Write(Protocol):
    """Writes one record and says whether it is new, changed or as it was; DomainError refuses it."""

    def __call__(self, values: Mapping[str, Any], *, area: Any, by: Any, at: dt.datetime) -> Fate: ...


def each(write: Write) -> Work:
    """`apply` for a kind whose rows are written one by one; the refusal's `place` may name the column."""

    def apply(rows: Sequence[Row], *, area: Any, by: Any, at: dt.datetime) -> Sequence[Outcome]:
        return [_one(write, row, area=area, by=by, at=at) for row in rows]

    return apply


def _one(write: Write, row: Row, *, area: Any, by: Any, at: dt.datetime) -> Outcome:
    given: dict[str, Any] = {"area": area, "by": by, "at": at}
    try:
        with transaction.atomic(), translation.override("zh-hans"):
            return Outcome(write(row.values, **given))
    except DomainError as refusal:
        reason, place = str(refusal), refusal.place
    value = row.values.get(place)
    shown = "" if value is None else str(value)
    return Outcome(Fate.REFUSED, (Problem(reason, _in_english(write, row, given), place, shown),))


def _in_english(write: Write, row: Row, given: dict[str, Any]) -> str:
    """The same refusal once more, since it was put into words when it was raised."""
    try:
        with transaction.atomic(), translation.override("en"):
            write(row.values, **given)
            transaction.set_rollback(True)
    except DomainError as refusal:
        with translation.override("en"):
            return str(refusal)
    return ""
