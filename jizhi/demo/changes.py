"""What happens to households of one village in the demonstration's year: a split, a death, a merge and a move.

Split and death come in the middle of the year; households end on the visitor's day, when the year has been lived.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from jizhi.changes import rules
from jizhi.changes import services as changes
from jizhi.claims import selectors as claims
from jizhi.demo import setup
from jizhi.demo.month import ZONE, Event, moment
from jizhi.notices import selectors as notices
from jizhi.notices import services as notice_services
from jizhi.people import selectors as people

if TYPE_CHECKING:
    from jizhi.accounts.models import User
    from jizhi.people.models import Household

SPLIT_AFTER, DEATH_AFTER = dt.timedelta(days=130), dt.timedelta(days=215)


def events(
    part: setup.VillageParts,
    parts: Sequence[setup.VillageParts],
    first: dt.date,
    now: dt.datetime,
    operator: User,
) -> list[Event]:
    """The changes of the first village; the others have none. The one that moves goes to the second."""
    if part is not parts[0] or len(parts) < 2:
        return []
    story = _Story(part, parts[1], operator)
    last = now.astimezone(ZONE)
    found: list[Event] = [
        (moment(first + SPLIT_AFTER, 10), story.split),
        (moment(first + DEATH_AFTER, 10), story.death),
        (last - dt.timedelta(minutes=20), story.merge),
        (last - dt.timedelta(minutes=10), story.move),
    ]
    return [event for event in found if event[0] <= now]


class _Story:
    """Who it happens to: households of the second grid, so that the one the sign-in page names stays as it is."""

    def __init__(self, part: setup.VillageParts, neighbour: setup.VillageParts, operator: User) -> None:
        self.part, self.neighbour, self.operator = part, neighbour, operator
        self.recorder = part.staff["recorder"]
        self.subjects = list(part.subjects.values())[1]
        self.taken: set[int] = set()

    def _pick(
        self, at: dt.datetime, fits: Callable[[people.HouseholdDetail], bool], *, ends: bool = False
    ) -> tuple[Household, people.HouseholdDetail] | None:
        """The next household of the grid that fits and, where it is to end, has nothing left open; the small first."""
        today = at.date()
        for subject in sorted(self.subjects, key=lambda one: one.size) if ends else self.subjects:
            household = people.household_of_subject(subject.pk)
            if household is None or subject.pk in self.taken:
                continue
            detail = people.household_page(self.recorder, household.pk, today)
            waits = claims.waiting_counts([subject.pk]) or notices.open_concerns(
                [subject.pk], [subject.pk], today
            )
            if fits(detail) and not (ends and waits):
                self.taken.add(subject.pk)
                return household, detail
        return None

    def _make(self, order: changes.Order, at: dt.datetime, by: User | None = None) -> None:
        changes.make_change(
            order=order,
            concerns=notices.open_concerns,
            received=notice_services.hold_owed,
            request_key=f"demo:{type(order).__name__}:{order.household_id}",
            by=by or self.recorder,
            at=at,
        )

    def split(self, at: dt.datetime) -> None:
        """A son with a family of his own."""
        found = self._pick(at, lambda one: len(one.members) >= 4)
        if found is None:
            return
        household, detail = found
        leaving = [one.person_id for one in detail.members if one.relation != "户主"][-2:]
        self._make(
            changes.Split(
                household_id=household.pk,
                day=at.date(),
                person_ids=tuple(leaving),
                head_id=leaving[0],
                no=f"{household.no[:2]}901",
                grid=household.area,
                address=household.address + "东院",
                reason="子女成家后分户",
            ),
            at,
        )

    def death(self, at: dt.datetime) -> None:
        """The head dies, another member follows."""
        found = self._pick(at, lambda one: len(one.members) >= 3)
        if found is None:
            return
        household, detail = found
        head = detail.members[0].person_id
        order = changes.PersonOrder(
            household_id=household.pk,
            day=at.date(),
            kind=rules.ChangeKind.DEATH,
            person_id=head,
            new_head_id=detail.members[1].person_id,
            reason="去世",
        )
        self._make(order, at)

    def merge(self, at: dt.datetime) -> None:
        """Somebody who lives alone goes to relatives."""
        found = self._pick(at, lambda one: len(one.members) <= 2, ends=True)
        target = self._pick(at, lambda one: len(one.members) >= 2)
        if found is None or target is None:
            return
        order = changes.Merge(
            household_id=found[0].pk, into_id=target[0].pk, day=at.date(), reason="老人随子女居住"
        )
        self._make(order, at)

    def move(self, at: dt.datetime) -> None:
        """A household moves to the neighbouring village and takes its points along; the township registers it."""
        found = self._pick(at, lambda one: len(one.members) >= 1, ends=True)
        if found is None:
            return
        order = changes.Move(
            household_id=found[0].pk,
            day=at.date(),
            village=self.neighbour.area,
            no="01901",
            address="1组新宅",
            reason="搬到邻村居住",
        )
        self._make(order, at, self.operator)
