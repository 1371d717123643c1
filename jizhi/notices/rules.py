"""Kinds of notices, states of notices and objections, and the dates of their clocks. Plain Python only."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from jizhi.core.text import N_, LabelledEnum
from jizhi.settlement.rules import PeriodKind

# Fewer households than this are never shown as a group of their own: whoever knows the village would know them.
SMALL_GROUP = 3
MINOR_YEARS = 18
EXTENSION_DAYS_MAX = 60


class NoticeKind(LabelledEnum):
    MONTH = "month", N_("月度积分公示")
    QUARTER = "quarter", N_("季度积分小结公示")
    YEAR = "year", N_("年度积分评定公示")
    HONOURS = "honours", N_("表彰名单公示")
    REDEMPTIONS = "redemptions", N_("积分兑换公示")


class Due(LabelledEnum):
    """Which clock says by when a notice must hang; nothing where no clock runs."""

    POST_BY = "post_by", N_("次月张贴日")
    SUMMARY = "summary", N_("小结张贴期限")
    NONE = "none", N_("没有期限")


@dataclass(frozen=True, slots=True)
class KindRule:
    """What a kind of notice is about and does: its periods, its clock, whether its end settles the month.

    `code` begins the number that is printed on the sheet.
    """

    periods: tuple[PeriodKind, ...]
    due: Due
    settles: bool
    code: str


KINDS = {
    NoticeKind.MONTH: KindRule((PeriodKind.MONTH,), Due.POST_BY, True, "GS"),
    NoticeKind.QUARTER: KindRule((PeriodKind.QUARTER,), Due.SUMMARY, False, "JS"),
    NoticeKind.YEAR: KindRule((PeriodKind.YEAR,), Due.SUMMARY, False, "NS"),
    NoticeKind.HONOURS: KindRule(
        (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.YEAR), Due.NONE, False, "BZ"
    ),
    NoticeKind.REDEMPTIONS: KindRule(
        (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR), Due.NONE, False, "DH"
    ),
}


class NoticeState(LabelledEnum):
    POSTED = "posted", N_("公示中")
    FINALISED = "finalised", N_("已定案")
    WITHDRAWN = "withdrawn", N_("已撤下")


class NoticeStanding(LabelledEnum):
    """How a notice stands on a day, for pages: its state, and whether its window is over."""

    OPEN = "open", N_("公示中")
    RIPE = "ripe", N_("公示期满，待定案")
    CLOSED = "closed", N_("公示期满")
    FINALISED = "finalised", N_("已定案")
    WITHDRAWN = "withdrawn", N_("已撤下")


class ObjectionState(LabelledEnum):
    FILED = "filed", N_("待答复")
    ESCALATED = "escalated", N_("待乡镇答复")
    UPHELD = "upheld", N_("异议成立")
    PARTLY = "partly", N_("异议部分成立")
    DISMISSED = "dismissed", N_("异议不成立")
    WITHDRAWN = "withdrawn", N_("已撤回")


class ObjectionChannel(LabelledEnum):
    PHONE_PAGE = "page", N_("手机提出")
    SPOKEN = "spoken", N_("口头提出")
    PAPER = "paper", N_("书面提出")
    PUBLIC = "public", N_("网页来件")


# Only a month's notice is made final; the others close when their window is over, without anybody's doing.
NOTICE_TRANSITIONS = {
    NoticeState.POSTED: frozenset({NoticeState.FINALISED, NoticeState.WITHDRAWN}),
    NoticeState.FINALISED: frozenset[NoticeState](),
    NoticeState.WITHDRAWN: frozenset[NoticeState](),
}

_ENDS = frozenset(
    {ObjectionState.UPHELD, ObjectionState.PARTLY, ObjectionState.DISMISSED, ObjectionState.WITHDRAWN}
)
OBJECTION_TRANSITIONS = {
    ObjectionState.FILED: _ENDS | {ObjectionState.ESCALATED},
    ObjectionState.ESCALATED: _ENDS,
    ObjectionState.UPHELD: frozenset[ObjectionState](),
    ObjectionState.PARTLY: frozenset[ObjectionState](),
    ObjectionState.DISMISSED: frozenset[ObjectionState](),
    ObjectionState.WITHDRAWN: frozenset[ObjectionState](),
}

OPEN_OBJECTION = frozenset({ObjectionState.FILED, ObjectionState.ESCALATED})
ANSWERED = frozenset({ObjectionState.UPHELD, ObjectionState.PARTLY, ObjectionState.DISMISSED})
# Upheld in part, the entry is gone: what was posted instead stands on the next notice and is objected to there.
MAY_BE_APPEALED = frozenset({ObjectionState.DISMISSED})


class AppealBody(LabelledEnum):
    """Who hears an appeal against an answer: first the village's supervisors, then the township."""

    SUPERVISORS = "supervisors", N_("村务监督委员会")
    TOWNSHIP = "township", N_("乡镇人民政府")


class AppealState(LabelledEnum):
    FILED = "filed", N_("待复核")
    UPHELD = "upheld", N_("复核成立")
    PARTLY = "partly", N_("复核部分成立")
    DISMISSED = "dismissed", N_("复核维持")
    WITHDRAWN = "withdrawn", N_("已撤回")


APPEAL_TRANSITIONS = {
    AppealState.FILED: frozenset(
        {AppealState.UPHELD, AppealState.PARTLY, AppealState.DISMISSED, AppealState.WITHDRAWN}
    ),
    AppealState.UPHELD: frozenset[AppealState](),
    AppealState.PARTLY: frozenset[AppealState](),
    AppealState.DISMISSED: frozenset[AppealState](),
    AppealState.WITHDRAWN: frozenset[AppealState](),
}


