"""An explanation from plain tables: everybody is settled for the period, then one subject's number is explained.

For the command line and scripts; an installation has its settlements stored and explains from those.
"""

from __future__ import annotations

from collections.abc import Sequence

from jizhi.engine import batch
from jizhi.engine.explain.parts import Explanation
from jizhi.engine.explain.reasoning import check, explain, first_day
from jizhi.engine.loader import Versions
from jizhi.engine.tables import Fact, Subject
from jizhi.engine.windows import Calendar


class UnknownSubject(LookupError):
    """A subject that is not in the table."""


class UnknownPeriod(ValueError):
    """A label that is no period."""


def settled(
    versions: Versions,
    subjects: Sequence[Subject],
    facts: Sequence[Fact],
    subject: str,
    period: str,
    *,
    standing: bool = False,
    pool: int | None = None,
) -> Explanation:
    """Why a subject has its number in a period, compared with the settlement from which it comes.

    `period` is a label such as `2022-05`; with `standing` the standing of that period. UnknownSubject and UnknownPeriod
    when there is no such thing. Periods before it are settled too as far as streaks reach back.
    """
    try:
        span = Calendar.of(versions.latest).parse(period)
    except ValueError as error:
        raise UnknownPeriod(period) from error
    kind = "standing" if standing else span.kind
    own = next((one for one in subjects if one.subject == subject), None)
    if own is None:
        raise UnknownSubject(subject)
    start = first_day(versions, kind, span.label)
    result = batch.settle(versions, subjects, facts, start, span.end, pool=pool)
    found = explain(
        versions,
        own,
        facts,
        kind,
        span.label,
        result=result,
        subjects=subjects,
        start=start,
        end=span.end,
        pool=pool,
    )
    if any(
        (row.subject, row.period_kind, row.period) == (subject, kind, span.label) for row in result.totals
    ):
        check(found, result)
    return found
