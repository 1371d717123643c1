"""`jizhi operator NAME`: the first account of an installation, which sets up everything else on the pages.

Only whoever holds the data directory can run it; later accounts are made at the desk.
"""

from __future__ import annotations

from typing import Annotated

import typer

from jizhi.cli import console


def operator(
    username: Annotated[str, typer.Argument(help="The account's name, as typed when signing in.")],
    display_name: Annotated[str, typer.Option(help="The name others read.")] = "系统管理员",
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)] = "",
) -> None:
    """设立系统管理员 · Make an operator: a member of staff who may do everything."""
    with console.installation():
        from django.utils import timezone

        from jizhi.accounts import services
        from jizhi.accounts.rules import UserKind
        from jizhi.core.errors import DomainError

        try:
            services.create_user(
                username=username,
                display_name=display_name,
                password=password,
                kind=UserKind.STAFF,
                is_superuser=True,
                by=None,
                at=timezone.now(),
            )
        except DomainError as fault:
            console.fail(str(fault), console.UNUSABLE)
        typer.echo(username)
