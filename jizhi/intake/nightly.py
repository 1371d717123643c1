"""What is due every night, in its order: the worker does each step at its hour, `jizhi nightly` all of them at once.

The hours are UTC: 16:00 is midnight in China, so all of it runs between midnight and two; only reminders wait for the
morning. Successors take over first and the day that has ended is sealed; then whatever was due by that day takes
effect, goes up, is claimed or planned; the weekly reports count what stands after that. Running it twice changes
nothing, and a village in which a step fails leaves the others alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from jizhi.areas import selectors as areas
from jizhi.changes import services as changes
from jizhi.channels import services as channels
from jizhi.claims import services as claims
from jizhi.core import clock, nights
from jizhi.core.text import N_
from jizhi.matters import services as matters
from jizhi.notices import services as notices
from jizhi.oversight import services as oversight
from jizhi.seals import services as seals
from jizhi.visits import rules as visiting
from jizhi.visits import services as visits


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of the night's work; `run` returns how much it did."""

    name: str  # of the worker's job
    cron: str  # in UTC
    title: str
    run: Callable[[dt.datetime], int]


def derive_claims(at: dt.datetime) -> int:
    """What follows from the house's records is claimed by itself, once. Returns how many claims are new."""
    filed = 0
    for village in areas.villages():
        with nights.alone("claims derived in village", village.code):
            filed += channels.derive_claims(village=village, at=at)
    return filed


def _follow_registers(at: dt.datetime) -> int:
    changed = 0
    for village in areas.villages():
        with nights.alone("registers followed in village", village.code):
            changed += channels.follow_all(village=village, at=at)
    return changed


def _hand_up(at: dt.datetime) -> int:
    objections = notices.escalate_overdue_objections(at=at)
    return objections + notices.escalate_overdue_letters(at=at)


def _plan_visits(at: dt.datetime) -> int:
    """What is planned or done stays, what is missing is added."""
    month, planned = visiting.month_of(clock.day_of(at)), 0
    for root in areas.roots_of_tree():
        planned += visits.make_plans(area=root, month=month, by=None, at=at).planned
    return planned


STEPS = (
    Step("pass_on_work", "5 16 * * *", N_("移交接任者的未办工作"), lambda at: changes.pass_on_work(at=at)),
    Step("seal_ledgers", "10 16 * * *", N_("各村台账存证"), lambda at: len(list(seals.seal_villages(at=at)))),
    Step("follow_registers", "15 16 * * *", N_("按登记增减积分主体"), _follow_registers),
    Step(
        "count_uncorrected", "20 16 * * *", N_("逾期未改正的扣分记入台账"),
        lambda at: len(claims.count_uncorrected(by=None, at=at)),
    ),
    Step(
        "conclude_circulations", "30 16 * * *", N_("到期的书面传签作结"),
        lambda at: claims.conclude_overdue(at=at),
    ),
    Step("escalate_objections", "40 16 * * *", N_("超期的异议、来件转乡镇"), _hand_up),
    Step(
        "escalate_matters", "50 16 * * *", N_("超期事件上报上级"), lambda at: matters.escalate_overdue(at=at)
    ),
    Step("derive_claims", "0 17 * * *", N_("从记录生成申报"), derive_claims),
    Step("plan_visits", "20 17 * * *", N_("本月走访安排"), _plan_visits),
    Step(
        "send_weekly_reports", "40 17 * * *", N_("到期的村周报"),
        lambda at: oversight.send_due_reports(at=at),
    ),
    Step(  # ten to eight in the morning of the place
        "remind_of_answers", "50 23 * * *", N_("提醒答复"), lambda at: notices.remind_of_answers(at=at)
    ),
)  # fmt: skip
