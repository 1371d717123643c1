"""Rounds feeding the year: mean, weighted mean, sum; a missing round is a hole; a version governs by the last day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jizhi.engine.assessment.rounds import UnknownPeriod
from jizhi.engine.assessment.settle import NotInForce, settle
from jizhi.engine.assessment.versions import Versions
from jizhi.engine.tables import Subject
from tests.engine.assessment.sheets import document, indicator, ratings, reasons, result, settled, subjects

QUARTERS = "value | period\n50 | 2022-Q1\n41 | 2022-Q2\n30 | 2022-Q3\n60 | 2022-Q4"


@pytest.mark.parametrize(
    ("how", "total"),
    [("mean", 4530), ("sum", 18100), (["10%", "20%", "30%", "40%"], 4620)],
)
def test_four_quarters_make_a_year(how: Any, total: int) -> None:
    """181 of four is 45.25, at one place 45.3; 5 + 8.2 + 9 + 24 is 46.2."""
    found = settled(document(indicator(), round="quarter", appraise=how), QUARTERS)
    year = result(found)
    assert (year.period_kind, year.total, year.rank) == ("year", total, 1)
    assert year.parts == (("2022-Q1", 5000), ("2022-Q2", 4100), ("2022-Q3", 3000), ("2022-Q4", 6000))
    assert len(found.results) == 5
    assert [row.period for row in found.scores] == ["2022-Q1", "2022-Q2", "2022-Q3", "2022-Q4"]


def test_a_quarter_without_a_total_leaves_the_year_open() -> None:
    found = settled(document(indicator(), round="quarter", appraise="mean"), QUARTERS.rsplit("\n", 1)[0])
    assert result(found).total is None
    assert [(one.period, one.rater_group, one.reason) for one in found.missing] == [
        ("2022", "", "no total for 2022-Q4"),
        ("2022-Q4", "team", "no rating"),
    ]


def test_who_joins_late_is_measured_by_the_rounds_it_was_there() -> None:
    people = [Subject("zhao", "g", from_date=dt.date(2022, 7, 1))]
    table = "value | period\n30 | 2022-Q3\n60 | 2022-Q4"
    mean = settled(document(indicator(), round="quarter", appraise="mean"), table, people)
    assert result(mean).total == 4500
    weights = {"by": "weighted", "weights": ["40%", "40%", "5%", "15%"]}
    weighted = settled(document(indicator(), round="quarter", appraise=weights), table, people)
    assert result(weighted).total == 5250


def test_who_was_there_only_for_rounds_without_weight_has_their_mean() -> None:
    people = [Subject("zhao", "g", to_date=dt.date(2022, 6, 30))]
    paper = document(indicator(), round="half", appraise=["0%", "100%"])
    assert result(settled(paper, "value | period\n30 | 2022-H1", people)).total == 3000


def test_grades_and_outcomes_of_the_year_stand_beside_those_of_the_rounds() -> None:
    paper = document(
        indicator(),
        round="half",
        appraise="sum",
        grades=[
            {"steps": [{"grade": "优", "from": "50"}, {"grade": "良"}]},
            {"period": "year", "steps": [{"grade": "先进", "from": "100"}, {"grade": "一般"}]},
        ],
        outcomes=[
            {"id": "round", "title": "轮", "when": {"grade": "优"}, "then": "honour"},
            {"id": "year", "title": "年", "when": {"period": "year", "grade": "先进"}, "then": "reward"},
        ],
    )
    table = "subject | value | period\na | 60 | 2022-H1\na | 45 | 2022-H2\nb | 20 | 2022-H1\nb | 50 | 2022-H2"
    found = settled(paper, table)
    assert [(row.subject, row.period, row.grade) for row in found.results] == [
        ("a", "2022", "先进"), ("a", "2022-H1", "优"), ("a", "2022-H2", "良"),
        ("b", "2022", "一般"), ("b", "2022-H1", "良"), ("b", "2022-H2", "优"),
    ]  # fmt: skip
    assert [(row.subject, row.period, row.outcome) for row in found.outcomes] == [
        ("a", "2022", "year"), ("a", "2022-H1", "round"), ("b", "2022-H2", "round"),
    ]  # fmt: skip


def test_a_veto_can_wipe_the_year() -> None:
    stop = {"id": "stop", "mode": "veto", "effect": {"zero": "year"}}
    paper = document(indicator(), round="half", appraise="mean", penalty=[stop])
    table = (
        "subject | indicator | value | count | period\na | one | 60 | | 2022-H1\na | one | 40 | | 2022-H2\n"
        "a | stop | | 1 | 2022-H1\nb | one | 6 | | 2022-H1\nb | one | 4 | | 2022-H2"
    )
    found = settled(paper, table)
    assert [(row.period, row.total, row.vetoed) for row in found.results if row.subject == "a"] == [
        ("2022", 0, True), ("2022-H1", 0, True), ("2022-H2", 4000, False),
    ]  # fmt: skip
    assert (result(found, "b").total, result(found, "b").rank) == (500, 1)


def test_twice_running_below_the_last_edge_is_seen_over_two_years() -> None:
    """As art. 33 of the village committee law has it: found incompetent in two years in a row."""
    paper = document(
        indicator(),
        round="half",
        appraise="mean",
        grades=[{"period": "year", "steps": [{"grade": "称职", "from": "30"}, {"grade": "不称职"}]}],
        outcomes=[
            {"id": "end", "when": {"period": "year", "grade": "不称职", "running": "2"}, "then": "rectify"}
        ],
    )
    bad = "\n".join(f"zhao | {mark} | {label}" for mark, label in zip((20, 30, 10, 40), HALVES, strict=True))
    mixed = "\n".join(
        f"qian | {mark} | {label}" for mark, label in zip((30, 40, 10, 40), HALVES, strict=True)
    )
    found = settled(paper, f"subject | value | period\n{bad}\n{mixed}")
    assert [(row.subject, row.period, row.grade) for row in found.results if row.period == "2022"] == [
        ("qian", "2022", "不称职"), ("zhao", "2022", "不称职"),
    ]  # fmt: skip
    assert [(row.subject, row.period, row.outcome) for row in found.outcomes] == [("zhao", "2022", "end")]


HALVES = ("2021-H1", "2021-H2", "2022-H1", "2022-H2")


def test_refused_rows_of_earlier_rounds_are_listed_too() -> None:
    paper = document(indicator(), round="half")
    table = "value | period\n70 | 2021-H2\n50 | 2022-H1"
    found = settled(paper, table, period="2022-H1")
    assert reasons(found) == [(1, "value: not from 0 to 60: 70")]
    versions = Versions.of((dt.date(2022, 3, 1), paper))
    later = settle(versions, subjects("zhao"), ratings(table), "2022-H1")
    assert reasons(later) == [(1, "period: no version in force on 2021-12-31")]


def test_in_a_year_every_row_names_its_round() -> None:
    paper = document(indicator(), round="half", appraise="mean")
    found = settled(paper, "value | period\n5 |\n5 | 2022-H1\n5 | 2022-H2\n6 | 2022-Q1\n6 | 2022-13")
    assert reasons(found) == [
        (1, "period: missing"),
        (4, "period: not a half such as 2022-H1: 2022-Q1"),
        (5, "period: not a half such as 2022-H1: 2022-13"),
    ]


@pytest.mark.parametrize("period", ["2022-05", "2022-Q1", "2022-H3", "heute", ""])
def test_only_rounds_and_appraised_years_can_be_settled(period: str) -> None:
    paper = document(indicator(), round="half", appraise="mean")
    with pytest.raises(UnknownPeriod, match=r"not a period such as 2022-H1 or 2022"):
        settled(paper, "value\n5", period=period)


def test_the_version_of_the_last_day_governs_a_round() -> None:
    versions = Versions.of(
        (dt.date(2022, 3, 1), document(indicator(), round="half")),
        (dt.date(2022, 8, 1), document(indicator(out_of="100"), round="half")),
    )
    rows, people = ratings("value\n50"), subjects("zhao")
    assert result(settle(versions, people, rows, "2022-H1"), period="2022-H1").total == 5000
    assert result(settle(versions, people, rows, "2022-H2"), period="2022-H2").total == 3000
    with pytest.raises(NotInForce, match="no version in force on 2021-12-31"):
        settle(versions, people, rows, "2021-H2")


def test_the_year_of_the_document_may_start_in_april() -> None:
    paper = document(indicator(), round="quarter", year={"starts": "04-01"})
    late = [Subject("zhao", "g", from_date=dt.date(2023, 3, 31))]
    found = settled(paper, "value\n5", late, period="2022-Q4")
    assert result(found, period="2022-Q4").total == 500
