"""The cases of a draft, run as they stand: what is put in, what should come out, what does.

The reference evaluator runs them: it is the one that the others are held to.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from jizhi.drafting import models
from jizhi.drafting.selectors import reading
from jizhi.engine import cases
from jizhi.engine.document import scheme as documents
from jizhi.engine.document.problem import DocumentError, Problem
from jizhi.engine.loader import Versions
from jizhi.engine.tables import Fact
from jizhi.schemes.models import SchemeVersion


@dataclass(frozen=True, slots=True)
class Wrong:
    """A value that came out otherwise."""

    subject: str
    name: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class FactLine:
    """One act of a case, in words of the scheme."""

    subject: str
    item: str
    title: str
    date: str
    amount: str


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case with its result; `place` is its place in the list."""

    place: int
    line: int
    name: str
    period: str
    facts: tuple[FactLine, ...]
    expected: tuple[tuple[str, str, str], ...]
    wrong: tuple[Wrong, ...]

    @property
    def passed(self) -> bool:
        return not self.wrong


@dataclass(frozen=True)
class CaseRun:
    """All cases; `problems` when their text cannot be understood."""

    lines: list[CaseLine] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def failing(self) -> int:
        """How many fail, or cannot be read."""
        return sum(1 for one in self.lines if one.wrong) + len(self.problems)


def first_day(base: SchemeVersion | None) -> dt.date | None:
    """From when the cases take the draft to apply: since the first of the versions that it goes back to."""
    day = None
    while base is not None:
        day = base.applies_from_date if day is None else min(day, base.applies_from_date)
        draft = models.Draft.objects.filter(version=base).select_related("base").first()
        base = draft.base if draft else None
    return day


_RUNS: dict[tuple[str, str, dt.date | None], CaseRun] = {}
KEPT = 32


def run(found: reading.Document, text: str, since: dt.date | None) -> CaseRun:
    """Runs the cases on the document, as if it had been in force since that day, or always."""
    if found.scheme is None or not text.strip():
        return CaseRun()
    key = (found.source, text, since)
    if key not in _RUNS:
        while len(_RUNS) >= KEPT:
            _RUNS.pop(next(iter(_RUNS)), None)
        _RUNS[key] = _run(found.scheme, text, since)
    return _RUNS[key]


def known(found: reading.Document, text: str, since: dt.date | None) -> CaseRun | None:
    """What an earlier run found, if there was one: dozens of cases take a second."""
    if found.scheme is None or not text.strip():
        return CaseRun()
    return _RUNS.get((found.source, text, since))


def _run(scheme: documents.Scheme, text: str, since: dt.date | None) -> CaseRun:
    versions = Versions.of((since, scheme))
    try:
        read = cases.of_text(text, {scheme.id: versions})
    except DocumentError as error:
        return CaseRun(problems=error.problems)
    return CaseRun([_line(place, one, versions) for place, one in enumerate(read)])


def _line(place: int, case: cases.Case, versions: Versions) -> CaseLine:
    wrong = tuple(
        Wrong(one.subject, one.name, one.expected, one.found) for one in cases.run(case, "reference")
    )
    expected = tuple(
        (subject, name, " ".join(map(str, value)) if isinstance(value, list) else str(value))
        for subject, values in case.output.items()
        for name, value in values.items()
    )
    facts = tuple(_fact(fact, versions) for fact in case.facts)
    return CaseLine(place, case.line, case.name, case.period.label, facts, expected, wrong)


def _fact(fact: Fact, versions: Versions) -> FactLine:
    item = versions.latest.item(fact.item)
    amount = next((str(one) for one in (fact.quantity, fact.grade, fact.given) if one is not None), "")
    title = item.title.zh if item else fact.item
    return FactLine(fact.subject, fact.item, title, fact.date.isoformat(), amount)
