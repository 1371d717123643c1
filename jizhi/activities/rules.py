"""Needs, activities and teams: their kinds, the tables of their ways, and the code by which people sign in.

Plain Python. Services, triggers in the database and the diagrams follow the tables.
"""

import datetime as dt
from decimal import Decimal

from jizhi.core.codes import code_at as code_at
from jizhi.core.codes import code_holds as code_holds
from jizhi.core.codes import new_secret as new_secret
from jizhi.core.text import N_, LabelledEnum


class NeedKind(LabelledEnum):
    """What a household asks for."""

    HELP = "help", N_("日常照料")
    REPAIR = "repair", N_("维修帮工")
    TRANSPORT = "transport", N_("接送代办")
    FARMING = "farming", N_("农忙互助")
    STUDY = "study", N_("学习辅导")
    JOB = "job", N_("找活找工")
    COMPANY = "company", N_("陪伴聊天")
    OTHER = "other", N_("其他需求")


class NeedState(LabelledEnum):
    POSTED = "posted", N_("待发布")
    OPEN = "open", N_("等人认领")
    TAKEN = "taken", N_("已认领")
    DONE = "done", N_("已办好")
    REFUSED = "refused", N_("未发布")
    WITHDRAWN = "withdrawn", N_("已撤回")


class TakingState(LabelledEnum):
    """A volunteer's own way with a need."""

    TAKEN = "taken", N_("已认领")
    GIVEN_UP = "given_up", N_("已退出")
    CONFIRMED = "confirmed", N_("已确认")
    MISSED = "missed", N_("没有来")


class ActivityKind(LabelledEnum):
    """What people come together for."""

    LABOUR = "labour", N_("义务劳动")
    SERVICE = "service", N_("志愿服务")
    TRAINING = "training", N_("培训")
    JOB_FAIR = "job_fair", N_("招聘会")
    MEETING = "meeting", N_("会议")
    CULTURE = "culture", N_("文体活动")
    PARTY_DAY = "party_day", N_("主题党日")
    OTHER = "other", N_("其他活动")


class ActivityState(LabelledEnum):
    PLANNED = "planned", N_("已安排")
    CONFIRMED = "confirmed", N_("名单已确认")
    CANCELLED = "cancelled", N_("已取消")


class SignInHow(LabelledEnum):
    """How somebody was signed in."""

    CODE = "code", N_("扫码签到")
    CARD = "card", N_("刷积分卡")
    LIST = "list", N_("现场登记")
    EXCEL = "excel", N_("表格导入")


class AttendanceState(LabelledEnum):
    SIGNED = "signed", N_("已签到")
    CONFIRMED = "confirmed", N_("已确认")
    STRUCK = "struck", N_("已划去")


class TeamKind(LabelledEnum):
    """What a volunteer team does."""

    GENERAL = "general", N_("综合服务队")
    CARE = "care", N_("关爱服务队")
    CLEANING = "cleaning", N_("环境卫生队")
    SAFETY = "safety", N_("治安巡逻队")
    MEDIATION = "mediation", N_("矛盾调解队")
    CULTURE = "culture", N_("文艺宣传队")
    SKILLS = "skills", N_("技能帮扶队")
    EMERGENCY = "emergency", N_("应急抢险队")
    PARTY = "party", N_("党员先锋队")


_N, _T, _A, _S = NeedState, TakingState, ActivityState, AttendanceState

NEED_TRANSITIONS: dict[NeedState, frozenset[NeedState]] = {
    _N.POSTED: frozenset({_N.OPEN, _N.REFUSED, _N.WITHDRAWN}),
    _N.OPEN: frozenset({_N.TAKEN, _N.DONE, _N.WITHDRAWN}),
    _N.TAKEN: frozenset({_N.OPEN, _N.DONE, _N.WITHDRAWN}),
    _N.DONE: frozenset(),
    _N.REFUSED: frozenset(),
    _N.WITHDRAWN: frozenset(),
}
TAKING_TRANSITIONS: dict[TakingState, frozenset[TakingState]] = {
    _T.TAKEN: frozenset({_T.GIVEN_UP, _T.CONFIRMED, _T.MISSED}),
    _T.GIVEN_UP: frozenset({_T.TAKEN}),
    _T.CONFIRMED: frozenset(),
    _T.MISSED: frozenset(),
}
ACTIVITY_TRANSITIONS: dict[ActivityState, frozenset[ActivityState]] = {
    _A.PLANNED: frozenset({_A.CONFIRMED, _A.CANCELLED}),
    _A.CONFIRMED: frozenset(),
    _A.CANCELLED: frozenset(),
}
ATTENDANCE_TRANSITIONS: dict[AttendanceState, frozenset[AttendanceState]] = {
    _S.SIGNED: frozenset({_S.CONFIRMED, _S.STRUCK}),
    _S.STRUCK: frozenset({_S.SIGNED}),
    _S.CONFIRMED: frozenset(),
}

# Signing in by code opens before the beginning and closes after the end.
OPENS_BEFORE, CLOSES_AFTER = dt.timedelta(hours=1), dt.timedelta(hours=2)
HOURS_MAX = Decimal(24)
PLACES_MAX = 1000


def sign_in_is_open(starts_at: dt.datetime, ends_at: dt.datetime, moment: dt.datetime) -> bool:
    """Whether households may sign themselves in now."""
    return starts_at - OPENS_BEFORE <= moment <= ends_at + CLOSES_AFTER


def usual_hours(starts_at: dt.datetime, ends_at: dt.datetime) -> Decimal:
    """Hours between beginning and end, in halves, at least one half."""
    halves = max(1, round((ends_at - starts_at).total_seconds() / 1800))
    return min(Decimal(halves) / 2, HOURS_MAX)
