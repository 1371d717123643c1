"""Edits of a draft as its forms make them: an item, a row of another list, a part as text, a reason.

Each turns one text into another and leaves the saving, and the question of who was first, to `drafts`. The cases
beside the document are `cases`.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.core.errors import DomainError
from jizhi.drafting import models, rules
from jizhi.drafting.rules import Deed, Part
from jizhi.drafting.selectors import reading
from jizhi.drafting.services.drafts import Text, UnusableText, edit_draft, tidy
from jizhi.engine import editing
from jizhi.engine import reading as yaml_reading
from jizhi.engine.document.base import Model
from jizhi.engine.document.item import Item
from jizhi.engine.document.outcome import Outcome
from jizhi.engine.document.problem import DocumentError, Problem
from jizhi.engine.document.section import Section
from jizhi.engine.editing import written

Written = dict[str, Any]
ROWS: dict[str, tuple[type[Model], Callable[[Any], Written], tuple[str, ...]]] = {
    "items": (Item, written.item, written.ITEM_KEYS),
    "sections": (Section, written.section, written.SECTION_KEYS),
    "outcomes": (Outcome, written.outcome, written.OUTCOME_KEYS),
}


class NoSuchItem(DomainError):
    """The draft has no such row any more."""


class UnusableItem(DomainError):
    """What the form says is no row of the language; `problems` says why."""

    def __init__(self, message: object, problems: Sequence[Problem] = (), place: str = "") -> None:
        super().__init__(message, place=place)
        self.problems = list(problems)


def only_source(edit: Callable[[str], str]) -> Callable[[Text], Text]:
    """An edit of the document; where it cannot be made in place the reader is sent to the text."""

    def whole(text: Text) -> Text:
        try:
            return Text(edit(text.source), text.cases)
        except editing.Entangled as error:
            raise UnusableItem(_("这一处与别处共用同一段文字，表单改不了，请在“原文”页修改。")) from error

    return whole


def row_of(source: str, part: str, row_id: str) -> tuple[int, Written]:
    """A row's place and what is written there. Raises NoSuchItem."""
    plain = reading.document(source).plain
    rows = plain.get(part) if isinstance(plain, dict) else None
    for place, row in enumerate(rows if isinstance(rows, list) else []):
        if isinstance(row, dict) and row.get("id") == row_id:
            return place, row
    raise NoSuchItem(_("草稿里已经没有“%(id)s”。") % {"id": row_id})


def row_touched(part: str, row_id: str) -> Callable[[Text], object]:
    """What of the text a row's edit is about; nothing once the row is gone."""

    def touched(text: Text) -> object:
        try:
            return row_of(text.source, part, row_id)[1]
        except NoSuchItem:
            return None

    return touched


def check_row(part: str, values: Written) -> Written:
    """The values without what is empty, if they make a row by themselves. Raises UnusableItem with every problem."""
    model, values = ROWS[part][0], written.clean(values)
    try:
        yaml_reading.build(model, yaml_reading.read(f"{editing.flow(values)}\n"))
    except DocumentError as error:
        raise UnusableItem(_("还不能这样保存，请看下面的提示。"), error.problems) from error
    return values


def rewrite_row(source: str, part: str, row_id: str, values: Written) -> str:
    """The text with one row's values; only keys that really differ are touched."""
    model, write, keys = ROWS[part]
    place, row = row_of(source, part, row_id)
    try:
        present = write(yaml_reading.build(model, yaml_reading.read(f"{editing.flow(row)}\n")))
    except DocumentError:
        present = row
    changed = {key: values.get(key) for key in keys if values.get(key) != present.get(key)}
    if "effect" in changed and "level" in row:
        changed["level"] = None
    # What goes makes room first: points and effect exclude each other.
    ordered = sorted(changed.items(), key=lambda pair: pair[1] is not None)
    return editing.change(source, (part, place), dict(ordered), keys)


def merge_rows(source: str, part: str, rows: Sequence[Written]) -> str:
    """The text with exactly these rows, in this order; rows that stay are changed where they differ."""
    plain = reading.document(source).plain
    present = [row["id"] for row in plain.get(part) or [] if isinstance(row, dict) and "id" in row]
    wanted = [row["id"] for row in rows]
    for row_id in present:
        if row_id not in wanted:
            source = editing.remove(source, (part, row_of(source, part, row_id)[0]))
    for place, row in enumerate(rows):
        if row["id"] in present:
            source = rewrite_row(source, part, row["id"], row)
            now = row_of(source, part, row["id"])[0]
            if now != place:
                source = editing.move(source, (part,), now, place)
        else:
            source = editing.insert(source, (part,), place, row, written.SCHEME_KEYS)
    if not rows:
        source = editing.remove(source, (part,))
    return source


