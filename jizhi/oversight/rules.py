"""The village's daily record, its weekly report, and the township's re-check: what is counted, and when it is due."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping

from jizhi.core.text import N_, LabelledEnum


class Kind(LabelledEnum):
    """What a line of the daily record is about."""

    CLAIM = "claim", N_("申报")
    DECISION = "decision", N_("评议决定")
    TOLD = "told", N_("告知扣分")
    VISIT = "visit", N_("走访")
    MATTER = "matter", N_("事件")
    NOTICE = "notice", N_("公示")
    OBJECTION = "objection", N_("异议")


class Figure(LabelledEnum):
    """What the weekly report counts, all of it from records; nobody types a number."""

    FILED = "filed", N_("新收申报")
    VERIFIED = "verified", N_("核实申报条数")
    MEETINGS = "meetings", N_("评议会（含传签）")
    APPROVED = "approved", N_("认定")
    REJECTED = "rejected", N_("不予认定")
    RETURNED = "returned", N_("退回补充")
    RECUSED = "recused", N_("回避人次")
    MERITS = "merits", N_("加分记入笔数")
    FAULTS = "faults", N_("扣分记入笔数")
    TOLD = "told", N_("告知扣分条数")
    VISITS = "visits", N_("走访户次")
    MATTERS = "matters", N_("新报事件")
    CLOSED = "closed", N_("办结事件")
    NOTICES = "notices", N_("张贴公示期数")
    OBJECTIONS = "objections", N_("收到异议")
    ANSWERED = "answered", N_("答复异议件数")
    WAITING = "waiting", N_("待评议（截至报送）")


class ReportState(LabelledEnum):
    """How a village stands with the report that was due last."""

    SENT = "sent", N_("已报送")
    NONE = "none", N_("零报送")
    LATE = "late", N_("未报送")


def report_days(today: dt.date, weekday: int) -> tuple[dt.date, dt.date]:
    """The seven days that the report due last covers; it is due on `weekday` (Monday is 1) for the days before."""
    due = today - dt.timedelta(days=(today.isoweekday() - weekday) % 7)
    return due - dt.timedelta(days=7), due - dt.timedelta(days=1)


def digest(village: str, from_date: dt.date, figures: Mapping[str, int]) -> str:
    """The checksum of a report as it was sent."""
    text = json.dumps([village, from_date.isoformat(), dict(sorted(figures.items()))], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def state_of(figures: Mapping[str, int] | None) -> ReportState:
    """Sent, sent with nothing to report (what still waits is no work done), or not sent."""
    if figures is None:
        return ReportState.LATE
    done = sum(value for name, value in figures.items() if name != Figure.WAITING.value)
    return ReportState.SENT if done else ReportState.NONE
