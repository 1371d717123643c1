"""Which notices are due, and which are late: by the clocks of the packs, for every scheme in force."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from jizhi.accounts.models import User
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.core import clock
from jizhi.notices import models, rules
from jizhi.participants import selectors as participants
from jizhi.participants.selectors import HOUSEHOLD_SCHEME
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
from jizhi.schemes.rules import Clocks
from jizhi.settlement import rules as periods
from jizhi.settlement import selectors as settlement

MONTHS_BACK = 12


@dataclass(frozen=True, slots=True)
class ToPost:
    """A period of which a notice waits to be posted in a village, and the last day for it."""

    village: Area
    kind: rules.NoticeKind
    period: str
    due_date: dt.date
    scheme: str = HOUSEHOLD_SCHEME
    scheme_title: str = ""
    scheme_title_en: str = ""

    @property
    def of_households(self) -> bool:
        return self.scheme == HOUSEHOLD_SCHEME


@dataclass(frozen=True, slots=True)
class LateLine:
    """A notice that was posted late, or is not posted though its day is over (`posted_date` is None)."""

    township: str
    village: str
    village_code: str
    kind: rules.NoticeKind
    period: str
    due_date: dt.date
    posted_date: dt.date | None
    notice_id: int | None
    days: int
    scheme: str = HOUSEHOLD_SCHEME
    scheme_title: str = ""
    scheme_title_en: str = ""

    @property
    def of_households(self) -> bool:
        return self.scheme == HOUSEHOLD_SCHEME


@dataclass(frozen=True, slots=True)
class LateSum:
    """A township's late notices by kind, missing ones apart."""

    township: str
    villages: int
    missing: int
    late: int
    days_most: int
    by_kind: dict[rules.NoticeKind, int]


@dataclass(frozen=True, slots=True)
class _Bearings:
    """The villages that are asked about, and their clocks."""

    villages: Sequence[Area]
    clocks: Mapping[int, Clocks]


def _bearings(user: User, action: Action, on: dt.date) -> _Bearings:
    villages = areas.villages(posts.scope_paths(user, action, on))
    return _Bearings(villages, schemes.clocks_of(villages))


def to_post(user: User, *, on: dt.date, action: Action = Action.POST_NOTICE) -> list[ToPost]:
    """Ended periods without a notice in the villages where the user may do `action`, the most urgent first.

    Of every scheme in force there, only kinds with a clock. Three queries a scheme, however many villages.
    """
    there = _bearings(user, action, on)
    found = []
    for choice in participants.scheme_choices(there.villages, on):
        posted = {
            (row.village_id, row.kind, row.period)
            for row in _holding(there.villages, choice.id).only("village_id", "kind", "period")
        }
        waiting = [one for one in _expected(there, choice.id, on) if _key(one) not in posted]
        found += [replace(one, **_named(choice)) for one in waiting]
    return sorted(found, key=lambda one: (one.due_date, one.village.path))


def _named(choice: participants.SchemeChoice) -> dict[str, Any]:
    return {
        "scheme": choice.id,
        "scheme_title": choice.title.zh,
        "scheme_title_en": choice.title.say("en"),
    }


def _concerned(began: Mapping[str, dt.date] | None, village_code: str, period: periods.Period) -> bool:
    """Whether anybody took part by the end of a period; households always do."""
    if began is None:
        return True
    first = began.get(village_code)
    return first is not None and first <= period.end


def _key(one: ToPost) -> tuple[int, rules.NoticeKind, str]:
    return one.village.pk, one.kind, one.period


def _holding(villages: Sequence[Area], scheme: str) -> QuerySet[models.Notice]:
    rows = models.Notice.objects.filter(village__in=villages, scheme=scheme)
    return rows.exclude(state=rules.NoticeState.WITHDRAWN)


def _expected(there: _Bearings, scheme: str, on: dt.date) -> Iterable[ToPost]:
    """Every notice of the last twelve months for which a clock runs or ran, of periods in which somebody took part."""
    firsts = schemes.first_days_in_force(there.villages, scheme)
    began = participants.first_days(there.villages, scheme)
    for village in there.villages:
        days = there.clocks[village.pk]
        for kind, rule in rules.KINDS.items():
            if rule.due is rules.Due.NONE:
                continue
            for period in ended_periods(rule.periods[0], firsts.get(village.pk), on):
                due = rules.due_date(
                    kind, period.end, post_by_day=days.post_by_day, summary_days=days.summary_days
                )
                if due is not None and _concerned(began, village.code, period):
                    yield ToPost(village, kind, period.key, due)


