"""Users as pages list them. Signing in is Django's own backend; posts of a user are in posts.selectors."""

from dataclasses import dataclass

from django.db.models import Q

from jizhi.accounts.models import User
from jizhi.accounts.rules import UserKind


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
