"""What happens in a village in a month: who does what on which day, drawn from a seed. Nothing is written here."""

from __future__ import annotations

import calendar
import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from jizhi.engine.document.item import Item
from jizhi.engine.document.scheme import Scheme

if TYPE_CHECKING:
    from jizhi.people.models import Subject

# How often an item turns up, by id; an item not named here turns up now and then.
FREQUENT = {
    "volunteering": 14, "voluntary-labour": 8, "neighbour-help": 8, "village-meeting": 12,
    "public-cleaning": 14, "clean-courtyard": 9, "waste-sorting": 10, "planting": 5, "river-cleaning": 4,
    "mediation": 4, "patrol": 6, "hazard-report": 3, "culture": 6, "littering": 3, "piling": 3, "dogs": 1.5,
}  # fmt: skip
QUANTITIES = {
    "donation": (50, 100, 200, 500, 1400),
    "planting": (1, 2, 3, 5, 8),
    "volunteering": (1, 2, 2, 3, 4),
}
WORDS = {
    "volunteering": "参加村里组织的志愿服务", "public-cleaning": "清扫主街和公共厕所周边",
    "village-meeting": "参加村民代表会议", "waste-sorting": "坚持垃圾分类投放", "littering": "巡查发现垃圾未入桶",
    "piling": "门前堆放建筑材料", "planting": "在村口种树并养护",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """One act of one household on one day, as it will be claimed."""

    subject: Subject
    item: Item
    act_date: dt.date
    quantity: Decimal | None
    grade: str
    words: str
    by_self: bool


def acts_of_month(
    document: Scheme, subjects: Sequence[Subject], month: dt.date, share: float, rng: random.Random
) -> list[Act]:
    """The month's acts; `share` is acts per household. Sorted by day."""
    items = [item for item in document.items if item.kind in ("merit", "fault")]
    weights = [_weight(item) for item in items]
    last = calendar.monthrange(month.year, month.month)[1]
    acts = []
    for _n in range(round(len(subjects) * share)):
        item = rng.choices(items, weights)[0]
        acts.append(
            Act(
                subject=rng.choice(subjects),
                item=item,
                act_date=month.replace(day=rng.randrange(1, last + 1)),
                quantity=_quantity(item, rng),
                grade=_grade(item, rng),
                words=WORDS.get(item.id, ""),
                by_self="self" in item.claim and rng.random() < 0.12,
            )
        )
    return sorted(acts, key=lambda act: (act.act_date, act.subject.pk, act.item.id))


def _weight(item: Item) -> float:
    if item.id in FREQUENT:
        return float(FREQUENT[item.id])
    return 0.8 if item.kind == "merit" else 0.25


def _quantity(item: Item, rng: random.Random) -> Decimal | None:
    if item.needs != "quantity":
        return None
    return Decimal(rng.choice(QUANTITIES.get(item.id, (1, 2))))


def _grade(item: Item, rng: random.Random) -> str:
    """The lower grades are the common ones."""
    names = list(item.grades)
    if item.needs != "grade" or not names:
        return ""
    return rng.choices(names, [2.0**-n for n in range(len(names))])[0]
