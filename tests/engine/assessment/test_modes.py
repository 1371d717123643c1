"""Each mode with the numbers of real rule tables: what is given, what it is worth, where it stops."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.assessment.sheets import document, indicator, reasons, result, score, settled


def points_of(cell: str, value: str, **more: Any) -> int | None:
    found = settled(document(indicator(**more)), f"subject | {cell}\nzhao | {value}")
    assert reasons(found) == []
    return score(found).score


@pytest.mark.parametrize(("grade", "points"), [("met", 6000), ("达标", 6000), ("unmet", 0), ("否", 0)])
def test_all_or_none_in_words(grade: str, points: int) -> None:
    assert points_of("grade", grade, mode="all-or-none") == points


@pytest.mark.parametrize(("value", "points"), [("85", 6000), ("84.99", 0), ("100", 6000), ("-1", 0)])
def test_all_or_none_by_a_target(value: str, points: int) -> None:
    assert points_of("value", value, mode="all-or-none", target="85") == points


@pytest.mark.parametrize(("count", "points"), [("0", 6000), ("3", 4500), ("12", 0), ("13", 0)])
def test_deduct_starts_full_and_stops_at_zero(count: str, points: int) -> None:
    assert points_of("count", count, mode="deduct", each="5") == points


def test_deduct_by_listed_faults_adds_up_what_a_rater_names() -> None:
    paper = document(indicator(mode="deduct", faults={"迟报": "2", "漏报": {"points": "5.5"}}))
    table = "subject | grade | count\nzhao | 迟报 | 3\nzhao | 漏报 |\nqian | | 0\nsun | 漏报 | 100"
    found = settled(paper, table)
    assert [row.score for row in found.scores] == [6000, 0, 4850]
    assert [row.subject for row in found.scores] == ["qian", "sun", "zhao"]


@pytest.mark.parametrize(("grade", "points"), [("一类", 10000), ("二类", 9000), ("三类", 8000)])
def test_class_as_in_huarong(grade: str, points: int) -> None:
    grades = {"一类": "100", "二类": "90", "三类": "80"}
    assert points_of("grade", grade, mode="class", grades=grades, full="100") == points


@pytest.mark.parametrize(
    ("value", "points"),
    [("15", 6000), ("16.5", 6000), ("14.9", 5960), ("14.99", 6000), ("10", 4000), ("0", 0), ("-3", 0)],
)
def test_linear_as_in_baoji(value: str, points: int) -> None:
    """Growth of 15 % earns all 60, below that 4 times the growth: 14.99 gives 59.96, rounded to 60.0."""
    assert points_of("value", value, mode="linear", factor="4", full_from="15") == points


def test_linear_is_capped_by_the_full_mark() -> None:
    assert points_of("value", "1000", mode="linear", factor="0.57") == 6000
    assert points_of("value", "3", mode="linear", factor="0.57") == 170


@pytest.mark.parametrize(("count", "points"), [("0", 0), ("3", 750), ("24", 6000), ("25", 6000)])
def test_count_is_capped(count: str, points: int) -> None:
    paper = document(indicator(mode="count", each="2.5"), unit={"places": "2"})
    assert score(settled(paper, f"subject | count\nzhao | {count}")).score == points


@pytest.mark.parametrize(("place", "points"), [("1", 6000), ("2", 4000), ("3", 500), ("99", 500)])
def test_rank_gives_the_points_of_the_place(place: str, points: int) -> None:
    assert points_of("count", place, mode="rank", places={"1": "60", "2": "40"}, rest="5") == points


def test_rank_can_follow_from_the_values_with_ties_sharing_the_better_place() -> None:
    places = {"1": "60", "2": "40", "3": "20"}
    table = "subject | value\nzhao | 7.5\nqian | 9\nsun | 7.50\nli | 3"
    highest = settled(document(indicator(mode="rank", places=places, order="highest")), table)
    assert {row.subject: row.score for row in highest.scores} == {
        "qian": 6000, "zhao": 4000, "sun": 4000, "li": 0,
    }  # fmt: skip
    lowest = settled(document(indicator(mode="rank", places=places, order="lowest")), table)
    assert {row.subject: row.score for row in lowest.scores} == {
        "li": 6000, "zhao": 4000, "sun": 4000, "qian": 0,
    }  # fmt: skip


def test_ballots_are_a_weighted_share_of_all_that_were_cast() -> None:
    """30 excellent, 10 good, 5 fair, 5 poor: (30 + 8 + 3 + 0) of 50 is 82 %, of 60 points 49.2."""
    ballots = {"excellent": "100%", "good": "80%", "fair": "60%", "poor": "0%"}
    paper = document(indicator(mode="ballot", ballots=ballots))
    table = "grade | count\nexcellent | 30\ngood | 10\nfair | 5\npoor | 5"
    assert score(settled(paper, table)).score == 4920
    single = "rater | grade\na | excellent\nb | excellent\nc | poor"
    assert score(settled(paper, single)).score == 4000


def test_no_ballots_at_all_is_a_hole_and_not_a_zero() -> None:
    paper = document(indicator(mode="ballot", ballots={"good": "100%"}))
    found = settled(paper, "grade | count\ngood | 0")
    assert score(found).score is None
    assert result(found).total is None
    assert [(one.indicator, one.rater_group, one.reason) for one in found.missing] == [
        ("one", "team", "no ballots")
    ]


def test_a_panel_is_the_mean_of_its_raters() -> None:
    table = "rater | value\na | 50\nb | 41\nc | 59"
    assert score(settled(document(indicator()), table)).score == 5000
    third = "rater | value\na | 50\nb | 50\nc | 49"
    assert score(settled(document(indicator()), third)).score == 4970


def test_a_panel_can_leave_out_the_highest_and_the_lowest() -> None:
    paper = document(indicator(trim="1"))
    table = "rater | value\na | 60\nb | 40\nc | 44\nd | 10"
    assert score(settled(paper, table)).score == 4200


def test_a_panel_too_small_to_leave_anybody_out_is_a_hole() -> None:
    found = settled(document(indicator(trim="1")), "rater | value\na | 60\nb | 40")
    assert [one.reason for one in found.missing] == ["2 raters, at least 3 needed"]
    assert result(found).total is None


def test_a_panel_may_rate_out_of_a_hundred() -> None:
    assert points_of("value", "90", out_of="100") == 5400


def test_rounding_is_half_away_from_zero_and_once() -> None:
    """Of 0.25 points at one place: 0.3. Two raters with 0.2 and 0.3 make 0.25, not 0.2 and 0.3 rounded before."""
    assert points_of("count", "1", mode="count", each="0.25") == 30
    assert points_of("count", "1", mode="count", each="0.249999") == 20
    table = "rater | value\na | 0.2\nb | 0.3"
    assert score(settled(document(indicator()), table)).score == 30
    whole = document(indicator(mode="count", each="0.5"), unit={"places": "0"})
    assert score(settled(whole, "count\n1")).score == 100
