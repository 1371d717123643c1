"""Whose rows a table's rows are, and for whom the present connection reads: the database's own half of the scope.

A model says `row_scope = …` once, `core.policies` makes the policies of it. A request enters the scope of its reader
and leaves it; outside of both, the web role sees nothing. Which posts give which scope is `scope.sql`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from django.conf import settings
from django.db import connection

# Settings as policies read them: in `(SELECT …)`, so that the planner asks once a query and not once a row
ANYBODY = "(SELECT current_setting('jizhi.reader', true) <> '')"
STAFF = "(SELECT current_setting('jizhi.reader', true) = 'staff')"
# The outer cast of a list makes it an array for ANY instead of a subquery
PATHS = "((SELECT NULLIF(current_setting('jizhi.paths', true), '')::ltree[])::ltree[])"
SETTINGS = ("reader", "user", "villages", "areas", "paths", "subject", "subjects", "home", "homes")


def number(setting: str) -> str:
    """A setting that holds one number; 0, which no row has, when it holds none."""
    return f"(SELECT COALESCE(NULLIF(current_setting('jizhi.{setting}', true), ''), '0')::bigint)"


def numbers(setting: str) -> str:
    """A setting that holds a list of numbers."""
    return f"((SELECT string_to_array(current_setting('jizhi.{setting}', true), ',')::bigint[])::bigint[])"


@dataclass(frozen=True)
class RowScope:
    """Which column ties a row to its readers. A row is open to whoever any of what is given lets in."""

    village: str = ""  # foreign key to a village: staff whose posts reach it
    area: str = ""  # foreign key to any area: staff whose posts reach it
    path: str = ""  # tree path: the same
    # foreign key to a subject (or `id`): the household itself, its members' own subjects, and whom it succeeded
    subject: str = ""
    user: str = ""  # foreign key to a user (or `id`): that user
    via: tuple[str, ...] = ()  # relations to parents, either way round: whoever reads (or writes) the parent
    seen_via: tuple[str, ...] = ()  # the same for reading alone
    via_writers: tuple[str, ...] = ()  # whoever may write the parent, though more may read it
    neighbours: bool = (
        False  # households of the village, once or now, read and lock it, too; they do not write it
    )
    public: str = ""  # why every reader of the site may read it; writing stays scoped
    read: str = ""  # a further condition, in SQL
    write: str = ""  # the condition for writing instead, in SQL
    insert: str = ""  # the condition for new rows, where it differs from `write`
    open: str = ""  # why no policy at all stands on it; with a `path`, a trigger guards its writing
    read_only: bool = False  # written by commands and migrations alone


def open_to_all(reason: str, *, read_only: bool = False) -> RowScope:
    """A table without anybody's data: no policy. The reason is for whoever looks for what is unprotected."""
    return RowScope(open=reason, read_only=read_only)


def whole_role() -> str:
    """The role of whoever reads everything: the same rights, and policies that let every row through."""
    return f"{settings.WEB_ROLE}_whole"


def enter(user_id: int | None, day: dt.date) -> None:
    """Read for this user from now on (None: a stranger), as the web role even on the owner's connection. One query.

    The memory is for the sets of visible parents, which the database looks through once instead of row by row.
    """
    roles = [user_id, day, whole_role(), settings.WEB_ROLE]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('work_mem', '32MB', false),"
            " set_config('role', CASE WHEN jizhi_enter(%s, %s) THEN %s ELSE %s END, false)",
            roles,
        )


def leave() -> None:
    """Forget the reader before the connection serves anybody else; a connection that cannot is closed.

    It goes past Django's cursor: a request broken inside its transaction must be left all the same.
    """
    raw = connection.connection
    if raw is None:
        return
    forget = ", ".join(f"set_config('jizhi.{name}', '', false)" for name in SETTINGS)
    try:
        raw.execute(f"SELECT set_config('role', 'none', false), {forget}")
    except psycopg.Error:
        if connection.in_atomic_block:  # rolled back by whoever began it, and the scope with it
            return
        raw.close()
        connection.close()


def take_in(area_id: int, *, is_village: bool) -> None:
    """A new area belongs to the scope of whoever made it at once; a trigger has looked where it lies."""
    lists = ["areas", "villages"] if is_village else ["areas"]
    with connection.cursor() as cursor:
        for name in lists:
            cursor.execute(
                "SELECT set_config(%s, concat_ws(',', NULLIF(current_setting(%s, true), ''), %s::text), false)"
                " WHERE current_user = %s",
                [f"jizhi.{name}", f"jizhi.{name}", area_id, settings.WEB_ROLE],
            )


@contextmanager
def beyond(reason: str) -> Iterator[None]:
    """Look past the reader's scope for one named reason; `tests/house/test_scope.py` lists every use.

    For what one village must know of another: whether an ID number is registered anywhere. The owner, who reads
    everything anyway, stays the owner.
    """
    assert reason
    widened = _change_role(settings.WEB_ROLE, whole_role())
    try:
        yield
    finally:
        # In a broken transaction nothing can be set; its rollback brings back the role it began with.
        if widened and not (connection.in_atomic_block and (connection.needs_rollback or _is_broken())):
            _change_role(whole_role(), settings.WEB_ROLE)


def _change_role(present: str, wanted: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, false) WHERE current_user = %s", [wanted, present])
        return cursor.fetchone() is not None


def _is_broken() -> bool:
    status = connection.connection.info.transaction_status
    return bool(status is psycopg.pq.TransactionStatus.INERROR)
