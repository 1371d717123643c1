"""What is found when receipts, chains and ledgers are held against each other. Nothing is read or written here.

A finding names the seal and, wherever it can be known, the record. `words` says it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from jizhi.seals.rules import canonical, merkle
from jizhi.seals.rules.canonical import RecordKind, SealableRow
from jizhi.seals.rules.chain import BEGINNING, Chain, Leaf, Seal, Span
from jizhi.seals.rules.receipts import Receipt


class Fault(enum.StrEnum):
    """What can be wrong."""

    CHANGED = "changed"  # a sealed record is not what was sealed
    REMOVED = "removed"  # a sealed record is gone
    ADDED = "added"  # a record lies among sealed ones and was never sealed
    HEADLESS = "headless"  # a sealed record points at a row that is gone
    FACT_ALONE = "fact-alone"  # a fact without any entry
    PRINT_CHANGED = "print-changed"  # the record is as sealed; its stored fingerprint was altered
    PRINT_REMOVED = "print-removed"  # the record stands; its stored fingerprint is gone
    PRINT_ADDED = "print-added"  # a fingerprint that the seal does not count
    PRINT_MOVED = "print-moved"  # fingerprints stand in another order than they were sealed in
    PRINT_LOST = "print-lost"  # fingerprints are missing and nothing says whose they were
    ORPHAN = "orphan"  # fingerprints whose seal is gone
    ROOT = "root"  # the fingerprints do not give the seal's root
    SEAL_CHANGED = "seal-changed"
    SEAL_LINK = "seal-link"  # it does not name the seal before it
    SEAL_MISSING = "seal-missing"
    SEAL_ORDER = "seal-order"  # it reaches back to what an earlier one sealed, or is dated before it
    COPY_DIFFERS = "copy-differs"  # the kept copy has another seal of that number
    COPY_LONGER = "copy-longer"  # the kept copy has a seal that is not here
    COPY_RECORD = "copy-record"  # the kept copy has another fingerprint for the record


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong, and where."""

    seal: int
    fault: Fault
    kind: RecordKind | None = None
    number: int = 0


class Question(enum.StrEnum):
    """What is asked about a receipt."""

    PATH = "path"  # does the entry lead to the seal's root?
    SEAL = "seal"  # is the seal whole, and may it hold this record?
    CHAIN = "chain"  # is the published chain unbroken, and is this seal in it?
    LEDGER = "ledger"  # does the ledger say the same today?


@dataclass(frozen=True, slots=True)
class Answer:
    """`holds` is None where the question could not be asked."""

    question: Question
    holds: bool | None


def check_receipt(receipt: Receipt, chain: Chain | None) -> list[Answer]:
    """Everything that can be asked without the ledger."""
    seal = receipt.seal
    reached = merkle.root_of_proof(receipt.leaf_hash, receipt.position, seal.count, receipt.path)
    own = _may_hold(seal, receipt)
    listed: bool | None = None
    if chain is not None:
        found = chain.seal(seal.number)
        listed = found is not None and found == seal and not check_chain(chain)
    return [
        Answer(Question.PATH, reached is not None and reached.hex() == seal.root),
        Answer(Question.SEAL, own and seal.hash == seal.own_hash()),
        Answer(Question.CHAIN, listed),
    ]


def _may_hold(seal: Seal, receipt: Receipt) -> bool:
    leaf, position = receipt.leaf, receipt.position
    kind = RecordKind.ENTRY if position < seal.entries.count else RecordKind.TRANSFER
    span = seal.entries if kind is RecordKind.ENTRY else seal.transfers
    number = leaf.get("number")
    return (
        leaf.get("village") == seal.village
        and leaf.get("kind") == kind.value
        and isinstance(number, int)
        and span.first <= number <= span.last
    )


