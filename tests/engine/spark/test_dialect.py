"""One question to both databases, the same answer: wherever the two dialects differ, or could be thought to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jizhi.engine import backends
from jizhi.engine.spark import dialect
from jizhi.engine.spark.database import Spark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

COLUMNS = {"n": "BIGINT", "word": "VARCHAR", "flag": "BOOLEAN", "day": "DATE"}
ROWS = [
    (7, "乙", True, "2022-05-03"),
    (-7, "甲", False, "1900-01-01"),
    (None, "a'b\\c", None, None),
    (0, "", True, "2199-12-31"),
    (7, "B", False, "2024-02-29"),
    (4_000_000_000_000_000_000, "b", True, "2022-05-03"),
]
QUESTIONS = {
    "division truncates": "SELECT n // 2 AS a, n // -3 AS b, (n + 1) // 2 // 3 AS c, n % 5 AS d FROM t",
    "large products": "SELECT CAST(n AS HUGEINT) * n // 1000003 AS a, CAST(n AS HUGEINT) * n % 1000003 AS b FROM t",
    "large sums": "SELECT SUM(CAST(n AS HUGEINT) * 1000000000) AS a, CAST(SUM(n) AS BIGINT) AS b FROM t",
    "least and greatest pass over nothing": "SELECT LEAST(n, 5) AS a, GREATEST(NULL, n, 0) AS b FROM t",
    "ranks": "SELECT word, RANK() OVER (ORDER BY n DESC) AS a, ROW_NUMBER() OVER (ORDER BY n, word) AS b FROM t",
    "a range of periods": """
SELECT word, SUM(1) OVER (PARTITION BY flag ORDER BY n RANGE BETWEEN 3 PRECEDING AND CURRENT ROW) AS a FROM t
WHERE n < 100""",
    "what went before": """
SELECT word, MAX(n) OVER (PARTITION BY flag ORDER BY word ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS a
FROM t""",
    "words": "SELECT word || '; ' || CAST(n AS VARCHAR) AS a, CAST(flag AS VARCHAR) AS b, LOWER(word) AS c FROM t",
    "order of words": "SELECT word, ROW_NUMBER() OVER (ORDER BY word) AS a, word < 'b' AS b FROM t",
    "days": "SELECT CAST(day - DATE '1970-01-01' AS INTEGER) + 719163 AS a, CAST(day AS VARCHAR) AS b FROM t",
    "whole match": r"""
SELECT word, regexp_full_match(word, '([^\s[:cntrl:]]([^[:cntrl:]]*[^\s[:cntrl:]])?)?') AS a FROM t""",
    "casts that may fail": "SELECT TRY_CAST(word AS BIGINT) AS a, TRY_CAST('2022-02-30' AS DATE) AS b FROM t",
    "none of them": "SELECT word FROM t WHERE NOT EXISTS (SELECT 1 FROM t AS u WHERE u.n = t.n AND u.word < t.word)",
    "a long recursion": """
WITH RECURSIVE walk AS (
    SELECT 1 AS step, CAST(0 AS BIGINT) AS used UNION ALL
    SELECT w.step + 1, CAST(GREATEST(w.used, LEAST(w.used + 7, 500)) AS BIGINT) FROM walk w WHERE w.step < 120
) SELECT MAX(step) AS a, MAX(used) AS b FROM walk""",
}


def answers(database: Spark | backends.Embedded, question: str) -> list[tuple[object, ...]]:
    return sorted(database.rows(question), key=repr)


def test_both_dialects_give_the_same_answers(spark: SparkSession) -> None:
    with Spark(spark) as there, backends.Embedded() as here:
        for database in (there, here):
            database.load("t", COLUMNS, ROWS)
        for name, question in QUESTIONS.items():
            assert answers(there, question) == answers(here, question), name


def test_an_overflow_is_an_error_never_nothing(spark: SparkSession) -> None:
    with Spark(spark) as database:
        database.load("t", COLUMNS, ROWS)
        for question in (
            "SELECT n * 3 AS a FROM t",
            "SELECT CAST(n AS HUGEINT) * n * n AS a FROM t",
            "SELECT CAST(CAST(n AS HUGEINT) * n // 3 AS BIGINT) AS a FROM t",
        ):
            with pytest.raises(Exception, match="OVERFLOW|OUT_OF_RANGE"):
                database.rows(question)


def test_a_query_names_every_table_it_reads() -> None:
    found = dialect.translated(
        "WITH x AS (SELECT a.n FROM t a JOIN t b ON a.n = b.n) SELECT * FROM x JOIN u ON TRUE"
    )
    assert sorted(found.reads) == ["t", "t", "u"]
    assert found.over({"t": "t_1", "u": "u_2"}).count("t_1 AS ") == 2
