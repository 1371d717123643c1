"""Commands that work on files alone, without Django or a server: check, test, settle, explain, simulate.

Exit status: 0 all well; 1 a document is wrong or a case fails; 2 a file cannot be read; 3 some rows were refused.
"""

from __future__ import annotations

import datetime as dt
import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from jizhi.engine.loader import Problem, Versions


class Evaluator(StrEnum):
    """Which of the evaluators settles."""

    BATCH = "batch"
    INCREMENTAL = "incremental"
    REFERENCE = "reference"


class Backend(StrEnum):
    """Where the batch runs."""

    EMBEDDED = "embedded"
    SPARK = "spark"


class Form(StrEnum):
    """The form of the result files."""

    CSV = "csv"
    PARQUET = "parquet"


class Language(StrEnum):
    """The language of messages."""

    ZH = "zh"
    EN = "en"


Lang = Annotated[Language, typer.Option("--lang", help="zh | en")]


def check(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="packs, schemes or folders of versions")
    ],
    lang: Lang = Language.ZH,
) -> None:
    """Validates packs and schemes and runs the law guard; exit 1 when there are errors."""
    problems = [problem for path in paths for one in _documents(path) for problem in _problems(one)]
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


def _problems(path: Path) -> list[Problem]:
    """What the loader and the guard have against a pack, a scheme or a folder of versions."""
    from jizhi.engine import cases, guard, loader

    try:
        if (path / "pack.yaml").exists():
            pack = loader.load_pack(path)
            cases.of_pack(pack)
            versions = list(pack.schemes.values())
        else:
            versions = [loader.load_versions(path)]
    except loader.DocumentError as error:
        return error.problems
    today = dt.datetime.now(dt.UTC).date()
    return [
        problem
        for one in versions
        for version in one.entries
        for problem in guard.check(version.scheme, today, version.file or str(path), version.lines)
    ]


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
            _echo_problems(error.problems, lang)
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


def settle(
    scheme: Annotated[Path, typer.Argument(metavar="SCHEME", help="a version file or a folder of versions")],
    subjects: Annotated[Path, typer.Option(help="subjects, .csv or .parquet")],
    facts: Annotated[Path, typer.Option(help="facts, .csv or .parquet")],
    first: Annotated[dt.datetime, typer.Option("--from", metavar="DATE", formats=["%Y-%m-%d"])],
    last: Annotated[dt.datetime, typer.Option("--to", metavar="DATE", formats=["%Y-%m-%d"])],
    out: Annotated[Path, typer.Option(help="folder for the results")],
    backend: Annotated[Backend, typer.Option()] = Backend.EMBEDDED,
    evaluator: Annotated[Evaluator, typer.Option()] = Evaluator.BATCH,
    form: Annotated[Form, typer.Option("--format")] = Form.CSV,
    master: Annotated[str, typer.Option(metavar="URL", help="Spark master")] = "",
    pool: Annotated[
        int | None, typer.Option(metavar="FEN", min=0, help="money that each group shares")
    ] = None,
    lang: Lang = Language.ZH,
) -> None:
    """Settles facts under a scheme: awards, totals, outcomes, shares and rejected rows as files."""
    from jizhi.engine import files

    del master
    if backend == Backend.SPARK:
        _fail("Spark 后端尚未安装" if lang == "zh" else "the Spark backend is not installed", 2)
    _in_order(first, last, lang)
    versions = load_versions(scheme, lang)
    try:
        rows = files.read(subjects, facts)
    except files.UnreadableFile as error:
        _fail(str(error), 2)
    result = _evaluator(evaluator)(versions, rows.subjects, rows.facts, first.date(), last.date(), pool=pool)
    rejected = rows.lined(result)
    try:
        files.write(result, rejected, out, versions.latest.unit.places, form)
    except OSError as error:
        _fail(str(error), 2)
    for row in rejected[:20]:
        typer.echo(f"{row.table}:{row.line}: {row.reason}", err=True)
    if len(rejected) > 20:
        typer.echo(f"… {len(rejected)}", err=True)
    typer.echo(
        f"awards {len(result.awards)}, totals {len(result.totals)}, outcomes {len(result.outcomes)}, "
        f"shares {len(result.shares)}, rejected {len(rejected)} → {out}"
    )
    raise typer.Exit(3 if rejected else 0)


