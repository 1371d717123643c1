"""Edits of one outcome of a draft, in place, so that what stands around it in the text stays.

As for the items: the form gives the document's own keys, the language says whether they make an outcome.
"""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.drafting import models
from jizhi.drafting.rules import Deed, Part
from jizhi.drafting.selectors import reading
from jizhi.drafting.services.drafts import edit_draft
from jizhi.drafting.services.editing import (
    UnusableItem,
    Written,
    check_row,
    only_source,
    rewrite_row,
    row_of,
    row_touched,
    title_of,
)
from jizhi.engine import editing
from jizhi.engine.editing import written

PART = Part.OUTCOMES.value


def change_outcome(
    *, draft_id: int, number: int, outcome: str, values: Written, by: User, at: dt.datetime
) -> models.Draft:
    """One outcome as its form has it. Raises NoSuchItem, UnusableItem, DraftChanged."""
    values = check_row(PART, values)

    def edit(source: str) -> str:
        _check_id(source, outcome, str(values["id"]))
        return rewrite_row(source, PART, outcome, values)

    return edit_draft(
        draft_id=draft_id, number=number, edit=only_source(edit), touches=row_touched(PART, outcome),
        deed=Deed.OUTCOME_CHANGED, about=title_of(values), by=by, at=at,
    )  # fmt: skip


def add_outcome(*, draft_id: int, number: int, values: Written, by: User, at: dt.datetime) -> models.Draft:
    """A new outcome behind the others. Raises UnusableItem, DraftChanged."""
    values = check_row(PART, values)

    def edit(source: str) -> str:
        _check_id(source, "", str(values["id"]))
        return editing.insert(source, (PART,), len(_ids(source)), values, written.SCHEME_KEYS)

    return edit_draft(
        draft_id=draft_id, number=number, edit=only_source(edit), touches=lambda text: None,
        deed=Deed.OUTCOME_ADDED, about=title_of(values), by=by, at=at,
    )  # fmt: skip


def move_outcome(
    *, draft_id: int, number: int, outcome: str, steps: int, by: User, at: dt.datetime
) -> models.Draft:
    """The outcome some places up (negative) or down. Raises NoSuchItem, DraftChanged."""

    def edit(source: str) -> str:
        place, _row = row_of(source, PART, outcome)
        return editing.move(source, (PART,), place, place + steps)

    return edit_draft(
        draft_id=draft_id, number=number, edit=only_source(edit), deed=Deed.OUTCOME_MOVED, about=outcome,
        by=by, at=at,
    )  # fmt: skip


def remove_outcome(*, draft_id: int, number: int, outcome: str, by: User, at: dt.datetime) -> models.Draft:
    """Without the outcome; the last one takes the key along. Raises NoSuchItem, DraftChanged."""

    def edit(source: str) -> str:
        place, _row = row_of(source, PART, outcome)
        return editing.remove(source, (PART,) if len(_ids(source)) == 1 else (PART, place))

    return edit_draft(
        draft_id=draft_id, number=number, edit=only_source(edit), touches=row_touched(PART, outcome),
        deed=Deed.OUTCOME_REMOVED, about=outcome, by=by, at=at,
    )  # fmt: skip


def _ids(source: str) -> list[object]:
    plain = reading.document(source).plain
    rows = plain.get(PART) if isinstance(plain, dict) else None
    return [row.get("id") if isinstance(row, dict) else None for row in rows or []]


def _check_id(source: str, before: str, outcome: str) -> None:
    if outcome != before and outcome in _ids(source):
        raise UnusableItem(_("已有编号为“%(id)s”的结果运用，请换一个。") % {"id": outcome}, place="id")
