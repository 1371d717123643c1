"""The household book 一户一册: the values of today, and every change that was ever made to them.

Which fields there are says the county's pack. What it calls sensitive lies encrypted, in the history, too.
"""

from django.conf import settings
from django.db import models

from jizhi.core.fields import EncryptedTextField
from jizhi.core.scope import RowScope
from jizhi.core.triggers import append_only


class Book(models.Model):
    """One household's book: open values as JSON, sensitive ones as encrypted JSON."""

    household = models.OneToOneField("people.Household", models.PROTECT, related_name="book")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    values = models.JSONField(default=dict)
    sealed = EncryptedTextField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(null=True, blank=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    # The classes have no row of their own to count on: theirs is the book's, which is locked for them as well
    classes_version = models.PositiveIntegerField(default=0)
    classes_key = models.CharField(max_length=80, blank=True, help_text="request key of their last change")

    row_scope = RowScope(village="village", seen_via=("household",))

    class Meta:
        ordering = ["household_id"]
        indexes = [models.Index(fields=["village"], name="book_village")]


class BookChange(models.Model):
    """One field before and after, as JSON text; who and when."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="changes")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    field = models.CharField(max_length=32)
    before = EncryptedTextField(null=True, blank=True)
    after = EncryptedTextField(null=True, blank=True)
    version = models.PositiveIntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    request_key = models.CharField(max_length=80, blank=True)

    row_scope = RowScope(village="village", seen_via=("book",))

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["book", "-id"], name="book_change_newest")]
        triggers = append_only()
