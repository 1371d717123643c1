"""Carrying out what stands above the village: a court's judgement or an order of the township, whenever it comes."""

import datetime as dt
from typing import IO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.core.photos import encode_photo
from jizhi.ledger import selectors as ledger
from jizhi.ledger import services as ledger_services
from jizhi.notices import models, rules
from jizhi.notices.services import hearing, withholding
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class UnusableOrder(DomainError):
    """The order does not say what it must, or was entered before."""


@transaction.atomic
def enter_order(
    *,
    fact_id: int,
    kind: rules.OrderKind,
    number: str,
    issuer: str,
    order_date: dt.date,
    upheld: bool,
    words: str,
    scan: IO[bytes],
    by: User,
    at: dt.datetime,
) -> models.FinalOrder:
    """Enter an order with its scan and do as it says, inside a window or long after it.

    Every objection and appeal that waits about the entry ends with the order's outcome. Raises UnusableOrder, BadPhoto.
    """
    fact = ledger.fact(fact_id)
    posts.check_can(by, Action.ENTER_ORDER, fact.village, clock.day_of(at))
    _check(fact_id, number, issuer, order_date, words, clock.day_of(at))
    photo = encode_photo(scan)
    waiting = _waiting(fact_id)
    ledger_services.lock_subjects([fact.subject_id])
    order = models.FinalOrder(
        fact=fact,
        village=fact.village,
        kind=kind,
        number=number.strip(),
        issuer=issuer.strip(),
        order_date=order_date,
        upheld=upheld,
        words=words.strip(),
        scan_digest=photo.digest,
        entered_at=at,
        entered_by=by,
    )
    order.scan.save(f"{photo.digest}.jpg", photo.file, save=False)
    order.save()
    outcome = rules.Outcome.UPHELD if upheld else rules.Outcome.DISMISSED
    reason = f"{order.issuer} {order.number}: {order.words}"
    for objection, appeal in waiting:
        _close(objection, appeal, outcome, reason, by, at)
    hearing.carry_out(fact_id, outcome, None, reason, by, at)
    withholding.end_dispute(fact, by, at)
    audit.record_event(
        by=by,
        at=at,
        verb="order.enter",
        target=order,
        area_path=fact.village.path,
        detail={"fact": fact_id, "kind": kind, "number": order.number, "upheld": upheld},
    )
    hearing.tell(
        fact.subject,
        kind="entry.heard",
        title=_("一条积分按终局裁决撤销") if upheld else _("一条积分按终局裁决维持"),
        body=reason,
        link=f"/my/entries/{fact_id}/",
        at=at,
    )
    return order


def _check(fact_id: int, number: str, issuer: str, order_date: dt.date, words: str, today: dt.date) -> None:
    needed = {"number": number, "issuer": issuer, "words": words}
    for place, text in needed.items():
        if not text.strip():
            raise UnusableOrder(_("请填写完整：文号、作出机关和主要内容。"), place=place)
    if order_date > today:
        raise UnusableOrder(_("日期不能晚于今天。"), place="order_date")
    known = models.FinalOrder.objects.filter(fact_id=fact_id, number=number.strip(), issuer=issuer.strip())
    if known.exists():
        raise UnusableOrder(_("这份文书已经登记过了。"), place="number")


def _waiting(fact_id: int) -> list[tuple[models.Objection, models.Appeal | None]]:
    """Objections that wait, and answered ones whose appeal does; locked in the order of their numbers."""
    found: list[tuple[models.Objection, models.Appeal | None]] = []
    rows = models.Objection.objects.select_for_update(of=("self",)).select_related(
        "village", "subject", "fact__subject"
    )
    for objection in rows.filter(fact_id=fact_id).order_by("pk"):
        appeal = (
            objection.appeals.select_for_update(of=("self",)).filter(state=rules.AppealState.FILED).first()
        )
        if appeal is not None or objection.state in rules.OPEN_OBJECTION:
            found.append((objection, appeal))
    return found


def _close(
    objection: models.Objection,
    appeal: models.Appeal | None,
    outcome: rules.Outcome,
    reason: str,
    by: User,
    at: dt.datetime,
) -> None:
    row = appeal or objection
    states = rules.AppealState if appeal else rules.ObjectionState
    row.state = states(outcome.value)
    row.answer, row.answered_at, row.answered_by = reason, at, by
    row.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    verb = "appeal.answer" if appeal else "objection.answer"
    audit.record_event(
        by=by, at=at, verb=verb, target=row, area_path=objection.village.path, detail={"state": row.state}
    )
    hearing.tell_both(objection, outcome, reason, at)
