"""A post handed over takes the panel seats with it: votes stay where they were cast, nobody sits twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jizhi.activities import services as activities
from jizhi.activities.models import Activity
from jizhi.activities.rules import ActivityKind
from jizhi.changes import services
from jizhi.demo.month import moment
from jizhi.matters import selectors as matters
from jizhi.matters import services as matter_services
from jizhi.posts import services as posts
from jizhi.posts.rules import PostKind
from jizhi.posts.selectors import NotAllowed
from jizhi.reviews import selectors as panels
from jizhi.reviews import services as reviews
from jizhi.reviews.models import Panel, Seat
from jizhi.reviews.rules import SeatRole
from tests import factories
from tests.county import County
from tests.domain.matters import world
from tests.domain.matters.world import Place, make_place

pytestmark = pytest.mark.django_db
AT, TODAY, DAY = factories.AT, factories.TODAY, dt.timedelta(days=1)


@pytest.fixture
def panel() -> Panel:
    village = factories.village()
    users = [factories.holder(PostKind.PANEL_MEMBER, village, display_name=name) for name in "甲乙丙"]
    members = [(user, SeatRole.CHAIR if user is users[0] else SeatRole.MEMBER) for user in users]
    return reviews.create_panel(
        village=village, title="评议小组", members=members, from_date=factories.START,
        by=factories.superuser(), at=AT,
    )  # fmt: skip


def fresh(user: Any) -> Any:
    """The user as the next request reads it."""
    return type(user).objects.get(pk=user.pk)


def names(panel: Panel, on: dt.date) -> list[tuple[str, SeatRole]]:
    return [(seat.name, seat.role) for seat in panels.seats_of(panel, on)]


def test_the_seat_goes_with_the_post_from_the_next_day_on(panel: Panel) -> None:
    post = panel.seats.get(role="chair").user.posts.get()
    successor = factories.staff(display_name="丁")
    assert [(line.key, line.count) for line in services.preview_hand_over(post=post, last_day=TODAY)] == [
        ("seats", 1)
    ]
    done = services.hand_over(post=post, successor=successor, last_day=TODAY, by=None, at=AT)
    assert done.moved == {"seats": 1}
    chair = SeatRole.CHAIR
    assert ("甲", chair) in names(panel, TODAY)
    assert ("丁", chair) not in names(panel, TODAY)
    assert ("丁", chair) in names(panel, TODAY + DAY)
    assert len(names(panel, TODAY)) == len(names(panel, TODAY + DAY)) == 3
    again = services.hand_over(post=post, successor=successor, last_day=TODAY, by=None, at=AT)
    assert (again.moved, again.begun) == ({"seats": 0}, done.begun)


def test_whoever_sits_there_already_gets_no_second_seat(panel: Panel) -> None:
    first, second, _third = panel.seats.order_by("id")
    posts.end_post(post=second.user.posts.get(), to_date=TODAY - DAY, by=None, at=AT)
    services.hand_over(post=first.user.posts.get(), successor=second.user, last_day=TODAY, by=None, at=AT)
    assert Seat.objects.on(TODAY + DAY).filter(panel=panel, user=second.user).count() == 1


def test_other_posts_leave_the_seat_and_a_refusal_moves_nothing(panel: Panel) -> None:
    user = panel.seats.order_by("id")[0].user
    recorder = factories.post(PostKind.RECORDER, panel.village, user)
    lines = services.preview_hand_over(post=recorder, last_day=TODAY)
    assert [(line.key, line.count) for line in lines] == [("activities", 0)]
    done = services.hand_over(post=recorder, successor=factories.staff(), last_day=TODAY, by=None, at=AT)
    assert done.moved == {"activities": 0}
    with pytest.raises(NotAllowed):
        services.hand_over(
            post=user.posts.get(kind="panel_member"), successor=factories.staff(), last_day=TODAY,
            by=factories.staff(), at=AT,
        )  # fmt: skip
    assert ("甲", SeatRole.CHAIR) in names(panel, TODAY + DAY)


@pytest.fixture
def place(county: County) -> Place:
    return make_place(county)


def in_hand(place: Place, user: Any) -> tuple[int, int]:
    open_activities = Activity.objects.filter(organiser=user, state="planned").count()
    return matters.open_work_count(user, place.village), open_activities


def test_work_waits_for_a_last_day_to_come_and_then_moves_once(place: Place) -> None:
    matter = world.report(place)
    matter_services.dispatch_matter(
        matter_id=matter.pk, assignee=place.worker, by=place.committee, at=world.AT
    )
    begins = moment(world.DAY + 9 * DAY, 9)
    activities.plan_activity(
        area=place.grid, kind=ActivityKind.LABOUR, title="清理河道", place="村口", starts_at=begins,
        ends_at=begins + dt.timedelta(hours=2), request_key="a", by=place.worker, at=world.AT,
    )  # fmt: skip
    successor, last_day = factories.staff(display_name="丁"), world.DAY + 3 * DAY
    given: dict[str, Any] = {
        "post": place.worker.posts.get(), "successor": successor, "last_day": last_day, "by": None, "at": world.AT,
    }  # fmt: skip
    before = in_hand(place, place.worker)
    assert before == (1, 1)
    assert services.hand_over(**given).moved == {}
    assert services.hand_over(**given).moved == {}
    assert in_hand(place, place.worker) == before
    matter_services.start_matter(matter_id=matter.pk, by=fresh(place.worker), at=world.AT)
    assert services.pass_on_work(at=moment(last_day, 23)) == 0
    assert services.pass_on_work(at=moment(last_day + DAY, 0)) == sum(before)
    assert services.pass_on_work(at=moment(last_day + DAY, 1)) == 0
    assert (in_hand(place, place.worker), in_hand(place, successor)) == ((0, 0), before)
    matter_services.handle_matter(
        matter_id=matter.pk, words="清了", by=fresh(successor), at=moment(last_day + DAY, 9)
    )


def test_a_night_that_was_missed_is_made_up_unless_the_holder_is_back(place: Place) -> None:
    post, successor, last_day = place.worker.posts.get(), factories.staff(), world.DAY + DAY
    services.hand_over(post=post, successor=successor, last_day=last_day, by=None, at=world.AT)
    matter = world.report(place)
    matter_services.dispatch_matter(
        matter_id=matter.pk, assignee=place.worker, by=place.committee, at=world.AT
    )
    later = moment(last_day + 3 * DAY, 1)
    back = posts.assign_post(
        user=place.worker,
        kind=PostKind.GRID_WORKER,
        area=post.area,
        from_date=last_day + 2 * DAY,
        by=None,
        at=later,
    )
    assert services.pass_on_work(at=later) == 0
    posts.end_post(post=back, to_date=last_day + 4 * DAY, by=None, at=later)
    assert services.pass_on_work(at=moment(last_day + 5 * DAY, 1)) == 1
    matter.refresh_from_db()
    assert matter.assignee == successor