def check_chain(chain: Chain) -> list[Finding]:
    """Whether the seals follow one another from the first on; of a copy with leaves, whether these give the roots."""
    found: list[Finding] = []
    before: Seal | None = None
    highest = dict.fromkeys(RecordKind, 0)
    for seal in chain.seals:
        wanted = before.number + 1 if before else 1
        found += [
            Finding(gone, Fault.SEAL_MISSING) for gone in range(wanted, min(seal.number, wanted + 1000))
        ]
        if seal.hash != seal.own_hash() or seal.village != chain.village or not seal.count:
            found.append(Finding(seal.number, Fault.SEAL_CHANGED))
        if seal.number == wanted and seal.previous != (before.hash if before else BEGINNING):
            found.append(Finding(seal.number, Fault.SEAL_LINK))
        if seal.number < wanted or _reaches_back(seal, before, highest):
            found.append(Finding(seal.number, Fault.SEAL_ORDER))
        for kind, span in _spans(seal):
            highest[kind] = max(highest[kind], span.last)
        found += _check_prints(seal, chain.leaves.get(seal.number))
        before = seal
    return found


def _spans(seal: Seal) -> list[tuple[RecordKind, Span]]:
    return [(RecordKind.ENTRY, seal.entries), (RecordKind.TRANSFER, seal.transfers)]


def _reaches_back(seal: Seal, before: Seal | None, highest: Mapping[RecordKind, int]) -> bool:
    if any(span.count and span.first <= highest[kind] for kind, span in _spans(seal)):
        return True
    return before is not None and (seal.day < before.day or seal.made_at < before.made_at)


def _check_prints(seal: Seal, leaves: Sequence[Leaf] | None) -> list[Finding]:
    if leaves is None:
        return []
    fits = len(leaves) == seal.count and merkle.root([one.hash for one in leaves]).hex() == seal.root
    return (
        [] if fits and _places(leaves) == _wanted_places(seal, leaves) else [Finding(seal.number, Fault.ROOT)]
    )


def _places(leaves: Sequence[Leaf]) -> list[tuple[str, int]]:
    return [(one.kind.value, one.number) for one in leaves]


def _wanted_places(seal: Seal, leaves: Sequence[Leaf]) -> list[tuple[str, int]]:
    """The order in which a seal's leaves must stand: entries, then transfers, each by number, as many as it says."""
    places = sorted(_places(leaves))
    for kind, span in _spans(seal):
        numbers = [number for name, number in places if name == kind.value]
        if Span.over(numbers) != span:
            return []
    return places


def compare(own: Chain, copy: Chain) -> list[Finding]:
    """The installation's chain held against a copy kept elsewhere; what the copy does not reach is not judged."""
    found = []
    for kept in copy.seals:
        here = own.seal(kept.number)
        if here is None:
            found.append(Finding(kept.number, Fault.COPY_LONGER))
        elif here != kept:
            found.append(Finding(kept.number, Fault.COPY_DIFFERS))
        found += _compare_prints(
            kept.number, own.leaves.get(kept.number, ()), copy.leaves.get(kept.number, ())
        )
    return found


def _compare_prints(number: int, own: Iterable[Leaf], copy: Iterable[Leaf]) -> list[Finding]:
    here = {(leaf.kind, leaf.number): leaf.hash for leaf in own}
    return [
        Finding(number, Fault.COPY_RECORD, leaf.kind, leaf.number)
        for leaf in copy
        if here.get((leaf.kind, leaf.number)) != leaf.hash
    ]


def check_ledger(
    chain: Chain,
    orphans: Iterable[Leaf],
    rows: Iterable[SealableRow],
    lonely_facts: Iterable[int] = (),
) -> list[Finding]:
    """The ledger as it is, held against everything sealed of it. `chain.leaves` has the stored leaves by position."""
    present = {(row.kind, row.number): row for row in rows}
    found = check_chain(Chain(chain.village, chain.seals, {}))
    highest = dict.fromkeys(RecordKind, 0)
    sealed: set[tuple[RecordKind, int]] = set()
    for seal in chain.seals:
        leaves = chain.leaves.get(seal.number, ())
        sealed |= {(leaf.kind, leaf.number) for leaf in leaves}
        found += _check_seal(seal, leaves, present)
        for kind, span in _spans(seal):
            highest[kind] = max(highest[kind], span.last)
    for leaf in orphans:
        sealed.add((leaf.kind, leaf.number))
        found.append(Finding(0, Fault.ORPHAN, leaf.kind, leaf.number))
    short = [seal for seal in chain.seals if len(chain.leaves.get(seal.number, ())) < seal.count]
    for (kind, number), row in present.items():
        if (kind, number) not in sealed and number <= highest[kind]:
            found.append(_unsealed(kind, number, short))
        elif row.broken and (kind, number) not in sealed:
            found.append(Finding(0, Fault.HEADLESS, kind, number))
    found += [Finding(0, Fault.FACT_ALONE, None, number) for number in lonely_facts]
    return sorted(found, key=lambda one: (one.seal, one.fault, one.kind or "", one.number))


