"""Tables whose rows say in which village they lie: which village each means, and work on them village by village.

The village is named by code or name inside the chosen area; where that is a village or lies in one, it may be left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jizhi.areas import selectors as areas
from jizhi.core.text import N_
from jizhi.imports.rules import Outcome, Row, refused
from jizhi.sheets.plain import Column, Kind

VILLAGE = Column(
    "village", "村（社区）", "Village", Kind.WORDS,
    synonyms=("村", "社区", "行政村", "村名", "村代码", "所属村"), longest=100,
    note=N_("村名或村代码；只导入一个村时可不填"),
)  # fmt: skip
MISSING = ("没有填村", "no village is given")
TWICE = ("有几个同名的村，请改填村代码", "several villages have this name; give the code")
Work = Callable[[Any, list[Row]], Sequence[Outcome]]


def together(area: Any) -> Callable[[Mapping[str, Any]], str]:
    """The rows of one village come in one chunk."""
    return lambda values: values["village"] or ""


class Villages:
    """The villages that rows name, looked up at once."""

    def __init__(self, area: Any, texts: Sequence[str | None]) -> None:
        self.area = area
        self.own = areas.village_around(area)
        self.found = areas.villages_called({text for text in texts if text}, area)

    def named(self, text: str | None) -> Any:
        """The village, or the Outcome that says why there is none."""
        if not text:
            return self.own if self.own is not None else refused(*MISSING, column="village")
        known = self.found.get(text.lower(), [])
        if len(known) == 1:
            return known[0]
        shown, shown_en = self.area.name, self.area.name_en or self.area.name
        unknown = (f"{shown}之内没有这个村", f"there is no such village in {shown_en}")
        return refused(*(TWICE if known else unknown), column="village", value=text)


def village_by_village(rows: Sequence[Row], area: Any, work: Work) -> list[Outcome]:
    """Outcomes in the rows' order; `work` gets the rows of one village."""
    villages = Villages(area, [row.values["village"] for row in rows])
    outcomes: dict[int, Outcome] = {}
    by_village: dict[int, tuple[Any, list[Row]]] = {}
    for row in rows:
        village = villages.named(row.values["village"])
        if isinstance(village, Outcome):
            outcomes[row.number] = village
        else:
            by_village.setdefault(village.pk, (village, []))[1].append(row)
    for village, own in by_village.values():
        outcomes |= {row.number: one for row, one in zip(own, work(village, own), strict=True)}
    return [outcomes[row.number] for row in rows]
