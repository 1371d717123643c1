"""States of a draft and of a simulation, what a save did, and the checks that need no database. Plain Python only."""

import datetime as dt
from dataclasses import dataclass

from jizhi.core.text import N_, LabelledEnum


class DraftState(LabelledEnum):
    """Where a draft stands."""

    OPEN = "open", N_("编写中")
    PUBLISHED = "published", N_("已成版本")
    DISCARDED = "discarded", N_("已放弃")


DRAFT_TRANSITIONS: dict[DraftState, frozenset[DraftState]] = {
    DraftState.OPEN: frozenset({DraftState.PUBLISHED, DraftState.DISCARDED}),
    DraftState.PUBLISHED: frozenset(),
    DraftState.DISCARDED: frozenset({DraftState.OPEN}),
}


class SimulationState(LabelledEnum):
    """Where a simulation stands."""

    WAITING = "waiting", N_("排队中")
    RUNNING = "running", N_("试算中")
    DONE = "done", N_("已完成")
    FAILED = "failed", N_("未完成")


_S = SimulationState
SIMULATION_TRANSITIONS: dict[SimulationState, frozenset[SimulationState]] = {
    _S.WAITING: frozenset({_S.RUNNING, _S.FAILED}),
    _S.RUNNING: frozenset({_S.DONE, _S.FAILED, _S.WAITING}),
    _S.DONE: frozenset(),
    _S.FAILED: frozenset({_S.WAITING}),
}


class Deed(LabelledEnum):
    """What a save did, in one word; `about` names the part."""

    STARTED = "started", N_("开始起草")
    ITEM_ADDED = "item_added", N_("新增了条目")
    ITEM_CHANGED = "item_changed", N_("修改了条目")
    ITEM_REMOVED = "item_removed", N_("删除了条目")
    ITEM_MOVED = "item_moved", N_("调整了顺序")
    ITEMS_IMPORTED = "items_imported", N_("导入了条目")
    OUTCOME_ADDED = "outcome_added", N_("新增了结果运用")
    OUTCOME_CHANGED = "outcome_changed", N_("修改了结果运用")
    OUTCOME_REMOVED = "outcome_removed", N_("删除了结果运用")
    OUTCOME_MOVED = "outcome_moved", N_("调整了结果运用的顺序")
    PART_CHANGED = "part_changed", N_("修改了")
    SOURCE_CHANGED = "source_changed", N_("修改了原文")
    REASON_GIVEN = "reason_given", N_("写明了放行理由")
    CASES_CHANGED = "cases_changed", N_("修改了用例")
    DAY_CHANGED = "day_changed", N_("修改了适用日期")
    UNDONE = "undone", N_("退回到以前的保存")


class Part(LabelledEnum):
    """A page of the editor beside the items: one or several of the document's own keys."""

    FRAME = "frame", N_("总则")
    SECTIONS = "sections", N_("章节")
    LIMITS = "limits", N_("总上限")
    LEVELS = "levels", N_("等级")
    OUTCOMES = "outcomes", N_("结果运用")


# The document's own keys behind each page; whatever is not named here stands in the text alone.
PART_KEYS: dict[Part, tuple[str, ...]] = {
    Part.FRAME: (
        "title", "description", "subject", "enrol", "unit", "classes", "base", "range", "periods", "year", "term",
        "redeem", "share", "reasons", "reference",
    ),
    Part.SECTIONS: ("sections",),
    Part.LIMITS: ("limits",),
    Part.LEVELS: ("rank", "levels"),
    Part.OUTCOMES: ("outcomes",),
}  # fmt: skip

TEXT_MAX = 2 * 1024 * 1024
AT_ONCE_FACTS = 20_000
BUCKETS_MAX = 24
SIZES = ((1, 2), (3, 4), (5, 999))


@dataclass(frozen=True, slots=True)
class Bucket:
    """So many subjects have a total from here on, under the version in force and under the draft."""

    points_from: int
    old: int
    new: int


def bucket_width(lowest: int, highest: int) -> int:
    """How wide the steps of a distribution are, in hundredths: round numbers, at most `BUCKETS_MAX` of them."""
    for width in (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000):
        if (highest - lowest) // width < BUCKETS_MAX:
            return width
    return max(1, (highest - lowest) // BUCKETS_MAX + 1)


def buckets(pairs: list[tuple[int, int]]) -> list[Bucket]:
    """The distribution of totals, old and new, without gaps."""
    if not pairs:
        return []
    totals = [total for pair in pairs for total in pair]
    width = bucket_width(min(totals), max(totals))
    first, last = min(totals) // width, max(totals) // width
    old, new = [0] * (last - first + 1), [0] * (last - first + 1)
    for before, after in pairs:
        old[before // width - first] += 1
        new[after // width - first] += 1
    return [Bucket((first + n) * width, *counts) for n, counts in enumerate(zip(old, new, strict=True))]


def years(first: dt.date | None, today: dt.date) -> list[int]:
    """The years that can be simulated, the last complete one first where there is one."""
    if first is None:
        return []
    found = list(range(first.year, today.year + 1))
    complete = [year for year in found if year < today.year]
    rest = [year for year in found if year >= today.year]
    return [*reversed(complete), *rest]
