"""A village's life as one object: the clock, the people, what waits for whom, and the word nobody may read on a notice.

`take` takes one step. A rule that says no is a good answer, and must leave the books as they were; anything else that
is raised is an error of the house. The steps themselves stand by rooms in the neighbouring files.
"""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from typing import Any

from django.db.models import Count, Sum

from jizhi.accounts.models import User
from jizhi.changes import services as changes
from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.core.errors import DomainError
from jizhi.demo.month import moment
from jizhi.ledger.models import Account, Entry, Fact, Lot, Transfer
from jizhi.matters import services as matters
from jizhi.notices import services as notices
from jizhi.oversight import services as oversight
from jizhi.people import selectors as people
from jizhi.people.models import Household, Subject
from jizhi.seals import services as seals
from tests.county import County

# In every word that anybody writes on the way: claims, reasons, grounds, answers. No notice may say it.
SECRET = "只给经办人看"
# What a danger that was reported and removed gives by itself, and people may claim by hand.
RECORDED = "hazard-report"


class NothingToDo(Exception):
    """The step finds nobody and nothing to do it with."""


class Life:
    """One village from its second of June on; `one` and `two` of each step pick among what there is."""

    def __init__(self, county: County) -> None:
        self.county, self.area, self.staff = county, county.home.area, county.home.staff
        self.at = moment(dt.date(2026, 6, 2), 8)
        self.number = 0
        self.done: set[str] = set()

    @property
    def day(self) -> dt.date:
        return self.at.date()

    @property
    def key(self) -> str:
        """A request key nobody has used."""
        return f"step-{self.number}"

    def words(self, about: str) -> str:
        return f"{about}，{SECRET}"

    def take(self, name: str, one: int, two: int) -> bool:
        """Whether the step was taken; refused, it has said why and moved no point."""
        self.number += 1
        self.at += dt.timedelta(minutes=3)
        before, refused = standing(), None
        try:
            getattr(self, name)(one, two)
        except NothingToDo:
            return False
        except DomainError as refusal:
            refused = refusal
        if refused is None:
            self.done.add(name)
            return True
        assert str(refused), f"{name} was refused without a word: {type(refused).__name__}"
        assert standing() == before, f"{name} was refused ({refused}) and moved points all the same"
        return False

    def pick(self, rows: Any, number: int) -> Any:
        found = list(rows)
        if not found:
            raise NothingToDo
        return found[number % len(found)]

    def claims(self, *states: str) -> list[Claim]:
        rows = Claim.objects.filter(village=self.area, state__in=states)
        return list(rows.select_related("subject", "village").order_by("pk"))

    def households(self) -> list[Household]:
        rows = Household.objects.filter(village=self.area, to_date=None, subject__void=False)
        return list(rows.select_related("subject__village", "area", "village").order_by("pk"))

    def subject(self, number: int) -> Subject:
        found: Subject = self.pick(self.households(), number).subject
        return found

    def user(self, subject: Subject) -> User:
        """Whoever holds the household's card; a household that has ended has none."""
        found = people.users_of_village(self.area).get(subject.pk)
        if found is None:
            raise NothingToDo
        return found

    def worker(self, subject: Subject) -> User:
        """The grid worker of the household's place."""
        area = people.areas_of_subjects([subject.pk]).get(subject.pk)
        found: User | None = self.county.home.workers.get(area.pk) if area else None
        if found is None:
            raise NothingToDo
        return found

    def town(self) -> User:
        return User.objects.get(username="town")

    def days(self, one: int, two: int) -> None:
        """One day or many pass, or the month ends; the nightly work is done after the last of them."""
        ahead = (1, 1, 2, 1, 4, 2, 8, 12)[one % 8]
        first = (self.day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        to = first if two % 6 == 5 else self.day + dt.timedelta(days=ahead)
        self.at = moment(to, 0) + dt.timedelta(minutes=5)
        self.night()
        self.at = moment(to, 8)

    def night(self) -> None:
        """What the worker process does every night, in the order of its clock."""
        changes.pass_on_work(at=self.at)
        for _seal in seals.seal_villages(at=self.at):
            continue
        claims.count_uncorrected(by=None, at=self.at)
        claims.conclude_overdue(at=self.at)
        notices.escalate_overdue_objections(at=self.at)
        notices.escalate_overdue_letters(at=self.at)
        matters.escalate_overdue(at=self.at)
        self.derive()
        oversight.send_due_reports(at=self.at)
        notices.remind_of_answers(at=self.at)

    @abstractmethod
    def derive(self) -> int:
        """What follows from records is claimed; how many claims that made."""


def standing() -> tuple[Any, ...]:
    """What the books say, in short: every balance, how many facts, entries and transfers, and their sums."""
    return (
        list(Account.objects.order_by("pk").values_list("pk", "balance")),
        Fact.objects.count(),
        Entry.objects.aggregate(count=Count("pk"), points=Sum("points"), held=Sum("held_back")),
        Transfer.objects.aggregate(count=Count("pk"), points=Sum("points")),
        Lot.objects.aggregate(count=Count("pk"), left=Sum("remaining")),
    )
