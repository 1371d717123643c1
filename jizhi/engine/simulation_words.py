"""A simulation in a clerk's words, Chinese or English: what it costs, who gains, who loses, what moves most.

The figures in full are in the files; this is what a terminal or a page shows at once.
"""

from __future__ import annotations

from collections.abc import Iterator

from jizhi.engine.files import decimal
from jizhi.engine.simulate import Simulation

MOVES = 5
WORDS = {
    "spendable": ("可兑换积分", "Spendable points"),
    "worth": ("折合（元）", "Worth (yuan)"),
    "shared": ("分红（元）", "Shared (yuan)"),
    "refused": ("不能用的行", "Rows that cannot be used"),
    "outcome": ("结果运用 {}", "Outcome {}"),
    "level": ("等级 {} {}", "Level {} {}"),
    "effect": ("{}：升 {}，降 {}，不变 {}", "{}: {} gain, {} lose, {} unchanged"),
    "same": ("其余各期没有变化", "All other periods stay as they are"),
    "move": ("变动最大：{}（{}）{} {}", "Largest moves: {} ({}) {} {}"),
}


def lines(found: Simulation, places: int, language: str) -> Iterator[str]:
    """One line for each thing worth saying."""

    def say(key: str, *values: object) -> str:
        return WORDS[key][0 if language == "zh" else 1].format(*values)

    colon, old, new = "：" if language == "zh" else ": ", found.old_cost, found.new_cost
    pairs = [
        (say("spendable"), decimal(old.spendable, places), decimal(new.spendable, places)),
        (say("worth"), decimal(old.fen, 2), decimal(new.fen, 2)),
        (say("shared"), decimal(old.shared_fen, 2), decimal(new.shared_fen, 2)),
        *((say("outcome", name), before, after) for name, before, after in found.outcomes),
        *((say("level", level, period), before, after) for period, level, before, after in found.levels),
    ]
    if found.rejected_before or found.rejected_after:
        pairs.append((say("refused"), len(found.rejected_before), len(found.rejected_after)))
    yield from (f"{what}{colon}{before} → {after}" for what, before, after in pairs)
    moved = [one for one in found.effects if one.winners or one.losers]
    yield from (say("effect", one.period, one.winners, one.losers, one.unchanged) for one in moved)
    if len(moved) < len(found.effects):
        yield say("same")
    for one in found.moves[:MOVES]:
        yield say("move", one.subject, one.group, one.period, _signed(one.change, places))


def _signed(change: int, places: int) -> str:
    return ("+" if change > 0 else "") + decimal(change, places)
