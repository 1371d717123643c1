"""Codes, levels, kinds of change and what is advised. Plain Python; the titles of levels come from a county's pack.

How areas are measured on the ground is in `geometry` beside this file.
"""

import re

from jizhi.core.text import N_, LabelledEnum

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

# What provinces ask of a grid, in households. Advice, never a refusal: a hamlet is what it is.
HOUSEHOLDS_LEAST, HOUSEHOLDS_MOST = 30, 50


class ChangeKind(LabelledEnum):
    """What happened to an area; `other` of the change is what it came from or went into."""

    CREATED = "created", N_("设立")
    RENAMED = "renamed", N_("改名")
    MOVED = "moved", N_("调整上级")
    SPLIT = "split", N_("拆分")
    MERGED = "merged", N_("合并")
    CLOSED = "closed", N_("撤销区划")
    REOPENED = "reopened", N_("恢复")


class Advice(LabelledEnum):
    """What a reader should look at; nothing is refused for it."""

    EMPTY = "empty", N_("没有农户")
    FEW = "few", N_("不足30户")
    MANY = "many", N_("超过50户")
    NO_WORKER = "no_worker", N_("没有网格员")
    SKIPPED = "skipped", N_("跳过了层级")


class Datum(LabelledEnum):
    """What the coordinates of a boundary refer to. Maps sold in China are shifted; the two must not be mixed."""

    WGS84 = "wgs84", N_("WGS-84（卫星定位）")
    CGCS2000 = "cgcs2000", N_("CGCS2000（国家大地坐标）")
    GCJ02 = "gcj02", N_("GCJ-02（国内地图）")


class BoundarySource(LabelledEnum):
    """How a boundary came in."""

    DRAWN = "drawn", N_("在图上画的")
    PASTED = "pasted", N_("粘贴的坐标")
    IMPORTED = "imported", N_("从文件导入")


class UploadKind(LabelledEnum):
    """What an uploaded file holds."""

    TREE = "tree", N_("区划表")
    BOUNDARIES = "boundaries", N_("边界文件")


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


def grids_by_default(keys: list[str]) -> set[str]:
    """Which levels lie inside a village when nobody says so: those below the village."""
    return set(keys[keys.index(VILLAGE) + 1 :]) if VILLAGE in keys else {GRID} & set(keys)


def household_advice(households: int) -> Advice | None:
    """What to say about the number of households of a grid."""
    if households == 0:
        return Advice.EMPTY
    if households < HOUSEHOLDS_LEAST:
        return Advice.FEW
    return Advice.MANY if households > HOUSEHOLDS_MOST else None
