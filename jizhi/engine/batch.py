"""The batch evaluator: all subjects at once, as one script of portable SQL built from the document.

Whole numbers only, explicit casts, a tie-break in every order; what a document does not use is not in its script. What
the document says about items, caps and periods is in `plan.py`; each stage's SQL is in `stages/`; the engine that runs
it is in `backends.py`; the tables that come out are put into words by `outputs.py`.
"""
# ruff: noqa: S608 - SQL is put together from numbers and quoted words of the document

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from jizhi.engine import backends, intake, outputs, plan_rows
from jizhi.engine.loader import Versions
from jizhi.engine.notes import Note
from jizhi.engine.plan import Names, Plan
from jizhi.engine.stages import best_of, level, limit, match, outcome, price, rank, repeat, total, veto
from jizhi.engine.tables import Award, Fact, Outcome, Result, Share, Subject, Total

INTS = "BIGINT"
OPEN_FIRST, OPEN_LAST = dt.date.min, dt.date.max
FULL = 5  # chunks after which the awards are compressed

FACTS = {
    "fact": INTS,
    "subject": "INTEGER",
    "item": "INTEGER",
    "day": "INTEGER",
    "quantity": INTS,
    "grade": "INTEGER",
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
AWARDS = {
    "fact": INTS,
    "subject": "INTEGER",
    "item": "INTEGER",
    "day": "INTEGER",
    "rule": "INTEGER",
    "price": INTS,
    "awarded": INTS,
    "held_back": INTS,
    "mask": INTS,
    "note": "INTEGER",
}
VETOES = {"subject": "INTEGER", "first": "INTEGER", "last": "INTEGER"}
SUMS = {"subject": "INTEGER", "cell": "INTEGER", "awarded": INTS}
MONEY = {"subject": "INTEGER", "cell": "INTEGER", "spendable": INTS, "worth": INTS}
SPENT = {"spendable": INTS, "worth": INTS}
STANDINGS = {"subject": "INTEGER", "period": "INTEGER", "awarded": INTS}


class Part(NamedTuple):
    """Some items only, by their numbers, and what all others have brought: queries for `sums`, `spent`, `money`."""

    items: Sequence[int]
    sums: str
    spent: str
    money: str


class Kept(NamedTuple):
    """What of the awards is kept: themselves, what they are worth together, and what they are worth to each."""

    awards: bool = True
    spent: bool = False
    money: bool = False


AWARDS_ONLY = Kept()


class Query(NamedTuple):
    """A table and the query that makes it; what it frees is not read by any later one."""

    name: str
    sql: str
    frees: tuple[str, ...] = ()


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
    with backends.Embedded() as database:
        return settle_rows(database, Plan(versions, start, end), rows, pool)


def settle_rows(database: backends.Backend, plan: Plan, rows: intake.Intake, pool: int | None) -> Result:
    """The same for rows that can be used, on any backend."""
    load_subjects(database, rows)
    load_facts(database, plan.names, rows.subjects, rows.facts)
    run(database, plan)
    return result(database, plan, pool, rows)


def result(database: backends.Backend, plan: Plan, pool: int | None, rows: intake.Intake) -> Result:
    """What has been settled, as rows."""
    awards, totals, outcomes, shares = (
        database.rows(query.ordered) for query in outputs.all_of(database, plan, pool)
    )
    return Result(
        [Award(*row) for row in awards],
        [Total(*row) for row in totals],
        [Outcome(*row) for row in outcomes],
        [Share(*row) for row in shares],
        rows.rejected,
    )


def load_facts(
    database: backends.Backend, names: Names, subjects: Iterable[str], facts: Iterable[Fact]
) -> None:
    """Facts in numbers."""
    numbers = {key: number for number, key in enumerate(subjects)}
    database.load("facts", FACTS, list(fact_rows(names, numbers, facts)))


def fact_rows(names: Names, subjects: Mapping[str, int], facts: Iterable[Fact]) -> Iterator[tuple[Any, ...]]:
    """Facts in numbers, `subjects` being the number of each key."""
    for fact in facts:
        yield (
            fact.fact,
            subjects[fact.subject],
            names.items[fact.item],
            fact.date.toordinal(),
            _millionths(fact.quantity),
            names.grades.get(fact.grade or ""),
            _millionths(fact.given),
            fact.act or None,
            fact.reversed,
        )


def load_subjects(database: backends.Backend, rows: intake.Intake) -> None:
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
    """In whole numbers; what is out of all bounds was let in because nothing asks for it."""
    return None if amount is None or abs(amount) > match.MOST else price.millionths(amount)


def run(
    database: backends.Backend,
    plan: Plan,
    kept: Kept = AWARDS_ONLY,
    *,
    among: Part | None = None,
) -> None:
    """From the tables `facts` and `subjects` to what is kept of the awards, to `vetoes` and `levelled`."""
    days = [dt.date.fromordinal(day) for (day,) in database.rows("SELECT DISTINCT day FROM facts")]
    load_document(database, plan, days)
    part_of = f"f.item IN ({', '.join(str(item) for item in among.items)})" if among else "TRUE"
    query = f"SELECT COUNT(*), MAX(f.quantity), MAX(f.subject) FROM facts f WHERE {part_of}"
    ((count, quantity, last),) = database.rows(query)
    if among:
        database.append("sums", among.sums)
        database.append("spent", among.spent)
        if kept.money:
            database.append("money", among.money)
    ((size,),) = database.rows("SELECT MAX(size) FROM subjects")
    wide = not price.fits((rule.item for rule in plan.rules), quantity or 0, size or 0)
    parts = max(1, -(-count // database.chunk))
    for part, (first, after) in enumerate(_chunks((last or 0) + 1, parts), 1):
        chosen = f"f.subject >= {first} AND f.subject < {after} AND {part_of}"
        queries = award_queries(plan, wide=wide, chosen=chosen, gathers=database.gathers)
        _price(database, plan, queries, kept)
        if kept.awards and part % FULL == 0:
            database.compact()
    run_totals(database, plan)


def _chunks(subjects: int, parts: int) -> Iterator[tuple[int, int]]:
    """Subjects from number to number, in so many parts."""
    for part in range(parts):
        yield part * subjects // parts, (part + 1) * subjects // parts


def _price(database: backends.Backend, plan: Plan, queries: Sequence[Query], kept: Kept) -> None:
    """Runs the chosen subjects' queries and keeps what comes out."""
    alive = []
    for query in queries:
        database.define(query.name, query.sql)
        alive.append(query.name)
        for name in query.frees:
            database.drop(name)
            alive.remove(name)
    if kept.awards:
        database.append("awards", "SELECT * FROM priced")
    else:
        keep = ", ".join(str(rule.number) for rule in plan.rulings) or "-2"
        database.append("awards", f"SELECT * FROM priced WHERE rule IN ({keep})")
    database.append("vetoes", "SELECT * FROM wiping")
    sum_up(database, plan, "priced")
    if kept.spent:
        database.append("spent", total.spent_sql("priced"))
    if kept.money:
        database.append("money", total.spent_sql("priced", each=True))
    for name in alive:
        database.drop(name)


def sum_up(database: backends.Backend, plan: Plan, awards: str) -> None:
    """Adds up a table of awards by the stretches of days and by the standings in which they count."""
    database.append("sums", total.sums_sql(awards))
    if plan.stands:
        database.append("standings", total.standings_sql(awards, len(plan.validities)))


def load_document(database: backends.Backend, plan: Plan, days: Iterable[dt.date]) -> None:
    """Everything that the document says, and empty tables for what comes out."""
    database.load("days", plan_rows.day_columns(plan), plan_rows.days(plan, days))
    database.load("rules", plan_rows.RULES, plan_rows.rules(plan))
    database.load("grades", plan_rows.GRADES, plan_rows.grades(plan))
    database.load("classes", plan_rows.CLASSES, plan_rows.classes(plan))
    for step in plan.limit_steps:
        database.load(f"caps_{step.number}", plan_rows.CAPS, step.caps)
    database.load("periods", plan_rows.PERIODS, plan_rows.periods(plan))
    database.load("cells", plan_rows.CELLS, plan_rows.cells(plan))
    database.load("base_periods", plan_rows.BASE_PERIODS, plan_rows.base_periods(plan))
    database.load("ranges", plan_rows.RANGES, plan_rows.ranges(plan))
    results = {
        "awards": AWARDS,
        "vetoes": VETOES,
        "sums": SUMS,
        "standings": STANDINGS,
        "spent": SPENT,
        "money": MONEY,
    }
    for table, columns in results.items():
        database.load(table, columns, [])


def award_queries(plan: Plan, *, wide: bool, chosen: str, gathers: bool = True) -> list[Query]:
    """The stages from match to veto: the last query, `priced`, are the chosen subjects' awards."""
    sized = any(member is not None for step in plan.limit_steps for *_, member in step.caps)
    carried = [*(["s.size_or_one"] if sized else []), *(["f.act"] if plan.best_of else [])]
    columns = ["fact", "subject", "item", "day", "rule", *(name[2:] for name in carried), "price", "note"]
    restricted = any(rule.item.classes for rule in plan.rules)
    worth = price.sql({rule.number: rule.item for rule in plan.rules}, plan.unit, wide=wide)
    matched = match.sql(worth, graded=plan.graded, restricted=restricted, carried=carried, chosen=chosen)
    queries = [Query("matched", matched)]
    counting = source = f"(SELECT {', '.join(columns)} FROM matched WHERE note = {Note.NONE:d})"
    if plan.repeating:
        doubled = repeat.sql(counting, columns, plan.repeating, len(plan.durations), plan.unit)
        queries.append(Query("repeated", doubled))
        source = "repeated"
    entering = (
        best_of.sql(source, columns, plan.best_of) if plan.best_of else best_of.all_alive(source, columns)
    )
    queries.append(Query("limited", entering, ("repeated",) if plan.repeating else ()))
    flow = [*(column for column in columns if column != "act"), "amount", "live", "mask"]
    queries += _limited(plan, flow, sized=sized, gathers=gathers)
    vetoes = any(rule.item.kind == "veto" for rule in plan.rules)
    windows = plan_rows.WINDOWS
    queries.append(Query("wiping", veto.windows_sql(counting, windows) if vetoes else veto.NONE))
    if vetoes:
        queries.append(Query("wiped", veto.wiped_sql(counting)))
    queries.append(Query("priced", veto.sql("matched", queries[-2 - vetoes].name, vetoes=vetoes)))
    return queries


def _limited(plan: Plan, flow: Sequence[str], *, sized: bool, gathers: bool) -> Iterator[Query]:
    source = "limited"
    for step in plan.limit_steps:
        *before, (name, through) = limit.queries(step, source, flow, sized=sized, gathers=gathers)
        for number, one in enumerate(before):
            yield Query(*one, frees=(source,) if number == 0 else ())
        yield Query(name, through, tuple(one for one, _ in before) or (source,))
        source = name


def total_queries(plan: Plan, *, ruled: bool) -> list[Query]:
    """The stages from total to level."""
    asked = [any(pair) for pair in zip(level.asks(plan.schemes), outcome.asks(plan.schemes), strict=True)]
    return [
        Query("present", total.PRESENT),
        Query("awarded", total.AWARDED),
        Query("base", total.BASE),
        Query("vetoed", total.VETOED),
        Query("totals", total.TOTALS, ("present", "awarded", "base", "vetoed")),
        Query("ranked", rank.sql(plan.schemes, members=asked[0], same=asked[1]), ("totals",)),
        *([Query("ruled", level.RULED)] if ruled else []),
        Query("levelled", level.sql(plan.schemes, ruled=ruled), ("ranked",)),
    ]


def run_totals(database: backends.Backend, plan: Plan) -> None:
    """The second half, over `sums`, `standings`, `vetoes`, `subjects` and the rulings among the awards."""
    rulings = _rulings(database, plan)
    if rulings:
        database.load("rulings", plan_rows.RULINGS, rulings)
    for query in total_queries(plan, ruled=bool(rulings)):
        database.define(query.name, query.sql)
        for name in query.frees:
            database.drop(name)


def _rulings(database: backends.Backend, plan: Plan) -> list[tuple[Any, ...]]:
    """Matched rulings with the days that they reach."""
    rules = {rule.number: rule.item for rule in plan.rulings}
    if not rules:
        return []
    found: list[tuple[Any, ...]] = []
    among = ", ".join(str(number) for number in rules)
    query = f"SELECT subject, fact, day, rule FROM awards WHERE rule IN ({among}) AND day <= {plan.end.toordinal()}"
    for subject, fact, number, rule in database.rows(
        f"{query} AND note NOT IN ({Note.REVERSED:d}, {Note.UNMATCHED:d})"
    ):
        effect = rules[rule].effect
        assert effect is not None
        assert effect.level is not None
        day = dt.date.fromordinal(number)
        last = effect.for_.after(day) if effect.for_ else day
        found.append((subject, fact, number, last.toordinal(), effect.level.zh))
    return found
