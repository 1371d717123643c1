"""`jizhi derive`: files what follows from the house's own records. Meant to run once a day."""

from __future__ import annotations

import typer

from jizhi.cli import console


def derive() -> None:
    """从记录生成申报 · File what follows from records, as the pack says. Running it again is harmless."""
    with console.installation():
        from django.utils import timezone

        from jizhi.intake import nightly

        count = nightly.derive_claims(timezone.now())
    typer.echo(f"生成申报 {count} 条 · {count} claims followed from records")
