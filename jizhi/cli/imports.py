"""`jizhi import KIND FILE --area CODE`: any table of the import screen, from the console, with the operator as author.

It runs in this process, shows progress, and ends with a status. A cut-off import is taken up again by `--resume`.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jizhi.cli import console

if TYPE_CHECKING:
    from jizhi.imports.selectors import ImportLine

BLOCK = 1 << 20
SHOWN = 200


def add_to(app: typer.Typer) -> None:
    """One command for each kind of table, named like the kind."""
    for key, words in COMMANDS.items():
        app.command(
            key, help=f"{words} Exit status 0: every row was usable; 3: some were refused; 2: unreadable."
        )(_command(key))


# Said here once more, so that `--help` needs no database; a test compares it with the table of kinds.
COMMANDS = {
    "county-households": "Households and persons of any number of villages, one person a row.",
    "areas": "Areas under their parents, one a row.",
    "organisations": "Organisations, one a row, parents in the same file or on record.",
    "kinship": "Declared relatives, one pair a row.",
    "organisation-members": "Members of organisations, one person in one role a row.",
    "reporters": "Members of units who report where they live, one a row; units begin to report with them.",
    "services": "What reporting members did, one service a row.",
    "visits": "Visits, one a row.",
    "books": "Fields of the household book, one household a row.",
    "matters": "Matters of another system's list, one a row.",
    "activities": "Activities, one a row.",
    "attendance": "Who took part in activities, one person a row.",
    "needs": "Needs of households and villages, one a row.",
    "teams": "Volunteer teams, one a row.",
    "team-members": "Members of volunteer teams, one a row.",
    "posts": "Posts, one a row; missing accounts are made and their first passwords written beside the file.",
}


def _command(key: str) -> Any:
    def run(
        file: Annotated[Path, typer.Argument(help="The table: .xlsx, .xls or .csv.")],
        area: Annotated[str, typer.Option(help="Code of the area it is for; `jizhi area list` shows them.")],
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
        resume: Annotated[
            bool, typer.Option("--resume", help="Go on with a cut-off import of this file.")
        ] = False,
        report: Annotated[Path | None, typer.Option(help="Write the outcome to this JSON file.")] = None,
        by: Annotated[str, typer.Option(help="Account in whose name it is done; some kinds need one.")] = "",
    ) -> None:
        with console.installation():
            line = _import(key, file, area, by, dry_run=dry_run, resume=resume)
            _tell(line, report, dry_run=dry_run)
            _hand_out(line, file, by)
            if dry_run:
                _discard(line)
        if line.refused:
            raise typer.Exit(console.SOME_REFUSED)

    return run


def _import(key: str, file: Path, area_code: str, by: str, *, dry_run: bool, resume: bool) -> ImportLine:
    from django.utils import timezone

    from jizhi.areas import selectors as areas
    from jizhi.core.errors import DomainError
    from jizhi.imports import selectors, services
    from jizhi.imports.rules import ImportState
    from jizhi.intake import jobs
    from jizhi.intake.kinds import KINDS

    kind, at = KINDS[key], timezone.now()
    if kind.author and not by:
        console.fail(f"{key}: --by ACCOUNT is needed", console.UNUSABLE)
    try:
        author = _author(by) if by else None
        area = areas.area_by_code(area_code)
        request_key = _key(file, key, area_code, at.isoformat())
        line = selectors.unfinished_of(kind.key, area, _digest(file)) if resume else None
        if line is None:
            upload = services.upload_table(
                kind=kind,
                area=area,
                file_name=file.name,
                content=_pieces(file),
                request_key=request_key,
                by=author,
                at=at,
            )
            line = selectors.line_of(upload.pk)
        elif line.state in (ImportState.STOPPED, ImportState.FAILED):
            services.resume_import(import_id=line.id, kind=kind, by=None, at=at)
        jobs.run_here(line.id, kind)
        line = selectors.line_of(line.id)
        if line.state is ImportState.READY and not dry_run:
            services.confirm_import(import_id=line.id, kind=kind, by=None, at=timezone.now())
            jobs.run_here(line.id, kind)
            line = selectors.line_of(line.id)
    except (DomainError, OSError) as fault:
        console.fail(f"{file.name}: {fault}", console.UNUSABLE)
    if line.state is ImportState.FAILED:
        console.fail(f"{file.name}: {line.fault}", console.UNUSABLE)
    return line


def _author(username: str) -> Any:
    from jizhi.accounts import selectors as accounts

    author = accounts.user_by_username(username)
    if author is None:
        console.fail(f"--by {username}: no such account", console.UNUSABLE)
    return author


def _hand_out(line: ImportLine, file: Path, by: str) -> None:
    """What is told once goes into a file beside the table that only its owner reads."""
    from django.utils import timezone
    from django.utils.translation import gettext as _

    from jizhi.imports import selectors, services
    from jizhi.intake.kinds import KINDS
    from jizhi.sheets import writing

    kind = KINDS[line.kind]
    author = _author(by) if by else None
    if not kind.handout or not selectors.waiting_handout(author, line.id, on=timezone.localdate()):
        return
    lines = services.take_handout(import_id=line.id, by=author, at=timezone.now())
    columns = [writing.Column(_(title), writing.Kind.TEXT, 20) for title in kind.handout]
    target = file.with_name(f"{file.stem}-{line.id}.handout.xlsx")
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(writing.write_table(_("新账号与初始密码"), columns, lines))
    typer.echo(f"{target}")


def _discard(line: ImportLine) -> None:
    from django.utils import timezone

    from jizhi.imports import services
    from jizhi.intake.kinds import KINDS

    services.discard_import(import_id=line.id, kind=KINDS[line.kind], by=None, at=timezone.now())


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while block := source.read(BLOCK):
            yield block


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    for block in _pieces(file):
        digest.update(block)
    return digest.hexdigest()


def _key(file: Path, *parts: str) -> str:
    return hashlib.sha256("|".join([_digest(file), *parts]).encode()).hexdigest()


def _tell(line: ImportLine, report: Path | None, *, dry_run: bool) -> None:
    from django.utils.translation import gettext as _

    from jizhi.imports import selectors

    numbers = {fate: line.counts.get(fate, 0) for fate in ("created", "updated", "unchanged", "refused")}
    heading = _("试运行，未写入。") if dry_run else _("已导入。")
    counted = _(
        "读到 %(read)d 行：新增 %(created)d，更新 %(updated)d，未变 %(unchanged)d，拒绝 %(refused)d。"
    )
    typer.echo(heading + counted % ({"read": line.rows} | numbers))
    for one in selectors.problem_lines(selectors.problems(line.id)[:SHOWN]):
        place = _("%(sheet)s 第 %(row)d 行") % {"sheet": one.sheet, "row": one.line}
        typer.echo(f"  {place}  {one.column}  {one.value}  {one.reason}")
    if report is None:
        return
    content = {"import": line.id, "state": line.state.value, "rows": line.rows, "counts": numbers}
    handle = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(content, out, ensure_ascii=False, indent=1)
