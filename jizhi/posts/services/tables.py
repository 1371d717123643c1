"""Posts from a table: what each row comes to, and applying it. Accounts that are missing are made, once.

The plan is a pure look (nothing is written); applying the same plan or the same file again changes nothing.
"""

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from jizhi.accounts import rules as account_rules
from jizhi.accounts import services as accounts
from jizhi.accounts.models import User
from jizhi.accounts.rules import UserKind
from jizhi.areas.models import Area
from jizhi.core import clock, names
from jizhi.core.errors import DomainError
from jizhi.core.tables import PlannedRow, RowFate
from jizhi.posts import selectors
from jizhi.posts.models import Post
from jizhi.posts.rules import NAMED_BY_COUNTY, Action, PostKind
from jizhi.posts.selectors.finding import find_areas
from jizhi.posts.services.giving import check_may_name, end_post, place_user
from jizhi.sheets.lists import ListRow
from jizhi.sheets.values import clean_text

_LETTERS, _DIGITS = "abcdefghjkmnpqrstuvwxyz", "23456789"


@dataclass(frozen=True)
class NewAccount:
    """An account made by a table, with its password as it is told once."""

    name: str
    username: str
    password: str
    post: str
    area: str


@dataclass
class PostsApplied:
    """What applying did: accounts with their passwords, posts given, posts whose end was set."""

    accounts: list[NewAccount] = field(default_factory=list)
    given: int = 0
    changed: int = 0


def one_time_password() -> str:
    """Easy to read out and type: eight letters, four digits."""
    letters = "".join(secrets.choice(_LETTERS) for _n in range(8))
    return f"{letters[:4]}-{letters[4:]}-" + "".join(secrets.choice(_DIGITS) for _n in range(4))


def plan_posts(
    *, rows: Sequence[ListRow], within: Area | None = None, by: User | None, at: dt.datetime
) -> list[PlannedRow]:
    """What each row comes to, in an area or wherever the user may: a fixed number of queries, however many rows."""
    on = clock.day_of(at)
    if within is not None:
        selectors.check_can(by, Action.MANAGE_POSTS, within, on)
    paths = [within.path] if within else selectors.scope_paths(by, Action.MANAGE_POSTS, on)
    found = find_areas((row.text("area") or row.text("place") for row in rows), paths)
    known = _Known(rows)
    county = by is None or by.is_superuser or _is_county(by, on)
    plan, seen = [], dict[tuple[object, ...], int]()
    for row in rows:
        line = PlannedRow(row.sheet, row.row, row.text("name"))
        place = "area" if row.text("area") else "place"
        area = found.get(row.text(place))
        if area is None or area.area is None:
            reason = area.reason if area else _("请填写任职区域。")
            line.refuse(row.title(place) or _("任职区域"), row.text(place), reason)
        line.values = {"area": area.area if area else None}
        _read_kind(row, line)
        _read_person(row, line, known)
        _read_days(row, line, on)
        if line.fate is not RowFate.REFUSED:
            _compare(row, line, known, seen)
        kind = line.values["kind"]
        if line.fate in (RowFate.NEW, RowFate.CHANGED) and kind in NAMED_BY_COUNTY and not county:
            reason = _("“%(kind)s”由县级任命。") % {"kind": _(kind.label)}
            line.refuse(row.title("kind"), row.text("kind"), reason)
        plan.append(line)
    return plan


def _is_county(by: User, on: dt.date) -> bool:
    return any(post.kind is PostKind.COUNTY and post.on(on) for post in selectors.held_posts(by))


