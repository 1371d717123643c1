"""Database triggers shared by tables: those that may only grow, and columns that follow from other tables."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import TypeVar

import pgtrigger

State = TypeVar("State", bound=StrEnum)


def pairs(table: Mapping[State, Collection[State]]) -> list[tuple[str, str]]:
    """A table of transitions as (from, to) pairs, for the trigger that refuses any other way."""
    return [(source.value, target.value) for source, targets in table.items() for target in sorted(targets)]


def append_only() -> list[pgtrigger.Trigger]:
    """Refuse UPDATE, DELETE and TRUNCATE, whoever asks; use as `Meta.triggers`."""
    return [
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name="no_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func="RAISE EXCEPTION 'table % may only grow', TG_TABLE_NAME;",
        ),
    ]


def derived(name: str, column: str, value: str, *, of: str, new: bool = False) -> pgtrigger.Trigger:
    """Whenever the column `of` is written (and for new rows), `value`, which is SQL over NEW, goes into `column`."""
    operation: pgtrigger.Operation = pgtrigger.UpdateOf(of)  # type: ignore[no-untyped-call]
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | operation if new else operation,
        func=f"NEW.{column} = {value}; RETURN NEW;",
    )


def call_after(name: str, function: str, column: str) -> list[pgtrigger.Trigger]:
    """After every statement the function gets the column's values of all rows touched, as they were and as they are."""
    old, new = (f"SELECT {column} FROM {rows}_rows" for rows in ("old", "new"))  # noqa: S608
    return [
        pgtrigger.Trigger(
            name=f"{name}_{str(operation).lower()}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=pgtrigger.Referencing(**rows),  # type: ignore[no-untyped-call]
            func=f"PERFORM {function}(ARRAY({values})); RETURN NULL;",
        )
        for operation, values, rows in (
            (pgtrigger.Insert, new, {"new": "new_rows"}),
            (pgtrigger.Update, f"{old} UNION {new}", {"old": "old_rows", "new": "new_rows"}),
            (pgtrigger.Delete, old, {"old": "old_rows"}),
        )
    ]
