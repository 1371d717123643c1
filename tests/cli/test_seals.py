"""`jizhi seal`, `jizhi verify` and `jizhi export chain`: on files alone, on the installation, against kept copies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from typer.testing import CliRunner

from jizhi.cli import console, main
from jizhi.intake import jobs, tasks
from jizhi.ledger.models import Entry
from jizhi.seals import selectors
from jizhi.seals.models import Seal
from tests.county import make_county
from tests.domain.seals import ledgers, world


def run(*words: str) -> Any:
    return CliRunner().invoke(
        main.app, list(words), env={"LANG": "en_GB.UTF-8", "LC_ALL": "", "LC_MESSAGES": ""}
    )


@pytest.fixture
def own_installation(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def here() -> Iterator[None]:
        yield

    monkeypatch.setattr(console, "installation", here)


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without any installation."""

    def refused() -> None:
        raise AssertionError("a receipt is checked without the installation")

    monkeypatch.setattr(console, "installation", refused)


def test_a_receipt_is_checked_off_line(tmp_path: Path, nowhere: None) -> None:
    ledger = ledgers.simple([[1, 2, 3], [4, 5]])
    receipt, chain = tmp_path / "receipt.json", tmp_path / "chain.json"
    receipt.write_bytes(ledger.receipt(4).file())
    chain.write_text(json.dumps(ledger.chain.document()), encoding="utf-8")
    told = run("verify", str(receipt), "--chain", str(chain))
    assert (told.exit_code, told.output.count("✓")) == (0, 3)
    assert ledger.chain.seals[1].root in told.output
    alone = run("verify", "receipt", str(receipt))
    assert (alone.exit_code, alone.output.count("✓"), alone.output.count("·")) == (0, 2, 1)
    short = tmp_path / "code.txt"
    short.write_text(f"HTTPS://X.CN/R/{ledger.receipt(4).short()}\n", encoding="ascii")
    assert run("verify", str(short), "--chain", str(chain)).exit_code == 0
    forged = ledgers.simple([[1, 2, 3], [4, 5]], points={4: 1})
    receipt.write_bytes(forged.receipt(4).file())
    told = run("verify", str(receipt), "--chain", str(chain))
    assert told.exit_code == 1 and "does not have this seal" in told.output
    receipt.write_text("{}", encoding="utf-8")
    assert run("verify", str(receipt)).exit_code == console.UNUSABLE
    assert run("verify", str(tmp_path / "none.json")).exit_code == console.UNUSABLE


def test_the_installation_is_sealed_exported_and_checked(
    tmp_path: Path, own_installation: None, clock: Any
) -> None:
    county = make_county()
    world.post_may_with_one(county)
    entry = world.another(county, world.MAY.replace(month=6), who=2)
    told = run("verify")
    assert told.exit_code == 0 and "1 seals, 1 records: all fit; 1 wait" in told.output
    assert "1 villages sealed" in run("seal").output
    assert "0 villages sealed" in run("seal", "--village", county.home.area.code).output
    assert run("export", "chain", "--out", str(tmp_path)).exit_code == 0
    kept = tmp_path / f"{county.home.area.code}.json"
    assert run("verify", "seals", "--against", str(kept)).exit_code == 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_entry SET points = points + 1 WHERE id = %s", [entry.pk])
    told = run("verify", "seals", "--village", county.home.area.code)
    assert told.exit_code == 1
    assert f"seal 2, entry {entry.pk} is not what was sealed" in told.output
    assert run("verify", "seals", "--village", "none").exit_code == console.UNUSABLE
    document = json.loads(kept.read_text(encoding="utf-8"))
    kept.write_text(json.dumps(document | {"village": "130000000000"}), encoding="utf-8")
    told = run("verify", "seals", "--against", str(kept))
    assert told.exit_code == 1 and "130000000000: no seals here" in told.output


def test_the_worker_seals_every_night_and_what_a_night_left_out(own_installation: None, clock: Any) -> None:
    county = make_county()
    assert not jobs.seal_missed(tasks.timezone.now())
    world.post_may_with_one(county)
    world.another(county, world.MAY.replace(month=6))
    assert jobs.seal_missed(tasks.timezone.now())
    for _night in range(2):
        tasks.NIGHTLY["seal_ledgers"](timestamp=0)
    assert Seal.objects.count() == 2
    assert not jobs.seal_missed(tasks.timezone.now())
    assert set(selectors.sealed_entries(list(Entry.objects.values_list("pk", flat=True))).values()) == {1, 2}