class _Known:
    """Accounts and posts that the rows may mean, read at once."""

    def __init__(self, rows: Sequence[ListRow]) -> None:
        accounts_named = {row.text("username") for row in rows if row.text("username")}
        phones = {row.text("work_phone") for row in rows if row.text("work_phone")}
        match = Q(username__in=accounts_named) | Q(work_phone__in=phones)
        nameless = {
            row.text("name") for row in rows if not row.text("username") and not row.text("work_phone")
        }
        match |= Q(display_name__in=nameless)
        users = list(User.objects.filter(match, kind=UserKind.STAFF.value).order_by("id"))
        self.by_username = {user.username: user for user in users}
        self.by_phone = {(user.display_name, user.work_phone): user for user in users if user.work_phone}
        self.posts: dict[tuple[int, str, int], list[Post]] = {}
        self.by_post: dict[tuple[str, str, int], User] = {}
        self.deputies: set[tuple[int, str, int]] = set()
        held = Post.objects.filter(user__in=users).select_related("area", "user").order_by("from_date", "id")
        for post in held:
            key = (post.user_id, str(post.kind), post.area_id)
            if post.deputy_for_id is not None:
                self.deputies.add(key)
                continue
            self.posts.setdefault(key, []).append(post)
            self.by_post[post.user.display_name, str(post.kind), post.area_id] = post.user
        taken = User.objects.filter(username__in=accounts_named).order_by("username")
        self.taken = set(taken.values_list("username", flat=True))

    def find(
        self, name: str, username: str, phone: str, kind: PostKind | None, area: Area | None
    ) -> User | None:
        """The row's person: by account, by phone, and where neither is told by the post that is held already."""
        if username:
            return self.by_username.get(username)
        if phone:
            return self.by_phone.get((name, phone))
        return self.by_post.get((name, kind.value, area.pk)) if kind and area else None


def _read_kind(row: ListRow, line: PlannedRow) -> None:
    text = row.text("kind")
    kinds = {word: kind for kind in PostKind for word in (clean_text(kind.label), kind.value, _(kind.label))}
    kind = kinds.get(text)
    if kind is None:
        some = _("、").join(_(one.label) for one in PostKind)
        line.refuse(row.title("kind"), text, _("没有这种职务。可以填：%(kinds)s。") % {"kinds": some})
    line.values["kind"] = kind


def _read_person(row: ListRow, line: PlannedRow, known: _Known) -> None:
    name, username, phone = row.text("name"), row.text("username"), row.text("work_phone")
    user = known.find(name, username, phone, line.values["kind"], line.values["area"])
    line.values |= {"user": user, "name": name, "username": username, "work_phone": phone}
    if not name:
        line.refuse(row.title("name"), "", _("请填写姓名。"))
    elif user is not None and user.display_name != name:
        reason = _("账号“%(username)s”是%(name)s的，姓名对不上。") % {
            "username": username,
            "name": user.display_name,
        }
        line.refuse(row.title("name"), name, reason)
    elif user is None and username and (problem := account_rules.username_problem(username)):
        line.refuse(row.title("username"), username, _(problem))
    elif user is None and username in known.taken:
        line.refuse(
            row.title("username"), username, _("账号“%(username)s”已有人使用。") % {"username": username}
        )


def _read_days(row: ListRow, line: PlannedRow, on: dt.date) -> None:
    for key in ("from_date", "to_date"):
        day, problem = row.day(key)
        if problem:
            line.refuse(row.title(key), row.text(key), problem)
        line.values[key] = day
    line.values["dated"] = line.values["from_date"] is not None
    start, end = line.values["from_date"] or on, line.values["to_date"]
    line.values["from_date"] = start
    if end is not None and end < start:
        line.refuse(row.title("to_date"), row.text("to_date"), _("结束日期不能早于开始日期。"))


