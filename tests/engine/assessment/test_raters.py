"""Rater groups, weights, recusal, and what is refused: nothing is dropped in silence, nothing missing is a zero."""

from __future__ import annotations

import datetime as dt

import pytest

from jizhi.engine.tables import Subject
from tests.engine.assessment.sheets import (
    FOUR,
    document,
    indicator,
    reasons,
    result,
    score,
    settled,
    subjects,
)

ALL_FOUR = "rater_group | value\nteam | 60\nmass | 30\nsupervision | 45\nonline | 51"


def test_four_groups_count_by_their_weights() -> None:
    """30 % of 60, 20 % of 30, 20 % of 45 and 30 % of 51: 18 + 6 + 9 + 15.3."""
    found = settled(document(indicator(), rater_groups=FOUR), ALL_FOUR)
    assert score(found).score == 4830
    assert score(found).note.say("zh") == (
        "专班评价 30%：60 → 60；群众评议 20%：30 → 30；督导组评分 20%：45 → 45；线上评审 30%：51 → 51 = 48.3"
    )
    assert score(found).note.say("en").endswith("= 48.3")


def test_a_line_rated_by_some_groups_scales_their_weights() -> None:
    """Team and online have 30 % each, so half each; team and mass 60 to 40."""
    table = "rater_group | value\nteam | 60\nonline | 30"
    assert (
        score(settled(document(indicator(raters=["team", "online"]), rater_groups=FOUR), table)).score == 4500
    )
    table = "rater_group | value\nteam | 60\nmass | 10"
    assert (
        score(settled(document(indicator(raters=["team", "mass"]), rater_groups=FOUR), table)).score == 4000
    )


def test_weights_at_the_line_come_before_those_of_the_groups() -> None:
    paper = document(indicator(raters={"team": "90%", "mass": "10%"}), rater_groups=FOUR)
    assert score(settled(paper, "rater_group | value\nteam | 60\nmass | 10")).score == 5500


def test_a_missing_group_is_named_and_the_subject_has_no_total() -> None:
    paper = document(indicator(), rater_groups=FOUR)
    table = "subject | rater_group | value\n" + "\n".join(
        f"zhao | {line}" for line in ALL_FOUR.splitlines()[1:4]
    )
    table += "\n" + "\n".join(f"qian | {line}" for line in ALL_FOUR.splitlines()[1:])
    found = settled(paper, table)
    assert [(one.subject, one.indicator, one.rater_group) for one in found.missing] == [
        ("zhao", "one", "online")
    ]
    assert (result(found).total, result(found).rank, result(found).grade) == (None, None, "")
    assert score(found).score is None
    assert score(found).note.say("zh") == "缺：线上评审"
    assert (result(found, "qian").total, result(found, "qian").rank) == (4830, 1)


def test_a_subject_nobody_rated_is_listed_too() -> None:
    found = settled(document(indicator()), "subject | value\nzhao | 6", subjects("zhao", "qian"))
    assert [(one.subject, one.rater_group) for one in found.missing] == [("qian", "team")]
    assert result(found, "qian").total is None


def test_bonus_and_penalty_need_no_rating_where_nothing_happened() -> None:
    paper = document(
        indicator(),
        bonus={"limit": "5", "indicators": [{"id": "honour", "mode": "count", "each": "4", "full": "8"}]},
        penalty=[{"id": "late", "mode": "count", "each": "2", "full": "20"}],
    )
    table = (
        "subject | indicator | value | count\nzhao | one | 50 |\nqian | one | 50 |\n"
        "qian | honour | | 2\nqian | late | | 3"
    )
    found = settled(paper, table)
    assert [(row.subject, row.bonus, row.penalty, row.total) for row in found.results] == [
        ("qian", 500, 600, 4900),
        ("zhao", 0, 0, 5000),
    ]
    assert [row.indicator for row in found.scores if row.subject == "zhao"] == ["one"]


def test_a_bonus_that_one_group_reports_needs_all_its_groups() -> None:
    paper = document(
        indicator(raters=["team"]),
        rater_groups=FOUR,
        bonus=[{"id": "honour", "mode": "count", "each": "4", "full": "8", "raters": ["team", "mass"]}],
    )
    table = "indicator | rater_group | value | count\none | team | 50 |\nhonour | team | | 1"
    assert [(one.indicator, one.rater_group) for one in settled(paper, table).missing] == [("honour", "mass")]


def test_the_range_keeps_the_total() -> None:
    paper = document(
        indicator(),
        range={"min": "0", "max": "30"},
        penalty=[{"id": "late", "mode": "count", "each": "1", "full": "100"}],
    )
    found = settled(
        paper,
        "subject | indicator | value | count\nzhao | one | 50 |\nqian | one | 1 |\nqian | late | | 9",
    )
    assert (result(found).total, result(found, "qian").total) == (3000, 0)


