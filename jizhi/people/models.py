"""Households, persons and membership over time; subjects, cards, messages and uploaded rosters.

Every row is reached by a village path. Numbers of persons are encrypted; equality look-up goes through the blind index.
"""

import datetime as dt
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from jizhi.accounts.rules import UserKind
from jizhi.areas.models import Area
from jizhi.core.fields import EncryptedTextField, EnumField, dates_in_order, enum_check, no_overlap
from jizhi.people.rules import ImportState, SubjectKind
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


def _on(day: dt.date, prefix: str = "") -> models.Q:
    to_date = f"{prefix}to_date"
    ended_later = models.Q(**{f"{to_date}__isnull": True}) | models.Q(**{f"{to_date}__gte": day})
    return models.Q(**{f"{prefix}from_date__lte": day}) & ended_later


class SubjectQuerySet(models.QuerySet["Subject"]):
    """Filters that say when."""

    def taking_part_on(self, day: dt.date) -> Self:
        """Subjects that take part on that day, both ends inclusive."""
        return self.filter(_on(day))


class Subject(models.Model):
    """One row for whatever is scored, so that ledger, settlement and store know one noun."""

    kind = EnumField(SubjectKind)
    key = models.CharField(max_length=100, unique=True)
    label = models.CharField(max_length=100)
    village = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="subjects")
    group = models.CharField(max_length=64)
    size = models.PositiveIntegerField(default=1)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        constraints = [
            enum_check("subject_kind_known", "kind", SubjectKind),
            dates_in_order("subject_dates_in_order"),
            models.CheckConstraint(name="subject_size_positive", condition=models.Q(size__gte=1)),
        ]

    def __str__(self) -> str:
        return self.label


class HouseholdQuerySet(models.QuerySet["Household"]):
    """Filters that say whose and when."""

    def visible_to(self, user: Any, on: dt.date) -> Self:
        """A household sees itself; staff see the households in the areas of their posts."""
        if user is not None and user.is_authenticated and user.kind is UserKind.HOUSEHOLD:
            return self.filter(cards__user=user, cards__blocked_at__isnull=True)
        paths = posts.scope_paths(user, Action.VIEW_HOUSEHOLDS, on)
        return self.filter(area__path__within=paths)

    def registered_on(self, day: dt.date) -> Self:
        """Households on the register on that day."""
        return self.filter(_on(day))


class Household(models.Model):
    """A household of a village under its number. `area` is its grid, or the village itself until a grid is known."""

    no = models.CharField(max_length=20)
    head_name = models.CharField(max_length=50)
    pinyin = models.TextField(blank=True)
    village = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="village_households")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="households")
    address = models.CharField(max_length=200, blank=True)
    phone = EncryptedTextField(null=True, blank=True)
    declared_size = models.PositiveIntegerField(null=True, blank=True)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)
    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="household")

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["village__path", "no"]
        indexes = [
            GinIndex(
                fields=["head_name", "pinyin"],
                opclasses=["gin_trgm_ops", "gin_trgm_ops"],
                name="household_search",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["village", "no"], name="household_no_once_per_village"),
            dates_in_order("household_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.no} {self.head_name}"


class PersonQuerySet(models.QuerySet["Person"]):
    """Filters that say whose."""

    def visible_to(self, user: Any, on: dt.date) -> Self:
        """Members, past and present, of the households the user may see."""
        households = Household.objects.visible_to(user, on)
        return self.filter(
            models.Exists(Membership.objects.filter(person=models.OuterRef("pk"), household__in=households))
        )


class Person(models.Model):
    """A natural person, once in the county however often the household changes."""

    name = models.CharField(max_length=50)
    pinyin = models.TextField(blank=True)
    id_number = EncryptedTextField(null=True, blank=True)
    id_index = models.CharField(max_length=64, null=True, blank=True, unique=True)
    birth_date = models.DateField(null=True, blank=True)
    phone = EncryptedTextField(null=True, blank=True)
    party_member = models.BooleanField(default=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(
                fields=["name", "pinyin"], opclasses=["gin_trgm_ops", "gin_trgm_ops"], name="person_search"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="person_id_with_index",
                condition=models.Q(id_number__isnull=True, id_index__isnull=True)
                | models.Q(id_number__isnull=False, id_index__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Filters that say when."""

    def on(self, day: dt.date) -> Self:
        """Memberships on that day, both ends inclusive."""
        return self.filter(_on(day))


class Membership(models.Model):
    """Who belonged to which household from when to when; one household at a time."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    relation = models.CharField(max_length=20, blank=True)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["household", "id"]
        constraints = [
            dates_in_order("membership_dates_in_order"),
            no_overlap("membership_once_at_a_time", "person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.household_id}"


class HouseholdCard(models.Model):
    """A card in the household's hands; its code is the user name of the household's user. Old codes stay, blocked."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="cards")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cards")
    code = models.CharField(max_length=20, unique=True)
    issued_at = models.DateTimeField()
    blocked_at = models.DateTimeField(null=True, blank=True)
    block_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["household", "-issued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=models.Q(blocked_at__isnull=True),
                name="one_open_card_per_household",
            )
        ]

    def __str__(self) -> str:
        return f"card of {self.household_id}"


class Message(models.Model):
    """What a subject was told, in both languages; it stays after it was read."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=32)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    body_en = models.TextField(blank=True)
    link = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["subject", "-created_at"], name="message_inbox")]

    def __str__(self) -> str:
        return self.title


class RosterImport(models.Model):
    """An uploaded roster between dry run and confirmation. The file is sealed, and dropped once applied."""

    village = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="roster_imports")
    filename = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    report = models.JSONField(default=dict)
    state = EnumField(ImportState, default=ImportState.DRY_RUN)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="roster_imports"
    )
    at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [enum_check("roster_import_state_known", "state", ImportState)]

    def __str__(self) -> str:
        return self.filename
