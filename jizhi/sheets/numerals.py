"""Chinese numerals up to 99 and digit by digit, as they occur in dates and in the names of grids.

Not a general converter: amounts and counts are expected in digits.
"""

from __future__ import annotations

import re

DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
    "两": 2,
    "廿": 2,
}
LONGEST = 8
NUMERAL = re.compile(r"[〇零○一二三四五六七八九十两]+")


def parse_numeral(text: str) -> int | None:
    """`十二` → 12, `二〇` → 20, `7` → 7; None where it is no number."""
    if text.isascii() and text.isdigit():
        return int(text)
    if not NUMERAL.fullmatch(text) or len(text) > LONGEST:
        return None
    if "十" not in text:
        return int("".join(str(DIGITS[char]) for char in text))
    tens, _, units = text.partition("十")
    if len(tens) > 1 or len(units) > 1 or "十" in units:
        return None
    return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[units] if units else 0)


def replace_numerals(text: str) -> str:
    """Every run of numerals as Arabic digits: `第十二网格` → `第12网格`."""

    def arabic(found: re.Match[str]) -> str:
        number = parse_numeral(found.group())
        return found.group() if number is None else str(number)

    return NUMERAL.sub(arabic, text)
