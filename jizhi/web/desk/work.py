"""What waits for a member of staff, from the selectors: things with a deadline first, then the daily queues."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from jizhi.areas import selectors as areas
from jizhi.assemblies import selectors as assemblies
from jizhi.assemblies.rules import FilingState
from jizhi.claims import selectors as claims
from jizhi.claims.rules import ClaimState
from jizhi.matters import selectors as matters
from jizhi.notices import selectors as notices
from jizhi.oversight import selectors as oversight
from jizhi.oversight.rules import ReportState
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.recognition import selectors as recognition
from jizhi.recognition.rules import SheetState
from jizhi.reviews import selectors as reviews
from jizhi.reviews.rules import Procedure
from jizhi.web import noticing
from jizhi.web.desk.templatetags import desk as said
from jizhi.web.templatetags import jizhi as words

SHOWN = 12
SIGNED_WITHIN, SIGNED_SINCE = 7, 60
VILLAGES_ASKED = 6
MENDING_DAYS = 2  # how long before its last day a time to mend is shown
FILED_WITHIN = 10  # days after the meeting


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
        *_appeals(user, today),
        *_letters(user, today),
        *_to_post(user, today),
        *_to_finalise(user, today),
        *_meetings(user, today),
        *_seats(user, today),
        *_unsigned(user, today),
        *_circulations(user, today),
        *_reviews(user, today),
        *_mending(user, today),
        *_resolutions(user, today),
        *_sheets(user, today),
        *_reports(user, today),
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


def _appeals(user: Any, today: dt.date) -> list[Task]:
    return [
        Task(
            title=gettext("复核异议：%(who)s") % {"who": task.objection.subject_label},
            note=f"{task.objection.village} · "
            + (task.objection.item_title_en if words.in_english() else task.objection.item_title),
            icon="gavel",
            address=reverse("desk:appeal", args=[task.appeal.id]),
            due_date=task.appeal.due_date,
            late=task.appeal.is_late(today),
        )
        for task in notices.appeals_to_hear(user, on=today)[:SHOWN]
    ]


def _letters(user: Any, today: dt.date) -> list[Task]:
    return [
        Task(
            title=gettext("核实异议来件：%(who)s") % {"who": line.name},
            note=words.named(line.village),
            icon="inbox",
            address=reverse("desk:letter", args=[line.id]),
            due_date=line.due_date,
            late=line.is_late(today),
        )
        for line in notices.letters_to_answer(user, on=today)[:SHOWN]
    ]


def _to_post(user: Any, today: dt.date) -> list[Task]:
    return [
        Task(
            title=gettext("张贴：%(notice)s") % {"notice": noticing.notice_title(one)},
            note=words.named(one.village),
            icon="speakerphone",
            address=noticing.posting_address(one),
            due_date=one.due_date,
            late=one.due_date < today,
        )
        for one in notices.to_post(user, on=today)[:SHOWN]
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
            title=(
                gettext("传签没有结束：%(day)s")
                if line.procedure is Procedure.CIRCULATION
                else gettext("评议会没有结束：%(day)s")
            )
            % {"day": words.day(line.held_on_date)},
            note=gettext("%(village)s · 已表决 %(decided)s/%(cases)s")
            % {"village": line.village, "decided": line.decided, "cases": line.cases},
            icon="users-group",
            address=reverse("desk:meeting", args=[line.id]),
            due_date=line.due_date or line.held_on_date,
            late=(line.due_date or line.held_on_date) < today,
        )
        for line in reviews.open_meetings(user, on=today)[:SHOWN]
    ]


def _seats(user: Any, today: dt.date) -> list[Task]:
    """Meetings in which the user sits and has not signed in."""
    return [
        Task(
            title=gettext("评议会签到：%(day)s") % {"day": words.day(line.held_on_date)},
            note=f"{line.village} · {line.panel}",
            icon="users-group",
            address=reverse("desk:meeting_sign_in", args=[line.id]),
            due_date=line.held_on_date,
            late=line.held_on_date < today,
        )
        for line in reviews.meetings_to_sign_in(user)[:SHOWN]
    ]


def _unsigned(user: Any, today: dt.date) -> list[Task]:
    """Closed meetings whose signed minutes are missing; a week is enough to collect the signatures."""
    since = today - dt.timedelta(days=SIGNED_SINCE)
    found = reviews.unsigned_meetings(user, on=today, since=since)
    tasks = []
    for line in found[:SHOWN]:
        due = line.held_on_date + dt.timedelta(days=SIGNED_WITHIN)
        tasks.append(
            Task(
                title=gettext("附上签字的会议纪要：%(day)s") % {"day": words.day(line.held_on_date)},
                note=f"{line.village} · {line.panel}",
                icon="signature",
                address=reverse("desk:meeting", args=[line.id]) + "#sheets",
                due_date=due,
                late=due < today,
            )
        )
    return tasks


def _circulations(user: Any, today: dt.date) -> list[Task]:
    """What the user, as a member of a panel, has to answer in writing."""
    return [
        Task(
            title=gettext("传签答复：%(count)s条") % {"count": len(one.case_ids)},
            note=f"{words.named(one.meeting.panel.village)} · {one.meeting.panel.title}",
            icon="send",
            address=reverse("desk:circulation_answers", args=[one.meeting.pk]),
            due_date=one.meeting.due_date or today,
            late=False,
        )
        for one in claims.circulations_to_answer(user, on=today)[:SHOWN]
    ]


def _reviews(user: Any, today: dt.date) -> list[Task]:
    """The monthly review of each village, from a week before its day until the panel has met."""
    mine = areas.villages(posts.scope_paths(user, Action.HOLD_MEETING, today))[:VILLAGES_ASKED]
    return [
        Task(
            title=gettext("召开月度评议会：%(month)s") % {"month": words.month(due)},
            note=words.named(village),
            icon="calendar-event",
            address=f"{reverse('desk:meeting_new')}?village={village.code}",
            due_date=due,
            late=due < today,
        )
        for village, due in claims.villages_without_review(mine, today)
    ]


def _mending(user: Any, today: dt.date) -> list[Task]:
    """Deductions that do not count if they are mended by a day that is near: somebody has to look."""
    rows = claims.to_mend(user, on=today, until=today + dt.timedelta(days=MENDING_DAYS))
    found = claims.untold_lines(rows[:SHOWN], today)
    return [
        Task(
            title=gettext("看看改正了没有：%(who)s") % {"who": line.claim.subject_label},
            note=f"{line.claim.village} · {words.say(line.claim.item.title)}",
            icon="eye",
            address=reverse("desk:claim", args=[line.claim.id]),
            due_date=line.correct_until_date or today,
            late=False,
        )
        for line in found
    ]


def _resolutions(user: Any, today: dt.date) -> list[Task]:
    """Carried resolutions to send to the township, and for the township those to take on file."""
    return [
        Task(
            title=(
                gettext("办理备案：%(title)s")
                if line.state is FilingState.FILED
                else gettext("报送备案：%(title)s")
            )
            % {"title": line.title},
            note=f"{line.village} · {gettext(line.about.label)}",
            icon="file-check",
            address=reverse("fairwork:assembly", args=[line.id]),
            due_date=line.held_on_date + dt.timedelta(days=FILED_WITHIN),
            late=line.held_on_date + dt.timedelta(days=FILED_WITHIN) < today,
        )
        for line in assemblies.assemblies_waiting(user, on=today)[:SHOWN]
    ]


def _sheets(user: Any, today: dt.date) -> list[Task]:
    """Rounds of recognition in which sheets wait for the work team or for the panel."""
    return [
        Task(
            title=title % {"count": count},
            note=f"{words.named(one.village)} · {one.title}",
            icon="checklist",
            address=f"{reverse('desk:recognition_round', args=[one.round_id])}{query}",
            due_date=one.self_until_date,
            late=one.self_until_date < today,
        )
        for one in recognition.sheets_waiting(user, on=today)[:SHOWN]
        for title, count, query in (
            (gettext("工作组评分：%(count)s张认定表"), one.to_score, ""),
            (
                gettext("评议会认定：%(count)s张认定表"),
                one.to_decide,
                f"?state={SheetState.TEAM_SCORED.value}",
            ),
        )
        if count
    ]


def _reports(user: Any, today: dt.date) -> list[Task]:
    """Weekly reports that were due and that nothing has sent."""
    mine = areas.villages(posts.scope_paths(user, Action.SEND_REPORT, today))
    found = [one for one in oversight.standings(mine, today) if one.state is ReportState.LATE] if mine else []
    return [
        Task(
            title=gettext("报送周报：%(day)s起的一周") % {"day": words.day(one.from_date)},
            note=words.named(one.village),
            icon="report-analytics",
            address=reverse("desk:reports"),
            due_date=one.to_date + dt.timedelta(days=1),
            late=one.to_date + dt.timedelta(days=1) < today,
        )
        for one in found[:SHOWN]
    ]


def queues(user: Any, today: dt.date) -> list[Queue]:
    """The daily queues that the user's posts open."""
    work, queue = claims.work(user, today), reverse("desk:claims")
    rows = [
        (Action.VERIFY_CLAIM, gettext("待核实"), work.to_verify, "clipboard-check", f"{queue}?state=filed"),
        (Action.HOLD_MEETING, gettext("待评议"), work.to_decide, "users-group", reverse("desk:meeting_new")),
        (Action.TELL_FAULT, gettext("待告知扣分"), work.to_tell, "message", reverse("desk:untold")),
        (
            Action.KEY_IN_CLAIMS,
            gettext("退回待补充"),
            work.returned,
            "arrow-back-up",
            f"{queue}?state=returned",
        ),
    ]
    found = [Queue(*row) for action, *row in rows if posts.scope_paths(user, action, today)]
    return [*found, *_rulings(user, today), *_matters(user, today)]


