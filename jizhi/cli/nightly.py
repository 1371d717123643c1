"""`jizhi nightly`: all the night's work at once, for installations without a worker. Meant to run once a day."""

from __future__ import annotations

import typer

from jizhi.cli import console


def nightly() -> None:
    """夜间工作 · Everything that is due by now, in its order, as the worker does it nightly; again is harmless."""
    failed = 0
    with console.installation():
        from django.utils import timezone
        from django.utils.translation import gettext

        from jizhi.intake import nightly

        for step in nightly.STEPS:
            try:
                done = str(step.run(timezone.now()))
            except Exception as fault:  # the steps after it are due all the same
                done, failed = f"✗ {fault}", failed + 1
            typer.echo(f"{gettext(step.title)}: {done}")
    if failed:
        console.fail(f"{failed} steps failed.", 1)
