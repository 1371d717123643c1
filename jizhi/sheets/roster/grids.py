"""Decides which grid names of a file are grids of the village.

Known grids are always accepted. A name the village does not have yet is accepted when the file itself bears it
out; a name that hardly any household carries, or that says there is none, is refused: it would create a grid by
a slip of the pen. One key stands for all spellings of a grid: `第1网格`, `第一 网格`, `1`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from statistics import median

from jizhi.sheets.numerals import replace_numerals
from jizhi.sheets.reading import Cell
from jizhi.sheets.values import Outcome, Saying, clean_text, is_nothing

NO_GRID = re.compile(r"无|没有|不详|未知|待定|未分|未定|不存在|不清楚|暂缺|\?|#")
MAX_GRID_NAME = 30
ESTABLISHED = 5  # households that make a grid name beyond doubt
STRAY_SHARE = 0.05  # of the usual number of households per grid


def grid_key(name: str) -> str:
    text = replace_numerals("".join(clean_text(name).split()))
    number = re.fullmatch(r"第?0*(\d+)号?(网格)?", text)
    return number.group(1) if number else text.removesuffix("网格") or text


class GridRule:
    """Built from the (household, grid) pairs of the whole file before any row is judged."""

    def __init__(self, pairs: Iterable[tuple[str, str]], known: Collection[str] | None) -> None:
        named = {(no, "".join(clean_text(name).split())) for no, name in pairs if not is_nothing(name)}
        spellings = Counter(name for _, name in named)
        self.names: dict[str, str] = {}
        for name, _ in spellings.most_common():
            self.names.setdefault(grid_key(name), name)
        self.known = {grid_key(name): name for name in known or ()}
        self.names.update(self.known)
        self.counts = Counter(
            grid_key(name) for _, name in {(no, self.names[grid_key(n)]) for no, n in named}
        )
        self.shares_known = any(key in self.known for key in self.counts)

    def check(self, cell: Cell) -> Outcome[str]:
        if cell.fault:
            return Outcome(problem=Saying(cell.fault, cell.fault_en))
        text = "".join(clean_text(cell.shown).split())
        if is_nothing(text):
            return Outcome(
                value="" if cell.is_blank else None, problem=None if cell.is_blank else _unknown(text)
            )
        key = grid_key(text)
        if key in self.known:
            return Outcome(self.known[key])
        if NO_GRID.search(text) or len(text) > MAX_GRID_NAME or self._is_stray(key):
            return Outcome(problem=_unknown(text))
        return Outcome(self.names[key])

    def _is_stray(self, key: str) -> bool:
        count = self.counts[key]
        if self.shares_known:
            return count < ESTABLISHED
        usual = [n for n in self.counts.values() if n >= ESTABLISHED]
        return bool(usual) and count <= max(1, int(median(usual) * STRAY_SHARE))


def _unknown(text: str) -> Saying:
    return Saying(
        f"村里没有“{text}”这个网格；如确有，请先在区域里建立",
        f"the village has no grid named “{text}”; if it exists, create it among the areas first",
    )
