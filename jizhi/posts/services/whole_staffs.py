"""All the staff of a county at once: accounts with their posts in a few statements.

For new accounts alone; a table of an office, with changes and letters, is `tables`.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from jizhi.accounts import services as accounts
from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import audit
from jizhi.core.errors import DomainError
from jizhi.posts.models import Post
from jizhi.posts.rules import PostKind

BATCH = 2_000


class NoSuchArea(DomainError):
    """A post names an area that is not there."""


@dataclass(frozen=True, slots=True)
class NewHolder:
    """A new account with its posts, each a kind and an area's code."""

    username: str
    display_name: str
    work_phone: str
    posts: tuple[tuple[PostKind, str], ...]


@transaction.atomic
def take_on_many(
    *,
    holders: Iterable[NewHolder],
    password: str,
    hashed: str = "",
    from_date: dt.date,
    by: User | None,
    at: dt.datetime,
) -> list[User]:
    """Make the accounts and give the posts, all or none; they share a starting password, hashed once.

    Only the operator or a superuser may. Raises NoSuchArea, NotStaff and what making accounts raises.
    """
    people = list(holders)
    users = accounts.create_staff_users(
        accounts=[(one.username, one.display_name, one.work_phone) for one in people],
        password=password,
        hashed=hashed,
        by=by,
        at=at,
    )
    codes = {code for one in people for _kind, code in one.posts}
    areas = {area.code: area for area in Area.objects.filter(code__in=codes, to_date=None)}
    for code in sorted(codes - areas.keys()):
        raise NoSuchArea(_("没有代码为“%(code)s”的区划。") % {"code": code}, place="area")
    posts = [
        Post(user=user, kind=kind, area=areas[code], from_date=from_date)
        for one, user in zip(people, users, strict=True)
        for kind, code in one.posts
    ]
    Post.objects.bulk_create(posts, batch_size=BATCH)
    audit.append_events(
        [
            audit.new_event(
                by=by,
                at=at,
                verb="post.assign",
                target=post,
                area_path=post.area.path,
                detail={"user": post.user.username, "kind": post.kind, "from_date": from_date},
            )
            for post in posts
        ]
    )
    return users
