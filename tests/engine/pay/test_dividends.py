"""A pool split by points: hand-computed examples, what must always hold, and the stage `share` as a second opinion."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jizhi.engine import batch, dividends, reference
from jizhi.engine.dividends import Claimant, Dividend, Part, Rule, UnusableDividend
from jizhi.engine.document.base import Portion
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.loader import Versions
from jizhi.engine.tables import Fact, Subject

TEN_PERCENT = Portion(Decimal(10), True)


def fen(dividend: Dividend) -> dict[str, int]:
    return {part.subject: part.fen for part in dividend.parts}


def one(pool: int, points: dict[str, int], **rule: Any) -> Dividend:
    (found,) = dividends.split(
        pool, [Claimant(key, "v", value) for key, value in points.items()], Rule(**rule)
    )
    return found


def test_the_largest_remainder_gets_the_last_fen() -> None:
    # 100 × 5/11 = 45.45…, 100 × 3/11 = 27.27… twice: 45 + 27 + 27 = 99, the largest remainder .4545 gets the last one
    assert dividends.largest_remainder(100, {"a": 3, "b": 3, "c": 5}) == {"a": 27, "b": 27, "c": 46}


def test_equal_remainders_go_to_the_lower_key() -> None:
    # 100 / 3 = 33.33… each, one fen is left
    assert dividends.largest_remainder(100, {"c": 1, "b": 1, "a": 1}) == {"c": 33, "b": 33, "a": 34}


def test_a_village_splits_its_points_dividend() -> None:
    # 156,600 yuan as in Tongjie village, Pinghu; four made-up households with 120, 80, 0 and −20 points above 100
    # 15,660,000 fen × 120/200 = 9,396,000 and × 80/200 = 6,264,000
    found = one(15_660_000, {"a": 22000, "b": 18000, "c": 10000, "d": 8000}, from_=10000)
    assert found == Dividend(
        "v",
        15_660_000,
        (Part("a", "v", 12000, 12000, 9_396_000), Part("b", "v", 8000, 8000, 6_264_000)),
        0,
        0,
    )


def test_members_multiply_points() -> None:
    # weights 10 × 3 and 20 × 1: 500 × 30/50 = 300, 500 × 20/50 = 200; nobody lives in c
    found = dividends.split(
        500,
        [Claimant("a", "", 1000, 3), Claimant("b", "", 2000, 1), Claimant("c", "", 900, 0)],
        Rule(per_member=True),
    )
    assert fen(found[0]) == {"a": 300, "b": 200}
    assert [part.weight for part in found[0].parts] == [3000, 2000]


def test_what_a_cap_takes_goes_to_the_others() -> None:
    # 1000 × 8/10 = 800 is cut to 500; the other 500 are split 1 : 1
    found = one(1000, {"a": 8, "b": 1, "c": 1}, cap=500)
    assert fen(found) == {"a": 500, "b": 250, "c": 250}
    assert [part.bound for part in found.parts] == ["cap", "", ""]
    assert found.undistributed == 0


def test_what_nobody_may_take_is_given_back() -> None:
    found = one(1000, {"a": 8, "b": 1}, cap=300)
    assert fen(found) == {"a": 300, "b": 300}
    assert found.undistributed == 400


def test_a_floor_lifts_the_small_ones() -> None:
    # 1000 × 1/100 = 10 is lifted to 100; 900 are left for 99 : 0
    found = one(1000, {"a": 99, "b": 1}, floor=100)
    assert fen(found) == {"a": 900, "b": 100}
    assert [part.bound for part in found.parts] == ["", "floor"]


def test_a_floor_and_a_cap_together() -> None:
    # by points 1 : 2 : 7 of 1000 = 100, 200, 700; the cap takes 300 and the floor asks 50, so the cap comes first:
    # 600 for 1 : 2 = 200, 400, both inside the bounds
    assert fen(one(1000, {"a": 1, "b": 2, "c": 7}, floor=150, cap=400)) == {"a": 200, "b": 400, "c": 400}


def test_a_reserve_stays_back_rounded_down() -> None:
    found = one(1005, {"a": 1}, reserve=TEN_PERCENT)
    assert (found.reserve, fen(found), found.undistributed) == (100, {"a": 905}, 0)


def test_a_group_without_points_keeps_its_pool() -> None:
    assert one(1000, {"a": 0, "b": -500}) == Dividend("v", 1000, (), 0, 1000)


def test_each_group_has_its_own_pool() -> None:
    people = [Claimant("a", "north", 100), Claimant("b", "south", 100), Claimant("c", "south", 300)]
    found = dividends.split({"south": 400, "north": 70, "empty": 5}, people)
    assert [(one.group, fen(one), one.undistributed) for one in found] == [
        ("empty", {}, 5),
        ("north", {"a": 70}, 0),
        ("south", {"b": 100, "c": 300}, 0),
    ]


@pytest.mark.parametrize(
    ("call", "en"),
    [
        (lambda: dividends.largest_remainder(-1, {"a": 1}), "a pool cannot be negative: -1 fen"),
        (lambda: dividends.largest_remainder(1, {"a": -1}), "a weight cannot be negative: a -1"),
        (lambda: dividends.largest_remainder(1, {"a": 0}), "there are no points to split the pool by"),
        (lambda: one(-5, {"a": 1}), "a pool cannot be negative: -5 fen"),
        (
            lambda: one(99, {"a": 1, "b": 1}, floor=50),
            "99 fen are not enough for 2 households with a floor of 50 fen each",
        ),
        (lambda: one(9, {"a": 1}, floor=5, cap=4), "the cap of 4 fen lies below the floor of 5 fen"),
        (
            lambda: one(9, {"a": 1}, reserve=Portion(Decimal(3), False)),
            "a reserve is a percentage such as 10%: 3",
        ),
        (
            lambda: dividends.split(9, [Claimant("a", "", 100)], Rule(per_member=True)),
            "split by members, but the size is missing: a",
        ),
        (lambda: dividends.split(9, [Claimant("a", "", 1), Claimant("a", "x", 1)]), "used twice: a"),
        (lambda: dividends.split({"x": 9}, [Claimant("a", "y", 1)]), "this group has no pool: y"),
    ],
)
def test_what_cannot_be_split_is_refused_in_both_languages(call: Any, en: str) -> None:
    with pytest.raises(UnusableDividend) as caught:
        call()
    assert caught.value.message.en == en
    assert caught.value.message.zh
    assert caught.value.message.zh != en


WEIGHTS = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.integers(0, 10**7), min_size=1)
POOLS = st.integers(0, 10**13)


@given(POOLS, WEIGHTS, st.randoms(use_true_random=False))
def test_a_largest_remainder_adds_up_is_fair_and_knows_no_order(
    pool: int, weights: dict[str, int], random: Any
) -> None:
    whole = sum(weights.values())
    if not whole:
        pool = 0
    parts = dividends.largest_remainder(pool, weights)
    assert sum(parts.values()) == pool
    keys = list(weights)
    random.shuffle(keys)
    assert dividends.largest_remainder(pool, {key: weights[key] for key in keys}) == parts
    for key, part in parts.items():
        assert type(part) is int
        exact = Fraction(pool * weights[key], whole or 1)
        assert exact - 1 < part < exact + 1
        assert all(part <= parts[other] for other in weights if weights[other] > weights[key])


@st.composite
def pools(draw: st.DrawFn) -> tuple[int, list[Claimant], Rule]:
    """A pool, households and bounds that a pool of that size can pay."""
    people = [
        Claimant(f"h{n}", "", draw(st.integers(-2000, 50000)), draw(st.integers(0, 7)))
        for n in range(draw(st.integers(1, 8)))
    ]
    pool, floor = draw(st.integers(0, 10**6)), draw(st.sampled_from([0, 0, 1, 99, 5000]))
    cap = draw(st.sampled_from([None, floor, floor + 1, floor + 777, floor + 100_000]))
    reserve = draw(st.sampled_from([None, TEN_PERCENT, Portion(Decimal("33.333333"), True)]))
    rule = Rule(draw(st.sampled_from([0, 0, 10000, -500])), draw(st.booleans()), floor, cap, reserve)
    return pool + 2 * floor * len(people), people, rule


@settings(max_examples=150)
@given(pools(), st.randoms(use_true_random=False))
def test_bounds_hold_and_nothing_is_lost(drawn: tuple[int, list[Claimant], Rule], random: Any) -> None:
    pool, people, rule = drawn
    (found,) = dividends.split(pool, people, rule)
    assert sum(part.fen for part in found.parts) + found.reserve + found.undistributed == pool
    shuffled = random.sample(people, len(people))
    assert dividends.split(pool, shuffled, rule) == [found]
    for part in found.parts:
        assert part.weight > 0
        assert part.fen >= rule.floor
        assert rule.cap is None or part.fen <= rule.cap
        assert all(part.fen <= other.fen for other in found.parts if other.weight > part.weight)
    if found.undistributed and found.parts:
        assert all(part.fen == rule.cap for part in found.parts)


@settings(max_examples=150)
@given(pools())
def test_who_is_on_no_bound_shares_in_proportion(drawn: tuple[int, list[Claimant], Rule]) -> None:
    pool, people, rule = drawn
    (found,) = dividends.split(pool, people, rule)
    free = [part for part in found.parts if not part.bound]
    rest, whole = sum(part.fen for part in free), sum(part.weight for part in free)
    for part in free:
        assert abs(part.fen - Fraction(rest * part.weight, whole)) < 1
    # the price of a weight that would put somebody exactly on a bound: nobody on the cap deserves less than that
    for part in found.parts:
        for other in free:
            if part.bound == "cap" and rule.cap is not None:
                assert Fraction(rest * part.weight, whole) > rule.cap - 1
            if part.bound == "floor":
                assert Fraction(rest * part.weight, whole) < rule.floor + 1
            assert (part.bound == "floor") <= (part.fen <= other.fen)


@settings(max_examples=10)
@given(
    st.lists(st.tuples(st.sampled_from("gh"), st.integers(0, 900)), min_size=1, max_size=7),
    st.integers(0, 10**7),
    st.sampled_from(["0", "30", "-5"]),
    st.sampled_from(["group", "all"]),
)
def test_the_stage_share_gives_the_same(
    rows: list[tuple[str, int]], pool: int, above: str, within: str
) -> None:
    scheme = Scheme.model_validate(
        {
            "scheme": "x",
            "unit": {"places": 1},
            "periods": {"appraise": "year"},
            "items": [{"id": "i", "kind": "merit", "title": "项", "points": {"each": "0.1", "per": "act"}}],
            "share": {"period": "year", "within": within, "from": above},
        }
    )
    subjects = [Subject(f"h{n}", group) for n, (group, _) in enumerate(rows)]
    day = dt.date(2022, 5, 3)
    facts = [Fact(n, f"h{n}", "i", day, Decimal(tenths)) for n, (_, tenths) in enumerate(rows)]
    year = dt.date(2022, 1, 1), dt.date(2022, 12, 31)
    people = [
        Claimant(f"h{n}", group if within == "group" else "", 10 * tenths)
        for n, (group, tenths) in enumerate(rows)
    ]
    found = dividends.split(pool, people, Rule(from_=int(above) * 100))
    expected = sorted((part.subject, part.points, part.fen) for group in found for part in group.parts)
    for evaluator in (batch, reference):
        shares = evaluator.settle(Versions.of(scheme), subjects, facts, *year, pool=pool).shares
        assert [(one.subject, one.points, one.fen) for one in shares] == expected
