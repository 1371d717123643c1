"""What an assessment may not measure, and what may not follow from it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jizhi.engine import guard_assessment
from tests.engine.assessment.sheets import document, indicator


def found(*indicators: dict[str, Any], **more: Any) -> list[tuple[str, str, str]]:
    paper = document(*(one | {"reference": "依据"} for one in indicators), **more)
    return [(one.code, one.level, one.found) for one in guard_assessment.check(paper, dt.date(2026, 1, 1))]


def test_a_plain_sheet_has_nothing_against_it() -> None:
    assert found(indicator()) == []


@pytest.mark.parametrize(
    ("title", "mode", "code", "word"),
    [
        ("群众信访量", {"mode": "deduct", "each": "5"}, "petition", "信访"),
        ("越级上访一票否决", {"mode": "veto", "effect": {"zero": "total"}, "full": "0"}, "petition", "上访"),
        ("网格员APP在线率", {"mode": "linear", "factor": "1"}, "app-use", "在线率"),
        ("缴纳罚款", {"mode": "count", "each": "1"}, "fine", "缴纳罚款"),
        ("操办婚事", {"mode": "deduct", "each": "5"}, "custom", "婚"),
    ],
)
def test_what_may_not_be_measured(title: str, mode: dict[str, Any], code: str, word: str) -> None:
    assert (code, word) in [(one[0], one[2]) for one in found(indicator(title=title, **mode))]


def test_a_petition_answered_in_time_is_work_and_a_rank_by_petitions_is_not() -> None:
    handled = indicator(title="信访事项未按期办结", mode="deduct", each="5")
    assert found(handled) == []
    ranked = indicator(title="信访件数排名", mode="rank", places={"1": "60"}, order="lowest")
    assert [one[0] for one in found(ranked)] == ["petition"]


def test_persons_have_more_protection_than_offices() -> None:
    ill = indicator(title="残疾干部")
    relative = indicator(title="子女违反计划", mode="deduct", each="5")
    assert found(ill) == found(relative) == []
    assert [one[0] for one in found(ill, subject="person")] == ["sensitive"]
    assert found(ill | {"published": "false"}, subject="person") == []
    assert [one[0] for one in found(relative, subject="person")] == ["family-liability"]


def test_low_persons_are_not_listed_but_offices_may_be() -> None:
    listed = {
        "id": "last",
        "when": {"rank": {"bottom": "1"}},
        "then": {"list": "后进榜"},
        "reference": "依据",
    }
    assert found(indicator(), outcomes=[listed]) == []
    assert [one[0] for one in found(indicator(), outcomes=[listed], subject="person")] == ["person-blacklist"]
    graded = listed | {"when": {"grade": "差"}}
    grades = {"steps": [{"grade": "好", "from": "1"}, {"grade": "差"}]}
    assert [one[0] for one in found(indicator(), outcomes=[graded], grades=grades, subject="person")] == [
        "person-blacklist"
    ]


def test_lawful_rights_stay_untouched() -> None:
    bar = {"id": "bar", "when": {"rank": {"bottom": "1"}}, "then": {"bar": ["低保"]}, "reference": "依据"}
    assert found(indicator(), outcomes=[bar]) == [("lawful-rights", "error", "低保")]


def test_faults_are_notified_and_references_in_force() -> None:
    silent = indicator(mode="deduct", each="5", notify="false")
    assert [one[0] for one in found(silent)] == ["silent-fault"]
    paper = document(indicator(), indicator(id="two", reference={"zh": "旧", "expires": "2020-01-01"}))
    told = guard_assessment.check(paper, dt.date(2026, 1, 1), "f.yaml", {"one": 7, "two": 9})
    assert [(one.code, one.level, one.line) for one in told] == [
        ("no-reference", "warning", 7), ("stale", "warning", 9),
    ]  # fmt: skip
    reasoned = document(indicator(reasons={"no-reference": "惯例"}))
    assert guard_assessment.check(reasoned) == []


def test_a_limit_that_no_list_reaches_is_told() -> None:
    one = {"id": "honour", "mode": "count", "each": "2", "full": "6", "reference": "依据"}
    assert found(indicator(), bonus={"limit": "6", "indicators": [one]}) == [("idle-limit", "warning", "6")]
    assert found(indicator(), bonus={"limit": "5", "indicators": [one]}) == []
