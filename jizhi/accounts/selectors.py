"""Users as pages list them. Signing in is Django's own backend; posts of a user are in posts.selectors."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from jizhi.accounts import rules
from jizhi.accounts.models import User
from jizhi.accounts.rules import SecretState, UserKind
from jizhi.core import clock


@dataclass(frozen=True)
class StaffLine:
    """One member of staff in a list."""

    id: int
    username: str
    display_name: str
    work_phone: str
    is_active: bool
    is_superuser: bool


def staff(search: str = "", *, limit: int = 50) -> tuple[StaffLine, ...]:
    """Staff whose user name or name contains the text, by name."""
    rows = User.objects.filter(kind=UserKind.STAFF.value)
    if text := search.strip():
        rows = rows.filter(Q(username__icontains=text) | Q(display_name__icontains=text))
    rows = rows.order_by("display_name", "id")[:limit]
    return tuple(
        StaffLine(row.pk, row.username, row.display_name, row.work_phone, row.is_active, row.is_superuser)
        for row in rows
    )


def user_by_username(username: str) -> User | None:
    """The user of that name, if any: for commands and forms that name a user."""
    return User.objects.filter(username=username).first()


def first_password_until(given: dt.datetime) -> dt.date:
    """The last day of a password to start with that was given at that moment."""
    return rules.first_password_until(clock.day_of(given), settings.FIRST_PASSWORD_DAYS)


def secret_state(user: User, on: dt.date) -> SecretState:
    """Whether the account still has the password it was given, and whether that one still opens anything."""
    if not user.must_change_password:
        return SecretState.OWN
    given = user.first_password_at or user.created_at
    return SecretState.EXPIRED if on > first_password_until(given) else SecretState.FIRST
