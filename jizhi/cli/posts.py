"""`jizhi pass-on`: open work goes to those who have begun to hold a post that was handed over. For once a day."""

from __future__ import annotations

import typer

from jizhi.cli import console


def pass_on() -> None:
    """职务移交后的未办事项转给接任人 · Pass open work on to successors in office. Running it again is harmless."""
    with console.installation():
        from django.utils import timezone

        from jizhi.changes import services

        count = services.pass_on_work(at=timezone.now())
    typer.echo(f"{count} 件未办事项已转给接任人 · {count} pieces of open work went to successors")
