"""Every case of the packs on the cluster gives what the clerk wrote down.

Cases of one scheme are settled in one run: each has subjects and groups of its own, so none touches another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from jizhi import packs
from jizhi.engine import batch, cases, loader
from jizhi.engine.cases import Case, Failure
from jizhi.engine.spark import settling
from jizhi.engine.tables import Result

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Settle = Callable[..., Result]


def of_one_scheme() -> list[list[Case]]:
    """The cases of every scheme of every pack, those that share a pool together."""
    found: dict[tuple[str, str, int | None], list[Case]] = defaultdict(list)
    for place in sorted(Path(next(iter(packs.__path__))).iterdir()):
        if (place / "pack.yaml").exists():
            for case in cases.of_pack(loader.load_pack(place)):
                found[place.name, case.versions.id, case.pool].append(case)
    return list(found.values())


def settled_at_once(settle: Settle, together: list[Case]) -> Iterator[Failure]:
    """What comes out otherwise than the cases expect."""
    subjects, facts, first = [], [], [0]
    for n, case in enumerate(together):
        subjects += [
            replace(one, subject=f"{n}/{one.subject}", group=f"{n}/{one.group}") for one in case.subjects
        ]
        moved = {
            fact.fact: first[-1] + place for place, fact in enumerate(sorted(case.facts, key=_number), 1)
        }
        facts += [replace(one, fact=moved[one.fact], subject=f"{n}/{one.subject}") for one in case.facts]
        first.append(first[-1] + len(case.facts))
    start, end = min(case.start for case in together), max(case.end for case in together)
    merged = settle(together[0].versions, subjects, facts, start, end, pool=together[0].pool)
    for n, case in enumerate(together):
        yield from cases.failures(case, _of_case(merged, f"{n}/", first[n], first[n + 1]), "spark")


def _number(fact: object) -> int:
    return int(getattr(fact, "fact", 0))


def _of_case(merged: Result, head: str, after: int, last: int) -> Result:
    """The rows of one case under the names that it gave."""

    def own(found: list[object]) -> list[object]:
        mine = (one for one in found if str(getattr(one, "subject", "")).startswith(head))
        return [replace(one, subject=one.subject.removeprefix(head)) for one in mine]  # type: ignore[type-var, attr-defined]

    refused = [replace(row, line=row.line - after) for row in merged.rejected if after < row.line <= last]
    return Result(own(merged.awards), own(merged.totals), own(merged.outcomes), own(merged.shares), refused)  # type: ignore[arg-type]


def test_every_case_of_every_pack(spark: SparkSession) -> None:
    schemes = of_one_scheme()
    assert sum(len(together) for together in schemes) > 50
    for together in schemes:
        assert list(settled_at_once(batch.settle, together)) == []

        def on_the_cluster(*given: object, pool: int | None) -> Result:
            return settling.settle(spark, *given, pool=pool)  # type: ignore[arg-type]

        assert list(settled_at_once(on_the_cluster, together)) == []