def explain(
    scheme: Annotated[Path, typer.Argument(metavar="SCHEME", help="a version file or a folder of versions")],
    subjects: Annotated[Path, typer.Option(help="subjects, .csv or .parquet")],
    facts: Annotated[Path, typer.Option(help="facts, .csv or .parquet")],
    subject: Annotated[str, typer.Option(metavar="ID")],
    period: Annotated[str, typer.Option(metavar="P", help="2022-05, 2022-Q2, 2022-H1 or 2022")],
    as_json: Annotated[bool, typer.Option("--json", help="data instead of text")] = False,
    lang: Lang = Language.ZH,
) -> None:
    """Says why a subject has its number in a period, down to every fact, price and limit."""
    from jizhi.engine import batch, explain_words, files, windows
    from jizhi.engine import explain as explaining

    versions = load_versions(scheme, lang)
    try:
        rows = files.read(subjects, facts)
        span = windows.Calendar.of(versions.latest).parse(period)
    except files.UnreadableFile as error:
        _fail(str(error), 2)
    except ValueError:
        _fail(f"--period: {period}", 2)
    owner = next((one for one in rows.subjects if one.subject == subject), None)
    if owner is None:
        _fail(f"--subject: {subject}", 2)
    result = batch.settle(versions, rows.subjects, rows.facts, span.start, span.end)
    total = next(
        (
            one
            for one in result.totals
            if (one.subject, one.period_kind, one.period) == (subject, span.kind, span.label)
        ),
        None,
    )
    found = explaining.explain(versions, owner, rows.facts, span.kind, span.label, total=total)
    if as_json:
        typer.echo(json.dumps(explain_words.as_data(found, lang), ensure_ascii=False, indent=2))
    else:
        typer.echo(explain_words.text(found, lang))


def simulate(
    old: Annotated[
        Path, typer.Argument(metavar="OLD", help="the document in force: a version file or a folder")
    ],
    new: Annotated[
        Path, typer.Argument(metavar="NEW", help="the draft; a single file is applied to all days")
    ],
    subjects: Annotated[Path, typer.Option(help="subjects, .csv or .parquet")],
    facts: Annotated[Path, typer.Option(help="facts, .csv or .parquet")],
    first: Annotated[dt.datetime, typer.Option("--from", metavar="DATE", formats=["%Y-%m-%d"])],
    last: Annotated[dt.datetime, typer.Option("--to", metavar="DATE", formats=["%Y-%m-%d"])],
    out: Annotated[Path, typer.Option(help="folder for the results")],
    pool: Annotated[
        int | None, typer.Option(metavar="FEN", min=0, help="money that each group shares")
    ] = None,
    lang: Lang = Language.ZH,
) -> None:
    """Replays the facts under a draft: changes.csv (who gains, who loses), summary.csv (how many, what it costs)."""
    from jizhi.engine import files, simulation_files
    from jizhi.engine import simulate as simulating

    _in_order(first, last, lang)
    before, after = load_versions(old, lang), load_versions(new, lang)
    try:
        rows = files.read(subjects, facts)
    except files.UnreadableFile as error:
        _fail(str(error), 2)
    found = simulating.simulate(
        before, after, rows.subjects, rows.facts, first.date(), last.date(), pool=pool
    )
    places = max(before.latest.unit.places, after.latest.unit.places)
    rejected = rows.lined(found.old)
    try:
        simulation_files.write(found, rejected, out, places)
    except OSError as error:
        _fail(str(error), 2)
    for line in simulation_files.summary(found, places):
        typer.echo("  ".join(line))
    raise typer.Exit(3 if rejected else 0)


def _in_order(first: dt.datetime, last: dt.datetime, lang: str) -> None:
    """Exit 2 when the span ends before it begins."""
    if first > last:
        _fail("--from 晚于 --to" if lang == "zh" else "--from is after --to", 2)


def _evaluator(name: Evaluator) -> Any:
    from jizhi.engine import batch, reference, running

    return {"batch": batch.settle, "reference": reference.settle, "incremental": running.settle}[name]


def load_versions(path: Path, lang: str) -> Versions:
    """The versions, or the problems and exit 1."""
    from jizhi.engine import loader

    try:
        return loader.load_versions(path)
    except loader.DocumentError as error:
        _echo_problems(error.problems, lang)
        raise typer.Exit(1) from error


def _echo_problems(problems: list[Problem], lang: str) -> None:
    for problem in problems:
        typer.echo(problem.say(lang), err=True)


def _fail(message: str, status: int) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(status)
