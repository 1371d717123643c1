"""The batch evaluator: all subjects at once, as one script of portable SQL built from the document.

Whole numbers only, explicit casts, a tie-break in every order. What the document says about days, items, caps and
periods is in `plan.py`; each stage's SQL is in `stages/`; the engine that runs it is in `backends.py`.
"""
# ruff: noqa: S608 - SQL is put together from numbers and quoted words of the document

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from jizhi.engine import backends, intake
from jizhi.engine.document.base import Window
from jizhi.engine.loader import Versions
from jizhi.engine.plan import Plan
from jizhi.engine.stages import (
    best_of,
    level,
    limit,
    match,
    outcome,
    price,
    rank,
    reason,
    repeat,
    share,
    total,
    veto,
)
from jizhi.engine.tables import Award, Fact, Outcome, Result, Share, Subject, Total

INTS = "BIGINT"
OPEN_FIRST, OPEN_LAST = dt.date.min, dt.date.max

FACTS = {
    "fact": INTS,
    "subject": "INTEGER",
    "item": "INTEGER",
    "day": "INTEGER",
    "quantity": INTS,
    "grade": "VARCHAR",
    "given": INTS,
    "act": "VARCHAR",
    "reversed": "BOOLEAN",
}
SUBJECTS = {
    "subject": "INTEGER",
    "key": "VARCHAR",
    "grp": "VARCHAR",
    "class": "VARCHAR",
    "size": INTS,
    "size_or_one": INTS,
    "first_day": "INTEGER",
    "last_day": "INTEGER",
}
ITEMS = {
    "version": "INTEGER",
    "item": "INTEGER",
    "kind": "VARCHAR",
    "sign": "INTEGER",
    "form": "VARCHAR",
    "amount": INTS,
    "factor": INTS,
    "before": "INTEGER",
    "until": "INTEGER",
    "best_of": "BOOLEAN",
    "section": "INTEGER",
    "restricted": "BOOLEAN",
}
GRADES = {"version": "INTEGER", "item": "INTEGER", "grade": "VARCHAR", "amount": INTS}
BANDS = {"version": "INTEGER", "item": "INTEGER", "floor": INTS, "ceiling": INTS, "each": INTS}
CLASSES = {"version": "INTEGER", "item": "INTEGER", "class": "VARCHAR"}
EFFECTS = {"version": "INTEGER", "item": "INTEGER", "zero": "VARCHAR", "level": "VARCHAR"}
CAPS = {"version": "INTEGER", "item": "INTEGER", "plain": INTS, "member": INTS, "name": "VARCHAR"}
PERIODS = {
    "number": "INTEGER",
    "kind": "VARCHAR",
    "label": "VARCHAR",
    "first": "INTEGER",
    "last": "INTEGER",
    "cut_first": "INTEGER",
    "cut_last": "INTEGER",
    "version": "INTEGER",
    "place": "INTEGER",
    "listed": "BOOLEAN",
}
BASES = {
    "base": "INTEGER",
    "period": "INTEGER",
    "first": "INTEGER",
    "last": "INTEGER",
    "cut_first": "INTEGER",
    "cut_last": "INTEGER",
    "points": INTS,
}
RULINGS = {"subject": "INTEGER", "fact": INTS, "first": "INTEGER", "last": "INTEGER", "level": "VARCHAR"}
WIDE = 4_000_000_000_000_000_000


def settle(
    versions: Versions,
    subjects: Iterable[Subject],
    facts: Iterable[Fact],
    start: dt.date,
    end: dt.date,
    *,
    pool: int | None = None,
) -> Result:
    """All facts count for windows, repetition and vetoes; listed and totalled is what lies between the two days.

    `pool` is the money in fen that each group splits; without it the document's own, if any.
    """
    rows = intake.sift(versions, subjects, facts)
    plan = Plan(versions, start, end, frozenset(fact.date for fact in rows.facts))
    with backends.Embedded() as database:
        _load(database, plan, rows)
        for statement in awards_script(plan):
            database.run(statement)
        return totalled(database, plan, rows, pool)


