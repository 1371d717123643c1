"""Every pack's own cases, on every evaluator.

The slow evaluator, a fresh database per case, runs a sample here; `jizhi test` runs it on all.
"""

from pathlib import Path

import pytest

import jizhi
from jizhi.engine import cases, loader

PACKS = sorted(path.parent for path in (Path(jizhi.__file__).parent / "packs").glob("*/pack.yaml"))
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


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("quantity", "quanity", "quantity"),
        ("| 2\n", "| 2 | 3\n", "more cells than columns"),
        ("{zhao: {total: 2}}", "{}", "{subject: {result: value}}"),
        ("{zhao: {total: 2}}", "[zhao]", "['zhao']"),
        ("name: n", "name: n\n  pool: many", "whole number of fen"),
    ],
)
def test_a_case_that_would_check_something_else_is_refused(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    text = (
        "- name: n\n  scheme: household\n  period: 2022-03\n  input:\n    facts: |\n"
        "      subject | item         | date       | quantity\n      zhao    | volunteering | 2022-03-05 | 2\n"
        "  output: {zhao: {total: 2}}\n"
    )
    file = tmp_path / "x.yaml"
    schemes = loader.load_pack(next(pack for pack in PACKS if pack.name == "gaoyang")).schemes
    file.write_text(text, encoding="utf-8")
    assert [case.name for case in cases.of_file(file, schemes)] == ["n"]
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(loader.DocumentError) as caught:
        cases.of_file(file, schemes)
    assert told in caught.value.problems[0].say("en")
