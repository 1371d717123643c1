"""Pay to the fen: sheets worked out by hand, and every line worked out again from its own reasoning."""

from __future__ import annotations

import ast
import datetime as dt
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from jizhi.engine import pay
from jizhi.engine.document.pay import Pay
from jizhi.engine.pay import PaySheet, Person, Unpayable
from tests.engine.pay.tables import PLAIN, TABLE, without


def fen(sheet: PaySheet) -> dict[str, int]:
    return {line.kind: line.fen for line in sheet.lines}


def reasons(sheet: PaySheet) -> dict[str, str]:
    return {line.kind: line.reason.en for line in sheet.lines}


def test_a_nine_star_secretary_who_added_one_star() -> None:
    # 50,580 × 60 % = 30,348; 50,580 × 40 % × 100 % = 20,232; one star more: 1,000 and 100 → 51,680 yuan
    sheet = pay.sheet(TABLE, Person("p", level="9", stars=900, previous_stars=800, first_stars=300), 2023)
    assert fen(sheet) == {
        "base": 3_034_800,
        "performance": 2_023_200,
        "added_stars": 100_000,
        "pension": 10_000,
    }
    assert sheet.total == 5_168_000
    assert reasons(sheet) == {
        "base": "standard 50580 yuan × base 60% = 30348.00 yuan",
        "performance": "standard 50580 yuan × performance 40% × level “9” 100% = 20232.00 yuan",
        "added_stars": "9 stars, previous year 8: added 1 × 1000 yuan = 1000.00 yuan",
        "pension": "9 stars, previous year 8: added 1 × 100 yuan = 100.00 yuan",
    }
    assert sheet.lines[1].reason.zh == "年薪标准 50580 元 × 绩效 40% × “9”级 100% = 20232.00 元"
    assert [line.title.zh for line in sheet.lines] == ["基础工资", "绩效工资", "增星奖励", "养老保险补助"]


def test_performance_pay_follows_the_level() -> None:
    # 20,232 × 60 % = 12,139.20; × 65 % = 13,150.80
    assert pay.sheet(TABLE, Person("p", level="1"), 2023).fen("performance") == 1_213_920
    assert pay.sheet(TABLE, Person("p", level="2"), 2023).fen("performance") == 1_315_080


def test_the_first_rating_stands_in_for_a_previous_year() -> None:
    sheet = pay.sheet(TABLE, Person("p", level="5", stars=500, first_stars=300), 2023)
    assert fen(sheet)["added_stars"] == 200_000
    assert reasons(sheet)["added_stars"] == "5 stars, first rating 3: added 2 × 1000 yuan = 2000.00 yuan"


def test_whoever_lost_stars_pays_nothing_back() -> None:
    sheet = pay.sheet(TABLE, Person("p", level="3", previous_stars=500), 2023)
    assert (fen(sheet)["added_stars"], fen(sheet)["pension"]) == (0, 0)
    assert reasons(sheet)["pension"] == "3 stars, previous year 5: added 0 × 100 yuan = 0.00 yuan"


def test_a_first_year_has_nothing_to_compare_with() -> None:
    sheet = pay.sheet(TABLE, Person("p", level="3"), 2023)
    assert fen(sheet)["added_stars"] == 0
    assert reasons(sheet)["added_stars"] == "no previous year or first rating to compare with = 0.00 yuan"


def test_half_a_star_earns_half_the_reward() -> None:
    sheet = pay.sheet(TABLE, Person("p", level="3", stars=350, previous_stars=300), 2023)
    assert fen(sheet)["added_stars"] == 50_000


@pytest.mark.parametrize(("base", "fen_expected"), [("50%", 1), ("49%", 0), ("51%", 1)])
def test_half_a_fen_is_rounded_up(base: str, fen_expected: int) -> None:
    table = Pay.model_validate({"standard": "0.01", "base": base})
    assert pay.sheet(table, Person("p"), 2023).total == fen_expected


def test_part_of_a_year_is_paid_by_the_days_of_each_month() -> None:
    # from 15 March: 17 of 31 days, then 9 whole months: (9 + 17/31)/12 of 30,348 = 24,147.870967… → 24,147.87
    # performance level 9: 20,232 × (9 + 17/31)/12 = 16,098.580645… → 16,098.58
    sheet = pay.sheet(TABLE, Person("p", level="9", from_date=dt.date(2023, 3, 15)), 2023)
    assert (sheet.fen("base"), sheet.fen("performance")) == (2_414_787, 1_609_858)
    assert (
        reasons(sheet)["base"]
        == "standard 50580 yuan × base 60% × in post (9 + 17/31) ÷ 12 months ≈ 24147.87 yuan"
    )
    # a whole month is 2,529; March 2,529 × 17/31 = 1,386.8709…; all ten months add up to the line
    assert sheet.months == {"2023-03": 138_687} | {f"2023-{month:02}": 252_900 for month in range(4, 13)}


