"""Settling one, ten and fifty million facts from Parquet to Parquet: time and peak memory beside other ways.

Beside a query written by hand for this one scheme on the same engine, and beside a plain Python loop (fewer facts).
Every run is a process of its own, so that its peak memory is its own; the results of the two queries are compared.
"""

from __future__ import annotations

import datetime as dt
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from bench import county
from bench.timing import heading, row

SIZES = tuple(
    int(size) for size in os.environ.get("JIZHI_BENCH_FACTS", "1000000,10000000,50000000").split(",")
)
LOOP = 1_000_000
MEMORY = "5GB"
TABLES = {
    "awards": 'fact, subject, item, date, price, awarded, held_back, "limit", note',
    "totals": 'subject, "group", period_kind, period, base, awarded, total, rank, level, vetoed',
    "outcomes": "subject, period, outcome",
}


def run() -> None:
    """The measurements, as rows of a table."""
    heading("Settling a county (month and year limits, repeats, vetoes, ranks in villages, levels, streaks)")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            county.make(folder, size)
            _compare(folder, size)


def _compare(folder: Path, size: int) -> None:
    ours = _measured("jizhi", folder)
    hand = _measured("hand", folder)
    same = all(_same(folder, table) for table in TABLES)
    row(f"{size:,} facts, `jizhi settle`", _say(ours, size))
    row(f"{size:,} facts, query written by hand", _say(hand, size))
    row(
        f"{size:,} facts, ratio",
        f"**{ours[0] / hand[0]:.2f}** in time, {ours[1] / hand[1]:.2f} in processor time, "
        f"results {'equal' if same else 'NOT EQUAL'}",
    )
    if size <= LOOP:
        row(f"{size:,} facts, plain Python loop", _say(_measured("loop", folder), size))


def _same(folder: Path, table: str) -> bool:
    """Whether both wrote the same rows."""
    one, other = (
        f"SELECT {TABLES[table]} FROM '{folder / way / table}.parquet'" for way in ("jizhi", "hand")
    )
    with duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(folder / "spill")}) as database:
        database.execute("SET enable_progress_bar = false")
        counts = [database.execute(f"SELECT COUNT(*) FROM ({query})").fetchone() for query in (one, other)]
        rest = database.execute(f"SELECT COUNT(*) FROM ({one} EXCEPT {other})").fetchone()
    return counts[0] == counts[1] and rest == (0,)


def _measured(way: str, folder: Path) -> tuple[float, float, int]:
    """Seconds, seconds of the processor and peak memory in MiB of one way in a process of its own."""
    command = [sys.executable, "-m", "bench.settle", way, str(folder)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(said[0]), float(said[1]), int(said[2])


def _say(measured: tuple[float, float, int], size: int) -> str:
    seconds, processor, memory = measured
    return (
        f"{seconds:.1f} s ({processor:.0f} s of the processor, {size / seconds:,.0f} facts/s), {memory:,} MiB"
    )


def one(way: str, folder: Path) -> None:
    """One way, in this process; prints what it took."""
    begun = time.perf_counter()
    if way == "jizhi":
        from jizhi.engine import filework, loader

        versions = loader.load_versions(county.SCHEME)
        span = dt.date(2025, 1, 1), dt.date(2025, 12, 31)
        tables = folder / "subjects.parquet", folder / "facts.parquet"
        filework.settle(versions, *tables, *span, folder / way, form="parquet", memory=MEMORY)
    elif way == "hand":
        from bench.county import by_hand

        by_hand.settle(folder, folder / way, MEMORY)
    else:
        from bench.county import by_loop

        by_loop.settle(folder)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)


if __name__ == "__main__":
    one(sys.argv[1], Path(sys.argv[2]))
