"""Public notices of a village and the entries on them.

What was posted stays so; only the state moves on, and the window may get longer. Names in it are masked already.
"""

import pgtrigger
from django.conf import settings
from django.db import models

from jizhi.core.fields import EnumField
from jizhi.core.scope import RowScope
from jizhi.core.triggers import append_only, pairs
from jizhi.notices import rules


class Notice(models.Model):
    """A posted notice: its content as it was posted, its clocks of that day, its state."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="notices")
    scheme = models.CharField(max_length=60)
    kind = EnumField(rules.NoticeKind, default=rules.NoticeKind.MONTH)
    period = models.CharField(max_length=10)
    state = EnumField(rules.NoticeState, default=rules.NoticeState.POSTED)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    window_to_date = models.DateField()
    answer_days = models.PositiveSmallIntegerField(default=3)
    public_to_date = models.DateField(help_text="the last day on which strangers find the page")
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        help_text="withdrawn before",
    )
    posted_at = models.DateTimeField()
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    finalised_at = models.DateTimeField(null=True, blank=True)
    finalised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    row_scope = RowScope(
        village="village", neighbours=True, public="posted: masked names, for everybody to read"
    )

    class Meta:
        ordering = ["-period", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "scheme", "kind", "period"],
                condition=~models.Q(state="withdrawn"),
                name="one_live_notice_a_period",
            ),
            models.CheckConstraint(
                condition=models.Q(state="finalised", kind="month", finalised_at__isnull=False)
                | (~models.Q(state="finalised") & models.Q(finalised_at=None)),
                name="finalised_notice_says_when",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(state="withdrawn", withdrawn_at__isnull=False) & ~models.Q(withdrawn_reason="")
                )
                | (~models.Q(state="withdrawn") & models.Q(withdrawn_at=None, withdrawn_reason="")),
                name="withdrawn_notice_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(public_to_date__gte=models.F("window_to_date")),
                name="public_while_window_open",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="notice_way", field="state", transitions=pairs(rules.NOTICE_TRANSITIONS)
            ),
            pgtrigger.Protect(name="notice_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="notice_content_locked",
                fields=[
                    "village", "scheme", "kind", "period", "content", "digest", "answer_days", "replaces",
                    "posted_at",
                ],
            ),
            pgtrigger.Protect(
                name="window_only_longer",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__window_to_date__gt=pgtrigger.F("new__window_to_date"))
                | pgtrigger.Q(old__public_to_date__gt=pgtrigger.F("new__public_to_date")),
            ),
        ]  # fmt: skip


class NoticedEntry(models.Model):
    """An entry that a notice covers; no two notices that hold cover the same. A withdrawn notice lets go of its own."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="noticed_entries")
    entry = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="noticed")
    lapsed = models.BooleanField(default=False, help_text="the notice was withdrawn")

    row_scope = RowScope(via_writers=("notice",), public="which entries a posted notice shows")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=models.Q(lapsed=False), name="entry_noticed_once"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="noticed_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="noticed_only_lapses",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__lapsed=True),
            ),
            pgtrigger.ReadOnly(name="noticed_locked", fields=["notice", "entry"]),
        ]


class NoticedFact(models.Model):
    """What a notice showed of an act, as a change of what earlier notices had shown; hundredths."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="noticed_facts")
    fact = models.ForeignKey("ledger.Fact", models.PROTECT, related_name="noticed_facts")
    points = models.BigIntegerField()
    held_back = models.BigIntegerField()

    row_scope = RowScope(via_writers=("notice",), public="what a posted notice shows of an act")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "fact"], name="fact_once_a_notice"),
        ]
        triggers = append_only()


class NoticeExtension(models.Model):
    """The window of a notice was made longer, and why."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="extensions")
    from_date = models.DateField()
    to_date = models.DateField()
    reason = models.CharField(max_length=200)
    extended_at = models.DateTimeField()
    extended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(via_writers=("notice",), public="until when a posted notice hangs")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_date__gt=models.F("from_date")), name="extension_is_longer"
            ),
        ]
        triggers = append_only()
