"""Objections on lists and pages, for the household that objected and for whoever must answer."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F, Max, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas import selectors as areas
from jizhi.core.errors import DomainError
from jizhi.ledger import rules as ledger_rules
from jizhi.notices import models, rules
from jizhi.notices.selectors import voices
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes


class NoSuchObjection(DomainError):
    """The objection does not exist, or is not the user's to see."""


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """An objection with what it is about."""

    id: int
    notice_id: int
    period: str
    village: str
    village_code: str
    fact_id: int
    owner_label: str
    owner_id: int
    item_title: str
    item_title_en: str
    act_date: dt.date
    points: int
    subject_label: str
    subject_id: int
    channel: rules.ObjectionChannel
    grounds: str
    state: rules.ObjectionState
    due_date: dt.date
    filed_at: dt.datetime
    received_date: dt.date
    answer: str
    answered_at: dt.datetime | None
    answered_by: str
    read_at: dt.datetime | None
    escalated_at: dt.datetime | None
    escalation: str
    objection: models.Objection

    def is_late(self, today: dt.date) -> bool:
        return self.is_open and today > self.due_date

    @property
    def is_open(self) -> bool:
        return self.state in rules.OPEN_OBJECTION


def visible_objections(user: User, on: dt.date) -> QuerySet[models.Objection]:
    """A household sees the objections it filed and those to its own entries, also of those whom it succeeded; staff
    those of their villages."""
    objections = models.Objection.objects.all()
    own = voices.spoken_for(user, on=on)
    if own:
        return objections.filter(Q(subject__in=own) | Q(fact__subject__in=own))
    return objections.filter(village__path__within=posts.scope_paths(user, Action.VIEW_LEDGER, on))


def lines(objections: QuerySet[models.Objection]) -> list[ObjectionLine]:
    """Objections as lines: one query, and one for the versions of each village."""
    rows = list(
        objections.select_related("notice", "village", "fact__subject", "subject", "answered_by")
        .annotate(
            worth=Sum("fact__entries__points", filter=~Q(fact__entries__cause=ledger_rules.Cause.REVERSED))
        )
        .defer("notice__content")
    )
    villages = {(row.village_id, row.notice.scheme): row.village for row in rows}
    versions = {key: schemes.versions_in_village(village, key[1]) for key, village in villages.items()}
    found = []
    for row in rows:
        title = schemes.item_of(
            versions[row.village_id, row.notice.scheme], row.fact.item, row.fact.act_date
        ).title
        found.append(
            ObjectionLine(
                id=row.pk,
                notice_id=row.notice_id,
                period=row.notice.period,
                village=areas.named(row.village),
                village_code=row.village.code,
                fact_id=row.fact_id,
                owner_label=row.fact.subject.label,
                owner_id=row.fact.subject_id,
                item_title=title.say("zh"),
                item_title_en=title.say("en"),
                act_date=row.fact.act_date,
                points=row.worth or 0,
                subject_label=row.subject.label,
                subject_id=row.subject_id,
                channel=rules.ObjectionChannel(row.channel),
                grounds=row.grounds,
                state=rules.ObjectionState(row.state),
                due_date=row.due_date,
                filed_at=row.filed_at,
                received_date=row.received_date,
                answer=row.answer,
                answered_at=row.answered_at,
                answered_by=row.answered_by.display_name if row.answered_by else "",
                read_at=row.read_at,
                escalated_at=row.escalated_at,
                escalation=row.escalation,
                objection=row,
            )
        )
    return found


def objections(
    user: User,
    *,
    on: dt.date,
    state: str = "",
    channel: str = "",
    month: str = "",
    item: str = "",
    village_code: str = "",
    words: str = "",
) -> QuerySet[models.Objection]:
    """Objections by filter (`month` in which they came in is `2026-05`): waiting ones first, the most urgent on top."""
    rows = visible_objections(user, on)
    exact = {"state": state, "channel": channel, "fact__item": item, "village__code": village_code}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    year, _dash, number = month.partition("-")
    if year.isdigit() and number.isdigit():
        rows = rows.filter(received_date__year=int(year), received_date__month=int(number))
    if words:
        rows = rows.filter(
            Q(grounds__icontains=words)
            | Q(subject__label__icontains=words)
            | Q(fact__subject__label__icontains=words)
        )
    return rows.order_by(F("answered_at").desc(nulls_first=True), "due_date", "id")


def objection_line(user: User, objection_id: int, *, on: dt.date) -> ObjectionLine:
    """One objection. Raises NoSuchObjection."""
    found = lines(visible_objections(user, on).filter(pk=objection_id))
    if not found:
        raise NoSuchObjection(_("没有这件异议，或者您无权查看。"))
    return found[0]


def objections_of_subject(*subject_ids: int) -> list[ObjectionLine]:
    """What a household (or those for which it speaks) objected to, newest first."""
    return lines(models.Objection.objects.filter(subject__in=subject_ids).order_by("-id"))


def to_answer(user: User, *, on: dt.date) -> QuerySet[models.Objection]:
    """Objections that wait for an answer the user may give, the most urgent first."""
    village = Q(
        state=rules.ObjectionState.FILED,
        village__path__within=posts.scope_paths(user, Action.ANSWER_OBJECTION, on),
    )
    township = Q(
        state=rules.ObjectionState.ESCALATED,
        village__path__within=posts.scope_paths(user, Action.HEAR_AT_TOWNSHIP, on),
    )
    return models.Objection.objects.filter(village | township).order_by("due_date", "id")


def is_answered(notice: models.Notice, fact_id: int, subject_ids: Collection[int]) -> bool:
    """Whether the household had its answer about the entry as the notice shows it, in whichever of its names.

    A change that came after the answer was not answered yet.
    """
    filed = models.Objection.objects.filter(fact_id=fact_id, subject__in=subject_ids)
    answered_at = filed.filter(state__in=rules.ANSWERED).aggregate(last=Max("answered_at"))["last"]
    if answered_at is None:
        return False
    later = notice.noticed_entries.filter(entry__fact_id=fact_id, entry__posted_at__gt=answered_at)
    return not later.exists()


def open_notice_of_fact(fact_id: int, *, on: dt.date) -> models.Notice | None:
    """The notice on which a fact can be objected to today, if any."""
    return (
        models.Notice.objects.filter(
            noticed_entries__entry__fact_id=fact_id,
            state=rules.NoticeState.POSTED,
            window_to_date__gte=on,
        )
        .select_related("village")
        .defer("content")
        .distinct()
        .first()
    )
