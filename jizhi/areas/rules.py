"""Codes and levels of the area tree. Plain Python; the titles of levels come from a county's pack."""

import re

from jizhi.core.text import N_

VILLAGE = "village"
GRID = "grid"
GRID_DIGITS = 3

# What most counties have; a pack may define others before the first area is made.
USUAL_LEVELS = (
    ("county", N_("县"), "County"),
    ("township", N_("乡镇"), "Township"),
    (VILLAGE, N_("村"), "Village"),
    (GRID, N_("网格"), "Grid"),
)

_CODE = re.compile(r"[a-z0-9_]+")


def is_code(code: str) -> bool:
    """Codes are path labels: lower-case letters, digits and underscores."""
    return bool(_CODE.fullmatch(code)) and len(code) <= 64


def next_grid_code(village_code: str, taken: set[str]) -> str:
    """The first free `<village>001`…`999`."""
    number = 1
    while (code := f"{village_code}{number:0{GRID_DIGITS}d}") in taken:
        number += 1
    return code
