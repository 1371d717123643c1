"""Receipts of entries, and what a receipt that somebody hands in turns out to be worth."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from jizhi.areas.models import Area
from jizhi.core import scope
from jizhi.seals import models, rules
from jizhi.seals.rules import canonical, checking
from jizhi.seals.rules.checking import Answer, Question
from jizhi.seals.selectors import chains


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """A sealed entry with its receipt."""

    number: int
    seal: chains.SealLine
    receipt: rules.Receipt


@dataclass(frozen=True, slots=True)
class Verdict:
    """A receipt that was handed in, and the answers to what one asks of it. `village` is None where nobody knows it."""

    receipt: rules.Receipt
    village: Area | None
    answers: list[Answer]
    latest: chains.SealLine | None

    @property
    def holds(self) -> bool:
        return all(one.holds for one in self.answers)


def sealed_entries(numbers: Collection[int]) -> dict[int, int]:
    """Which of the entries are sealed: entry → number of its seal. Only what the reader may see is asked about."""
    leaves = models.SealedLeaf.objects.filter(kind=rules.RecordKind.ENTRY, record__in=numbers)
    return dict(leaves.order_by("record").values_list("record", "seal__number"))


def receipt_of(entry: int) -> SealedEntry | None:
    """The receipt of an entry that the reader may see; None while it waits for its seal.

    It says what the ledger says now: where that is not what was sealed, the receipt proves that.
    """
    leaf = (
        models.SealedLeaf.objects.filter(kind=rules.RecordKind.ENTRY, record=entry)
        .select_related("seal__village")
        .first()
    )
    if leaf is None:
        return None
    row = chains.row_of_entry(leaf.seal.village, entry)
    if row is None:
        return None
    with scope.beyond("a proof is made of the neighbours' fingerprints, which tell nothing of them"):
        prints = leaf.seal.leaves.order_by("position").values_list("hash", flat=True)
        hashes = [bytes(one) for one in prints]
    (line,) = chains.lines([leaf.seal])
    document = row.leaf(bytes(leaf.salt))
    return SealedEntry(
        entry, line, rules.Receipt.of(document, leaf.position, hashes, chains.as_rule(leaf.seal))
    )


def verdict_on(receipt: rules.Receipt) -> Verdict:
    """Check a receipt against the published chain and against the ledger as it is."""
    village = Area.objects.filter(code=receipt.seal.village).first()
    chain = chains.chain_of(village) if village else None
    answers = checking.check_receipt(receipt, chain)
    if village is None:
        answers[-1] = Answer(Question.CHAIN, False)
        return Verdict(receipt, None, answers, None)
    latest = chains.lines(chains.seals_of(village)[:1])
    answers.append(Answer(Question.LEDGER, _ledger_says_so(village, receipt)))
    return Verdict(receipt, village, answers, latest[0] if latest else None)


def _ledger_says_so(village: Area, receipt: rules.Receipt) -> bool:
    """Whether the entry reads today as it does on the receipt, which whoever holds it knows already."""
    number, salt = receipt.leaf.get("number"), receipt.leaf.get("salt")
    if not isinstance(number, int) or not isinstance(salt, str) or not 0 < number < 2**63:
        return False
    try:
        grain = bytes.fromhex(salt)
    except ValueError:
        return False
    with scope.beyond("whoever holds a receipt may ask whether the ledger still says what it says"):
        row = chains.row_of_entry(village, number)
    if row is None or row.broken:
        return False
    return canonical.canonical(row.leaf(grain)) == canonical.canonical(receipt.leaf)
