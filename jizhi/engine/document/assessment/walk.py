"""Walking through an assessment's lists of indicators with their paths in the document. Nothing is judged here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jizhi.engine.document.assessment.assessment import BONUS, PENALTY, Assessment
from jizhi.engine.document.assessment.indicator import Indicator
from jizhi.engine.document.assessment.rater import Raters
from jizhi.engine.document.resolution import Path


def lists(document: Assessment) -> Iterator[tuple[Path, Sequence[Indicator], Raters | None]]:
    """Each list of indicators with its path and its raters."""
    for place, part in enumerate(document.parts):
        yield ("parts", place), part.indicators, part.raters
    for name, extras in ((BONUS, document.bonus), (PENALTY, document.penalty)):
        if extras is not None:
            yield (name,), extras.indicators, extras.raters


def indicators(document: Assessment) -> Iterator[tuple[Path, Indicator]]:
    """Every indicator with its path."""
    for path, listed, _ in lists(document):
        for place, one in enumerate(listed):
            yield (*path, "indicators", place), one


def all_raters(document: Assessment) -> Iterator[tuple[Path, Raters]]:
    """Every `raters` that is written, with its path."""
    for path, listed, raters in lists(document):
        if raters is not None:
            yield (*path, "raters"), raters
        for place, one in enumerate(listed):
            if one.raters is not None:
                yield (*path, "indicators", place, "raters"), one.raters
