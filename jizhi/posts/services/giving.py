"""Giving and ending posts. Kinds and what they allow are in rules; nothing here changes a user."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from jizhi.accounts import services as accounts
from jizhi.accounts.models import User
from jizhi.accounts.rules import UserKind
from jizhi.areas.models import Area
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.posts import selectors
from jizhi.posts.models import Post
from jizhi.posts.rules import NAMED_BY_COUNTY, Action, PostKind


class CannotHoldPost(DomainError):
    """The user is no active member of staff."""


class PostAlreadyHeld(DomainError):
    """The user holds this post in this area on some of these days."""


class BadDates(DomainError):
    """The last day lies before the first."""


def check_may_name(by: User | None, kind: PostKind, area: Area, on: dt.date) -> None:
    """Raise NotAllowed unless `by` may fill such a post there."""
    selectors.check_can(by, Action.MANAGE_POSTS, area, on)
    if kind not in NAMED_BY_COUNTY or by is None or by.is_superuser:
        return
    if not any(post.kind is PostKind.COUNTY and post.on(on) for post in selectors.held_posts(by)):
        raise selectors.NotAllowed(_("“%(kind)s”由县级任命。") % {"kind": _(kind.label)})


@transaction.atomic
def assign_post(
    *,
    user: User,
    kind: PostKind,
    area: Area,
    from_date: dt.date,
    to_date: dt.date | None = None,
    by: User | None,
    at: dt.datetime,
) -> Post:
    """Give a user a post from a day on (to a day, inclusive). Raises NotAllowed, CannotHoldPost, PostAlreadyHeld."""
    kind = PostKind(kind)
    check_may_name(by, kind, area, clock.day_of(at))
    if to_date is not None and to_date < from_date:
        raise BadDates(_("结束日期不能早于开始日期。"), place="to_date")
    return place_user(user, kind, area, from_date, to_date, by, at)


def place_user(
    user: User,
    kind: PostKind,
    area: Area,
    from_date: dt.date,
    to_date: dt.date | None,
    by: User | None,
    at: dt.datetime,
    *,
    deputy_for: Post | None = None,
    succeeds: Post | None = None,
) -> Post:
    """Write a post of a user who may hold it; the caller has checked who names whom."""
    if user.kind is not UserKind.STAFF or not user.is_active:
        raise CannotHoldPost(_("农户账号和已停用的账号不能任职。"), place="user")
    # The user's row is the lock: two people naming the same person wait for each other.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    others = Post.objects.filter(user=user, kind=kind.value, area=area, from_date__lte=to_date or dt.date.max)
    if any(other.to_date is None or other.to_date >= from_date for other in others.order_by("id")):
        raise PostAlreadyHeld(
            _("%(name)s在%(area)s已任%(kind)s。")
            % {"name": user.display_name, "area": area.name, "kind": _(kind.label)}
        )
    post = Post.objects.create(
        user=user,
        kind=kind,
        area=area,
        from_date=from_date,
        to_date=to_date,
        deputy_for=deputy_for,
        succeeds=succeeds,
    )
    selectors.forget_held_posts(user)
    detail = {"user": user.username, "kind": kind, "from_date": from_date, "to_date": to_date}
    if deputy_for is not None:
        detail["deputy_for"] = deputy_for.user.username
    verb = "post.assign" if deputy_for is None else "post.deputise"
    audit.record_event(by=by, at=at, verb=verb, target=post, area_path=area.path, detail=detail)
    return post


@transaction.atomic
def take_on(
    *,
    username: str,
    display_name: str,
    password: str,
    work_phone: str = "",
    kind: PostKind,
    area: Area,
    from_date: dt.date,
    to_date: dt.date | None = None,
    by: User | None,
    at: dt.datetime,
) -> Post:
    """A new account with its first post, together or not at all; the password is changed at the first sign-in."""
    check_may_name(by, PostKind(kind), area, clock.day_of(at))
    user = accounts.create_user(
        username=username,
        display_name=display_name,
        password=password,
        work_phone=work_phone,
        kind=UserKind.STAFF,
        must_change_password=True,
        by=by,
        at=at,
    )
    return assign_post(user=user, kind=kind, area=area, from_date=from_date, to_date=to_date, by=by, at=at)


@transaction.atomic
def end_post(*, post: Post, to_date: dt.date, by: User | None, at: dt.datetime) -> Post:
    """Set the post's last day; whoever stands in for it stops on the same day. Raises PostAlreadyHeld, BadDates."""
    check_may_name(by, PostKind(post.kind), post.area, clock.day_of(at))
    User.objects.select_for_update(no_key=True).get(pk=post.user_id)
    given = post
    post = Post.objects.select_for_update(of=("self",)).select_related("user", "area").get(pk=given.pk)
    if to_date < post.from_date:
        raise BadDates(_("结束日期不能早于开始日期。"), place="to_date")
    if post.deputy_for_id is not None and post.to_date is not None and to_date > post.to_date:
        raise BadDates(_("代理不能用改结束日期的办法延长，请重新指定代理。"), place="to_date")
    _check_no_later_post(post, to_date)
    before = post.to_date
    post.to_date = given.to_date = to_date
    post.save(update_fields=["to_date"])
    selectors.forget_held_posts(given.user)
    audit.record_event(
        by=by,
        at=at,
        verb="post.end",
        target=post,
        area_path=post.area.path,
        detail={"before": before, "after": to_date},
    )
    _end_deputies(post, to_date, by, at)
    return post


def _check_no_later_post(post: Post, to_date: dt.date) -> None:
    """A last day moved later may run into the holder's next term of the same post."""
    if Post.objects.filter(succeeds=post, from_date__lte=to_date).exists():
        raise PostAlreadyHeld(_("这项职务已经移交，结束日期不能再推后。"), place="to_date")
    later = Post.objects.filter(user=post.user_id, kind=post.kind, area=post.area_id).exclude(pk=post.pk)
    if later.filter(from_date__gt=post.from_date, from_date__lte=to_date).exists():
        raise PostAlreadyHeld(
            _("%(name)s在%(area)s已任%(kind)s。")
            % {"name": post.user.display_name, "area": post.area.name, "kind": _(post.kind.label)},
            place="to_date",
        )


def _end_deputies(post: Post, to_date: dt.date, by: User | None, at: dt.datetime) -> None:
    """Nobody stands in for a post that is held no longer; a deputising that never began is taken back."""
    rows = Post.objects.filter(deputy_for=post, to_date__gt=to_date).select_related("user", "area")
    for deputy in rows.order_by("id"):
        detail = {"user": deputy.user.username, "before": deputy.to_date, "after": to_date}
        audit.record_event(
            by=by, at=at, verb="post.end", target=deputy, area_path=deputy.area.path, detail=detail
        )
        if deputy.from_date > to_date:
            deputy.delete()
        else:
            deputy.to_date = to_date
            deputy.save(update_fields=["to_date"])
