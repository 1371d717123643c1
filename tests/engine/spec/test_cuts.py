"""Match, repetition, best-of, limits and vetoes: what is left of a price, and why."""

from __future__ import annotations

import datetime as dt

from jizhi.engine import loader
from jizhi.engine.loader import Versions
from tests.engine.spec import tables


@tables.on_all_evaluators
def test_a_fact_outside_its_subject_class_or_version_is_unmatched(evaluator: str) -> None:
    text = (
        tables.HEAD + "classes: {A: 甲, B: 乙}\nitems:\n  - {id: a, kind: merit, points: 1, classes: [A]}\n"
    )
    later = text + "  - {id: b, kind: merit, points: 2}\n"
    versions = Versions.of(
        (dt.date(2022, 3, 1), loader.load_scheme(text)), (dt.date(2022, 7, 1), loader.load_scheme(later))
    )
    result = tables.settle(
        evaluator,
        versions,
        """
        subject | item | date       | reversed
        zhao    | a    | 2022-02-28 |
        zhao    | a    | 2022-03-01 |
        qian    | a    | 2022-03-01 |
        sun     | a    | 2022-03-01 |
        zhao    | b    | 2022-06-30 |
        zhao    | b    | 2022-07-01 |
        li      | a    | 2022-04-09 |
        li      | a    | 2022-04-10 |
        li      | a    | 2022-05-01 |
        li      | a    | 2022-05-02 |
        zhao    | a    | 2022-03-01 | 是
    """,
        who="""
        subject | class | from_date  | to_date
        zhao    | A     |            |
        qian    | B     |            |
        sun     |       |            |
        li      | A     | 2022-04-10 | 2022-05-01
    """,
    )
    tables.assert_awards(
        result,
        """
        subject | item | price | awarded | note
        zhao    | a    | 0.0   | 0.0     | unmatched
        zhao    | a    | 1.0   | 1.0     |
        qian    | a    | 0.0   | 0.0     | unmatched
        sun     | a    | 0.0   | 0.0     | unmatched
        zhao    | b    | 0.0   | 0.0     | unmatched
        zhao    | b    | 2.0   | 2.0     |
        li      | a    | 0.0   | 0.0     | unmatched
        li      | a    | 1.0   | 1.0     |
        li      | a    | 1.0   | 1.0     |
        li      | a    | 0.0   | 0.0     | unmatched
        zhao    | a    | 0.0   | 0.0     | reversed
    """,
    )


@tables.on_all_evaluators
def test_a_repetition_inside_the_time_is_multiplied_once(evaluator: str) -> None:
    versions = tables.scheme(
        "items:\n  - {id: a, kind: fault, points: 1.5, repeat: {factor: 1.5, within: 1 year}}\n"
    )
    result = tables.settle(
        evaluator,
        versions,
        """
        item | date       | reversed
        a    | 2021-02-28 |
        a    | 2022-02-28 |
        a    | 2022-03-01 |
        a    | 2023-03-02 | 1
        a    | 2023-03-02 |
        a    | 2024-02-29 |
        a    | 2025-02-28 |
        a    | 2026-03-01 |
    """,
        first="2021-01-01",
        last="2026-12-31",
    )
    tables.assert_awards(
        result,
        """
        date       | price | note
        2021-02-28 | -1.5  |
        2022-02-28 | -2.3  | repeat
        2022-03-01 | -2.3  | repeat
        2023-03-02 | 0.0   | reversed
        2023-03-02 | -1.5  |
        2024-02-29 | -2.3  | repeat
        2025-02-28 | -2.3  | repeat
        2026-03-01 | -1.5  |
    """,
    )


