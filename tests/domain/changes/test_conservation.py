"""Whatever happens in whatever order: no hundredth of a point is lost or made, nobody is in two households at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import hypothesis
import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import strategies as st

from jizhi.changes import rules, services
from jizhi.changes.models import Change
from jizhi.core.errors import DomainError
from jizhi.demo import setup
from jizhi.demo.month import moment
from jizhi.ledger import services as ledger_services
from jizhi.ledger.models import Account, Entry
from jizhi.ledger.rules import AccountKind
from jizhi.people.models import Household, Membership, Subject
from jizhi.settlement import rules as periods
from jizhi.settlement import services as settlement
from tests.county import County, posted
from tests.domain.changes import world
from tests.examples import examples

VERBS = (
    "earn", "spend", "split", "merge", "move", "leave", "return", "grid", "birth",
    "death", "away", "transfer", "head", "undo", "tomorrow",
)  # fmt: skip
steps = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, 997), st.integers(0, 997), st.integers(0, 3_000)),
    min_size=4,
    max_size=14,
)


class _TakenBack(Exception):
    """Ends an example's savepoint."""


class Story:
    """One random story in the county; each verb picks its households and persons by the numbers drawn."""

    def __init__(self, county: County) -> None:
        self.county, self.at, self.number = county, world.AT, 0
        self.credited = self.spent = 0

    def households(self, *, is_open: bool = True) -> list[Household]:
        rows = Household.objects.filter(to_date__isnull=is_open, subject__void=False)
        return list(rows.select_related("subject__village", "village", "area").order_by("pk"))

    def pick(self, number: int, rows: list[Any]) -> Any:
        return rows[number % len(rows)] if rows else None

    def play(self, verb: str, one: int, two: int, points: int) -> bool:
        """Whether the verb did something; a refusal is as good as nothing, and must leave nothing behind."""
        self.number += 1
        self.at += dt.timedelta(minutes=1)
        source, target = self.pick(one, self.households()), self.pick(two, self.households())
        before = fingerprint()
        try:
            with transaction.atomic():
                return bool(getattr(self, f"_{verb}")(source, target, points))
        except (DomainError, NothingToDo):
            assert fingerprint() == before
            return False

    def make(self, order: services.Order) -> Change:
        return world.make(self.county, order, at=self.at)

    @property
    def day(self) -> dt.date:
        return self.at.date()

    def _earn(self, source: Household, target: Household, points: int) -> bool:
        expires = [None, dt.date(2026, 6, 16), dt.date(2026, 12, 31)][points % 3]
        ledger_services.credit_wallets(
            village=source.village, period=f"e{self.number}", points={source.subject_id: points},
            expires_date=expires, by=self.county.operator, at=self.at,
        )  # fmt: skip
        self.credited += points
        return True

    def _spend(self, source: Household, target: Household, points: int) -> bool:
        if not points:
            raise NothingToDo
        ledger_services.spend(
            subject=source.subject, points=points, request_key=f"s{self.number}",
            by=self.county.operator, at=self.at,
        )  # fmt: skip
        self.spent += points
        return True

    def _split(self, source: Household, target: Household, points: int) -> Change:
        members = world.member_ids(source)
        if len(members) < 2:
            raise NothingToDo
        leaving = tuple(members[1 : 1 + max(1, points % len(members))])
        share = list(rules.ShareRule)[points % 3]
        order = services.Split(
            household_id=source.pk, day=self.day, person_ids=leaving, head_id=leaving[0], no=f"8{self.number:03d}",
            old_head_id=members[0], share=share, points=points,
        )  # fmt: skip
        return self.make(order)

    def _merge(self, source: Household, target: Household, points: int) -> Change:
        return self.make(services.Merge(household_id=source.pk, into_id=target.pk, day=self.day))

    def _move(self, source: Household, target: Household, points: int) -> Change:
        carry = list(rules.CarryRule)[points % 2]
        villages = [self.county.home.area, self.county.other.area]
        village = next(v for v in villages if v.pk != source.village_id)
        return self.make(
            services.Move(
                household_id=source.pk,
                day=self.day,
                village=village,
                no=f"7{self.number:03d}",
                carry=carry,
                until=dt.date(2026, 8, 31),
            )  # fmt: skip
        )

    def _leave(self, source: Household, target: Household, points: int) -> Change:
        return self.make(services.Leaving(household_id=source.pk, day=self.day, until=dt.date(2026, 8, 31)))

    def _return(self, source: Household, target: Household, points: int) -> Change:
        closed = self.pick(points, self.households(is_open=False))
        if closed is None:
            raise NothingToDo
        return self.make(services.Returning(household_id=closed.pk, day=self.day, no=f"6{self.number:03d}"))

    def _grid(self, source: Household, target: Household, points: int) -> Change:
        return self.make(services.GridMove(household_id=source.pk, day=self.day, grid=target.area))

    def _birth(self, source: Household, target: Household, points: int) -> Change:
        member = services.NewMember(f"新生{self.number}", "女儿", birth_date=self.day)
        kind = rules.ChangeKind.BIRTH
        return self.make(services.Join(household_id=source.pk, day=self.day, kind=kind, member=member))

    def _person(self, source: Household, kind: rules.ChangeKind, points: int) -> Change:
        members = world.member_ids(source)
        if not members:
            raise NothingToDo
        heir = next((m for m in members if m != members[points % len(members)]), None)
        return self.make(
            services.PersonOrder(
                household_id=source.pk,
                day=self.day,
                kind=kind,
                person_id=members[points % len(members)],
                new_head_id=heir,
            )  # fmt: skip
        )

    def _death(self, source: Household, target: Household, points: int) -> Change:
        return self._person(source, rules.ChangeKind.DEATH, points)

    def _away(self, source: Household, target: Household, points: int) -> Change:
        kind = rules.ChangeKind.DEPARTURE if points % 2 else rules.ChangeKind.RETURN
        return self._person(source, kind, points)

    def _head(self, source: Household, target: Household, points: int) -> Change:
        return self._person(source, rules.ChangeKind.NEW_HEAD, points)

    def _transfer(self, source: Household, target: Household, points: int) -> Change:
        members = world.member_ids(source)
        if len(members) < 2:
            raise NothingToDo
        return self.make(
            services.Transfer(
                household_id=source.pk,
                day=self.day,
                person_id=members[-1],
                into_id=target.pk,
                relation="亲属",
                new_head_id=members[0],
            )  # fmt: skip
        )

    def _undo(self, source: Household, target: Household, points: int) -> Change:
        change = Change.objects.order_by("-id").first()
        if change is None:
            raise NothingToDo
        return world.undo(self.county, change, at=self.at)

    def _tomorrow(self, source: Household, target: Household, points: int) -> bool:
        self.at += dt.timedelta(days=1)
        return True


