"""Words that travel: marking Chinese source texts for translation, and enums that carry their label.

Plain Python on purpose, so that every app's rules may use it; translating happens where a page is rendered.
"""

import enum
from typing import Self


def N_(text: str) -> str:  # noqa: N802 (the name gettext tools know)
    """Mark a source text for the catalogs without translating it (gettext's usual no-op)."""
    return text


class LabelledEnum(enum.StrEnum):
    """`FILED = "filed", N_("已申报")`: equal to its stored value, with `.label` as the Chinese source text."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label or value
        return member
