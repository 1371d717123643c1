"""Derived facts: a grade or level that is final writes its fact once, and the stars follow."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from jizhi.engine import batch, linkage, stars
from jizhi.engine.assessment.rows import Result
from jizhi.engine.assessment.versions import Versions as Assessments
from jizhi.engine.document.assessment.assessment import Assessment
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.linkage import Event
from jizhi.engine.loader import Versions
from jizhi.engine.tables import Fact, Outcome, Rejected, Subject
from jizhi.engine.windows import Calendar
from tests.engine.pay.star_documents import LI, VERSIONS

DAY = dt.date(2023, 12, 31)
GUIDE = Path(linkage.__file__).parents[2] / "docs" / "howto" / "write-a-scheme.md"
ITEMS: list[dict[str, Any]] = [
    {
        "id": "star-household",
        "kind": "merit",
        "points": "10",
        "from": {"scheme": "household", "level": "五星"},
    },
    {"id": "training", "kind": "merit", "points": "2", "from": {"register": "training", "attended": "true"}},
    {
        "id": "hours",
        "kind": "merit",
        "points": {"each": "1", "per": "hour"},
        "from": {"register": "training"},
    },
    {"id": "claimed", "kind": "merit", "points": "1", "claim": ["self"]},
]


def scheme(**plain: Any) -> Versions:
    return Versions.of(Scheme.model_validate({"scheme": "x", **plain}))


def assessment(**plain: Any) -> Assessment:
    part = {"id": "work", "full": "1", "indicators": [{"id": "i", "mode": "count", "each": "1", "full": "1"}]}
    steps = [{"grade": "good", "from": "1"}, {"grade": "rest"}]
    return Assessment.model_validate(
        {
            "assessment": "village",
            "round": "half",
            "rater_groups": [{"id": "team", "weight": "100%"}],
            "parts": [part],
            "grades": {"steps": steps},
            **plain,
        }
    )


LINKED = scheme(items=ITEMS)


def test_an_event_writes_the_fact_of_every_item_that_waits_for_it() -> None:
    event = Event("register", "training", "zhao", DAY, "row 7", {"attended": "true", "quantity": "1.5"})
    found, refused = linkage.facts(LINKED, [event], [], 41)
    assert refused == []
    assert found == [
        Fact(41, "zhao", "training", DAY, act="register training row 7"),
        Fact(42, "zhao", "hours", DAY, Decimal("1.5"), act="register training row 7"),
    ]


def test_conditions_must_all_hold() -> None:
    event = Event("register", "training", "zhao", DAY, "row 8", {"attended": "false", "quantity": "1"})
    assert [fact.item for fact in linkage.facts(LINKED, [event], [], 1)[0]] == ["hours"]
    other = Event("register", "meetings", "zhao", DAY, "row 8", {"attended": "true"})
    assert linkage.facts(LINKED, [other], [], 1) == ([], [])


def test_an_event_told_twice_or_reversed_writes_nothing_more() -> None:
    event = Event("register", "training", "zhao", DAY, "row 7", {"attended": "true", "quantity": "1"})
    found, _ = linkage.facts(LINKED, [event, event], [], 1)
    assert len(found) == 2
    gone = [Fact(1, "zhao", one.item, DAY, act=one.act, reversed=True) for one in found]
    assert linkage.facts(LINKED, [event], gone, 3) == ([], [])


def test_what_an_item_waits_for_but_cannot_price_is_refused() -> None:
    events = [
        Event("register", "training", "zhao", DAY, "1"),
        Event("register", "training", "zhao", DAY, "2", {"quantity": "many"}),
        Event("assessment", "secretary", "li", DAY, "3", {"grade": "fair"}),
    ]
    assert linkage.facts(LINKED, events, [], 1)[1] == [
        Rejected("events", 1, "quantity: missing for hours: register training 1"),
        Rejected("events", 2, "quantity: not a number for hours: many"),
    ]
    assert linkage.facts(VERSIONS.pricing, events, [], 1)[1] == [
        Rejected("events", 3, "grade: unknown to assessment: fair")
    ]


def test_a_level_reached_becomes_a_fact_under_another_scheme() -> None:
    household = scheme(
        scheme="household",
        items=[{"id": "i", "kind": "merit", "points": "50", "claim": ["self"]}],
        periods={"appraise": "year"},
        levels={"period": "year", "steps": [{"level": "五星", "from": "50"}, {"level": "无星"}]},
    )
    people = [Subject("zhao", "v"), Subject("qian", "v")]
    year = dt.date(2023, 1, 1), DAY
    totals = batch.settle(household, people, [Fact(1, "zhao", "i", dt.date(2023, 5, 3))], *year).totals
    found, refused = linkage.facts(LINKED, linkage.of_totals(household, totals), [], 100)
    assert (found, refused) == (
        [Fact(100, "zhao", "star-household", DAY, act="scheme household year 2023")],
        [],
    )


def test_a_grade_that_is_final_becomes_stars() -> None:
    results = [
        Result("li", "north", "", "year", "2023", (), 0, 0, 95000, 1, "excellent"),
        Result("wang", "north", "", "year", "2023", (), 0, 0, None),
    ]
    events = list(linkage.of_results("secretary", Calendar(), results))
    found, refused = linkage.facts(VERSIONS.pricing, events, [], 1)
    assert refused == []
    assert found == [
        Fact(1, "li", "assessment", DAY, grade="excellent", act="assessment secretary year 2023")
    ]
    assert stars.sheet(VERSIONS, LI, found, DAY).base == 300  # excellent 2, tenure 1


def test_an_outcome_writes_the_fact_that_it_names() -> None:
    household = scheme(
        scheme="household",
        items=[{"id": "i", "kind": "merit", "points": "50", "claim": ["self"]}],
        periods={"appraise": "year"},
        outcomes=[
            {
                "id": "star",
                "when": {"period": "year", "total": {"from": "50"}},
                "then": {"fact": {"scheme": "x", "item": "claimed"}},
            },
            {
                "id": "elsewhere",
                "when": {"period": "year", "total": {"from": "50"}},
                "then": {"fact": {"scheme": "y", "item": "claimed"}},
            },
            {"id": "praise", "when": {"period": "year", "total": {"from": "50"}}, "then": "honour"},
        ],
    )
    people = [Subject("zhao", "v"), Subject("qian", "v")]
    given = [Fact(1, "zhao", "i", dt.date(2023, 5, 3))]
    settled = batch.settle(household, people, given, dt.date(2023, 1, 1), DAY)
    events = list(linkage.of_outcomes(household, settled.outcomes, "x"))
    found, refused = linkage.facts(LINKED, [*events, *events], [], 100)
    assert (found, refused) == ([Fact(100, "zhao", "claimed", DAY, act="outcome household star 2023")], [])
    (award,) = batch.settle(LINKED, people, found, dt.date(2023, 1, 1), DAY).awards
    assert award.awarded == 100


def test_an_assessments_outcome_writes_a_grade() -> None:
    rule = {"id": "best", "when": {"grade": "good"}}
    old = {**rule, "then": {"fact": {"scheme": "x", "item": "assessment", "grade": "fair"}}}
    new = {**rule, "then": {"fact": {"scheme": "x", "item": "assessment", "grade": "excellent"}}}
    source = Assessments.of(
        assessment(outcomes=[old]),
        (dt.date(2023, 1, 1), assessment(outcomes=[new])),
        (dt.date(2024, 1, 1), assessment(outcomes=[])),
    )
    outcomes = [Outcome("li", "north", label, "best", "", "") for label in ("2022-H2", "2023-H2", "2024-H2")]
    events = list(linkage.of_outcomes(source, outcomes, "x"))
    assert [(one.date, one.values["grade"]) for one in events] == [
        (dt.date(2022, 12, 31), "fair"),
        (DAY, "excellent"),
        (dt.date(2024, 12, 31), "excellent"),  # settled under an older version, which had it
    ]
    found, refused = linkage.facts(VERSIONS.pricing, events[1:2], [], 1)
    assert refused == []
    assert [(one.item, one.grade, one.act) for one in found] == [
        ("assessment", "excellent", "outcome village best 2023-H2")
    ]


def test_an_outcome_that_names_no_item_in_force_is_refused() -> None:
    event = Event("outcome", "household", "zhao", DAY, "star 2023", item="gone")
    later = Versions.of((dt.date(2024, 1, 1), LINKED.latest))
    for versions in (LINKED, later):
        assert linkage.facts(versions, [event], [], 1) == (
            [],
            [Rejected("events", 1, "item: not in force on 2023-12-31: gone")],
        )


def test_the_code_of_the_guide_feeds_one_scheme_from_another() -> None:
    page = GUIDE.read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    rule = {"id": "r", "when": {"period": "year", "level": "五星"}}
    names: dict[str, Any] = {
        "household": scheme(
            scheme="household",
            items=[{"id": "i", "kind": "merit", "points": "50", "claim": ["self"]}],
            periods={"appraise": "year"},
            levels={"period": "year", "steps": [{"level": "五星", "from": "50"}, {"level": "无星"}]},
            outcomes=[{**rule, "then": {"fact": {"scheme": "x", "item": "claimed"}}}],
        ),
        "village": LINKED,
        "village_facts": [Fact(1, "zhao", "claimed", DAY)],
        "subjects": [Subject("zhao", "v")],
        "facts": [Fact(1, "zhao", "i", DAY)],
        "first_day": dt.date(2023, 1, 1),
        "last_day": DAY,
    }
    exec(code, names)  # noqa: S102 - our own page
    assert names["refused"] == []
    assert [(one.fact, one.item) for one in names["new_facts"]] == [(2, "star-household"), (3, "claimed")]
