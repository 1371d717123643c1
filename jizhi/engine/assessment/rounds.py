"""The rounds of an assessment as spans of the calendar: which lie in a year, which came before. Not a clock."""

from __future__ import annotations

import datetime as dt

from jizhi.engine.document.assessment.assessment import Assessment
from jizhi.engine.document.text import Text
from jizhi.engine.windows import Calendar, Span


class Unanswerable(ValueError):
    """A question that an assessment has no answer to; `text` says why in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.text = Text(zh=zh, en=en)
        super().__init__(en)


class UnknownPeriod(Unanswerable):
    """A label that is neither a round nor an appraised year of the assessment."""


def calendar_of(document: Assessment) -> Calendar:
    """The calendar of the document's year."""
    month, day = (int(part) for part in document.year.starts.split("-"))
    return Calendar(month, day)


def before(calendar: Calendar, kind: str, label: str) -> str:
    """The label of the period just before."""
    return calendar.span(kind, calendar.parse(label).start - dt.timedelta(days=1)).label


def parse(document: Assessment, label: str) -> Span:
    """The span of a round such as `2022-H1`, or of a year when rounds feed one; UnknownPeriod says what is expected."""
    examples = {"month": "2022-05", "quarter": "2022-Q2", "half": "2022-H1", "year": "2022"}
    kinds = [document.round, *(["year"] if document.appraise else [])]
    try:
        span = calendar_of(document).parse(label)
    except ValueError:
        span = None
    if span is None or span.kind not in kinds:
        likely = [examples[kind] for kind in kinds]
        raise UnknownPeriod(
            f"{label}：没有这样的周期，应写成 {' 或 '.join(likely)}",
            f"{label}: not a period such as {' or '.join(likely)}",
        )
    return span


def of_days(document: Assessment, start: dt.date, end: dt.date) -> str:
    """The label of the round, or else the appraised year, in which both days lie; UnknownPeriod when there is none."""
    calendar = calendar_of(document)
    for kind in (document.round, *(["year"] if document.appraise else [])):
        span = calendar.span(kind, start)
        if start <= end and span.holds(end):
            return span.label
    raise UnknownPeriod(
        f"{start} – {end}：不在同一个考核周期或年度内（本考核的周期是 {document.round}）",
        f"{start} – {end}: not inside one {document.round} or appraised year",
    )


def of_year(document: Assessment, year: Span) -> list[Span]:
    """The rounds of a year in order."""
    return list(calendar_of(document).spans(document.round, year.start, year.end))
