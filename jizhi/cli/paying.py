"""Commands that rate and pay from files, without Django or a server: stars, pay.

Exit status: 0 all well; 1 a document is wrong; 2 a file cannot be read; 3 some rows were refused.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from jizhi.cli.assessing import complain
from jizhi.cli.console import UNUSABLE, fail
from jizhi.cli.documents import Lang, Language, kind_of, say_counts

Year = typer.Option(metavar="YEAR", help="年度，如 2023 · a year such as 2023")


def rate(
    document: Annotated[Path, typer.Argument(metavar="DOC", help="星级办法 · a stars document or a folder")],
    subjects: Annotated[Path, typer.Option(help="人员 · subjects, .csv or .parquet")],
    facts: Annotated[Path, typer.Option(help="事实 · facts, .csv or .parquet")],
    out: Annotated[Path, typer.Option(help="结果目录 · folder for the results")],
    year: Annotated[int | None, Year] = None,
    on: Annotated[
        dt.datetime | None,
        typer.Option(metavar="DATE", formats=["%Y-%m-%d"], help="某一天 · a day instead of a year's end"),
    ] = None,
    lang: Lang = Language.ZH,
) -> None:
    """评定星级 · Rates persons on a day or at a year's end: stars, lines, and persons for `jizhi pay`."""
    from jizhi.engine import star_files

    if (year is None) == (on is None):
        zh, en = "--year 和 --on 写一个，也只写一个", "give either --year or --on"
        fail(zh if lang == "zh" else en, UNUSABLE)
    kind_of(document, ("stars",), lang)
    status = star_files.run(
        document,
        subjects,
        facts,
        out,
        year=year,
        on=on.date() if on else None,
        language=lang,
        echo=complain,
        done=lambda counts: say_counts(counts, out),
    )
    raise typer.Exit(status)


def pay(
    document: Annotated[
        Path, typer.Argument(metavar="DOC", help="星级办法或薪酬表 · a stars document or a pay table")
    ],
    persons: Annotated[Path, typer.Option(help="人员 · persons, .csv or .parquet")],
    year: Annotated[int, Year],
    out: Annotated[Path, typer.Option(help="结果目录 · folder for the results")],
    lang: Lang = Language.ZH,
) -> None:
    """算报酬 · Pays a year: a sheet for each person, each line with the formula it was made by."""
    from jizhi.engine import pay_files

    kind_of(document, ("stars", "pay"), lang)
    status = pay_files.run(
        document,
        persons,
        year,
        out,
        language=lang,
        echo=complain,
        done=lambda counts: say_counts(counts, out),
    )
    raise typer.Exit(status)
