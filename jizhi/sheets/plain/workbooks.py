"""Plain tables on their way out: empty ones to fill in, exports that read back unchanged, refused rows with reasons.

All of them are written from the columns that the reader uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jizhi.sheets import writing
from jizhi.sheets.plain.columns import Column, Kind
from jizhi.sheets.writing import Table

EMPTY_ROWS = 30
_KINDS = {Kind.DATE: writing.Kind.DATE, Kind.WHOLE: writing.Kind.INTEGER}


def template(title: str, columns: Sequence[Column], notes: Sequence[str] = ()) -> bytes:
    """The empty table, with what each column takes said above it."""
    empty: list[list[Any]] = [[None] * len(columns) for _ in range(EMPTY_ROWS)]
    said = [*notes, *_notes(columns)]
    return writing.write_tables([Table(title, [_column(one, text=True) for one in columns], empty, said)])


def write_lines(title: str, columns: Sequence[Column], records: Iterable[Mapping[str, Any]]) -> bytes:
    """Records as the reader would yield them."""
    rows = ([_shown(column, record.get(column.key)) for column in columns] for record in records)
    return writing.write_tables([Table(title, [_column(one) for one in columns], rows)])


def write_refused(
    title: str,
    columns: Sequence[Column],
    records: Iterable[tuple[Mapping[str, str], str, str]],
    headers: Sequence[str],
) -> bytes:
    """Refused rows as they were written, each with its place and reasons: to be corrected and imported again.

    `records` are texts by column key, place and reason; `headers` the titles of the last two.
    """
    extra = [writing.Column(headers[0], width=16), writing.Column(headers[1], width=60)]
    rows = ([*(texts.get(c.key, "") for c in columns), place, reason] for texts, place, reason in records)
    return writing.write_tables([Table(title, [*(_column(one, text=True) for one in columns), *extra], rows)])


def _notes(columns: Sequence[Column]) -> list[str]:
    required = "、".join(column.title for column in columns if column.required)
    notes = [f"必填：{required}。"] if required else []
    for column in columns:
        if column.choices:
            notes.append(f"{column.title}：{'、'.join(names[0] for names in column.choices.values())}。")
        elif column.note:
            notes.append(f"{column.title}：{column.note}")
    return notes


def _column(column: Column, *, text: bool = False) -> writing.Column:
    kind = writing.Kind.TEXT if text else _KINDS.get(column.kind, writing.Kind.TEXT)
    return writing.Column(column.title, kind, column.width)


def _shown(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.kind is Kind.CHOICE:
        return column.choices[str(value)][0] if str(value) in column.choices else str(value)
    if column.kind is Kind.YES_NO:
        return "是" if value else "否"
    return value