class NothingToDo(Exception):
    """The verb finds nobody to do it with."""


def fingerprint() -> tuple[Any, ...]:
    """Everything a refused change must leave as it was."""
    return (
        list(Account.objects.order_by("pk").values_list("pk", "balance")),
        list(Membership.objects.order_by("pk").values_list("pk", "household", "person", "to_date")),
        list(Subject.objects.order_by("pk").values_list("pk", "key", "size", "to_date", "void")),
        list(Household.objects.order_by("pk").values_list("pk", "no", "area", "head", "to_date")),
        Change.objects.count(),
    )


def check(story: Story, ledger: list[Any]) -> None:
    world.check_accounts()
    kinds = dict(Account.objects.order_by().values_list("kind").annotate(all=Sum("balance")))
    assert -kinds.get(AccountKind.ISSUE, 0) == story.credited
    assert kinds.get(AccountKind.STORE, 0) == story.spent
    held = kinds.get(AccountKind.WALLET, 0) + kinds.get(AccountKind.EXPIRED, 0)
    assert held == story.credited - story.spent
    open_homes = Membership.objects.filter(to_date=None).values_list("person", flat=True)
    assert len(open_homes) == len(set(open_homes))
    for household in story.households():
        assert household.subject.size == household.declared_size or household.subject.size == max(
            1, len(world.member_ids(household))
        )
        if household.head_id is not None:
            assert household.head_id in world.member_ids(household)
    assert list(Entry.objects.order_by("pk").values_list("fact", "subject", "points")) == ledger


@pytest.mark.django_db
@hypothesis.settings(
    max_examples=examples(6), suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture]
)
@hypothesis.given(story=steps)
def test_nothing_is_lost_whatever_happens(county: County, story: list[tuple[str, int, int, int]]) -> None:
    if not Entry.objects.exists():
        for place in range(2):
            posted(county, "mediation", dt.date(2026, 6, 3 + place), subject=county.subject(place))
    ledger = list(Entry.objects.order_by("pk").values_list("fact", "subject", "points"))
    with pytest.raises(_TakenBack):
        tell(county, story, ledger)


def tell(county: County, story: list[tuple[str, int, int, int]], ledger: list[Any]) -> None:
    """Play a story, look at everything after each verb, and take all of it back."""
    with transaction.atomic():
        told = Story(county)
        for verb, one, two, points in story:
            told.play(verb, one, two, points)
            check(told, ledger)
        for village in (county.home.area, county.other.area):
            month = periods.parse_period("2026-06")
            computed = settlement.compute(village=village, scheme=setup.SCHEME, period=month)
            assert computed.differences == []
        raise _TakenBack


def test_a_long_life(county: County) -> None:
    """One story that surely goes through every verb; each of them must have worked at least once."""
    ledger: list[Any] = []
    told = Story(county)
    done = set()
    plan = [
        ("earn", 0, 0, 1002), ("earn", 1, 0, 1001), ("tomorrow", 0, 0, 0), ("birth", 0, 0, 0), ("undo", 0, 0, 0),
        ("birth", 0, 0, 1), ("birth", 0, 0, 1), ("tomorrow", 0, 0, 0), ("split", 0, 1, 3), ("tomorrow", 0, 0, 0),
        ("spend", 0, 0, 7), ("transfer", 0, 3, 0), ("away", 0, 0, 1), ("head", 0, 0, 1), ("tomorrow", 0, 0, 0),
        ("merge", 1, 2, 0), ("move", 3, 0, 0), ("tomorrow", 0, 0, 0), ("grid", 0, 3, 0), ("grid", 0, 4, 0),
        ("leave", 0, 0, 0), ("return", 0, 0, 0), ("death", 3, 0, 0), ("undo", 0, 0, 0), ("death", 2, 0, 0),
    ]  # fmt: skip
    for verb, one, two, points in plan:
        if told.play(verb, one, two, points):
            done.add(verb)
        check(told, ledger)
    assert done == set(VERBS)
    assert moment(world.DAY, 10) < told.at
