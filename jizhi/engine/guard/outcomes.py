"""What the guard has against outcomes and levels: rights withheld, lists of low persons, fines, what never comes about.

Pairs of a code of `rules.py` and the word that gave it away. Items are looked at in `items.py`.
"""

from __future__ import annotations

import datetime as dt

from jizhi.engine.document.item import Kind
from jizhi.engine.document.level import Step
from jizhi.engine.document.outcome import Outcome
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.document.text import Text
from jizhi.engine.guard import plain, words
from jizhi.engine.guard.items import Found, against_reference, withheld


def against(scheme: Scheme, outcome: Outcome, on: dt.date | None) -> Found:
    """Everything against one outcome."""
    yield from _words(scheme, outcome)
    if reason := _never(scheme, outcome):
        yield "idle-outcome", reason
    if outcome.reference is None:
        yield "no-reference", outcome.id
    else:
        yield from against_reference(outcome.reference, on)


def against_levels(scheme: Scheme) -> Found:
    """Levels that brand or withhold by their name, and levels that nobody can get."""
    steps = scheme.levels.steps if scheme.levels else ()
    persons = scheme.subject in ("person", "household")
    for step in steps:
        said = _said(step.level)
        if word := withheld((), said):
            yield "lawful-rights", word
        if persons and (found := words.BLACK.search(said) or words.LOWLY.search(said)):
            yield "person-blacklist", found[0]
    ruled = {
        item.effect.level.zh
        for item in scheme.items
        if item.kind == Kind.RULING and item.effect and item.effect.level
    }
    for place, step in enumerate(steps):
        if step.level.zh not in ruled and any(_covers(before, step) for before in steps[:place]):
            yield "idle-level", step.level.zh


def _covers(before: Step, step: Step) -> bool:
    """Whether everybody who fits a step has already fitted the one before."""
    if before.top is not None:
        return False
    low, own = _threshold(before), _threshold(step)
    return low is None or (own is not None and low <= own)


def _threshold(step: Step) -> tuple[int, bool] | None:
    """The least total that a step asks for, and whether it must be exceeded; None when it asks for nothing."""
    asked = [(step.from_, False), (step.over, True)]
    return max(((points, above) for points, above in asked if points is not None), default=None)


def _said(*texts: Text | str | None) -> str:
    """The words in one spelling, without what is said not to happen."""
    parts: list[str] = []
    for text in texts:
        parts += [text.zh, text.en] if isinstance(text, Text) else [text or ""]
    return plain.tight(words.SAFE.sub("", plain.spoken(*parts)))


def _words(scheme: Scheme, outcome: Outcome) -> Found:
    then = outcome.then
    said = _said(outcome.id, outcome.title, then.reward)
    if word := withheld(then.bar, said):
        yield "lawful-rights", word
    if found := words.FINE.search(said):
        yield "fine", found[0]
    if scheme.subject not in ("person", "household"):
        return
    listed = _said(outcome.id, outcome.title, then.reward, then.list_)
    if found := words.BLACK.search(listed):
        yield "person-blacklist", found[0]
    elif _low(scheme, outcome) or words.LOWLY.search(said):
        posted = words.POSTED.search(said)
        if then.published or then.list_ or posted:
            yield "person-blacklist", posted[0] if posted else f"list: {then.list_ or 'published'}"


def _low(scheme: Scheme, outcome: Outcome) -> bool:
    """Whether an outcome picks out those with few points."""
    when = outcome.when
    lowest = scheme.levels.steps[-1].level.zh if scheme.levels and len(scheme.levels.steps) > 1 else None
    few = when.total and (when.total.below is not None or when.total.to is not None)
    return bool((when.rank and when.rank.bottom) or few or when.vetoed or (lowest in (when.level or ())))


def _never(scheme: Scheme, outcome: Outcome) -> str:
    """Why an outcome can never come about."""
    period, total = outcome.when.period, outcome.when.total
    if not (scheme.uses_valid if period == "standing" else period in scheme.periods.settled):
        return f"period: {period}"
    if total is None:
        return ""
    low = max(((x, above) for x, above in ((total.from_, 0), (total.over, 1)) if x is not None), default=None)
    high = min(((x, -below) for x, below in ((total.to, 0), (total.below, 1)) if x is not None), default=None)
    if low is None or high is None:
        return ""
    empty = low[0] > high[0] or (low[0] == high[0] and (low[1] or high[1]))
    return "total" if empty else ""
