"""The demonstration's visits: classes, household books, and last month's and this month's visits of one village.

Everything goes through the services, at the moment at which it would have happened; the same day gives the same.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING, Any

from jizhi.demo.month import moment
from jizhi.visits import rules, selectors, services
from jizhi.visits.rules import How, Topic

if TYPE_CHECKING:
    from jizhi.accounts.models import User
    from jizhi.demo.setup import VillageParts
    from jizhi.people.models import Household

CLASSES = (
    ("old_alone", 0.09),
    ("left_behind", 0.04),
    ("disabled", 0.05),
    ("low_income", 0.05),
    ("newcomers", 0.06),
)
AWAY = 0.04
FILLED = 0.8
KEPT_UP = 0.88
NOTES = (
    "", "", "", "", "提醒了取暖安全，检查了烟道。", "说门前路灯不亮，已记下。", "核对了家庭人口，没有变化。",
    "儿子下月回来，想问积分怎么兑换。", "提醒雨天关好电闸。", "愿意参加周末的义务劳动。",
)  # fmt: skip
SKILLS = ("会修农机", "会理发，愿意上门", "能写会算，可帮记账", "会电工", "唱戏", "")
WISHES = ("门前路灯不亮", "想学果树修剪", "老人看病不方便", "", "", "")


def play_visits(parts: VillageParts, now: dt.datetime) -> None:
    """Last month's and this month's visits until `now`."""
    this = rules.month_of(now.date())
    last = rules.shifted(this, -1)
    begin = moment(last, 8)
    for grid, worker in sorted(parts.workers.items()):
        homes = [subject.household for subject in parts.subjects.get(grid, [])]
        rng = random.Random(f"visits-{parts.cast.code}-{grid}")
        for home in homes:
            _know(home, worker, rng, begin)
    for month, at in ((last, begin), (this, min(moment(this, 8), now))):
        services.make_plans(area=parts.area, month=month, by=None, at=at)
    for _grid, worker in sorted(parts.workers.items()):
        for month in (last, this):
            _visit(worker, month, now)


def _know(home: Household, worker: User, rng: random.Random, at: dt.datetime) -> None:
    """What the grid worker knows of a household: its classes, and most of its book."""
    keys = [key for key, share in CLASSES if rng.random() < share]
    if not keys and rng.random() < AWAY:
        keys = ["away"]
    if keys:
        services.set_classes(household=home, keys=keys, by=worker, at=at)
    if rng.random() < FILLED:
        fields = selectors.fields_for(worker, home.area, at.date())
        values = {field.key: _value(field, rng) for field in fields if rng.random() < 0.85}
        services.fill_book(household=home, values=values, version=0, by=worker, at=at + dt.timedelta(hours=1))


def _value(field: Any, rng: random.Random) -> Any:
    """Something that fits the field."""
    if field.kind == "choice":
        return rng.choice(field.choices).key
    if field.kind == "choices":
        return [rng.choice(field.choices).key]
    if field.kind == "yesno":
        return rng.choice([rules.YES, rules.YES, rules.NO])
    if field.kind == "number":
        return f"{rng.randrange(0, 120) / 10:g}"
    if field.kind == "date":
        return f"{2025 + rng.randrange(2)}-{rng.randrange(1, 7):02d}-{rng.randrange(1, 28):02d}"
    return {"skills": rng.choice(SKILLS), "wishes": rng.choice(WISHES)}.get(field.key, "")


def _visit(worker: User, month: dt.date, now: dt.datetime) -> None:
    """The worker goes round: most households on their day, some a day late, some not at all."""
    rng = random.Random(f"round-{worker.username}-{month}")
    day = min(rules.month_end(month), now.date())
    rows = list(selectors.planned(worker, on=day, month=month).filter(visit=None, due_date__lt=day))
    for number, row in enumerate(rows):
        late = rng.randrange(1, 4) if rng.random() < 0.12 else 0
        due = row.due_date + dt.timedelta(days=late)
        at = moment(due, 9 + number % 8, rng.randrange(60))
        if rng.random() > KEPT_UP or at >= now or due > rules.month_end(month):
            continue
        services.record_visit(
            household=row.household,
            how=rng.choices([How.HOME, How.PHONE, How.ABSENT], [86, 8, 6])[0],
            topics=rng.sample(list(Topic), rng.randrange(1, 4)),
            note=rng.choice(NOTES),
            request_key=f"demo-{row.pk:024d}",
            by=worker,
            at=at,
        )
