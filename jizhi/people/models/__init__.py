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
from jizhi.core.periods import lasting_on
from jizhi.core.scope import RowScope, number, numbers
from jizhi.core.triggers import call_after, derived
from jizhi.people.models.kinship import Kinship as Kinship
from jizhi.people.models.papers import Message as Message
from jizhi.people.models.papers import RosterImport as RosterImport
from jizhi.people.rules import PartyClass, PartyStanding, Residence, Sex, SubjectKind
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action

# Whoever objects, and whose entry is objected to, are named to each other; so are whoever asks for help and gives it.
_OTHER_PARTY = (
    f"village_id = ANY {numbers('homes')} AND (EXISTS (SELECT 1 FROM notices_objection o"
    " JOIN ledger_fact f ON f.id = o.fact_id WHERE people_subject.id IN (o.subject_id, f.subject_id))"
    " OR EXISTS (SELECT 1 FROM activities_need n WHERE n.subject_id = people_subject.id)"
    " OR EXISTS (SELECT 1 FROM activities_taking t JOIN activities_need n ON n.id = t.need_id"
    f" WHERE t.subject_id = people_subject.id AND n.subject_id = {number('subject')}))"
)


class SubjectQuerySet(models.QuerySet["Subject"]):
    """Filters that say when."""

    def taking_part_on(self, day: dt.date) -> Self:
        """Subjects that take part on that day, both ends inclusive; a registration that was undone never did."""
        return self.filter(lasting_on(day), void=False)


class Subject(models.Model):
    """One row for whatever is scored, so that ledger, settlement and store know one noun.

    A household takes part in every scheme of households. A person or an organisation has a subject for each scheme it
    takes part in, and another one when it comes back later.
    """

    kind = EnumField(SubjectKind)
    key = models.CharField(max_length=100, unique=True)
    label = models.CharField(max_length=100)
    village = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="subjects")
    group = models.CharField(max_length=64)
    size = models.PositiveIntegerField(default=1)
    scheme = models.CharField(
        max_length=60,
        blank=True,
        help_text="the one scheme of a person or organisation; empty: every scheme of households",
    )
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="subjects", null=True, blank=True
    )
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)
    void = models.BooleanField(
        default=False, help_text="registered by a change that was undone: it never took part"
    )

    row_scope = RowScope(village="village", subject="id", read=_OTHER_PARTY)
    objects = SubjectQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        constraints = [
            enum_check("subject_kind_known", "kind", SubjectKind),
            dates_in_order("subject_dates_in_order"),
            models.CheckConstraint(name="subject_size_positive", condition=models.Q(size__gte=1)),
            models.CheckConstraint(
                name="subject_names_its_person",
                condition=models.Q(kind="person", person__isnull=False)
                | (~models.Q(kind="person") & models.Q(person=None)),
            ),
            models.CheckConstraint(
                name="subject_names_its_scheme",
                condition=models.Q(kind__in=["household", "area"], scheme="")
                | (models.Q(kind__in=["person", "organisation"]) & ~models.Q(scheme="")),
            ),
            no_overlap(
                "person_takes_part_once_at_a_time",
                "person",
                "scheme",
                among=models.Q(person__isnull=False, void=False),
            ),
        ]
        indexes = [models.Index(fields=["village", "scheme", "key"], name="subject_village_scheme")]

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
        return self.filter(lasting_on(day), subject__void=False)


