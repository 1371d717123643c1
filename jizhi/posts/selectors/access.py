"""Who may do what where, asked or demanded; and the posts of an area as pages show them. Nothing is written here.

`user=None` is the operator at the machine's console (the command line), who may do everything; a web request
never has it, since a stranger there is Django's AnonymousUser.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts import selectors as accounts
from jizhi.accounts.models import User
from jizhi.accounts.rules import SecretState, UserKind
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.core.errors import DomainError
from jizhi.posts.models import Post
from jizhi.posts.rules import ALLOWED, NAMED_BY_COUNTY, Action, PostKind

_HELD = "_held_posts"


class NotAllowed(DomainError):
    """The user holds no post that allows the action in that area on that day."""


class NoSuchStaff(DomainError):
    """No such account or post, or none the user may look after."""


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
    # Not vars(user): a request's user is a lazy stand-in, and its own attributes are not the user's.
    cached: tuple[HeldPost, ...] | None = getattr(user, _HELD, None)
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
    if hasattr(user, _HELD):
        delattr(user, _HELD)


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


def holds(user: Any, kind: PostKind, area: Area, on: dt.date) -> bool:
    """Whether the user holds a post of the kind that reaches the area on that day."""
    return any(
        post.kind is kind and _below(area.path, post.path) and post.on(on) for post in held_posts(user)
    )


def successions(on: dt.date) -> list[Post]:
    """Posts held on that day that were handed over to their holders, with whoever held them before."""
    rows = Post.objects.held_on(on).exclude(succeeds=None).order_by("from_date", "id")
    return list(rows.select_related("user", "area", "succeeds__user", "succeeds__area"))


def can_somewhere_in(user: Any, action: Action, area: Area, on: dt.date) -> bool:
    """Whether the user may do the action in the area, above it, or in some part of it."""
    if _may_do_all(user):
        return True
    return any(
        _below(area.path, scope) or _below(scope, area.path) for scope in scope_paths(user, action, on)
    )


def check_can_somewhere_in(user: Any, action: Action, area: Area, on: dt.date) -> None:
    """Raise NotAllowed unless `can_somewhere_in`: for what concerns a village as a whole."""
    if not can_somewhere_in(user, action, area, on):
        check_can(user, action, area, on)


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
    area_name_en: str = ""
    is_deputy: bool = False


def staff_post(post: Post) -> StaffPost:
    """A row with its user and area as pages show it."""
    return StaffPost(
        id=post.pk,
        kind=PostKind(post.kind),
        user_id=post.user_id,
        name=post.user.display_name,
        work_phone=post.user.work_phone,
        area_id=post.area_id,
        area_code=post.area.code,
        area_name=areas.named(post.area),
        from_date=post.from_date,
        to_date=post.to_date,
        area_name_en=post.area.name_en,
        is_deputy=post.deputy_for_id is not None,
    )


def posts_in(area: Area, on: dt.date) -> tuple[StaffPost, ...]:
    """Everybody who serves the area or an area below it on that day."""
    rows = Post.objects.held_on(on).filter(area__path__descendant_of=area.path)
    return tuple(staff_post(post) for post in rows.select_related("user", "area"))


def holders_at(area: Area, on: dt.date) -> tuple[StaffPost, ...]:
    """Everybody whose post is in the area itself, not below it."""
    rows = Post.objects.held_on(on).filter(area=area)
    return tuple(staff_post(post) for post in rows.select_related("user", "area"))


def posts_of(user: Any, on: dt.date) -> tuple[StaffPost, ...]:
    """The posts a user holds on that day, for the start page and the switch between areas."""
    rows = Post.objects.held_on(on).filter(user=user)
    return tuple(staff_post(post) for post in rows.select_related("user", "area"))


def grid_workers(village: Area, on: dt.date) -> tuple[StaffPost, ...]:
    """The village's grid workers with their public work phones."""
    return tuple(post for post in posts_in(village, on) if post.kind is PostKind.GRID_WORKER)


def holders(kind: PostKind, area: Area, on: dt.date) -> tuple[StaffPost, ...]:
    """Who holds a post of that kind in the area itself or anywhere above it: the panel of a village, say."""
    rows = Post.objects.held_on(on).filter(kind=kind.value, area__path__ancestor_of=area.path)
    return tuple(staff_post(post) for post in rows.select_related("user", "area"))


