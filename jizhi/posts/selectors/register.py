"""The register of posts: who serves where from when to when, what ends soon, which grids nobody serves.

Lists are querysets for the pager; `register_lines` makes lines of a page of them. Nothing loads a whole table.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.accounts.rules import UserKind
from jizhi.areas import rules as area_rules
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area, Level
from jizhi.posts.models import Post, PostQuerySet
from jizhi.posts.rules import ALLOWED, ENDING_DAYS, POSTS_MANY, Action, PostKind, PostState
from jizhi.posts.selectors.access import NoSuchStaff, scope_paths


@dataclass(frozen=True)
class Standing:
    """Somebody at the other end of a post: whom it stands in for, who stands in, who came before or after."""

    post_id: int
    name: str
    from_date: dt.date
    to_date: dt.date | None


@dataclass(frozen=True)
class PostLine:
    """A post in the register."""

    id: int
    kind: PostKind
    user_id: int
    name: str
    username: str
    work_phone: str
    area_id: int
    area_code: str
    area_name: str
    above: str
    from_date: dt.date
    to_date: dt.date | None
    state: PostState
    stands_in_for: Standing | None
    deputies: tuple[Standing, ...]

    @property
    def is_deputy(self) -> bool:
        return self.stands_in_for is not None


def posts_visible_to(user: Any, on: dt.date) -> PostQuerySet:
    """Posts in the areas where the user may look at organisations or fills posts."""
    paths = {*scope_paths(user, Action.VIEW_ORGANISATIONS, on), *scope_paths(user, Action.MANAGE_POSTS, on)}
    rows: PostQuerySet = Post.objects.filter(area__path__within=sorted(paths))
    return rows


def register(
    user: Any, *, on: dt.date, area: Area | None = None, kind: str = "", state: str = "", words: str = ""
) -> QuerySet[Post]:
    """The register by filter, in tree order; held today unless another state is asked for."""
    rows = _in_state(posts_visible_to(user, on), PostState(state) if state else PostState.HELD, on)
    if area is not None:
        rows = rows.filter(area__path__descendant_of=area.path)
    if kind:
        rows = rows.filter(kind=kind)
    if text := words.strip():
        rows = rows.filter(
            Q(user__display_name__icontains=text)
            | Q(user__username__icontains=text)
            | Q(user__work_phone__startswith=text)
            | Q(area__name__icontains=text)
        )
    return rows.order_by("area__path", "kind", "user__display_name", "id")


def _in_state(rows: PostQuerySet, state: PostState, on: dt.date) -> PostQuerySet:
    if state is PostState.COMING:
        return rows.filter(from_date__gt=on)
    if state is PostState.PAST:
        return rows.filter(to_date__lt=on)
    held = rows.held_on(on)
    if state is PostState.ENDING:
        return held.filter(to_date__lte=on + dt.timedelta(days=ENDING_DAYS))
    return held.filter(deputy_for__isnull=False) if state is PostState.DEPUTY else held


def register_lines(rows: Iterable[Post], on: dt.date) -> list[PostLine]:
    """Lines with deputies and whom they stand in for: two queries however many there are."""
    if isinstance(rows, QuerySet):
        deputies = Post.objects.filter(to_date__gte=on).select_related("user").order_by("from_date")
        rows = rows.select_related("user", "area__parent", "deputy_for__user").prefetch_related(
            Prefetch("deputies", deputies)
        )
    return [_line(post, on) for post in rows]


def _line(post: Post, on: dt.date) -> PostLine:
    parent = post.area.parent
    return PostLine(
        id=post.pk,
        kind=PostKind(post.kind),
        user_id=post.user_id,
        name=post.user.display_name,
        username=post.user.username,
        work_phone=post.user.work_phone,
        area_id=post.area_id,
        area_code=post.area.code,
        area_name=areas.named(post.area),
        above=areas.named(parent) if parent is not None else "",
        from_date=post.from_date,
        to_date=post.to_date,
        state=state_on(post.from_date, post.to_date, on, deputy=post.deputy_for_id is not None),
        stands_in_for=_standing(post.deputy_for) if post.deputy_for is not None else None,
        deputies=tuple(_standing(one) for one in post.deputies.all()),
    )


def _standing(post: Post) -> Standing:
    return Standing(post.pk, post.user.display_name, post.from_date, post.to_date)


def state_on(from_date: dt.date, to_date: dt.date | None, on: dt.date, *, deputy: bool) -> PostState:
    """How a post stands on a day; what is past or to come goes before what ends soon."""
    if from_date > on:
        return PostState.COMING
    if to_date is not None and to_date < on:
        return PostState.PAST
    if to_date is not None and to_date <= on + dt.timedelta(days=ENDING_DAYS):
        return PostState.ENDING
    return PostState.DEPUTY if deputy else PostState.HELD


@dataclass(frozen=True)
class PostPage:
    """One post with those before and after it and what it allows."""

    line: PostLine
    before: Standing | None
    after: Standing | None
    actions: tuple[Action, ...]


def post_page(user: Any, post_id: int, *, on: dt.date) -> PostPage:
    """A post the user may see. Raises NoSuchStaff."""
    rows = posts_visible_to(user, on).filter(pk=post_id)
    own = Post.objects.filter(pk=post_id, user=user) if getattr(user, "pk", None) else Post.objects.none()
    found = register_lines(rows, on) or register_lines(own, on)
    if not found:
        raise NoSuchStaff(_("没有这项职务，或不在您的管理范围内。"))
    post = Post.objects.select_related("succeeds__user").get(pk=post_id)
    after = Post.objects.filter(succeeds=post).select_related("user").first()
    return PostPage(
        line=found[0],
        before=_standing(post.succeeds) if post.succeeds is not None else None,
        after=_standing(after) if after is not None else None,
        actions=actions_of(PostKind(post.kind)),
    )


def actions_of(kind: PostKind) -> tuple[Action, ...]:
    """What a post of the kind allows, read off the one table."""
    return tuple(action for action in Action if kind in ALLOWED[action])


@dataclass(frozen=True)
class VacantGrid:
    """A grid that nobody serves as grid worker."""

    id: int
    code: str
    name: str
    village_id: int
    village: str


def vacant_grids(user: Any, *, on: dt.date, area: Area | None = None) -> QuerySet[Area]:
    """Open grids without a grid worker on that day, where the user sees posts; in tree order."""
    paths = {*scope_paths(user, Action.VIEW_ORGANISATIONS, on), *scope_paths(user, Action.MANAGE_POSTS, on)}
    worker = Post.objects.held_on(on).filter(kind=PostKind.GRID_WORKER.value, area=OuterRef("pk"))
    rows = Area.objects.within(sorted(paths)).open_on(on).filter(~Exists(worker), level_id=area_rules.GRID)
    if area is not None:
        rows = rows.filter(path__descendant_of=area.path)
    return rows.select_related("parent").order_by("path")


def vacant_grid_lines(rows: Iterable[Area]) -> list[VacantGrid]:
    """A page of vacant grids."""
    return [
        VacantGrid(
            row.pk,
            row.code,
            areas.named(row),
            row.parent_id or 0,
            areas.named(row.parent) if row.parent is not None else "",
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Overloaded:
    """Somebody who holds more posts at a time than the rule thinks wise."""

    user_id: int
    name: str
    posts: int


def overloaded(
    user: Any, *, on: dt.date, area: Area | None = None, limit: int = 50
) -> tuple[Overloaded, ...]:
    """People with more than POSTS_MANY posts on that day, the fullest hands first."""
    held = posts_visible_to(user, on).held_on(on)
    if area is not None:
        held = held.filter(area__path__descendant_of=area.path)
    rows = held.values("user_id", "user__display_name").annotate(count=Count("id"))
    many = rows.filter(count__gt=POSTS_MANY).order_by("-count", "user__display_name", "user_id")[:limit]
    return tuple(Overloaded(row["user_id"], row["user__display_name"], row["count"]) for row in many)


@dataclass(frozen=True)
class Attention:
    """What of an area's posts wants looking at, as counts."""

    held: int
    vacant: int
    ending: int
    deputies: int


