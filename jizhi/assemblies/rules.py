"""When a village's resolution carries, how it is filed with the township, and what a pledge may say.

The thresholds are those of the village committee law (村民委员会组织法 art. 22, 24 and 26). Plain Python only.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from jizhi.core.text import N_, LabelledEnum
from jizhi.schemes.rules import MeetingKind, attendance_is_enough, majority_is_enough


class About(LabelledEnum):
    """What is resolved."""

    SCHEME = "scheme", N_("积分细则")
    FUND = "fund", N_("积分资金")
    DIVIDEND = "dividend", N_("积分分红")
    OTHER = "other", N_("其他事项")


class FilingState(LabelledEnum):
    """How far the record has come with the township."""

    RECORDED = "recorded", N_("已记录")
    FILED = "filed", N_("待乡镇备案")
    RETURNED = "returned", N_("乡镇退回")
    ACKNOWLEDGED = "acknowledged", N_("已备案")


FILING_TRANSITIONS = {
    FilingState.RECORDED: frozenset({FilingState.FILED}),
    FilingState.FILED: frozenset({FilingState.ACKNOWLEDGED, FilingState.RETURNED}),
    FilingState.RETURNED: frozenset({FilingState.FILED}),
    FilingState.ACKNOWLEDGED: frozenset[FilingState](),
}


class Failing(LabelledEnum):
    """Why a record does not carry; the sentence names the article."""

    ATTENDANCE_OF_REPRESENTATIVES = (
        "attendance_of_representatives",
        N_("到会的村民代表不足三分之二（村民委员会组织法第二十六条）。"),
    )
    ATTENDANCE_OF_VILLAGERS = (
        "attendance_of_villagers",
        N_("到会的十八周岁以上村民没有过半数（村民委员会组织法第二十二条）。"),
    )
    ATTENDANCE_OF_HOUSEHOLDS = (
        "attendance_of_households",
        N_("到会的户代表不足三分之二（村民委员会组织法第二十二条）。"),
    )
    MAJORITY = "majority", N_("赞成的没有超过到会人员的半数（村民委员会组织法第二十二条、第二十六条）。")


ATTENDANCE_FAILINGS = {
    MeetingKind.REPRESENTATIVES: Failing.ATTENDANCE_OF_REPRESENTATIVES,
    MeetingKind.ASSEMBLY: Failing.ATTENDANCE_OF_VILLAGERS,
    MeetingKind.HOUSEHOLDS: Failing.ATTENDANCE_OF_HOUSEHOLDS,
}


class EntryKind(LabelledEnum):
    """Money of a fund comes in or goes out."""

    IN = "in", N_("收入")
    OUT = "out", N_("支出")


class Answer(LabelledEnum):
    """What a household said to the pledge. None of them changes any points."""

    SIGNED = "signed", N_("已签")
    REFUSED = "refused", N_("不愿签")
    ABSENT = "absent", N_("未遇到")
    WITHDRAWN = "withdrawn", N_("已撤回")


class How(LabelledEnum):
    """How the answer was given."""

    SCREEN = "screen", N_("手写签名")
    TYPED = "typed", N_("输入姓名和密码")
    PAPER = "paper", N_("纸质签字")
    SPOKEN = "spoken", N_("当面说明")


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of a meeting."""

    members: int
    present: int
    votes_for: int
    against: int
    abstain: int


def failings(kind: MeetingKind, counts: Counts) -> list[Failing]:
    """Why the motion did not carry; nothing when it did."""
    found = []
    if not attendance_is_enough(kind, counts.members, counts.present):
        found.append(ATTENDANCE_FAILINGS[kind])
    if not majority_is_enough(counts.present, counts.votes_for):
        found.append(Failing.MAJORITY)
    return found


def within(day: dt.date, first: dt.date, last: dt.date) -> bool:
    """Whether money may move on that day: inside the resolved period, both ends inclusive."""
    return first <= day <= last


PLEDGE_TEXT = N_(
    "我户已了解本村积分细则，自愿参加积分管理：如实申报，不弄虚作假；服从评议，有意见按程序提出；"
    "爱护公共环境，邻里互助。本承诺可以随时撤回；签与不签、撤回与否，都不影响积分和依法享有的任何权利。"
)
