"""Which step a rating belongs to, who must rate there, and when each step is due. No workflow: no state is kept."""

from __future__ import annotations

import datetime as dt

from jizhi.engine.assessment.rows import Rating
from jizhi.engine.document.assessment.assessment import Assessment
from jizhi.engine.document.assessment.rater import SELF
from jizhi.engine.windows import Span

COUNTING = ""  # the only step of a document that names none


class Unusable(ValueError):
    """Why a row cannot be used."""


def counting_id(document: Assessment) -> str:
    """The id of the step whose ratings make the score."""
    return document.counting.id if document.counting else COUNTING


def step_of(document: Assessment, row: Rating) -> str:
    """The step of a row: its own, or the one in which its group rates; the subject's own column is always `self`."""
    if row.rater_group == SELF:
        if not document.takes_self_ratings:
            raise Unusable("rater_group: this assessment has no self-rating")
        named = next((step for step in document.steps if step.id == row.step), None)
        if row.step and not (named and named.is_self):
            raise Unusable(f"step: not one of self: {row.step}")
        return SELF
    steps = [step for step in document.steps if row.rater_group in step.by]
    if row.step:
        if row.step not in [step.id for step in document.steps]:
            raise Unusable(f"step: unknown: {row.step}")
        if row.step not in [step.id for step in steps]:
            raise Unusable(f"step: {row.rater_group} does not rate in {row.step}")
        return row.step
    if not document.steps:
        return COUNTING
    names = [step.id for step in steps]
    if counting_id(document) in names:
        return counting_id(document)
    if len(names) != 1:
        raise Unusable(f"step: missing, {row.rater_group} rates in {', '.join(names) or 'none'}")
    return names[0]


def deadlines(document: Assessment, span: Span) -> list[tuple[str, dt.date]]:
    """Until when each step with a deadline has to be done, for the round of that span."""
    return [(step.id, step.due.after(span.end)) for step in document.steps if step.due is not None]
