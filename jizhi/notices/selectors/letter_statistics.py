"""How letters went, in numbers alone: by kind and month, what became of them, and how long answers took.

A letter counts on the day it came in. What became an objection goes on among the objections (`statistics`); a second
letter against an answer is an appeal of the first, not a letter more.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import clock
from jizhi.notices import models, rules
from jizhi.notices.selectors import letters
from jizhi.schemes import selectors as schemes
from jizhi.schemes.rules import Clocks

_ANSWERED = frozenset({rules.LetterState.UPHELD, rules.LetterState.DISMISSED, rules.LetterState.REFUSED})


@dataclass(frozen=True, slots=True)
class LetterTally:
    """Letters counted; days are whole days from receipt to the answer, of those answered as letters."""

    received: int
    waiting: int
    admitted: int
    upheld: int
    dismissed: int
    refused: int
    escalated: int
    late: int
    appealed: int
    appeals_upheld: int
    days_median: float | None
    days_max: int | None


@dataclass(frozen=True, slots=True)
class LetterSums:
    """One line of a table: the filter that leads to its records, its words in both languages, and the numbers."""

    key: str
    title: str
    title_en: str
    tally: LetterTally


@dataclass(frozen=True, slots=True)
class LetterStatistics:
    """Everything the page shows of letters."""

    total: LetterTally
    by_village: list[LetterSums]
    by_month: list[LetterSums]
    by_kind: list[LetterSums]


def letter_statistics(
    user: User, *, on: dt.date, since: dt.date, until: dt.date, village_code: str = ""
) -> LetterStatistics:
    """Letters that the user may see, come in since…until (inclusive); a fixed number of queries."""
    first, after = clock.span(since, until)
    rows = letters.letters(user, on=on, village_code=village_code).filter(appeal_of=None)
    rows = rows.filter(received_at__gte=first, received_at__lt=after)
    found = list(rows.select_related("village", "appealed_by").order_by("id"))
    late = _late(found, on)
    by: dict[str, dict[tuple[str, str, str], list[models.Letter]]] = {
        name: defaultdict(list) for name in ("village", "month", "kind")
    }
    for row in found:
        kind = rules.LetterAbout(row.about)
        by["village"][row.village.code, row.village.name, row.village.name_en].append(row)
        month = f"{clock.day_of(row.received_at):%Y-%m}"
        by["month"][month, month, month].append(row)
        by["kind"][kind.value, kind.label, kind.label].append(row)
    return LetterStatistics(
        _tally(found, late),
        _lines(by["village"], late),
        sorted(_lines(by["month"], late), key=lambda line: line.key),
        _lines(by["kind"], late),
    )


def _lines(
    groups: Mapping[tuple[str, str, str], Sequence[models.Letter]], late: Collection[int]
) -> list[LetterSums]:
    lines = [LetterSums(*key, _tally(rows, late)) for key, rows in groups.items()]
    return sorted(lines, key=lambda line: (-line.tally.received, line.key))


def _tally(rows: Sequence[models.Letter], late: Collection[int]) -> LetterTally:
    state = rules.LetterState
    states = Counter(state(row.state) for row in rows)
    days = [
        (clock.day_of(row.answered_at) - clock.day_of(row.received_at)).days
        for row in rows
        if row.state in _ANSWERED and row.answered_at
    ]
    appeals = [appeal for row in rows if (appeal := _appeal(row)) is not None]
    return LetterTally(
        received=len(rows),
        waiting=states[state.RECEIVED] + states[state.ESCALATED],
        admitted=states[state.ADMITTED],
        upheld=states[state.UPHELD],
        dismissed=states[state.DISMISSED],
        refused=states[state.REFUSED],
        escalated=sum(row.escalated_at is not None for row in rows),
        late=sum(row.pk in late for row in rows),
        appealed=len(appeals),
        appeals_upheld=sum(one.state == state.UPHELD for one in appeals),
        days_median=float(median(days)) if days else None,
        days_max=max(days) if days else None,
    )


def _appeal(row: models.Letter) -> Any:
    """The second letter against the answer; None where there is none."""
    return getattr(row, "appealed_by", None)


def _late(found: Sequence[models.Letter], on: dt.date) -> frozenset[int]:
    """Ended after its day, or open and the day is over; what went up because nobody answered counts as late.

    Going up gives the township days of its own; whether the village was late is told by the village's clock.
    """
    villages: list[Area] = list({row.village_id: row.village for row in found}.values())
    clocks = schemes.clocks_of(villages)
    return frozenset(row.pk for row in found if _is_late(row, clocks[row.village_id], on))


def _is_late(row: models.Letter, clocks: Clocks, on: dt.date) -> bool:
    ended = clock.day_of(row.answered_at) if row.answered_at else on
    if row.escalated_at is None:
        return ended > row.due_date
    own_day = clocks.after(clock.day_of(row.received_at), clocks.answer_days)
    return ended > row.due_date or clock.day_of(row.escalated_at) > own_day
