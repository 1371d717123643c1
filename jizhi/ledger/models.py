"""The ledger: decided facts, the entries they led to, and the wallets of spendable points.

Facts, entries and transfers are append-only; triggers refuse UPDATE, DELETE and TRUNCATE. A mistake is
answered by a reversing entry, never by an edit. All points are integers in hundredths.
"""

from django.conf import settings
from django.db import models

from jizhi.core.fields import EnumField
from jizhi.core.scope import RowScope, number
from jizhi.core.triggers import append_only
from jizhi.ledger import rules

# What a notice showed in a village, its households may object to: they see that it is there. Unpublished acts count
# on a notice without being shown by it.
_NOTICED = (
    f"village_id = {number('home')}"
    " AND EXISTS (SELECT 1 FROM notices_noticedfact n WHERE n.fact_id = ledger_fact.id)"
)
_ON_NOTICE = (
    f"village_id = {number('home')}"
    " AND EXISTS (SELECT 1 FROM notices_noticedentry n WHERE n.entry_id = ledger_entry.id)"
    " AND EXISTS (SELECT 1 FROM notices_noticedfact n WHERE n.fact_id = ledger_entry.fact_id)"
)


class Fact(models.Model):
    """A decided act of a subject; its number is the order of the ledger."""

    subject = models.ForeignKey("people.Subject", models.PROTECT, related_name="facts")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="facts")
    scheme = models.CharField(max_length=60)
    version_date = models.DateField(help_text="the version in force on the day of the act")
    item = models.CharField(max_length=60)
    act_date = models.DateField()
    quantity = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    grade = models.CharField(max_length=60, blank=True)
    given = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    act = models.CharField(max_length=80, blank=True)
    spendable = models.BooleanField()
    published = models.BooleanField()
    decision_number = models.BigIntegerField(null=True, blank=True)
    request_key = models.CharField(max_length=80, unique=True)
    posted_at = models.DateTimeField()
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(village="village", subject="subject", read=_NOTICED)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["subject", "scheme", "act_date"], name="fact_subject_day"),
            models.Index(fields=["village", "scheme", "act_date"], name="fact_village_day"),
        ]
        triggers = append_only()


class Entry(models.Model):
    """One change of what a fact is worth: points awarded and points held back, with the limit that cut them."""

    fact = models.ForeignKey(Fact, models.PROTECT, related_name="entries")
    subject = models.ForeignKey("people.Subject", models.PROTECT, related_name="entries")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="entries")
    act_date = models.DateField()
    cause = EnumField(rules.Cause)
    price = models.BigIntegerField(help_text="the fact's price under its version, hundredths")
    points = models.BigIntegerField(help_text="change of the awarded points, hundredths")
    held_back = models.BigIntegerField(help_text="change of what limits hold back, hundredths")
    limit = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)
    posted_at = models.DateTimeField()
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="empty for the operator at the machine's console",
    )

    row_scope = RowScope(village="village", subject="subject", read=_ON_NOTICE)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["subject", "act_date"], name="entry_subject_day"),
            models.Index(fields=["village", "act_date"], name="entry_village_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["fact"], condition=models.Q(cause="posted"), name="fact_posted_once"
            ),
            models.UniqueConstraint(
                fields=["fact"], condition=models.Q(cause="reversed"), name="fact_reversed_once"
            ),
        ]
        triggers = append_only()


class Account(models.Model):
    """One side of the wallets. Only a wallet may never be overdrawn; the village's accounts add up to zero."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="accounts")
    kind = EnumField(rules.AccountKind)
    subject = models.OneToOneField(
        "people.Subject", models.PROTECT, related_name="wallet", null=True, blank=True
    )
    balance = models.BigIntegerField(default=0)

    row_scope = RowScope(village="village", subject="subject")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="wallet") | models.Q(balance__gte=0), name="wallet_never_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="wallet", subject__isnull=False)
                | (~models.Q(kind="wallet") & models.Q(subject=None)),
                name="wallet_has_a_subject",
            ),
            models.UniqueConstraint(
                fields=["village", "kind"], condition=~models.Q(kind="wallet"), name="one_account_a_kind"
            ),
        ]


class Transfer(models.Model):
    """Points moved from one account to another; append-only."""

    source = models.ForeignKey(Account, models.PROTECT, related_name="outgoing")
    target = models.ForeignKey(Account, models.PROTECT, related_name="incoming")
    points = models.BigIntegerField()
    reason = EnumField(rules.TransferReason)
    period = models.CharField(max_length=80, blank=True)
    request_key = models.CharField(max_length=80, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(via=("source", "target"))

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(points__gt=0), name="transfer_moves_something"),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")), name="transfer_has_two_sides"
            ),
        ]
        triggers = append_only()


class Lot(models.Model):
    """Spendable points of one finalised month in one wallet, with the day on which they expire, if any."""

    wallet = models.ForeignKey(Account, models.PROTECT, related_name="lots")
    credit = models.OneToOneField(Transfer, models.PROTECT, related_name="lot")
    remaining = models.BigIntegerField()
    expires_date = models.DateField(null=True, blank=True)

    row_scope = RowScope(via=("wallet",))

    class Meta:
        ordering = [models.F("expires_date").asc(nulls_last=True), "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(remaining__gte=0), name="lot_never_negative"),
        ]


class LotUse(models.Model):
    """How much of which lot an outgoing transfer took (negative where a refund gave it back); append-only."""

    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="lot_uses")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="uses")
    points = models.BigIntegerField()

    row_scope = RowScope(via=("lot",))

    class Meta:
        triggers = append_only()
