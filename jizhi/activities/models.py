"""Needs that households post, activities with their sign-in lists, and the volunteer teams.

What somebody did here becomes a claim and, once the panel decided it, a fact of the ledger. No points are kept here.
"""

import datetime as dt
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from jizhi.activities import rules
from jizhi.core.fields import EnumField, dates_in_order, enum_check, no_overlap
from jizhi.core.scope import PATHS, RowScope, number, numbers
from jizhi.core.triggers import pairs
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


def _above(paths: list[str]) -> list[str]:
    """Every path at or above one of the paths."""
    return sorted(
        {".".join(path.split(".")[:depth]) for path in paths for depth in range(1, path.count(".") + 2)}
    )


class TeamQuerySet(models.QuerySet["Team"]):
    """Filters that say whose."""

    def visible_to(self, user: Any, on: dt.date) -> Self:
        """Teams of the user's areas, and those of the areas these lie in."""
        paths = posts.scope_paths(user, Action.VIEW_ACTIVITIES, on)
        return self.filter(models.Q(area__path__within=paths) | models.Q(area__path__in=_above(paths)))


class VillageQuerySet(models.QuerySet[Any]):
    """Needs and activities concern a village as a whole."""

    def visible_to(self, user: Any, on: dt.date) -> Self:
        """Rows of the villages that the user's areas are, hold or lie in."""
        paths = posts.scope_paths(user, Action.VIEW_ACTIVITIES, on)
        return self.filter(models.Q(village__path__within=paths) | models.Q(village__path__in=_above(paths)))


# Households see the teams around them and what is published in their village; volunteers move a need on.
_AROUND = (
    "EXISTS (SELECT 1 FROM areas_area t LEFT JOIN areas_area h"
    f" ON h.id = {number('home')} WHERE t.id = activities_team.area_id"
    f" AND (t.path @> h.path OR t.path <@ h.path OR t.path @> ANY {PATHS}))"
)
_PUBLISHED = f"(village_id = {number('home')} AND state IN ('open', 'taken', 'done', 'withdrawn'))"
_OF_THE_VILLAGE = f"village_id = ANY {numbers('villages')} OR village_id = {number('home')}"
_OF_TAKER_OR_ASKER = (
    f"village_id = ANY {numbers('villages')} OR subject_id = {number('subject')} OR EXISTS (SELECT 1 FROM"
    f" activities_need n WHERE n.id = need_id AND n.subject_id = {number('subject')})"
)


class Team(models.Model):
    """A volunteer team of an area."""

    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="teams")
    kind = EnumField(rules.TeamKind)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    pinyin = models.TextField(blank=True)
    purpose = models.TextField(blank=True)
    leader = models.CharField(max_length=50, blank=True)
    phone = models.CharField(max_length=20, blank=True, help_text="the leader's work phone, public")
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    row_scope = RowScope(area="area", read=_AROUND)
    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["area__path", "name", "id"]
        indexes = [
            GinIndex(fields=["name", "pinyin"], opclasses=["gin_trgm_ops"] * 2, name="team_search"),
        ]
        constraints = [
            enum_check("team_kind_known", "kind", rules.TeamKind),
            dates_in_order("team_dates_in_order"),
            models.UniqueConstraint(
                fields=["area", "name"], condition=models.Q(to_date=None), name="team_name_once_an_area"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """Somebody of a household who belongs to a team, from a day to a day."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="members")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    subject = models.ForeignKey("people.Subject", models.PROTECT, related_name="team_memberships")
    name = models.CharField(max_length=50)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    row_scope = RowScope(village="village", subject="subject", neighbours=True)

    class Meta:
        ordering = ["team", "name", "id"]
        constraints = [
            dates_in_order("team_member_dates_in_order"),
            no_overlap("team_member_once_at_a_time", "team", "subject", "name"),
        ]


class Need(models.Model):
    """What a household (or the village) asks volunteers for."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="needs")
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    subject = models.ForeignKey("people.Subject", models.PROTECT, related_name="needs", null=True, blank=True)
    kind = EnumField(rules.NeedKind)
    title = models.CharField(max_length=60)
    words = models.TextField(blank=True)
    wanted_date = models.DateField()
    places = models.PositiveSmallIntegerField(default=1)
    item = models.CharField(
        max_length=60, blank=True, help_text="the scheme's item that the help counts under"
    )
    state = EnumField(rules.NeedState, default=rules.NeedState.POSTED)
    note = models.TextField(blank=True, help_text="why it was refused or withdrawn")
    request_key = models.CharField(max_length=80, unique=True)
    posted_at = models.DateTimeField()
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    row_scope = RowScope(village="village", subject="subject", read=_PUBLISHED, write=_OF_THE_VILLAGE)
    objects = VillageQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["village", "state", "wanted_date"], name="need_village_state"),
            models.Index(fields=["subject", "-id"], name="need_subject"),
        ]
        constraints = [
            enum_check("need_kind_known", "kind", rules.NeedKind),
            models.CheckConstraint(condition=models.Q(places__gte=1), name="need_has_a_place"),
        ]
        triggers = [
            pgtrigger.FSM(name="need_way", field="state", transitions=pairs(rules.NEED_TRANSITIONS)),
            pgtrigger.Protect(name="need_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.title


class Taking(models.Model):
    """A household that took a need up, and what came of it."""

    need = models.ForeignKey(Need, models.PROTECT, related_name="takings")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    subject = models.ForeignKey("people.Subject", models.PROTECT, related_name="takings")
    name = models.CharField(max_length=50)
    state = EnumField(rules.TakingState, default=rules.TakingState.TAKEN)
    taken_at = models.DateTimeField()
    hours = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    claim = models.OneToOneField("claims.Claim", models.PROTECT, related_name="taking", null=True, blank=True)

    row_scope = RowScope(village="village", subject="subject", neighbours=True, write=_OF_TAKER_OR_ASKER)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["need", "subject"], name="need_taken_once_a_household"),
            models.CheckConstraint(
                condition=~models.Q(state="confirmed") | models.Q(hours__gt=0, hours__lte=24),
                name="confirmed_taking_has_hours",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="taking_way", field="state", transitions=pairs(rules.TAKING_TRANSITIONS)),
        ]


