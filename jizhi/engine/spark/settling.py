"""A settlement on Spark: from rows in memory to rows, and from files to files.

The statements are the batch's own, see `engine/batch.py`; here they are only given a Spark session to run in and places
to read from and write to.
"""
# ruff: noqa: S608 - SQL is put together from names of our own tables and columns

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from jizhi.engine import batch, files, filework, intake, outputs
from jizhi.engine.loader import Versions
from jizhi.engine.plan import Plan
from jizhi.engine.spark.database import Spark
from jizhi.engine.spark.intake import Reading
from jizhi.engine.tables import Fact, Result, Subject

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

GROUPED = ("awards", "totals")  # written by group: the large ones
CSV: dict[str, bool | str] = {
    "header": True,
    "emptyValue": "",
    "nullValue": "",
    "escape": '"',
    "ignoreLeadingWhiteSpace": False,
}
CSV |= {"ignoreTrailingWhiteSpace": False}


def settle(
    session: SparkSession,
    versions: Versions,
    subjects: Iterable[Subject],
    facts: Iterable[Fact],
    start: dt.date,
    end: dt.date,
    *,
    pool: int | None = None,
) -> Result:
    """As `batch.settle`, in a Spark session."""
    rows = intake.sift(versions, subjects, facts)
    with Spark(session) as database:
        return batch.settle_rows(database, Plan(versions, start, end), rows, pool)


def settle_files(
    session: SparkSession,
    versions: Versions,
    subjects: Path,
    facts: Path,
    start: dt.date,
    end: dt.date,
    out: Path,
    *,
    pool: int | None = None,
    form: str = "csv",
) -> filework.Report:
    """As `filework.settle`; inputs may be folders of Parquet, and Parquet results are folders, the large ones by group.

    Every worker must see the inputs and `out` under the same path.
    """
    plan, places, counts = Plan(versions, start, end), versions.latest.unit.places, {}
    scratch = out / ".reading"
    out.mkdir(parents=True, exist_ok=True)
    try:
        with Spark(session) as database:
            rejected = Reading(database, versions, plan.names, scratch).read(subjects, facts)
            batch.run(database, plan)
            awards = outputs.Output("awards", _awards(database, plan), "fact")
            for one in (awards, *outputs.consequences(plan, pool)):
                counts[one.name] = _write(database, one, out, places, form)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    files.write_rejected(rejected, out)
    return filework.Report(counts, rejected)


def _awards(database: Spark, plan: Plan) -> str:
    """The awards in words, with the group of their subject."""
    return f"""
SELECT a.fact, s.key AS subject, i.name AS item, d.date, a.price, a.awarded, a.held_back, c.label AS "limit",
       n.word AS note, s.grp AS "group"
FROM ({outputs.numbered_awards(database, plan)}) a
JOIN subjects s ON s.subject = a.subject
JOIN item_names i ON i.item = a.item
JOIN days d ON d.day = a.day
JOIN notes n ON n.note = a.note
JOIN cut_names c ON c.cut = a.cut"""


def _write(database: Spark, one: outputs.Output, out: Path, places: int, form: str) -> int:
    """One result table to its place; how many rows it has."""
    if form == "csv":
        frame = database.frame(filework.cells(one.name, one.query, places, form))
        return _single(frame, one.key, out / f"{one.name}.csv")
    query = filework.cells(one.name, one.query, places, form)
    if one.name == "awards":
        query = query.replace(" FROM (", ', q."group" FROM (', 1)
    frame, target = database.frame(query), out / f"{one.name}.parquet"
    keys = [key.strip() for key in one.key.split(",")]
    if target.is_file():
        target.unlink()
    if one.name in GROUPED:
        spread = frame.repartition("group").sortWithinPartitions("group", *keys)
        spread.write.partitionBy("group").parquet(str(target.absolute()), mode="overwrite")
    else:
        frame.repartition(1).sortWithinPartitions(*keys).write.parquet(
            str(target.absolute()), mode="overwrite"
        )
    return database.session.read.schema(frame.schema).parquet(str(target.absolute())).count()


def _single(frame: DataFrame, key: str, target: Path) -> int:
    """All rows in order as one CSV file with header."""
    folder = target.with_suffix(".parts")
    sorted_rows = frame.repartition(1).sortWithinPartitions(*(one.strip() for one in key.split(",")))
    sorted_rows.write.options(**CSV).csv(str(folder.absolute()), mode="overwrite")
    (part,) = folder.glob("part-*.csv")
    part.replace(target)
    shutil.rmtree(folder)
    return frame.sparkSession.read.schema(frame.schema).options(**CSV).csv(str(target.absolute())).count()
