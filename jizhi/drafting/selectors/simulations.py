"""Simulations as pages see them: what was asked, how far it is, what it found, and who moves how far and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.claims import selectors as claims
from jizhi.core.errors import DomainError
from jizhi.core.languages import in_english
from jizhi.drafting import models, rules
from jizhi.drafting.selectors import drafts, reading, weighing
from jizhi.engine.loader import Versions
from jizhi.ledger import selectors as ledger
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes

SORTS = {"gain": ("-change", "subject_id"), "loss": ("change", "subject_id"), "place": ("subject__key",)}


class NoSuchSimulation(DomainError):
    """The simulation does not exist, or the user may not see it."""


@dataclass(frozen=True, slots=True)
class SimulationLine:
    """One simulation on a draft's list."""

    id: int
    number: int
    from_date: dt.date
    to_date: dt.date
    villages: int
    state: rules.SimulationState
    asked_at: dt.datetime
    asked_by: str
    winners: int
    losers: int


@dataclass(frozen=True, slots=True)
class Named:
    """One of the largest gains or losses, with the items that make it."""

    subject_id: int
    label: str
    key: str
    change: int
    lines: tuple[weighing.ItemLine, ...]


@dataclass(frozen=True)
class SimulationPage:
    """What a simulation found; without `all` it is not done yet. Points in hundredths, money in fen."""

    id: int
    draft_id: int
    number: int
    state: rules.SimulationState
    from_date: dt.date
    to_date: dt.date
    villages: tuple[str, ...]
    done: int
    total: int
    facts: int
    fen_per_point: int
    fault: str
    asked_at: dt.datetime
    asked_by: str
    draft_changed: bool
    facts_changed: bool
    all: weighing.Group | None
    groups: dict[str, list[weighing.Group]]
    levels: list[tuple[str, int, int]]
    outcomes: list[tuple[str, int, int]]
    unusable: list[tuple[str, int]]
    named: list[Named]
    buckets: list[rules.Bucket]
    digest: str

    @property
    def stale(self) -> bool:
        return self.draft_changed or self.facts_changed

    @property
    def old_fen(self) -> int:
        return self.all.old_spendable * self.fen_per_point // 100 if self.all else 0

    @property
    def new_fen(self) -> int:
        return self.all.new_spendable * self.fen_per_point // 100 if self.all else 0

    @property
    def gains(self) -> list[Named]:
        return [one for one in self.named if one.change > 0]

    @property
    def losses(self) -> list[Named]:
        return [one for one in reversed(self.named) if one.change < 0]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One subject's move."""

    subject_id: int
    key: str
    label: str
    village: str
    old_total: int
    new_total: int
    change: int
    old_level: str
    new_level: str
    spendable: int


@dataclass(frozen=True)
class Why:
    """One subject's move, item by item."""

    change: ChangeLine
    lines: list[weighing.ItemLine]

    @property
    def rest(self) -> int:
        """What base, vetoes, floors and ceilings make of the difference between items and totals."""
        return self.change.change - sum(line.change for line in self.lines)


def simulated_villages(user: User, draft: drafts.DraftPage, *, on: dt.date) -> list[Area]:
    """The villages on whose facts the user may simulate the draft: those of its area that have any."""
    paths = posts.scope_paths(user, Action.MANAGE_SCHEMES, on)
    below = areas.villages([draft.area.path])
    mine = [
        one for one in below if any(one.path == path or one.path.startswith(f"{path}.") for path in paths)
    ]
    known = {village for village, *_rest in ledger.marks_of_villages(mine, draft.line.scheme)}
    return [village for village in mine if village.pk in known]


def years_with_facts(villages: Sequence[Area], scheme: str, today: dt.date) -> list[int]:
    """The years that can be simulated, the last complete one first."""
    firsts = [first for *_rest, first in ledger.marks_of_villages(villages, scheme)]
    return rules.years(min(firsts, default=None), today)


def simulations_of(draft_id: int) -> list[SimulationLine]:
    """Every simulation of a draft that was looked up for the user, the last first."""
    rows = models.Simulation.objects.filter(draft_id=draft_id).select_related("asked_by")
    return [
        SimulationLine(
            id=row.pk,
            number=row.number,
            from_date=row.from_date,
            to_date=row.to_date,
            villages=len(row.villages),
            state=row.state,
            asked_at=row.asked_at,
            asked_by=row.asked_by.display_name,
            winners=row.result.get("all", {}).get("winners", 0),
            losers=row.result.get("all", {}).get("losers", 0),
        )
        for row in rows
    ]


