"""Objections to entries, appeals against answers, what disputes keep from wallets, and orders from above."""

import pgtrigger
from django.conf import settings
from django.db import models

from jizhi.core.fields import EnumField
from jizhi.core.scope import RowScope, numbers
from jizhi.core.triggers import append_only, pairs
from jizhi.notices import rules

# A household reads what its neighbours say against its own entries, and those of whom it succeeded.
_TO_OWN_ENTRY = (
    "EXISTS (SELECT 1 FROM ledger_fact f WHERE f.id = notices_objection.fact_id"
    f" AND f.subject_id = ANY {numbers('subjects')})"
)


def scan_path(order: "FinalOrder", filename: str) -> str:
    """Scans are stored by their own digest, never under a name that somebody chose."""
    return f"orders/{order.scan_digest[:2]}/{order.scan_digest}.jpg"


class Objection(models.Model):
    """Somebody objects to a fact on a notice, and gets a written answer."""

    notice = models.ForeignKey("notices.Notice", models.PROTECT, related_name="objections")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="objections")
    fact = models.ForeignKey("ledger.Fact", models.PROTECT, related_name="objections")
    subject = models.ForeignKey(
        "people.Subject", models.PROTECT, related_name="objections", help_text="the household that objects"
    )
    channel = EnumField(rules.ObjectionChannel)
    grounds = models.TextField()
    state = EnumField(rules.ObjectionState, default=rules.ObjectionState.FILED)
    request_key = models.CharField(max_length=80, unique=True)
    received_date = models.DateField(help_text="the day it came in: from it the clocks run")
    due_date = models.DateField()
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    escalated_at = models.DateTimeField(null=True, blank=True)
    escalation = models.TextField(blank=True, help_text="why it went up to the township")
    read_at = models.DateTimeField(null=True, blank=True, help_text="when whoever objected read the answer")
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    row_scope = RowScope(village="village", subject="subject", read=_TO_OWN_ENTRY)

    class Meta:
        ordering = ["due_date", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["fact", "subject"],
                condition=models.Q(state__in=["filed", "escalated"]),
                name="one_open_objection",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["upheld", "partly", "dismissed"])
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
                name="answer_in_writing",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="objection_way", field="state", transitions=pairs(rules.OBJECTION_TRANSITIONS)
            ),
            pgtrigger.Protect(name="objection_stays", operation=pgtrigger.Delete),
        ]


class Appeal(models.Model):
    """Whoever objected asks for a second look at the answer: the supervisors first, then the township."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="appeals")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="appeals")
    body = EnumField(rules.AppealBody)
    grounds = models.TextField()
    state = EnumField(rules.AppealState, default=rules.AppealState.FILED)
    request_key = models.CharField(max_length=80, unique=True)
    due_date = models.DateField()
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="nobody where the writer of a letter filed it under its address",
    )
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    row_scope = RowScope(via=("objection",))

    class Meta:
        ordering = ["due_date", "id"]
        constraints = [
            models.UniqueConstraint(fields=["objection", "body"], name="one_appeal_a_body"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["upheld", "partly", "dismissed"])
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
                name="appeal_answered_in_writing",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="appeal_way", field="state", transitions=pairs(rules.APPEAL_TRANSITIONS)),
            pgtrigger.Protect(name="appeal_stays", operation=pgtrigger.Delete),
        ]


class Dispute(models.Model):
    """An entry is under objection or appeal: from when until when, and never by whom."""

    fact = models.ForeignKey("ledger.Fact", models.PROTECT, related_name="disputes")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="disputes")
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    row_scope = RowScope(
        village="village", public="which entries are disputed is marked on the notice; not by whom"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fact"], condition=models.Q(ended_at=None), name="one_open_dispute_a_fact"
            )
        ]


class Withholding(models.Model):
    """Points of a disputed entry that its household cannot spend; all in hundredths.

    With a `notice`: the entries' `points` were left out of what that notice credited; `due` of them were credited
    later. Without: they had been credited before and brought `due`, perhaps nothing; `held` lie in the held points of
    the village where the wallet is, and what is missing (spent already) is held from what comes next.
    """

    fact = models.ForeignKey("ledger.Fact", models.PROTECT, related_name="withholdings")
    subject = models.ForeignKey("people.Subject", models.PROTECT, related_name="withholdings")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="withholdings")
    notice = models.ForeignKey(
        "notices.Notice", models.PROTECT, related_name="withholdings", null=True, blank=True
    )
    points = models.BigIntegerField()
    base = models.BigIntegerField(
        default=0, help_text="of old rows: what was credited without them; not read"
    )
    due = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    state = EnumField(rules.WithholdingState, default=rules.WithholdingState.WITHHELD)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    row_scope = RowScope(village="village", subject="subject")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["fact", "notice"], name="left_out_once_a_notice"),
            models.UniqueConstraint(
                fields=["fact"],
                condition=models.Q(notice=None, state="withheld"),
                name="held_once_a_fact",
            ),
            models.CheckConstraint(
                condition=models.Q(held__gte=0) & models.Q(held__lte=models.F("due")),
                name="no_more_held_than_due",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="withholding_way",
                field="state",
                transitions=pairs(rules.WITHHOLDING_TRANSITIONS),
            ),
            pgtrigger.Protect(name="withholding_stays", operation=pgtrigger.Delete),
        ]


class FinalOrder(models.Model):
    """A judgement or an order of the township about an entry, carried out as it says; append-only."""

    fact = models.ForeignKey("ledger.Fact", models.PROTECT, related_name="orders")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="final_orders")
    kind = EnumField(rules.OrderKind)
    number = models.CharField(max_length=80)
    issuer = models.CharField(max_length=80)
    order_date = models.DateField()
    upheld = models.BooleanField(help_text="the objection is right: the entry falls")
    words = models.TextField()
    scan = models.FileField(upload_to=scan_path, max_length=200)
    scan_digest = models.CharField(max_length=64)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(village="village")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["fact", "number", "issuer"], name="order_entered_once"),
        ]
        triggers = append_only()
