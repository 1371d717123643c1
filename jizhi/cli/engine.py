"""Commands that settle files alone, without Django or a server: settle, explain, simulate.

Exit status: 0 all well; 1 a document is wrong; 2 a file cannot be read; 3 some rows were refused.
"""

from __future__ import annotations

import datetime as dt
import json
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from jizhi.cli.console import fail
from jizhi.cli.documents import Lang, Language, load_versions


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
    master: Annotated[str, typer.Option(metavar="URL", help="Spark master, default local[*]")] = "",
    pool: Annotated[
        int | None, typer.Option(metavar="FEN", min=0, help="money that each group shares")
    ] = None,
    lang: Lang = Language.ZH,
) -> None:
    """Settles facts under a scheme: awards, totals, outcomes, shares and rejected rows as files."""
    from jizhi.engine import files, filework
    from jizhi.engine.spark import session as spark

    _in_order(first, last, lang)
    _suited(backend, evaluator, master, lang)
    versions = load_versions(scheme, lang)
    work = filework.settle if evaluator == Evaluator.BATCH else _row_by_row(evaluator)
    if backend == Backend.SPARK:
        work = partial(_on_spark, master)
    try:
        report = work(versions, subjects, facts, first.date(), last.date(), out, pool=pool, form=form)
    except spark.NoSpark as error:
        fail(error.text.zh if lang == "zh" else error.text.en, 2)
    except (files.UnreadableFile, OSError) as error:
        fail(str(error), 2)
    rejected = report.rejected
    for row in rejected[:20]:
        typer.echo(f"{row.table}:{row.line}: {row.reason}", err=True)
    if len(rejected) > 20:
        typer.echo(f"… {len(rejected)}", err=True)
    typer.echo(
        "".join(f"{table} {count}, " for table, count in report.counts.items())
        + f"rejected {len(rejected)} → {out}"
    )
    raise typer.Exit(3 if rejected else 0)


def explain(
    scheme: Annotated[Path, typer.Argument(metavar="SCHEME", help="a version file or a folder of versions")],
    subjects: Annotated[Path, typer.Option(help="subjects, .csv or .parquet")],
    facts: Annotated[Path, typer.Option(help="facts, .csv or .parquet")],
    subject: Annotated[str, typer.Option(metavar="ID")],
    period: Annotated[str, typer.Option(metavar="P", help="2022-05, 2022-Q2, 2022-H1 or 2022")],
    standing: Annotated[bool, typer.Option("--standing", help="the standing of that period")] = False,
    pool: Annotated[
        int | None, typer.Option(metavar="FEN", min=0, help="money that each group shares")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="data instead of text")] = False,
    lang: Lang = Language.ZH,
) -> None:
    """Says why a subject has its number in a period, down to every fact, price and limit."""
    from jizhi.engine import explain as explaining
    from jizhi.engine import explain_words, files

    versions = load_versions(scheme, lang)
    try:
        rows = files.read(subjects, facts)
        found = explaining.settled(
            versions, rows.subjects, rows.facts, subject, period, standing=standing, pool=pool
        )
    except files.UnreadableFile as error:
        fail(str(error), 2)
    except explaining.UnknownSubject:
        fail(f"--subject: {subject}", 2)
    except explaining.UnknownPeriod:
        fail(f"--period: {period}", 2)
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
    from jizhi.engine import files, filework, simulation_files
    from jizhi.engine import simulate as simulating

    _in_order(first, last, lang)
    before, after = load_versions(old, lang), load_versions(new, lang)
    places = max(before.latest.unit.places, after.latest.unit.places)
    feed = simulating.from_files(subjects, facts)
    try:
        with simulating.ground(
            before, feed, first.date(), last.date(), pool=pool, memory=filework.MEMORY
        ) as ground:
            found = ground.compare(after)
            simulation_files.write(ground, found, out, places)
    except (files.UnreadableFile, OSError) as error:
        fail(str(error), 2)
    rejected = simulation_files.rejected(found)
    for line in simulation_files.summary(found, places):
        typer.echo("  ".join(line))
    raise typer.Exit(3 if rejected else 0)


def _in_order(first: dt.datetime, last: dt.datetime, lang: str) -> None:
    """Exit 2 when the span ends before it begins."""
    if first > last:
        fail("--from 晚于 --to" if lang == "zh" else "--from is after --to", 2)


def _suited(backend: Backend, evaluator: Evaluator, master: str, lang: str) -> None:
    """Exit 2 when the options do not go together."""
    if backend == Backend.SPARK and evaluator != Evaluator.BATCH:
        fail("Spark 只跑 --evaluator batch" if lang == "zh" else "Spark runs --evaluator batch only", 2)
    if backend != Backend.SPARK and master:
        fail("--master 只用于 --backend spark" if lang == "zh" else "--master goes with --backend spark", 2)


def _on_spark(master: str, *work: Any, **how: Any) -> Any:
    """The batch evaluator on a Spark master, from files to files."""
    from jizhi.engine.spark import session, settling

    with session.opened(master) as spark:
        return settling.settle_files(spark, *work, **how)


def _row_by_row(name: Evaluator) -> Any:
    """The evaluators that look at one row after the other, from files to files."""
    from jizhi.engine import filework, reference, running

    evaluator = reference.settle if name == Evaluator.REFERENCE else running.settle
    return partial(filework.settle_row_by_row, evaluator)
