"""A whole explanation for JSON: points as decimals in text, days as ISO text, money in whole fen.

Keys are stable and listed in docs/howto/read-an-explanation.md; sentences are in the language asked for.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from jizhi.engine import describe
from jizhi.engine.document.base import Portion
from jizhi.engine.explain.parts import Condition, Explanation, FactLine, OutcomeLine, Wiped
from jizhi.engine.explain_words import sentences
from jizhi.engine.files import decimal


def as_data(explanation: Explanation, language: str) -> dict[str, Any]:
    """The whole reasoning."""
    one, places = explanation, explanation.places
    return {
        "scheme": one.scheme,
        "title": one.title.say(language),
        "subject": one.subject,
        "group": one.group,
        "period_kind": one.period_kind,
        "period": one.period,
        "from": one.start.isoformat(),
        "to": one.end.isoformat(),
        "version": _day(one.version),
        "file": one.file,
        "reference": one.reference.say(language) if one.reference else None,
        "base": decimal(one.base, places),
        "awarded": decimal(one.awarded, places),
        "unclamped": decimal(one.unclamped, places),
        "range": {"min": _points(one.floor, places), "max": _points(one.ceiling, places)},
        "clamp": sentences.clamp(one, language),
        "total": decimal(one.total, places),
        "vetoed": one.vetoed,
        "rank": _rank(one, language),
        "level": _level(one, language),
        "base_lines": [
            {
                "period": line.period,
                "points": decimal(line.points, places),
                "counted": decimal(line.counted, places),
                "note": line.note,
                "veto": _wiped(line.wiped, language),
                "reason": sentences.note(line, language),
            }
            for line in one.base_lines
        ],
        "lines": [_line(line, one, language) for line in one.lines],
        "outcomes": [_outcome(line, one, language) for line in one.outcomes],
        "share": _share(one, language),
        "refused": [
            {"fact": row.fact, "date": row.date.isoformat(), "item": row.item, "reason": row.reason}
            for row in one.refused
        ],
    }


def _points(amount: int | None, places: int) -> str | None:
    return None if amount is None else decimal(amount, places)


def _number(amount: Decimal | None) -> str | None:
    return None if amount is None else describe.number(amount)


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _window(start: dt.date, end: dt.date) -> dict[str, str | None]:
    ever = start == dt.date.min
    return {"from": None if ever else start.isoformat(), "to": None if ever else end.isoformat()}


def _wiped(one: Wiped | None, language: str) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "fact": one.fact,
        "title": one.title.say(language),
        "date": one.date.isoformat(),
        **_window(one.start, one.end),
    }


def _rank(one: Explanation, language: str) -> dict[str, Any] | None:
    if one.rank_line is None:
        return {"rank": one.rank} if one.rank is not None else None
    line = one.rank_line
    return {
        "rank": line.rank,
        "members": line.members,
        "same": line.same,
        "within": list(line.within),
        "tie_break": list(line.tie_break),
        "reason": sentences.rank(line, one, language),
    }


def _level(one: Explanation, language: str) -> dict[str, Any] | None:
    line = one.level_line
    if line is None:
        return {"level": sentences.level_name(one.level, one, language)} if one.level else None
    return {
        "level": line.level.say(language),
        "ruling": line.ruling.fact if line.ruling else None,
        "over": _points(line.over, one.places),
        "from": _points(line.from_, one.places),
        "top": sentences.portion(line.top) if line.top else None,
        "places": line.places,
        "reason": sentences.level(line, one, language),
    }


def _line(line: FactLine, one: Explanation, language: str) -> dict[str, Any]:
    places, repetition, better = one.places, line.repetition, line.better
    return {
        "fact": line.fact,
        "date": line.date.isoformat(),
        "item": line.item,
        "title": line.title.say(language),
        "section": line.section.say(language) if line.section else None,
        "kind": line.kind,
        "quantity": _number(line.quantity),
        "size": line.size,
        "grade": line.grade,
        "given": _number(line.given),
        "act": line.act,
        "price": decimal(line.price, places),
        "repeat": repetition
        and {
            "fact": repetition.fact,
            "date": repetition.date.isoformat(),
            "factor": describe.number(repetition.factor),
            "once": decimal(repetition.once, places),
        },
        "best_of": better
        and {
            "fact": better.fact,
            "title": better.title.say(language),
            "price": decimal(better.price, places),
        },
        "cuts": [
            {
                "limit": cut.name,
                "points": decimal(cut.points, places),
                "cap": cut.cap if cut.times else decimal(cut.cap, places),
                "used": cut.used if cut.times else decimal(cut.used, places),
                "times": cut.times,
                **_window(cut.start, cut.end),
            }
            for cut in line.cuts
        ],
        "veto": _wiped(line.wiped, language),
        "awarded": decimal(line.awarded, places),
        "held_back": decimal(line.held_back, places),
        "note": line.note,
        "unmatched": line.unmatched,
        "reasoning": sentences.reckoning(line, one, language),
        "version": _day(line.version),
        "file": line.file,
        "reference": line.reference.say(language) if line.reference else None,
    }


def _outcome(line: OutcomeLine, one: Explanation, language: str) -> dict[str, Any]:
    return {
        "outcome": line.rule.id,
        "title": line.rule.title.say(language),
        "then": line.rule.then.action,
        "met": line.met,
        "conditions": [
            {
                "name": each.name,
                "wanted": _value(each, each.wanted, one.places),
                "found": _value(each, each.found, one.places),
                "met": each.met,
            }
            for each in line.conditions
        ],
        "running": line.rule.when.running,
        "streak": [
            {"period": each.period, "held": each.held, "present": each.present, "listed": each.listed}
            for each in line.streak
        ],
        "reason": sentences.outcome(line, one, language),
        "reference": line.rule.reference.say(language) if line.rule.reference else None,
    }


def _value(one: Condition, value: object, places: int) -> Any:
    """Points as decimals, portions as text, levels as a list."""
    if isinstance(value, Portion):
        return sentences.portion(value)
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, int) and not isinstance(value, bool) and one.name in ("below", "from", "over", "to"):
        return decimal(value, places)
    return value


def _share(one: Explanation, language: str) -> dict[str, Any] | None:
    line = one.share
    if line is None:
        return None
    return {
        "points": decimal(line.points, one.places),
        "above": decimal(line.above, one.places),
        "whole": decimal(line.whole, one.places),
        "pool": line.pool,
        "exact": line.exact,
        "remainder": line.remainder,
        "fen": line.fen,
        "reason": sentences.share(line, one, language),
    }
