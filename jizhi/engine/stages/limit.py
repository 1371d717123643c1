"""Limit: what counts inside a window. Cut amounts are kept aside under the limit's name.

Every limit is a step of a cascade: what one lets through is what the next one sees, and what it has let through so far
in its window is what it has used. Where the rules are silent: when versions differ, each fact is held to the cap of
its own version while the sum runs over all versions, and a fact whose version lacks the limit passes but counts; two
limits of one list with the same window and measure act as the smaller; a fact cut by a `times` limit is not counted
by later ones; `per_member` without a size counts as one member; a fact cut by several limits names them all, joined
by `; `. Names read `month`, `times month`, `section order year`, `scheme fault year`.
"""
# ruff: noqa: S608 - SQL is put together from numbers and quoted words of the document

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

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
        if self.per_member is None:
            return self.plain
        member = self.per_member * (1 if size is None else size)
        return member if self.plain is None else min(self.plain, member)


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
    if cap is None or incoming <= cap - used:
        return incoming
    return cap - used if cap > used else 0


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the cascade for everybody: caps are (rule, what shares one sum, plain, per member)."""

    number: int
    times: bool
    window: str
    caps: list[tuple[Any, ...]]
    names: dict[int, str]
    changing: bool

    @property
    def bit(self) -> int:
        """What marks a fact that this step has cut."""
        return 1 << self.number


NO_LIMIT = 4_000_000_000_000_000_000


def queries(
    step: Step, source: str, columns: Sequence[str], *, sized: bool, gathers: bool = True
) -> list[tuple[str, str]]:
    """Named queries, the last of which is what one step lets through of the table `source`.

    Only windows that hold more than their cap are gone through in ledger order; all others pass as they are. A database
    that does not gather goes through every window instead, in one query and to the same end.
    """
    n = step.number
    member = "LEAST(c.plain, c.member * f.size_or_one)" if sized else "LEAST(c.plain, c.member)"
    kept = ", ".join(f"f.{column}" for column in columns)
    entering = f"""
SELECT {kept}, c.k, d.{step.window}_first AS opened, COALESCE({member}, {NO_LIMIT}) AS cap
FROM {source} f
JOIN days d ON d.day = f.day
LEFT JOIN caps_{n} c ON c.rule = f.rule AND f.live"""
    if not gathers and not step.changing:
        passed = ", ".join(_cut(step, column, "e.k IS NULL") for column in columns)
        return [(f"limited_{n}", f"SELECT {passed} FROM ({_steady(step, entering)}) e")]
    full = f"""
SELECT e.subject, e.k, e.opened FROM entering_{n} e WHERE e.k IS NOT NULL
GROUP BY e.subject, e.k, e.opened HAVING SUM({_entered(step)}) > MIN(e.cap)"""
    same = "g.subject = e.subject AND g.k = e.k AND g.opened = e.opened"
    inside = f"SELECT e.* FROM entering_{n} e JOIN full_{n} g ON {same}"
    passing = ", ".join(f"e.{column}" for column in columns)
    through = f"""
SELECT {passing} FROM entering_{n} e WHERE NOT EXISTS (SELECT 1 FROM full_{n} g WHERE {same})
UNION ALL
SELECT {", ".join(_cut(step, column) for column in columns)}
FROM ({_changing(step, inside) if step.changing else _steady(step, inside)}) e"""
    return [(f"entering_{n}", entering), (f"full_{n}", full), (f"limited_{n}", through)]


def _entered(step: Step) -> str:
    return "1" if step.times else "e.amount"


def _cut(step: Step, column: str, free: str = "FALSE") -> str:
    """The column as it leaves the step, given what room was left; `free` are facts without a cap here."""
    through = "e.room >= 1" if step.times else "TRUE"
    left = (
        f"CASE WHEN {through} THEN e.amount ELSE 0 END"
        if step.times
        else "GREATEST(0, LEAST(e.amount, e.room))"
    )
    if column == "amount":
        return f"CAST({left} AS BIGINT) AS amount"
    if column == "mask":
        return f"CASE WHEN {left} < e.amount THEN e.mask + {step.bit} ELSE e.mask END AS mask"
    if column == "live":
        return (
            f"{through} AS live"
            if free == "FALSE"
            else f"CASE WHEN {free} THEN e.live ELSE {through} END AS live"
        )
    return f"e.{column}"


def _steady(step: Step, inside: str) -> str:
    """One cap throughout a window: what has entered so far has used it up."""
    return f"""
    SELECT e.*, e.cap - COALESCE(CAST(SUM({_entered(step)}) OVER (
        PARTITION BY e.subject, e.k, e.opened ORDER BY e.fact
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS BIGINT), 0) AS room
    FROM ({inside}) e"""


def _changing(step: Step, inside: str) -> str:
    """Caps that differ between versions: stretches of one cap after the other, each starting from what is used."""
    key = "subject, k, opened"
    same = " AND ".join(f"r.{column.strip()} = w.{column.strip()}" for column in key.split(","))
    x = _entered(step).replace("e.", "r.")
    return f"""
    WITH RECURSIVE inside AS ({inside}),
    marked AS (
        SELECT e.*, CASE WHEN e.cap = LAG(e.cap) OVER (PARTITION BY {key} ORDER BY e.fact) THEN 0 ELSE 1 END AS opens
        FROM inside e
    ),
    stretched AS (
        SELECT m.*, CAST(SUM(m.opens) OVER (PARTITION BY {key} ORDER BY m.fact
                         ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS BIGINT) AS stretch
        FROM marked m
    ),
    stretches AS (
        SELECT {key}, stretch, MAX(cap) AS cap, CAST(SUM({x}) AS BIGINT) AS x FROM stretched r
        GROUP BY {key}, stretch
    ),
    walk AS (
        SELECT {key}, stretch, CAST(0 AS BIGINT) AS used, CAST(LEAST(x, cap) AS BIGINT) AS after
        FROM stretches WHERE stretch = 1
        UNION ALL
        SELECT r.subject, r.k, r.opened, r.stretch, w.after,
               CAST(GREATEST(w.after, LEAST(w.after + r.x, r.cap)) AS BIGINT)
        FROM walk w JOIN stretches r ON {same} AND r.stretch = w.stretch + 1
    )
    SELECT r.*, r.cap - w.used - COALESCE(CAST(SUM({x}) OVER (
        PARTITION BY r.subject, r.k, r.opened, r.stretch ORDER BY r.fact
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS BIGINT), 0) AS room
    FROM stretched r JOIN walk w ON {same} AND r.stretch = w.stretch"""
