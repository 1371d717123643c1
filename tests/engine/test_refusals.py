"""Every reason for refusing a row has Chinese words."""

from __future__ import annotations

import re

import pytest

from jizhi.engine import filework, loader, refusals
from jizhi.engine.loader import Versions
from tests.engine.test_staging import END, HEADER, SCHEME, START, fact_rows, subject_rows, write_csv


@pytest.fixture(scope="module")
def reasons(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("refused")
    rows = [row for seed in range(4) for row in fact_rows(seed, 500, odd=0.6)]
    facts = write_csv(
        folder / "facts.csv", [HEADER, *rows, ["5001", "h1", "work", "2022-05-03", "1", "", "", "", "", "x"]]
    )
    subjects = write_csv(
        folder / "subjects.csv", [*subject_rows(), ["h10", "", "", "2", "2022-05-05", "2022-03-03"]]
    )
    versions = Versions.of(loader.load_scheme(SCHEME))
    report = filework.settle(versions, subjects, facts, START, END, folder / "out")
    return {row.reason for row in report.rejected}


def test_it_is_said_in_chinese(reasons: set[str]) -> None:
    assert len({reason.partition(":")[0] for reason in reasons}) > 8
    for reason in reasons:
        said = refusals.in_chinese(reason)
        assert said != reason
        assert not re.search("missing|unknown|not |than|negative|twice|after|neither", said), said


def test_a_draft_says_whose_row_it_is() -> None:
    assert refusals.in_chinese("old: quantity: not a number: x") == "现行办法：数量：不是数：x"
    assert refusals.in_chinese("something new") == "something new"
