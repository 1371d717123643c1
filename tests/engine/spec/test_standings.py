"""Totals, ranks, levels, outcomes and shares of periods."""

from __future__ import annotations

from tests.engine.spec import tables

ITEMS = """
items:
  - {id: a, kind: merit, points: {each: 1, per: hour}}
  - {id: f, kind: fault, points: {each: 1, per: hour}}
"""
FIVE = """
    subject | group
    li      | g
    qian    | g
    sun     | g
    wu      | h
    zhao    | g
"""
HOURS = """
    subject | item | date       | quantity
    zhao    | a    | 2022-01-05 | 9
    qian    | a    | 2022-01-05 | 9
    sun     | a    | 2022-01-05 | 5
    li      | a    | 2022-01-05 | 1
    wu      | a    | 2022-01-05 | 2
"""


@tables.on_all_evaluators
def test_a_base_counts_in_its_own_period_and_adds_up_in_longer_ones(evaluator: str) -> None:
    versions = tables.scheme(ITEMS + "base: {points: 10, per: quarter}\nrange: {min: 0, max: 35}\n")
    result = tables.settle(
        evaluator,
        versions,
        """
        subject | item | date       | quantity
        zhao    | a    | 2022-02-05 | 30
        qian    | f    | 2022-05-05 | 30
    """,
        who="subject | from_date | to_date\nzhao | |\nqian | 2022-05-01 | 2022-09-30",
    )
    tables.assert_totals(result, "subject | base | total\nzhao | 0.0 | 30.0", "month", "2022-02")
    tables.assert_totals(
        result, "subject | base | awarded | total\nzhao | 10.0 | 30.0 | 35.0", "quarter", "2022-Q1"
    )
    tables.assert_totals(
        result,
        """
        subject | base | awarded | total | rank
        qian    | 20.0 | -30.0   | 0.0   | 2
        zhao    | 40.0 | 30.0    | 35.0  | 1
    """,
        "year",
        "2022",
    )


@tables.on_all_evaluators
def test_equal_totals_share_a_rank_inside_their_group(evaluator: str) -> None:
    result = tables.settle(evaluator, tables.scheme(ITEMS), HOURS, who=FIVE)
    tables.assert_totals(
        result,
        """
        subject | group | rank
        li      | g     | 4
        qian    | g     | 1
        sun     | g     | 3
        wu      | h     | 1
        zhao    | g     | 1
    """,
        "month",
        "2022-01",
    )


@tables.on_all_evaluators
def test_levels_have_open_and_closed_ends(evaluator: str) -> None:
    versions = tables.scheme(
        ITEMS
        + """
base: {points: 1000}
range: {min: 0}
levels:
  period: year
  steps: [{level: 五星, over: 1060}, {level: 四星, over: 1040}, {level: 三星, over: 1020}, {level: 二星, from: 990},
          {level: 一星, over: 800}, {level: 无星}]
"""
    )
    totals = (800, 801, 989, 990, 1020, 1040, 1060, 1061)
    rows = "subject | item | date | quantity\n" + "\n".join(
        f"s{n} | {'a' if n >= 1000 else 'f'} | 2022-01-01 | {abs(n - 1000)}" for n in totals
    )
    who = "subject\n" + "\n".join(f"s{n}" for n in totals)
    result = tables.settle(evaluator, versions, rows, who=who)
    levels = {row.subject: row.level for row in result.totals if row.period_kind == "year"}
    assert levels == {
        "s800": "无星",
        "s801": "一星",
        "s989": "一星",
        "s990": "二星",
        "s1020": "二星",
        "s1040": "三星",
        "s1060": "四星",
        "s1061": "五星",
    }
    assert {row.level for row in result.totals if row.period_kind == "month"} == {""}


@tables.on_all_evaluators
def test_a_quota_takes_in_or_leaves_out_all_who_tie_at_the_cut(evaluator: str) -> None:
    steps = "levels: {period: month, ties: %s, steps: [{level: 一, top: 25%%}, {level: 二, top: 3}, {level: 三}]}\n"
    for ties, expected in (("in", ["三", "一", "二", "二", "一"]), ("out", ["三", "二", "二", "二", "二"])):
        result = tables.settle(evaluator, tables.scheme(ITEMS + steps % ties), HOURS, who=FIVE)
        levels = [row.level for row in result.totals if (row.period_kind, row.period) == ("month", "2022-01")]
        assert levels == expected


