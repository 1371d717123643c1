"""The figures of a week, the reports that were sent, and which villages owe one."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.claims import selectors as claims
from jizhi.claims.models import Claim
from jizhi.claims.rules import ClaimState
from jizhi.core import clock
from jizhi.core.errors import DomainError
from jizhi.ledger import selectors as ledger
from jizhi.matters.models import Matter
from jizhi.notices.models import Notice, Objection
from jizhi.oversight import models, rules
from jizhi.oversight.rules import Figure
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.reviews.models import Decision, Meeting
from jizhi.reviews.rules import Outcome, Procedure
from jizhi.visits.models import Visit


class NoSuchReport(DomainError):
    """The report does not exist, or lies outside the user's scope."""


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report as it was sent."""

    id: int
    village: Area
    from_date: dt.date
    to_date: dt.date
    figures: list[tuple[Figure, int]]
    state: rules.ReportState
    digest: str
    sent_at: dt.datetime
    sent_by: str  # empty when it went by itself

    @property
    def is_intact(self) -> bool:
        """Whether the stored figures still give the digest."""
        stored = {figure.value: value for figure, value in self.figures}
        return rules.digest(self.village.code, self.from_date, stored) == self.digest


@dataclass(frozen=True, slots=True)
class Standing:
    """How a village stands with the report that was due last."""

    village: Area
    from_date: dt.date
    to_date: dt.date
    state: rules.ReportState
    report_id: int | None
    sent_at: dt.datetime | None


def days_due(village: Area, today: dt.date) -> tuple[dt.date, dt.date]:
    """The days of the report due last, as the village's pack has it."""
    return rules.report_days(today, claims.panels_in(village).report_weekday)


def is_report_day(village: Area, today: dt.date) -> bool:
    """Whether a report is due today."""
    return claims.panels_in(village).report_weekday == today.isoweekday()


def figures(village: Area, first: dt.date, last: dt.date) -> dict[str, int]:
    """What was done from the first to the last day, both included. The caller has checked who may know it."""
    begin, end = clock.span(first, last)
    found = {
        **_of_claims(village, begin, end),
        **_of_panel(village, first, last),
        **_of_ledger(village, begin, end),
        Figure.VISITS: Visit.objects.filter(
            village=village, visited_at__gte=begin, visited_at__lt=end
        ).count(),
        Figure.MATTERS: Matter.objects.filter(
            village=village, reported_at__gte=begin, reported_at__lt=end
        ).count(),
        Figure.CLOSED: Matter.objects.filter(
            village=village, closed_at__gte=begin, closed_at__lt=end
        ).count(),
        Figure.NOTICES: Notice.objects.filter(
            village=village, posted_at__gte=begin, posted_at__lt=end
        ).count(),
        Figure.OBJECTIONS: Objection.objects.filter(
            village=village, filed_at__gte=begin, filed_at__lt=end
        ).count(),
        Figure.ANSWERED: Objection.objects.filter(
            village=village, answered_at__gte=begin, answered_at__lt=end
        ).count(),
    }
    return {figure.value: found[figure] for figure in Figure}


def _of_claims(village: Area, begin: dt.datetime, end: dt.datetime) -> dict[Figure, int]:
    def within(field: str) -> Count:
        return Count("pk", filter=Q(**{f"{field}__gte": begin, f"{field}__lt": end}))

    rows = Claim.objects.filter(village=village)
    counts = rows.first_filed().aggregate(filed=within("filed_at"), verified=within("verified_at"))
    counts |= rows.without_corrections().aggregate(told=within("told_at"))
    waiting = rows.filter(state=ClaimState.VERIFIED).count()
    return {Figure.WAITING: waiting, **{Figure(name): number for name, number in counts.items()}}


def _of_panel(village: Area, first: dt.date, last: dt.date) -> dict[Figure, int]:
    begin, end = clock.span(first, last)
    rows = Decision.objects.filter(case__village=village, decided_at__gte=begin, decided_at__lt=end)
    counts = rows.aggregate(
        approved=Count("pk", filter=Q(outcome=Outcome.APPROVE)),
        rejected=Count("pk", filter=Q(outcome=Outcome.REJECT)),
        returned=Count("pk", filter=Q(outcome=Outcome.RETURN)),
        recused=Sum("recused", default=0),
    )
    meetings = Meeting.objects.exclude(procedure=Procedure.RULING)
    held = meetings.filter(panel__village=village, held_on_date__range=(first, last)).count()
    return {Figure.MEETINGS: held, **{Figure(name): number for name, number in counts.items()}}


def _of_ledger(village: Area, begin: dt.datetime, end: dt.datetime) -> dict[Figure, int]:
    merits, faults = ledger.facts_posted_between(village, begin, end)
    return {Figure.MERITS: merits, Figure.FAULTS: faults}


def reports(user: User, *, on: dt.date, village_code: str = "") -> QuerySet[models.WeeklyReport]:
    """Reports of the user's villages, the newest first; `report_lines` makes lines of them."""
    paths = posts.scope_paths(user, Action.VIEW_REPORTS, on)
    rows = models.WeeklyReport.objects.select_related("village", "sent_by").filter(
        village__path__within=paths
    )
    if village_code:
        rows = rows.filter(village__code=village_code)
    return rows.order_by("-from_date", "village__path")


def report_lines(rows: Iterable[models.WeeklyReport]) -> list[ReportLine]:
    """Reports as lines."""
    return [
        ReportLine(
            id=row.pk,
            village=row.village,
            from_date=row.from_date,
            to_date=row.to_date,
            figures=[(figure, row.figures.get(figure.value, 0)) for figure in Figure],
            state=rules.state_of(row.figures),
            digest=row.digest,
            sent_at=row.sent_at,
            sent_by=row.sent_by.display_name if row.sent_by else "",
        )
        for row in rows
    ]


def report(user: User, report_id: int, *, on: dt.date) -> ReportLine:
    """One report. Raises NoSuchReport."""
    row = reports(user, on=on).filter(pk=report_id).first()
    if row is None:
        raise NoSuchReport(_("没有这份周报，或者您无权查看。"))
    return report_lines([row])[0]


def standings(villages: Sequence[Area], today: dt.date) -> list[Standing]:
    """Each village with the report due last: those that owe it first, then those with nothing in it; two queries."""
    days = claims.report_weekdays(villages)
    wanted = {village.pk: rules.report_days(today, days[village.pk]) for village in villages}
    first_days = {first for first, _last in wanted.values()}
    rows = models.WeeklyReport.objects.filter(village__in=villages, from_date__in=first_days)
    sent = {(row.village_id, row.from_date): row for row in rows}
    found = []
    for village in villages:
        first, last = wanted[village.pk]
        row = sent.get((village.pk, first))
        state = rules.state_of(row.figures if row else None)
        found.append(
            Standing(village, first, last, state, row.pk if row else None, row.sent_at if row else None)
        )
    order = (rules.ReportState.LATE, rules.ReportState.NONE, rules.ReportState.SENT)
    return sorted(found, key=lambda one: order.index(one.state))
