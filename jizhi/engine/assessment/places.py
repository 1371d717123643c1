"""Places that follow from values: each rater's values of one indicator put in order inside the group of comparison.

Equal values share the better place (1, 1, 3). Where the document takes places as given there is nothing to do here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from jizhi.engine.assessment.intake import Intake
from jizhi.engine.assessment.rows import Rating
from jizhi.engine.document.assessment.assessment import Assessment
from jizhi.engine.tables import Subject

# indicator, step, rater group, rater, group of comparison
Contest = tuple[str, str, str, str, tuple[str, str]]


def compared(document: Assessment, subject: Subject) -> tuple[str, str]:
    """The group and class inside which a subject is compared, as far as the document asks for them."""
    within = document.rank.within
    group = subject.group if "group" in within and "all" not in within else ""
    return group, subject.klass if "class" in within and "all" not in within else ""


def fill_in(intake: Intake) -> None:
    """Puts the place of every value into its row's count."""
    contests: dict[Contest, list[tuple[Decimal, list[Rating]]]] = defaultdict(list)
    for (subject, indicator, step), groups in intake.ratings.items():
        if intake.document.lines[indicator].indicator.order == "given":
            continue
        inside = compared(intake.document, intake.subjects[subject])
        for group, raters in groups.items():
            for rater, rows in raters.items():
                value = rows[0].value
                if value is not None:
                    contests[indicator, step, group, rater, inside].append((value, rows))
    for contest, entries in contests.items():
        lowest = intake.document.lines[contest[0]].indicator.order == "lowest"
        for place, rows in _in_places(entries, lowest=lowest):
            rows[0] = replace(rows[0], count=place)


def _in_places(
    entries: list[tuple[Decimal, list[Rating]]], *, lowest: bool
) -> list[tuple[int, list[Rating]]]:
    ordered = sorted((value for value, _ in entries), reverse=not lowest)
    first: dict[Decimal, int] = {}
    for place, value in enumerate(ordered, 1):
        first.setdefault(value, place)
    return [(first[value], rows) for value, rows in entries]
