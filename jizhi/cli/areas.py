"""`jizhi area list` and `jizhi area create`: see the tree's codes, and add to it, from the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jizhi.cli import console

if TYPE_CHECKING:
    from jizhi.areas.selectors import AreaNode

app = typer.Typer(help="The areas: county, township, village, grid.", no_args_is_help=True)


@app.command("list")
def list_areas() -> None:
    """Print the tree with codes."""
    with console.installation():
        from jizhi.areas import selectors as areas

        for root in areas.tree():
            _print(root, 0)


def _print(node: AreaNode, indent: int) -> None:
    typer.echo(f"{'  ' * indent}{node.code}  {node.name}  {node.level_title}")
    for child in node.children:
        _print(child, indent + 1)


@app.command()
def create(
    code: Annotated[str, typer.Argument(help="Lower-case letters, digits and underscores; never changes.")],
    name: Annotated[str, typer.Argument(help="The name in Chinese.")],
    level: Annotated[str, typer.Option(help="county, township, village, grid, or what the pack calls it.")],
    parent: Annotated[str, typer.Option(help="Code of the area above; empty for a county.")] = "",
    name_en: Annotated[str, typer.Option(help="The name in English.")] = "",
) -> None:
    """Add an area, in being since 1 January of this year."""
    with console.installation():
        from django.utils import timezone

        from jizhi.areas import rules, services
        from jizhi.areas import selectors as areas
        from jizhi.core import clock
        from jizhi.core.errors import DomainError

        at = timezone.now()
        try:
            if not areas.levels():
                services.define_levels(levels=rules.USUAL_LEVELS, by=None, at=at)
            services.create_area(
                code=code,
                name=name,
                name_en=name_en,
                level=level,
                parent=areas.area_by_code(parent) if parent else None,
                from_date=clock.day_of(at).replace(month=1, day=1),
                by=None,
                at=at,
            )
        except DomainError as fault:
            console.fail(str(fault), console.UNUSABLE)
