"""The order along the way: addresses as people count them, so that 9号 comes before 10号, and the street of each.

Coordinates play no part here; whoever has them may give another key of the same kind.
"""

import re
import unicodedata

_NUMBER = re.compile(r"(\d+)")
_HOUSE = re.compile(r"\d+[^\d]*$")

WayKey = tuple[tuple[tuple[int, int, str], ...], tuple[tuple[int, int, str], ...], int]


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    parts = [part for part in _NUMBER.split(plain) if part]
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def way_key(address: str, no: str, household: int) -> WayKey:
    """Sorts households along the way: by address with its numbers as numbers, then by household number."""
    return (_natural(address), _natural(no), household)


def street_of(address: str) -> str:
    """The address without the house number: what neighbours share. Empty where there is no address."""
    plain = unicodedata.normalize("NFKC", address).strip()
    street = _HOUSE.sub("", plain).strip()
    return (street or plain)[:60]
