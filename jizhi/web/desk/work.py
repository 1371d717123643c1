"""What waits for a member of staff, from the selectors: things with a deadline first, then the daily queues."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from jizhi.claims import selectors as claims
from jizhi.claims.rules import ClaimState
from jizhi.claims.selectors import HOUSEHOLD_SCHEME
from jizhi.notices import selectors as notices
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.reviews import selectors as reviews
from jizhi.web.desk.templatetags import desk as said
from jizhi.web.templatetags import jizhi as words

SHOWN = 12


@dataclass(frozen=True)
class Task:
    """One thing to do by a day, with where to do it."""

    title: str
    note: str
    icon: str
    address: str
    due_date: dt.date
    late: bool


@dataclass(frozen=True)
class Queue:
    """How many things of one kind wait."""

    title: str
    count: int
    icon: str
    address: str


@dataclass(frozen=True)
class VillageState:
    """Where a village stands, for whoever looks after several."""

    village: Any
    counts: dict[ClaimState, int]
    unposted: int
    late: int


def tasks(user: Any, today: dt.date) -> list[Task]:
    """What has a deadline or blocks others, the most urgent first."""
    found = [
        *_objections(user, today),
        *_to_post(user, today),
        *_to_finalise(user, today),
        *_meetings(user, today),
    ]
    return sorted(found, key=lambda task: task.due_date)


def _objections(user: Any, today: dt.date) -> list[Task]:
    waiting = notices.lines(notices.to_answer(user, on=today)[:SHOWN])
    return [
        Task(
            title=gettext("答复异议：%(who)s") % {"who": line.subject_label},
            note=f"{line.village} · {line.item_title_en if words.in_english() else line.item_title}",
            icon="message-report",
            address=reverse("desk:objection", args=[line.id]),
            due_date=line.due_date,
            late=line.is_late(today),
        )
        for line in waiting
    ]


def _to_post(user: Any, today: dt.date) -> list[Task]:
    return [
        Task(
            title=gettext("张贴公示：%(period)s") % {"period": said.period(one.period)},
            note=words.named(one.village),
            icon="speakerphone",
            address=reverse("desk:notice_new", args=[one.village.code, one.period]),
            due_date=one.due_date,
            late=one.due_date < today,
        )
        for one in notices.to_post(user, HOUSEHOLD_SCHEME, on=today)[:SHOWN]
    ]


def _to_finalise(user: Any, today: dt.date) -> list[Task]:
    return [
        Task(
            title=gettext("公示定案：%(period)s") % {"period": said.period(line.period)},
            note=gettext("%(village)s · 公示期已满") % {"village": line.village},
            icon="rosette-discount-check",
            address=reverse("desk:notice", args=[line.id]),
            due_date=line.window_to_date,
            late=False,
        )
        for line in notices.to_finalise(user, on=today)[:SHOWN]
    ]


def _meetings(user: Any, today: dt.date) -> list[Task]:
    return [
        Task(
            title=gettext("评议会没有结束：%(day)s") % {"day": words.day(line.held_on_date)},
            note=gettext("%(village)s · 已表决 %(decided)s/%(cases)s")
            % {"village": line.village, "decided": line.decided, "cases": line.cases},
            icon="users-group",
            address=reverse("desk:meeting", args=[line.id]),
            due_date=line.held_on_date,
            late=line.held_on_date < today,
        )
        for line in reviews.open_meetings(user, on=today)[:SHOWN]
    ]


def queues(user: Any, today: dt.date) -> list[Queue]:
    """The daily queues that the user's posts open."""
    work, queue = claims.work(user, today), reverse("desk:claims")
    rows = [
        (Action.VERIFY_CLAIM, gettext("待核实"), work.to_verify, "clipboard-check", f"{queue}?state=filed"),
        (Action.HOLD_MEETING, gettext("待评议"), work.to_decide, "users-group", reverse("desk:meeting_new")),
        (Action.TELL_FAULT, gettext("待告知扣分"), work.to_tell, "message", f"{queue}?state=approved"),
        (
            Action.KEY_IN_CLAIMS,
            gettext("退回待补充"),
            work.returned,
            "arrow-back-up",
            f"{queue}?state=returned",
        ),
    ]
    return [Queue(*row) for action, *row in rows if posts.scope_paths(user, action, today)]


def villages(user: Any, today: dt.date, among: Any) -> list[VillageState]:
    """Each village with what waits in it."""
    counts = claims.counts_by_village(user, on=today)
    due = notices.to_post(user, HOUSEHOLD_SCHEME, on=today, action=Action.VIEW_LEDGER)
    return [
        VillageState(
            village=village,
            counts=counts.get(village.pk, {}),
            unposted=sum(one.village.pk == village.pk for one in due),
            late=sum(one.village.pk == village.pk and one.due_date < today for one in due),
        )
        for village in among
    ]
