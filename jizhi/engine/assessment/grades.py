"""Rank and grade inside the group of comparison: thresholds, quotas with ties, and what a veto or a decision says.

A subject without a total takes no place and leaves none empty. Equal totals share the lower number (1, 1, 3).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from jizhi.engine.assessment.rows import Result
from jizhi.engine.document.assessment.assessment import BONUS, PENALTY, Assessment
from jizhi.engine.document.assessment.grade import Grades
from jizhi.engine.document.base import Portion

Key = tuple[int, ...]


def inside(document: Assessment, result: Result) -> tuple[str, str]:
    """The group and class inside which a result is compared."""
    within = document.rank.within
    if "all" in within:
        return "", ""
    return result.group if "group" in within else "", result.klass if "class" in within else ""


def ranked(document: Assessment, results: Iterable[Result]) -> list[Result]:
    """Results of one period with rank and grade; those without a total are passed through."""
    found: list[Result] = []
    groups: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for result in results:
        if result.total is None:
            found.append(result)
        else:
            groups[inside(document, result)].append(result)
    for members in groups.values():
        keys = sorted((_key(document, one) for one in members), reverse=True)
        places = {key: place for place, key in reversed(list(enumerate(keys, 1)))}
        for one in members:
            key = _key(document, one)
            ranked_one = replace(one, rank=places[key])
            grade = _grade(document, ranked_one, len(members), keys.count(key))
            found.append(replace(ranked_one, grade=grade))
    return sorted(found, key=lambda one: (one.subject, one.period))


def _key(document: Assessment, result: Result) -> Key:
    """What puts one result before another: the total, then the tie-break columns."""
    parts = dict(result.parts) | {BONUS: result.bonus, PENALTY: -result.penalty}
    return (result.total or 0, *(parts.get(name, 0) for name in document.rank.tie_break))


def _grade(document: Assessment, result: Result, size: int, same: int) -> str:
    """The first step that fits; a veto that names a grade comes before it, the lowest of several."""
    grades = document.grades_of(result.period_kind)
    if grades is None:
        return ""
    names = [step.grade for step in grades.steps]
    effects = [document.lines[veto].indicator.effect for veto in result.vetoes]
    vetoed = [names.index(one.grade) for one in effects if one and one.grade in names]
    if vetoed:
        return names[max(vetoed)]
    for place, step in enumerate(grades.steps):
        if fits(grades, place, result.total or 0, result.rank or 0, size, same):
            return step.grade
    return ""


def fits(grades: Grades, place: int, total: int, rank: int, size: int, same: int) -> bool:
    """Whether all that a step asks for holds; of those who tie at a quota's edge all are in, or all are out."""
    step = grades.steps[place]
    if step.over is not None and total <= step.over:
        return False
    if step.from_ is not None and total < step.from_:
        return False
    room = grades.places(place, size)
    last = rank if (step.ties or grades.ties) == "in" else rank + same - 1
    return room is None or last <= room


def among_last(bottom: Portion, rank: int, size: int, same: int) -> bool:
    """Whether a rank is among the last, everybody who ties for the last place but n included."""
    return size - rank - same + 2 <= bottom.of(size)
