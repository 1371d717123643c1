"""The language's examples on the cluster, compared with the slow, obvious reference.

Awards, totals, outcomes, shares and refused rows; the examples' own tests hold the reference to what they expect. Cases
are settled a dozen at once, see `together.py`; that this changes nothing is shown on the embedded backend, where both
ways are quick. A short run takes every eighth example; `JIZHI_SPARK=all` takes all, as `.ci/run` does.
"""

from __future__ import annotations

import os
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from jizhi.engine import backends, batch, reference
from jizhi.engine.spark.database import Spark
from jizhi.engine.tables import Result
from tests.engine.spark import together
from tests.engine.spark.cases import spec_cases
from tests.engine.spark.together import Case

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(scope="module")
def runs() -> list[list[Case]]:
    """All cases, those with the same decimal places together."""
    found: dict[int, list[Case]] = defaultdict(list)
    for case in spec_cases():
        found[case.versions.latest.unit.places].append(case)
    return [
        cases[first : first + together.MOST]
        for cases in found.values()
        for first in range(0, len(cases), together.MOST)
    ]


def test_cases_settled_together_are_those_settled_alone(runs: list[list[Case]]) -> None:
    for cases in (run[::3] for run in runs):
        with backends.Embedded() as database:
            found = together.settle(database, cases)
        for case, result in zip(cases, found, strict=True):
            span = case.start, case.end
            alone = batch.settle(case.versions, case.subjects, case.facts, *span, pool=case.pool)
            assert result == alone, case.name


def test_examples_come_out_the_same(spark: SparkSession, runs: list[list[Case]]) -> None:
    assert sum(len(cases) for cases in runs) > 120
    every = 1 if os.environ.get("JIZHI_SPARK") == "all" else 8
    chosen = [case for cases in runs for case in cases][::every]
    for first in range(0, len(chosen), together.MOST):
        cases = chosen[first : first + together.MOST]
        for places in {case.versions.latest.unit.places for case in cases}:
            alike = [case for case in cases if case.versions.latest.unit.places == places]
            with Spark(spark) as database:
                found = together.settle(database, alike)
            for case, result in zip(alike, found, strict=True):
                assert _comparable(result) == _comparable(_by_reference(case)), case.name


def _by_reference(case: Case) -> Result:
    return reference.settle(case.versions, case.subjects, case.facts, case.start, case.end, pool=case.pool)


def _comparable(result: Result) -> tuple[object, ...]:
    refused = [(row.table, row.line) for row in result.rejected]
    return result.awards, result.totals, result.outcomes, result.shares, refused
