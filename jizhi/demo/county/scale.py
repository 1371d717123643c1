"""How much there is of everything: the full numbers are those reported of Linyi, the small ones a fortieth of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers of a county: areas by storey, households, persons, and what happened in it."""

    townships: int
    villages: int
    grids: int
    auxiliary: int
    micro: int
    households: int
    persons: int
    party_organisations: int
    matters: int
    visits: int


# 228 villages, since as many secretaries were rated. 832 + 3,091 + 8,075 workers of three ranks hold 11,998 posts.
SCALES = {
    "full": Scale(14, 228, 832, 3_091, 8_075, 150_000, 500_000, 982, 2_400, 4_200),
    "small": Scale(2, 6, 20, 76, 200, 3_600, 12_000, 24, 60, 100),
}


def spread(total: int, parts: int) -> list[int]:
    """`total` in `parts` whole shares that differ by one at most: 7 in 3 is 2, 2, 3."""
    return [total * (n + 1) // parts - total * n // parts for n in range(parts)]
