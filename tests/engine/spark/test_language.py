"""Every example of the language and every case of the packs on the cluster, compared with the slow, obvious reference.

Awards, totals, outcomes, shares and refused rows of all of them; the examples' own tests hold the reference to what
they expect. Cases are settled many at once, see `together.py`; that this changes nothing is shown on the embedded
backend, where both ways are quick.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from jizhi.engine import backends, batch, reference
from jizhi.engine.spark.database import Spark
from jizhi.engine.tables import Result
from tests.engine.spark import together
from tests.engine.spark.cases import pack_cases, spec_cases
from tests.engine.spark.together import Case

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(scope="module")
def runs() -> list[list[Case]]:
    """All cases, those with the same decimal places together."""
    found: dict[int, list[Case]] = defaultdict(list)
    for case in (*spec_cases(), *pack_cases()):
        found[case.versions.latest.unit.places].append(case)
    return [
        cases[first : first + together.MOST]
        for cases in found.values()
        for first in range(0, len(cases), together.MOST)
    ]


def test_cases_settled_together_are_those_settled_alone(runs: list[list[Case]]) -> None:
    some = [case for cases in runs for case in cases[::3]]
    for places in {case.versions.latest.unit.places for case in some}:
        cases = [case for case in some if case.versions.latest.unit.places == places]
        with backends.Embedded() as database:
            found = together.settle(database, cases)
        for case, result in zip(cases, found, strict=True):
            span = case.start, case.end
            assert result == batch.settle(case.versions, case.subjects, case.facts, *span, pool=case.pool), (
                case.name
            )


def test_every_example_and_every_case_comes_out_the_same(spark: SparkSession, runs: list[list[Case]]) -> None:
    assert sum(len(cases) for cases in runs) > 150
    for cases in runs:
        with Spark(spark) as database:
            found = together.settle(database, cases)
        for case, result in zip(cases, found, strict=True):
            assert _comparable(result) == _comparable(_by_reference(case)), case.name


def _by_reference(case: Case) -> Result:
    return reference.settle(case.versions, case.subjects, case.facts, case.start, case.end, pool=case.pool)


def _comparable(result: Result) -> tuple[object, ...]:
    refused = [(row.table, row.line) for row in result.rejected]
    return result.awards, result.totals, result.outcomes, result.shares, refused
