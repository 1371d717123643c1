"""Money that an acknowledged resolution allows: funds with their register, dividends with their shares, all in fen.

Both need a carried and acknowledged record of their own village, of their own kind and of the same amount; the
database asks for it as well.
"""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models

from jizhi.assemblies import rules
from jizhi.assemblies.models.assembly import PUBLISHED, Assembly
from jizhi.core.fields import EnumField, enum_check
from jizhi.core.scope import RowScope
from jizhi.core.triggers import append_only


def _resolved(about: str, more: str = "") -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=f"{about}_needs_resolution",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            IF NOT EXISTS (
                SELECT 1 FROM assemblies_assembly a {more}
                WHERE a.id = NEW.assembly_id AND a.village_id = NEW.village_id AND a.about = '{about}'
                AND a.carried AND a.state = 'acknowledged' AND a.fen = NEW.fen
            ) THEN RAISE EXCEPTION 'no acknowledged resolution of this village'; END IF;
            RETURN NEW;
        """,  # noqa: S608 (constants of this file)
    )


class Fund(models.Model):
    """Money for points (prizes, the store): how much, from where, for which days. It stands as resolved."""

    assembly = models.OneToOneField(Assembly, models.PROTECT, related_name="fund")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="funds")
    title = models.CharField(max_length=120)
    source = models.CharField(max_length=200)
    fen = models.BigIntegerField()
    from_date = models.DateField()
    to_date = models.DateField()
    activated_at = models.DateTimeField()
    activated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(village="village", public=PUBLISHED)

    class Meta:
        ordering = ["-from_date", "-id"]
        triggers = [*append_only(), _resolved("fund")]

    def __str__(self) -> str:
        return self.title


class FundEntry(models.Model):
    """Money in or out; `balance` is what is left afterwards, never below nothing."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="entries")
    kind = EnumField(rules.EntryKind)
    fen = models.BigIntegerField()
    balance = models.BigIntegerField()
    date = models.DateField()
    text = models.CharField(max_length=200)
    request_key = models.CharField(max_length=80, unique=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(via_writers=("fund",), public=PUBLISHED)

    class Meta:
        ordering = ["id"]
        constraints = [
            enum_check("fund_entry_kind_known", "kind", rules.EntryKind),
            models.CheckConstraint(name="fund_entry_moves_money", condition=models.Q(fen__gt=0)),
            models.CheckConstraint(name="fund_never_overdrawn", condition=models.Q(balance__gte=0)),
        ]
        triggers = append_only()


class Dividend(models.Model):
    """A pool split by the points of a settled period. `content` is the masked list as it may hang on the board."""

    assembly = models.OneToOneField(Assembly, models.PROTECT, related_name="dividend")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="dividends")
    settlement = models.ForeignKey("settlement.Settlement", models.PROTECT, related_name="dividends")
    fen = models.BigIntegerField()
    undistributed = models.BigIntegerField(default=0)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    activated_at = models.DateTimeField()
    activated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(village="village", public="posted: masked names, for everybody to read")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="dividend_within_its_pool",
                condition=models.Q(undistributed__gte=0, undistributed__lte=models.F("fen")),
            )
        ]
        triggers = [
            *append_only(),
            _resolved(
                "dividend",
                "JOIN settlement_settlement s ON s.id = NEW.settlement_id AND s.village_id = a.village_id"
                " AND s.period = a.period",
            ),
        ]


class DividendShare(models.Model):
    """What one household gets, and when it was paid; paid once, never taken back."""

    dividend = models.ForeignKey(Dividend, models.PROTECT, related_name="shares")
    subject = models.ForeignKey("people.Subject", models.PROTECT, related_name="dividend_shares")
    points = models.BigIntegerField()
    fen = models.BigIntegerField()
    bound = models.CharField(max_length=10, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    received_by = models.CharField(max_length=40, blank=True)

    row_scope = RowScope(subject="subject", via_writers=("dividend",))

    class Meta:
        ordering = ["subject__key"]
        constraints = [
            models.UniqueConstraint(fields=["dividend", "subject"], name="one_share_a_household"),
            models.CheckConstraint(name="share_not_negative", condition=models.Q(fen__gte=0)),
            models.CheckConstraint(
                name="share_says_who_paid",
                condition=models.Q(paid_at=None, paid_by=None)
                | models.Q(paid_at__isnull=False, paid_by__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="share_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="share_as_computed", fields=["dividend", "subject", "points", "fen", "bound"]
            ),
            pgtrigger.Protect(
                name="share_paid_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__paid_at__isnull=False),
            ),
        ]
