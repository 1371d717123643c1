"""The verifier printed in the how-to, which shares no line with ours, agrees with it on real and altered receipts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jizhi.seals import rules
from jizhi.seals.rules import checking, receipts
from tests.domain.seals import ledgers, second_verifier
from tests.domain.seals.test_rules import _changed, _places

HERE = Path(__file__).parent
HOWTO = HERE.parents[2] / "docs" / "howto" / "verify-a-ledger.md"


def test_the_how_to_prints_the_tested_file() -> None:
    assert (HERE / "second_verifier.py").read_text(encoding="utf-8") in HOWTO.read_text(encoding="utf-8")


def _says(document: Any, chain: Any) -> bool:
    try:
        return not list(second_verifier.problems(document, chain))
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return False


@given(ledgers.ledgers(), st.data())
def test_both_verifiers_say_the_same_of_receipts(ledger: ledgers.Ledger, data: st.DataObject) -> None:
    receipt = data.draw(ledgers.receipts_of(ledger))
    chain = rules.Chain(ledger.chain.village, ledger.chain.seals, {})
    document = json.loads(receipt.file())
    assert _says(document, json.loads(json.dumps(chain.document())))
    altered = _changed(document, data.draw(st.sampled_from(list(_places(document)))), data)
    try:
        ours = all(one.holds for one in checking.check_receipt(receipts.read(json.dumps(altered)), chain))
    except receipts.Unreadable:
        return  # not even the form of a receipt
    assert not ours
    assert not _says(altered, json.loads(json.dumps(chain.document())))


@given(ledgers.ledgers(least_seals=2), st.data())
def test_both_verifiers_find_a_broken_chain(ledger: ledgers.Ledger, data: st.DataObject) -> None:
    receipt = data.draw(ledgers.receipts_of(ledger))
    chain = rules.Chain(ledger.chain.village, ledger.chain.seals, {})
    altered = _changed(chain.document(), data.draw(st.sampled_from([
        place for place in _places(chain.document()) if len(place) > 2
    ])), data)  # fmt: skip
    assert not _says(json.loads(receipt.file()), altered)


def test_it_runs_by_itself(tmp_path: Path) -> None:
    ledger = ledgers.simple([[1, 2, 3], [4, 5]])
    chain, receipt = tmp_path / "chain.json", tmp_path / "receipt.json"
    chain.write_text(json.dumps(ledger.chain.document()), encoding="utf-8")
    receipt.write_bytes(ledger.receipt(2).file())
    script = [sys.executable, "-I", str(HERE / "second_verifier.py"), str(receipt), str(chain)]
    told = subprocess.run(script, capture_output=True, text=True, cwd=tmp_path)
    assert (told.returncode, told.stdout) == (0, "all holds\n")
    receipt.write_text(
        receipt.read_text(encoding="utf-8").replace('"points": 200', '"points": 201'), encoding="utf-8"
    )
    told = subprocess.run(script, capture_output=True, text=True, cwd=tmp_path)
    assert (told.returncode, told.stdout) == (1, "the entry does not lead to the seal's root\n")