def _rulings(user: Any, today: dt.date) -> list[Queue]:
    """What the panels cannot decide; shown to whoever rules on it."""
    if not posts.scope_paths(user, Action.RULE_CASE, today):
        return []
    count = len(claims.beyond_panel(user, on=today)) + len(recognition.beyond_panel(user, on=today))
    return [Queue(gettext("待乡镇裁定"), count, "scale", reverse("desk:rulings"))] if count else []


def _matters(user: Any, today: dt.date) -> list[Queue]:
    """What waits among the matters; shown to whoever may do something with them."""
    if not posts.scope_paths(user, Action.HANDLE_MATTER, today):
        return []
    waits, queue = matters.work(user, today), reverse("gridwork:matters")
    rows = [
        (gettext("待受理的事件"), waits.to_accept, "flag", "accept"),
        (gettext("我在办的事件"), waits.to_handle, "tools", "handle"),
        (gettext("待复核的事件"), waits.to_recheck, "eye", "recheck"),
        (gettext("超期的事件"), waits.overdue, "hourglass", "overdue"),
    ]
    return [Queue(title, count, icon, f"{queue}?mine={name}") for title, count, icon, name in rows if count]


def villages(user: Any, today: dt.date, among: Any) -> list[VillageState]:
    """Each village with what waits in it."""
    counts = claims.counts_by_village(user, on=today)
    due = notices.to_post(user, on=today, action=Action.VIEW_LEDGER)
    return [
        VillageState(
            village=village,
            counts=counts.get(village.pk, {}),
            unposted=sum(one.village.pk == village.pk for one in due),
            late=sum(one.village.pk == village.pk and one.due_date < today for one in due),
        )
        for village in among
    ]
