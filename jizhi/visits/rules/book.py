"""Values of the household book: what may stand in a field, how a value reads, and how full a book is.

Fields come from a county's pack and are taken as they are: anything with key, kind and choices. Nothing is stored here.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from jizhi.core.text import N_

TEXT_MAX = 500
YES, NO = "yes", "no"
_YES = {"yes", "y", "true", "1", "是", "有", "√", "✓"}
_NO = {"no", "n", "false", "0", "否", "无", "没有", "×"}

Value = str | list[str] | None


class BookField(Protocol):
    """What the rules need of a field of the pack."""

    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def choices(self) -> Sequence[Any]: ...
    @property
    def sensitive(self) -> bool: ...


class BadValue(Exception):
    """The value does not fit its field; the message is a source text for the reader."""


@dataclass(frozen=True, slots=True)
class Filled:
    """How many of the fields are filled."""

    filled: int
    fields: int

    @property
    def percent(self) -> int:
        return self.filled * 100 // self.fields if self.fields else 0


def is_empty(value: Any) -> bool:
    """Whether nothing was written."""
    return value is None or value == "" or value == []


def filled(fields: Sequence[BookField], values: Mapping[str, Any]) -> Filled:
    """How full a book is."""
    return Filled(sum(not is_empty(values.get(field.key)) for field in fields), len(fields))


def checked_value(field: BookField, raw: Any) -> Value:
    """The value as it is stored (text; a list of keys for `choices`; None for nothing). Raises BadValue."""
    if is_empty(raw) or (isinstance(raw, str) and not raw.strip()):
        return None
    if field.kind == "choices":
        many = raw if isinstance(raw, list | tuple) else _split(str(raw))
        return sorted({_choice(field, str(one)) for one in many})
    text = str(raw).strip()
    if field.kind == "choice":
        return _choice(field, text)
    if field.kind == "yesno":
        return _yes_or_no(text)
    if field.kind == "number":
        return _number(text)
    if field.kind == "date":
        return read_date(text).isoformat()
    if len(text) > TEXT_MAX:
        raise BadValue(N_("内容太长，请不超过500字。"))
    return text


def _split(text: str) -> list[str]:
    for mark in "、，；;/":
        text = text.replace(mark, ",")
    return [part.strip() for part in text.split(",") if part.strip()]


def _choice(field: BookField, text: str) -> str:
    for choice in field.choices:
        if text.strip() in {choice.key, choice.title.zh, choice.title.en}:
            return str(choice.key)
    raise BadValue(N_("没有这个选项。"))


def _yes_or_no(text: str) -> str:
    if text.casefold() in _YES:
        return YES
    if text.casefold() in _NO:
        return NO
    raise BadValue(N_("请写“是”或“否”。"))


def _number(text: str) -> str:
    try:
        number = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation as error:
        raise BadValue(N_("请写数字。")) from error
    if not number.is_finite() or abs(number) >= Decimal(10) ** 12:
        raise BadValue(N_("请写数字。"))
    return format(number.normalize(), "f")


def read_date(text: str) -> dt.date:
    """A day as people write it: 2026-03-05, 2026.3.5, 2026年3月5日. Raises BadValue."""
    plain = text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
    try:
        year, month, day = (int(part) for part in plain[:10].strip().split("-"))
        return dt.date(year, month, day)
    except (ValueError, TypeError) as error:
        raise BadValue(N_("日期写法不对，例如 2026-03-05。")) from error
