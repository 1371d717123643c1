"""A village's points store: goods, stock moves, opening days and redemptions.

Stock and wallets move together in one transaction; a redemption is undone by its opposite, never erased.
"""

from django.conf import settings
from django.db import models

from jizhi.core.fields import EnumField
from jizhi.core.scope import RowScope
from jizhi.core.triggers import append_only
from jizhi.store import rules


class Goods(models.Model):
    """An article on the shelf: its price in points (hundredths) and how many there are."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="goods")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=12)
    price = models.BigIntegerField()
    stock = models.IntegerField(default=0)
    on_sale = models.BooleanField(default=True)

    row_scope = RowScope(village="village", neighbours=True)

    class Meta:
        ordering = ["-on_sale", "price", "id"]
        constraints = [
            models.UniqueConstraint(fields=["village", "name"], name="goods_named_once"),
            models.CheckConstraint(condition=models.Q(stock__gte=0), name="stock_never_negative"),
            models.CheckConstraint(condition=models.Q(price__gt=0), name="goods_cost_points"),
        ]


class OpeningDay(models.Model):
    """A day on which the store opens beside the regular ones, as the storekeeper announced it."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="opening_days")
    date = models.DateField()
    reason = models.CharField(max_length=120)
    announced_at = models.DateTimeField()
    announced_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(village="village", public="opening days are announced")

    class Meta:
        ordering = ["-date"]
        constraints = [models.UniqueConstraint(fields=["village", "date"], name="opens_once_a_day")]


class Redemption(models.Model):
    """Goods handed to a household for points; the receipt's number finds it again."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="redemptions")
    subject = models.ForeignKey("people.Subject", models.PROTECT, related_name="redemptions")
    number = models.CharField(max_length=24, unique=True)
    points = models.BigIntegerField()
    balance_after = models.BigIntegerField()
    picked_up_by = models.CharField(max_length=40, blank=True)
    request_key = models.CharField(max_length=80, unique=True)
    redeemed_at = models.DateTimeField()
    redeemed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(village="village", subject="subject")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["village", "-redeemed_at"], name="redemption_village_day")]
        triggers = append_only()


class RedemptionLine(models.Model):
    """One article on a receipt, with its name and price of that day."""

    redemption = models.ForeignKey(Redemption, models.PROTECT, related_name="lines")
    goods = models.ForeignKey(Goods, models.PROTECT, related_name="lines")
    name = models.CharField(max_length=60)
    price = models.BigIntegerField()
    quantity = models.PositiveIntegerField()

    row_scope = RowScope(via=("redemption",))

    class Meta:
        ordering = ["id"]
        triggers = append_only()


class Undoing(models.Model):
    """A redemption was undone: goods back on the shelf, points back in the wallet, with the reason."""

    redemption = models.OneToOneField(Redemption, models.PROTECT, related_name="undoing")
    reason = models.CharField(max_length=200)
    undone_at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(via=("redemption",))


class StockMove(models.Model):
    """Goods coming in or going out; append-only, so that the shelf can be reckoned from the beginning."""

    goods = models.ForeignKey(Goods, models.PROTECT, related_name="moves")
    kind = EnumField(rules.MoveKind)
    quantity = models.IntegerField()
    stock_after = models.IntegerField()
    donor = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=200, blank=True)
    redemption = models.ForeignKey(Redemption, models.PROTECT, related_name="moves", null=True, blank=True)
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(via_writers=("goods",))

    class Meta:
        ordering = ["-id"]
        triggers = append_only()