def change_item(
    *, draft_id: int, number: int, item: str, values: Written, by: User, at: dt.datetime
) -> models.Draft:
    """One item as its form has it. Raises NoSuchItem, UnusableItem, DraftChanged."""
    values = check_row("items", values)
    _check_new_id(draft_id, item, values["id"])
    return edit_draft(
        draft_id=draft_id,
        number=number,
        edit=only_source(lambda source: rewrite_row(source, "items", item, values)),
        touches=row_touched("items", item),
        deed=Deed.ITEM_CHANGED,
        about=title_of(values),
        by=by,
        at=at,
    )


def _check_new_id(draft_id: int, before: str, item: str) -> None:
    if item == before:
        return
    draft = models.Draft.objects.get(pk=draft_id)
    found = reading.document(draft.saves.get(number=draft.number).source)
    if found.place_of(item) is not None:
        raise UnusableItem(_("已有编号为“%(id)s”的条目，请换一个。") % {"id": item}, place="id")


def add_item(*, draft_id: int, number: int, values: Written, by: User, at: dt.datetime) -> models.Draft:
    """A new item behind the last of its kind and section. Raises UnusableItem, DraftChanged."""
    values = check_row("items", values)
    _check_new_id(draft_id, "", values["id"])
    return edit_draft(
        draft_id=draft_id,
        number=number,
        edit=only_source(lambda source: place_item(source, values)),
        touches=lambda text: None,
        deed=Deed.ITEM_ADDED,
        about=title_of(values),
        by=by,
        at=at,
    )


def place_item(source: str, values: Written) -> str:
    """The text with a new item behind its like."""
    rows = reading.document(source).rows
    like = ("kind", "section")
    alike = [n for n, row in enumerate(rows) if all(row.get(key, "") == values.get(key, "") for key in like)]
    same_kind = [n for n, row in enumerate(rows) if row.get("kind") == values.get("kind")]
    place = (alike or same_kind or [len(rows) - 1])[-1] + 1
    return editing.insert(source, ("items",), place, values, written.SCHEME_KEYS)


def copy_item(
    *, draft_id: int, number: int, item: str, by: User, at: dt.datetime
) -> tuple[models.Draft, str]:
    """A copy right behind the item, under an id of its own, which is returned. Raises NoSuchItem, DraftChanged."""
    made: list[str] = []

    def edit(source: str) -> str:
        place, row = row_of(source, "items", item)
        taken = {str(one.get("id")) for one in reading.document(source).rows}
        fresh = next(name for n in range(2, 10_000) if (name := f"{item}-{n}") not in taken)
        made[:] = [fresh]
        return editing.insert(source, ("items",), place + 1, {**row, "id": fresh})

    draft = edit_draft(
        draft_id=draft_id, number=number, edit=only_source(edit), touches=row_touched("items", item),
        deed=Deed.ITEM_ADDED, about=item, by=by, at=at,
    )  # fmt: skip
    return draft, made[0]


def remove_item(*, draft_id: int, number: int, item: str, by: User, at: dt.datetime) -> models.Draft:
    """Without the item. Raises NoSuchItem, DraftChanged."""
    return edit_draft(
        draft_id=draft_id,
        number=number,
        edit=only_source(lambda source: editing.remove(source, ("items", row_of(source, "items", item)[0]))),
        touches=row_touched("items", item),
        deed=Deed.ITEM_REMOVED,
        about=item,
        by=by,
        at=at,
    )


def move_item(
    *, draft_id: int, number: int, item: str, steps: int, by: User, at: dt.datetime
) -> models.Draft:
    """The item some places up (negative) or down. Raises NoSuchItem, DraftChanged."""

    def edit(source: str) -> str:
        place, _row = row_of(source, "items", item)
        return editing.move(source, ("items",), place, place + steps)

    return edit_draft(
        draft_id=draft_id,
        number=number,
        edit=only_source(edit),
        deed=Deed.ITEM_MOVED,
        about=item,
        by=by,
        at=at,
    )


