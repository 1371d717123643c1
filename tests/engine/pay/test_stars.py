"""Stars on a day: sheets worked out by hand, removal at once, and the scheme's standing as a second opinion."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jizhi.engine import pay, reference, stars
from jizhi.engine.document.star import Stars
from jizhi.engine.stars import StarSheet
from jizhi.engine.tables import Fact, Subject
from tests.engine.pay.star_documents import DOCUMENT, LI, VERSIONS, changed, fact

END = dt.date(2023, 12, 31)
FACTS = [
    fact(1, "assessment", "2023-12-20", "excellent"),  # 2 stars, own year
    fact(2, "honour", "2021-06-01", "city"),  # 1 star until 2024-06-01
    fact(3, "income", "2022-11-01"),  # 1 star until 2024-11-01
    fact(4, "study", "2020-07-01"),  # 1 star for good
]


def sums(sheet: StarSheet) -> tuple[int, ...]:
    return (
        sheet.base,
        sheet.raised,
        sheet.dropped,
        sheet.removed,
        sheet.floor_lift,
        sheet.ceiling_cut,
        sheet.stars,
    )


def test_a_secretary_with_four_years_in_post() -> None:
    # base: assessment 2 + honour 1 + tenure 1 (3 full years of 4) = 4; raised: income 1 + schooling 1 = 2; 6 in all
    sheet = stars.sheet(VERSIONS, LI, FACTS, END)
    assert sums(sheet) == (400, 200, 0, 0, 0, 0, 600)
    assert (sheet.rated, sheet.level) == (True, "6")
    assert sheet.reason.zh == "基础 4 + 增星 2 = 6 星"
    assert [(line.item, line.counted, line.reason.en) for line in sheet.lines] == [
        ("assessment", 200, "2023-12-20 年度考核星 (excellent): 2 stars, valid until 2023-12-31"),
        ("honour", 100, "2021-06-01 荣誉奖励星 (city): 1 star, valid until 2024-06-01"),
        ("income", 100, "2022-11-01 增收致富星: 1 star, valid until 2024-11-01"),
        ("study", 100, "2020-07-01 Schooling: 1 star, for good"),
        ("tenure", 100, "in post since 2019-03-01, 任职年限星 (3 full years): 1 star"),
    ]


def test_the_ceiling_cuts_and_says_so() -> None:
    # two more for a provincial honour: limit of 3 a term leaves both; 4 + 2 + 2 = 8, two above the ceiling of 6
    sheet = stars.sheet(VERSIONS, LI, [*FACTS, fact(5, "honour", "2023-05-01", "province")], END)
    assert sums(sheet) == (600, 200, 0, 0, 0, -200, 600)
    assert sheet.reason.en == "base 6 + raised 2 - cut to the ceiling 2 = 6 stars"


def test_a_limit_keeps_stars_back() -> None:
    # 1 (city) + 3 (national) are 4 in one term, one is kept back
    sheet = stars.sheet(VERSIONS, LI, [*FACTS, fact(5, "honour", "2023-05-01", "national")], END)
    (line,) = [line for line in sheet.lines if line.fact == 5]
    assert (line.price, line.held_back, line.counted, line.limit) == (300, 100, 200, "term")
    assert (
        line.reason.zh == "2023-05-01 荣誉奖励星（national）：3 星，上限（term）扣减 1 星，有效至 2026-05-01"
    )


def test_a_second_fault_within_a_year_drops_double() -> None:
    # 6 − 1 − 2 = 3
    sheet = stars.sheet(
        VERSIONS, LI, [*FACTS, fact(5, "idle", "2023-04-01"), fact(6, "idle", "2023-09-01")], END
    )
    assert sums(sheet) == (400, 200, -300, 0, 0, 0, 300)


def test_a_removal_counts_from_its_day_at_once() -> None:
    facts = [*FACTS, fact(5, "incident", "2023-08-15")]
    before, after = (stars.sheet(VERSIONS, LI, facts, dt.date(2023, 8, day)) for day in (14, 15))
    # in August the assessment of December is not there yet: 2 + 2 = 4, then one less
    assert (before.stars, after.stars, after.removed) == (400, 300, -100)


def test_a_removal_of_all_leaves_nothing_for_as_long_as_it_is_valid() -> None:
    facts = [*FACTS, fact(5, "discipline", "2023-08-15")]
    sheet = stars.sheet(VERSIONS, LI, facts, END)
    assert sums(sheet) == (400, 200, 0, -600, 0, 0, 0)
    assert sheet.level == "0"
    (line,) = [line for line in sheet.lines if line.takes_all]
    assert line.reason.en == "2023-08-15 违纪违法: all stars removed, valid until 2024-08-15"
    assert line.reference is not None
    assert stars.sheet(VERSIONS, LI, facts, dt.date(2024, 8, 15)).stars == 0
    # the day after: tenure 1 (5 years), income and schooling still valid, the honour has lapsed in June
    again = stars.sheet(VERSIONS, LI, facts, dt.date(2024, 8, 16))
    assert sums(again) == (100, 200, 0, 0, 0, 0, 300)


def test_nobody_has_less_than_nothing() -> None:
    sheet = stars.sheet(
        VERSIONS, Subject("li", from_date=dt.date(2022, 1, 1)), [fact(1, "idle", "2023-02-01")], END
    )
    assert sums(sheet) == (0, 0, -100, 0, 100, 0, 0)
    assert sheet.reason.en == "base 0 - dropped 1 + lifted to the floor 1 = 0 stars"


def test_what_has_lapsed_or_been_reversed_is_listed_without_stars() -> None:
    facts = [
        fact(1, "honour", "2019-06-01", "city"),
        replace(fact(2, "study", "2022-01-01"), reversed=True),
        fact(3, "study", "2019-02-28"),
        fact(4, "honour", "2023-01-01", "city", act="a"),
        fact(5, "honour", "2023-01-01", "province", act="a"),
    ]
    sheet = stars.sheet(VERSIONS, LI, facts, END)
    assert [(line.note, line.counted) for line in sheet.lines] == [
        ("lapsed", 0),
        ("reversed", 0),
        ("unmatched", 0),
        ("best_of", 0),
        ("", 200),
        ("", 100),
    ]
    assert sheet.lines[0].reason.zh == "2019-06-01 荣誉奖励星（city）：1 星，已失效，有效至 2022-06-01"
    assert (
        sheet.lines[2].reason.en
        == "2019-02-28 Schooling: 0 stars, not in post that day, or the item does not apply"
    )


@pytest.mark.parametrize(
    ("day", "step"),
    [
        ("2022-02-28", None),
        ("2022-03-01", 100),
        ("2025-02-28", 100),
        ("2025-03-01", 200),
        ("2031-03-01", 200),
    ],
)
def test_years_in_post_reach_the_highest_step_on_the_anniversary(day: str, step: int | None) -> None:
    sheet = stars.sheet(VERSIONS, LI, [], dt.date.fromisoformat(day))
    assert [line.counted for line in sheet.lines] == ([step] if step else [])


def test_whoever_came_lately_is_not_rated() -> None:
    late = Subject("wang", from_date=dt.date(2023, 1, 2))
    sheet = stars.sheet(VERSIONS, late, [fact(1, "study", "2023-05-01", subject="wang")], END)
    assert (sheet.rated, sheet.stars, sheet.level, sheet.lines) == (False, 0, "unrated", ())
    assert sheet.reason.zh == "2023-01-02 到任，任职不满1年，不定星级"
    assert stars.sheet(VERSIONS, replace(late, from_date=dt.date(2022, 12, 31)), [], END).rated


def test_named_levels_and_half_stars() -> None:
    document = changed(
        "ceiling: 6",
        "ceiling: 6\nplaces: 1\nlevels: [{level: 无星}, {level: 五星, from: 5}, {level: 二星, from: 1.5}]",
    )
    assert [document.level(one) for one in (0, 149, 150, 499, 500, 600)] == [
        "无星",
        "无星",
        "二星",
        "二星",
        "五星",
        "五星",
    ]


def test_a_settlement_rates_everybody_and_refuses_what_cannot_be_used() -> None:
    left = Subject("zhao", "south", from_date=dt.date(2015, 1, 1), to_date=dt.date(2022, 6, 30))
    people = [left, LI, LI, Subject("sun"), Subject("new", from_date=dt.date(2024, 2, 1))]
    facts = [
        *FACTS,
        fact(4, "study", "2021-01-01"),
        fact(7, "tenure", "2023-01-01", "3"),
        fact(8, "studdy", "2023-01-01"),
        fact(9, "honour", "2023-01-01", "village"),
        fact(10, "study", "2023-01-01", subject="nobody"),
        fact(11, "study", "2022-07-01", subject="zhao"),
        fact(12, "study", "2022-06-30", subject="zhao"),
    ]
    found = stars.settle(VERSIONS, people, facts, END)
    assert [(one.person, one.date, one.stars) for one in found.sheets] == [
        ("li", END, 600),
        ("zhao", dt.date(2022, 6, 30), 300),  # on the last day in post: 6 years 2, schooling 1
    ]
    assert [(row.table, row.line, row.reason) for row in found.rejected] == [
        ("subjects", 3, "subject: used twice: li"),
        ("subjects", 4, "from_date: missing, years in post count"),
        ("facts", 4, "fact: used twice: 4"),
        ("facts", 7, "item: counts years in post, not facts: tenure"),
        ("facts", 8, "unknown item: studdy"),
        ("facts", 9, "grade: unknown: village"),
        ("facts", 10, "unknown subject: nobody"),
    ]


def test_stars_become_what_a_pay_sheet_compares() -> None:
    # first rated at the end of 2020 (a year in post on 2020-03-01): schooling alone, 1 star
    # 2022: tenure 1 + honour 1 + income 1 + schooling 1 = 4; 2023: 6
    people = [
        LI,
        Subject("wang", from_date=dt.date(2023, 6, 1)),
        Subject("new", from_date=dt.date(2024, 1, 1)),
        Subject("last", from_date=END),
    ]
    found, rejected = stars.payable(VERSIONS, people, FACTS, 2023)
    assert rejected == []
    assert found == [
        pay.Person("last", level="unrated", from_date=END),
        pay.Person(
            "li",
            group="north",
            level="6",
            stars=600,
            previous_stars=400,
            first_stars=100,
            from_date=LI.from_date,
        ),
        pay.Person("wang", level="unrated", from_date=dt.date(2023, 6, 1)),
    ]
    assert stars.first_rating(VERSIONS, LI, FACTS, dt.date(2019, 12, 31)) is None


def test_a_first_rating_waits_for_the_first_version() -> None:
    versions = stars.Versions.of((dt.date(2022, 3, 1), DOCUMENT))
    (person,), _ = stars.payable(versions, [LI], FACTS, 2022)
    # facts before the version do not count: income 1 of November 2022, tenure 1; there was no rating in 2021
    assert (person.stars, person.previous_stars, person.first_stars) == (200, None, 200)


def test_a_fact_counts_under_the_version_of_its_day() -> None:
    richer = changed("points: 1, valid: ever", "points: 2, valid: ever")
    versions = stars.Versions.of(DOCUMENT, (dt.date(2023, 1, 1), richer))
    facts = [fact(1, "study", "2022-12-31"), fact(2, "study", "2023-01-01")]
    assert [line.counted for line in stars.sheet(versions, LI, facts, END).lines] == [100, 200, 100]


# The scheme of a stars document settles to the same --------------------------------------------------------------

PLAIN_ITEMS: list[dict[str, Any]] = [
    {"points": "1"},
    {"points": {"grades": {"x": "2", "y": "1"}}},
    {"points": {"each": "0.5", "per": "time"}},
]


@st.composite
def documents(draw: st.DrawFn) -> Stars:
    """Any document without years and without a removal of all."""

    def item(name: str, section: str) -> dict[str, Any]:
        plain = dict(draw(st.sampled_from(PLAIN_ITEMS)), id=name, title=name)
        valid = draw(st.sampled_from([None, "ever", "1 year", "2 years", "6 months"]))
        limits = draw(st.lists(st.sampled_from(["month", "year", "term"]), max_size=2, unique=True))
        plain["limits"] = [{"points": str(n + 1), "per": per} for n, per in enumerate(sorted(limits))]
        if draw(st.booleans()):
            plain["best_of"] = "act"
        if section != "base" and draw(st.booleans()):
            plain["repeat"] = {"factor": "2", "within": "1 year"}
        return plain | ({"valid": valid} if valid else {})

    plain: dict[str, Any] = {
        "stars": "s",
        "places": draw(st.sampled_from([0, 1])),
        "ceiling": draw(st.sampled_from(["3", "9"])),
        "year": {"starts": draw(st.sampled_from(["01-01", "04-01"]))},
        "base": [item("a", "base"), item("b", "base")],
        "raise": [item("c", "raise"), {"id": "v", "title": "v", "points": "1", "valid": "2 years"}],
        "drop": [item("d", "drop")],
        "removal": [item("e", "removal")],
        "limits": draw(
            st.sampled_from(
                [{}, {"raise": [{"points": "2", "per": "year"}]}, {"drop": [{"points": "1", "per": "year"}]}]
            )
        ),
        "levels": [{"level": "好", "from": "2"}, {"level": "差"}],
    }
    return Stars.model_validate(plain)


FACT = st.tuples(
    st.sampled_from("abcdev"),
    st.dates(dt.date(2020, 1, 1), dt.date(2024, 12, 31)),
    st.sampled_from("xy"),
    st.integers(0, 4),
    st.sampled_from([None, "p"]),
    st.integers(0, 7),
)


@settings(max_examples=25)
@given(documents(), st.lists(FACT, max_size=14), st.randoms(use_true_random=False))
def test_a_sheet_at_the_end_of_a_year_is_the_standing_of_the_scheme(
    document: Stars, drawn: list[Any], random: Any
) -> None:
    versions, person = stars.Versions.of(document), Subject("p", "g", from_date=dt.date(2020, 5, 1))
    facts = [
        Fact(number, "p", item, day, Decimal(quantity), grade, act=act, reversed=gone == 0)
        for number, (item, day, grade, quantity, act, gone) in enumerate(drawn)
    ]
    last = dt.date(2025, 12, 31)
    totals = reference.settle(versions.pricing, [person], facts, dt.date(2020, 1, 1), last).totals
    standings = {one.period: one for one in totals if one.period_kind == "standing"}
    month = int(document.year.starts[:2])
    shuffled = random.sample(facts, len(facts))
    for year in range(2020, 2025):
        on = dt.date(year, 12, 31) if month == 1 else dt.date(year + 1, 3, 31)
        sheet = stars.sheet(versions, person, facts, on)
        assert sheet == stars.sheet(versions, person, shuffled, on)
        assert (sheet.stars, sheet.level) == (standings[str(year)].total, standings[str(year)].level)
        assert sum(sums(sheet)[:-1]) == sheet.stars
        assert 0 <= sheet.stars <= document.ceiling
        for part, name in (
            ("base", "base"),
            ("raise", "raised"),
            ("drop", "dropped"),
            ("removal", "removed"),
        ):
            assert sum(line.counted for line in sheet.lines if line.part == part) == getattr(sheet, name)
        numbers = re.findall(
            r"([+-]?) ?[^\d+-]*?(\d+(?:\.\d+)?)(?= [+=-])", re.sub(r"to 0", "", sheet.reason.en)
        )
        assert 100 * sum(Fraction(f"{sign}{one}") for sign, one in numbers) == sheet.stars