def _load(database: backends.Embedded, plan: Plan, rows: intake.Intake) -> None:
    """Facts and everything that pricing needs."""
    load_subjects(database, rows)
    numbers = {name: number for number, name in enumerate(rows.subjects)}
    database.load(
        "facts",
        FACTS,
        [
            (
                fact.fact,
                numbers[fact.subject],
                plan.item_numbers[fact.item],
                fact.date.toordinal(),
                _millionths(fact.quantity),
                fact.grade,
                _millionths(fact.given),
                fact.act or None,
                fact.reversed,
            )
            for fact in rows.facts
        ],
    )
    database.load("days", plan.day_columns, plan.days())
    database.load("items", ITEMS, plan.items())
    database.load("grades", GRADES, plan.grades())
    database.load("bands", BANDS, plan.bands())
    database.load("classes", CLASSES, plan.classes())
    database.load("effects", EFFECTS, plan.effects())
    database.load("unit", {"unit": INTS}, [(10 ** (2 - plan.versions.latest.unit.places),)])
    for step in plan.limit_steps:
        database.load(f"caps_{step.number}", CAPS, step.caps)


def load_subjects(database: backends.Embedded, rows: intake.Intake) -> None:
    """The subjects, numbered in the order given."""
    database.load(
        "subjects",
        SUBJECTS,
        [
            (
                number,
                one.subject,
                one.group,
                one.klass,
                one.size,
                1 if one.size is None else one.size,
                (one.from_date or OPEN_FIRST).toordinal(),
                (one.to_date or OPEN_LAST).toordinal(),
            )
            for number, one in enumerate(rows.subjects.values())
        ],
    )


def _millionths(amount: Any) -> int | None:
    return None if amount is None else price.millionths(amount)


def awards_script(plan: Plan) -> list[str]:
    """The stages from match to veto."""
    steps = plan.limit_steps
    return [
        match.SQL,
        price.SQL,
        repeat.sql(len(plan.durations)),
        best_of.SQL,
        limit.FIRST,
        *(statement for step in steps for statement in limit.sql(step)),
        veto.windows_sql([window.value for window in Window]),
        veto.sql(len(steps)),
    ]


def totals_script(plan: Plan) -> list[str]:
    """The stages from total to level."""
    return [
        total.PRESENT,
        total.AWARDED,
        total.BASE,
        total.standing_sql(len(plan.validities)),
        total.SQL,
        rank.sql(plan.schemes),
        level.RULED,
        level.sql(plan.schemes),
    ]


def totalled(database: backends.Embedded, plan: Plan, rows: intake.Intake, pool: int | None) -> Result:
    """Runs the second half over the tables `awards`, `vetoes`, `subjects`, `days` and the facts' rulings."""
    load_periods(database, plan, rows.facts, {name: number for number, name in enumerate(rows.subjects)})
    for statement in totals_script(plan):
        database.run(statement)
    subjects = list(rows.subjects.values())
    return Result(
        _awards(database, plan, subjects),
        _totals(database, plan, subjects),
        _outcomes(database, plan, subjects),
        _shares(database, plan, subjects, pool),
        rows.rejected,
    )


def load_periods(
    database: backends.Embedded, plan: Plan, facts: Sequence[Fact], numbers: dict[str, int]
) -> None:
    """Periods, their days, their bases, their ranges, and the rulings that reach them."""
    database.load("periods", PERIODS, plan.period_rows())
    database.load(
        "period_days",
        {"day": "INTEGER", "period": "INTEGER"},
        [
            (day, one.number)
            for one in plan.periods
            if one.kind != "standing"
            for day in range(one.first, one.last + 1)
        ],
    )
    database.load("bases", BASES, plan.bases())
    database.load(
        "ranges",
        {"version": "INTEGER", "floor": INTS, "ceiling": INTS},
        [
            (
                number,
                -WIDE if scheme.range.min is None else scheme.range.min,
                WIDE if scheme.range.max is None else scheme.range.max,
            )
            for number, scheme in enumerate(plan.schemes)
        ],
    )
    database.load("rulings", RULINGS, _rulings(database, plan, facts, numbers))


