"""Appeals: what may be appealed and until when, lists and lines."""

import datetime as dt
from dataclasses import dataclass
from typing import IO

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.core import clock
from jizhi.ledger import selectors as ledger
from jizhi.notices import models, rules
from jizhi.notices.selectors import hearings
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes


@dataclass(frozen=True, slots=True)
class AppealChance:
    """Before whom an answer can be appealed today, and until when."""

    body: rules.AppealBody
    until: dt.date


@dataclass(frozen=True, slots=True)
class AppealLine:
    """One appeal."""

    id: int
    body: rules.AppealBody
    state: rules.AppealState
    grounds: str
    due_date: dt.date
    filed_at: dt.datetime
    answer: str
    answered_at: dt.datetime | None
    answered_by: str
    appeal: models.Appeal

    def is_late(self, today: dt.date) -> bool:
        return self.state is rules.AppealState.FILED and today > self.due_date


@dataclass(frozen=True, slots=True)
class AppealTask:
    """An appeal that waits, with the objection it is about."""

    appeal: AppealLine
    objection: hearings.ObjectionLine


def appeal_chance(objection: models.Objection, *, on: dt.date) -> AppealChance | None:
    """Whether the household may ask for a second look today: the last answer went against it, and is fresh enough."""
    appeals = list(objection.appeals.order_by("id"))
    last = appeals[-1] if appeals else None
    if last is not None and last.state != rules.AppealState.DISMISSED:
        return None
    if objection.state not in rules.MAY_BE_APPEALED or ledger.is_reversed(objection.fact_id):
        return None
    answered_at = last.answered_at if last else objection.answered_at
    heard_by = rules.AppealBody(last.body) if last else None
    body = rules.next_body(heard_by, objection.escalated_at is not None)
    if body is None or answered_at is None:
        return None
    until = clock.day_of(answered_at) + dt.timedelta(days=schemes.clocks(objection.village).appeal_days)
    return AppealChance(body, until) if on <= until else None


def appeals_of(objection_id: int) -> list[AppealLine]:
    """An objection's appeals in order; the caller has checked that the reader may know."""
    rows = models.Appeal.objects.filter(objection_id=objection_id).select_related("answered_by", "village")
    return [_line(row) for row in rows.order_by("id")]


def _line(row: models.Appeal) -> AppealLine:
    return AppealLine(
        id=row.pk,
        body=rules.AppealBody(row.body),
        state=rules.AppealState(row.state),
        grounds=row.grounds,
        due_date=row.due_date,
        filed_at=row.filed_at,
        answer=row.answer,
        answered_at=row.answered_at,
        answered_by=row.answered_by.display_name if row.answered_by else "",
        appeal=row,
    )


def may_hear(user: User, on: dt.date) -> Q:
    """The condition of appeals that the user may decide."""
    supervised = posts.scope_paths(user, Action.HEAR_APPEAL, on)
    township = posts.scope_paths(user, Action.HEAR_AT_TOWNSHIP, on)
    return Q(body=rules.AppealBody.SUPERVISORS, village__path__within=supervised) | Q(
        body=rules.AppealBody.TOWNSHIP, village__path__within=township
    )


def appeals_to_hear(user: User, *, on: dt.date) -> list[AppealTask]:
    """Appeals that wait for the user's decision, the most urgent first."""
    rows = models.Appeal.objects.filter(may_hear(user, on), state=rules.AppealState.FILED)
    found = list(rows.select_related("answered_by", "village").order_by("due_date", "id"))
    numbers = [row.objection_id for row in found]
    lines = {line.id: line for line in hearings.lines(models.Objection.objects.filter(pk__in=numbers))}
    return [AppealTask(_line(row), lines[row.objection_id]) for row in found]


def appeal_task(user: User, appeal_id: int, *, on: dt.date) -> AppealTask:
    """One appeal with its objection, for whoever may see the objection. Raises NoSuchObjection."""
    row = models.Appeal.objects.filter(pk=appeal_id).select_related("answered_by", "village").first()
    if row is None:
        raise hearings.NoSuchObjection(_("没有这件复核，或者您无权查看。"))
    return AppealTask(_line(row), hearings.objection_line(user, row.objection_id, on=on))


def may_hear_appeal(user: User, appeal_id: int, *, on: dt.date) -> bool:
    """Whether the user may decide this appeal now."""
    waiting = models.Appeal.objects.filter(may_hear(user, on), pk=appeal_id, state=rules.AppealState.FILED)
    return waiting.exists()


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A judgement or an order about an entry."""

    id: int
    kind: rules.OrderKind
    number: str
    issuer: str
    order_date: dt.date
    upheld: bool
    words: str
    entered_at: dt.datetime
    entered_by: str


def orders_about(fact_id: int) -> list[OrderLine]:
    """Judgements and orders about an entry, the last first."""
    rows = models.FinalOrder.objects.filter(fact_id=fact_id).annotate(name=F("entered_by__display_name"))
    return [
        OrderLine(
            id=row.pk,
            kind=rules.OrderKind(row.kind),
            number=row.number,
            issuer=row.issuer,
            order_date=row.order_date,
            upheld=row.upheld,
            words=row.words,
            entered_at=row.entered_at,
            entered_by=row.name,
        )
        for row in rows.order_by("-id")
    ]


def order_scan(user: User, order_id: int, *, on: dt.date) -> IO[bytes] | None:
    """The scan of an order about an entry of the user's villages."""
    paths = posts.scope_paths(user, Action.VIEW_LEDGER, on)
    row = models.FinalOrder.objects.filter(pk=order_id, village__path__within=paths).first()
    return row.scan.open("rb") if row else None


def entries_under_order(user: User, fact_id: int, *, on: dt.date) -> list[ledger.EntryLine]:
    """The entries of a fact about which the user may enter an order; none elsewhere."""
    paths = posts.scope_paths(user, Action.ENTER_ORDER, on)
    rows = ledger.visible_entries(user, on).filter(fact_id=fact_id, village__path__within=paths)
    return ledger.entry_lines(rows.order_by("id"))
