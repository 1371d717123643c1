"""Changing the grid together with those who live and serve in it: one transaction for areas, households and posts.

The tree itself is changed by `areas.services`; here the households go where the caller says and the posts follow.
A household never changes its village here, and nobody's points do.
"""

import contextlib
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.areas import services as areas
from jizhi.areas.models import Area
from jizhi.areas.services import NewArea
from jizhi.core import audit, clock
from jizhi.people.models import Household
from jizhi.posts import selectors as posts
from jizhi.posts import services as post_services
from jizhi.posts.models import Post
from jizhi.posts.rules import Action, PostKind

ALL = -1
CANNOT_STAND_IN = (
    post_services.BadDates,
    post_services.CannotDeputise,
    post_services.CannotHoldPost,
    post_services.PostAlreadyHeld,
)


@dataclass(frozen=True)
class Regridded:
    """What came of it: the resulting areas, how many households changed their grid, how many posts went along.

    `homes` counts the households of each resulting area and of what lies below it.
    """

    areas: tuple[Area, ...]
    households: int
    posts: int
    homes: tuple[int, ...] = ()

    @property
    def shares(self) -> list[tuple[Area, int]]:
        """Each resulting area with its households."""
        return list(zip(self.areas, self.homes, strict=True))


class _Undo(Exception):
    """Takes a rehearsal back."""


def rehearse(change: Callable[[], Regridded]) -> Regridded:
    """What a change would come to: it is carried out and taken back, so that a preview cannot differ from the deed."""
    told: Regridded | None = None
    try:
        with transaction.atomic():
            told = change()
            raise _Undo
    except _Undo:
        assert told is not None
    return told


def _check(by: User | None, at: dt.datetime, *places: Area) -> None:
    for place in places:
        posts.check_can(by, Action.MANAGE_AREAS, place, clock.day_of(at))


@transaction.atomic
def split_area(
    *,
    area: Area,
    parts: Sequence[NewArea],
    keep: bool,
    on: dt.date,
    households: Mapping[int, int] | None = None,
    children: Mapping[int, int] | None = None,
    duties: Mapping[int, int] | None = None,
    by: User | None,
    at: dt.datetime,
) -> Regridded:
    """Split an area from a day on. Each mapping says for a number in which of the resulting areas it goes on.

    `households` and `children` not named go to the first; `duties` (posts) not named go to all (`ALL`).
    """
    areas.hold_tree(alone=True)
    _check(by, at, area)
    result = areas.split_area(area=area, parts=parts, keep=keep, children=children, on=on, by=by, at=at)
    wanted = households or {}
    moved = 0
    rows = _households_on(area)
    for place, target in enumerate(result):
        going = [
            row for row in rows if _place(wanted.get(row.pk, 0), result) == place and target.pk != area.pk
        ]
        moved += _move(going, target, by, at)
    served = 0
    for post in _posts_on(area, on):
        where = (duties or {}).get(post.pk, ALL)
        targets = result if where == ALL else [result[_place(where, result)]]
        served += _pass_on(post, targets, on, by, at)
    posts.forget_held_posts(by)
    return Regridded(tuple(result), moved, served, _homes(result))


def _homes(result: Sequence[Area]) -> tuple[int, ...]:
    rows = [Household.objects.filter(to_date=None, area__path__descendant_of=area.path) for area in result]
    return tuple(found.count() for found in rows)


def _place(number: int, result: Sequence[Area]) -> int:
    if not 0 <= number < len(result):
        raise areas.BadArea(_("请为每一户、每个下级和每项职务选好去向。"))
    return number


@transaction.atomic
def merge_areas(
    *, merged: Sequence[Area], into: Area | NewArea, on: dt.date, by: User | None, at: dt.datetime
) -> Regridded:
    """Merge areas from a day on: households, areas below and posts of the ones that end go on in the one that stays."""
    areas.hold_tree(alone=True)
    _check(by, at, *merged, *([into] if isinstance(into, Area) else []))
    target = areas.merge_areas(areas=merged, into=into, on=on, by=by, at=at)
    moved = served = 0
    for row in sorted(merged, key=lambda one: one.pk):
        if row.pk == target.pk:
            continue
        moved += _move(_households_on(row), target, by, at)
        for post in _posts_on(row, on):
            served += _pass_on(post, [target], on, by, at)
    posts.forget_held_posts(by)
    return Regridded((target,), moved, served, _homes([target]))


