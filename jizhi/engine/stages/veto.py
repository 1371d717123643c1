"""Veto: inside its window every fact of the subject is awarded nothing.

It comes after the limits, so what it wipes has used them up. Base points are handled by `total`, bars by people.
"""
# ruff: noqa: S608 - SQL is put together from numbers and quoted words of the document

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from jizhi.engine.notes import Note
from jizhi.engine.windows import Span


def wiped(day: dt.date, spans: Iterable[Span]) -> bool:
    """Whether an act of that day lies inside any veto's window."""
    return any(span.holds(day) for span in spans)


def windows_sql(source: str, windows: Iterable[str]) -> str:
    """The days that each veto among the counting facts of `source` wipes out."""
    firsts = " ".join(f"WHEN '{window}' THEN d.{window}_first" for window in windows)
    lasts = " ".join(f"WHEN '{window}' THEN d.{window}_last" for window in windows)
    return f"""
SELECT DISTINCT m.subject, CASE r.zero {firsts} END AS first, CASE r.zero {lasts} END AS last
FROM {source} m
JOIN rules r ON r.rule = m.rule
JOIN days d ON d.day = m.day
WHERE r.zero IS NOT NULL"""


NONE = """
SELECT CAST(0 AS INTEGER) AS subject, CAST(0 AS INTEGER) AS first, CAST(0 AS INTEGER) AS last WHERE FALSE"""


def wiped_sql(source: str) -> str:
    """The facts of `source` that lie in a veto's window."""
    return f"""
SELECT DISTINCT m.subject, m.fact FROM {source} m
JOIN wiping v ON v.subject = m.subject AND m.day BETWEEN v.first AND v.last"""


def sql(matched: str, flow: str, *, vetoes: bool) -> str:
    """The chosen subjects' awards: what counted after every cut, and what did not count."""
    wiped = "LEFT JOIN wiped w ON w.subject = f.subject AND w.fact = f.fact" if vetoes else ""
    gone = "w.fact IS NOT NULL" if vetoes else "FALSE"
    return f"""
SELECT f.fact, f.subject, f.item, f.day, f.rule, r.sign * f.price AS price,
       CASE WHEN {gone} THEN 0 ELSE r.sign * f.amount END AS awarded,
       CASE WHEN f.note = {Note.BEST_OF:d} THEN 0 ELSE r.sign * (f.price - f.amount) END AS held_back, f.mask,
       CASE WHEN {gone} THEN {Note.VETO:d} ELSE f.note END AS note
FROM {flow} f JOIN rules r ON r.rule = f.rule {wiped}
UNION ALL
SELECT m.fact, m.subject, m.item, m.day, m.rule, CAST(0 AS BIGINT) AS price, CAST(0 AS BIGINT) AS awarded,
       CAST(0 AS BIGINT) AS held_back, CAST(0 AS BIGINT) AS mask, m.note
FROM {matched} m WHERE m.note <> {Note.NONE:d}"""