def ended_periods(kind: periods.PeriodKind, first: dt.date | None, on: dt.date) -> list[periods.Period]:
    """The ended periods of a kind since `first`, oldest first; those that ended in the last twelve months at most."""
    found: list[periods.Period] = []
    count = MONTHS_BACK // periods.MONTHS[kind]
    period = periods.period_of(kind, on)
    while first is not None and len(found) < count:
        period = periods.period_of(kind, period.start - dt.timedelta(days=1))
        if period.end < first:
            break
        found.append(period)
    return found[::-1]


def unfinal_months(village: Area, scheme: str, span: periods.Period) -> list[str]:
    """The months of a period in which the scheme was in force and whose notice is not final, oldest first."""
    first = schemes.first_days_in_force([village], scheme).get(village.pk)
    rows = models.Notice.objects.filter(
        village=village, scheme=scheme, kind=rules.NoticeKind.MONTH, state=rules.NoticeState.FINALISED
    )
    final = set(rows.values_list("period", flat=True))
    found = []
    day = max(span.start, first) if first else span.start
    while day <= span.end:
        month = periods.period_of(periods.PeriodKind.MONTH, day)
        if month.key not in final:
            found.append(month.key)
        day = month.end + dt.timedelta(days=1)
    return found


def periods_to_post(
    village: Area, scheme: str, kind: rules.NoticeKind, *, on: dt.date
) -> list[periods.Period]:
    """Ended periods of a kind since the scheme is in force that have no notice that holds, oldest first.

    Of honours only the periods after which the scheme honours anybody.
    """
    posted = set(_holding([village], scheme).filter(kind=kind).values_list("period", flat=True))
    first = schemes.first_days_in_force([village], scheme).get(village.pk)
    found = [one for span in rules.KINDS[kind].periods for one in ended_periods(span, first, on)]
    if kind is rules.NoticeKind.HONOURS and found:
        named = settlement.named_periods(village, scheme, on=found[-1].end)
        found = [one for one in found if one.kind in named]
    return sorted((one for one in found if one.key not in posted), key=lambda one: (one.end, one.start))


def late_notices(
    user: User, *, on: dt.date, village_code: str = "", kind: str = "", missing: bool = False
) -> list[LateLine]:
    """What was posted late in the last twelve months or is not posted, of every scheme in force, the latest first."""
    there = _bearings(user, Action.VIEW_LEDGER, on)
    townships = {area.pk: areas.named(area) for area in Area.objects.filter(level__key="township")}
    found = []
    for choice in participants.scheme_choices(there.villages, on):
        posted = {
            (row.village_id, row.kind, row.period): row
            for row in _holding(there.villages, choice.id).only("village_id", "kind", "period", "posted_at")
        }
        for one in _expected(there, choice.id, on):
            if (village_code and one.village.code != village_code) or (kind and one.kind != kind):
                continue
            notice = posted.get(_key(one))
            posted_on = clock.day_of(notice.posted_at) if notice else None
            days = rules.days_late(one.due_date, posted_on, on)
            if days and not (missing and notice):
                line = LateLine(
                    townships.get(one.village.parent_id or 0, ""), areas.named(one.village), one.village.code,
                    one.kind, one.period, one.due_date, posted_on, notice.pk if notice else None, days,
                )  # fmt: skip
                found.append(replace(line, **_named(choice)))
    return sorted(found, key=lambda line: (line.posted_date is not None, -line.days, line.village_code))


def late_sums(found: Iterable[LateLine]) -> list[LateSum]:
    """Late notices by township, the one with most missing first."""
    by_township: dict[str, list[LateLine]] = {}
    for line in found:
        by_township.setdefault(line.township, []).append(line)
    sums = [
        LateSum(
            township=township,
            villages=len({line.village_code for line in rows}),
            missing=sum(line.posted_date is None for line in rows),
            late=sum(line.posted_date is not None for line in rows),
            days_most=max(line.days for line in rows),
            by_kind={
                kind: sum(line.kind is kind for line in rows)
                for kind, rule in rules.KINDS.items()
                if rule.due is not rules.Due.NONE
            },
        )
        for township, rows in by_township.items()
    ]
    return sorted(sums, key=lambda one: (-one.missing, -one.late, one.township))


def post_by(kind: rules.NoticeKind, period: periods.Period, village: Area) -> dt.date | None:
    """The day by which a period's notice must be posted; None where no clock runs."""
    days = schemes.clocks(village)
    return rules.due_date(kind, period.end, post_by_day=days.post_by_day, summary_days=days.summary_days)