def test_months_share_a_year_to_the_fen_and_the_earlier_ones_get_what_is_left() -> None:
    # 1,000 yuan are 8,333.33… fen a month; twelve times 8,333 leaves 4 fen for January to April
    table = Pay.model_validate({"standard": "1000", "base": "100%"})
    months = pay.sheet(table, Person("p"), 2023).months
    assert list(months.values()) == [8334] * 4 + [8333] * 8
    assert sum(months.values()) == 100_000


def test_a_year_of_the_county_moves_the_months() -> None:
    # from 15 April to 14 April; in post until 14 May 2023: one of twelve
    sheet = pay.sheet(without("leaving"), Person("p", level="9", to_date=dt.date(2023, 5, 14)), 2023, "04-15")
    assert sheet.months == {"2023-04": 252_900}
    assert reasons(sheet)["base"].endswith("× in post 1 ÷ 12 months = 2529.00 yuan")


@pytest.mark.parametrize(
    ("person", "fen_expected", "reason"),
    [
        (
            Person("p", level="8", first_stars=300, to_date=dt.date(2023, 6, 30)),
            30_000,
            "5 stars added since the first rating, 5 needed: 6 months after leaving × 50 yuan = 300.00 yuan",
        ),
        (
            Person("p", level="8", first_stars=300, to_date=dt.date(2023, 6, 1)),
            30_000,
            "5 stars added since the first rating, 5 needed: 6 months after leaving × 50 yuan = 300.00 yuan",
        ),
        (
            Person("p", level="7", first_stars=300, to_date=dt.date(2023, 6, 30)),
            0,
            "4 stars added since the first rating, 5 are needed = 0.00 yuan",
        ),
        (
            Person("p", level="8", to_date=dt.date(2023, 6, 30)),
            0,
            "no first rating to compare with = 0.00 yuan",
        ),
        (
            Person("p", level="8", first_stars=300, to_date=dt.date(2023, 6, 30), left_normally=False),
            0,
            "did not leave in the normal way = 0.00 yuan",
        ),
        (
            Person("p", level="9", first_stars=300, to_date=dt.date(2023, 12, 31)),
            0,
            "6 stars added since the first rating, 5 needed: 0 months after leaving × 50 yuan = 0.00 yuan",
        ),
    ],
)
def test_a_leaver_with_enough_added_stars_gets_the_allowance(
    person: Person, fen_expected: int, reason: str
) -> None:
    sheet = pay.sheet(TABLE, person, 2023)
    assert fen(sheet)["leaving"] == fen_expected
    assert reasons(sheet)["leaving"] == reason


def test_in_later_years_a_leaver_gets_the_allowance_alone() -> None:
    person = Person(
        "p", level="8", stars=800, previous_stars=700, first_stars=300, to_date=dt.date(2022, 6, 30)
    )
    sheet = pay.sheet(TABLE, person, 2023)
    assert (fen(sheet), sheet.months) == ({"leaving": 60_000}, {})


def test_whoever_stays_gets_no_leaving_line() -> None:
    sheet = pay.sheet(TABLE, Person("p", level="9", first_stars=100, to_date=dt.date(2024, 1, 1)), 2023)
    assert "leaving" not in fen(sheet)


def test_a_community_that_only_rewards_stars_needs_no_salary() -> None:
    table = Pay.model_validate({"per_added_star": "1000"})
    sheet = pay.sheet(table, Person("p", stars=500, previous_stars=300), 2023)
    assert (fen(sheet), sheet.total, sheet.months) == ({"added_stars": 200_000}, 200_000, {})


EIGHT = {"standard": "8000", "performance": {"share": "100%", "by_level": {"1": "6.25%", "8": "100%"}}}
QINGXIN = {
    "standard": "2400",
    "performance": {"share": "100%", "by_level": {"下": "0%", "中": "75%", "上": "100%"}},
}


@pytest.mark.parametrize(
    ("table", "level", "fen_expected"),
    [
        # a county with eight stars from 500 to 8,000 yuan a year: 500 is 6.25 % of 8,000
        (EIGHT, "1", 50_000),
        (EIGHT, "8", 800_000),
        # Qingxin 2014: below 60 points nothing, up to 75 points 150 yuan a month, above it 200
        (QINGXIN, "下", 0),
        (QINGXIN, "中", 180_000),
        (QINGXIN, "上", 240_000),
    ],
)
def test_amounts_by_level_are_shares_of_the_highest(
    table: dict[str, Any], level: str, fen_expected: int
) -> None:
    sheet = pay.sheet(Pay.model_validate(table), Person("p", level=level), 2023)
    assert (sheet.total, sheet.months) == (fen_expected, {})


