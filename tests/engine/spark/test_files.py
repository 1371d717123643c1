"""The file interface on the cluster: the embedded backend's CSV to the byte, its rows in Parquet by group."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from jizhi.engine import filework
from jizhi.engine.loader import Versions
from jizhi.engine.spark import settling
from tests.engine.spark.test_cluster import SPAN, amended, township

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SLIPS = {
    "subjects": [
        " 00003 ,村1,A,2,,",  # blanks around; the key is used twice then
        "00099,村1,A,2.0,,",  # a spreadsheet's whole number
        '00100,"a,""b""",A,x,,',
        ",g,,,,",
        "00101,,A,3,2022-05-05,2022-03-03",
    ],
    "facts": [
        "99999.0,00099,hours,2022-05-03,2,,,,",
        " 99998,00099,hours,2022-05-03,1e3,,,,",
        " 99997,00099, hours ,2022-05-04,+3,,,,f",
        "99996,00099,hours,2022-5-4,3,,,,f",
        "99995,00099,hours,2022-05-04,99999999999,,,,vielleicht",
        "99994,00099,hours,2022-05-04,3,,,,f,x",
        "99993,nobody,hours,2022-05-04,3,,,,f",
    ],
}
TABLES = ("awards", "totals", "outcomes", "shares")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """subjects and facts of a village as CSV, with slips of the pen, and as Parquet in two files."""
    place = tmp_path_factory.mktemp("files")
    subjects, facts = township(5, 40, 500)
    _write(
        place / "subjects.csv",
        "subject,group,class,size,from_date,to_date",
        [(one.subject, one.group, one.klass, one.size, one.from_date, one.to_date) for one in subjects],
        SLIPS["subjects"],
    )
    _write(
        place / "facts.csv",
        "fact,subject,item,date,quantity,grade,given,act,reversed",
        [
            (
                f.fact,
                f.subject,
                f.item,
                f.date,
                f.quantity,
                f.grade,
                f.given,
                f.act,
                "是" if f.reversed else "",
            )
            for f in facts
        ],
        SLIPS["facts"],
    )
    (place / "facts").mkdir()
    reading = f"read_csv('{place}/facts.csv', all_varchar=true, null_padding=true, strict_mode=false)"
    typed = (
        "TRY_CAST(fact AS BIGINT) AS fact, subject, item, TRY_CAST(date AS DATE) AS date, grade, act, "
        "TRY_CAST(quantity AS DECIMAL(18, 6)) AS quantity, TRY_CAST(given AS DOUBLE) AS given, "
        "reversed = '是' AS reversed"
    )
    with duckdb.connect() as database:
        database.execute(f"CREATE TABLE f AS SELECT *, ROW_NUMBER() OVER () AS row FROM {reading}")
        for name, part in (("0", "row <= 200"), ("1", "row > 200")):
            database.execute(f"COPY (SELECT {typed} FROM f WHERE {part}) TO '{place}/facts/{name}.parquet'")
        database.execute(f"COPY (SELECT {typed} FROM f ORDER BY row) TO '{place}/facts.parquet'")
    return place


def _write(path: Path, header: str, rows: list[tuple[object, ...]], slips: list[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(header + "\n")
        csv.writer(file, lineterminator="\n").writerows(rows)
        file.writelines(line + "\n" for line in slips)


@pytest.fixture(scope="module")
def versions() -> Versions:
    return amended()


def test_csv_to_csv_gives_the_same_bytes(spark: SparkSession, versions: Versions, folder: Path) -> None:
    given = versions, folder / "subjects.csv", folder / "facts.csv", *SPAN
    expected = filework.settle(*given, folder / "embedded", pool=100_001)
    found = settling.settle_files(spark, *given, folder / "spark", pool=100_001)
    assert found.counts == expected.counts
    assert len(found.rejected) > 10
    assert min(found.counts.values()) > 20
    names = [*(f"{table}.csv" for table in TABLES), "rejected.csv"]
    assert sorted(path.name for path in (folder / "spark").iterdir()) == sorted(names)
    for name in names:
        assert (folder / "spark" / name).read_bytes() == (folder / "embedded" / name).read_bytes(), name


def test_a_folder_of_parquet_gives_parquet_by_group(
    spark: SparkSession, versions: Versions, folder: Path
) -> None:
    subjects = folder / "subjects.csv"
    expected = filework.settle(
        versions, subjects, folder / "facts.parquet", *SPAN, folder / "one", form="parquet"
    )
    found = settling.settle_files(
        spark, versions, subjects, folder / "facts", *SPAN, folder / "many", form="parquet"
    )
    assert found.counts == expected.counts
    assert list(found.rejected) == list(expected.rejected)
    for table in TABLES:
        one = f"SELECT * FROM '{folder}/one/{table}.parquet'"
        with duckdb.connect() as database:
            columns = ", ".join(f'"{column[0]}"' for column in database.execute(one).description or [])
            many = (
                f"SELECT {columns} FROM read_parquet('{folder}/many/{table}.parquet/**/*.parquet', "
                "hive_partitioning = true, hive_types = {'group': 'VARCHAR'})"
                if table in settling.GROUPED
                else f"SELECT {columns} FROM '{folder}/many/{table}.parquet/*.parquet'"
            )
            assert _rows(database, many) == _rows(database, one), table
    assert {path.name for path in (folder / "many" / "awards.parquet").glob("group=*")} == {
        f"group=村{number}" for number in range(6)
    }


def _rows(database: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return database.execute(f"SELECT q.* FROM ({query}) q ORDER BY ALL").fetchall()