@tables.on_all_evaluators
def test_awards_stand_as_long_as_they_are_valid(evaluator: str) -> None:
    versions = tables.scheme("""
items:
  - {id: a, kind: merit, points: 1}
  - {id: b, kind: merit, points: 10, valid: 1 year}
  - {id: c, kind: merit, points: 100, valid: 2 years}
levels: {period: standing, steps: [{level: 高, from: 100}, {level: 低}]}
""")
    result = tables.settle(
        evaluator,
        versions,
        """
        item | date
        a    | 2020-12-31
        b    | 2021-12-30
        b    | 2021-12-31
        c    | 2020-12-31
        c    | 2020-12-30
        a    | 2022-05-05
    """,
    )
    tables.assert_totals(result, "awarded | rank | level\n111.0 | 1 | 高", "standing", "2022")
    tables.assert_totals(result, "awarded | level\n1.0 |", "year", "2022")


@tables.on_all_evaluators
def test_a_ruling_sets_the_level(evaluator: str) -> None:
    versions = tables.scheme("""
items:
  - {id: r, kind: ruling, effect: {level: 无星, for: 1 year}}
levels: {period: year, steps: [{level: 五星, from: 0}, {level: 无星}]}
""")
    result = tables.settle(evaluator, versions, "item | date\nr | 2022-05-05", last="2024-12-31")
    levels = {row.period: row.level for row in result.totals if row.period_kind == "year"}
    assert levels == {"2022": "无星", "2023": "无星", "2024": "五星"}


@tables.on_all_evaluators
def test_outcomes_follow_from_rank_total_level_and_streak(evaluator: str) -> None:
    versions = tables.scheme(
        ITEMS
        + """
levels: {period: month, steps: [{level: 高, from: 5}, {level: 低}]}
outcomes:
  - {id: best, title: 优秀, when: {period: month, rank: {top: 1}}, then: honour}
  - {id: last, title: 末位, when: {period: month, rank: {bottom: 1}, running: 2}, then: talk}
  - {id: high, title: 高, when: {period: month, level: 高, total: {to: 5}}, then: honour}
"""
    )
    who = FIVE.replace("wu      | h", "wu      | g")
    result = tables.settle(evaluator, versions, HOURS, who=who, last="2022-02-28")
    found: dict[tuple[str, str], list[str]] = {}
    for row in result.outcomes:
        found.setdefault((row.outcome, row.period), []).append(row.subject)
    assert found == {
        ("best", "2022-01"): ["qian", "zhao"],
        ("best", "2022-02"): ["li", "qian", "sun", "wu", "zhao"],
        ("last", "2022-02"): ["li"],
        ("high", "2022-01"): ["sun"],
    }


@tables.on_all_evaluators
def test_a_period_without_taking_part_breaks_a_streak(evaluator: str) -> None:
    versions = tables.scheme(
        ITEMS
        + """
outcomes:
  - {id: low, title: 低, when: {period: month, total: {below: 1}, running: 3}, then: talk}
"""
    )
    who = "subject | from_date\nzhao |\nqian | 2022-02-15"
    result = tables.settle(evaluator, versions, "item | date | quantity", who=who, last="2022-04-30")
    assert [(row.subject, row.period) for row in result.outcomes] == [
        ("qian", "2022-04"),
        ("zhao", "2022-03"),
        ("zhao", "2022-04"),
    ]


@tables.on_all_evaluators
def test_a_pool_is_split_to_the_fen(evaluator: str) -> None:
    versions = tables.scheme(ITEMS + "share: {period: year, within: group, from: 1}\n")
    result = tables.settle(evaluator, versions, HOURS, who=FIVE, pool=1000)
    assert [(row.subject, row.points, row.fen) for row in result.shares] == [
        ("qian", 800, 400),
        ("sun", 400, 200),
        ("wu", 100, 1000),
        ("zhao", 800, 400),
    ]
    result = tables.settle(evaluator, versions, HOURS, who=FIVE, pool=7)
    assert [row.fen for row in result.shares] == [3, 1, 7, 3]
