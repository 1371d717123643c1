"""How objections went, in numbers alone: by outcome, channel, item and month, and how long answers took."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from jizhi.accounts.models import User
from jizhi.core import clock
from jizhi.notices import models, rules
from jizhi.notices.selectors import hearings
from jizhi.schemes import selectors as schemes


@dataclass(frozen=True, slots=True)
class Tally:
    """Objections counted; days are whole days from filing to the answer."""

    filed: int
    waiting: int
    upheld: int
    partly: int
    dismissed: int
    withdrawn: int
    escalated: int
    late: int
    appealed: int
    appeals_upheld: int
    days_median: float | None
    days_max: int | None

    @property
    def upheld_percent(self) -> int | None:
        """How many of those answered were right, wholly or in part."""
        answered = self.upheld + self.partly + self.dismissed
        return round(100 * (self.upheld + self.partly) / answered) if answered else None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: its words in both languages, the filter that leads to its records, and the numbers."""

    key: str
    title: str
    title_en: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Statistics:
    """Everything the page shows."""

    total: Tally
    by_village: list[Line]
    by_month: list[Line]
    by_channel: list[Line]
    by_item: list[Line]


def statistics(
    user: User, *, on: dt.date, since: dt.date, until: dt.date, village_code: str = ""
) -> Statistics:
    """Objections that the user may see, come in since…until (inclusive); four queries and one a village."""
    rows = hearings.visible_objections(user, on).select_related("village", "fact", "notice")
    rows = rows.defer("notice__content").prefetch_related("appeals")
    rows = rows.filter(received_date__range=(since, until))
    if village_code:
        rows = rows.filter(village__code=village_code)
    found = list(rows.order_by("id"))
    title_of, late = _titles(found), _late(found, on)
    by: dict[str, dict[tuple[str, str, str], list[models.Objection]]] = {
        name: defaultdict(list) for name in ("village", "month", "channel", "item")
    }
    for row in found:
        channel = rules.ObjectionChannel(row.channel)
        by["village"][row.village.code, row.village.name, row.village.name_en].append(row)
        month = f"{row.received_date:%Y-%m}"
        by["month"][month, month, month].append(row)
        by["channel"][channel.value, channel.label, channel.label].append(row)
        by["item"][(row.fact.item, *title_of(row))].append(row)
    return Statistics(
        _tally(found, late),
        _lines(by["village"], late),
        sorted(_lines(by["month"], late), key=lambda line: line.key),
        _lines(by["channel"], late),
        _lines(by["item"], late),
    )


def _titles(found: Iterable[models.Objection]) -> Callable[[models.Objection], tuple[str, str]]:
    """How each objection's item is called; the versions of a village are looked up once."""
    villages = {(row.village_id, row.fact.scheme): row.village for row in found}
    versions = {key: schemes.versions_in_village(village, key[1]) for key, village in villages.items()}

    def title_of(row: models.Objection) -> tuple[str, str]:
        known = versions[row.village_id, row.fact.scheme]
        title = schemes.item_of(known, row.fact.item, row.fact.act_date).title
        return title.say("zh"), title.say("en")

    return title_of


def _lines(groups: dict[tuple[str, str, str], list[models.Objection]], late: Collection[int]) -> list[Line]:
    lines = [Line(*key, _tally(rows, late)) for key, rows in groups.items()]
    return sorted(lines, key=lambda line: (-line.tally.filed, line.key))


def _tally(rows: Iterable[models.Objection], late: Collection[int]) -> Tally:
    rows = list(rows)
    states = Counter(rules.ObjectionState(row.state) for row in rows)
    days = [(clock.day_of(row.answered_at) - row.received_date).days for row in rows if row.answered_at]
    appeals = [appeal for row in rows for appeal in row.appeals.all()]
    state = rules.ObjectionState
    return Tally(
        filed=len(rows),
        waiting=states[state.FILED] + states[state.ESCALATED],
        upheld=states[state.UPHELD],
        partly=states[state.PARTLY],
        dismissed=states[state.DISMISSED],
        withdrawn=states[state.WITHDRAWN],
        escalated=sum(row.escalated_at is not None for row in rows),
        late=sum(row.pk in late for row in rows),
        appealed=len({appeal.objection_id for appeal in appeals}),
        appeals_upheld=sum(
            appeal.state in (rules.AppealState.UPHELD, rules.AppealState.PARTLY) for appeal in appeals
        ),
        days_median=float(median(days)) if days else None,
        days_max=max(days) if days else None,
    )


def _late(found: Sequence[models.Objection], on: dt.date) -> frozenset[int]:
    """Answered after its day, or not yet and the day is over; what went up because nobody answered counts as late.

    Going up gives the township days of its own; whether the village was late is told by the days of the notice.
    """
    clocks = schemes.clocks_of(list({row.village_id: row.village for row in found}.values()))
    late = set()
    for row in found:
        if row.state == rules.ObjectionState.WITHDRAWN:
            continue
        ended = clock.day_of(row.answered_at) if row.answered_at else on
        own_day = clocks[row.village_id].after(row.received_date, row.notice.answer_days)
        went_up_late = row.escalated_at is not None and clock.day_of(row.escalated_at) > own_day
        if ended > row.due_date or went_up_late:
            late.add(row.pk)
    return frozenset(late)
