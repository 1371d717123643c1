"""One holder of a post follows another: the one ends on a day, the other begins on the next, or neither.

Open work that hangs on the person lies in rooms above; `changes.services.handover` moves it in the same transaction.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.posts.models import Post
from jizhi.posts.rules import PostKind
from jizhi.posts.services.giving import BadDates, check_may_name, end_post, place_user


class CannotHandOver(DomainError):
    """A deputy's post, or one that has ended, has nothing to hand over."""


@dataclass(frozen=True)
class HandedOver:
    """Both ends of a hand-over."""

    ended: Post
    begun: Post


@transaction.atomic
def hand_over_post(
    *,
    post: Post,
    successor: User,
    last_day: dt.date,
    to_date: dt.date | None = None,
    by: User | None,
    at: dt.datetime,
) -> HandedOver:
    """End the post on `last_day` and give it to the successor from the next day on (to `to_date`).

    The same hand-over again gives the pair there is. Raises NotAllowed, CannotHandOver, BadDates, CannotHoldPost,
    PostAlreadyHeld; nothing is written then.
    """
    check_may_name(by, PostKind(post.kind), post.area, clock.day_of(at))
    post = Post.objects.select_for_update(of=("self",)).select_related("user", "area").get(pk=post.pk)
    begun = Post.objects.filter(succeeds=post).select_related("user", "area").first()
    if begun is not None and begun.user_id == successor.pk and post.to_date == last_day:
        return HandedOver(post, begun)
    if begun is not None or post.deputy_for_id is not None:
        raise CannotHandOver(_("这项职务已经移交，或是代理职务，不能移交。"))
    if post.to_date is not None and post.to_date < last_day:
        raise CannotHandOver(_("这项职务在这一天之前已经结束。"), place="last_day")
    if successor.pk == post.user_id:
        raise CannotHandOver(_("不能移交给本人。"), place="successor")
    start = last_day + dt.timedelta(days=1)
    if to_date is not None and to_date < start:
        raise BadDates(_("结束日期不能早于开始日期。"), place="to_date")
    ended = end_post(post=post, to_date=last_day, by=by, at=at)
    begun = place_user(successor, PostKind(post.kind), post.area, start, to_date, by, at, succeeds=ended)
    audit.record_event(
        by=by,
        at=at,
        verb="post.hand_over",
        target=begun,
        area_path=post.area.path,
        detail={"before": post.user.username, "after": successor.username, "from_date": start},
    )
    return HandedOver(ended, begun)
