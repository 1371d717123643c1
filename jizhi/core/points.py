"""Points and money as integers: hundredths of a point, and fen.

Conversion happens here, at the edges, and nowhere else; no float ever takes part.
"""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

Points = int
Fen = int

_NUMBER = re.compile(r"[+-]?\d+(\.\d{1,2})?")


class NotANumber(ValueError):
    """The text is not a number with at most two decimal places."""


def _parse_hundredths(text: str) -> int:
    plain = unicodedata.normalize("NFKC", text).strip().replace(",", "").replace("−", "-")
    if not _NUMBER.fullmatch(plain):
        raise NotANumber(text)
    return int(Decimal(plain).scaleb(2))


def _format_hundredths(value: int, places: int) -> str:
    step = Decimal(1).scaleb(-places)
    return str((Decimal(value) / 100).quantize(step, rounding=ROUND_HALF_UP))


def parse_points(text: str) -> Points:
    """`"1.2"` → 120. Full-width digits and thousands separators are understood; raises NotANumber."""
    return _parse_hundredths(text)


def format_points(value: Points, places: int = 1) -> str:
    """120 → `"1.2"`. `places` is the scheme unit's number of decimals; halves round away from zero."""
    return _format_hundredths(value, places)


def parse_fen(text: str) -> Fen:
    """`"12.5"` (yuan) → 1250 fen; raises NotANumber."""
    return _parse_hundredths(text)


def format_fen(value: Fen) -> str:
    """1250 fen → `"12.50"` yuan."""
    return _format_hundredths(value, 2)
