"""The law guard for assessments: what a sheet may not measure and what may not follow from it, with the article.

The word lists and rules are those of `guard.py`; like it, this reads words and replaces nobody's judgement. A warning
is let pass when the indicator or outcome gives `reasons: {code: why}`; an error never is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from jizhi.engine.document.assessment import walk
from jizhi.engine.document.assessment.assessment import PENALTY, Assessment
from jizhi.engine.document.assessment.consequence import Consequence
from jizhi.engine.document.assessment.indicator import Indicator, Mode
from jizhi.engine.document.assessment.marks import points
from jizhi.engine.document.assessment.part import Extras
from jizhi.engine.document.problem import Problem
from jizhi.engine.document.text import Text
from jizhi.engine.guard import RULES, plain, words
from jizhi.engine.guard.items import Found, against_reference, withheld

PERSONS = ("person", "household")
AGAINST = (Mode.DEDUCT, Mode.VETO)  # what is counted there is counted against the subject


def check(
    document: Assessment, on: dt.date | None = None, file: str = "", lines: Mapping[str, int] | None = None
) -> list[Problem]:
    """Everything the guard has against an assessment, errors first; `lines` says where indicators and outcomes are."""
    known = lines or {}
    problems = [
        Problem(rule.code, rule.level, rule.why, file, known.get(where, 0), where, word, article=rule.article)
        for code, where, word in (*_indicators(document, on), *_outcomes(document, on))
        for rule in [RULES[code]]
    ]
    for name, extras in (("bonus", document.bonus), ("penalty", document.penalty)):
        problems += [
            Problem("idle-limit", "warning", IDLE, file, known.get(name, 0), name, found, expected)
            for found, expected in _idle(extras)
        ]
    return sorted(problems, key=lambda problem: (problem.level, problem.item, problem.code))


IDLE = Text(
    zh="这个上限永远用不到：各项满分之和不超过它",
    en="this limit can never bind: the indicators' full marks do not exceed it",
)


def _idle(extras: Extras | None) -> Iterator[tuple[str, str]]:
    whole = sum(one.full_mark for one in extras.indicators) if extras else 0
    if extras and extras.limit is not None and whole <= extras.limit:
        yield points(extras.limit), f"< {points(whole)}"


def _said(*texts: Text | str | None) -> str:
    """The words in one spelling, without what is said not to happen."""
    parts: list[str] = []
    for text in texts:
        parts += [text.zh, text.en] if isinstance(text, Text) else [text or ""]
    return words.SAFE.sub("", plain.spoken(*parts))


def _indicators(document: Assessment, on: dt.date | None) -> Iterator[tuple[str, str, str]]:
    for path, one in walk.indicators(document):
        against = one.mode in AGAINST or path[0] == PENALTY or one.order == "lowest"
        found = (*_indicator_words(document, one, against), *_form(one, against), *_reference(one, on))
        for code, word in found:
            if RULES[code].level == "error" or code not in {**document.reasons, **one.reasons}:
                yield code, one.id, word


def _indicator_words(document: Assessment, one: Indicator, against: bool) -> Found:
    marks = {**(one.faults or {}), **(one.grades or {})}
    said = _said(one.id, one.title, one.description, *marks, *(mark.title for mark in marks.values()))
    tight = plain.tight(said)
    if against:
        if found := words.PETITION.search(words.ANSWERED.sub("", tight)):
            yield "petition", found[0]
        family = words.FAMILY.search(said) if document.subject == "person" else None
        if family and not words.NOT_FAMILY.search(said):
            yield "family-liability", family[0]
        if found := words.CUSTOM.search(tight):
            yield "custom", found[0]
    elif found := words.SILENCE.search(tight):
        yield "petition", found[0]
    if found := words.APP.search(tight):
        yield "app-use", found[0]
    if found := words.FINE.search(tight):
        yield "fine", found[0]
    if document.subject in PERSONS and one.published and (found := words.SENSITIVE.search(tight)):
        yield "sensitive", found[0]


def _form(one: Indicator, against: bool) -> Found:
    if against and not one.notify:
        yield "silent-fault", "notify: false"


def _reference(one: Indicator | Consequence, on: dt.date | None) -> Found:
    if one.reference is None:
        yield "no-reference", one.id
    yield from against_reference(one.reference, on)


def _outcomes(document: Assessment, on: dt.date | None) -> Iterator[tuple[str, str, str]]:
    for outcome in document.outcomes:
        for code, word in (*_outcome_words(document, outcome), *_reference(outcome, on)):
            if RULES[code].level == "error" or code not in {**document.reasons, **outcome.reasons}:
                yield code, outcome.id, word


def _outcome_words(document: Assessment, outcome: Consequence) -> Found:
    then = outcome.then
    said = plain.tight(_said(outcome.id, outcome.title, then.reward))
    if word := withheld(then.bar, said):
        yield "lawful-rights", word
    if found := words.FINE.search(said):
        yield "fine", found[0]
    if document.subject not in PERSONS:
        return
    listed = plain.tight(_said(outcome.id, outcome.title, then.reward, then.list_))
    if found := words.BLACK.search(listed):
        yield "person-blacklist", found[0]
    elif _low(document, outcome) or words.LOWLY.search(said):
        posted = words.POSTED.search(said)
        if then.published or then.list_ or posted:
            yield "person-blacklist", posted[0] if posted else f"list: {then.list_ or 'published'}"


def _low(document: Assessment, outcome: Consequence) -> bool:
    """Whether it singles out those at the bottom: by rank, by total, or by the last grade."""
    when = outcome.when
    if (when.rank and when.rank.bottom) or (
        when.total and (when.total.below is not None or when.total.to is not None)
    ):
        return True
    grades = document.grades_of(when.period or document.round)
    return bool(grades and when.grade and grades.steps[-1].grade in when.grade)
