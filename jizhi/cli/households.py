"""`jizhi import households`: a roster from a file into a village's register, with the operator as its author.

It reads, reports and ends with a status; what the rows mean is decided in people.services.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jizhi.cli import console

if TYPE_CHECKING:
    import datetime as dt

    from jizhi.areas.models import Area
    from jizhi.people.services import ImportReport

app = typer.Typer(help="Bring data in from files.", no_args_is_help=True)


@app.callback()
def imports() -> None:
    """Bring data in from files."""


@app.command()
def households(
    file: Annotated[Path, typer.Argument(help="The roster: .xlsx, .xls or .csv.")],
    village: Annotated[str, typer.Option(help="Code of the village; `jizhi area list` shows them.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write the whole outcome to this JSON file.")] = None,
) -> None:
    """Import households. Exit status 0: every row was usable; 3: some were refused; 2: the file cannot be read."""
    with console.installation():
        outcome = _import(file, village, dry_run, report)
        _print(outcome)
    if outcome.refused:
        raise typer.Exit(console.SOME_REFUSED)


def _import(file: Path, village_code: str, dry_run: bool, report: Path | None) -> ImportReport:
    from django.db import transaction
    from django.utils import timezone
    from django.utils.translation import gettext as _

    from jizhi.areas import selectors as areas
    from jizhi.core import clock
    from jizhi.core.errors import DomainError
    from jizhi.people import services as people

    at = timezone.now()
    try:
        village = areas.area_by_code(village_code)
        content = _content(file)
        roster = people.read_roster(content, file.name, village, clock.day_of(at))
        with transaction.atomic():
            outcome = people.import_households(
                roster=roster, village=village, dry_run=dry_run, by=None, at=at
            )
            if outcome.updated and not dry_run:
                _reprice(village, at)
    except areas.AreaNotFound as fault:
        _write(report, people.unreadable(str(fault)))
        hint = _("`jizhi area list` 列出全部代码，`jizhi area create` 新建村。")
        console.fail(f"--village {village_code}: {fault}{hint}", console.UNUSABLE)
    except DomainError as fault:
        _write(report, people.unreadable(str(fault)))
        console.fail(f"{file.name}: {fault}", console.UNUSABLE)
    _write(report, outcome.as_json())
    return outcome


def _reprice(village: Area, at: dt.datetime) -> None:
    """What counts by member follows the sizes that the roster changed."""
    from django.utils.translation import gettext as _

    from jizhi.claims import selectors as claims
    from jizhi.claims import services
    from jizhi.people import selectors as people

    services.reprice_subjects(
        subject_ids=[row.id for row in people.subjects_of_village(village)],
        scheme=claims.HOUSEHOLD_SCHEME,
        reason=_("名册导入后家庭人口变动"),
        by=None,
        at=at,
    )


def _content(file: Path) -> bytes:
    from django.utils.translation import gettext as _

    from jizhi.people.services import UnreadableRoster

    try:
        return file.read_bytes()
    except OSError as fault:
        raise UnreadableRoster(_("打不开这个文件（%(why)s）。") % {"why": fault.strerror}) from fault


def _write(report: Path | None, content: dict[str, Any]) -> None:
    """The report holds whole ID numbers, as the roster does: only its owner may read it."""
    if report is None:
        return
    try:
        handle = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
    except OSError as fault:
        console.fail(f"{report}: {fault.strerror}", 1)


def _print(outcome: ImportReport) -> None:
    from django.utils.translation import get_language
    from django.utils.translation import gettext as _

    counts = {
        "read": outcome.read,
        "created": outcome.created,
        "updated": outcome.updated,
        "unchanged": outcome.unchanged,
        "refused": len({(cell.sheet, cell.row) for cell in outcome.refused}),
    }
    heading = _("试运行，未写入。") if outcome.dry_run else _("已导入。")
    numbers = _(
        "读到 %(read)d 行：新增 %(created)d 户，更新 %(updated)d 户，未变 %(unchanged)d 户，拒绝 %(refused)d 行。"
    )
    typer.echo(heading + numbers % counts)
    if outcome.new_grids:
        typer.echo(_("新设网格：%(grids)s") % {"grids": "、".join(outcome.new_grids)})
    english = (get_language() or "").startswith("en")
    for cell in outcome.masked().refused:
        reason = (english and cell.reason_en) or cell.reason
        place = _("%(sheet)s 第 %(row)d 行") % {"sheet": cell.sheet, "row": cell.row}
        typer.echo(f"  {place}  {cell.column}  {cell.value}  {reason}")
