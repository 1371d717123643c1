"""A province-like data set settled on Spark with two workers, each one core and 1 GiB, beside the embedded backend.

The facts lie in Parquet by county and month, as a province would keep them; the results of both are compared. Run it by
`python -m bench.spark`: it needs Java, and is no part of `make bench`.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from pathlib import Path

import duckdb
import psutil
import pyspark

from bench import county
from bench.settle import TABLES
from bench.timing import heading, row, timed
from jizhi.engine import filework, loader
from jizhi.engine.spark import session, settling

SIZE = int(os.environ.get("JIZHI_BENCH_FACTS", "5000000"))
MASTER = os.environ.get("JIZHI_BENCH_MASTER", "local-cluster[2,1,1024]")
SPAN = dt.date(2025, 1, 1), dt.date(2025, 12, 31)
LAID_OUT = """
COPY (
    SELECT f.*, 'c' || lpad(CAST(CAST(substr(f.subject, 2) AS INTEGER) // {per_county} AS VARCHAR), 3, '0') AS county,
           strftime(f.date, '%Y-%m') AS month
    FROM '{folder}/facts.parquet' f
) TO '{folder}/facts' (FORMAT parquet, PARTITION_BY (county, month))"""
SETTINGS = {
    "spark.driver.host": session.LOOPBACK,
    "spark.driver.bindAddress": session.LOOPBACK,
    "spark.driver.memory": "1g",
    "spark.executor.memory": "1g",
    "spark.ui.enabled": "false",
}


def run() -> None:
    os.environ.setdefault("SPARK_HOME", str(Path(pyspark.__file__).parent))
    os.environ.setdefault("SPARK_LOCAL_IP", session.LOOPBACK)
    heading(f"Spark {pyspark.__version__}, {MASTER}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, SIZE)
        versions = loader.load_versions(county.SCHEME)
        subjects, facts = folder / "subjects.parquet", folder / "facts"
        taken, _ = timed(
            lambda: filework.settle(
                versions, subjects, folder / "facts.parquet", *SPAN, folder / "embedded", form="parquet"
            )
        )
        row(f"{SIZE:,} facts, embedded", f"{taken:.0f} s")
        with session.opened(MASTER, **SETTINGS) as spark:
            started, _ = timed(lambda: spark.sql("SELECT 1").collect())
            row("the first query of a session", f"{started:.0f} s")
            before = _processor_seconds()
            taken, report = timed(
                lambda: settling.settle_files(
                    spark, versions, subjects, facts, *SPAN, folder / "spark", form="parquet"
                )
            )
            used = _processor_seconds() - before
        same = all(_same(folder, table) for table in TABLES)
        row(
            f"{SIZE:,} facts in county and month partitions",
            f"{taken:.0f} s, {used:.0f} s of processor time, {report.counts['awards']:,} awards, "
            f"results {'equal' if same else 'NOT EQUAL'}",
        )


def _processor_seconds() -> float:
    """What this process and all it started have used: the driver and both workers."""
    found = [psutil.Process(), *psutil.Process().children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in found)


def make(folder: Path, facts: int) -> None:
    """`subjects.parquet`, `facts.parquet`, and the same facts in `facts/county=…/month=…/`, ten counties of them."""
    county.make(folder, facts)
    per_county = max(1, facts // county.FACTS_EACH // 10)
    with duckdb.connect(config={"memory_limit": "2GB", "temp_directory": str(folder / "spill")}) as database:
        database.execute(LAID_OUT.format(folder=folder, per_county=per_county))


def _same(folder: Path, table: str) -> bool:
    """Whether both backends wrote the same rows."""
    embedded = f"SELECT {TABLES[table]} FROM '{folder}/embedded/{table}.parquet'"
    parts = f"'{folder}/spark/{table}.parquet/**/*.parquet'"
    spark = f"SELECT {TABLES[table]} FROM read_parquet({parts}, hive_partitioning = true)"
    with duckdb.connect(config={"memory_limit": "2GB", "temp_directory": str(folder / "spill")}) as database:
        counts = [
            database.execute(f"SELECT COUNT(*) FROM ({query})").fetchone() for query in (embedded, spark)
        ]
        rest = database.execute(f"SELECT COUNT(*) FROM ({embedded} EXCEPT {spark})").fetchone()
    return counts[0] == counts[1] and rest == (0,)


if __name__ == "__main__":
    run()
