"""Claims and their evidence, through every channel, until the ledger takes over.

The state follows `rules.TRANSITIONS`; a trigger in the database refuses any other way.
"""

from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from jizhi.claims import rules
from jizhi.core.fields import EnumField, enum_check
from jizhi.core.scope import RowScope
from jizhi.core.triggers import append_only, pairs


def evidence_path(evidence: "Evidence", filename: str) -> str:
    """Files are stored by their own digest, never under a name that somebody chose."""
    suffix = evidence.name.rpartition(".")[2] if evidence.kind == rules.EvidenceKind.DOCUMENT else "jpg"
    return f"evidence/{evidence.digest[:2]}/{evidence.digest}.{suffix}"


CORRECTED = models.Q(request_key__startswith=rules.CORRECTION)  # posted beside a reversed fact
FIRST_FILED = ~CORRECTED & ~models.Q(request_key__startswith=rules.AGAIN)


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Filters that say where a claim comes from."""

    def first_filed(self) -> Self:
        """Without those that stand in place of an earlier one: decided anew for the township, or corrected."""
        return self.filter(FIRST_FILED)

    def without_corrections(self) -> Self:
        """Without those that were posted beside a reversed fact: nobody filed, verified, decided or told them anew."""
        return self.exclude(CORRECTED)


class Claim(models.Model):
    """Somebody claims that a subject did something on a day, under an item of a scheme."""

    subject = models.ForeignKey("people.Subject", models.PROTECT, related_name="claims")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="claims")
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    scheme = models.CharField(max_length=60)
    item = models.CharField(max_length=60)
    item_kind = models.CharField(
        max_length=10, help_text="merit, fault, veto or ruling, as the document has it"
    )
    act_date = models.DateField()
    quantity = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    grade = models.CharField(max_length=60, blank=True)
    given = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    act = models.CharField(max_length=80, blank=True)
    words = models.TextField(blank=True)
    channel = EnumField(rules.Channel)
    request_key = models.CharField(max_length=80, unique=True)
    state = EnumField(rules.ClaimState, default=rules.ClaimState.FILED)
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    note = models.TextField(blank=True, help_text="the last word of whoever verified, returned or decided")
    case = models.OneToOneField("reviews.Case", models.PROTECT, related_name="claim", null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    told_how = EnumField(rules.ToldHow, blank=True)
    correct_until_date = models.DateField(
        null=True, blank=True, help_text="a fault that is mended by then does not count"
    )
    fact = models.OneToOneField("ledger.Fact", models.PROTECT, related_name="claim", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, help_text="+1 with every amendment")
    amended_key = models.CharField(
        max_length=80, blank=True, help_text="of the last amendment, so that a repeat of it is harmless"
    )

    objects = ClaimQuerySet.as_manager()

    row_scope = RowScope(village="village", subject="subject")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["village", "state", "act_date"], name="claim_village_state"),
            models.Index(fields=["subject", "-id"], name="claim_subject"),
            models.Index(fields=["village", "item", "act_date"], name="claim_village_item_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=["posted", "reversed"]) | models.Q(fact__isnull=False),
                name="posted_claim_has_a_fact",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["posted", "reversed", "grace", "corrected"])
                | models.Q(item_kind="merit")
                | models.Q(told_at__isnull=False),
                name="fault_counts_when_told",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="grace") | models.Q(correct_until_date__isnull=False),
                name="grace_says_until_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="corrected") | models.Q(fact__isnull=True),
                name="corrected_claim_never_counts",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="claim_way", field="state", transitions=pairs(rules.TRANSITIONS)),
            pgtrigger.Protect(name="claim_stays", operation=pgtrigger.Delete),
        ]


class CoveredRecord(models.Model):
    """A record of the house that gives no claim of its own, since this claim by hand is about the same act.

    It holds for as long as the claim stands and its act lies in the days from and to; `amount` is what the record is
    worth, so that a claim of three hours covers records of three hours and no more.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="covered")
    record = models.CharField(max_length=32, help_text="the kind of record, as the pack names it")
    number = models.BigIntegerField(help_text="the record's own")
    from_date = models.DateField()
    to_date = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=6)
    covered_at = models.DateTimeField()

    row_scope = RowScope(via=("claim",))

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "record", "number"], name="record_covered_once_a_claim"),
            models.CheckConstraint(
                name="covered_days_in_order", condition=models.Q(from_date__lte=models.F("to_date"))
            ),
        ]
        triggers = append_only()


