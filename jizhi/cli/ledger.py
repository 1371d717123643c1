"""`jizhi export ledger` and `jizhi verify ledger`: the ledger as files, and the ledger held against the rules.

Both only read (seals are checked by `jizhi.cli.seals`). What a difference means, and what to do about it,
is for people to decide.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jizhi.cli import console

if TYPE_CHECKING:
    from jizhi.areas.models import Area

export = typer.Typer(help="Write data out to files.", no_args_is_help=True)

Village = Annotated[str, typer.Option(help="Code of the village; all villages without it.")]
Scheme = Annotated[str, typer.Option(help="Which scheme.")]


@export.callback()
def exports() -> None:
    """Write data out to files."""


def _villages(code: str, scheme: str) -> list[Area]:
    """The village named, or every village that has adopted the scheme."""
    from jizhi.areas import selectors as areas
    from jizhi.schemes import selectors as schemes

    if not code:
        return [village for village in areas.villages() if schemes.sources_in_village(village, scheme)]
    try:
        return [areas.area_by_code(code)]
    except areas.AreaNotFound as fault:
        console.fail(f"--village {code}: {fault}", console.UNUSABLE)


@export.command("ledger")
def export_ledger(
    out: Annotated[Path, typer.Option(help="Folder to write to; one folder a village inside it.")],
    village: Village = "",
    scheme: Scheme = "household",
) -> None:
    """Subjects, facts, awards, totals and the scheme's versions as files that `jizhi settle` understands."""
    with console.installation():
        from jizhi.settlement import selectors as settlement

        for each in _villages(village, scheme):
            settlement.export_files(each, scheme, out / each.code)
            typer.echo(f"{each.code} {each.name}: {out / each.code}")


def verify_ledger(village: Village = "", scheme: Scheme = "household") -> None:
    """Settle every settled period again and compare it with the ledger, fact by fact. Exit status 1: they differ."""
    failed = 0
    with console.installation():
        from jizhi.settlement import services as settlement

        for each in _villages(village, scheme):
            for check in settlement.recheck(village=each, scheme=scheme):
                failed += not check.equal
                typer.echo(f"{each.code} {check.say()}")
    if failed:
        console.fail(f"{failed} settlements differ from the ledger.", 1)