@tables.on_all_evaluators
def test_of_one_act_only_the_largest_stays(evaluator: str) -> None:
    versions = tables.scheme("""
items:
  - {id: a, kind: merit, points: {each: 1, per: hour}, best_of: act}
  - {id: b, kind: merit, points: 3, best_of: act, limits: [{times: 1, per: month}]}
  - {id: c, kind: merit, points: 9}
""")
    result = tables.settle(
        evaluator,
        versions,
        """
        item | date       | quantity | act | reversed
        b    | 2022-01-01 |          | x   |
        a    | 2022-01-01 | 5        | x   |
        a    | 2022-01-02 | 5        | x   |
        c    | 2022-01-01 |          | x   |
        a    | 2022-01-03 | 1        |     |
        b    | 2022-01-05 |          | y   |
        a    | 2022-01-05 | 8        | y   | true
    """,
    )
    tables.assert_awards(
        result,
        """
        item | price | awarded | held_back | note
        b    | 3.0   | 0.0     | 0.0       | best_of
        a    | 5.0   | 5.0     | 0.0       |
        a    | 5.0   | 0.0     | 0.0       | best_of
        c    | 9.0   | 9.0     | 0.0       |
        a    | 1.0   | 1.0     | 0.0       |
        b    | 3.0   | 3.0     | 0.0       |
        a    | 0.0   | 0.0     | 0.0       | reversed
    """,
    )


@tables.on_all_evaluators
def test_limits_cut_times_first_then_narrow_before_wide(evaluator: str) -> None:
    versions = tables.scheme("""
items:
  - id: a
    kind: merit
    points: {each: 2, per: hour}
    limits: [{points: 30, per: year}, {points: 20, per: month}, {times: 3, per: month}]
""")
    result = tables.settle(
        evaluator,
        versions,
        """
        item | date       | quantity
        a    | 2021-12-31 | 9
        a    | 2022-05-03 | 8
        a    | 2022-05-20 | 4
        a    | 2022-05-21 | 0
        a    | 2022-05-22 | 1
        a    | 2022-06-01 | 8
    """,
    )
    tables.assert_awards(
        result,
        """
        date       | price | awarded | held_back | limit
        2022-05-03 | 16.0  | 16.0    | 0.0       |
        2022-05-20 | 8.0   | 4.0     | 4.0       | month
        2022-05-21 | 0.0   | 0.0     | 0.0       |
        2022-05-22 | 2.0   | 0.0     | 2.0       | times month
        2022-06-01 | 16.0  | 10.0    | 6.0       | year
    """,
    )


@tables.on_all_evaluators
def test_sections_and_the_scheme_hold_back_merits_or_faults(evaluator: str) -> None:
    versions = tables.scheme("""
sections: [{id: s, limits: [{points: 10, per: month}, {kind: fault, points: 6, per: month}]}, {id: t}]
limits: [{points: 12, per: year}]
items:
  - {id: a, section: s, kind: merit, points: 7}
  - {id: b, section: s, kind: fault, points: 4}
  - {id: c, section: t, kind: merit, points: 5}
""")
    result = tables.settle(
        evaluator,
        versions,
        """
        item | date
        a    | 2022-01-01
        b    | 2022-01-01
        a    | 2022-01-02
        b    | 2022-01-02
        c    | 2022-01-03
        a    | 2022-02-01
    """,
    )
    tables.assert_awards(
        result,
        """
        item | price | awarded | held_back | limit
        a    | 7.0   | 7.0     | 0.0       |
        b    | -4.0  | -4.0    | 0.0       |
        a    | 7.0   | 3.0     | 4.0       | section s month
        b    | -4.0  | -2.0    | -2.0      | section s fault month
        c    | 5.0   | 2.0     | 3.0       | scheme year
        a    | 7.0   | 0.0     | 7.0       | scheme year
    """,
    )


@tables.on_all_evaluators
def test_a_limit_per_member_grows_with_the_household(evaluator: str) -> None:
    versions = tables.scheme(
        "items:\n  - {id: a, kind: merit, points: 9, limits: [{points: 2, per: quarter, per_member: true}]}\n"
    )
    result = tables.settle(
        evaluator,
        versions,
        """
        subject | item | date
        zhao    | a    | 2022-03-31
        qian    | a    | 2022-03-31
        zhao    | a    | 2022-04-01
    """,
        who="subject | size\nzhao | 3\nqian | 1",
    )
    assert [award.awarded for award in result.awards] == [600, 200, 600]


@tables.on_all_evaluators
def test_each_fact_is_held_to_the_cap_of_its_own_version(evaluator: str) -> None:
    text = tables.HEAD + "items:\n  - {id: a, kind: merit, points: 8, limits: [{points: 10, per: year}]}\n"
    later = text.replace("points: 10", "points: 20")
    versions = Versions.of((None, loader.load_scheme(text)), (dt.date(2022, 7, 1), loader.load_scheme(later)))
    result = tables.settle(
        evaluator,
        versions,
        """
        item | date
        a    | 2022-01-01
        a    | 2022-02-01
        a    | 2022-07-01
        a    | 2022-03-01
        a    | 2022-08-01
    """,
    )
    assert [award.awarded for award in result.awards] == [800, 200, 800, 0, 200]


