"""What a column of a plain table is called and holds, and how one of its cells is understood.

The cell parsers of `sheets.values` do the reading; nothing here knows rows or files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from jizhi.sheets import values
from jizhi.sheets.reading import Cell
from jizhi.sheets.values import Outcome, clean_text, is_nothing
from jizhi.sheets.values.outcome import INVISIBLE, refuse, refuses_faults, squeeze
from jizhi.sheets.vocabulary import normalise


class Kind(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    WORDS = "words"  # as written: “无” is an answer here
    NAME = "name"
    CODE = "code"
    HOUSEHOLD_NO = "household_no"
    DATE = "date"
    WHOLE = "whole"
    CHOICE = "choice"
    YES_NO = "yes_no"
    ID_NUMBER = "id_number"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `key` for programs, titles for people, other words people write above it, and what it holds.

    `choices` maps each stored value to the words that mean it, the first of which is written in exports.
    What was written in a `sensitive` column is shown to nobody when it is refused.
    """

    key: str
    title: str
    title_en: str
    kind: Kind = Kind.TEXT
    required: bool = False
    synonyms: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    longest: int = 200
    width: float = 14
    note: str = ""
    sensitive: bool = False

    @property
    def names(self) -> frozenset[str]:
        """Every title under which the column is found."""
        return frozenset(normalise(name) for name in (self.title, self.title_en, self.key, *self.synonyms))

    def understand(self, cell: Cell, *, since_1904: bool = False) -> Outcome[Any]:
        """The cell's value (None where it is blank), or the problem."""
        if self.kind is Kind.DATE:
            return values.parse_date(cell, since_1904=since_1904)
        if self.kind is Kind.CHOICE:
            return _choice(cell, self.choices)
        found = _PARSERS[self.kind](cell)
        if isinstance(found.value, str) and len(found.value) > self.longest:
            size = len(found.value)
            return refuse(
                f"太长（{size}字，最多{self.longest}字）",
                f"too long ({size} characters, at most {self.longest})",
            )
        return found


CODE = re.compile(r"[\w\-./#]{1,64}")
WHOLE = re.compile(r"[+-]?\d{1,12}(\.0+)?")
YES_WORDS = """是 √ ✓ ✔ ☑ 有 y yes 1 true 对
党员 中共党员 正式党员 预备党员 中共预备党员"""
NO_WORDS = """否 × ✗ ✘ ☐ x 无 n no 0 false 不是 非 没有
群众 团员 共青团员 非党员"""
YES, NO = frozenset(YES_WORDS.split()), frozenset(NO_WORDS.split())


@refuses_faults
def _code(cell: Cell) -> Outcome[str]:
    value = cell.value
    text = squeeze(cell.shown)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value != int(value):
            return refuse("代码不能是小数", "a code is no fraction")
        text = text if text.isdigit() else str(int(value))
    if not text or text in {"-", "--", "/", "无"}:
        return Outcome()
    if not CODE.fullmatch(text):
        return refuse("代码只能用字母、数字和 - _ . /", "a code holds letters, digits and - _ . / only")
    return Outcome(text)


@refuses_faults
def _whole(cell: Cell) -> Outcome[int]:
    if isinstance(cell.value, bool):
        return refuse("应填整数", "a whole number is expected")
    if isinstance(cell.value, (int, float)):
        if cell.value != int(cell.value):
            return refuse("应填整数", "a whole number is expected")
        return Outcome(int(cell.value))
    text = squeeze(cell.shown).replace(",", "")
    if is_nothing(text):
        return Outcome()
    if not WHOLE.fullmatch(text):
        return refuse("应填整数", "a whole number is expected")
    return Outcome(int(text.partition(".")[0]))


@refuses_faults
def _yes_no(cell: Cell) -> Outcome[bool]:
    if isinstance(cell.value, bool):
        return Outcome(cell.value)
    text = squeeze(cell.shown).lower()
    if not text:
        return Outcome()
    if text in YES or text in NO:
        return Outcome(text in YES)
    return refuse("应填“是”或“否”", "yes or no is expected")


@refuses_faults
def _choice(cell: Cell, choices: Mapping[str, tuple[str, ...]]) -> Outcome[str]:
    text = normalise(cell.shown)
    if is_nothing(text) and not any(text in map(normalise, names) for names in choices.values()):
        return Outcome()
    for value, names in choices.items():
        if text == value.lower() or text in map(normalise, names):
            return Outcome(value)
    allowed = "、".join(names[0] for names in choices.values())
    allowed_en = ", ".join(names[-1] for names in choices.values())
    return refuse(f"应填：{allowed}", f"expected one of: {allowed_en}")


@refuses_faults
def _text(cell: Cell) -> Outcome[str]:
    text = re.sub(r"\s+", " ", clean_text(cell.shown))
    return Outcome(None if is_nothing(text) else text)


@refuses_faults
def _words(cell: Cell) -> Outcome[str]:
    return Outcome(" ".join(INVISIBLE.sub("", cell.shown).split()) or None)


_PARSERS: dict[Kind, Callable[[Cell], Outcome[Any]]] = {
    Kind.TEXT: _text,
    Kind.WORDS: _words,
    Kind.NAME: values.parse_name,
    Kind.CODE: _code,
    Kind.HOUSEHOLD_NO: values.parse_household_no,
    Kind.WHOLE: _whole,
    Kind.YES_NO: _yes_no,
    Kind.ID_NUMBER: values.parse_id_number,
    Kind.PHONE: values.parse_phone,
}


def to_text(column: Column, value: Any) -> str:
    """A value as text to keep; `from_text` undoes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return value.isoformat() if isinstance(value, date) else str(value)


def from_text(column: Column, text: str) -> Any:
    """The value that `to_text` kept; None for an empty text."""
    if not text:
        return None
    if column.kind is Kind.DATE:
        return date.fromisoformat(text)
    if column.kind is Kind.WHOLE:
        return int(text)
    if column.kind is Kind.YES_NO:
        return text == "1"
    return text
