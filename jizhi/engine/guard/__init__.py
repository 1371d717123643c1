"""The law guard: what a scheme may not do, refused while it is written, with the reason and the article.

It reads words, so it can only find what is named: a scheme that passes is not thereby lawful, people still decide. A
warning is let pass when the item, the outcome or the scheme gives `reasons: {code: why}`; an error never is. It has no
clock: the day for expired references is passed in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from jizhi.engine.document import resolution
from jizhi.engine.document.item import Item
from jizhi.engine.document.outcome import Outcome
from jizhi.engine.document.problem import Problem
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.document.section import Section
from jizhi.engine.document.text import Text
from jizhi.engine.guard import items, outcomes
from jizhi.engine.guard.rules import LAW, RULES, Rule
from jizhi.engine.reading import words as reading_words

__all__ = ["LAW", "RULES", "Rule", "check"]


def check(
    scheme: Scheme, on: dt.date | None = None, file: str = "", lines: Mapping[str, int] | None = None
) -> list[Problem]:
    """Everything the guard has against a scheme, errors first; `file` and `lines` say where items and outcomes are."""
    at = lines or {}
    problems = [
        Problem(
            rule.code, rule.level, rule.why, file, _line(at, rule, where), where, word, article=rule.article
        )
        for rule, where, word in _found(scheme, on)
    ]
    for one in resolution.idle_limits(scheme):
        owner = _owner(scheme, one.path)
        if one.code not in owner.reasons and one.code not in scheme.reasons:
            message = Text(zh=one.zh, en=one.en)
            where = at.get("(limits)" if one.path[0] == "limits" else owner.id, 0)
            expected = reading_words.expected(one.expected)
            problems.append(Problem(one.code, "warning", message, file, where, owner.id, one.found, expected))
    return sorted(problems, key=lambda problem: (problem.level, problem.item, problem.code))


def _line(at: Mapping[str, int], rule: Rule, where: str) -> int:
    """The line of a part; levels have no id of their own."""
    return at.get("(levels)" if rule.code == "idle-level" else where, 0)


def _found(scheme: Scheme, on: dt.date | None) -> Iterator[tuple[Rule, str, str]]:
    """Rule, id of the part, and the word that gave it away; without the warnings for which a reason is given."""
    for part, found in _parts(scheme, on):
        for code, word in found:
            if RULES[code].level == "error" or (code not in part.reasons and code not in scheme.reasons):
                yield RULES[code], part.id, word
    for section in scheme.sections:
        for code, word in items.against_section(scheme, section):
            yield RULES[code], section.id, word


def _parts(
    scheme: Scheme, on: dt.date | None
) -> Iterator[tuple[Scheme | Item | Outcome, Iterator[tuple[str, str]]]]:
    """Each part with what there is against it."""
    for item in scheme.items:
        yield item, items.against(scheme, item, on)
    for outcome in scheme.outcomes:
        yield outcome, outcomes.against(scheme, outcome, on)
    yield scheme, outcomes.against_levels(scheme)
    yield scheme, items.against_reference(scheme.reference, on)


def _owner(scheme: Scheme, path: resolution.Path) -> Item | Section | Scheme:
    """The item or section that a path lies in, or the scheme itself."""
    part, place = path[0], path[1]
    if part in ("items", "sections") and isinstance(place, int):
        owners: Sequence[Item | Section] = scheme.items if part == "items" else scheme.sections
        return owners[place]
    return scheme