@pytest.mark.parametrize(
    ("person", "message"),
    [
        (
            Person("p", level="10"),
            "level: not in by_level: 10 (there are: 1, 2, 3, 4, 5, 6, 7, 8, 9)",
        ),
        (Person("p", level="0"), "level: not in by_level: 0 (there are: 1, 2, 3, 4, 5, 6, 7, 8, 9)"),
        (Person("p"), "level: missing"),
        (Person("p", stars=350), "level: missing"),
        (Person("p", level="9", from_date=dt.date(2024, 1, 1)), "from_date: not in post in 2023"),
    ],
)
def test_who_cannot_be_paid_is_refused_with_the_column(person: Person, message: str) -> None:
    with pytest.raises(Unpayable) as caught:
        pay.sheet(TABLE, person, 2023)
    assert caught.value.message.en == message
    assert caught.value.message.zh.startswith(f"{caught.value.field}：")


def test_stars_are_needed_where_they_are_compared() -> None:
    table = Pay.model_validate({"per_added_star": "1000"})
    with pytest.raises(Unpayable, match="stars: missing"):
        pay.sheet(table, Person("p", level="五星", previous_stars=300), 2023)
    with pytest.raises(Unpayable, match="not in by_level: 上等 .* did you mean 上$"):
        pay.sheet(Pay.model_validate(QINGXIN), Person("p", level="上等"), 2023)
    with pytest.raises(Unpayable, match="to_date: not in post in 2023"):
        pay.sheet(table, Person("p", level="五星", to_date=dt.date(2022, 1, 1)), 2023)


def test_one_who_cannot_be_paid_does_not_hold_up_the_others() -> None:
    people = [Person("a", level="1"), Person("b", level="x"), Person("c", level="5.0")]
    sheets, refused = pay.settle(TABLE, people, 2023)
    assert [sheet.person.person for sheet in sheets] == ["a", "c"]
    assert [(place, error.field) for place, error in refused] == [(1, "level")]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"standard": "-5"}, "an amount in yuan without sign, such as 50580 or 50.50"),
        ({"standard": "50580.123"}, "an amount in yuan without sign, such as 50580 or 50.50"),
        ({"standard": 50580.5}, "an amount in yuan without sign, such as 50580 or 50.50"),
        ({"base": "0.6"}, "a percentage such as 60% or 87.5%"),
        ({"base": "60 per cent"}, "a percentage such as 60% or 87.5%"),
        ({"base": "NaN%"}, "a percentage such as 60% or 87.5%"),
        ({"base": "101%"}, "less than or equal to 100"),
        ({"performance": {"share": "40%", "by_level": {}}}, "at least 1 item"),
        ({"performance": {"share": "40%", "by_level": {"1": "60%", "1.0": "70%"}}}, "each level once"),
        ({"performance": {"share": "40%", "by_level": {"1": "1001%"}}}, "a percentage such as 60% or 87.5%"),
        ({"per_star": "5"}, "Extra inputs are not permitted"),
        ({"standard": None}, "`standard` beside `base` or `performance`, such as 50580"),
        ({"base": None, "performance": None}, "`base` or `performance` beside `standard`, such as 60%"),
    ],
)
def test_a_wrong_table_says_what_should_stand_there(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Pay.model_validate(PLAIN | change)
    assert message in str(caught.value)


def test_an_empty_table_is_none() -> None:
    with pytest.raises(
        ValidationError, match="`standard` with `base` and `performance`, or `per_added_star`"
    ):
        Pay.model_validate({})


def test_no_float_takes_part() -> None:
    engine = Path(pay.__file__).parents[1]
    modules = [*engine.glob("pay/*.py"), *engine.glob("stars/*.py"), engine / "dividends.py"]
    modules += [engine / "document" / "pay.py", engine / "document" / "star.py"]
    assert len(modules) == 10
    for module in modules:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), module
            assert not (isinstance(node, ast.Call) and ast.unparse(node.func) in ("float", "round")), module
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):  # fractions and decimals only
                assert ast.unparse(node.left).startswith(("Fraction(", "sum((Fraction(", "Decimal(")), module


# Every line again, from its own words -------------------------------------------------------------------------------


