"""The items of a draft as its table and its forms show them, whether or not the whole text is right yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from jizhi.core.errors import DomainError
from jizhi.drafting import rules
from jizhi.drafting.selectors import reading
from jizhi.drafting.selectors.drafts import DraftPage
from jizhi.engine import describe, editing
from jizhi.engine.document import base
from jizhi.engine.document.base import Window
from jizhi.engine.document.item import ASKED, SOURCES, Channel, Evidence, Item, Kind
from jizhi.engine.document.problem import Problem
from jizhi.engine.document.text import Text
from jizhi.engine.editing import written

Choices = list[tuple[str, str]]
SORTS = ("", "title", "points")


class NoSuchItem(DomainError):
    """The draft has no item of that id."""


@dataclass(frozen=True)
class ItemLine:
    """An item on the table. `item` is None where its row cannot be understood; `marks` are findings about it."""

    place: int
    id: str
    title: Text
    section: str
    section_id: str
    kind: str
    price: str
    limits: str
    channels: str
    spendable: bool
    published: bool
    item: Item | None
    marks: tuple[Problem, ...]

    @property
    def gravest(self) -> str:
        """error, warning or nothing."""
        return min((one.level for one in self.marks), default="")


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter for choices."""

    id: str
    title: str


def sections(page: DraftPage, language: str) -> list[Section]:
    """The chapters as written, for choices."""
    plain = page.document.plain
    rows = plain.get("sections") if isinstance(plain, dict) else None
    found = []
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and row.get("id"):
            title = row.get("title") or row["id"]
            found.append(Section(str(row["id"]), Text.model_validate(title).say(language)))
    return found


def table(
    page: DraftPage, language: str, *, search: str = "", kind: str = "", section: str = "", sort: str = ""
) -> list[ItemLine]:
    """The items in the document's order, or sorted, those that fit the search."""
    titles = {one.id: one.title for one in sections(page, language)}
    marks = [*page.problems, *page.findings]
    lines = []
    for place, row in enumerate(page.document.rows):
        line = _line(place, row, titles, [one for one in marks if one.item == row.get("id")], language)
        words = f"{line.id} {line.title.zh} {line.title.en}".lower()
        if search.lower() in words and kind in ("", line.kind) and section in ("", line.section_id):
            lines.append(line)
    if sort == "title":
        lines.sort(key=lambda line: line.title.say(language))
    elif sort == "points":
        lines.sort(key=lambda line: -_worth(line.item))
    return lines


def _worth(item: Item | None) -> float:
    """The largest amount that stands in the item's points, to sort by."""
    if item is None or item.points is None:
        return 0.0
    flat = _numbers(written.points(item.points))
    return max(flat, default=0.0) * item.sign


def _numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [
            number
            for key, one in value.items()
            if key not in ("per", "to", "title")
            for number in _numbers(one)
        ]
    if isinstance(value, list):
        return [number for one in value for number in _numbers(one)]
    try:
        return [float(value)]
    except ValueError:
        return []


def _line(
    place: int, row: dict[str, Any], titles: dict[str, str], marks: Sequence[Problem], language: str
) -> ItemLine:
    item = reading.item_alone(row)
    section = str(row.get("section") or "")
    joint = ", " if language.startswith("en") else "、"
    return ItemLine(
        place=place,
        id=str(row.get("id", "")),
        title=item.title if item else Text(zh=str(row.get("id", place + 1))),
        section=titles.get(section, section),
        section_id=section,
        kind=str(row.get("kind", "")),
        price=describe.price(item, language) if item else "",
        limits=describe.limits(item, language) if item else "",
        channels=joint.join(describe.channel(one, language) for one in item.claim) if item else "",
        spendable=bool(item and item.spendable),
        published=bool(item and item.published),
        item=item,
        marks=tuple(marks),
    )


def item_values(page: DraftPage, item_id: str) -> tuple[dict[str, Any], Item | None]:
    """What the form of an item begins with: its keys as written, and the item where it can be understood."""
    place = page.document.place_of(item_id)
    if place is None:
        raise NoSuchItem(_("草稿里没有这个条目。"))
    row = page.document.plain["items"][place]
    item = reading.item_alone(row)
    return (written.item(item) if item else dict(row)), item


def part_values(page: DraftPage, part: rules.Part) -> list[dict[str, Any]] | None:
    """The rows of chapters or outcomes by their keys; None where one cannot be understood."""
    if page.document.scheme is None:
        return None
    if part is rules.Part.SECTIONS:
        return [written.section(one) for one in page.document.scheme.sections]
    return [written.outcome(one) for one in page.document.scheme.outcomes]


def limit_values(page: DraftPage) -> list[dict[str, Any]] | None:
    """The limits of the whole scheme."""
    scheme = page.document.scheme
    return None if scheme is None else [written.limit(one) for one in scheme.limits]


def level_values(page: DraftPage) -> dict[str, Any] | None:
    """period and steps of the levels; None while the text has errors or uses a quota, which only the text can show."""
    scheme, plain = page.document.scheme, page.document.plain
    if scheme is None or "quota" in (plain.get("levels") or {}):
        return None
    if scheme.levels is None:
        return {"period": "year", "steps": []}
    return {"period": scheme.levels.period, "steps": [written.step(one) for one in scheme.levels.steps]}


def part_text(page: DraftPage, part: rules.Part) -> str:
    """The lines of a part as they stand in the text."""
    if page.document.plain is None:
        return ""
    written_parts = [editing.part_text(page.source, key) for key in rules.PART_KEYS[part]]
    return "\n".join(text for text in written_parts if text)


def item_text(page: DraftPage, item_id: str) -> str:
    """One item's row on lines of its own, for the form's text."""
    place = page.document.place_of(item_id)
    return "" if place is None else editing.writing.row(page.document.plain["items"][place], 0)


def kind_choices(language: str) -> Choices:
    """Kinds of items."""
    return [(kind.value, _pick(describe.KINDS[kind], language)) for kind in Kind]


def channel_choices(language: str) -> Choices:
    """Who may bring an act forward."""
    return [(one.value, describe.channel(one, language)) for one in Channel]


def evidence_choices(language: str) -> Choices:
    """What shows that it happened."""
    return [(one.value, describe.evidence(one, language)) for one in Evidence]


def window_choices(language: str) -> Choices:
    """Calendar windows of limits."""
    return [(one.value, _pick(describe.WINDOWS[one], language)) for one in Window]


def unit_choices(language: str) -> Choices:
    """Words for what a quantity counts, the members of the household first."""
    words = {"member": describe.WORDS["member"], **describe.WORDS}
    return [(key, _pick(pair, language)) for key, pair in words.items()]


def source_choices() -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Kinds of sources of derived facts, and what may be asked of each."""
    return SOURCES, ASKED


def grade_words() -> dict[str, tuple[str, str]]:
    """Grades that have words of their own."""
    return describe.GRADES


def _pick(pair: tuple[str, str], language: str) -> str:
    return pair[1] if language.startswith("en") else pair[0]


def read_duration(text: str) -> str:
    """`1 年`, `6个月`, `30 days` as the language has it; raises ValueError."""
    return str(base.read_duration(text))


def say_duration(text: str, language: str) -> str:
    """The same in words."""
    return describe.duration(base.read_duration(text), language)


def read_number(text: str) -> str:
    """Points as written, without needless zeros; raises ValueError."""
    return written.number(base.read_amount(text))
