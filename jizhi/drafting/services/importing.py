"""A rating table merged into a draft: what becomes of each row first, then all rows in one save.

A row is an item's if it bears its id, its name or one of its aliases; every other row is a new item. Items that the
table does not name stay as they are, and so does what it has no column for.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from jizhi.accounts.models import User
from jizhi.core.errors import DomainError
from jizhi.drafting import models
from jizhi.drafting.rules import Deed
from jizhi.drafting.selectors import reading
from jizhi.drafting.services import editing as rows
from jizhi.drafting.services.drafts import edit_draft
from jizhi.engine import describe, editing
from jizhi.engine.document.item import Item
from jizhi.engine.editing import written
from jizhi.sheets.ratings import Rating


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True)
class Planned:
    """A row and what becomes of it; `changes` are the keys that differ, `why` says what is in the way."""

    sheet: str
    row: int
    title: str
    fate: Fate
    id: str
    price: str = ""
    changes: tuple[str, ...] = ()
    why: str = ""
    why_en: str = ""


def plan_import(source: str, ratings: Sequence[Rating], language: str) -> list[Planned]:
    """What an import would do; nothing is written."""
    return [one for one, _source in _steps(source, ratings, language)]


def import_items(
    *, draft_id: int, number: int, ratings: Sequence[Rating], by: User, at: dt.datetime
) -> models.Draft:
    """Put the rows into the draft, those that are refused left out. Raises DraftChanged."""

    def edit(source: str) -> str:
        for _one, after in _steps(source, ratings, "zh"):
            source = after
        return source

    return edit_draft(
        draft_id=draft_id,
        number=number,
        edit=rows.only_source(edit),
        deed=Deed.ITEMS_IMPORTED,
        about=str(len(ratings)),
        by=by,
        at=at,
    )


def _steps(source: str, ratings: Sequence[Rating], language: str) -> list[tuple[Planned, str]]:
    """Each row with the text after it."""
    found: list[tuple[Planned, str]] = []
    seen: set[str] = set()
    for rating in ratings:
        changes: tuple[str, ...] = ()
        source = _with_section(source, rating.values["section"] or "")
        known = _known(source, rating)
        values = _values(source, rating, known)
        if values["id"] in seen:
            why = ("表里已经有这个条目", "the table has this item already")
            found.append((_planned(rating, Fate.REFUSED, values, language, why=why), source))
            continue
        seen.add(values["id"])
        try:
            values = rows.check_row("items", values)
            if known is None:
                source, fate = rows.place_item(source, values), Fate.NEW
            else:
                before = written.item(known)
                changes = tuple(key for key in written.ITEM_KEYS if before.get(key) != values.get(key))
                source = rows.rewrite_row(source, "items", known.id, values)
                fate = Fate.CHANGED if changes else Fate.SAME
            found.append((_planned(rating, fate, values, language, changes=changes), source))
        except (DomainError, editing.Entangled) as refusal:
            problems = getattr(refusal, "problems", [])
            said = [
                "；".join(one.message.say(lang) for one in problems) or str(refusal) for lang in ("zh", "en")
            ]
            found.append((_planned(rating, Fate.REFUSED, values, language, why=(said[0], said[1])), source))
    return found


def _planned(
    rating: Rating,
    fate: Fate,
    values: dict[str, Any],
    language: str,
    changes: tuple[str, ...] = (),
    why: tuple[str, str] = ("", ""),
) -> Planned:
    item = reading.item_alone(values)
    return Planned(
        rating.sheet, rating.row, rating.title, fate, str(values["id"]),
        describe.points(item, language) if item else "", changes, *why,
    )  # fmt: skip


def _known(source: str, rating: Rating) -> Item | None:
    """The item that a row is about."""
    items = [item for row in reading.document(source).rows if (item := reading.item_alone(row))]
    wanted = str(rating.values["id"] or "")
    if wanted:
        return next((item for item in items if item.id == wanted), None)
    title = rating.title.strip()
    return next((item for item in items if title in (item.title.zh, item.title.en, *item.aliases)), None)


def _with_section(source: str, title: str) -> str:
    """The text with a chapter of that title, made where there is none."""
    if not title or _section_of(source, title) is not None:
        return source
    found = reading.document(source)
    row = {"id": found.fresh_id("sections"), "title": title}
    return editing.insert(source, ("sections",), len(found.rows_of("sections")), row, written.SCHEME_KEYS)


def _section_of(source: str, title: str) -> str | None:
    for row in reading.document(source).plain.get("sections") or []:
        if isinstance(row, dict):
            name = row.get("title", row.get("id"))
            names = name.values() if isinstance(name, dict) else [name]
            if title in (row.get("id"), *names):
                return str(row["id"])
    return None


def _values(source: str, rating: Rating, known: Item | None) -> dict[str, Any]:
    """The item with what the row says; what the table has no cell for stays."""
    values = (
        written.item(known)
        if known
        else {"id": rating.values["id"] or reading.document(source).fresh_id("items"), "title": rating.title}
    )
    values["kind"] = rating.kind if known is None or known.kind in ("merit", "fault") else str(known.kind)
    if section := rating.values["section"]:
        values["section"] = _section_of(source, section) or ""
    values["points"] = _points(rating.points, values.get("points"))
    if rating.values["limits"]:
        values["limits"] = [dict(one) for one in rating.limits]
    for name in ("claim", "evidence"):
        if rating.values[name]:
            values[name] = list(getattr(rating, name))
    if rating.values["spendable"] is not None:
        values["spendable"] = "true" if rating.values["spendable"] else None
    for name in ("description", "reference"):
        if rating.values[name] and _said(values.get(name)) != rating.values[name]:
            values[name] = rating.values[name]
    return values


def _points(new: Any, present: Any) -> Any:
    """Grades and units of the table keep the keys and words of the item's own where their names agree."""
    if not isinstance(new, dict):
        return new
    if "each" in new and isinstance(present, dict) and _said(new["per"]) == _said(present.get("per")):
        return {**new, "per": present["per"]}
    if "grades" not in new:
        return new
    had = present.get("grades", {}) if isinstance(present, dict) else {}
    names = {_grade_name(key, one): key for key, one in had.items()}
    found = {}
    for key, one in new["grades"].items():
        own = names.get(one["title"])
        before = had.get(own)
        if own is None:
            known = next((name for name, pair in describe.GRADES.items() if pair[0] == one["title"]), None)
            found[known or key] = one["points"] if known else one
        else:
            found[own] = {**before, "points": one["points"]} if isinstance(before, dict) else one["points"]
    return {"grades": found}


def _grade_name(key: str, one: Any) -> str:
    title = one.get("title") if isinstance(one, dict) else None
    return _said(title) if title else describe.GRADES.get(key, (key, ""))[0]


def _said(value: Any) -> str:
    return str(value.get("zh", "")) if isinstance(value, dict) else str(value or "")
