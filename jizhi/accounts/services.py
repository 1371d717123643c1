"""Making users and changing their secrets and preferences. What a user may do is given by posts, not here.

Accounts lie below posts, so these services cannot ask for a post's permission: the door that calls them
(desk view, command) checks Action.MANAGE_POSTS first. Household users are refused here in any case.
"""

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from jizhi.accounts import rules
from jizhi.accounts.models import User
from jizhi.accounts.rules import Language, UserKind
from jizhi.core import audit
from jizhi.core.errors import DomainError


class UsernameTaken(DomainError):
    """Another user has this user name."""


class BadUsername(DomainError):
    """The user name holds characters that cannot be typed everywhere, or is too short."""


class WeakSecret(DomainError):
    """The password or PIN is easily guessed."""


class WrongSecret(DomainError):
    """The present password or PIN was not given correctly."""


class NotStaff(DomainError):
    """Only staff may do this."""


def check_staff(by: Any) -> None:
    """Raise NotStaff for households and strangers; None is the operator at the console."""
    if by is not None and not (by.is_authenticated and by.is_active and by.kind is UserKind.STAFF):
        raise NotStaff(_("只有工作人员可以办理。"))


def check_secret(kind: UserKind, secret: str, username: str) -> None:
    """Raise WeakSecret unless the password (staff) or PIN (household) will do."""
    if problem := rules.secret_problem(kind, secret, username):
        raise WeakSecret(_(problem), place="password")


def hash_secret(secret: str) -> str:
    """A password or PIN as it is stored."""
    return make_password(secret)


@transaction.atomic
def create_user(
    *,
    username: str,
    display_name: str,
    password: str,
    kind: UserKind,
    by: User | None,
    at: dt.datetime,
    language: Language = Language.CHINESE,
    work_phone: str = "",
    is_superuser: bool = False,
    must_change_password: bool = False,
    hashed: str = "",
) -> User:
    """Make one user. Only the console or a superuser makes superusers.

    `hashed` is the password as `hash_secret` gave it, where many share a starting password: hashing is slow on purpose.
    """
    check_staff(by)
    if is_superuser and by is not None and not by.is_superuser:
        raise NotStaff(_("只有系统管理员可以设立系统管理员。"))
    if problem := rules.username_problem(username):
        raise BadUsername(_(problem), place="username")
    if User.objects.filter(username=username).exists():
        raise UsernameTaken(_("账号“%(username)s”已有人使用。") % {"username": username}, place="username")
    check_secret(kind, password, username)
    user = User.objects.create(
        username=username,
        display_name=display_name,
        password=hashed or make_password(password),
        kind=kind,
        language=language,
        work_phone=work_phone,
        is_superuser=is_superuser,
        must_change_password=must_change_password,
        first_password_at=at if must_change_password else None,
        created_at=at,
    )
    audit.record_event(
        by=by, at=at, verb="user.create", target=user, detail={"kind": kind, "superuser": is_superuser}
    )
    return user


@transaction.atomic
def create_staff_users(
    *,
    accounts: Iterable[tuple[str, str, str]],
    password: str,
    hashed: str = "",
    by: User | None,
    at: dt.datetime,
) -> list[User]:
    """Make many staff accounts from (user name, name, work phone) with one starting password, to be changed at sign-in.

    Only the console or a superuser may. Raises NotStaff, BadUsername, UsernameTaken and WeakSecret; all or none.
    """
    if by is not None and not by.is_superuser:
        raise NotStaff(_("只有系统管理员可以成批设立账号。"))
    rows = list(accounts)
    names = [username for username, _name, _phone in rows]
    for username in names:
        if problem := rules.username_problem(username):
            raise BadUsername(_(problem), place="username")
    taken = User.objects.filter(username__in=names).order_by("username").first()
    repeated = next((name for name, count in Counter(names).items() if count > 1), "")
    if taken is not None or repeated:
        shown = taken.username if taken is not None else repeated
        raise UsernameTaken(_("账号“%(username)s”已有人使用。") % {"username": shown}, place="username")
    check_secret(UserKind.STAFF, password, "")
    secret = hashed or make_password(password)
    users = User.objects.bulk_create(
        [
            User(
                username=username,
                display_name=name,
                work_phone=phone,
                password=secret,
                kind=UserKind.STAFF,
                must_change_password=not hashed,
                first_password_at=None if hashed else at,
                created_at=at,
            )
            for username, name, phone in rows
        ],
        batch_size=2_000,
    )
    audit.append_events(
        [
            audit.new_event(by=by, at=at, verb="user.create", target=user, detail={"kind": user.kind})
            for user in users
        ]
    )
    return users