def change_rows(
    *, draft_id: int, number: int, part: Part, rows: Sequence[Written], by: User, at: dt.datetime
) -> models.Draft:
    """All chapters, or all outcomes, as their form has them. Raises UnusableItem, DraftChanged."""
    rows = [check_row(part.value, row) for row in rows]
    return _change_part(draft_id, number, part, lambda source: merge_rows(source, part.value, rows), by, at)


def change_keys(
    *, draft_id: int, number: int, part: Part, values: Written, by: User, at: dt.datetime
) -> models.Draft:
    """Some of the document's own keys; None takes one away. Raises DraftChanged."""
    return _change_part(
        draft_id, number, part, lambda source: editing.change(source, (), values, written.SCHEME_KEYS), by, at
    )


def replace_part(
    *, draft_id: int, number: int, part: Part, text: str, by: User, at: dt.datetime
) -> models.Draft:
    """A part as it was written in the form's text, key by key. Raises UnusableText, DraftChanged."""
    keys = rules.PART_KEYS[part]
    plain = _part_plain(text, keys)

    def edit(source: str) -> str:
        for key in keys:
            lines = editing.part_text(text, key) if key in plain else ""
            source = editing.replace_text(source, key, lines, written.SCHEME_KEYS)
        return source

    text = tidy(text)
    return _change_part(draft_id, number, part, edit, by, at)


def _part_plain(text: str, keys: tuple[str, ...]) -> Written:
    if not text.strip():
        return {}
    try:
        plain = yaml_reading.read(tidy(text)).plain
    except DocumentError as error:
        raise UnusableText(
            _("这不是有效的 YAML，没有保存。请按下面的提示改好。"), error.problems, "text"
        ) from error
    if not isinstance(plain, dict) or not set(plain) <= set(keys):
        raise UnusableText(_("这里只写这些项：%(keys)s。") % {"keys": "、".join(keys)}, [], "text")
    return plain


def _change_part(
    draft_id: int, number: int, part: Part, edit: Callable[[str], str], by: User, at: dt.datetime
) -> models.Draft:
    keys = rules.PART_KEYS[part]

    def touched(text: Text) -> object:
        plain = reading.document(text.source).plain
        return [plain.get(key) for key in keys] if isinstance(plain, dict) else None

    return edit_draft(
        draft_id=draft_id,
        number=number,
        edit=only_source(edit),
        touches=touched,
        deed=Deed.PART_CHANGED,
        about=part.label,
        by=by,
        at=at,
    )


def replace_source(*, draft_id: int, number: int, source: str, by: User, at: dt.datetime) -> models.Draft:
    """The whole text. Raises UnusableText, DraftChanged."""
    return edit_draft(
        draft_id=draft_id,
        number=number,
        edit=lambda text: Text(tidy(source), text.cases),
        deed=Deed.SOURCE_CHANGED,
        by=by,
        at=at,
    )


def give_reason(
    *, draft_id: int, number: int, owner: str, code: str, reason: str, by: User, at: dt.datetime
) -> models.Draft:
    """Let a warning of the law guard pass, for a reason that stands in the document. Raises UnusableItem."""
    if not reason.strip():
        raise UnusableItem(_("请写明为什么可以这样规定。"), place="reason")

    def edit(source: str) -> str:
        path = _owner_path(source, owner)
        plain: Any = reading.document(source).plain
        for place in path:
            plain = plain[place]
        reasons = {**(plain.get("reasons") or {}), code: reason.strip()}
        return editing.change(
            source, path, {"reasons": reasons}, written.ITEM_KEYS if path else written.SCHEME_KEYS
        )

    return edit_draft(
        draft_id=draft_id,
        number=number,
        edit=only_source(edit),
        touches=lambda text: None,
        deed=Deed.REASON_GIVEN,
        about=owner,
        by=by,
        at=at,
    )


def _owner_path(source: str, owner: str) -> tuple[str | int, ...]:
    """Where reasons of a finding belong: its item, outcome or chapter, or the scheme itself."""
    for part in ("items", "outcomes", "sections"):
        try:
            return part, row_of(source, part, owner)[0]
        except NoSuchItem:
            continue
    return ()


def title_of(values: Written) -> str:
    """A row's Chinese title."""
    title = values.get("title", "")
    return str(title.get("zh", "")) if isinstance(title, dict) else str(title)
