"""Commands that settle files alone, without Django or a server: settle, explain, simulate.

Settle and explain look at what the document is: an assessment goes to `assessing.py`.

Exit status: 0 all well; 1 a document is wrong; 2 a file cannot be read; 3 some rows were refused.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from jizhi.cli import assessing
from jizhi.cli.console import fail
from jizhi.cli.documents import Lang, Language, kind_of, load_versions, say_counts

if TYPE_CHECKING:
    from jizhi.engine.tables import Rejected

SHOWN = 20
DOCUMENT_HELP = "细则或考核办法 · a version file or a folder of versions"
SUBJECTS_HELP = "主体 · subjects, .csv or .parquet"
Document = Annotated[Path, typer.Argument(metavar="SCHEME|ASSESSMENT", help=DOCUMENT_HELP)]
Subjects = Annotated[Path, typer.Option(help=SUBJECTS_HELP)]
Facts = Annotated[Path | None, typer.Option(help="事实，结算细则时要写 · a scheme's facts, .csv or .parquet")]
Ratings = Annotated[
    Path | None, typer.Option(help="评分，结算考核时要写 · an assessment's ratings, .csv or .parquet")
]
First = Annotated[dt.datetime | None, typer.Option("--from", metavar="DATE", formats=["%Y-%m-%d"])]
Last = Annotated[dt.datetime | None, typer.Option("--to", metavar="DATE", formats=["%Y-%m-%d"])]


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
    document: Document,
    subjects: Subjects,
    out: Annotated[Path, typer.Option(help="结果目录 · folder for the results")],
    facts: Facts = None,
    ratings: Ratings = None,
    first: First = None,
    last: Last = None,
    period: Annotated[str, typer.Option(metavar="P", help="考核周期 · an assessment's round or year")] = "",
    backend: Annotated[Backend, typer.Option()] = Backend.EMBEDDED,
    evaluator: Annotated[Evaluator, typer.Option()] = Evaluator.BATCH,
    form: Annotated[Form, typer.Option("--format")] = Form.CSV,
    master: Annotated[str, typer.Option(metavar="URL", help="Spark master, default local[*]")] = "",
    pool: Annotated[
        int | None, typer.Option(metavar="FEN", min=0, help="money that each group shares")
    ] = None,
    lang: Lang = Language.ZH,
) -> None:
    """结算 · Settles facts under a scheme, or ratings of an assessment, into tables in a folder."""
    if kind_of(document, _kinds(ratings), lang) == "assessment":
        foreign = {"--facts": facts, "--pool": pool is not None, "--master": master}
        foreign |= {"--backend": backend != Backend.EMBEDDED, "--evaluator": evaluator != Evaluator.BATCH}
        assessing.check_suited("assessment", foreign, lang)
        assessing.settle(document, subjects, ratings, period, (first, last), out, form, lang)
    assessing.check_suited("scheme", {"--ratings": ratings, "--period": period}, lang)
    if facts is None or first is None or last is None:
        wanted = {"--facts": facts, "--from": first, "--to": last}
        assessing.lacks("scheme", [name for name, given in wanted.items() if given is None], lang)
    _in_order(first, last, lang)
    _suited(backend, evaluator, master, lang)
    _settle_facts(
        document, (subjects, facts), (first, last), out, backend, evaluator, form, master, pool, lang
    )


def _settle_facts(
    document: Path,
    rows: tuple[Path, Path],
    days: tuple[dt.datetime, dt.datetime],
    out: Path,
    backend: Backend,
    evaluator: Evaluator,
    form: Form,
    master: str,
    pool: int | None,
    lang: Language,
) -> NoReturn:
    """Settles facts under a scheme: awards, totals, outcomes, shares and rejected rows as files."""
    from jizhi.engine import files, filework
    from jizhi.engine.spark import session as spark

    versions = load_versions(document, lang)
    work = filework.settle if evaluator == Evaluator.BATCH else _row_by_row(evaluator)
    if backend == Backend.SPARK:
        work = partial(_on_spark, master)
    try:
        first, last = (day.date() for day in days)
        report = work(versions, *rows, first, last, out, pool=pool, form=form)
    except spark.NoSpark as error:
        fail(error.text.zh if lang == "zh" else error.text.en, 2)
    except (files.UnreadableFile, OSError) as error:
        fail(str(error), 2)
    rejected = report.rejected
    _say_rejected(rejected, lang)
    say_counts({**report.counts, "rejected": len(rejected)}, out)
    raise typer.Exit(3 if rejected else 0)


def explain(
    document: Document,
    subjects: Subjects,
    subject: Annotated[str, typer.Option(metavar="ID", help="主体编号 · who is asked about")],
    period: Annotated[str, typer.Option(metavar="P", help="2022-05, 2022-Q2, 2022-H1, 2022")],
    facts: Facts = None,
    ratings: Ratings = None,
    standing: Annotated[bool, typer.Option("--standing", help="the standing of that period")] = False,
    pool: Annotated[
        int | None, typer.Option(metavar="FEN", min=0, help="money that each group shares")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="data instead of text")] = False,
    lang: Lang = Language.ZH,
) -> None:
    """说明得分由来 · Says why a subject has its number, down to every fact and limit, or every rating."""
    from jizhi.engine import explain as explaining
    from jizhi.engine import explain_words, files

    if kind_of(document, _kinds(ratings), lang) == "assessment":
        foreign = {"--facts": facts, "--standing": standing, "--pool": pool is not None}
        assessing.check_suited("assessment", foreign, lang)
        assessing.explain(document, subjects, ratings, period, subject, as_json=as_json, lang=lang)
    assessing.check_suited("scheme", {"--ratings": ratings}, lang)
    if facts is None:
        assessing.lacks("scheme", ["--facts"], lang)
    versions = load_versions(document, lang)
    try:
        rows = files.read(subjects, facts)
        found = explaining.settled(
            versions, rows.subjects, rows.facts, subject, period, standing=standing, pool=pool
        )
    except files.UnreadableFile as error:
        fail(str(error), 2)
    except explaining.UnknownSubject:
        fail(f"没有这个主体：{subject}" if lang == "zh" else f"no such subject: {subject}", 2)
    except explaining.UnknownPeriod:
        said = "看不懂这个期间" if lang == "zh" else "not a period"
        fail(f"{said}: {period} (2022-05, 2022-Q2, 2022-H1, 2022)", 2)
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
    """试算 · Replays the facts under a draft: changes.csv (who gains, who loses), summary.csv (what it costs)."""
    from jizhi.engine import files, filework, simulation_files, simulation_words
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
    _say_rejected(rejected, lang)
    for line in simulation_words.lines(found, places, lang):
        typer.echo(line)
    raise typer.Exit(3 if rejected else 0)


def _say_rejected(rejected: Sequence[Rejected], lang: str) -> None:
    """The first rows that could not be used, and how many there are."""
    from jizhi.engine import refusals

    for row in rejected[:SHOWN]:
        reason = refusals.in_chinese(row.reason) if lang == "zh" else row.reason
        typer.echo(f"{row.table}:{row.line}: {reason}", err=True)
    if len(rejected) > SHOWN:
        typer.echo(f"… {len(rejected)}", err=True)


def _kinds(ratings: Path | None) -> tuple[str, ...]:
    """What may be settled; ratings say what is meant when the document does not."""
    return ("assessment", "scheme") if ratings else ("scheme", "assessment")


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