def _compare(row: ListRow, line: PlannedRow, known: _Known, seen: dict[tuple[object, ...], int]) -> None:
    """NEW, CHANGED (another last day) or SAME; the same post twice in one file counts once."""
    values = line.values
    user = values["user"]
    person = user.pk if user else (values["name"], values["username"] or values["work_phone"])
    key = (person, values["kind"], values["area"].pk)
    if key in seen:
        reason = _("与第%(row)d行重复。") % {"row": seen[key]}
        line.refuse(row.title("name"), values["name"], reason)
        return
    seen[key] = row.row
    values["new_account"] = user is None
    held_key = (user.pk if user else 0, values["kind"].value, values["area"].pk)
    if row.text("deputy"):
        if held_key in known.deputies:
            line.fate = RowFate.SAME
        else:
            line.refuse(row.title("deputy"), row.text("deputy"), _("代理请在职务页面办理。"))
        return
    held = known.posts.get(held_key, [])
    last = values["to_date"] or dt.date.max
    for post in held:
        if post.from_date > last or (post.to_date or dt.date.max) < values["from_date"]:
            continue
        if values["dated"] and post.from_date != values["from_date"]:
            reason = _("已任这项职务，开始日期是%(day)s。") % {"day": post.from_date.isoformat()}
            line.refuse(row.title("from_date"), row.text("from_date"), reason)
        elif post.to_date == values["to_date"] or values["to_date"] is None:
            line.fate = RowFate.SAME
        else:
            line.fate, values["post"] = RowFate.CHANGED, post
            before = post.to_date.isoformat() if post.to_date else ""
            line.changes = {"to_date": (before, values["to_date"].isoformat())}
        return
    if user is not None and not user.is_active:
        line.refuse(row.title("username") or row.title("name"), user.get_username(), _("这个账号已停用。"))


@transaction.atomic
def apply_posts(*, plan: Iterable[PlannedRow], by: User | None, at: dt.datetime) -> PostsApplied:
    """Apply what the plan says, all or nothing; rows whose post is there meanwhile are passed over."""
    done = PostsApplied()
    made: dict[tuple[str, str], User] = {}
    for line in plan:
        values = line.values
        if line.fate is RowFate.CHANGED:
            end_post(post=values["post"], to_date=values["to_date"], by=by, at=at)
            done.changed += 1
        elif line.fate is RowFate.NEW:
            check_may_name(by, values["kind"], values["area"], clock.day_of(at))
            user = values["user"] or _account(values, made, done, by, at)
            try:
                with transaction.atomic():
                    place_user(
                        user, values["kind"], values["area"], values["from_date"], values["to_date"], by, at
                    )
            except DomainError as refused:
                line.refuse("", line.words, str(refused))
                continue
            done.given += 1
    return done


def _account(
    values: dict[str, object],
    made: dict[tuple[str, str], User],
    done: PostsApplied,
    by: User | None,
    at: dt.datetime,
) -> User:
    """The account of a row's person: made once per file, with a password that is told once."""
    name, phone = str(values["name"]), str(values["work_phone"])
    key = (name, str(values["username"]) or phone)
    if key[1] and key in made:
        return made[key]
    username = str(values["username"]) or free_username(name)
    password = one_time_password()
    user = accounts.create_user(
        username=username,
        display_name=name,
        password=password,
        work_phone=phone,
        kind=UserKind.STAFF,
        must_change_password=True,
        by=by,
        at=at,
    )
    made[key] = user
    kind, area = values["kind"], values["area"]
    account = NewAccount(name, username, password, _(kind.label), area.name)  # type: ignore[attr-defined]
    values["account"] = account
    done.accounts.append(account)
    return user


def renew_first_password(*, user: User, by: User | None, at: dt.datetime) -> str:
    """Another password to start with, for whoever did not use the first in time. Raises NotAllowed."""
    selectors.check_can_manage_account(by, user, clock.day_of(at))
    password = one_time_password()
    accounts.reset_secret(user=user, new=password, by=by, at=at)
    return password


def free_username(name: str) -> str:
    """A user name out of the name's pinyin that nobody has: zhangsan, zhangsan2, …"""
    stem = names.person_key(name).partition(" ")[0][:40] or "staff"
    stem = stem if len(stem) > 1 else f"{stem}0"
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    number, username = 2, stem
    while username in taken:
        number, username = number + 1, f"{stem}{number}"
    return username
