"""What `jizhi settle` and `jizhi explain` do when the document is an assessment: ratings instead of facts.

Also which options go with a scheme and which with an assessment. The scoring is in `jizhi/engine/assessment`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import typer

from jizhi.cli.console import UNUSABLE, fail
from jizhi.cli.documents import KINDS, say_counts


def settle(
    document: Path,
    subjects: Path,
    ratings: Path | None,
    period: str,
    days: tuple[dt.datetime | None, dt.datetime | None],
    out: Path,
    form: str,
    lang: str,
) -> NoReturn:
    """Settles the round or year of a label, or that in which two days lie."""
    from jizhi.engine import assessments_files

    first, last = days
    if ratings is None:
        lacks("assessment", ["--ratings"], lang)
    if period and (first or last):
        zh, en = "--period 与 --from、--to 只能写一种", "give --period, or --from and --to, not both"
        fail(zh if lang == "zh" else en, UNUSABLE)
    if not period and (first is None or last is None):
        zh, en = "考核要写 --period，或 --from 与 --to", "an assessment needs --period, or --from and --to"
        fail(zh if lang == "zh" else en, UNUSABLE)
    when = period if first is None or last is None else (first.date(), last.date())
    status = assessments_files.settle_files(
        document,
        subjects,
        ratings,
        when,
        out,
        form,
        language=lang,
        echo=complain,
        done=lambda counts: say_counts(counts, out),
    )
    raise typer.Exit(status)


def explain(
    document: Path,
    subjects: Path,
    ratings: Path | None,
    period: str,
    subject: str,
    *,
    as_json: bool,
    lang: str,
) -> NoReturn:
    """Says how a subject came to its points in a round or year, as text or data."""
    from jizhi.engine import assessments_files

    if ratings is None:
        lacks("assessment", ["--ratings"], lang)
    status, text = assessments_files.explain_files(
        document, subjects, ratings, period, subject, as_json=as_json, language=lang, echo=complain
    )
    if status == 0:
        typer.echo(text)
    raise typer.Exit(status)


def lacks(kind: str, names: list[str], lang: str) -> NoReturn:
    """Exit 2: a document of that kind cannot do without these options."""
    who = KINDS[kind][lang]
    fail(f"{who}要写 {'、'.join(names)}" if lang == "zh" else f"{who} needs {', '.join(names)}", UNUSABLE)


def check_suited(kind: str, foreign: Mapping[str, object], lang: str) -> None:
    """Exit 2 when an option was given that a document of that kind has no use for."""
    names = [name for name, given in foreign.items() if given]
    if names:
        who = KINDS[kind][lang]
        zh, en = f"{who}用不上 {'、'.join(names)}", f"{', '.join(names)}: not used for {who}"
        fail(zh if lang == "zh" else en, UNUSABLE)


def complain(message: str) -> None:
    """A line of stderr."""
    typer.echo(message, err=True)
