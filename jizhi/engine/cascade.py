"""The running state of all limits of one subject: what entered each window, what it let through.

Used by the incremental evaluator only. It knows numbers and windows, not items: whoever uses it says which steps a fact
goes through and with how much it enters.
"""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from jizhi.engine.stages import limit


@dataclass(frozen=True, slots=True)
class Taken:
    """What one limit took from a fact; `used` is what earlier facts had used of the window that opened on a day."""

    slot: limit.Slot
    opened: dt.date
    cap: int
    used: int
    amount: int


WindowKey = tuple[limit.Slot, dt.date]
Steps = Sequence[tuple[WindowKey, int | None]]
OUT = -1  # a fact that no longer takes part: dropped by best-of or cut by a `times` limit


@dataclass
class _Flow:
    """One fact on its way: `amounts[k]` enters step k, the last one is what is left."""

    steps: Steps
    amounts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.amounts = [OUT] * (len(self.steps) + 1)


class Cascade:
    """Every fact's way through the limits."""

    def __init__(self) -> None:
        self._flows: dict[int, _Flow] = {}
        self._windows: dict[WindowKey, list[int]] = {}
        self._dirty: set[int] = set()
        self._stale: set[WindowKey] = set()

    def enter(self, number: int, steps: Steps) -> None:
        """A fact joins its windows; `put` says with how much."""
        self._flows[number] = _Flow(steps)
        for key, _ in steps:
            bisect.insort(self._windows.setdefault(key, []), number)

    def leave(self, number: int) -> None:
        """A fact leaves its windows."""
        for key, _ in self._flows.pop(number).steps:
            self._windows[key].remove(number)
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
        found = []
        for place, (key, _) in enumerate(flow.steps):
            cut = max(0, flow.amounts[place]) - max(0, flow.amounts[place + 1])
            if cut:
                found.append((key[0].name, cut))
        return found

    def taken(self, number: int) -> list[Taken]:
        """The limits that cut the fact, with their cap and what was used of it before."""
        flow = self._flows[number]
        found = []
        for place, (key, cap) in enumerate(flow.steps):
            amount = max(0, flow.amounts[place]) - max(0, flow.amounts[place + 1])
            if amount:
                found.append(Taken(*key, cap or 0, self._used_before(key, number), amount))
        return found

    def _used_before(self, key: WindowKey, number: int) -> int:
        used = 0
        for other in self._windows[key][: bisect.bisect_left(self._windows[key], number)]:
            flow = self._flows[other]
            out = flow.amounts[next(n for n, (own, _) in enumerate(flow.steps) if own == key) + 1]
            used += (out != OUT) if key[0].times else max(0, out)
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
        used, moved = 0, set[int]()
        for number in self._windows[key]:
            flow = self._flows[number]
            place = next(n for n, (own, _) in enumerate(flow.steps) if own == key)
            incoming, cap = flow.amounts[place], flow.steps[place][1]
            if incoming == OUT:
                out = OUT
            elif key[0].times:
                out = incoming if limit.passed(1, used, cap) else OUT
                used += out != OUT
            else:
                out = limit.passed(incoming, used, cap)
                used += out
            if flow.amounts[place + 1] != out:
                flow.amounts[place + 1] = out
                moved.add(number)
        return moved
