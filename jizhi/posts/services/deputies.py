"""Standing in for a post: a second post of the same kind and place with a last day, marked as a deputy's everywhere."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.core import clock
from jizhi.core.errors import DomainError
from jizhi.posts.models import Post
from jizhi.posts.rules import DEPUTY_DAYS_MAX, PostKind
from jizhi.posts.services.giving import BadDates, check_may_name, place_user


class CannotDeputise(DomainError):
    """The post cannot be stood in for on these days, or not by this person."""


@transaction.atomic
def deputise_post(
    *,
    post: Post,
    deputy: User,
    from_date: dt.date,
    to_date: dt.date,
    by: User | None,
    at: dt.datetime,
) -> Post:
    """Let somebody stand in for the holder from a day to a day. Raises NotAllowed, BadDates, CannotDeputise,
    PostAlreadyHeld (the deputy holds the post itself), CannotHoldPost. The same again gives the deputy's post there is.
    """
    check_may_name(by, PostKind(post.kind), post.area, clock.day_of(at))
    post = Post.objects.select_for_update(of=("self",)).select_related("user", "area").get(pk=post.pk)
    same = Post.objects.filter(deputy_for=post, user=deputy, from_date=from_date, to_date=to_date).first()
    if same is not None:
        return same
    _check_days(post, from_date, to_date)
    if post.deputy_for_id is not None:
        raise CannotDeputise(_("代理职务不能再由别人代理。"))
    if deputy.pk == post.user_id:
        raise CannotDeputise(_("不能自己代理自己。"), place="deputy")
    busy = Post.objects.filter(deputy_for=post, from_date__lte=to_date, to_date__gte=from_date)
    if other := busy.select_related("user").order_by("from_date").first():
        raise CannotDeputise(
            _("这段时间已由%(name)s代理。") % {"name": other.user.display_name}, place="from_date"
        )
    return place_user(deputy, PostKind(post.kind), post.area, from_date, to_date, by, at, deputy_for=post)


def _check_days(post: Post, from_date: dt.date, to_date: dt.date) -> None:
    if to_date < from_date:
        raise BadDates(_("结束日期不能早于开始日期。"), place="to_date")
    if (to_date - from_date).days + 1 > DEPUTY_DAYS_MAX:
        raise BadDates(
            _("代理最多%(days)d天；更长的，请正式任命。") % {"days": DEPUTY_DAYS_MAX}, place="to_date"
        )
    if from_date < post.from_date or (post.to_date is not None and to_date > post.to_date):
        raise BadDates(_("代理的日期要在本人任期之内。"), place="to_date")