class Household(models.Model):
    """A household of a village under its number. `area` is its grid, or the village itself until a grid is known.

    `head_name` follows `head` where the head is a registered member; lists and labels read the name alone.
    """

    no = models.CharField(max_length=20)
    head_name = models.CharField(max_length=50)
    head = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="headed_households"
    )
    pinyin = models.TextField(blank=True)
    village = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="village_households")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="households")
    address = models.CharField(max_length=200, blank=True)
    phone = EncryptedTextField(null=True, blank=True)
    declared_size = models.PositiveIntegerField(null=True, blank=True)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)
    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="household")
    version = models.PositiveIntegerField(default=1)

    row_scope = RowScope(village="village", subject="subject")
    objects = HouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["village__path", "no"]
        indexes = [
            GinIndex(
                fields=["head_name", "pinyin"],
                opclasses=["gin_trgm_ops", "gin_trgm_ops"],
                name="household_search",
            ),
            models.Index(
                fields=["village", "address"], condition=~models.Q(address=""), name="household_address"
            ),
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


_VILLAGE = "(SELECT h.village_id FROM people_household h WHERE h.id = NEW.household_id)"
_LATEST = "people_latest_village(NEW.id)"  # it and people_place_persons are made by migration 0005


class Person(models.Model):
    """A natural person, once in the county however often the household changes; `village` is the latest one."""

    village = models.ForeignKey(Area, models.PROTECT, "+", null=True, editable=False, db_index=False)
    name = models.CharField(max_length=50)
    pinyin = models.TextField(blank=True)
    id_number = EncryptedTextField(null=True, blank=True)
    id_index = models.CharField(max_length=64, null=True, blank=True, unique=True)
    id_core_index = models.CharField(max_length=64, blank=True, db_index=True)
    birth_date = models.DateField(null=True, blank=True)
    sex = EnumField(Sex, blank=True, default="")
    phone = EncryptedTextField(null=True, blank=True)
    phone_index = models.CharField(max_length=64, blank=True)
    residence = EnumField(Residence, default=Residence.RESIDENT)
    registered_place = models.CharField(max_length=100, blank=True)
    departed_date = models.DateField(null=True, blank=True)
    returned_date = models.DateField(null=True, blank=True)
    death_date = models.DateField(null=True, blank=True)
    party_member = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_persons"
    )
    version = models.PositiveIntegerField(default=1)

    row_scope = RowScope(village="village", via=("memberships",), seen_via=("belongings",))
    objects = PersonQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(
                fields=["name", "pinyin"], opclasses=["gin_trgm_ops", "gin_trgm_ops"], name="person_search"
            ),
            models.Index(fields=["village", "name"], name="person_village_name"),
            models.Index(fields=["name", "birth_date"], name="person_name_birth"),
            models.Index(fields=["name"], opclasses=["varchar_pattern_ops"], name="person_name_start"),
            models.Index(
                fields=["phone_index", "name"], condition=~models.Q(phone_index=""), name="person_phone_name"
            ),
        ]
        constraints = [
            enum_check("person_residence_known", "residence", Residence),
            models.CheckConstraint(
                name="person_sex_known", condition=models.Q(sex__in=["", Sex.MALE.value, Sex.FEMALE.value])
            ),
            models.CheckConstraint(
                name="person_id_with_index",
                condition=models.Q(id_number__isnull=True, id_index__isnull=True)
                | models.Q(id_number__isnull=False, id_index__isnull=False),
            ),
        ]
        # Whatever is saved, the latest membership decides.
        triggers = [derived("village_of_latest_membership", "village_id", _LATEST, of="village_id")]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Filters that say when."""

    def on(self, day: dt.date) -> Self:
        """Memberships on that day, both ends inclusive."""
        return self.filter(lasting_on(day))


# A household reads its own; asked once a query.
_OWN_HOUSEHOLD = (
    f"household_id IN (SELECT h.id FROM people_household h WHERE h.subject_id = {number('subject')})"
)


class Membership(models.Model):
    """Who belonged to which household from when to when; one household at a time.

    `village` is the household's: whose row it is must not need another table.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    village = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", editable=False)
    relation = models.CharField(max_length=20, blank=True)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    row_scope = RowScope(village="village", read=_OWN_HOUSEHOLD)
    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["household", "id"]
        indexes = [models.Index(fields=["household", "id"], name="membership_in_order")]
        constraints = [
            dates_in_order("membership_dates_in_order"),
            no_overlap("membership_once_at_a_time", "person"),
        ]
        triggers = [
            derived("village_of_household", "village_id", _VILLAGE, of="household_id", new=True),
            *call_after("place_persons", "people_place_persons", "person_id"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.household_id}"


class PartySpell(models.Model):
    """A stretch of party membership: on probation or full. Held by the village in which it was recorded."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="party_spells")
    village = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="party_spells")
    standing = EnumField(PartyStanding)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    row_scope = RowScope(village="village", seen_via=("person",))

    class Meta:
        ordering = ["person", "from_date"]
        constraints = [
            enum_check("party_standing_known", "standing", PartyStanding),
            dates_in_order("party_spell_dates_in_order"),
            no_overlap("party_spell_once_at_a_time", "person"),
        ]

    def __str__(self) -> str:
        return f"{self.standing} {self.from_date}"


class ClassSpell(models.Model):
    """The class A–F in which a party member was, from when to when. The class alone is kept, never its reason."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="class_spells")
    village = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="class_spells")
    letter = EnumField(PartyClass)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    row_scope = RowScope(village="village", seen_via=("person",))

    class Meta:
        ordering = ["person", "from_date"]
        indexes = [
            models.Index(
                fields=["letter", "person"], condition=models.Q(to_date__isnull=True), name="class_spell_open"
            )
        ]
        constraints = [
            enum_check("party_class_known", "letter", PartyClass),
            dates_in_order("class_spell_dates_in_order"),
            no_overlap("class_spell_once_at_a_time", "person"),
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.from_date}"


class NotDuplicate(models.Model):
    """Somebody looked at two persons who seemed to be one and said that they are two. `one` has the lower number."""

    one = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    row_scope = RowScope(village="village")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="not_duplicate_said_once"),
            models.CheckConstraint(
                name="not_duplicate_in_order", condition=models.Q(one__lt=models.F("other"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} is not {self.other_id}"


class HouseholdCard(models.Model):
    """A card in the household's hands; its code is the user name of the household's user. Old codes stay, blocked."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="cards")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cards")
    code = models.CharField(max_length=20, unique=True)
    issued_at = models.DateTimeField()
    blocked_at = models.DateTimeField(null=True, blank=True)
    block_reason = models.CharField(max_length=200, blank=True)

    row_scope = RowScope(via=("household",))

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
