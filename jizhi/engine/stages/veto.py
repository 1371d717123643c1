"""Veto: inside its window every fact of the subject is awarded nothing.

It comes after the limits, so what it wipes has used them up. Base points are handled by `total`, bars by people.
"""
# ruff: noqa: S608 - SQL is put together from numbers and quoted words of the document

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from jizhi.engine.windows import Span


def wiped(day: dt.date, spans: Iterable[Span]) -> bool:
    """Whether an act of that day lies inside any veto's window."""
    return any(span.holds(day) for span in spans)


def windows_sql(windows: Iterable[str]) -> str:
    """`vetoes`: the days that each veto wipes out."""
    firsts = " ".join(f"WHEN '{window}' THEN d.{window}_first" for window in windows)
    lasts = " ".join(f"WHEN '{window}' THEN d.{window}_last" for window in windows)
    return f"""
CREATE TABLE vetoes AS
SELECT DISTINCT m.subject, CASE e.zero {firsts} END AS first, CASE e.zero {lasts} END AS last
FROM matched m
JOIN effects e ON e.version = m.version AND e.item = m.item
JOIN days d ON d.day = m.day
WHERE m.note = '' AND e.zero IS NOT NULL
"""


def sql(last_flow: int) -> str:
    """`awards`: every fact's row, wiped where a veto reaches it."""
    return f"""
CREATE TABLE awards AS
SELECT a.fact, a.subject, a.item, a.day, a.price,
       CASE WHEN a.wiped THEN 0 ELSE a.amount END AS awarded, a.held_back, a.cuts,
       CASE WHEN a.wiped THEN 'veto' WHEN a.note <> '' THEN a.note WHEN a.dropped THEN 'best_of'
            WHEN a.repeats THEN 'repeat' ELSE '' END AS note,
       a.until
FROM (
    SELECT m.fact, m.subject, m.item, m.day, m.note, m.until,
           COALESCE(m.sign * c.price, 0) AS price,
           COALESCE(m.sign * f.amount, 0) AS amount,
           COALESCE(m.sign * (c.price - f.amount), 0) AS held_back,
           COALESCE(f.cuts, '') AS cuts, COALESCE(c.dropped, FALSE) AS dropped, COALESCE(c.repeats, FALSE) AS repeats,
           m.note = '' AND m.fact IN (
               SELECT w.fact FROM matched w JOIN vetoes v ON v.subject = w.subject AND w.day BETWEEN v.first AND v.last
           ) AS wiped
    FROM matched m
    LEFT JOIN chosen c ON c.fact = m.fact
    LEFT JOIN flow_{last_flow} f ON f.fact = m.fact
) a
"""
