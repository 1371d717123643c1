"""Which village, grid or smaller area a row of a households' table means: by code, or by a name that is not ambiguous.

Areas are looked up for a whole chunk at once; nothing is written here.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q

from jizhi.accounts.models import User
from jizhi.areas import rules as area_rules
from jizhi.areas.models import Area
from jizhi.core import clock
from jizhi.imports.rules import Outcome, Row, refused
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action

VILLAGE_MISSING = ("没有填村", "no village is given")
NOT_ALLOWED = ("您不能在这个村导入农户", "you may not import households in this village")


def names_of(village: Area) -> set[str]:
    """How a table may name a village."""
    return {village.code, village.name, village.name.removesuffix("村"), village.name.removesuffix("社区")}


def village_codes(area: Area) -> dict[tuple[str, str], str]:
    """Codes of the villages in the area by (township, name), and by ("", name) where the name is not ambiguous."""
    villages = Area.objects.filter(level_id=area_rules.VILLAGE, to_date=None, path__descendant_of=area.path)
    codes: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in villages.select_related("parent").order_by("path"):
        for name in names_of(one):
            codes["", name].add(one.code)
            if one.parent is not None:
                codes[one.parent.name, name].add(one.code)
                codes[one.parent.code, name].add(one.code)
    return {key: found.pop() for key, found in codes.items() if len(found) == 1}


class Places:
    """The villages that a chunk names, with all areas below them."""

    def __init__(self, area: Area, by: User | None, at: dt.datetime, rows: Sequence[Row]) -> None:
        self.area = area
        texts = {row.values["village"] for row in rows if row.values["village"]}
        named = Q(name__in=texts) | Q(code__in={text.lower() for text in texts})
        named |= Q(name__in={text + ending for text in texts for ending in ("村", "社区")})
        if area.level_id == area_rules.VILLAGE:
            named = Q(pk=area.pk)
        villages = Area.objects.filter(
            named, level_id=area_rules.VILLAGE, to_date=None, path__descendant_of=area.path
        ).select_related("parent")
        self.villages: dict[str, list[Area]] = defaultdict(list)
        for one in villages.order_by("path"):
            for name in names_of(one):
                self.villages[name].append(one)
        paths = posts.scope_paths(by, Action.IMPORT_HOUSEHOLDS, clock.day_of(at))
        self.allowed = {
            one.pk for one in villages if any((one.path + ".").startswith(path + ".") for path in paths)
        }
        below = Area.objects.filter(path__within=[one.path for one in villages], to_date=None).order_by(
            "path"
        )
        self.below: dict[str, list[Area]] = defaultdict(list)
        codes = {one.path: one.code for one in villages}
        for place in below.select_related("parent"):
            code = next((codes[path] for path in _ancestors(place.path) if path in codes), "")
            if place.path not in codes:
                self.below[code].append(place)

    def village(self, row: Row) -> Area | Outcome:
        """The village of a row, or why there is none."""
        text, township = row.values["village"], row.values["township"]
        if not text and self.area.level_id != area_rules.VILLAGE:
            return refused(*VILLAGE_MISSING, column="village")
        found = self.villages.get(text) or self.villages.get(text.lower(), []) if text else [self.area]
        if township:
            found = [
                one for one in found if one.parent is None or township in (one.parent.name, one.parent.code)
            ]
        if len(found) > 1:
            reason = ("有几个同名的村，请改填村代码", "several villages have this name; give the code")
            return refused(*reason, column="village", value=text or "")
        if not found:
            shown = self.area.name
            reason = (f"{shown}之内没有这个村", f"there is no such village in {self.area.name_en or shown}")
            return refused(*reason, column="village", value=text or "")
        return (
            found[0]
            if found[0].pk in self.allowed
            else refused(*NOT_ALLOWED, column="village", value=text or "")
        )

    def place(self, village: str, row: Row) -> tuple[str, str] | Outcome:
        """Code of a known area and name of a grid to be found or set up (one of them, or neither)."""
        grid, micro = row.values["grid"] or "", row.values["micro_grid"] or ""
        known = self.below.get(village, [])
        above = next(
            (
                a
                for a in known
                if a.code == grid.lower() or (a.name == grid and a.level_id == area_rules.GRID)
            ),
            None,
        )
        if not micro:
            return (above.code, "") if above else ("", grid)
        inside = [
            one for one in known
            if micro.lower() == one.code or (one.name == micro and one.level_id != area_rules.GRID)
            if above is None or one.path.startswith(above.path + ".")
        ]  # fmt: skip
        if len(inside) == 1:
            return inside[0].code, ""
        reason = (
            ("有几个同名的微网格，请填代码", "several micro-grids have this name; give the code")
            if inside
            else (
                "本村（网格）没有这个微网格，请先导入区划",
                "there is no such micro-grid; import the areas first",
            )
        )
        return refused(*reason, column="micro_grid", value=micro)


def _ancestors(path: str) -> list[str]:
    labels = path.split(".")
    return [".".join(labels[: length + 1]) for length in range(len(labels))]
