"""What understanding one cell yields, and the cleaning every parser starts with.

Full-width characters, invisible characters and control characters disappear here, once for all.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from jizhi.sheets.reading import Cell

T = TypeVar("T")

INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
TEXT_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
NOTHING = frozenset(
    [
        "",
        "无",
        "-",
        "--",
        "—",
        "——",
        "/",
        "\\",
        "暂无",
        "不详",
        "未知",
        "没有",
        "空",
        "none",
        "null",
        "n/a",
        "nan",
        "无.",
    ]
)


class Saying(NamedTuple):
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    value: T | None = None
    problem: Saying | None = None
    note: Saying | None = None


def refuse(zh: str, en: str) -> Outcome[Any]:
    return Outcome(problem=Saying(zh, en))


@functools.lru_cache(maxsize=20_000)  # the same texts are looked at from many sides
def clean_text(text: str) -> str:
    """The text without invisible and control characters, full-width forms folded, ends trimmed."""
    wrapped = TEXT_FORMULA.fullmatch(text.strip())
    text = unicodedata.normalize("NFKC", wrapped.group(1) if wrapped else text)
    text = CONTROL.sub("", INVISIBLE.sub("", text)).strip().lstrip("'`‘’").strip()
    return text if text.isascii() else "".join(map(_ascii_digit, text))


def _ascii_digit(char: str) -> str:
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def squeeze(text: str) -> str:
    """Clean text without any white space."""
    return re.sub(r"\s+", "", clean_text(text))


def is_nothing(text: str) -> bool:
    return squeeze(text).lower() in NOTHING


def refuses_faults(parse: Callable[..., Outcome[T]]) -> Callable[..., Outcome[T]]:
    """Error values and formulas without result are refused before a parser sees them."""

    def guarded(cell: Cell, *args: object, **options: object) -> Outcome[T]:
        if cell.fault:
            return Outcome(problem=Saying(cell.fault, cell.fault_en))
        return parse(cell, *args, **options)

    guarded.__doc__ = parse.__doc__
    return guarded
