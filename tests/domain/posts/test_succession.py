"""Standing in for posts and handing them over: dates, harmless repeats, and what no sequence of them may break."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jizhi.core.errors import DomainError
from jizhi.core.models import AuditEvent
from jizhi.posts import rules, selectors, services
from jizhi.posts.models import Post
from jizhi.posts.rules import Action, PostKind, PostState
from jizhi.posts.selectors import NotAllowed
from tests import factories
from tests.examples import examples

pytestmark = pytest.mark.django_db
AT, TODAY, DAY = factories.AT, factories.TODAY, dt.timedelta(days=1)


def worker(**more: Any) -> Post:
    return factories.post(PostKind.GRID_WORKER, factories.grid(), **more)


def deputise(post: Post, deputy: Any, days: int = 10, **more: Any) -> Post:
    wanted = {"from_date": TODAY, "to_date": TODAY + (days - 1) * DAY, "by": None, "at": AT} | more
    return services.deputise_post(post=post, deputy=deputy, **wanted)


def test_a_deputy_may_what_the_holder_may_until_the_last_day() -> None:
    post, deputy = worker(), factories.staff()
    made = deputise(post, deputy, 10)
    assert deputise(post, deputy, 10) == made
    for day, may in ((-1, False), (0, True), (9, True), (10, False)):
        assert selectors.can(deputy, Action.VERIFY_CLAIM, post.area, TODAY + day * DAY) is may
    (line,) = selectors.register_lines(selectors.register(None, on=TODAY, state="deputy"), TODAY)
    assert line.stands_in_for is not None
    assert line.stands_in_for.name == post.user.display_name
    assert [one.is_deputy for one in selectors.posts_of(deputy, TODAY)] == [True]
    assert AuditEvent.objects.filter(verb="post.deputise").count() == 1


def test_deputising_has_bounds() -> None:
    post, deputy = worker(to_date=TODAY + 40 * DAY), factories.staff()
    for days, more in (
        (rules.DEPUTY_DAYS_MAX + 1, {}),
        (0, {}),
        (60, {}),
        (5, {"from_date": factories.START - DAY, "to_date": factories.START}),
    ):
        with pytest.raises(services.BadDates):
            deputise(post, deputy, days, **more)
    with pytest.raises(services.CannotDeputise):
        deputise(post, post.user)
    made = deputise(post, deputy, 10)
    with pytest.raises(services.CannotDeputise, match="代理"):
        deputise(post, factories.staff(), 3)
    with pytest.raises(services.CannotDeputise):
        deputise(made, factories.staff(), 3)
    with pytest.raises(services.BadDates, match="延长"):
        services.end_post(post=made, to_date=TODAY + 30 * DAY, by=None, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=made.pk).update(to_date=None)


def test_nobody_stands_in_for_a_post_that_has_ended() -> None:
    post = worker()
    running = deputise(post, factories.staff(), 10)
    later = deputise(post, factories.staff(), 5, from_date=TODAY + 20 * DAY, to_date=TODAY + 25 * DAY)
    services.end_post(post=post, to_date=TODAY + DAY, by=None, at=AT)
    running.refresh_from_db()
    assert running.to_date == TODAY + DAY
    assert not Post.objects.filter(pk=later.pk).exists()
    assert AuditEvent.objects.filter(verb="post.end").count() == 3


def test_a_hand_over_leaves_no_day_without_and_none_with_two() -> None:
    post, successor = worker(), factories.staff()
    pair = services.hand_over_post(post=post, successor=successor, last_day=TODAY, by=None, at=AT)
    again = services.hand_over_post(post=post, successor=successor, last_day=TODAY, by=None, at=AT)
    assert (pair.ended.to_date, pair.begun.from_date) == (TODAY, TODAY + DAY)
    assert (again.begun, pair.begun.succeeds_id) == (pair.begun, post.pk)
    for day in range(-3, 4):
        assert Post.objects.held_on(TODAY + day * DAY).filter(area=post.area).count() == 1
    assert selectors.post_page(None, post.pk, on=TODAY).after.name == successor.display_name  # type: ignore[union-attr]
    with pytest.raises(services.CannotHandOver):
        services.hand_over_post(post=post, successor=factories.staff(), last_day=TODAY, by=None, at=AT)
    with pytest.raises(services.PostAlreadyHeld, match="移交"):
        services.end_post(post=post, to_date=TODAY + 9 * DAY, by=None, at=AT)


def test_a_refused_hand_over_changes_nothing() -> None:
    post = worker()
    holder = factories.staff()
    factories.post(PostKind.GRID_WORKER, post.area, holder)
    deputy = deputise(worker(), factories.staff())
    clerk = factories.holder(PostKind.TOWNSHIP, factories.township())
    for given_post, successor, by, refusal in (
        (post, holder, None, services.PostAlreadyHeld),
        (post, post.user, None, services.CannotHandOver),
        (deputy, holder, None, services.CannotHandOver),
        (post, factories.staff(), clerk, NotAllowed),
    ):
        with pytest.raises(refusal):
            services.hand_over_post(post=given_post, successor=successor, last_day=TODAY, by=by, at=AT)
    post.refresh_from_db()
    assert post.to_date is None


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("assign", "end", "hand_over", "deputise")),
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(-20, 20),
        st.integers(0, 20),
    ),
    max_size=14,
)


def _step(name: str, users: list[Any], grid: Any, who: int, other: int, start: int, length: int) -> None:
    first, last = TODAY + start * DAY, TODAY + (start + length) * DAY
    common: dict[str, Any] = {"by": None, "at": AT}
    mine = Post.objects.filter(user=users[who]).order_by("-id").first()
    if name == "assign":
        end = last if length % 2 else None
        services.assign_post(
            user=users[who], kind=PostKind.GRID_WORKER, area=grid, from_date=first, to_date=end, **common
        )
    elif mine is not None and name == "end":
        services.end_post(post=mine, to_date=first, **common)
    elif mine is not None and name == "hand_over":
        services.hand_over_post(post=mine, successor=users[other], last_day=first, **common)
    elif mine is not None:
        services.deputise_post(post=mine, deputy=users[other], from_date=first, to_date=last, **common)


@settings(
    max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_whatever_happens_posts_stay_whole(steps: list[tuple[str, int, int, int, int]]) -> None:
    """No equal posts overlap, deputies stay within what they stand in for, and permission means a post that day."""
    with transaction.atomic():
        grid = factories.grid()
        users = [factories.staff() for _n in range(3)]
        for name, *numbers in steps:
            try:
                with transaction.atomic():
                    _step(name, users, grid, *numbers)
            except DomainError:
                pass
        _check_whole(users, grid)
        transaction.set_rollback(True)


def _check_whole(users: list[Any], grid: Any) -> None:
    rows = list(Post.objects.filter(area=grid).order_by("id"))
    for row in rows:
        end = row.to_date or dt.date.max
        twins = [one for one in rows if one.pk != row.pk and one.user_id == row.user_id]
        assert all(one.from_date > end or (one.to_date or dt.date.max) < row.from_date for one in twins)
        if row.deputy_for is not None:
            main = row.deputy_for
            assert row.to_date is not None
            assert main.from_date <= row.from_date
            assert main.to_date is None or row.to_date <= main.to_date
            assert row.user_id != main.user_id
    for user in users:
        selectors.forget_held_posts(user)
        for day in range(-25, 60, 5):
            on = TODAY + day * DAY
            held = any(row.user_id == user.pk for row in Post.objects.held_on(on).filter(area=grid))
            assert selectors.can(user, Action.VERIFY_CLAIM, grid, on) is held


def test_the_register_by_filter_and_what_wants_looking_at(django_assert_num_queries: Any) -> None:
    town = factories.township()
    village = factories.village(town, name="石桥村")
    grids = [factories.grid(village, name=f"第{n}网格") for n in "一二三"]
    clerk = factories.holder(PostKind.TOWNSHIP, town)
    one = factories.post(PostKind.GRID_WORKER, grids[0], factories.staff(display_name="周甲"))
    factories.post(PostKind.GRID_WORKER, grids[1], to_date=TODAY + 20 * DAY)
    factories.post(PostKind.RECORDER, village, from_date=factories.START, to_date=TODAY - DAY)
    factories.post(PostKind.SECRETARY, village, from_date=TODAY + DAY)
    factories.post(PostKind.GRID_WORKER, factories.grid())
    deputise(one, factories.staff(), 5)

    def found(**query: Any) -> int:
        return selectors.register(clerk, on=TODAY, **query).count()

    assert (found(), found(kind="grid_worker"), found(words="周甲"), found(area=grids[1])) == (4, 3, 1, 1)
    states = {state: found(state=state.value) for state in PostState}
    assert states == {
        PostState.HELD: 4, PostState.ENDING: 2, PostState.DEPUTY: 1, PostState.COMING: 1, PostState.PAST: 1
    }  # fmt: skip
    assert [grid.name for grid in selectors.vacant_grid_lines(selectors.vacant_grids(clerk, on=TODAY))] == [
        "第三网格"
    ]
    sums = selectors.attention(clerk, on=TODAY)
    assert (sums.held, sums.vacant, sums.ending, sums.deputies) == (4, 1, 2, 1)
    with django_assert_num_queries(2):
        assert len(selectors.register_lines(selectors.register(clerk, on=TODAY), TODAY)) == 4
    for grid in grids:
        for kind in (PostKind.BUILDING_LEADER, PostKind.GRID_ASSISTANT):
            factories.post(kind, grid, one.user)
    assert [(row.name, row.posts) for row in selectors.overloaded(clerk, on=TODAY)] == [("周甲", 7)]
