"""How households stand at a moment: members, points of the year, wallet with its lots, claims that wait.

Two such states, before and after, are what a preview shows and what a change records.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from jizhi.areas import selectors as areas
from jizhi.changes import models, rules
from jizhi.claims import selectors as claims
from jizhi.ledger import selectors as ledger
from jizhi.people.models import Household, Membership


@dataclass(frozen=True, slots=True)
class LotState:
    """Points of a wallet that expire on one day, or never."""

    expires_date: dt.date | None
    remaining: int


@dataclass(frozen=True, slots=True)
class HouseholdState:
    """One household at a moment; points in hundredths."""

    household_id: int
    subject_id: int
    village_id: int
    village: str
    grid: str
    no: str
    head_name: str
    size: int
    members: tuple[str, ...]
    year_points: int
    wallet: int
    lots: tuple[LotState, ...]
    waiting_claims: int
    faults_untold: int
    closed: bool

    def as_json(self) -> dict[str, Any]:
        """What a change keeps of it; no names of persons."""
        return {
            "no": self.no,
            "size": self.size,
            "members": len(self.members),
            "year_points": self.year_points,
            "wallet": self.wallet,
            "waiting_claims": self.waiting_claims,
            "closed": self.closed,
        }


@dataclass(frozen=True, slots=True)
class HouseholdEffect:
    """A household before and after; None before where it is opened by the change."""

    side: rules.Side
    before: HouseholdState | None
    after: HouseholdState


@dataclass(frozen=True, slots=True)
class ClaimState:
    """A claim that waits, with what happens to it and whether it may be chosen otherwise."""

    line: claims.ClaimLine
    fate: rules.ClaimFate


@dataclass(frozen=True, slots=True)
class Preview:
    """What confirming the change will do: the change itself, made and taken back."""

    kind: rules.ChangeKind
    day: dt.date
    households: tuple[HouseholdEffect, ...]
    moved: int
    claims: tuple[ClaimState, ...]
    concerns: tuple[rules.Concern, ...]
    digest: str

    @property
    def blocked(self) -> bool:
        """Whether something open must be settled first."""
        return any(concern.blocks for concern in self.concerns)

    @property
    def total_before(self) -> int:
        """Spendable points of all households before."""
        return sum(effect.before.wallet for effect in self.households if effect.before)

    @property
    def total_after(self) -> int:
        """The same afterwards: not a hundredth more or less."""
        return sum(effect.after.wallet for effect in self.households)


def states(household_ids: Collection[int], *, today: dt.date) -> dict[int, HouseholdState]:
    """How these households stand now; `today` says which lots have not expired and which year counts."""
    rows = Household.objects.filter(pk__in=household_ids).select_related("village", "area", "subject")
    households = list(rows.order_by("pk"))
    subjects = [row.subject_id for row in households]
    members: dict[int, list[str]] = {}
    current = Membership.objects.filter(household__in=households, to_date=None).select_related("person")
    for membership in current.order_by("household", "id"):
        members.setdefault(membership.household_id, []).append(membership.person.name)
    lots = ledger.lots_of_subjects(subjects, today=today)
    year = ledger.awarded_of_subjects(subjects, today.replace(month=1, day=1), today)
    waiting = claims.waiting_counts(subjects)
    return {
        row.pk: HouseholdState(
            household_id=row.pk,
            subject_id=row.subject_id,
            village_id=row.village_id,
            village=areas.named(row.village),
            grid="" if row.area_id == row.village_id else row.area.name,
            no=row.no,
            head_name=row.head_name,
            size=row.subject.size,
            members=tuple(members.get(row.pk, ())),
            year_points=year.get(row.subject_id, 0),
            wallet=sum(points for _day, points in lots.get(row.subject_id, ())),
            lots=tuple(LotState(*lot) for lot in lots.get(row.subject_id, ())),
            waiting_claims=waiting.get(row.subject_id, (0, 0))[0],
            faults_untold=waiting.get(row.subject_id, (0, 0))[1],
            closed=row.to_date is not None,
        )
        for row in households
    }


def claims_waiting(subject_ids: Sequence[int]) -> list[claims.ClaimLine]:
    """Claims of these subjects on which somebody still works, oldest act first."""
    return claims.waiting_of_subjects(subject_ids)


def ended_successors(village_id: int) -> dict[int, int]:
    """Subject of an ended household → household that has what it still receives; changes that were undone left out."""
    rows = models.ChangedHousehold.objects.filter(
        village_id=village_id, successor__isnull=False, change__undone_by=None
    )
    return dict(rows.order_by("id").values_list("household__subject_id", "successor_id"))
