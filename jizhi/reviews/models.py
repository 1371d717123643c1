"""Panels, their meetings, and what they decide on a case.

A case stands for whatever is put to a panel; the app that opened it keeps the link. Decisions and votes are
append-only: a wrong decision is answered by a new case, never by an edit.
"""

import datetime as dt
import uuid
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models

from jizhi.core.codes import new_secret
from jizhi.core.fields import EnumField, dates_in_order, no_overlap
from jizhi.core.periods import not_over_before
from jizhi.core.scope import RowScope
from jizhi.core.triggers import append_only
from jizhi.reviews import rules


def sheet_path(sheet: "SignedSheet", filename: str) -> str:
    """Photos of signed minutes are stored by their own digest."""
    return f"minutes/{sheet.digest[:2]}/{sheet.digest}.jpg"


class Panel(models.Model):
    """A village's panel (评议小组) for a term; one at a time."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="panels")
    title = models.CharField(max_length=80)
    quorum = models.PositiveSmallIntegerField()
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    row_scope = RowScope(village="village", neighbours=True)

    class Meta:
        ordering = ["village_id", "-from_date", "id"]
        constraints = [
            dates_in_order("panel_dates_in_order"),
            no_overlap("panel_once_at_a_time", "village"),
            models.CheckConstraint(name="panel_quorum_of_three", condition=models.Q(quorum__gte=3)),
        ]


class SeatQuerySet(models.QuerySet["Seat"]):
    """Filters that say when."""

    def on(self, day: dt.date) -> Self:
        """Seats taken on that day, both ends inclusive; open ends reach as far as the panel's term."""
        begun = models.Q(from_date__isnull=True) | models.Q(from_date__lte=day)
        return self.filter(begun & not_over_before(day))


class Seat(models.Model):
    """Who sits on a panel, as what, for the whole term unless days are named. Votes stay with their seat."""

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="seats")
    role = EnumField(rules.SeatRole)
    from_date = models.DateField(null=True, blank=True)
    to_date = models.DateField(null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    row_scope = RowScope(via_writers=("panel",))

    class Meta:
        ordering = ["panel_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "user"], condition=models.Q(to_date__isnull=True), name="one_seat_a_person"
            ),
            models.CheckConstraint(
                name="seat_dates_in_order",
                condition=models.Q(to_date__isnull=True)
                | models.Q(from_date__isnull=True)
                | models.Q(to_date__gte=models.F("from_date")),
            ),
        ]


class Case(models.Model):
    """Something put to a panel; what it is, only the app that opened it knows.

    `opened_at` is when it was put there last: a claim that was sent back keeps its case when it is verified again.
    """

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="cases")
    opened_at = models.DateTimeField()

    row_scope = RowScope(village="village", seen_via=("claim",))

    class Meta:
        ordering = ["id"]


class Meeting(models.Model):
    """A panel's meeting: agenda, attendance, votes, minutes. A ruling of the township stands in its place."""

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="meetings")
    held_on_date = models.DateField()
    place = models.CharField(max_length=80, blank=True)
    procedure = EnumField(rules.Procedure, default=rules.Procedure.MEETING)
    due_date = models.DateField(
        null=True, blank=True, help_text="by which the members answer, in a circulation"
    )
    voting = EnumField(rules.Voting, default=rules.Voting.OPEN)
    state = EnumField(rules.MeetingState, default=rules.MeetingState.OPEN)
    secret = models.CharField(max_length=64, default=new_secret, help_text="behind the sign-in codes")
    minutes = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    row_scope = RowScope(via_writers=("panel",), seen_via=("decisions",))

    class Meta:
        ordering = ["-held_on_date", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="open", closed_at=None)
                | models.Q(state="closed", closed_at__isnull=False),
                name="closed_meeting_says_when",
            ),
            models.CheckConstraint(
                condition=models.Q(procedure="meeting", due_date=None)
                | models.Q(procedure="circulation", due_date__isnull=False, voting="open")
                | models.Q(procedure="ruling", due_date=None, voting="open", state="closed"),
                name="procedure_says_how_and_when",
            ),
        ]


class Attendance(models.Model):
    """A member who was present at a meeting, or answered in a circulation."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendances")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="attendances")

    row_scope = RowScope(via=("meeting",))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "seat"], name="present_once")]


class AgendaItem(models.Model):
    """A case on a meeting's agenda."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="agenda")
    case = models.ForeignKey(Case, models.PROTECT, related_name="agenda_items")

    row_scope = RowScope(via=("meeting",))

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

    row_scope = RowScope(via=("case",))

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "meeting"], name="one_decision_a_meeting"),
            models.UniqueConstraint(
                fields=["case"], condition=~models.Q(outcome="return"), name="one_final_decision_a_case"
            ),
        ]
        triggers = append_only()


