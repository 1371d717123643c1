"""Ranks, grades by threshold and quota with ties, and what follows from them over several rounds."""

from __future__ import annotations

from typing import Any

import pytest

from jizhi.engine.assessment.settle import settle
from jizhi.engine.assessment.versions import Versions
from jizhi.engine.tables import Subject
from tests.engine.assessment.sheets import document, indicator, ratings, result, settled, subjects

TEN = [
    ("a", 10),
    ("b", 20),
    ("c", 30),
    ("d", 30),
    ("e", 40),
    ("f", 45),
    ("g", 50),
    ("h", 50),
    ("i", 55),
    ("j", 60),
]


def table(marks: list[tuple[str, int]]) -> str:
    return "subject | value\n" + "\n".join(f"{name} | {mark}" for name, mark in marks)


def grades(marks: list[tuple[str, int]], **how: Any) -> dict[str, str]:
    return {
        row.subject: row.grade for row in settled(document(indicator(), grades=how), table(marks)).results
    }


def test_equal_totals_share_the_lower_number() -> None:
    found = settled(document(indicator()), table(TEN))
    assert {row.subject: row.rank for row in found.results} == {
        "j": 1, "i": 2, "g": 3, "h": 3, "f": 5, "e": 6, "c": 7, "d": 7, "b": 9, "a": 10,
    }  # fmt: skip


def test_ranks_stay_inside_the_group_unless_all_are_compared() -> None:
    people = [Subject("a", "g", "A"), Subject("b", "g", "B"), Subject("c", "h", "A")]
    marks = table([("a", 10), ("b", 20), ("c", 30)])
    expected = {"group": (2, 1, 1), "class": (2, 1, 1), "all": (3, 2, 1)}
    for within, ranks in expected.items():
        found = settled(document(indicator(), rank={"within": within}, classes=["A", "B"]), marks, people)
        assert tuple(row.rank for row in found.results) == ranks
    both = settled(
        document(indicator(), rank={"within": ["group", "class"]}, classes=["A", "B"]), marks, people
    )
    assert tuple(row.rank for row in both.results) == (1, 1, 1)


def test_a_part_can_break_ties() -> None:
    parts = [
        {"id": "a", "full": "60", "indicators": [indicator()]},
        {"id": "b", "full": "60", "indicators": [indicator(id="two")]},
    ]
    marks = "subject | indicator | value\nzhao | one | 30\nzhao | two | 40\nqian | one | 40\nqian | two | 30"
    found = settled(document(parts=parts, rank={"tie_break": "b"}), marks)
    assert (result(found).rank, result(found, "qian").rank) == (1, 2)


def test_thresholds_with_open_and_closed_ends() -> None:
    steps = [{"grade": "优", "over": "50"}, {"grade": "良", "from": "30"}, {"grade": "差"}]
    found = grades([("a", 50), ("b", 51), ("c", 30), ("d", 29)], steps=steps)
    assert found == {"a": "良", "b": "优", "c": "良", "d": "差"}


@pytest.mark.parametrize(("ties", "top"), [("in", "ghij"), ("out", "ij")])
def test_the_top_30_percent_of_ten_with_a_tie_at_the_cut(ties: str, top: str) -> None:
    found = grades(TEN, ties=ties, steps=[{"grade": "优", "top": "30%"}, {"grade": "良"}])
    assert "".join(name for name, grade in found.items() if grade == "优") == top


@pytest.mark.parametrize(("ties", "best"), [("in", "ghij"), ("out", "ij")])
def test_a_quota_of_3_5_2(ties: str, best: str) -> None:
    """Three of ten, then five, then the rest; the third and fourth place are equal, as are the seventh and eighth."""
    steps = [{"grade": "一"}, {"grade": "二"}, {"grade": "三"}]
    found = grades(TEN, ties=ties, quota="3:5:2", steps=steps)
    assert "".join(name for name, grade in found.items() if grade == "一") == best
    assert "".join(name for name, grade in found.items() if grade == "三") == "ab"


def test_a_quota_rounds_down_and_the_last_step_takes_the_rest() -> None:
    seven = [(name, 10 * place) for place, name in enumerate("abcdef", 1)] + [("g", 5)]
    found = grades(seven, quota="3:5:2", steps=[{"grade": "一"}, {"grade": "二"}, {"grade": "三"}])
    assert found == {"f": "一", "e": "一", "d": "二", "c": "二", "b": "二", "a": "三", "g": "三"}


def test_a_step_may_ask_for_a_threshold_and_a_place() -> None:
    steps = [{"grade": "优", "top": "50%", "from": "55"}, {"grade": "良"}]
    assert [name for name, grade in grades(TEN, steps=steps).items() if grade == "优"] == ["i", "j"]


def test_who_has_no_total_takes_no_place() -> None:
    paper = document(indicator(), grades={"steps": [{"grade": "优", "top": "50%"}, {"grade": "良"}]})
    found = settled(paper, table(TEN[:4]), subjects("a", "b", "c", "d", "x", "y", "z"))
    assert {row.subject: (row.rank, row.grade) for row in found.results if row.subject in "cdx"} == {
        "c": (1, "优"), "d": (1, "优"), "x": (None, ""),
    }  # fmt: skip


OUTCOMES = [
    {"id": "excellent", "title": "优秀", "when": {"grade": "优"}, "then": "honour"},
    {"id": "rectify", "title": "整顿", "when": {"total": {"below": "20"}}, "then": "rectify"},
    {"id": "last", "title": "约谈", "when": {"rank": {"bottom": "1"}, "running": "2"}, "then": "talk"},
    {"id": "clean", "title": "无否决", "when": {"vetoed": "false", "rank": {"top": "1"}}, "then": "honour"},
]


def test_what_follows_names_its_reason() -> None:
    paper = document(indicator(), outcomes=OUTCOMES, grades={"steps": [{"grade": "优", "from": "50"}]})
    found = settled(paper, table([("a", 10), ("b", 55)]))
    assert [(row.subject, row.outcome, row.title, row.reason) for row in found.outcomes] == [
        ("a", "rectify", "整顿", "总分10（低于20）"),
        ("b", "clean", "无否决", "排名第1（前1）；无一票否决"),
        ("b", "excellent", "优秀", "等级优"),
    ]


def halves(second: str = "2022-H1") -> str:
    return (
        f"subject | value | period\na | 10 | {second}\nb | 50 | {second}\na | 20 | 2022-H2\nb | 60 | 2022-H2"
    )


def test_a_condition_over_two_rounds_looks_at_the_round_before() -> None:
    paper = document(indicator(), outcomes=OUTCOMES, round="half")
    found = settled(paper, halves(), period="2022-H2")
    assert [(row.subject, row.period, row.outcome) for row in found.outcomes] == [
        ("a", "2022-H2", "last"),
        ("b", "2022-H2", "clean"),
    ]
    assert [row.period for row in found.results] == ["2022-H2", "2022-H2"]
    gap = settled(paper, halves("2021-H2"), period="2022-H2")
    assert [row.outcome for row in gap.outcomes] == ["clean"]


def test_former_results_can_be_handed_in() -> None:
    paper = document(indicator(), outcomes=OUTCOMES, round="half")
    versions, people = Versions.of(paper), subjects("a", "b")
    before = settle(versions, people, ratings(halves()), "2022-H1")
    now = [row for row in ratings(halves()) if row.period == "2022-H2"]
    found = settle(versions, people, now, "2022-H2", history=before.results)
    assert [(row.subject, row.outcome) for row in found.outcomes] == [("a", "last"), ("b", "clean")]
