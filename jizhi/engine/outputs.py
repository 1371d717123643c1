"""The settled tables as people read them: keys instead of numbers, words instead of marks, in the binding columns.

Queries only. Points are still hundredths here; `files.py` writes them as decimals.
"""
# ruff: noqa: S608 - SQL is put together from numbers and quoted words of the document

from __future__ import annotations

from typing import NamedTuple

from jizhi.engine import backends
from jizhi.engine.notes import Note
from jizhi.engine.plan import Plan
from jizhi.engine.stages import outcome, reason, share


class Output(NamedTuple):
    """One result table: its name, its query and the key by which it is sorted."""

    name: str
    query: str
    key: str

    @property
    def ordered(self) -> str:
        """The rows in order."""
        return f"SELECT q.* FROM ({self.query}) q ORDER BY {self.key}"


def all_of(database: backends.Backend, plan: Plan, pool: int | None) -> list[Output]:
    """Awards, totals, outcomes and shares."""
    return [Output("awards", awards(database, plan), "fact"), *consequences(plan, pool)]


def consequences(plan: Plan, pool: int | None) -> list[Output]:
    """Totals, outcomes and shares."""
    return [
        Output("totals", totals(), "subject, period_kind, period"),
        Output("outcomes", outcomes(plan), "subject, period, outcome"),
        Output("shares", shares(plan, pool), "subject, period"),
    ]


CUTS = {"rule": "INTEGER", "mask": "BIGINT", "cut": "INTEGER"}
CUT_NAMES = {"cut": "INTEGER", "label": "VARCHAR"}
ITEMS = {"item": "INTEGER", "name": "VARCHAR"}
NOTES = {"note": "INTEGER", "word": "VARCHAR"}


def awards(database: backends.Backend, plan: Plan) -> str:
    """fact, subject, item, date, price, awarded, held_back, limit, note."""
    return f"""
SELECT a.fact, s.key AS subject, i.name AS item, d.date, a.price, a.awarded, a.held_back,
       c.label AS "limit", n.word AS note
FROM ({numbered_awards(database, plan)}) a
JOIN subjects s ON s.subject = a.subject
JOIN item_names i ON i.item = a.item
JOIN days d ON d.day = a.day
JOIN notes n ON n.note = a.note
JOIN cut_names c ON c.cut = a.cut"""


def numbered_awards(database: backends.Backend, plan: Plan) -> str:
    """The same in numbers: fact, subject, item, day, price, awarded, held_back, cut, note; loads what they stand for.

    `item_names`, `notes` and `cut_names` count from 0.
    """
    found = sorted(database.rows("SELECT DISTINCT rule, mask FROM awards WHERE mask <> 0"))
    labels = [_label(plan, rule, mask) for rule, mask in found]
    names = list(dict.fromkeys(["", *labels]))
    cuts = [(*pair, names.index(label)) for pair, label in zip(found, labels, strict=True)]
    database.load("cuts", CUTS, cuts)
    database.load("cut_names", CUT_NAMES, list(enumerate(names)))
    database.load("item_names", ITEMS, [(number, name) for name, number in plan.names.items.items()])
    database.load("notes", NOTES, [(note.value, note.word) for note in Note])
    return f"""
SELECT a.fact, a.subject, a.item, a.day, a.price, a.awarded, a.held_back, COALESCE(c.cut, 0) AS cut, a.note
FROM awards a
LEFT JOIN cuts c ON c.rule = a.rule AND c.mask = a.mask
WHERE a.day BETWEEN {plan.start.toordinal()} AND {plan.end.toordinal()}"""


def _label(plan: Plan, rule: int, mask: int) -> str:
    return "; ".join(step.names[rule] for step in plan.limit_steps if mask & step.bit)


def totals() -> str:
    """subject, group, period_kind, period, base, awarded, total, rank, level, vetoed."""
    return """
SELECT s.key AS subject, s.grp AS "group", l.kind AS period_kind, p.label AS period, l.base, l.awarded, l.total,
       l.rank, l.level, l.vetoed
FROM levelled l
JOIN periods p ON p.number = l.period
JOIN subjects s ON s.subject = l.subject
WHERE p.listed"""


def outcomes(plan: Plan) -> str:
    """subject, group, period, outcome, title, reason."""
    query = outcome.sql(plan.schemes)
    words = " ".join(
        f"WHEN l.version = {version} AND o.outcome = {place} THEN {reason.sql(rule.when)}"
        for version, scheme in enumerate(plan.schemes)
        for place, rule in enumerate(scheme.outcomes)
    )
    names = _named(plan, "id"), _named(plan, "title")
    return f"""
SELECT s.key AS subject, s.grp AS "group", p.label AS period, {names[0]} AS outcome, {names[1]} AS title,
       {f"CASE {words} ELSE '' END" if words else "''"} AS reason
FROM ({query}) o
JOIN levelled l ON l.subject = o.subject AND l.period = o.period
JOIN periods p ON p.number = o.period
JOIN subjects s ON s.subject = o.subject"""


def _named(plan: Plan, what: str) -> str:
    whens = " ".join(
        f"WHEN l.version = {version} AND o.outcome = {place} "
        f"THEN {backends.literal(rule.id if what == 'id' else rule.title.zh)}"
        for version, scheme in enumerate(plan.schemes)
        for place, rule in enumerate(scheme.outcomes)
    )
    return f"CASE {whens} ELSE '' END" if whens else "''"


def shares(plan: Plan, pool: int | None) -> str:
    """subject, group, period, points, fen."""
    return f"""
SELECT s.key AS subject, s.grp AS "group", p.label AS period, e.points, e.fen
FROM ({share.sql(plan.schemes, pool)}) e
JOIN periods p ON p.number = e.period
JOIN subjects s ON s.subject = e.subject"""
