"""Notices on lists and pages, for the public and for staff, and what a notice's end sets in motion."""

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.core.errors import DomainError
from jizhi.notices import models, rules
from jizhi.notices.selectors import content
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
from jizhi.settlement import rules as periods


class NoSuchNotice(DomainError):
    """The notice does not exist, or is not the user's to see."""


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice on a list."""

    id: int
    village: str
    village_code: str
    scheme: str
    period: str
    state: rules.NoticeState
    window_to_date: dt.date
    posted_at: dt.datetime
    finalised_at: dt.datetime | None
    objections: int
    objections_waiting: int
    digest: str


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A notice with its rows. `disputed` are the facts under an unanswered objection."""

    notice: models.Notice | None
    line: NoticeLine | None
    village: Area
    period: str
    scheme_title: str
    scheme_title_en: str
    rows: list[content.NoticeRow]
    households: int
    disputed: frozenset[int]


@dataclass(frozen=True, slots=True)
class ToPost:
    """A month that waits to be posted in a village, and the last day for it."""

    village: Area
    period: str
    due_date: dt.date


def _lines(notices: QuerySet[models.Notice]) -> list[NoticeLine]:
    filed = Q(objections__state=rules.ObjectionState.FILED)
    rows = notices.select_related("village").annotate(
        count=Count("objections"), waiting=Count("objections", filter=filed)
    )
    return [
        NoticeLine(
            id=row.pk,
            village=row.village.name,
            village_code=row.village.code,
            scheme=row.scheme,
            period=row.period,
            state=rules.NoticeState(row.state),
            window_to_date=row.window_to_date,
            posted_at=row.posted_at,
            finalised_at=row.finalised_at,
            objections=row.count,
            objections_waiting=row.waiting,
            digest=row.digest,
        )
        for row in rows.defer("content")
    ]


def public_notices(village: Area, *, limit: int = 24) -> list[NoticeLine]:
    """A village's notices, newest first; anybody may read them."""
    return _lines(models.Notice.objects.filter(village=village).order_by("-period", "-id")[:limit])


def staff_notices(
    user: User, *, on: dt.date, village_code: str = "", state: str = "", month: str = ""
) -> QuerySet[models.Notice]:
    """The notices of the user's villages by filter, newest first; `notice_lines` makes lines of them."""
    paths = posts.scope_paths(user, Action.VIEW_DESK, on)
    notices = models.Notice.objects.filter(village__path__within=paths)
    exact = {"village__code": village_code, "state": state, "period": month}
    notices = notices.filter(**{name: value for name, value in exact.items() if value})
    return notices.order_by("-period", "village__path")


def notice_lines(notices: Iterable[models.Notice]) -> list[NoticeLine]:
    """Notices of a page as lines, in their order."""
    numbers = [row.pk for row in notices]
    lines = {line.id: line for line in _lines(models.Notice.objects.filter(pk__in=numbers))}
    return [lines[number] for number in numbers]


def to_finalise(user: User, *, on: dt.date) -> list[NoticeLine]:
    """Notices whose window is over and which the user may finalise, the oldest first."""
    paths = posts.scope_paths(user, Action.FINALISE_NOTICE, on)
    ripe = models.Notice.objects.filter(
        village__path__within=paths, state=rules.NoticeState.POSTED, window_to_date__lt=on
    )
    return _lines(ripe.order_by("period", "village__path"))


def to_post(user: User, scheme: str, *, on: dt.date, action: Action = Action.POST_NOTICE) -> list[ToPost]:
    """Ended months without a notice in the villages where the user may do `action`, the most urgent first.

    Four queries, however many villages.
    """
    villages = areas.villages(posts.scope_paths(user, action, on))
    firsts = schemes.first_days_in_force(villages, scheme)
    clocks = schemes.clocks_of(villages)
    posted = set(
        models.Notice.objects.filter(village__in=villages, scheme=scheme).values_list("village_id", "period")
    )
    found = [
        ToPost(village, month.key, month.end + dt.timedelta(days=clocks[village.pk].post_by_day))
        for village in villages
        for month in _ended_months(firsts.get(village.pk), on)
        if (village.pk, month.key) not in posted
    ]
    return sorted(found, key=lambda one: (one.due_date, one.village.path))