class Evidence(models.Model):
    """What shows that it happened: a photo, re-encoded so that no metadata of the phone remains, or a document.

    `fingerprint` and its `bands` find the same photo, or nearly the same, at other claims of the village.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="evidence")
    kind = EnumField(rules.EvidenceKind, default=rules.EvidenceKind.PHOTO)
    file = models.FileField(upload_to=evidence_path, max_length=200)
    name = models.CharField(max_length=100, blank=True, help_text="of a document, as it is downloaded again")
    size = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    fingerprint = models.BigIntegerField(null=True, blank=True)
    bands = ArrayField(models.BigIntegerField(), default=list, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(via=("claim",))

    class Meta:
        ordering = ["id"]
        indexes = [
            GinIndex(fields=["bands"], name="evidence_bands"),
            models.Index(fields=["digest"], name="evidence_digest"),
        ]
        constraints = [
            enum_check("evidence_kind_known", "kind", rules.EvidenceKind),
            models.UniqueConstraint(fields=["claim", "digest"], name="photo_once_a_claim"),
            models.CheckConstraint(
                name="document_has_a_name", condition=models.Q(kind="photo") | ~models.Q(name="")
            ),
        ]


class ComparedPair(models.Model):
    """Somebody looked at two claims that may be about one act, and said what they are. `one` has the lower number."""

    one = models.ForeignKey(Claim, models.PROTECT, related_name="+")
    other = models.ForeignKey(Claim, models.PROTECT, related_name="+")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    verdict = EnumField(rules.Verdict)
    reason = models.TextField(blank=True)
    compared_at = models.DateTimeField()
    compared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(village="village")

    class Meta:
        ordering = ["id"]
        constraints = [
            enum_check("compared_verdict_known", "verdict", rules.Verdict),
            models.UniqueConstraint(fields=["one", "other"], name="pair_compared_once"),
            models.CheckConstraint(name="pair_in_order", condition=models.Q(one__lt=models.F("other"))),
        ]
        triggers = append_only()


def telling_path(telling: "Telling", filename: str) -> str:
    """Signed slips are stored by their own digest."""
    return f"tellings/{telling.digest[:2]}/{telling.digest}.jpg"


class Telling(models.Model):
    """How a household was told of a deduction, or that nobody was reached; the photo is the slip with its signature."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="tellings")
    how = EnumField(rules.ToldHow)
    reached = models.BooleanField()
    told_at = models.DateTimeField()
    person = models.CharField(max_length=50, blank=True, help_text="who answered, was met, or signed")
    number = models.CharField(max_length=20, blank=True, help_text="the number that was called, masked")
    answer = models.CharField(max_length=300, blank=True)
    witness = models.CharField(max_length=50, blank=True, help_text="where somebody would not sign")
    photo = models.FileField(upload_to=telling_path, max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(via=("claim",))

    class Meta:
        ordering = ["id"]
        constraints = [
            enum_check("telling_how_known", "how", rules.ToldHow),
            models.CheckConstraint(
                name="slip_is_proven",
                condition=~models.Q(how="slip") | models.Q(reached=False) | ~models.Q(digest=""),
            ),
            models.CheckConstraint(
                name="told_before_recorded", condition=models.Q(told_at__lte=models.F("recorded_at"))
            ),
        ]
        triggers = append_only()


class ClaimImport(models.Model):
    """An uploaded sheet of claims after its dry run, kept until somebody confirms or leaves it."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="claim_imports")
    scheme = models.CharField(max_length=60, default="household")
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    answers = models.JSONField(
        default=dict, help_text="what the clerk answered to the questions of the dry run"
    )
    report = models.JSONField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)

    row_scope = RowScope(village="village")

    class Meta:
        ordering = ["-id"]
