"""`jizhi plan-visits`: the month's visits of an area, planned at once; run it nightly for a whole county."""

from __future__ import annotations

from typing import Annotated

import typer

from jizhi.cli import console


def plan_visits(
    area: Annotated[str, typer.Argument(help="Code of a county, township, village or grid.")],
    month: Annotated[str, typer.Option(help="Such as 2026-06; this month where none is given.")] = "",
) -> None:
    """Plan the month's visits: what is planned or done stays, what is missing is added, what is too much goes."""
    with console.installation():
        import datetime as dt

        from django.utils import timezone

        from jizhi.areas import selectors as areas
        from jizhi.core import clock
        from jizhi.core.errors import DomainError
        from jizhi.visits import services

        at = timezone.now()
        try:
            first = dt.date.fromisoformat(f"{month}-01") if month else clock.day_of(at).replace(day=1)
        except ValueError:
            console.fail(f"{month!r} is no month; write it like 2026-06", console.UNUSABLE)
        try:
            made = services.make_plans(area=areas.area_by_code(area), month=first, by=None, at=at)
        except DomainError as fault:
            console.fail(str(fault), console.UNUSABLE)
        typer.echo(f"{made.grids} grids: {made.planned} visits planned, {made.removed} taken away")