def _ended_months(first: dt.date | None, on: dt.date) -> list[periods.Period]:
    """The last twelve ended months since `first`, oldest first."""
    months: list[periods.Period] = []
    day = on.replace(day=1)
    while first is not None and len(months) < 12:
        day = (day - dt.timedelta(days=1)).replace(day=1)
        month = periods.period_of(periods.PeriodKind.MONTH, day)
        if month.end < first:
            break
        months.append(month)
    return months[::-1]


def notice_page(notice_id: int, *, village_code: str = "") -> NoticePage:
    """A posted notice as anybody may read it. Raises NoSuchNotice."""
    notices = models.Notice.objects.select_related("village").filter(pk=notice_id)
    notice = notices.filter(village__code=village_code).first() if village_code else notices.first()
    if notice is None:
        raise NoSuchNotice(_("没有这期公示。"))
    (line,) = _lines(models.Notice.objects.filter(pk=notice.pk))
    rows = content.rows_of(notice.content)
    disputed = notice.objections.filter(state=rules.ObjectionState.FILED).values_list("fact_id", flat=True)
    return NoticePage(
        notice=notice,
        line=line,
        village=notice.village,
        period=notice.period,
        scheme_title=notice.content["title"],
        scheme_title_en=notice.content["title_en"],
        rows=rows,
        households=len(rows),
        disputed=frozenset(disputed),
    )


def preview(user: User, village: Area, scheme: str, period: str, *, on: dt.date) -> NoticePage:
    """The notice as it would be posted now; the same content, nothing stored."""
    posts.check_can(user, Action.POST_NOTICE, village, on)
    month = periods.parse_period(period)
    found = content.content_for(village=village, scheme=scheme, month=month)
    rows = content.rows_of(found)
    return NoticePage(
        notice=None,
        line=None,
        village=village,
        period=period,
        scheme_title=found["title"],
        scheme_title_en=found["title_en"],
        rows=rows,
        households=len(rows),
        disputed=frozenset(),
    )


def months_to_post(village: Area, scheme: str, *, on: dt.date) -> list[str]:
    """Ended months since the scheme is in force that have no notice yet, oldest first, the last twelve at most."""
    posted = set(
        models.Notice.objects.filter(village=village, scheme=scheme).values_list("period", flat=True)
    )
    first = schemes.first_days_in_force([village], scheme).get(village.pk)
    return [month.key for month in _ended_months(first, on) if month.key not in posted]


def post_by(period: str, village: Area) -> dt.date:
    """The day by which the month's notice must be posted."""
    month = periods.parse_period(period)
    return month.end + dt.timedelta(days=schemes.clocks(village).post_by_day)


def spendable_of(notice: models.Notice) -> dict[int, int]:
    """Net spendable points of the entries on a notice, by subject, in hundredths."""
    sums = (
        notice.noticed_entries.filter(entry__fact__spendable=True)
        .values_list("entry__subject_id")
        .annotate(points=Sum("entry__points"))
        .order_by("entry__subject_id")
    )
    return dict(sums)


def expiry_of(notice: models.Notice) -> dt.date | None:
    """The last day on which the notice's points can be spent, where the scheme lets them lapse.

    `carry: {months: n}`: n months after the month's end; `carry: none`: with the end of the redemption period
    (month, quarter, …) that follows the one the month lies in.
    """
    month = periods.parse_period(notice.period)
    redeem = schemes.scheme_on(notice.village, notice.scheme, month.end).redeem
    if redeem is None or (redeem.carry == "all" and redeem.months is None):
        return None
    if redeem.months is not None:
        later = month.end.month - 1 + redeem.months
        year, number = month.end.year + later // 12, later % 12 + 1
        return dt.date(year, number, calendar.monthrange(year, number)[1])
    kind = periods.settled_kind(redeem.every)
    return periods.period_of(kind, periods.period_of(kind, month.end).end + dt.timedelta(days=1)).end


def act_days_of(notice: models.Notice) -> list[dt.date]:
    """The days of the acts on a notice, each once."""
    return sorted(set(notice.noticed_entries.values_list("entry__act_date", flat=True)))
