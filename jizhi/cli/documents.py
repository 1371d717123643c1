"""Commands on documents alone: check and test packs and their documents; and how other commands read a document.

Exit status: 0 all well; 1 a document is wrong or a case fails; 2 a file cannot be read. Nothing is settled here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jizhi.cli import console

if TYPE_CHECKING:
    from jizhi.engine import assessment_cases, cases
    from jizhi.engine.loader import Problem, Versions

    Tried = tuple[cases.Case | assessment_cases.Case, list[cases.Failure | assessment_cases.Failure]]

KINDS = {
    "scheme": {"zh": "积分细则", "en": "a scheme"},
    "assessment": {"zh": "考核办法", "en": "an assessment"},
    "stars": {"zh": "星级办法", "en": "a stars document"},
    "pay": {"zh": "薪酬表", "en": "a pay table"},
}
COMMANDS = {
    "scheme": "jizhi settle",
    "assessment": "jizhi settle",
    "stars": "jizhi stars, jizhi pay",
    "pay": "jizhi pay",
}


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
    """检查文件和合法性 · Validates packs, schemes, assessments, stars, pay, runs the law guard; exit 1 on errors."""
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
    """编辑器用的格式说明 · Prints the JSON Schema of a kind of document, for editors."""
    from jizhi.engine.document import json_schema

    typer.echo(json_schema.text(document), nl=False)


def run_cases(
    packs: Annotated[list[Path], typer.Argument(metavar="PACK…")],
    lang: Lang = Language.ZH,
) -> None:
    """运行用例 · Runs the packs' cases, of schemes on the reference and the embedded backend; exit 1 when one fails."""
    from jizhi.engine import loader

    failed = ran = 0
    for tried in (one for path in packs for one in (_schemes_tried(path), _assessments_tried(path))):
        try:
            for case, failures in tried:
                ran, failed = ran + 1, failed + bool(failures)
                _say_case(case, failures, lang)
        except loader.DocumentError as error:
            echo_problems(error.problems, lang)
            failed += 1
    typer.echo(f"{ran} 个用例，{failed} 个不通过" if lang == "zh" else f"{ran} cases, {failed} failed")
    raise typer.Exit(1 if failed else 0)


def _schemes_tried(path: Path) -> Iterator[Tried]:
    from jizhi.engine import cases, loader

    for case in cases.of_pack(loader.load_pack(path)):
        yield case, [failure for name in ("reference", "embedded") for failure in cases.run(case, name)]


def _assessments_tried(path: Path) -> Iterator[Tried]:
    from jizhi.engine import assessment_cases

    for case in assessment_cases.of_pack(path):
        yield case, list(assessment_cases.run(case))


def _say_case(
    case: cases.Case | assessment_cases.Case,
    failures: list[cases.Failure | assessment_cases.Failure],
    lang: str,
) -> None:
    """A case's name, and what came out otherwise."""
    typer.echo(f"{'✗' if failures else '✓'} {case.name}")
    for one in failures:
        found = (
            f"应为 {one.expected}，得到 {one.found}"
            if lang == "zh"
            else f"expected {one.expected}, found {one.found}"
        )
        typer.echo(f"  {case.file}:{case.line} [{one.evaluator}] {one.subject}.{one.name}: {found}")


def kind_of(path: Path, wanted: tuple[str, ...], lang: str) -> str:
    """Which of the wanted kinds the document is; exit 1 when it is another, which has its own command.

    The first of them when the document does not say: whoever reads it tells what is wrong.
    """
    from jizhi.engine import checking

    kind = checking.kind(path)
    if kind and kind not in wanted:
        found, names = KINDS[kind][lang], [KINDS[one][lang] for one in wanted]
        zh = f"{path}：这是{found}，应为{'或'.join(names)}；{found}用 {COMMANDS[kind]}"
        en = f"{path}: this is {found}, expected {' or '.join(names)}; for {found} use {COMMANDS[kind]}"
        console.fail(zh if lang == "zh" else en, 1)
    return kind or wanted[0]


def say_counts(counts: Mapping[str, int], out: Path) -> None:
    """How many rows each table of the results has, and where they are."""
    typer.echo(", ".join(f"{table} {count}" for table, count in counts.items()) + f" → {out}")


def load_versions(path: Path, lang: str) -> Versions:
    """The versions; else the problems and exit 1, or 2 when the file cannot be read at all."""
    from jizhi.engine import loader

    try:
        return loader.load_versions(path)
    except loader.DocumentError as error:
        kind_of(path, ("scheme",), lang)
        echo_problems(error.problems, lang)
        unreadable = all(problem.code == "unreadable" for problem in error.problems)
        raise typer.Exit(console.UNUSABLE if unreadable else 1) from error


def echo_problems(problems: list[Problem], lang: str) -> None:
    """Each problem on a line of stderr."""
    for problem in problems:
        typer.echo(problem.say(lang), err=True)
