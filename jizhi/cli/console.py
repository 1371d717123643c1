"""What commands that use the database share: the reader's language, an up-to-date schema, one way to fail.

No command is here, and nothing that the web needs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from jizhi import database
from jizhi.cli import house

UNUSABLE = 2
SOME_REFUSED = 3


def fail(message: str, status: int) -> NoReturn:
    """Say why on stderr and end with that exit status."""
    typer.echo(message, err=True)
    raise typer.Exit(status)


def language() -> str:
    """English where the terminal's locale says so, else Chinese."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if locale.startswith("en") else "zh-hans"


@contextmanager
def installation() -> Iterator[None]:
    """The installation's database (joined when `jizhi demo` runs it, else started meanwhile), migrated."""
    try:
        with house.open_house():
            from django.utils import translation

            migrate_if_behind()
            with translation.override(language()):
                yield
    except database.DatabaseUnavailable as fault:
        fail(str(fault), 1)


def migrate_if_behind() -> None:
    """Bring tables, policies and grants up to date; little is asked of the database when they are."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from jizhi.core import policies

    executor = MigrationExecutor(connection)
    behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if behind:
        call_command("migrate", verbosity=0, interactive=False)
    policies.apply(always=behind)
