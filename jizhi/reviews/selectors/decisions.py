"""What was decided on cases: the count, who voted how, who stepped aside, and whose decision it is."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import QuerySet

from jizhi.reviews import models, rules

_PARTS = ("votes", "recusals")


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision with its count, who voted how (in an open vote), and who stepped aside why."""

    id: int
    case_id: int
    outcome: rules.Outcome
    reason: str
    tally: rules.Tally
    decided_at: dt.datetime
    choices: dict[int, rules.Choice]
    recusals: dict[int, rules.Ground] = field(default_factory=dict)
    secret: bool = False
    ruled_by: str = ""  # who ruled for the township, where no panel voted

    @property
    def grounds(self) -> list[rules.Ground]:
        """Why members stepped aside, each ground once: for readers who are not told the names."""
        return [ground for ground in rules.Ground if ground in self.recusals.values()]


def lines(rows: QuerySet[models.Decision]) -> dict[int, DecisionLine]:
    """Decisions as lines, by case: three queries."""
    return {
        row.case_id: _line(row)
        for row in rows.select_related("meeting", "decided_by").prefetch_related(*_PARTS)
    }


def _line(row: models.Decision) -> DecisionLine:
    return DecisionLine(
        id=row.pk,
        case_id=row.case_id,
        outcome=rules.Outcome(row.outcome),
        reason=row.reason,
        tally=rules.Tally(row.votes_for, row.against, row.abstain, row.recused),
        decided_at=row.decided_at,
        choices={vote.seat_id: rules.Choice(vote.choice) for vote in row.votes.all()},
        recusals={one.seat_id: rules.Ground(one.ground) for one in row.recusals.all()},
        secret=row.meeting.voting == rules.Voting.SECRET,
        ruled_by=row.decided_by.display_name if row.meeting.procedure == rules.Procedure.RULING else "",
    )


def decision_of_case(case_id: int) -> DecisionLine | None:
    """The last decision on a case."""
    last = models.Decision.objects.filter(case_id=case_id).order_by("-id")[:1]
    return lines(last).get(case_id)


def decided_at(case_ids: Collection[int]) -> dict[int, dt.datetime]:
    """When each of the cases got its final decision; one query."""
    rows = models.Decision.objects.filter(case_id__in=case_ids).exclude(outcome=rules.Outcome.RETURN)
    return dict(rows.order_by("id").values_list("case_id", "decided_at"))


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision with the meeting that took it, for whoever it concerns."""

    decision: DecisionLine
    panel: str
    held_on_date: dt.date
    present: int
    procedure: rules.Procedure


def ruling(decision_number: int) -> Ruling | None:
    """Who decided, when, with how many votes. The caller has checked that the reader may know."""
    row = (
        models.Decision.objects.filter(pk=decision_number)
        .select_related("meeting__panel", "decided_by")
        .prefetch_related(*_PARTS)
        .first()
    )
    if row is None:
        return None
    return Ruling(
        _line(row),
        row.meeting.panel.title,
        row.meeting.held_on_date,
        row.votes_for + row.against + row.abstain + row.recused,  # a household does not see the seats
        rules.Procedure(row.meeting.procedure),
    )


def deciders_of_case(case_id: int) -> frozenset[int]:
    """The users who decided a case: those who voted, openly or in secret, and whoever took it down."""
    return _deciders(models.Decision.objects.filter(case_id=case_id))


def deciders(decision_number: int) -> frozenset[int]:
    """The same of one decision."""
    return _deciders(models.Decision.objects.filter(pk=decision_number))


def _deciders(decisions: QuerySet[models.Decision]) -> frozenset[int]:
    votes = models.Vote.objects.filter(decision__in=decisions).exclude(choice=rules.Choice.RECUSED)
    ballots = models.Participation.objects.filter(decision__in=decisions)
    return frozenset(
        {
            *votes.values_list("seat__user_id", flat=True),
            *ballots.values_list("seat__user_id", flat=True),
            *decisions.order_by().values_list("decided_by_id", flat=True),
        }
    )