def create_household_users(
    *, accounts: Iterable[tuple[str, str, str]], by: User | None, at: dt.datetime
) -> list[User]:
    """Make many household users from (card code, household's name, PIN).

    A PIN that several share is hashed once: a printed starting PIN costs one hash instead of a thousand. The caller
    records the event, since it knows the households.
    """
    hashed: dict[str, str] = {}
    users = []
    for code, name, pin in accounts:
        if pin not in hashed:
            check_secret(UserKind.HOUSEHOLD, pin, code)
            hashed[pin] = make_password(pin)
        users.append(
            User(
                username=code,
                display_name=name,
                password=hashed[pin],
                kind=UserKind.HOUSEHOLD,
                created_at=at,
            )
        )
    return User.objects.bulk_create(users, batch_size=1000)


@transaction.atomic
def change_secret(*, user: User, old: str, new: str, by: User, at: dt.datetime) -> None:
    """A user changes the own password or PIN, giving the present one."""
    if by.pk != user.pk or not user.check_password(old):
        raise WrongSecret(_("原密码不对。"), place="old")
    if old == new:
        raise WeakSecret(_("新密码与原密码相同。"), place="new")
    _store_secret(user, new, first_at=None)
    audit.record_event(by=by, at=at, verb="user.change_secret", target=user)


@transaction.atomic
def reset_secret(*, user: User, new: str, by: User | None, at: dt.datetime) -> None:
    """Staff set a new password or PIN for somebody who lost it; staff users must change it at the next sign-in."""
    check_staff(by)
    _store_secret(user, new, first_at=at if user.kind is UserKind.STAFF else None)
    audit.record_event(by=by, at=at, verb="user.reset_secret", target=user)


def _store_secret(user: User, secret: str, *, first_at: dt.datetime | None) -> None:
    """`first_at`: since when this is a password to start with; None for the user's own."""
    check_secret(user.kind, secret, user.username)
    user.password = make_password(secret)
    user.must_change_password, user.first_password_at = first_at is not None, first_at
    user.save(update_fields=["password", "must_change_password", "first_password_at"])


@transaction.atomic
def set_preferences(
    *, user: User, by: User, at: dt.datetime, language: Language | None = None, large_type: bool | None = None
) -> None:
    """Language and large type of the pages; each user sets the own ones. No audit event: nobody else is touched."""
    if by.pk != user.pk:
        raise NotStaff(_("只能修改自己的设置。"))
    if language is not None:
        user.language = Language(language)
    if large_type is not None:
        user.large_type = large_type
    user.save(update_fields=["language", "large_type"])


@transaction.atomic
def close_user(*, user: User, by: User | None, at: dt.datetime, reason: str) -> None:
    """Shut an account; its records stay."""
    check_staff(by)
    user.is_active = False
    user.save(update_fields=["is_active"])
    audit.record_event(by=by, at=at, verb="user.close", target=user, detail={"reason": reason})


def new_pin() -> str:
    """A random PIN that passes the rules."""
    while rules.pin_problem(pin := f"{secrets.randbelow(10**rules.PIN_LENGTH):0{rules.PIN_LENGTH}d}"):
        pass
    return pin
