"""The procedure by itself: trees, chains, receipts and their short form, on random ledgers without any database."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jizhi.seals import rules
from jizhi.seals.rules import canonical, checking, merkle, receipts, words
from jizhi.seals.rules.checking import Fault, Question
from tests.domain.seals import ledgers

HASHES = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40)


def _split(leaves: list[bytes]) -> bytes:
    """The root as RFC 6962 describes it: cut at the largest power of two below the size."""
    if len(leaves) == 1:
        return leaves[0]
    cut = 1 << (len(leaves) - 1).bit_length() - 1
    return merkle.node_hash(_split(leaves[:cut]), _split(leaves[cut:]))


@given(HASHES)
def test_the_tree_is_that_of_the_rfc(leaves: list[bytes]) -> None:
    assert merkle.root(leaves) == _split(leaves)


def test_known_roots() -> None:
    """The vectors that certificate logs are tested with."""
    data = [bytes.fromhex(one) for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
    hashes = [merkle.leaf_hash(one) for one in data]
    assert hashes[0].hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle.root(hashes[:3]).hex() == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    assert merkle.root(hashes).hex() == "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"


@given(HASHES, st.data())
def test_every_place_proves_itself_and_no_other(leaves: list[bytes], data: st.DataObject) -> None:
    root, count = merkle.root(leaves), len(leaves)
    for place, leaf in enumerate(leaves):
        path = merkle.proof(leaves, place)
        assert merkle.root_of_proof(leaf, place, count, path) == root
        assert merkle.root_of_proof(leaf, place, count, [*path, leaf]) is None
        if path:
            assert merkle.root_of_proof(leaf, place, count, path[:-1]) is None
            spoilt = data.draw(st.integers(0, len(path) - 1))
            wrong = [bytes([one[0] ^ 1]) + one[1:] if i == spoilt else one for i, one in enumerate(path)]
            assert merkle.root_of_proof(leaf, place, count, wrong) != root
        other = data.draw(st.binary(min_size=32, max_size=32).filter(lambda one, mine=leaf: one != mine))
        assert merkle.root_of_proof(other, place, count, path) != root
        assert merkle.root_of_proof(leaf, count, count, path) is None


@given(ledgers.ledgers())
def test_a_ledger_left_alone_is_sound(ledger: ledgers.Ledger) -> None:
    assert ledger.check() == []
    assert checking.check_chain(ledger.chain) == []
    copy = rules.Chain.read(json.loads(json.dumps(ledger.chain.document())))
    assert copy.seals == ledger.chain.seals
    assert checking.compare(ledger.chain, copy) == []


@given(ledgers.ledgers(), st.data())
def test_a_receipt_survives_its_file_and_its_code(ledger: ledgers.Ledger, data: st.DataObject) -> None:
    receipt = data.draw(ledgers.receipts_of(ledger))
    published = rules.Chain(ledger.chain.village, ledger.chain.seals, {})
    for text in (
        receipt.file(),
        receipt.file().decode(),
        receipt.short(),
        f"HTTPS://X.CN{receipts.MARK}{receipt.short()}",
    ):
        again = receipts.read(text)
        assert again == receipt
        assert [one.holds for one in checking.check_receipt(again, published)] == [True, True, True]
    assert [one.holds for one in checking.check_receipt(receipt, None)] == [True, True, None]


@given(ledgers.ledgers(), st.data())
def test_no_altered_receipt_holds(ledger: ledgers.Ledger, data: st.DataObject) -> None:
    """Whatever single value of the file is changed, the receipt no longer holds, or is none any more."""
    document = data.draw(ledgers.receipts_of(ledger)).document()
    place = data.draw(st.sampled_from(list(_places(document))))
    changed = _changed(document, place, data)
    try:
        receipt = receipts.read(json.dumps(changed))
    except receipts.Unreadable:
        return
    published = rules.Chain(ledger.chain.village, ledger.chain.seals, {})
    assert not all(one.holds for one in checking.check_receipt(receipt, published))


def _places(value: Any, way: tuple[Any, ...] = ()) -> Any:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not isinstance(value, dict | list):
        yield way
    for key, inner in pairs:
        yield from _places(inner, (*way, key))


def _changed(document: Any, place: tuple[Any, ...], data: st.DataObject) -> Any:
    document = json.loads(json.dumps(document))
    holder = document
    for key in place[:-1]:
        holder = holder[key]
    before = holder[place[-1]]
    if isinstance(before, bool) or before is None:
        after: Any = "x"
    elif isinstance(before, int):
        after = before + data.draw(st.sampled_from([-100, -1, 1, 7, 2**40]))
    else:
        at = data.draw(st.integers(0, max(0, len(before) - 1)))
        after = before[:at] + ("1" if before[at : at + 1] != "1" else "2") + before[at + 1 :]
    holder[place[-1]] = after
    return document


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{}",
        "[]",
        "null",
        "AAAA",
        "一张照片",
        '{"format": "jizhi-receipt-1", "leaf": 5}',
        "A" * 300_000,
        "1.5",
    ],
)
def test_what_is_no_receipt_is_refused(text: str) -> None:
    with pytest.raises(receipts.Unreadable):
        receipts.read(text)


@given(ledgers.ledgers(), st.data())
def test_a_code_cut_short_is_refused(ledger: ledgers.Ledger, data: st.DataObject) -> None:
    short = data.draw(ledgers.receipts_of(ledger)).short()
    with pytest.raises(receipts.Unreadable):
        receipts.read(short[: data.draw(st.integers(1, len(short) - 2))])


@given(ledgers.ledgers(least_seals=2), st.data())
def test_whatever_is_done_to_a_chain_is_found_and_the_seal_named(
    ledger: ledgers.Ledger, data: st.DataObject
) -> None:
    seals = list(ledger.chain.seals)
    place = data.draw(st.integers(0, len(seals) - 1))
    number = seals[place].number
    how = data.draw(st.sampled_from(["change", "rehash", "remove", "swap"]))
    if how in {"change", "rehash"}:
        field = data.draw(
            st.sampled_from(["day", "made_at", "root", "previous", "entries", "number", "village"])
        )
        changes: dict[str, Any] = {
            "day": "2026-12-31", "made_at": "2027-01-01T00:00:00.000000Z", "root": "ab" * 32, "previous": "cd" * 32,
            "entries": rules.Span(1, 10_000, 10_000), "number": 77, "village": "130000000000",
        }  # fmt: skip
        seals[place] = dataclasses.replace(seals[place], **{field: changes[field]})
        if how == "rehash":
            seals[place] = dataclasses.replace(seals[place], hash=seals[place].own_hash())
    elif how == "remove":
        del seals[place]
    else:
        other = (place + 1) % len(seals)
        seals[place], seals[other] = seals[other], seals[place]
    changed = rules.Chain(ledger.chain.village, tuple(seals), {})
    found = checking.check_chain(changed) + checking.compare(changed, ledger.chain)
    assert found
    named = {one.seal for one in found}
    assert number in named or (how == "swap" and named), found


def test_a_seal_made_anew_from_end_to_end_differs_from_the_copy() -> None:
    """Whoever owns the machine can rewrite everything on it, but not what others keep."""
    ledger = ledgers.simple([[1, 2, 3], [4, 5]])
    kept = rules.Chain.read(ledger.chain.document())
    forged = ledgers.simple([[1, 2, 3], [4, 5]], points={2: 99_00})
    assert forged.check() == []
    found = checking.compare(forged.chain, kept)
    assert {(one.seal, one.fault) for one in found} >= {(1, Fault.COPY_DIFFERS), (2, Fault.COPY_DIFFERS)}
    assert [one.number for one in found if one.fault is Fault.COPY_RECORD] == [2]
    receipt = ledger.receipt(2)
    assert [one.holds for one in checking.check_receipt(receipt, forged.chain)] == [True, True, False]


def test_every_finding_and_every_answer_has_words_in_both_languages() -> None:
    for fault in Fault:
        for kind in (None, *rules.RecordKind):
            chinese = words.finding(checking.Finding(3, fault, kind, 17), "zh")
            english = words.finding(checking.Finding(3, fault, kind, 17), "en")
            assert (
                "存证 3" in chinese and "17" in chinese and english.startswith("seal 3, ") and "17" in english
            )
    for question in Question:
        for holds in (True, False):
            answer = checking.Answer(question, holds)
            assert words.answer(answer, "zh") != words.answer(answer, "en")
    assert canonical.canonical({"b": 1, "a": "积"}) == '{"a":"积","b":1}'.encode()