@transaction.atomic
def move_area(*, area: Area, parent: Area, on: dt.date, by: User | None, at: dt.datetime) -> Regridded:
    """Put an area below another parent; everybody in it and everybody who serves it goes along by itself."""
    areas.hold_tree(alone=True)
    _check(by, at, area, parent)
    moved = areas.move_area(area=area, parent=parent, on=on, by=by, at=at)
    posts.forget_held_posts(by)
    return Regridded((moved,), 0, 0, _homes([moved]))


@transaction.atomic
def close_area(*, area: Area, to_date: dt.date, by: User | None, at: dt.datetime) -> Regridded:
    """Close an area in which nobody is registered any more; posts there end on the same day."""
    areas.hold_tree(alone=True)
    _check(by, at, area)
    if count := Household.objects.filter(to_date=None, area__path__descendant_of=area.path).count():
        raise areas.AreaNotEmpty(_("这里还登记着%(count)d户，请先转到别的网格。") % {"count": count})
    ended = 0
    for post in _posts_on(area, to_date):
        ended += _pass_on(post, [], to_date + dt.timedelta(days=1), by, at)
    closed = areas.close_area(area=area, to_date=to_date, by=by, at=at)
    posts.forget_held_posts(by)
    return Regridded((closed,), 0, ended, (0,))


def _households_on(area: Area) -> list[Household]:
    """All households that sit on the area itself, closed ones too: their record goes along. Locked by number."""
    rows = Household.objects.select_for_update(of=("self",), no_key=True).filter(area=area)
    return list(rows.select_related("village").order_by("pk"))


def _move(rows: list[Household], target: Area, by: User | None, at: dt.datetime) -> int:
    for row in rows:
        if not str(target.path).startswith(f"{row.village.path}.") and target.pk != row.village_id:
            raise areas.AreaNotEmpty(
                _("“%(area)s”不在%(village)s，农户不能转过去。")
                % {"area": target.name, "village": row.village.name}
            )
    before = {row.pk: row.area_id for row in rows}
    codes = dict(Area.objects.filter(pk__in=set(before.values())).order_by("pk").values_list("pk", "code"))
    Household.objects.filter(pk__in=list(before)).update(area=target)
    audit.append_events(
        [
            audit.new_event(
                by=by, at=at, verb="household.update", target=row, area_path=str(target.path),
                detail={"area": [codes[before[row.pk]], target.code]},
            )
            for row in rows
        ]
    )  # fmt: skip
    return len(rows)


def _posts_on(area: Area, on: dt.date) -> list[Post]:
    """The posts that go on; whoever stands in for one goes with it and is no row of its own."""
    rows = Post.objects.filter(area=area, deputy_for=None).exclude(to_date__lt=on)
    return list(rows.select_related("user", "area").order_by("pk"))


def _pass_on(post: Post, targets: Sequence[Area], on: dt.date, by: User | None, at: dt.datetime) -> int:
    """Let a post go on in the targets from that day; where its own area is not among them it ends the day before.

    Whoever stands in for it does so in the targets as well, for as long as was settled.
    """
    start = max(on, post.from_date)
    deputies = list(post.deputies.filter(to_date__gte=start).select_related("user").order_by("pk"))
    for target in targets:
        if target.pk == post.area_id:
            continue
        begun = _begin(post, target, start, by, at)
        if begun is not None:
            for deputy in deputies:
                _stand_in(deputy, begun, start, by, at)
    if all(target.pk != post.area_id for target in targets):
        post_services.end_post(
            post=post, to_date=max(post.from_date, on - dt.timedelta(days=1)), by=by, at=at
        )
    return 1


def _begin(post: Post, target: Area, start: dt.date, by: User | None, at: dt.datetime) -> Post | None:
    """The holder's post in the target: the one there is, or a new one; nothing for an account that is closed."""
    held = Post.objects.filter(user=post.user, kind=PostKind(post.kind).value, area=target)
    if there := held.exclude(to_date__lt=start).order_by("from_date").first():
        return there
    if not post.user.is_active:
        return None
    return post_services.assign_post(
        user=post.user,
        kind=PostKind(post.kind),
        area=target,
        from_date=start,
        to_date=post.to_date,
        by=by,
        at=at,
    )


def _stand_in(deputy: Post, begun: Post, start: dt.date, by: User | None, at: dt.datetime) -> None:
    """The deputy's own days, in the new post; nothing where the deputy or another one serves there already."""
    assert deputy.to_date is not None
    first = max(start, deputy.from_date)
    with contextlib.suppress(*CANNOT_STAND_IN), transaction.atomic():
        post_services.deputise_post(
            post=begun, deputy=deputy.user, from_date=first, to_date=deputy.to_date, by=by, at=at
        )