def serving(action: Action, area: Area, on: dt.date, *, below: bool = False) -> tuple[StaffPost, ...]:
    """Whose posts allow the action in the area: held there or above; with `below`, in a part of it, too. One query."""
    reach = Q(area__path__ancestor_of=area.path)
    if below:
        reach |= Q(area__path__descendant_of=area.path)
    kinds = [kind.value for kind in ALLOWED[action]]
    rows = Post.objects.held_on(on).filter(reach, kind__in=kinds, user__is_active=True)
    return tuple(staff_post(post) for post in rows.select_related("user", "area"))


@dataclass(frozen=True)
class StaffMember:
    """An account of a member of staff with the posts of today and those to come."""

    id: int
    username: str
    name: str
    work_phone: str
    is_active: bool
    is_superuser: bool
    posts: tuple[StaffPost, ...]
    secret: SecretState


def staff(
    user: Any, *, on: dt.date, area: Area | None = None, kind: str = "", words: str = ""
) -> QuerySet[User]:
    """Staff who serve below the paths in which the user manages posts, and staff without any post; by name."""
    paths = scope_paths(user, Action.MANAGE_POSTS, on)
    served = Post.objects.filter(user=OuterRef("pk"), area__path__within=paths).exclude(to_date__lt=on)
    idle = ~Exists(Post.objects.filter(user=OuterRef("pk")).exclude(to_date__lt=on))
    if area is not None:
        served = served.filter(area__path__descendant_of=area.path)
    if kind:
        served = served.filter(kind=kind)
    everybody = User.objects.filter(kind=UserKind.STAFF.value, is_superuser=False)
    rows = everybody.filter(Exists(served) if area or kind else Q(Exists(served)) | Q(idle))
    if text := words.strip():
        rows = rows.filter(
            Q(username__icontains=text) | Q(display_name__icontains=text) | Q(work_phone__startswith=text)
        )
    return rows.order_by("display_name", "id")


def staff_lines(rows: QuerySet[User], on: dt.date) -> list[StaffMember]:
    """Accounts with their posts: two queries however many there are."""
    members = list(rows)
    held: dict[int, list[StaffPost]] = {member.pk: [] for member in members}
    posts = Post.objects.filter(user__in=members).exclude(to_date__lt=on).select_related("user", "area")
    for post in posts.order_by("area__path", "id"):
        held[post.user_id].append(staff_post(post))
    return [
        StaffMember(
            member.pk,
            member.username,
            member.display_name,
            member.work_phone,
            member.is_active,
            member.is_superuser,
            tuple(held[member.pk]),
            accounts.secret_state(member, on),
        )
        for member in members
    ]


def account_for(user: Any, user_id: int, *, on: dt.date) -> User:
    """A staff account the user may look after. Raises NoSuchStaff."""
    found = staff(user, on=on).filter(pk=user_id).first()
    if found is None:
        raise NoSuchStaff(_("没有这位工作人员，或不在您的管理范围内。"))
    return found


def can_manage_account(user: Any, account: User, on: dt.date) -> bool:
    """Whether the user may set the account's password or close it.

    Only when every post of the account is one the user could have given: whoever resets a password could sign in with
    it, and must not get more than the own post allows.
    """
    if _may_do_all(user):
        return True
    if account.is_superuser or account.kind is not UserKind.STAFF or account.pk == user.pk:
        return False
    by_county = any(post.kind is PostKind.COUNTY and post.on(on) for post in held_posts(user))
    paths = scope_paths(user, Action.MANAGE_POSTS, on)
    present = [post for post in held_posts(account) if post.to_date is None or post.to_date >= on]
    return bool(paths) and all(
        any(_below(post.path, path) for path in paths) and (by_county or post.kind not in NAMED_BY_COUNTY)
        for post in present
    )


def check_can_manage_account(user: Any, account: User, on: dt.date) -> None:
    """Raise NotAllowed unless the user may look after the account."""
    if not can_manage_account(user, account, on):
        raise NotAllowed(_("这个账号的职务不归您任命，不能重设密码或停用。"))


def all_posts_of(account: User) -> tuple[StaffPost, ...]:
    """Every post the account ever held, the latest first."""
    rows = Post.objects.filter(user=account).select_related("user", "area")
    return tuple(staff_post(post) for post in rows.order_by("-from_date", "-id"))


def post_for(user: Any, post_id: int, *, on: dt.date) -> Post:
    """A post the user may end. Raises NoSuchStaff."""
    paths = scope_paths(user, Action.MANAGE_POSTS, on)
    rows = Post.objects.filter(area__path__within=paths).select_related("user", "area")
    found = rows.filter(pk=post_id).first()
    if found is None:
        raise NoSuchStaff(_("没有这项职务，或不在您的管理范围内。"))
    return found
