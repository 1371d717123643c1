"""Commands on documents alone: check and test packs and schemes; and how the other commands read a scheme.

Exit status: 0 all well; 1 a document is wrong or a case fails; 2 a file cannot be read. Nothing is settled here.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jizhi.cli import console

if TYPE_CHECKING:
    from jizhi.engine.loader import Problem, Versions


class Language(StrEnum):
    """The language of messages."""

    ZH = "zh"
    EN = "en"


Lang = Annotated[Language, typer.Option("--lang", help="zh | en")]


def check(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="packs, documents or folders of versions")
    ],
    lang: Lang = Language.ZH,
) -> None:
    """Validates packs, schemes, assessments, stars and runs the law guard; exit 1 when there are errors."""
    from jizhi.engine import checking

    today = dt.datetime.now(dt.UTC).date()
    places = [one for path in paths for one in _documents(path)]
    problems = [problem for one in places for problem in checking.problems(one, today)]
    for problem in problems:
        typer.echo(problem.say(lang))
    errors = sum(problem.level == "error" for problem in problems)
    warnings = len(problems) - errors
    typer.echo(
        f"{errors} 处错误，{warnings} 处提醒" if lang == "zh" else f"{errors} errors, {warnings} warnings"
    )
    raise typer.Exit(1 if errors else 0)


def _documents(path: Path) -> list[Path]:
    """The packs, folders of versions or files that a path stands for."""
    if path.name == "pack.yaml":
        return [path.parent]
    if not path.is_dir() or (path / "pack.yaml").exists() or list(path.glob("*.y*ml")):
        return [path]
    inner = [one for folder in sorted(path.iterdir()) if folder.is_dir() for one in _documents(folder)]
    return [one for one in inner if one.is_file() or any(one.glob("*.y*ml"))] or [path]


class Document(StrEnum):
    """The kinds of document that have a schema."""

    SCHEME = "scheme"
    PACK = "pack"
    ASSESSMENT = "assessment"
    STARS = "stars"
    PAY = "pay"


def schema(document: Annotated[Document, typer.Argument(metavar="scheme|pack|assessment|stars|pay")]) -> None:
    """Prints the JSON Schema of a kind of document, for editors."""
    from jizhi.engine.document import json_schema

    typer.echo(json_schema.text(document), nl=False)


def run_cases(
    packs: Annotated[list[Path], typer.Argument(metavar="PACK…")],
    lang: Lang = Language.ZH,
) -> None:
    """Runs the packs' cases on the reference and the embedded backend; exit 1 when one fails."""
    from jizhi.engine import cases, loader

    failed = ran = 0
    for path in packs:
        try:
            found = cases.of_pack(loader.load_pack(path))
        except loader.DocumentError as error:
            echo_problems(error.problems, lang)
            failed += 1
            continue
        for case in found:
            failures = [failure for name in ("reference", "embedded") for failure in cases.run(case, name)]
            ran, failed = ran + 1, failed + bool(failures)
            typer.echo(f"{'✗' if failures else '✓'} {case.name}")
            for one in failures:
                typer.echo(
                    f"  {case.file}:{case.line} [{one.evaluator}] {one.subject}.{one.name}: "
                    + (
                        f"应为 {one.expected}，得到 {one.found}"
                        if lang == "zh"
                        else f"expected {one.expected}, found {one.found}"
                    )
                )
    typer.echo(f"{ran} 个用例，{failed} 个不通过" if lang == "zh" else f"{ran} cases, {failed} failed")
    raise typer.Exit(1 if failed else 0)


def load_versions(path: Path, lang: str) -> Versions:
    """The versions; else the problems and exit 1, or 2 when the file cannot be read at all."""
    from jizhi.engine import loader

    try:
        return loader.load_versions(path)
    except loader.DocumentError as error:
        echo_problems(error.problems, lang)
        unreadable = all(problem.code == "unreadable" for problem in error.problems)
        raise typer.Exit(console.UNUSABLE if unreadable else 1) from error


def echo_problems(problems: list[Problem], lang: str) -> None:
    """Each problem on a line of stderr."""
    for problem in problems:
        typer.echo(problem.say(lang), err=True)
