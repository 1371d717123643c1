"""The running state of all limits of one subject: what entered each window, what it let through.

Used by the incremental evaluator only. It knows numbers and windows, not items: whoever uses it says which gates a fact
goes through and with how much it enters. A fact that comes last in all its windows costs a look at each of them; one
that comes in between, leaves or changes has its windows gone through again.
"""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from jizhi.engine.rulebook import Gate
from jizhi.engine.stages import limit

WindowKey = tuple[Gate, dt.date]
Steps = Sequence[tuple[WindowKey, int | None]]
OUT = -1  # a fact that no longer takes part: dropped by best-of or cut by a `times` limit


@dataclass(frozen=True, slots=True)
class Taken:
    """What one limit took from a fact; `used` is what earlier facts had used of the window that opened on a day."""

    slot: limit.Slot
    opened: dt.date
    cap: int
    used: int
    amount: int


@dataclass(slots=True)
class _Flow:
    """One fact on its way: `amounts[k]` enters step k, the last one is what is left."""

    steps: Steps
    amounts: list[int]


@dataclass(slots=True)
class _Window:
    """The facts of one window in ledger order, and what it has let through of them all."""

    members: list[int] = field(default_factory=list)
    used: int = 0


class Cascade:
    """Every fact's way through the limits."""

    def __init__(self) -> None:
        self._flows: dict[int, _Flow] = {}
        self._windows: dict[WindowKey, _Window] = {}
        self._dirty: set[int] = set()
        self._stale: set[WindowKey] = set()

    def enter(self, number: int, steps: Steps) -> None:
        """A fact joins its windows; `put` says with how much."""
        self._flows[number] = _Flow(steps, [OUT] * (len(steps) + 1))
        for key, _ in steps:
            bisect.insort(self._windows.setdefault(key, _Window()).members, number)

    def pass_last(self, number: int, steps: Steps, amount: int) -> None:
        """A fact with the highest number of all goes through its windows; nothing else moves."""
        amounts = [amount]
        for key, cap in steps:
            window = self._windows.get(key)
            if window is None:
                window = self._windows[key] = _Window()
            window.members.append(number)
            amount, taken = _through(key[0].slot.times, amount, window.used, cap)
            window.used += taken
            amounts.append(amount)
        self._flows[number] = _Flow(steps, amounts)

    def leave(self, number: int) -> None:
        """A fact leaves its windows."""
        for key, _ in self._flows.pop(number).steps:
            self._windows[key].members.remove(number)
            self._stale.add(key)
        self._dirty.discard(number)

    def put(self, number: int, amount: int) -> None:
        """The magnitude with which a fact enters, or OUT."""
        self._flows[number].amounts[0] = amount
        self._dirty.add(number)

    def left(self, number: int) -> int:
        """What is left of a fact after all steps."""
        return max(0, self._flows[number].amounts[-1])

    def cuts(self, number: int) -> list[tuple[str, int]]:
        """The names of the limits that cut the fact, and how much each took."""
        flow = self._flows[number]
        if flow.amounts[0] == flow.amounts[-1]:
            return []
        found = []
        for place, (key, _) in enumerate(flow.steps):
            cut = max(0, flow.amounts[place]) - max(0, flow.amounts[place + 1])
            if cut:
                found.append((key[0].slot.name, cut))
        return found

    def taken(self, number: int) -> list[Taken]:
        """The limits that cut the fact, with their cap and what was used of it before."""
        flow = self._flows[number]
        found = []
        for place, (key, cap) in enumerate(flow.steps):
            amount = max(0, flow.amounts[place]) - max(0, flow.amounts[place + 1])
            if amount:
                found.append(Taken(key[0].slot, key[1], cap or 0, self._used_before(key, number), amount))
        return found

    def _used_before(self, key: WindowKey, number: int) -> int:
        used, members = 0, self._windows[key].members
        for other in members[: bisect.bisect_left(members, number)]:
            flow = self._flows[other]
            out = flow.amounts[next(n for n, (own, _) in enumerate(flow.steps) if own == key) + 1]
            used += (out != OUT) if key[0].slot.times else max(0, out)
        return used

    def run(self) -> set[int]:
        """Carries every change through to the end; the facts whose way may have changed."""
        moved = set(self._dirty)
        done: tuple[int, int, int] = (-1, -1, -1)
        for number in self._dirty:
            flow = self._flows[number]
            if not flow.steps:
                flow.amounts[-1] = flow.amounts[0]
        while True:
            keys = self._keys_after(moved, done)
            if not keys:
                break
            done = min(key[0].order for key in keys)
            for key in keys:
                if key[0].order == done:
                    moved |= self._refill(key)
                    self._stale.discard(key)
        self._dirty.clear()
        self._stale.clear()
        return moved

    def _keys_after(self, moved: set[int], done: tuple[int, int, int]) -> set[WindowKey]:
        keys = {key for number in moved for key, _ in self._flows[number].steps} | self._stale
        return {key for key in keys if key[0].order > done}

    def _refill(self, key: WindowKey) -> set[int]:
        """Goes through one window in ledger order; the facts of which something else comes out now."""
        window, moved = self._windows[key], set[int]()
        window.used = 0
        for number in window.members:
            flow = self._flows[number]
            place = next(n for n, (own, _) in enumerate(flow.steps) if own == key)
            out, taken = _through(key[0].slot.times, flow.amounts[place], window.used, flow.steps[place][1])
            window.used += taken
            if flow.amounts[place + 1] != out:
                flow.amounts[place + 1] = out
                moved.add(number)
        return moved


def _through(times: bool, incoming: int, used: int, cap: int | None) -> tuple[int, int]:
    """What comes out of a window that has let so much through, and what that adds to it."""
    if incoming == OUT:
        return OUT, 0
    if not times:
        out = limit.passed(incoming, used, cap)
        return out, out
    return (incoming, 1) if limit.passed(1, used, cap) else (OUT, 0)
