"""The clocks of notices as their page shows them: in force, by the pack, within which bounds, changed when and why."""

import datetime as dt
from dataclasses import dataclass

from jizhi.core.text import N_
from jizhi.schemes import models as scheme_models
from jizhi.schemes import rules as scheme_rules
from jizhi.schemes import selectors as schemes

CLOCK_TITLES = {
    "post_by_day": N_("月度公示：期末后几天内张贴"),
    "window_days": N_("公示期（天）"),
    "answer_days": N_("异议几天内答复"),
    "hand_up_days": N_("异议几天没有答复自动转乡镇"),
    "escalate_days": N_("乡镇几天内答复"),
    "appeal_days": N_("几天内可以申请复核"),
    "public_days": N_("公示页面保留几天"),
    "summary_days": N_("季度、年度公示：期末后几天内张贴"),
}


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock: what holds, what the pack says, and what may be set; in days."""

    name: str
    title: str
    days: int
    pack_days: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class ClockStep:
    """One clock that a change set otherwise."""

    title: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ClockChangeLine:
    """A change of the clocks with its reason."""

    changed_at: dt.datetime
    changed_by: str
    reason: str
    steps: list[ClockStep]


def clock_bounds(pack: scheme_models.Pack) -> dict[str, tuple[int, int]]:
    """The least and the greatest days of each clock."""
    clocks = schemes.clocks_in(pack)
    return {name: scheme_rules.clock_bounds(clocks, name) for name in scheme_rules.CLOCKS}


def clock_lines(pack: scheme_models.Pack) -> list[ClockLine]:
    """Every clock with its bounds."""
    present, own = schemes.clocks(pack.area), schemes.clocks_in(pack)
    return [
        ClockLine(name, CLOCK_TITLES[name], getattr(present, name), getattr(own, name), *bounds)
        for name, bounds in clock_bounds(pack).items()
    ]


def clock_changes(pack: scheme_models.Pack) -> list[ClockChangeLine]:
    """Every change, the last first, with what it changed against the one before."""
    rows = list(pack.clock_changes.select_related("changed_by"))
    found = []
    for place, row in enumerate(rows):
        earlier = rows[place + 1] if place + 1 < len(rows) else pack
        before, after = schemes.clocks_in(earlier), schemes.clocks_in(row)
        steps = [
            ClockStep(CLOCK_TITLES[name], getattr(before, name), getattr(after, name))
            for name in scheme_rules.CLOCKS
            if getattr(before, name) != getattr(after, name)
        ]
        found.append(ClockChangeLine(row.changed_at, row.changed_by.display_name, row.reason, steps))
    return found