def attention(user: Any, *, on: dt.date, area: Area | None = None) -> Attention:
    """Posts held, grids without a worker, posts and deputies that end soon: two queries."""
    soon = on + dt.timedelta(days=ENDING_DAYS)
    held = posts_visible_to(user, on).held_on(on)
    if area is not None:
        held = held.filter(area__path__descendant_of=area.path)
    counts = held.aggregate(
        held=Count("id"),
        ending=Count("id", filter=Q(to_date__lte=soon)),
        deputies=Count("id", filter=Q(deputy_for__isnull=False)),
    )
    return Attention(
        counts["held"], vacant_grids(user, on=on, area=area).count(), counts["ending"], counts["deputies"]
    )


def places(user: Any, action: Action, on: dt.date, *, grids: bool = False) -> list[tuple[str, str]]:
    """Areas for a choice: code and name in tree order, set in by depth; down to the villages, or to the grids."""
    rows = Area.objects.within(scope_paths(user, action, on)).filter(to_date=None)
    if not grids:
        deepest = Level.objects.filter(key=area_rules.VILLAGE).values("depth")
        rows = rows.filter(level__depth__lte=deepest)
    found = rows.order_by("path").only("code", "name", "name_en", "path")
    lines = [(area.code, str(area.path).count("."), areas.named(area)) for area in found]
    top = min((depth for _code, depth, _name in lines), default=0)
    return [(code, "　" * (depth - top) + name) for code, depth, name in lines]


def successors(user: Any, *, on: dt.date, words: str = "", limit: int = 20) -> list[User]:
    """Active staff whose name, account or phone holds the words: to choose a successor or deputy from."""
    text = words.strip()
    if not text or not scope_paths(user, Action.MANAGE_POSTS, on):
        return []
    rows = User.objects.filter(kind=UserKind.STAFF.value, is_active=True, is_superuser=False)
    match = Q(display_name__icontains=text) | Q(username__icontains=text) | Q(work_phone__startswith=text)
    return list(rows.filter(match).order_by("display_name", "id")[:limit])


def staff_by_account(username: str) -> User:
    """An active staff account by its user name; raises NoSuchStaff."""
    rows = User.objects.filter(kind=UserKind.STAFF.value, is_active=True)
    found = rows.filter(username=username.strip()).first()
    if found is None:
        raise NoSuchStaff(
            _("没有账号为“%(username)s”的在用工作人员。") % {"username": username}, place="username"
        )
    return found