def simulation_for(user: User, draft_id: int, simulation_id: int, *, on: dt.date) -> models.Simulation:
    """Raises NoSuchSimulation, and NoSuchDraft."""
    draft = drafts.draft_for(user, draft_id, on=on)
    row = draft.simulations.select_related("draft__area", "asked_by").filter(pk=simulation_id).first()
    if row is None:
        raise NoSuchSimulation(_("没有这次试算，或者您无权查看。"))
    return row


def simulation_page(user: User, draft_id: int, simulation_id: int, *, on: dt.date) -> SimulationPage:
    """A simulation with its sums. Raises NoSuchSimulation."""
    row = simulation_for(user, draft_id, simulation_id, on=on)
    villages = [areas.area_by_code(code) for code in row.villages]
    marks = ledger.marks_of_villages(villages, row.draft.scheme)
    result = row.result
    last = row.draft.saves.get(number=row.draft.number)
    return SimulationPage(
        id=row.pk,
        draft_id=draft_id,
        number=row.number,
        state=row.state,
        from_date=row.from_date,
        to_date=row.to_date,
        villages=tuple(areas.named(village) for village in villages),
        done=row.done,
        total=len(villages),
        facts=row.facts,
        fen_per_point=row.fen_per_point,
        fault=(in_english() and row.fault_en) or row.fault,
        asked_at=row.asked_at,
        asked_by=row.asked_by.display_name,
        draft_changed=last.digest != row.digest,
        facts_changed=weighing.digest_of_marks(marks) != row.facts_digest,
        all=_group(result["all"]) if result else None,
        groups={kind: [_group(one) for one in found] for kind, found in result.get("groups", {}).items()},
        levels=[(name, old, new) for name, old, new in result.get("levels", [])],
        outcomes=[(name, old, new) for name, old, new in result.get("outcomes", [])],
        unusable=[(item, count) for item, count in result.get("unusable", [])],
        named=_named(result.get("named", [])),
        buckets=[rules.Bucket(*one) for one in result.get("buckets", [])],
        digest=row.digest,
    )


def _group(data: dict[str, Any]) -> weighing.Group:
    return weighing.Group(**{one.name: data[one.name] for one in fields(weighing.Group)})


def _named(stored: list[dict[str, Any]]) -> list[Named]:
    labels = people.labels_of_subjects([one["subject"] for one in stored])
    return [
        Named(
            one["subject"],
            labels[one["subject"]][1],
            labels[one["subject"]][0],
            one["change"],
            tuple(weighing.ItemLine(**line) for line in one["lines"]),
        )
        for one in stored
        if one["subject"] in labels
    ]


def change_rows(
    simulation: SimulationPage, *, search: str = "", what: str = "", sort: str = ""
) -> QuerySet[models.SimulatedChange]:
    """Subjects and their moves: `what` is gain, loss, same or level."""
    rows = models.SimulatedChange.objects.filter(simulation_id=simulation.id)
    if search:
        rows = rows.filter(Q(subject__label__icontains=search) | Q(subject__key__icontains=search))
    conditions = {
        "gain": Q(change__gt=0),
        "loss": Q(change__lt=0),
        "same": Q(change=0),
        "level": ~Q(old_level=F("new_level")),
    }
    if what in conditions:
        rows = rows.filter(conditions[what])
    return rows.order_by(*SORTS.get(sort, SORTS["gain"]))


def change_lines(rows: Any) -> list[ChangeLine]:
    return [_change(row) for row in rows.select_related("subject", "village")]


def _change(row: models.SimulatedChange) -> ChangeLine:
    return ChangeLine(
        subject_id=row.subject_id,
        key=row.subject.key,
        label=row.subject.label,
        village=areas.named(row.village),
        old_total=row.old_total,
        new_total=row.new_total,
        change=row.change,
        old_level=row.old_level,
        new_level=row.new_level,
        spendable=row.new_spendable - row.old_spendable,
    )


def why(user: User, draft_id: int, simulation_id: int, subject_id: int, *, on: dt.date) -> Why:
    """A subject's move item by item, as the draft stood then. Raises NoSuchSimulation."""
    simulation = simulation_for(user, draft_id, simulation_id, on=on)
    row = (
        simulation.changes.select_related("subject__village", "village").filter(subject_id=subject_id).first()
    )
    if row is None:
        raise NoSuchSimulation(_("这次试算里没有这一户。"))
    save = simulation.draft.saves.get(number=simulation.number)
    scheme = reading.document(save.source).scheme
    assert scheme is not None
    facts = [
        claims.engine_fact(one) for one in ledger.facts_of_subjects([subject_id], simulation.draft.scheme)
    ]
    adopted = schemes.versions_in_village(row.village, simulation.draft.scheme)
    subject = schemes.engine_subject(row.subject)
    days = (simulation.from_date, simulation.to_date)
    return Why(_change(row), weighing.by_item(adopted, Versions.of(scheme), subject, facts, days))
