"""Handing a post over with all the open work that hangs on its holder, in one transaction, and the preview of it.

What hangs on a person is a table of movers, one line for each kind of work: how much there is, and how it moves. Work
that goes by place (claims to verify, notices to post) needs no line: whoever holds the post finds it.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from jizhi.accounts.models import User
from jizhi.activities import selectors as activities
from jizhi.activities import services as activity_services
from jizhi.areas.models import Area
from jizhi.core import clock, nights
from jizhi.core.errors import DomainError
from jizhi.core.text import N_
from jizhi.matters import selectors as matters
from jizhi.matters import services as matter_services
from jizhi.posts import selectors as post_selectors
from jizhi.posts import services as posts
from jizhi.posts.models import Post
from jizhi.posts.rules import ALLOWED, Action, PostKind
from jizhi.reviews import selectors as panels
from jizhi.reviews import services as reviews

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Mover:
    """A kind of open work: `kinds` are the posts it goes with, nothing for all of them.

    `count(from_user, area, on)` says how much is open after that day; `move(from_user, to_user, area, last_day, by,
    at)` gives it to the successor and says how much it moved. All arguments are keywords. Work that is `dated` keeps
    its own days and moves at once; all other stays with the holder until the last day has come.
    """

    key: str
    title: str
    count: Callable[..., int]
    move: Callable[..., int]
    kinds: frozenset[PostKind] = frozenset()
    dated: bool = False

    def moves_with(self, kind: PostKind) -> bool:
        """Whether handing over a post of the kind moves this work."""
        return not self.kinds or kind in self.kinds


def _count_seats(**where: object) -> int:
    return panels.seats_to_pass(**where).count()  # type: ignore[arg-type]


def _count_matters(*, from_user: User, area: Area, on: dt.date) -> int:
    return matters.open_work_count(from_user, area)


def _move_matters(
    *, from_user: User, to_user: User, area: Area, last_day: dt.date, by: User | None, at: dt.datetime
) -> int:
    next_day = last_day + dt.timedelta(days=1)
    return matter_services.move_open_work(
        from_user=from_user, to_user=to_user, area=area, on=next_day, by=by, at=at
    )


def _count_activities(*, from_user: User, area: Area, on: dt.date) -> int:
    return activities.open_work(from_user, area).count()


def _move_activities(
    *, from_user: User, to_user: User, area: Area, last_day: dt.date, by: User | None, at: dt.datetime
) -> int:
    return activity_services.move_open_work(from_user=from_user, to_user=to_user, area=area, by=by, at=at)


MOVERS = (
    Mover(
        "seats",
        N_("评议小组席位"),
        _count_seats,
        reviews.pass_seats,
        frozenset({PostKind.PANEL_MEMBER}),
        dated=True,
    ),
    Mover("matters", N_("在办事件"), _count_matters, _move_matters, ALLOWED[Action.HANDLE_MATTER]),
    Mover(
        "activities",
        N_("未办结的活动"),
        _count_activities,
        _move_activities,
        ALLOWED[Action.MANAGE_ACTIVITIES],
    ),
)


@dataclass(frozen=True)
class WorkLine:
    """How much of one kind of work would move."""

    key: str
    title: str
    count: int


def preview_hand_over(*, post: Post, last_day: dt.date) -> tuple[WorkLine, ...]:
    """What would move with the post: a line for each mover that goes with its kind, also where nothing is open."""
    return tuple(
        WorkLine(mover.key, mover.title, mover.count(from_user=post.user, area=post.area, on=last_day))
        for mover in MOVERS
        if mover.moves_with(PostKind(post.kind))
    )


@dataclass(frozen=True)
class HandedOver:
    """Both posts, and how much of which work moved (mover's key → count)."""

    ended: Post
    begun: Post
    moved: dict[str, int]


@transaction.atomic
def hand_over(
    *,
    post: Post,
    successor: User,
    last_day: dt.date,
    to_date: dt.date | None = None,
    by: User | None,
    at: dt.datetime,
) -> HandedOver:
    """End the post on `last_day`, begin the successor's on the next, and move the open work; all or nothing.

    Where the last day is still to come, the holder keeps the work until then and `pass_on_work` moves it. Raises
    whatever `posts.services.hand_over_post` raises. Done again, it moves what has come up since.
    """
    pair = posts.hand_over_post(
        post=post, successor=successor, last_day=last_day, to_date=to_date, by=by, at=at
    )
    waits = last_day > clock.day_of(at)
    movers = [mover for mover in MOVERS if mover.moves_with(PostKind(pair.ended.kind))]
    moved = {
        mover.key: _move(mover, pair.ended, successor, last_day, by, at)
        for mover in movers
        if mover.dated or not waits
    }
    return HandedOver(pair.ended, pair.begun, moved)


def _move(
    mover: Mover, ended: Post, successor: User, last_day: dt.date, by: User | None, at: dt.datetime
) -> int:
    return mover.move(
        from_user=ended.user, to_user=successor, area=ended.area, last_day=last_day, by=by, at=at
    )


def pass_on_work(*, at: dt.datetime) -> int:
    """Move what still lies with those whose post somebody else has begun to hold; returns how much. For every night.

    After the successor's first day only where the holder before has no such post there any more: whoever came back
    keeps what has come up since. What cannot be moved stays, and the other posts' work moves.
    """
    today, passed = clock.day_of(at), 0
    for begun in post_selectors.successions(today):
        with nights.alone("open work of post", begun.succeeds_id):
            try:
                passed += _pass_on(begun, today, at)
            except DomainError as refusal:
                log.warning("open work of post %s stays: %s", begun.succeeds_id, refusal)
    return passed


@transaction.atomic
def _pass_on(begun: Post, today: dt.date, at: dt.datetime) -> int:
    ended = begun.succeeds
    assert ended is not None
    assert ended.to_date is not None
    if begun.from_date < today and post_selectors.holds(ended.user, PostKind(ended.kind), ended.area, today):
        return 0
    movers = [m for m in MOVERS if not m.dated and m.moves_with(PostKind(ended.kind))]
    waiting = [m for m in movers if m.count(from_user=ended.user, area=ended.area, on=today)]
    return sum(_move(mover, ended, begun.user, ended.to_date, None, at) for mover in waiting)
