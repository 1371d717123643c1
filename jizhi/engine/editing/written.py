"""Parts of a document as they would be written in YAML: what a form fills in and what it gives back.

What stands at its default is left out, so that two spellings of one thing come out alike and only a real difference
becomes an edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from jizhi.engine.document.item import Effect, Item, Source
from jizhi.engine.document.level import Step
from jizhi.engine.document.limit import Limit
from jizhi.engine.document.outcome import Outcome, Then, When
from jizhi.engine.document.points import Bands, Between, Each, Fixed, Grades, Ladder
from jizhi.engine.document.reference import Reference
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.document.section import Section
from jizhi.engine.document.text import Text

Written = dict[str, Any]
SCHEME_KEYS = tuple(Scheme.written_keys())
ITEM_KEYS = tuple(Item.written_keys())
SECTION_KEYS = tuple(Section.written_keys())
OUTCOME_KEYS = tuple(Outcome.written_keys())


def item(one: Item) -> Written:
    """An item by its keys."""
    found = {
        "id": one.id,
        "section": one.section,
        "kind": str(one.kind),
        "title": text(one.title),
        "description": text(one.description),
        "aliases": list(one.aliases),
        "points": points(one.points),
        "effect": effect(one.effect),
        "limits": [limit(each) for each in one.limits],
        "repeat": {"factor": number(one.repeat.factor), "within": str(one.repeat.within)}
        if one.repeat
        else None,
        "best_of": one.best_of,
        "valid": str(one.valid) if one.valid else None,
        "classes": list(one.classes),
        "claim": [str(each) for each in one.claim],
        "evidence": [str(each) for each in one.evidence],
        "from": source(one.from_),
        "spendable": "true" if one.spendable else None,
        "published": None if one.published else "false",
        "notify": None if one.notify else "false",
        "reasons": dict(one.reasons),
        "reference": reference(one.reference),
    }
    return clean(found)


def section(one: Section) -> Written:
    """A chapter by its keys."""
    found = {
        "id": one.id,
        "title": text(one.title),
        "limits": [limit(each) for each in one.limits],
        "reasons": dict(one.reasons),
    }
    return clean(found)


def step(one: Step) -> Written:
    """One level."""
    found = {
        "level": text(one.level),
        "over": hundredths(one.over),
        "from": hundredths(one.from_),
        "top": str(one.top) if one.top is not None else None,
        "ties": one.ties,
    }
    return clean(found)


def outcome(one: Outcome) -> Written:
    """What follows from a period."""
    found = {
        "id": one.id,
        "title": text(one.title),
        "when": _when(one.when),
        "then": _then(one.then),
        "reasons": dict(one.reasons),
        "reference": reference(one.reference),
    }
    return clean(found)


def _when(one: When) -> Written:
    rank, total = one.rank, one.total
    found: Written = {
        "period": one.period,
        "rank": clean(
            {
                name: str(value) if value else None
                for name, value in (("top", rank.top), ("bottom", rank.bottom))
            }
        )
        if rank
        else None,
        "total": clean(
            {
                "below": hundredths(total.below),
                "from": hundredths(total.from_),
                "over": hundredths(total.over),
                "to": hundredths(total.to),
            }
        )
        if total
        else None,
        "level": list(one.level) if one.level else None,
        "vetoed": None if one.vetoed is None else str(one.vetoed).lower(),
        "running": str(one.running) if one.running > 1 else None,
    }
    return clean(found)


def _then(one: Then) -> Any:
    found = {
        "bar": list(one.bar),
        "for": str(one.for_) if one.for_ else None,
        "fact": clean(one.fact.model_dump()) if one.fact else None,
        "reward": text(one.reward),
        "list": one.list_,
        "published": "true" if one.published else None,
    }
    rest = clean(found)
    if not rest:
        return one.action
    return rest if one.action in rest else {"action": one.action, **rest}


def limit(one: Limit) -> Written:
    """`{points: 20, per: month}`."""
    found = {
        "points": hundredths(one.points),
        "times": None if one.times is None else str(one.times),
        "per": str(one.per),
        "per_member": "true" if one.per_member else None,
        "kind": one.kind if one.kind != "merit" else None,
    }
    return clean(found)


def points(one: Any) -> Any:
    """Any of the forms of points."""
    match one:
        case Fixed():
            return number(one.fixed)
        case Each():
            return {"each": number(one.each), "per": text(one.per)}
        case Grades():
            return {"grades": {key: _grade(each.points, each.title) for key, each in one.grades.items()}}
        case Ladder():
            return {"ladder": [number(each) for each in one.ladder]}
        case Bands():
            bands = [
                clean({"to": None if each.to is None else number(each.to), "each": number(each.each)})
                for each in one.bands
            ]
            return clean({"bands": bands, "per": text(one.per)})
        case Between():
            return {"between": [number(each) for each in one.between]}
    return None


def _grade(amount: Decimal, title: Text | None) -> Any:
    return number(amount) if title is None else {"points": number(amount), "title": text(title)}


def effect(one: Effect | None) -> Written | None:
    """What a veto or a ruling does."""
    if one is None:
        return None
    found = {
        "zero": str(one.zero) if one.zero else None,
        "bar": list(one.bar),
        "level": text(one.level),
        "for": str(one.for_) if one.for_ else None,
    }
    return clean(found)


def source(one: Source | None) -> Written | None:
    """Where a derived fact comes from."""
    return None if one is None else {one.kind: one.name, **one.conditions}


def reference(one: Reference | None) -> Any:
    """The basis of a rule."""
    if one is None:
        return None
    found = one.model_dump(exclude={"expires"})
    found["expires"] = str(one.expires) if one.expires else ""
    rest = clean(found)
    return rest["zh"] if list(rest) == ["zh"] else rest


def text(one: Text | None) -> Any:
    """A word, or Chinese and English."""
    if one is None:
        return None
    return {"zh": one.zh, "en": one.en} if one.en else one.zh


def number(amount: Decimal) -> str:
    """A decimal without needless zeros."""
    plain = f"{amount:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def hundredths(amount: int | None) -> str | None:
    """Points in hundredths."""
    return None if amount is None else number(Decimal(amount).scaleb(-2))


def clean(found: Written) -> Written:
    """Without what is empty."""
    empty: Sequence[Any] = (None, "", [], {})
    return {key: value for key, value in found.items() if value not in empty}