@tables.on_all_evaluators
def test_a_year_may_start_in_april_and_weeks_start_on_monday(evaluator: str) -> None:
    versions = tables.scheme("""
year: {starts: 04-01}
items:
  - {id: a, kind: merit, points: 5, limits: [{points: 5, per: year}]}
  - {id: q, kind: merit, points: 5, limits: [{points: 5, per: quarter}]}
  - {id: w, kind: merit, points: 5, limits: [{points: 5, per: week}]}
""")
    result = tables.settle(
        evaluator,
        versions,
        """
        item | date
        a    | 2022-03-31
        a    | 2022-04-01
        a    | 2022-12-31
        q    | 2022-06-30
        q    | 2022-07-01
        w    | 2022-05-01
        w    | 2022-05-02
        w    | 2022-05-08
    """,
    )
    assert [award.awarded for award in result.awards] == [500, 500, 0, 500, 500, 500, 500, 0]
    assert {row.period for row in result.totals if row.period_kind == "year"} == {"2021", "2022"}
    assert {row.period for row in result.totals if row.period_kind == "quarter"} == {
        "2021-Q4",
        "2022-Q1",
        "2022-Q2",
        "2022-Q3",
    }


@tables.on_all_evaluators
def test_a_veto_wipes_its_window_after_the_limits(evaluator: str) -> None:
    versions = tables.scheme("""
base: {points: 10, per: month}
items:
  - {id: a, kind: merit, points: 8, limits: [{points: 10, per: year}]}
  - {id: b, kind: fault, points: 3}
  - {id: v, kind: veto, effect: {zero: quarter}}
""")
    result = tables.settle(
        evaluator,
        versions,
        """
        item | date
        a    | 2022-01-05
        b    | 2022-02-05
        v    | 2022-03-05
        a    | 2022-05-05
    """,
    )
    tables.assert_awards(
        result,
        """
        item | price | awarded | held_back | limit | note
        a    | 8.0   | 0.0     | 0.0       |       | veto
        b    | -3.0  | 0.0     | 0.0       |       | veto
        v    | 0.0   | 0.0     | 0.0       |       | veto
        a    | 8.0   | 2.0     | 6.0       | year  |
    """,
    )
    tables.assert_totals(
        result, "base | awarded | total | vetoed\n0.0 | 0.0 | 0.0 | true", "month", "2022-01"
    )
    tables.assert_totals(
        result, "base | awarded | total | vetoed\n0.0 | 0.0 | 0.0 | true", "quarter", "2022-Q1"
    )
    tables.assert_totals(result, "base | awarded | total | vetoed\n90.0 | 2.0 | 92.0 | false", "year", "2022")


@tables.on_all_evaluators
def test_windows_repetitions_and_vetoes_reach_back(evaluator: str) -> None:
    versions = tables.scheme("""
items:
  - {id: a, kind: merit, points: 8, limits: [{points: 10, per: year}]}
  - {id: b, kind: fault, points: 3, repeat: {factor: 2, within: 6 months}}
  - {id: v, kind: veto, effect: {zero: half}}
""")
    result = tables.settle(
        evaluator,
        versions,
        """
        subject | item | date
        zhao    | a    | 2022-04-05
        zhao    | b    | 2022-04-05
        zhao    | a    | 2022-05-05
        zhao    | b    | 2022-05-05
        qian    | v    | 2022-01-05
        qian    | a    | 2022-05-05
    """,
        who="subject\nzhao\nqian",
        first="2022-05-01",
        last="2022-05-31",
    )
    tables.assert_awards(
        result,
        """
        fact | awarded | held_back | note
        3    | 2.0     | 6.0       |
        4    | -6.0    | 0.0       | repeat
        6    | 0.0     | 0.0       | veto
    """,
    )
    expected = "subject | awarded | vetoed\nqian | 0.0 | true\nzhao | -4.0 | false"
    tables.assert_totals(result, expected, "month", "2022-05")