class WithholdingState(LabelledEnum):
    """What became of points that a dispute keeps from a wallet."""

    WITHHELD = "withheld", N_("冻结中")
    RELEASED = "released", N_("已解冻")
    REVOKED = "revoked", N_("已收回")


WITHHOLDING_TRANSITIONS = {
    WithholdingState.WITHHELD: frozenset({WithholdingState.RELEASED, WithholdingState.REVOKED}),
    WithholdingState.RELEASED: frozenset[WithholdingState](),
    WithholdingState.REVOKED: frozenset[WithholdingState](),
}


class Outcome(LabelledEnum):
    """What a hearing ends with."""

    UPHELD = "upheld", N_("成立，撤销这一条")
    PARTLY = "partly", N_("部分成立，撤销后按更正的内容重新记分")
    DISMISSED = "dismissed", N_("不成立，维持这一条")


class LetterAbout(LabelledEnum):
    """What a letter is about."""

    ENTRY = "entry", N_("公示上的一条记录")
    MISSING = "missing", N_("该有的记录没有")
    REJECTED = "rejected", N_("申报没有认定")
    TOTAL = "total", N_("合计或名次不对")


class LetterState(LabelledEnum):
    RECEIVED = "received", N_("来件待核实")
    ESCALATED = "escalated", N_("待乡镇答复")
    ADMITTED = "admitted", N_("已转为异议")
    UPHELD = "upheld", N_("成立")
    DISMISSED = "dismissed", N_("不成立")
    REFUSED = "refused", N_("不予受理")


_LETTER_ENDS = frozenset(
    {LetterState.ADMITTED, LetterState.UPHELD, LetterState.DISMISSED, LetterState.REFUSED}
)
OPEN_LETTER = frozenset({LetterState.RECEIVED, LetterState.ESCALATED})
# Against these answers a letter's writer may go to the township.
LETTER_MAY_BE_APPEALED = frozenset({LetterState.DISMISSED, LetterState.REFUSED})
LETTER_TRANSITIONS = {
    LetterState.RECEIVED: _LETTER_ENDS | {LetterState.ESCALATED},
    LetterState.ESCALATED: _LETTER_ENDS,
    LetterState.ADMITTED: frozenset[LetterState](),
    LetterState.UPHELD: frozenset[LetterState](),
    LetterState.DISMISSED: frozenset[LetterState](),
    LetterState.REFUSED: frozenset[LetterState](),
}


REMIND_DAYS = 1  # so many days before its day


class ReminderKind(LabelledEnum):
    """Why somebody is reminded of an answer."""

    SOON = "soon", N_("快到期")
    OVERDUE = "overdue", N_("已过期")


def reminder_for(due: dt.date, today: dt.date) -> "ReminderKind | None":
    """Which reminder a day calls for, if any."""
    if today > due:
        return ReminderKind.OVERDUE
    return ReminderKind.SOON if today >= due - dt.timedelta(days=REMIND_DAYS) else None


class OrderKind(LabelledEnum):
    """A ground above the village: it ends every dispute about the entry, whenever it comes."""

    COURT = "court", N_("法院裁判")
    TOWNSHIP = "township", N_("乡镇决定")


def next_body(last: "AppealBody | None", answered_by_township: bool) -> "AppealBody | None":
    """Who hears the next appeal; None where only a court is left."""
    if last is AppealBody.TOWNSHIP or answered_by_township:
        return None
    return AppealBody.SUPERVISORS if last is None else AppealBody.TOWNSHIP


def credit_of(clean: int, points: int) -> int:
    """What one more entry adds to a month's credit, which is never below nothing; `clean` is the net without it."""
    return max(0, clean + points) - max(0, clean)


def window_end(posted_on: dt.date, window_days: int) -> dt.date:
    """The last day on which an objection may be filed; the day of posting does not count."""
    return posted_on + dt.timedelta(days=window_days)


def window_is_over(today: dt.date, window_to: dt.date) -> bool:
    return today > window_to


def standing(kind: NoticeKind, state: NoticeState, window_to: dt.date, today: dt.date) -> NoticeStanding:
    """How a notice stands on a day."""
    if state is not NoticeState.POSTED:
        return NoticeStanding(state.value)
    if not window_is_over(today, window_to):
        return NoticeStanding.OPEN
    return NoticeStanding.RIPE if KINDS[kind].settles else NoticeStanding.CLOSED


def due_date(kind: NoticeKind, period_end: dt.date, *, post_by_day: int, summary_days: int) -> dt.date | None:
    """The last day on which a notice of a period that ends so may be posted; None where no clock runs."""
    days = {Due.POST_BY: post_by_day, Due.SUMMARY: summary_days}.get(KINDS[kind].due)
    return None if days is None else period_end + dt.timedelta(days=days)


def public_to(posted_on: dt.date, window_to: dt.date, public_days: int) -> dt.date:
    """The last day on which strangers find the notice; never before its window ends."""
    return max(window_to, posted_on + dt.timedelta(days=public_days))


def days_late(due: dt.date, posted_on: dt.date | None, today: dt.date) -> int:
    """How many days late a notice was posted, or is by today where it is not posted yet."""
    return max(0, ((posted_on or today) - due).days)


def may_be_told(households: int, among: int) -> bool:
    """Whether a sum over some of `among` households names nobody: enough in it, and enough outside."""
    return SMALL_GROUP <= households <= among - SMALL_GROUP


def digest_of(token: str) -> str:
    """Under which the secret part of a letter's address is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def form_key(code: str) -> str:
    """The request key of what was filed from a printed form."""
    return f"paper:{code}"