def _unsealed(kind: RecordKind, number: int, short: Sequence[Seal]) -> Finding:
    """A record without a fingerprint: taken away, if a seal of its span lacks one; else the record was slipped in."""
    for seal in short:
        if any(span.first <= number <= span.last for name, span in _spans(seal) if name is kind):
            return Finding(seal.number, Fault.PRINT_REMOVED, kind, number)
    return Finding(0, Fault.ADDED, kind, number)


def _check_seal(
    seal: Seal, leaves: Sequence[Leaf], present: Mapping[tuple[RecordKind, int], SealableRow]
) -> list[Finding]:
    """One seal's fingerprints against its root and against the records they stand for."""
    found: list[Finding] = []
    now: list[bytes] = []
    differing: list[Leaf] = []
    for leaf in leaves:
        row = present.get((leaf.kind, leaf.number))
        value = leaf.hash
        if row is None:
            found.append(Finding(seal.number, Fault.REMOVED, leaf.kind, leaf.number))
        elif row.broken:
            found.append(Finding(seal.number, Fault.HEADLESS, leaf.kind, leaf.number))
        else:
            value = merkle.leaf_hash(canonical.canonical(row.leaf(leaf.salt)))
            if value != leaf.hash:
                differing.append(leaf)
            elif (
                leaf.subject_id != row.subject_id
            ):  # who may read it is not sealed, yet it is not to be altered
                found.append(_about(seal, Fault.PRINT_CHANGED, leaf))
        now.append(value)
    if not leaves or len(leaves) < seal.count:
        found.append(Finding(seal.number, Fault.PRINT_LOST))
        return found + [_about(seal, Fault.CHANGED, leaf) for leaf in differing]
    if len(leaves) == seal.count:
        found += [
            _about(seal, Fault.PRINT_MOVED, leaf)
            for place, leaf in enumerate(leaves)
            if leaf.position not in (None, place)
        ]
    stored = [leaf.hash for leaf in leaves]
    if merkle.root(stored).hex() == seal.root:
        return found + [_about(seal, Fault.CHANGED, leaf) for leaf in differing]
    if differing and merkle.root(now).hex() == seal.root:
        return found + [_about(seal, Fault.PRINT_CHANGED, leaf) for leaf in differing]
    return found + _why_root_differs(seal, leaves, differing)


def _about(seal: Seal, fault: Fault, leaf: Leaf) -> Finding:
    return Finding(seal.number, fault, leaf.kind, leaf.number)


def _why_root_differs(seal: Seal, leaves: Sequence[Leaf], differing: Sequence[Leaf]) -> list[Finding]:
    """Order, one too many, or more than one thing at once."""
    ordered = sorted(leaves, key=lambda leaf: (leaf.kind.value, leaf.number))
    if merkle.root([leaf.hash for leaf in ordered]).hex() == seal.root:
        moved = [leaf for leaf, right in zip(leaves, ordered, strict=True) if leaf != right]
        return [_about(seal, Fault.PRINT_MOVED, leaf) for leaf in moved]
    if len(leaves) > seal.count:
        outside = (
            [leaf for leaf in leaves if not _inside(seal, leaf)]
            or list(differing)
            or list(leaves[seal.count :])
        )
        return [_about(seal, Fault.PRINT_ADDED, leaf) for leaf in outside]
    twice = [
        right for left, right in pairwise(ordered) if (left.kind, left.number) == (right.kind, right.number)
    ]
    outside = [leaf for leaf in leaves if not _inside(seal, leaf)]
    named = [_about(seal, Fault.PRINT_ADDED, leaf) for leaf in [*twice, *outside]]
    return [
        Finding(seal.number, Fault.ROOT),
        *named,
        *(_about(seal, Fault.CHANGED, leaf) for leaf in differing),
    ]


def _inside(seal: Seal, leaf: Leaf) -> bool:
    return any(span.first <= leaf.number <= span.last for kind, span in _spans(seal) if kind is leaf.kind)