def worked_out(reason: str) -> tuple[Fraction, str, Fraction]:
    """The formula that stands in a reason, its sign and the amount: a calculator for × ÷ + and %."""
    formula, sign, amount = re.fullmatch(r"(.*) ([=≈]) (\S+) (?:yuan|元)", reason).groups()  # type: ignore[union-attr]
    formula = formula.rpartition("added ")[2] if " added " in formula else formula
    formula = formula.rpartition(": ")[2] if "needed: " in formula else formula
    formula = re.sub(r"level “[^”]*”", "", formula)
    tokens = re.findall(r"\d+(?:\.\d+)?%?|[×÷+()/]", formula)
    if not any(token in "×" for token in tokens):
        return Fraction(0), sign, Fraction(amount)
    terms = [
        f"Fraction('{token.rstrip('%')}')" + ("/100" if token.endswith("%") else "")
        if token[0].isdigit()
        else {"×": "*", "÷": "/"}.get(token, token)
        for token in tokens
    ]
    return eval(" ".join(terms), {"Fraction": Fraction}), sign, Fraction(amount)


def to_the_fen(amount: Fraction) -> Fraction:
    return Fraction((amount * 100 + Fraction(1, 2)).__floor__(), 100)


@st.composite
def tables(draw: st.DrawFn) -> Pay:
    """Any table, its levels 0 to 12."""

    def amount(most: int) -> str:
        return f"{draw(st.integers(0, most))}.{draw(st.integers(0, 99)):02}"

    plain: dict[str, Any] = {"standard": amount(200_000), "base": f"{draw(st.integers(0, 100))}%"}
    if draw(st.booleans()):
        levels = {str(n): f"{amount(200)}%" for n in range(13)}
        plain["performance"] = {"share": f"{draw(st.integers(0, 100))}%", "by_level": levels}
    for key in ("per_added_star", "pension_per_added_star"):
        if draw(st.booleans()):
            plain[key] = amount(5000)
    if draw(st.booleans()):
        plain["leaving"] = {"added_since_first": str(draw(st.integers(0, 6))), "monthly": amount(500)}
    return Pay.model_validate(plain)


DAYS = st.one_of(st.none(), st.dates(dt.date(2022, 6, 1), dt.date(2024, 6, 30)))
STARS = st.one_of(st.none(), st.integers(0, 12).map(lambda one: 100 * one), st.integers(0, 1200))


@st.composite
def persons(draw: st.DrawFn) -> Person:
    """Anybody, with whole or part stars, staying or leaving."""
    stars = draw(st.integers(0, 1200))
    first, last = draw(DAYS), draw(DAYS)
    if first and last and first > last:
        first, last = last, first
    return Person(
        "p",
        "",
        "",
        str(stars // 100),
        stars,
        draw(STARS),
        draw(STARS),
        first,
        last,
        draw(st.integers(0, 4)) > 0,
    )


@given(tables(), persons(), st.sampled_from(["01-01", "04-01", "03-15"]))
def test_every_line_is_what_its_reason_works_out_to(table: Pay, person: Person, starts: str) -> None:
    sheets, refused = pay.settle(table, [person], 2023, starts)
    for _, error in refused:
        assert error.field in ("from_date", "to_date")  # the levels of these tables leave nobody out
    for sheet in sheets:
        assert_worked_out(sheet)


def assert_worked_out(sheet: PaySheet) -> None:
    assert sheet.total == sum(line.fen for line in sheet.lines)
    assert sum(sheet.months.values()) == sheet.fen("base")
    for line in sheet.lines:
        assert type(line.fen) is int
        assert line.fen >= 0
        exact, sign, amount = worked_out(line.reason.en)
        assert amount == Fraction(line.fen, 100) == to_the_fen(exact)
        assert (sign == "=") == (amount == exact)
        assert re.findall(r"\d+(?:\.\d+)?%?", line.reason.zh)[-1] == f"{line.fen // 100}.{line.fen % 100:02}"


@given(tables(), persons(), st.integers(0, 1200))
def test_more_stars_never_earn_less_reward(table: Pay, person: Person, more: int) -> None:
    try:
        before = pay.sheet(table, person, 2023)
    except Unpayable:
        return
    after = pay.sheet(table, replace(person, stars=(person.stars or 0) + more), 2023)
    for kind in ("base", "performance", "added_stars", "pension", "leaving"):
        assert after.fen(kind) >= before.fen(kind)


@given(tables(), st.dates(dt.date(2023, 1, 1), dt.date(2023, 12, 30)))
def test_who_hands_over_and_who_takes_over_share_the_year(table: Pay, last: dt.date) -> None:
    """Two persons in one post cost what one costs, but for half a fen each."""
    whole = pay.sheet(table, Person("a", level="5"), 2023)
    old = pay.sheet(table, Person("b", level="5", to_date=last), 2023)
    new = pay.sheet(table, Person("c", level="5", from_date=last + dt.timedelta(days=1)), 2023)
    for kind in ("base", "performance"):
        assert abs(old.fen(kind) + new.fen(kind) - whole.fen(kind)) <= 1