class Activity(models.Model):
    """An activity at a place and time; whoever signs in and is confirmed has taken part."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="activities")
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    kind = EnumField(rules.ActivityKind)
    title = models.CharField(max_length=80)
    words = models.TextField(blank=True)
    place = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    team = models.ForeignKey(Team, models.PROTECT, related_name="activities", null=True, blank=True)
    item = models.CharField(
        max_length=60, blank=True, help_text="the scheme's item that attendance counts under"
    )
    hours = models.DecimalField(max_digits=4, decimal_places=1)
    state = EnumField(rules.ActivityState, default=rules.ActivityState.PLANNED)
    note = models.TextField(blank=True, help_text="why it was cancelled")
    secret = models.CharField(max_length=32, default=rules.new_secret)
    request_key = models.CharField(max_length=80, unique=True)
    organiser = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1)

    row_scope = RowScope(village="village", neighbours=True)
    objects = VillageQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        verbose_name_plural = "activities"
        indexes = [
            models.Index(fields=["village", "-starts_at"], name="activity_village_day"),
            models.Index(fields=["organiser", "state"], name="activity_organiser"),
        ]
        constraints = [
            enum_check("activity_kind_known", "kind", rules.ActivityKind),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="activity_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(hours__gt=0, hours__lte=24), name="activity_hours_in_a_day"
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="activity_way", field="state", transitions=pairs(rules.ACTIVITY_TRANSITIONS)),
            pgtrigger.Protect(name="activity_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """One person of a household on an activity's list."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="attendances")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    subject = models.ForeignKey("people.Subject", models.PROTECT, related_name="attendances")
    name = models.CharField(max_length=50)
    how = EnumField(rules.SignInHow)
    state = EnumField(rules.AttendanceState, default=rules.AttendanceState.SIGNED)
    hours = models.DecimalField(max_digits=4, decimal_places=1)
    note = models.CharField(max_length=200, blank=True, help_text="why somebody was struck off")
    request_key = models.CharField(max_length=80, unique=True)
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    claim = models.OneToOneField(
        "claims.Claim", models.PROTECT, related_name="attendance", null=True, blank=True
    )

    row_scope = RowScope(village="village", subject="subject")

    class Meta:
        ordering = ["signed_at", "id"]
        verbose_name_plural = "attendances"
        indexes = [models.Index(fields=["subject", "-signed_at"], name="attendance_subject")]
        constraints = [
            enum_check("attendance_how_known", "how", rules.SignInHow),
            models.UniqueConstraint(fields=["activity", "subject", "name"], name="signed_in_once"),
            models.CheckConstraint(
                condition=models.Q(hours__gt=0, hours__lte=24), name="attendance_hours_in_a_day"
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="attendance_way", field="state", transitions=pairs(rules.ATTENDANCE_TRANSITIONS)
            ),
            pgtrigger.Protect(name="attendance_stays", operation=pgtrigger.Delete),
        ]