REFUSED = [
    ("subject | value\nzhou | 5", "subject: unknown: zhou"),
    ("subject | value\nzha | 5", "subject: unknown: zha, did you mean zhao"),
    ("indicator | value\nonne | 5", "indicator: unknown: onne, did you mean one"),
    ("value | indicator\n5 |", "indicator: missing"),
    ("rater_group | value\nteem | 5", "rater_group: unknown: teem, did you mean team"),
    ("rater_group | value\nmass | 5", "rater_group: mass does not rate one"),
    ("value\n60.01", "value: not from 0 to 60: 60.01"),
    ("value\n-1", "value: not from 0 to 60: -1"),
    ("indicator | value\none |", "value: missing"),
    ("value | grade\n5 | good", "grade: nothing to do with one, which takes value"),
    ("value | count\n5 | 1", "count: nothing to do with one, which takes value"),
    ("indicator | grade\ntwo | 三类", "grade: unknown: 三类, did you mean "),
    ("indicator | grade\ntwo |", "grade: missing"),
    ("indicator | count\nthree | -1", "count: not from 0 to 1000000000: -1"),
    ("indicator | count\nthree |", "count: missing"),
    ("indicator | count\nfour | 0", "count: not a place: 0"),
    ("indicator | grade\nfive | maybe", "grade: neither met nor unmet: maybe"),
    ("indicator | grade\nsix | 一类", "indicator: six is not for class -"),
    ("value | period\n5 | 2023", "period: after the settled one: 2023"),
    ("value | period\n5 | 2022-05", "period: not a year such as 2022: 2022-05"),
    ("value | step\n5 | final", "step: unknown: final"),
    ("rater | value\nzhao | 5", "rater: zhao rates itself and is recused"),
]


@pytest.mark.parametrize(("table", "reason"), REFUSED)
def test_a_row_that_cannot_be_used_is_refused_with_its_reason(table: str, reason: str) -> None:
    classes = {"一类": "100", "二类": "90"}
    paper = document(
        indicator(),
        indicator(id="two", mode="class", grades=classes, full="100"),
        indicator(id="three", mode="deduct", each="5"),
        indicator(id="four", mode="rank", places={"1": "60"}),
        indicator(id="five", mode="all-or-none"),
        indicator(id="six", mode="class", grades=classes, full="100", classes=["A"]),
        rater_groups=[{"id": "team", "weight": "100%"}, {"id": "mass"}],
        classes=["A"],
    )
    lines = reasons(settled(paper, table, subjects("zhao")))
    assert len(lines) == 1
    assert lines[0][0] == 1
    assert lines[0][1].startswith(reason)


def test_the_same_rater_twice_counts_once() -> None:
    found = settled(document(indicator()), "rater | value\na | 50\nb | 40\na | 10")
    assert reasons(found) == [(3, "rater: a rates twice, first in line 1")]
    assert score(found).score == 4500


def test_ballots_may_have_a_row_for_each_grade_but_one_voter_one_ballot() -> None:
    paper = document(indicator(mode="ballot", ballots={"good": "100%", "poor": "0%"}))
    table = "rater | grade | count\na | good |\na | poor |\nb | good | 3\nb | poor | 4\nb | good | 9"
    found = settled(paper, table)
    assert reasons(found) == [
        (2, "rater: a rates twice, first in line 1"),
        (5, "rater: b rates twice, first in line 3"),
    ]
    assert score(found).score == 3000


def test_who_is_recused_does_not_rate() -> None:
    table = (
        "rater | value | recused | indicator\na | 10 | | one\na | | yes |\n"
        "b | 50 | | one\nc | | yes | two\nc | 30 | | one"
    )
    found = settled(document(indicator(), indicator(id="two", raters=["other"]), **_two_groups()), table)
    assert reasons(found) == [(1, "rater: a is recused for zhao")]
    assert score(found).score == 4000


def _two_groups() -> dict[str, object]:
    return {"rater_groups": [{"id": "team", "weight": "100%"}, {"id": "other"}]}


def test_a_recused_rater_leaves_a_hole_when_nobody_else_rates() -> None:
    found = settled(document(indicator()), "rater | value | recused\na | 10 | yes")
    assert reasons(found) == [(1, "rater: a is recused for zhao")]
    assert [one.rater_group for one in found.missing] == ["team"]


def test_who_does_not_take_part_in_the_round_has_no_result() -> None:
    people = [
        Subject("zhao", "g", from_date=dt.date(2023, 1, 1)),
        Subject("qian", "g", to_date=dt.date(2022, 1, 1)),
    ]
    found = settled(document(indicator()), "subject | value\nzhao | 5\nqian | 5", people)
    assert reasons(found) == [(1, "subject: does not take part in this round: zhao")]
    assert [row.subject for row in found.results] == ["qian"]


def test_a_subject_listed_twice_is_refused_once() -> None:
    found = settled(document(indicator()), "value\n5", [*subjects("zhao"), *subjects("zhao")])
    assert [(row.table, row.line) for row in found.rejected] == [("subjects", 2)]
    assert result(found).total == 500


def test_all_or_none_goes_by_more_than_half_of_the_weight() -> None:
    paper = document(indicator(mode="all-or-none"), rater_groups=FOUR)

    def votes(*words: str) -> str:
        return "rater_group | grade\n" + "\n".join(
            f"{group['id']} | {word}" for group, word in zip(FOUR, words, strict=True)
        )

    assert score(settled(paper, votes("met", "unmet", "unmet", "met"))).score == 6000
    assert score(settled(paper, votes("met", "met", "unmet", "unmet"))).score == 0
    assert score(settled(paper, votes("met", "met", "met", "unmet"))).score == 6000
