"""Limit: what counts inside a window. Cut amounts are kept aside under the limit's name.

Every limit is a step of a cascade: what one lets through is what the next one sees, and what it has let through so far
in its window is what it has used. Where the rules are silent: when versions differ, each fact is held to the cap of
its own version while the sum runs over all versions, and a fact whose version lacks the limit passes but counts; two
limits of one list with the same window and measure act as the smaller; a fact cut by a `times` limit is not counted
by later ones; `per_member` without a size counts as one member; a fact cut by several limits names them all, joined
by `; `. Names read `month`, `times month`, `section order year`, `scheme fault year`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jizhi.engine.document.base import NARROW_TO_WIDE
from jizhi.engine.document.item import Item, Kind
from jizhi.engine.document.limit import Limit
from jizhi.engine.document.scheme import Scheme

SCOPES = {"item": 0, "section": 1, "scheme": 2}


@dataclass(frozen=True, slots=True)
class Slot:
    """One step of the cascade: a scope, a measure and a window, whatever cap a version gives it."""

    scope: str
    owner: str
    kind: str
    times: bool
    window: str

    @property
    def order(self) -> tuple[int, int, int]:
        """Item before section before scheme, times before points, narrow before wide."""
        return (SCOPES[self.scope], 0 if self.times else 1, NARROW_TO_WIDE[self.window])  # type: ignore[index]

    @property
    def name(self) -> str:
        """What the awards table calls it."""
        scope = {"item": "", "section": f"section {self.owner} ", "scheme": "scheme "}[self.scope]
        fault = "fault " if self.scope != "item" and self.kind == Kind.FAULT else ""
        return f"{scope}{fault}{'times ' if self.times else ''}{self.window}"


@dataclass(frozen=True, slots=True)
class Cap:
    """The caps that one version gives to a slot."""

    plain: int | None
    per_member: int | None

    def of(self, size: int | None) -> int | None:
        """The effective cap for a subject of that size; None = no limit."""
        caps = [self.plain] if self.plain is not None else []
        if self.per_member is not None:
            caps.append(self.per_member * (1 if size is None else size))
        return min(caps) if caps else None


NO_CAP = Cap(None, None)


def slots(schemes: Iterable[Scheme], scheme: Scheme, item: Item) -> list[tuple[Slot, Cap]]:
    """The cascade that a fact of this item meets under this version, in order; `schemes` are all versions."""
    own = dict(_caps(scheme, item))
    every = {slot for other in schemes for slot in _of_version(other, item)} | set(own)
    return [(slot, own.get(slot, NO_CAP)) for slot in sorted(every, key=lambda slot: slot.order)]


def _of_version(scheme: Scheme, item: Item) -> Iterator[Slot]:
    """The slots that a version has for an item of this id, section and kind."""
    for scope, owner, limits in _lists(scheme, item):
        for limit in limits:
            if scope == "item" or limit.kind == item.kind:
                yield Slot(scope, owner, str(item.kind), limit.counts_times, limit.per.value)


def _lists(scheme: Scheme, item: Item) -> Iterator[tuple[str, str, tuple[Limit, ...]]]:
    same = scheme.item(item.id)
    if same is not None:
        yield "item", item.id, same.limits
    section = scheme.section(item.section)
    if section is not None:
        yield "section", section.id, section.limits
    yield "scheme", "", scheme.limits


def _caps(scheme: Scheme, item: Item) -> Iterator[tuple[Slot, Cap]]:
    for scope, owner, limits in _lists(scheme, item):
        found: dict[Slot, tuple[int | None, int | None]] = {}
        for limit in limits:
            if scope != "item" and limit.kind != item.kind:
                continue
            slot = Slot(scope, owner, str(item.kind), limit.counts_times, limit.per.value)
            plain, member = found.get(slot, (None, None))
            if limit.per_member and not limit.counts_times:
                member = limit.cap if member is None else min(member, limit.cap)
            else:
                plain = limit.cap if plain is None else min(plain, limit.cap)
            found[slot] = (plain, member)
        yield from ((slot, Cap(*caps)) for slot, caps in found.items())


def passed(incoming: int, used: int, cap: int | None) -> int:
    """How much of the incoming magnitude a limit lets through when so much is used already."""
    return incoming if cap is None else min(incoming, max(0, cap - used))
