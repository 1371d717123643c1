"""Points forms and rounding: what one act is worth before any limit."""

from __future__ import annotations

from tests.engine.spec import tables

FORMS = """
items:
  - {id: fixed, kind: merit, points: 5}
  - {id: fault, kind: fault, points: 5}
  - {id: hours, kind: merit, points: {each: 2, per: hour}}
  - {id: member, kind: merit, points: {each: 1.5, per: member}}
  - {id: award, kind: merit, points: {grades: {national: 100, county: 20}}}
  - {id: litter, kind: fault, points: {ladder: [5, 10, 15, 20]}}
  - {id: gift, kind: merit, points: {bands: [{to: 1000, each: 0.01}, {to: 5000, each: 0.0025},
      {to: 10000, each: 0.002}, {to: 20000, each: 0.001}]}}
  - {id: help, kind: merit, points: {between: [1, 10]}}
  - {id: tiny, kind: merit, points: {each: 0.05, per: piece}}
  - {id: dear, kind: merit, points: {each: 1000, per: hour}}
  - {id: debit, kind: fault, points: {each: 0.05, per: piece}}
"""


@tables.on_all_evaluators
def test_every_form_has_its_price(evaluator: str) -> None:
    result = tables.settle(
        evaluator,
        tables.scheme(FORMS),
        """
        item   | date       | quantity | grade    | given
        fixed  | 2022-01-01 | 7        |          |
        fault  | 2022-01-01 |          |          |
        hours  | 2022-01-01 | 1.5      |          |
        member | 2022-01-01 |          |          |
        award  | 2022-01-01 |          | national |
        litter | 2022-01-01 |          | 3        |
        help   | 2022-01-01 |          |          | 7.5
    """,
    )
    tables.assert_awards(
        result,
        """
        item   | price | awarded
        fixed  | 5.0   | 5.0
        fault  | -5.0  | -5.0
        hours  | 3.0   | 3.0
        member | 4.5   | 4.5
        award  | 100.0 | 100.0
        litter | -15.0 | -15.0
        help   | 7.5   | 7.5
    """,
    )


@tables.on_all_evaluators
def test_bands_are_marginal(evaluator: str) -> None:
    """The donation tiers: each adds up to ten points, four of them to forty."""
    result = tables.settle(
        evaluator,
        tables.scheme(FORMS),
        """
        item | date       | quantity
        gift | 2022-01-01 | 50
        gift | 2022-01-01 | 1000
        gift | 2022-01-01 | 1400
        gift | 2022-01-01 | 5000
        gift | 2022-01-01 | 10000
        gift | 2022-01-01 | 20000
        gift | 2022-01-01 | 1000000
        gift | 2022-01-01 | 0
    """,
    )
    tables.assert_awards(
        result,
        """
        price
        0.5
        10.0
        11.0
        20.0
        30.0
        40.0
        40.0
        0.0
    """,
    )


@tables.on_all_evaluators
def test_a_price_is_rounded_once_half_away_from_zero(evaluator: str) -> None:
    result = tables.settle(
        evaluator,
        tables.scheme(FORMS),
        """
        item  | date       | quantity
        tiny  | 2022-01-01 | 1
        tiny  | 2022-01-01 | 0.999999
        tiny  | 2022-01-01 | 2.999999
        tiny  | 2022-01-01 | 3
        debit | 2022-01-01 | 1
        debit | 2022-01-01 | 3
        tiny  | 2022-01-01 | 1000000000
    """,
    )
    tables.assert_awards(
        result,
        """
        price
        0.1
        0.0
        0.1
        0.2
        -0.1
        -0.2
        50000000.0
    """,
    )


@tables.on_all_evaluators
def test_rows_that_lack_what_their_item_needs_are_refused(evaluator: str) -> None:
    result = tables.settle(
        evaluator,
        tables.scheme(FORMS),
        """
        subject | item   | date       | quantity   | grade | given
        zhao    | hours  | 2022-01-01 |            |       |
        zhao    | award  | 2022-01-01 |            |       |
        zhao    | award  | 2022-01-01 |            | world |
        zhao    | litter | 2022-01-01 |            | 5     |
        zhao    | litter | 2022-01-01 |            | 0     |
        zhao    | help   | 2022-01-01 |            |       |
        zhao    | help   | 2022-01-01 |            |       | 10.5
        zhao    | hours  | 2022-01-01 | -1         |       |
        zhao    | hours  | 2022-01-01 | 1000000001 |       |
        zhao    | dear   | 2022-01-01 | 1000000000 |       |
        zhao    | hours  | 2022-01-01 | 0.0000001  |       |
        zhao    | none   | 2022-01-01 |            |       |
        nobody  | fixed  | 2022-01-01 |            |       |
        qian    | member | 2022-01-01 |            |       |
        zhao    | fixed  | 1022-01-01 |            |       |
        zhao    | fixed  | 2022-01-01 |            |       |
    """,
        who="subject | size\nzhao | 3\nqian |",
    )
    assert [row.line for row in result.rejected] == list(range(1, 16))
    assert [award.fact for award in result.awards] == [16]
