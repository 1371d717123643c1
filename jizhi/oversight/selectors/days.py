"""What was recorded in a village on one day, read together from where it was recorded. Nothing is kept twice."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from jizhi.areas.models import Area
from jizhi.claims import selectors as claims
from jizhi.claims.models import Claim
from jizhi.core import clock
from jizhi.matters.models import Matter
from jizhi.notices.models import Notice, Objection
from jizhi.oversight.rules import Kind
from jizhi.reviews.models import Decision
from jizhi.visits.models import Visit


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One thing recorded: when, whom it is about, what, by whom. `number` is the record's own."""

    kind: Kind
    at: dt.datetime
    subject: str
    what: str
    what_en: str
    note: object  # an enum of the app that keeps the record, or plain words
    by: str
    number: int


def daily_record(village: Area, day: dt.date) -> list[RecordLine]:
    """Everything of the day in the order of time; the caller has checked who may read it."""
    begin, end = clock.span(day, day)
    found = [
        *_claims(village, begin, end),
        *_decisions(village, begin, end),
        *_visits(village, begin, end),
        *_matters(village, begin, end),
        *_notices(village, begin, end),
    ]
    return sorted(found, key=lambda line: (line.at, line.kind, line.number))


def _claims(village: Area, begin: dt.datetime, end: dt.datetime) -> Iterator[RecordLine]:
    filed = Claim.objects.first_filed().filter(village=village, filed_at__gte=begin, filed_at__lt=end)
    for line in claims.lines(filed.order_by("id")):
        yield RecordLine(
            Kind.CLAIM,
            line.filed_at,
            line.subject_label,
            line.item.title.zh,
            line.item.title.say("en"),
            line.channel,
            line.filed_by,
            line.id,
        )
    told = Claim.objects.without_corrections().filter(village=village, told_at__gte=begin, told_at__lt=end)
    tellers = {row.pk: (row.told_at, row.told_how, row.told_by) for row in told.select_related("told_by")}
    for line in claims.lines(told.order_by("id")):
        at, how, teller = tellers[line.id]
        if at is not None:
            name = teller.display_name if teller else ""
            yield RecordLine(
                Kind.TOLD,
                at,
                line.subject_label,
                line.item.title.zh,
                line.item.title.say("en"),
                how,
                name,
                line.id,
            )


def _decisions(village: Area, begin: dt.datetime, end: dt.datetime) -> Iterator[RecordLine]:
    rows = Decision.objects.filter(case__village=village, decided_at__gte=begin, decided_at__lt=end)
    found = list(rows.select_related("decided_by").order_by("id"))
    lines = claims.lines_of_cases([row.case_id for row in found])
    for row in found:
        if row.case_id in lines:
            line = lines[row.case_id]
            yield RecordLine(
                Kind.DECISION, row.decided_at, line.subject_label, line.item.title.zh, line.item.title.say("en"),
                row.outcome, row.decided_by.display_name, line.id,
            )  # fmt: skip


def _visits(village: Area, begin: dt.datetime, end: dt.datetime) -> Iterator[RecordLine]:
    rows = Visit.objects.filter(village=village, visited_at__gte=begin, visited_at__lt=end)
    for row in rows.select_related("household", "visited_by"):
        yield RecordLine(
            Kind.VISIT, row.visited_at, row.household.head_name, row.household.no, row.household.no, row.how,
            row.visited_by.display_name, row.pk,
        )  # fmt: skip


def _matters(village: Area, begin: dt.datetime, end: dt.datetime) -> Iterator[RecordLine]:
    """The kind alone: whom a matter is about is read where it is handled."""
    rows = Matter.objects.filter(village=village, reported_at__gte=begin, reported_at__lt=end)
    for row in rows.select_related("reported_by"):
        name = row.reported_by.display_name if row.reported_by and not row.confidential else ""
        yield RecordLine(
            Kind.MATTER,
            row.reported_at,
            row.number,
            row.kind_zh,
            row.kind_en or row.kind_zh,
            row.state,
            name,
            row.pk,
        )


def _notices(village: Area, begin: dt.datetime, end: dt.datetime) -> Iterator[RecordLine]:
    posted = Notice.objects.filter(village=village, posted_at__gte=begin, posted_at__lt=end)
    for row in posted.select_related("posted_by"):
        yield RecordLine(
            Kind.NOTICE, row.posted_at, row.period, "", "", "", row.posted_by.display_name, row.pk
        )
    filed = Objection.objects.filter(village=village, filed_at__gte=begin, filed_at__lt=end)
    for one in filed.select_related("subject", "filed_by"):
        yield RecordLine(
            Kind.OBJECTION, one.filed_at, one.subject.label, one.grounds, one.grounds, one.channel,
            one.filed_by.display_name, one.pk,
        )  # fmt: skip
