"""Panels, their meetings, and what they decide on a case.

A case stands for whatever is put to a panel; the app that opened it keeps the link. Decisions and votes are
append-only: a wrong decision is answered by a new case, never by an edit.
"""

from django.conf import settings
from django.db import models

from jizhi.core.fields import EnumField
from jizhi.core.triggers import append_only
from jizhi.reviews import rules


class Panel(models.Model):
    """A village's panel (评议小组) for a term."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="panels")
    title = models.CharField(max_length=80)
    quorum = models.PositiveSmallIntegerField()
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["village_id", "-from_date", "id"]


class Seat(models.Model):
    """Who sits on a panel, as what."""

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="seats")
    role = EnumField(rules.SeatRole)

    class Meta:
        ordering = ["panel_id", "id"]
        constraints = [models.UniqueConstraint(fields=["panel", "user"], name="one_seat_a_person")]


class Case(models.Model):
    """Something put to a panel; what it is, only the app that opened it knows."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="cases")
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class Meeting(models.Model):
    """A panel's meeting: agenda, attendance, votes, minutes."""

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="meetings")
    held_on_date = models.DateField()
    place = models.CharField(max_length=80, blank=True)
    state = EnumField(rules.MeetingState, default=rules.MeetingState.OPEN)
    minutes = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-held_on_date", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="open", closed_at=None)
                | models.Q(state="closed", closed_at__isnull=False),
                name="closed_meeting_says_when",
            ),
        ]


class Attendance(models.Model):
    """A member who was present at a meeting."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendances")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="attendances")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "seat"], name="present_once")]


class AgendaItem(models.Model):
    """A case on a meeting's agenda."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="agenda")
    case = models.ForeignKey(Case, models.PROTECT, related_name="agenda_items")

    class Meta:
        ordering = ["meeting_id", "id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "case"], name="case_on_agenda_once")]


class Decision(models.Model):
    """What the panel decided on a case; append-only."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions")
    outcome = EnumField(rules.Outcome)
    reason = models.TextField(blank=True)
    votes_for = models.PositiveSmallIntegerField()
    against = models.PositiveSmallIntegerField()
    abstain = models.PositiveSmallIntegerField()
    recused = models.PositiveSmallIntegerField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "meeting"], name="one_decision_a_meeting"),
            models.UniqueConstraint(
                fields=["case"], condition=~models.Q(outcome="return"), name="one_final_decision_a_case"
            ),
        ]
        triggers = append_only()


class Vote(models.Model):
    """How one present member voted on one decision; append-only."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="votes")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="votes")
    choice = EnumField(rules.Choice)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "seat"], name="one_vote_a_member")]
        triggers = append_only()
