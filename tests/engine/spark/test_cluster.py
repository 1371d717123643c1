"""A township's year on the cluster: every award, total, outcome, share and refused row as on the embedded backend."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import TYPE_CHECKING

from jizhi.engine import batch, loader
from jizhi.engine.loader import Versions
from jizhi.engine.spark import settling
from jizhi.engine.tables import Fact, Subject

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

OLD = """scheme: household
unit: {places: 1}
periods: {publish: month, summarise: quarter, appraise: year}
base: 100
classes: {A: 甲, B: 乙, C: 丙}
range: {min: 0, max: 400}
sections: [{id: order, title: 秩序, limits: [{points: 30, per: month}]}]
items:
  - {id: hours, section: order, kind: merit, points: {each: 1.25, per: hour},
     limits: [{points: 10, per: month}, {points: 40, per: year}], reference: 一}
  - {id: members, section: order, kind: merit, points: {each: 0.5, per: member},
     limits: [{points: 2, per: quarter, per_member: true}], reference: 二}
  - {id: found, kind: merit, best_of: act, valid: 2 years, points: {bands: [{to: 100, each: 0.05}, {each: 0.01}]},
     reference: 三}
  - {id: helped, kind: merit, best_of: act, points: {grades: {big: 6, small: 2.5}}, classes: [A, B], reference: 四}
  - {id: litter, kind: fault, points: {ladder: [1, 2, 4]}, repeat: {factor: 1.5, within: 3 months},
     limits: [{times: 3, per: month}], reference: 五}
  - {id: panel, kind: merit, points: {between: [1, 10]}, reference: 六}
  - {id: forged, kind: veto, effect: {zero: quarter}, reference: 七}
  - {id: named, kind: ruling, effect: {level: 五星, for: 6 months}, reference: 八}
limits: [{points: 120, per: year}, {points: 20, per: quarter, kind: fault}]
rank: {within: [group, class], tie_break: [awarded, size]}
levels:
  period: year
  steps: [{level: 五星, over: 180}, {level: 四星, top: 20%}, {level: 三星, from: 100}, {level: 无星}]
outcomes:
  - {id: excellent, title: 优秀, when: {period: quarter, rank: {top: 10%}}, then: honour}
  - {id: steady, title: 稳定, when: {period: month, total: {from: 0}, running: 3, vetoed: false}, then: honour}
  - {id: last, title: 末位, when: {period: year, rank: {bottom: 2}, level: [无星, 三星]}, then: talk}
share: {period: year, within: group, from: 100}
"""
SPAN = dt.date(2022, 1, 1), dt.date(2022, 12, 31)


def amended() -> Versions:
    """Amended in mid-year: other caps, another price, one item gone."""
    new = OLD.replace("points: 10, per: month", "points: 8, per: month").replace("each: 1.25", "each: 1.5")
    new = "\n".join(line for line in new.splitlines() if "id: panel" not in line)
    return Versions.of((None, loader.load_scheme(OLD)), (dt.date(2022, 7, 11), loader.load_scheme(new)))


def township(seed: int, households: int, acts: int) -> tuple[list[Subject], list[Fact]]:
    """Households of six villages, some moving in or away; acts of two years with repeats, reversals and slips."""
    draw = random.Random(seed)
    subjects = [
        Subject(
            f"{number:05d}",
            f"村{number % 6}",
            draw.choice(["A", "B", "C", ""]),
            draw.choice([None, 1, 2, 3, 4, 5]),
            draw.choice([None, None, None, dt.date(2022, 3, 15)]),
            draw.choice([None, None, None, dt.date(2022, 9, 30)]),
        )
        for number in range(households)
    ]
    items = ["hours"] * 8 + [
        "members",
        "found",
        "helped",
        "helped",
        "litter",
        "litter",
        "panel",
        "named",
        "nothing",
    ]
    facts = []
    for number in draw.sample(range(1, acts * 3), acts):
        item = "forged" if draw.random() < 0.003 else draw.choice(items)
        facts.append(
            Fact(
                number,
                f"{draw.randrange(households + 2):05d}",
                item,
                dt.date(2021, 7, 1) + dt.timedelta(draw.randrange(600)),
                Decimal(draw.randrange(1, 4000)) / draw.choice([1, 10, 1000]),
                draw.choice(["big", "small", "1", "2", "3"]),
                Decimal(draw.randrange(0, 120)) / 10,
                draw.choice(["", "", f"act-{draw.randrange(4)}"]),
                draw.random() < 0.05,
            )
        )
    return subjects, [*facts, *facts[:5]]


def test_a_township_is_settled_as_on_the_embedded_backend(spark: SparkSession) -> None:
    versions = amended()
    subjects, facts = township(20220711, 240, 4000)
    expected = batch.settle(versions, subjects, facts, *SPAN, pool=1_000_001)
    found = settling.settle(spark, versions, subjects, facts, *SPAN, pool=1_000_001)
    notes = {award.note for award in expected.awards}
    assert notes >= {"", "repeat", "best_of", "reversed", "unmatched", "veto"}
    assert any(award.limit for award in expected.awards)
    assert (
        min(len(expected.totals), len(expected.outcomes), len(expected.shares), len(expected.rejected)) > 20
    )
    assert found == expected
