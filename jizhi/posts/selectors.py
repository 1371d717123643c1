"""Who may do what where, asked or demanded; and the posts of an area as pages show them. Nothing is written here.

`user=None` is the operator at the machine's console (the command line), who may do everything; a web request
never has it, since a stranger there is Django's AnonymousUser.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from jizhi.accounts.rules import UserKind
from jizhi.areas.models import Area
from jizhi.core.errors import DomainError
from jizhi.posts.models import Post
from jizhi.posts.rules import ALLOWED, Action, PostKind

_HELD = "_held_posts"


class NotAllowed(DomainError):
    """The user holds no post that allows the action in that area on that day."""


@dataclass(frozen=True)
class HeldPost:
    """One post of a user as the permission check needs it."""

    kind: PostKind
    path: str
    from_date: dt.date
    to_date: dt.date | None

    def on(self, day: dt.date) -> bool:
        """Whether it is held on that day."""
        return self.from_date <= day and (self.to_date is None or day <= self.to_date)


def held_posts(user: Any) -> tuple[HeldPost, ...]:
    """All posts of the user, one query per user object; posts.services drops the cache when it changes them."""
    cached: tuple[HeldPost, ...] | None = vars(user).get(_HELD)
    if cached is None:
        rows = (
            Post.objects.filter(user=user)
            .order_by("id")
            .values_list("kind", "area__path", "from_date", "to_date")
        )
        cached = tuple(HeldPost(*row) for row in rows)
        setattr(user, _HELD, cached)
    return cached


def forget_held_posts(user: Any) -> None:
    """Make the next check on this object read the posts again."""
    vars(user).pop(_HELD, None)


def _may_do_all(user: Any) -> bool:
    return user is None or bool(user.is_authenticated and user.is_active and user.is_superuser)


def _holds_posts(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_active and user.kind is UserKind.STAFF)


def scope_paths(user: Any, action: Action, on: dt.date) -> list[str]:
    """Paths below which the user may do the action on that day, without nested doubles; every root for a superuser."""
    if _may_do_all(user):
        return list(Area.objects.filter(parent=None).order_by("path").values_list("path", flat=True))
    if not _holds_posts(user):
        return []
    kinds = ALLOWED[action]
    paths = {post.path for post in held_posts(user) if post.kind in kinds and post.on(on)}
    return sorted(path for path in paths if not any(_below(path, other) for other in paths if other != path))


def _below(path: str, scope: str) -> bool:
    return path == scope or path.startswith(scope + ".")


def can(user: Any, action: Action, area: Area, on: dt.date) -> bool:
    """Whether the user may do the action in the area on that day."""
    if _may_do_all(user):
        return True
    return any(_below(area.path, scope) for scope in scope_paths(user, action, on))


def check_can(user: Any, action: Action, area: Area, on: dt.date) -> None:
    """Raise NotAllowed unless `can`."""
    if not can(user, action, area, on):
        raise NotAllowed(
            _("您在%(area)s没有“%(action)s”的权限。如需办理，请联系乡镇管理员。")
            % {"area": area.name, "action": _(action.label)}
        )


@dataclass(frozen=True)
class StaffPost:
    """A post as a page lists it: the person, the work phone, the area. `work_phone` is public for grid workers."""

    id: int
    kind: PostKind
    user_id: int
    name: str
    work_phone: str
    area_id: int
    area_code: str
    area_name: str
    from_date: dt.date
    to_date: dt.date | None


def _staff_post(post: Post) -> StaffPost:
    return StaffPost(
        id=post.pk,
        kind=PostKind(post.kind),
        user_id=post.user_id,
        name=post.user.display_name,
        work_phone=post.user.work_phone,
        area_id=post.area_id,
        area_code=post.area.code,
        area_name=post.area.name,
        from_date=post.from_date,
        to_date=post.to_date,
    )


def posts_in(area: Area, on: dt.date) -> tuple[StaffPost, ...]:
    """Everybody who serves the area or an area below it on that day."""
    rows = Post.objects.held_on(on).filter(area__path__descendant_of=area.path)
    return tuple(_staff_post(post) for post in rows.select_related("user", "area"))


def posts_of(user: Any, on: dt.date) -> tuple[StaffPost, ...]:
    """The posts a user holds on that day, for the start page and the switch between areas."""
    rows = Post.objects.held_on(on).filter(user=user)
    return tuple(_staff_post(post) for post in rows.select_related("user", "area"))


def grid_workers(village: Area, on: dt.date) -> tuple[StaffPost, ...]:
    """The village's grid workers with their public work phones."""
    return tuple(post for post in posts_in(village, on) if post.kind is PostKind.GRID_WORKER)


def holders(kind: PostKind, area: Area, on: dt.date) -> tuple[StaffPost, ...]:
    """Who holds a post of that kind in the area itself or anywhere above it: the panel of a village, say."""
    rows = Post.objects.held_on(on).filter(kind=kind.value, area__path__ancestor_of=area.path)
    return tuple(_staff_post(post) for post in rows.select_related("user", "area"))
