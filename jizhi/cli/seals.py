"""`jizhi seal`, `jizhi export chain` and `jizhi verify`: sealing by hand, the chain as a file, every check of seals.

A receipt is checked without database and network; all else asks the installation. Exit status: 0 all holds; 1 something
does not, and it is named; 2 a file cannot be read.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from jizhi.cli import console, ledger

if TYPE_CHECKING:
    from jizhi.areas.models import Area
    from jizhi.seals.rules import Chain, Receipt
    from jizhi.seals.selectors import Checked

Village = Annotated[str, typer.Option(help="Code of the village; all villages without it.")]


class ReceiptAtOnce(TyperGroup):
    """`jizhi verify FILE` is `jizhi verify receipt FILE`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        known = not args or args[0] in self.commands
        return super().resolve_command(ctx, args if known else ["receipt", *args])


verify = typer.Typer(
    cls=ReceiptAtOnce, help="Check what the installation says, or a receipt.", invoke_without_command=True
)
verify.command("ledger")(ledger.verify_ledger)


@verify.callback()
def verify_everything(context: typer.Context) -> None:
    """核验 · The whole ledger against all seals; or one receipt: `jizhi verify receipt.json --chain chain.json`."""
    if context.invoked_subcommand is None:
        verify_seals()


def _language() -> str:
    return "en" if console.language() == "en" else "zh"


@verify.command("receipt")
def verify_receipt(
    receipt: Annotated[str, typer.Argument(metavar="FILE", help="The receipt; `-` reads what follows.")],
    chain: Annotated[
        Path | None, typer.Option(help="The village's chain, as downloaded or mirrored.")
    ] = None,
) -> None:
    """离线核验凭证 · Check a receipt without the installation: its entry, the way to the seal, the chain."""
    from jizhi.seals.rules import checking, words

    found = _receipt(receipt)
    answers = checking.check_receipt(found, _chain(chain) if chain else None)
    for one in answers:
        mark = {True: "✓", False: "✗", None: "·"}[one.holds]
        typer.echo(f"{mark} {words.answer(one, _language())}")
    seal = found.seal
    typer.echo(f"{seal.village} #{seal.number} {seal.day} root {seal.root} seal {seal.hash}")
    if any(one.holds is False for one in answers):
        raise typer.Exit(1)


def _receipt(place: str) -> Receipt:
    from jizhi.seals.rules import receipts

    try:
        return receipts.read(sys.stdin.read() if place == "-" else Path(place).read_bytes())
    except (OSError, receipts.Unreadable) as fault:
        console.fail(f"{place}: {str(fault) or 'not a receipt'}", console.UNUSABLE)


def _chain(place: Path) -> Chain:
    from jizhi.seals.rules import Chain

    try:
        return Chain.read(json.loads(place.read_bytes()))
    except (OSError, KeyError, TypeError, ValueError) as fault:
        console.fail(f"{place}: not a chain of seals ({fault})", console.UNUSABLE)


@verify.command("seals")
def verify_seals(
    village: Village = "",
    against: Annotated[
        list[Path] | None, typer.Option(help="A chain file kept elsewhere; may be given several times.")
    ] = None,
) -> None:
    """台账与全部存证对照 · Hold the ledger against every seal, and the seals against copies kept elsewhere."""
    copies = {found.village: found for found in map(_chain, against or [])}
    wrong = 0
    with console.installation():
        from jizhi.seals import selectors

        here = _villages(village)
        for each in here:
            wrong += _say(selectors.check_village(each, copy=copies.pop(each.code, None)))
    for code in [] if village else copies:
        typer.echo(f"{code}: no seals here")
        wrong += 1
    if wrong:
        console.fail(f"{wrong} villages do not fit their seals.", 1)


def _villages(code: str) -> list[Area]:
    from jizhi.areas import selectors as areas
    from jizhi.seals import selectors

    if not code:
        return selectors.villages()
    try:
        return [areas.area_by_code(code)]
    except areas.AreaNotFound as fault:
        console.fail(f"--village {code}: {fault}", console.UNUSABLE)


def _say(checked: Checked) -> bool:
    """Print what was found in a village; returns whether anything was."""
    from jizhi.seals.rules import words

    place = f"{checked.village.code} {checked.village.name}"
    summary = words.outcome(
        seals=checked.seals,
        records=checked.records - checked.waiting,
        waiting=checked.waiting,
        findings=len(checked.findings),
        language=_language(),
    )
    typer.echo(f"{place}: {summary}")
    for finding in checked.findings:
        typer.echo(f"  ✗ {words.finding(finding, _language())}")
    return bool(checked.findings)


def seal(village: Village = "") -> None:
    """存证 · Seal what the ledger got since the last seal. The worker does it nightly; doing it again is harmless."""
    with console.installation():
        from django.utils import timezone

        from jizhi.seals import services

        made = list(services.seal_villages(at=timezone.now(), only=_villages(village)))
        for one in made:
            typer.echo(
                f"{one.village.code} {one.village.name} #{one.number} {one.entry_count}+{one.transfer_count} {one.hash}"
            )
    typer.echo(f"{len(made)} 个村已存证 · {len(made)} villages sealed")


@ledger.export.command("chain")
def export_chain(
    out: Annotated[Path, typer.Option(help="Folder to write to; one file a village.")], village: Village = ""
) -> None:
    """存证链留底 · Each village's chain with all fingerprints, to keep elsewhere (`jizhi verify seals --against`)."""
    out.mkdir(parents=True, exist_ok=True)
    with console.installation():
        from jizhi.seals import selectors

        for each in _villages(village):
            place = out / f"{each.code}.json"
            place.write_text(json.dumps(selectors.chain_of(each, leaves=True).document()), encoding="utf-8")
            typer.echo(f"{each.code} {each.name}: {place}")
