"""Random ledgers of one village for the tests of the pure rules: rows, seals over them, receipts. Asserts nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from jizhi.seals import rules
from jizhi.seals.rules import canonical, checking, merkle
from jizhi.seals.rules.chain import BEGINNING, Chain, Leaf, Seal, Span

VILLAGE = "130699101201"
START = dt.datetime(2026, 5, 1, 16, 10, tzinfo=dt.UTC)
TEXTS = st.text(max_size=6)


@dataclass
class Ledger:
    """Rows as they are, and the chain over them as it was made."""

    rows: list[rules.SealableRow]
    chain: Chain

    def check(self) -> list[checking.Finding]:
        return checking.check_ledger(self.chain, (), self.rows)

    def receipt(self, number: int, kind: rules.RecordKind = rules.RecordKind.ENTRY) -> rules.Receipt:
        row = next(one for one in self.rows if (one.kind, one.number) == (kind, number))
        for seal in self.chain.seals:
            leaves = self.chain.leaves[seal.number]
            for place, leaf in enumerate(leaves):
                if (leaf.kind, leaf.number) == (kind, number):
                    return rules.Receipt.of(row.leaf(leaf.salt), place, [one.hash for one in leaves], seal)
        raise LookupError(number)


def row(kind: rules.RecordKind, number: int, **content: Any) -> rules.SealableRow:
    texts = {"reason": content.pop("reason", ""), "act": ""} if kind is rules.RecordKind.ENTRY else {}
    full = {"kind": kind.value, "number": number, "village": VILLAGE, "points": 200, **content}
    return rules.SealableRow(kind, number, None, full, texts)


def sealed(groups: Sequence[Sequence[rules.SealableRow]]) -> Ledger:
    """Each group sealed in one go, a day after the other."""
    seals: list[Seal] = []
    held: dict[int, tuple[Leaf, ...]] = {}
    for place, group in enumerate(groups):
        ordered = sorted(group, key=lambda one: (one.kind.value, one.number))
        leaves = []
        for one in ordered:
            salt = hashlib.sha256(f"{one.kind}{one.number}".encode()).digest()[:16]
            leaves.append(
                Leaf(one.kind, one.number, merkle.leaf_hash(canonical.canonical(one.leaf(salt))), salt)
            )
        at = START + dt.timedelta(days=place)
        spans = [Span.over([one.number for one in ordered if one.kind is kind]) for kind in rules.RecordKind]
        seal = Seal(
            VILLAGE, place + 1, at.date().isoformat(), canonical.moment(at), spans[0], spans[1],
            merkle.root([one.hash for one in leaves]).hex(), seals[-1].hash if seals else BEGINNING,
        )  # fmt: skip
        seals.append(Seal(*(getattr(seal, name) for name in seal.__slots__[:-1]), hash=seal.own_hash()))
        held[place + 1] = tuple(leaves)
    return Ledger([one for group in groups for one in group], Chain(VILLAGE, tuple(seals), held))


def simple(groups: Sequence[Sequence[int]], points: Mapping[int, int] | None = None) -> Ledger:
    """Entries alone, by number."""
    given = points or {}
    return sealed(
        [[row(rules.RecordKind.ENTRY, n, points=given.get(n, 100 * n)) for n in group] for group in groups]
    )


@st.composite
def ledgers(draw: Any, least_seals: int = 1) -> Ledger:
    """One to five seals over one to nine records each; numbers have gaps, as sequences do."""
    numbers = dict.fromkeys(rules.RecordKind, 0)
    groups = []
    for _seal in range(draw(st.integers(least_seals, 5))):
        group = []
        for kind in draw(st.lists(st.sampled_from(list(rules.RecordKind)), min_size=1, max_size=9)):
            numbers[kind] += draw(st.integers(1, 3))
            more = {
                "points": draw(st.integers(-9000, 9000)),
                "note": draw(TEXTS),
                "act_date": dt.date(2026, 5, 6),
            }
            if kind is rules.RecordKind.ENTRY:
                more["reason"] = draw(TEXTS)
            group.append(row(kind, numbers[kind], **more))
        groups.append(group)
    return sealed(groups)


def receipts_of(ledger: Ledger) -> Any:
    """Any receipt of the ledger."""
    places = st.sampled_from([(one.number, one.kind) for one in ledger.rows])
    return places.map(lambda place: ledger.receipt(*place))
