"""A grid is split while work is under way in it: whoever serves the new grids finds it and can go on with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest

from jizhi.areas.models import Area
from jizhi.areas.services import NewArea
from jizhi.changes.services import regrid
from jizhi.claims import selectors as claim_pages
from jizhi.claims import services as claims
from jizhi.claims.rules import Channel, ClaimState
from jizhi.matters import selectors as matter_pages
from jizhi.matters import services as matters
from jizhi.matters.rules import Verb
from jizhi.posts import selectors as posts
from jizhi.posts.rules import PostKind
from jizhi.visits import services as visits
from jizhi.visits.models import MonthCount, PlannedVisit
from tests.county import County, file, verify
from tests.domain.matters.world import AT, DAY, Place, handled, make_place, report, staff

JUNE = dt.date(2026, 6, 1)


@dataclass(frozen=True)
class Split:
    """The grid before, with a second worker and a household that goes to the second part."""

    place: Place
    grid: Area
    second: Any
    goes: Any

    def split(self, *, keep: bool = False) -> tuple[Area, ...]:
        """The first worker serves the first part, the second one the second."""
        code = self.place.village.code
        parts = [NewArea(f"{code}90{number}", f"新网格{number}") for number in range(1, 3 - keep)]
        duties = {
            post.pk: int(post.user_id == self.second.pk)
            for post in self.grid.posts.filter(kind=PostKind.GRID_WORKER)
        }
        told = regrid.split_area(
            area=self.grid, parts=parts, keep=keep, on=DAY, households={self.goes.pk: 1}, duties=duties,
            by=self.place.township, at=AT,
        )  # fmt: skip
        for user in (self.place.worker, self.second):
            posts.forget_held_posts(user)
        return told.areas


@pytest.fixture
def halves(county: County) -> Split:
    place = make_place(county)
    second = staff(county, "second", PostKind.GRID_WORKER, place.grid)
    home = place.grid.households.exclude(pk=place.household.pk).select_related("subject").first()
    assert home is not None
    return Split(place, place.grid, second, home)


def seen(user: Any) -> set[int]:
    return set(matter_pages.visible_matters(user, DAY).values_list("pk", flat=True))


@pytest.mark.parametrize("keep", [False, True])
def test_open_matters_go_with_their_household_and_can_be_handled(halves: Split, keep: bool) -> None:
    place = halves.place
    about_one = report(place, household=place.household)
    about_other = report(place, household=halves.goes, words="院墙要倒了")
    nobodys, done = report(place, words="路灯不亮"), report(place, words="水沟堵了")
    matters.dispatch_matter(matter_id=about_other.pk, assignee=place.worker, by=place.committee, at=AT)
    handled(place, done)
    first, second = halves.split(keep=keep)
    assert seen(place.worker) == {about_one.pk, nobodys.pk, done.pk}
    assert seen(halves.second) == {about_other.pk}
    matters.handle_matter(matter_id=about_other.pk, words="已加固", by=halves.second, at=AT)
    matters.dispatch_matter(matter_id=nobodys.pk, assignee=place.worker, by=place.worker, at=AT)
    assert Verb.CONFIRM in matter_pages.allowed_steps(place.worker, fresh(done), DAY)
    for row, area in ((about_one, first), (about_other, second), (nobodys, first)):
        assert fresh(row).area == area
    passed = about_other.steps.get(verb=Verb.HAND_OVER)
    assert (passed.words, passed.by) == (place.worker.display_name, place.township)


def fresh(row: Any) -> Any:
    return type(row).objects.select_related("area").get(pk=row.pk)


def test_a_matter_that_nobody_of_the_part_can_take_stays_with_the_dispatcher(halves: Split) -> None:
    place = halves.place
    row = report(place, household=halves.goes)
    matters.dispatch_matter(matter_id=row.pk, assignee=place.worker, by=place.committee, at=AT)
    halves.grid.posts.filter(user=halves.second).delete()
    halves.split()
    assert fresh(row).assignee == place.worker
    matters.dispatch_matter(matter_id=row.pk, assignee=place.leader, by=place.committee, at=AT)


def test_claims_under_way_are_verified_in_the_new_grid(halves: Split, county: County) -> None:
    waits = file(county, "village-meeting", DAY - dt.timedelta(days=3), subject=halves.goes.subject)
    stays = file(county, "village-meeting", DAY - dt.timedelta(days=3))
    gone = file(county, "village-meeting", DAY - dt.timedelta(days=4), channel=Channel.SELF)
    claims.withdraw_claim(claim=gone, by=county.user(gone.subject), at=AT)
    told = file(county, "village-meeting", DAY - dt.timedelta(days=5), subject=halves.goes.subject)
    verify(county, told)
    first, second = halves.split()
    for row, area in ((waits, second), (stays, first), (gone, halves.grid), (told, second)):
        assert fresh(row).area == area
    assert claim_pages.work(halves.second, DAY).to_verify == 1
    (row,) = claims.verify_claims(claim_ids=[waits.pk], by=halves.second, at=AT)
    assert row.state == ClaimState.VERIFIED


def test_the_plan_of_visits_is_made_anew(halves: Split) -> None:
    place = halves.place
    visits.make_plans(area=place.village, month=JUNE, by=None, at=AT)
    before = dict(PlannedVisit.objects.filter(area=halves.grid).values_list("household", "due_date"))
    assert halves.goes.pk in before
    first, second = halves.split()
    after = PlannedVisit.objects.filter(area__in=[first, second])
    assert {row.household_id for row in after} == set(before)
    assert not PlannedVisit.objects.filter(area=halves.grid).exists()
    counts = dict(MonthCount.objects.filter(month=JUNE).values_list("area", "planned"))
    assert (counts[halves.grid.pk], counts[second.pk]) == (0, 1)
    assert counts[first.pk] == len(before) - 1
