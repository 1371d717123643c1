"""Every pack's own cases, on every evaluator.

The slow evaluator, a fresh database per case, runs a sample here; `jizhi test` runs it on all.
"""

from pathlib import Path

import pytest

from jizhi.engine import cases, loader

PACKS = sorted(path.parent for path in (Path(loader.__file__).parents[1] / "packs").glob("*/pack.yaml"))
CASES = [case for pack in PACKS for case in cases.of_pack(loader.load_pack(pack))]
SAMPLE = CASES[::10]


def name(case: cases.Case) -> str:
    return f"{Path(case.file).parents[1].name}:{case.line}"


@pytest.mark.parametrize("case", CASES, ids=name)
def test_case_on_the_reference(case: cases.Case) -> None:
    assert cases.run(case, "reference") == []


@pytest.mark.parametrize("case", CASES, ids=name)
def test_case_on_the_incremental_evaluator(case: cases.Case) -> None:
    assert cases.run(case, "incremental") == []


@pytest.mark.parametrize("case", SAMPLE, ids=name)
def test_case_on_the_embedded_backend(case: cases.Case) -> None:
    assert cases.run(case, "embedded") == []


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_a_pack_has_a_case_for_every_item(pack: Path) -> None:
    loaded = loader.load_pack(pack)
    used = {fact.item for case in cases.of_pack(loaded) for fact in case.facts}
    for versions in loaded.schemes.values():
        assert {item.id for item in versions.latest.items} - used == set()