# What a case is decided by may not be somebody who had to step aside, nor somebody without a vote.
_MAY_VOTE = """
    IF EXISTS (SELECT FROM reviews_seat s WHERE s.id = NEW.seat_id AND s.role NOT IN ('chair', 'member')) THEN
        RAISE EXCEPTION 'seat % has no vote', NEW.seat_id;
    END IF;
    IF EXISTS (
        SELECT FROM reviews_recusal r WHERE r.decision_id = NEW.decision_id AND r.seat_id = NEW.seat_id
    ) THEN
        RAISE EXCEPTION 'seat % is recused from decision %', NEW.seat_id, NEW.decision_id;
    END IF;
"""


class Vote(models.Model):
    """How one present member voted on one decision in an open vote, or that they stepped aside; append-only."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="votes")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="votes")
    choice = EnumField(rules.Choice)

    row_scope = RowScope(via=("decision",))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "seat"], name="one_vote_a_member")]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="voter_may_vote",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__choice="recused"),
                func=_MAY_VOTE
                + """
                IF EXISTS (
                    SELECT FROM reviews_decision d JOIN reviews_meeting m ON m.id = d.meeting_id
                    WHERE d.id = NEW.decision_id AND m.voting = 'secret'
                ) THEN
                    RAISE EXCEPTION 'decision % was voted on in secret', NEW.decision_id;
                END IF;
                RETURN NEW;
                """,
            ),
        ]


class Recusal(models.Model):
    """A member stepped aside from one decision, and why; append-only, and the database accepts no vote beside it."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="recusals")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="recusals")
    ground = EnumField(rules.Ground)

    row_scope = RowScope(via=("decision",))

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["decision", "seat"], name="recused_once")]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="has_not_voted",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                IF EXISTS (
                    SELECT FROM reviews_vote v WHERE v.decision_id = NEW.decision_id AND v.seat_id = NEW.seat_id
                    AND v.choice <> 'recused'
                ) OR EXISTS (
                    SELECT FROM reviews_participation p
                    WHERE p.decision_id = NEW.decision_id AND p.seat_id = NEW.seat_id
                ) THEN
                    RAISE EXCEPTION 'seat % has voted on decision %', NEW.seat_id, NEW.decision_id;
                END IF;
                RETURN NEW;
                """,
            ),
        ]


class Participation(models.Model):
    """A member cast a ballot in a secret vote; which one nobody can tell. Append-only."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="participations")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="participations")

    row_scope = RowScope(via=("decision",))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "seat"], name="one_ballot_a_member")]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="voter_may_vote",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_MAY_VOTE + "RETURN NEW;",
            ),
        ]


class Ballot(models.Model):
    """One ballot of a secret vote. Its number is random, so that no order tells whose it was. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="ballots")
    choice = EnumField(rules.Choice)

    row_scope = RowScope(via=("decision",))

    class Meta:
        ordering = ["decision_id", "choice"]
        constraints = [
            models.CheckConstraint(name="ballot_is_a_vote", condition=~models.Q(choice="recused")),
        ]
        triggers = append_only()


class Answer(models.Model):
    """What a member answered on one case of a circulation; append-only."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="answers")
    case = models.ForeignKey(Case, models.PROTECT, related_name="answers")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="answers")
    choice = EnumField(rules.Choice, blank=True, default="")
    wants_meeting = models.BooleanField(default=False)
    words = models.TextField(blank=True)
    answered_at = models.DateTimeField()

    row_scope = RowScope(via=("meeting",))

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "case", "seat"], name="one_answer_a_member"),
            models.CheckConstraint(
                name="answer_votes_or_wants_a_meeting",
                condition=models.Q(wants_meeting=True, choice="")
                | models.Q(wants_meeting=False, choice__in=["for", "against", "abstain"]),
            ),
        ]
        triggers = append_only()


class Remark(models.Model):
    """What a supervisor had put into the minutes, on the meeting or on one case; append-only."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="remarks")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="remarks")
    case = models.ForeignKey(Case, models.PROTECT, related_name="remarks", null=True, blank=True)
    words = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(via=("meeting",))

    class Meta:
        ordering = ["id"]
        triggers = append_only()


class SignedSheet(models.Model):
    """A photo of the minutes as they were signed, written anew on arrival."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="sheets")
    file = models.FileField(upload_to=sheet_path, max_length=200)
    digest = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(via=("meeting",))

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "digest"], name="sheet_once_a_meeting")]
        triggers = append_only()
