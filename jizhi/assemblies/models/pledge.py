"""The pledge (承诺书) that a village asks its households for, and what each said. Both only grow.

A new scheme version asks anew; what was signed before stays where it is. No points hang on any answer.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jizhi.assemblies import rules
from jizhi.core.fields import EnumField, enum_check
from jizhi.core.scope import RowScope
from jizhi.core.triggers import append_only


def signature_path(answer: PledgeAnswer, filename: str) -> str:
    """Signatures are stored by their own digest, never under a name that somebody chose."""
    return f"pledges/{answer.digest[:2]}/{answer.digest}.{filename.rsplit('.', 1)[-1]}"


class PledgeText(models.Model):
    """The text that a village asks its households to sign, for one version of its scheme."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="pledge_texts")
    version = models.ForeignKey("schemes.SchemeVersion", models.PROTECT, related_name="pledge_texts")
    text = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(village="village", neighbours=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["village", "version"], name="one_pledge_a_version"),
        ]
        triggers = append_only()


class PledgeAnswer(models.Model):
    """What a household said, and how; the latest counts. A signature is a picture, re-encoded on arrival."""

    pledge = models.ForeignKey(PledgeText, models.PROTECT, related_name="answers")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    subject = models.ForeignKey("people.Subject", models.PROTECT, related_name="pledge_answers")
    answer = EnumField(rules.Answer)
    how = EnumField(rules.How)
    signer = models.CharField(max_length=40, blank=True)
    file = models.FileField(upload_to=signature_path, max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=200, blank=True)
    request_key = models.CharField(max_length=80, unique=True)
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(village="village", subject="subject")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["pledge", "subject", "-id"], name="pledge_latest")]
        constraints = [
            enum_check("pledge_answer_known", "answer", rules.Answer),
            enum_check("pledge_how_known", "how", rules.How),
            models.CheckConstraint(
                name="signed_pledge_names_its_signer",
                condition=~models.Q(answer="signed") | ~models.Q(signer=""),
            ),
            models.CheckConstraint(
                name="drawn_pledge_has_its_picture", condition=~models.Q(how="screen") | ~models.Q(file="")
            ),
        ]
        triggers = append_only()
