"""What the published acts come to by themselves, as if no unpublished act had been decided. For notices.

A veto or a shared limit lets an unpublished act change what published ones are worth. A notice that showed the ledger's
figures would tell of it by the difference, so it shows these; the household's passbook shows the ledger's.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from jizhi.areas.models import Area
from jizhi.claims import selectors as claims
from jizhi.engine import batch, tables
from jizhi.ledger import selectors as ledger
from jizhi.participants import selectors as participants
from jizhi.schemes import selectors as schemes
from jizhi.settlement import rules


@dataclass(frozen=True, slots=True)
class Worth:
    """A published act: what it is worth among the published ones, in hundredths. Reversed, it is worth nothing."""

    fact: int
    subject: str
    item: str
    act_date: dt.date
    points: int
    held_back: int
    reversed: bool


@dataclass(frozen=True, slots=True)
class SubjectSum:
    """A subject's period: what its published acts brought, and its running total of the year, in hundredths."""

    awarded: int
    running: int


@dataclass(frozen=True, slots=True)
class Published:
    """A village's period by its published acts; `worth` holds the acts from `since` to the period's end."""

    period: rules.Period
    sums: dict[str, SubjectSum]
    worth: list[Worth]


@dataclass(frozen=True, slots=True)
class Consequence:
    """An outcome of the scheme and whom it is for, by subject key.

    `agreed` says that the published acts alone would name the same subjects: then the names tell nothing else.
    """

    id: str
    title: str
    title_en: str
    action: str
    reward: str
    reward_en: str
    subjects: tuple[str, ...]
    agreed: bool


@dataclass(frozen=True, slots=True)
class LevelCount:
    """How many stand on a level; `subjects` by key on the highest one alone. `agreed` as for a Consequence."""

    title: str
    title_en: str
    count: int
    subjects: tuple[str, ...]
    agreed: bool


# What a notice of honours may name: what is done for somebody. Talks, bars, facts and lists it never names.
NAMED = ("honour", "reward", "recommend")


def published_figures(*, village: Area, scheme: str, period: rules.Period, since: dt.date) -> Published:
    """The period of every subject that takes part in it, and the worth of every published act since a day."""
    rows = [row for row in ledger.facts_of_village(village, scheme) if row.published]
    result = _settle(village, scheme, rows, since, period.end)
    return figures_of(rows, result, period, since)


def figures_of(
    rows: Sequence[ledger.FactRow], result: tables.Result, period: rules.Period, since: dt.date
) -> Published:
    """The same from what the evaluator found for the published acts `rows`."""
    year = rules.period_of(rules.PeriodKind.YEAR, period.end).key
    running = {t.subject: t.total for t in result.totals if (t.period_kind, t.period) == ("year", year)}
    awards = {award.fact: (award.awarded, award.held_back) for award in result.awards}
    return Published(
        period=period,
        sums={
            t.subject: SubjectSum(t.awarded, running.get(t.subject, t.total))
            for t in result.totals
            if (t.period_kind, t.period) == (period.kind, period.key)
        },
        worth=[
            Worth(row.id, row.subject_key, row.item, row.act_date, *awards.get(row.id, (0, 0)), row.reversed)
            for row in rows
            if since <= row.act_date <= period.end
        ],
    )


def named_periods(village: Area, scheme: str, *, on: dt.date) -> frozenset[str]:
    """The kinds of periods after which the scheme in force names somebody for something."""
    document = schemes.scheme_on(village, scheme, on)
    return frozenset(one.when.period for one in document.outcomes if one.then.action in NAMED)


def consequences(*, village: Area, scheme: str, period: rules.Period) -> list[Consequence]:
    """What follows from a period for whom, among what may be named; in the document's order."""
    document = schemes.scheme_on(village, scheme, period.end)
    every, published = _both(village, scheme, period)
    found = []
    for outcome in document.outcomes:
        if outcome.when.period != period.kind or outcome.then.action not in NAMED:
            continue
        real, open_ = (_named(result, outcome.id, period.key) for result in (every, published))
        then = outcome.then
        found.append(
            Consequence(
                id=outcome.id,
                title=outcome.title.say("zh"),
                title_en=outcome.title.say("en"),
                action=then.action,
                reward=then.reward.say("zh") if then.reward else "",
                reward_en=then.reward.say("en") if then.reward else "",
                subjects=real,
                agreed=real == open_,
            )
        )
    return found


def levels(*, village: Area, scheme: str, period: rules.Period) -> list[LevelCount]:
    """How many stand on each level of the period, the highest first; nothing where the scheme has no such levels."""
    document = schemes.scheme_on(village, scheme, period.end)
    if document.levels is None or document.levels.period != period.kind:
        return []
    every, published = (_by_level(result, period) for result in _both(village, scheme, period))
    return [
        LevelCount(
            title=step.level.say("zh"),
            title_en=step.level.say("en"),
            count=len(every.get(step.level.say("zh"), ())),
            subjects=every.get(step.level.say("zh"), ()) if place == 0 else (),
            agreed=every.get(step.level.say("zh"), ()) == published.get(step.level.say("zh"), ()),
        )
        for place, step in enumerate(document.levels.steps)
    ]


def _both(village: Area, scheme: str, period: rules.Period) -> tuple[tables.Result, tables.Result]:
    """The period with all acts, and with the published ones alone; two years back, for what asks for a streak."""
    rows = ledger.facts_of_village(village, scheme)
    since = period.start.replace(year=period.start.year - 2, day=1)
    published = [row for row in rows if row.published]
    every = _settle(village, scheme, rows, since, period.end)
    if len(published) == len(rows):
        return every, every
    return every, _settle(village, scheme, published, since, period.end)


def _settle(
    village: Area, scheme: str, rows: Collection[ledger.FactRow], since: dt.date, until: dt.date
) -> tables.Result:
    return batch.settle(
        schemes.versions_in_village(village, scheme),
        [schemes.engine_subject(subject) for subject in participants.subjects_in(village, scheme)],
        [claims.engine_fact(row) for row in rows],
        since,
        until,
    )


def _named(result: tables.Result, outcome: str, period: str) -> tuple[str, ...]:
    return tuple(
        sorted({row.subject for row in result.outcomes if (row.outcome, row.period) == (outcome, period)})
    )


def _by_level(result: tables.Result, period: rules.Period) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for total in result.totals:
        if (total.period_kind, total.period) == (period.kind, period.key):
            found.setdefault(total.level, []).append(total.subject)
    return {level: tuple(sorted(subjects)) for level, subjects in found.items()}