def _rulings(
    database: backends.Embedded, plan: Plan, facts: Sequence[Fact], numbers: dict[str, int]
) -> list[tuple[Any, ...]]:
    """Matched rulings with the days that they reach."""
    rulings = {item.id for scheme in plan.schemes for item in scheme.items if item.kind == "ruling"}
    if not rulings:
        return []
    matched = {
        row[0] for row in database.rows("SELECT fact FROM awards WHERE note NOT IN ('reversed', 'unmatched')")
    }
    found: list[tuple[Any, ...]] = []
    for fact in facts:
        scheme = plan.versions.on(fact.date)
        item = scheme.item(fact.item) if scheme and fact.item in rulings and fact.fact in matched else None
        if (
            item is not None
            and item.kind == "ruling"
            and item.effect
            and item.effect.level
            and fact.date <= plan.end
        ):
            last = item.effect.for_.after(fact.date) if item.effect.for_ else fact.date
            day = fact.date.toordinal()
            found.append((numbers[fact.subject], fact.fact, day, last.toordinal(), item.effect.level.zh))
    return found


def _awards(database: backends.Embedded, plan: Plan, subjects: Sequence[Subject]) -> list[Award]:
    items = list(plan.item_numbers)
    return [
        Award(fact, subjects[subject].subject, items[item], dt.date.fromordinal(day), *rest)
        for fact, subject, item, day, *rest in database.rows(
            "SELECT fact, subject, item, day, price, awarded, held_back, cuts, note FROM awards "
            f"WHERE day BETWEEN {plan.start.toordinal()} AND {plan.end.toordinal()} ORDER BY fact"
        )
    ]


def _totals(database: backends.Embedded, plan: Plan, subjects: Sequence[Subject]) -> list[Total]:
    rows = database.rows(
        "SELECT l.subject, p.kind, p.label, l.base, l.awarded, l.total, l.rank, l.level, l.vetoed "
        "FROM levelled l JOIN periods p ON p.number = l.period WHERE p.listed"
    )
    found = [Total(subjects[subject].subject, subjects[subject].group, *rest) for subject, *rest in rows]
    return sorted(found, key=lambda one: (one.subject, one.period_kind, one.period))


def _outcomes(database: backends.Embedded, plan: Plan, subjects: Sequence[Subject]) -> list[Outcome]:
    query = outcome.sql(plan.schemes)
    if query is None:
        return []
    rows = database.rows(
        "SELECT o.outcome, p.version, l.subject, p.kind, p.label, l.base, l.awarded, l.total, l.rank, l.level, "
        "l.vetoed "
        f"FROM ({query}) o JOIN levelled l ON l.subject = o.subject AND l.period = o.period "
        "JOIN periods p ON p.number = o.period"
    )
    found = []
    for place, version, subject, *rest in rows:
        rule, owner = plan.schemes[version].outcomes[place], subjects[subject]
        row = Total(owner.subject, owner.group, *rest)
        found.append(
            Outcome(row.subject, row.group, row.period, rule.id, rule.title.zh, reason.reason(rule.when, row))
        )
    return sorted(found, key=lambda one: (one.subject, one.period, one.outcome))


def _shares(
    database: backends.Embedded, plan: Plan, subjects: Sequence[Subject], pool: int | None
) -> list[Share]:
    query = share.sql(plan.schemes, pool)
    if query is None:
        return []
    rows = database.rows(
        f"SELECT e.subject, p.label, e.points, e.fen FROM ({query}) e JOIN periods p ON p.number = e.period"
    )
    found = [Share(subjects[one].subject, subjects[one].group, *rest) for one, *rest in rows]
    return sorted(found, key=lambda one: (one.subject, one.period))
