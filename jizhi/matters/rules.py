"""The way of a matter, as tables: states, the steps between them, storeys, and how its clocks are counted.

Plain Python. Service checks, the database trigger and the diagram all follow MOVES.
"""

import datetime as dt
import difflib
from dataclasses import dataclass

from jizhi.core.text import N_, LabelledEnum


class MatterState(LabelledEnum):
    REPORTED = "reported", N_("待受理")
    RETURNED = "returned", N_("待补充")
    ACCEPTED = "accepted", N_("待办理")
    HANDLING = "handling", N_("办理中")
    HANDLED = "handled", N_("待复核")
    CONFIRMED = "confirmed", N_("待反馈")
    CLOSED = "closed", N_("已办结")
    REFUSED = "refused", N_("不予受理")
    MERGED = "merged", N_("已并案")
    WITHDRAWN = "withdrawn", N_("已撤回")


class Storey(LabelledEnum):
    """Who has the matter now; each storey may hand it to the next one up, and that one down again."""

    VILLAGE = "village", N_("村级")
    TOWNSHIP = "township", N_("乡镇")
    COUNTY = "county", N_("县级")


class Channel(LabelledEnum):
    STAFF = "staff", N_("网格上报")
    HOUSEHOLD = "household", N_("群众上报")
    CALL = "call", N_("来电来访")
    IMPORT = "import", N_("表格导入")


class Verb(LabelledEnum):
    """A step of the handling, as the log names it."""

    REPORT = "report", N_("上报")
    ASK_BACK = "ask_back", N_("退回补充")
    SUPPLEMENT = "supplement", N_("补充说明")
    DISPATCH = "dispatch", N_("分派")
    START = "start", N_("开始办理")
    NOTE = "note", N_("办理进展")
    HANDLE = "handle", N_("办理完成")
    CONFIRM = "confirm", N_("复核属实")
    NOT_SOLVED = "not_solved", N_("复核未解决")
    CLOSE = "close", N_("反馈办结")
    REFUSE = "refuse", N_("不予受理")
    MERGE = "merge", N_("并入另一件")
    ABSORB = "absorb", N_("并入重复件")
    WITHDRAW = "withdraw", N_("撤回")
    REOPEN = "reopen", N_("重新办理")
    RATE = "rate", N_("评价")
    ESCALATE = "escalate", N_("上报上级")
    SEND_DOWN = "send_down", N_("转回下级")
    HAND_OVER = "hand_over", N_("工作移交")


class ToldHow(LabelledEnum):
    """How the reporter was given the answer."""

    MESSAGE = "message", N_("手机消息")
    CALL = "call", N_("电话告知")
    VISIT = "visit", N_("上门告知")
    POSTED = "posted", N_("现场告知")


class AgeBand(LabelledEnum):
    """How long ago a matter was reported."""

    WEEK = "week", N_("7天以内")
    MONTH = "month", N_("8至30天")
    QUARTER = "quarter", N_("31至90天")
    OLDER = "older", N_("90天以上")


_S, _V = MatterState, Verb
OPEN = frozenset({_S.REPORTED, _S.RETURNED, _S.ACCEPTED, _S.HANDLING, _S.HANDLED, _S.CONFIRMED})
UNDER_HANDS = frozenset({_S.REPORTED, _S.ACCEPTED, _S.HANDLING})

# Verb: from which states, and to which one; None leaves the state as it is.
MOVES: dict[Verb, tuple[frozenset[MatterState], MatterState | None]] = {
    _V.ASK_BACK: (UNDER_HANDS, _S.RETURNED),
    _V.SUPPLEMENT: (frozenset({_S.RETURNED}), _S.REPORTED),
    _V.DISPATCH: (UNDER_HANDS, _S.ACCEPTED),
    _V.START: (frozenset({_S.ACCEPTED}), _S.HANDLING),
    _V.NOTE: (frozenset({_S.ACCEPTED, _S.HANDLING}), None),
    _V.HANDLE: (frozenset({_S.ACCEPTED, _S.HANDLING}), _S.HANDLED),
    _V.CONFIRM: (frozenset({_S.HANDLED}), _S.CONFIRMED),
    _V.NOT_SOLVED: (frozenset({_S.HANDLED}), _S.HANDLING),
    _V.CLOSE: (frozenset({_S.CONFIRMED}), _S.CLOSED),
    _V.REFUSE: (frozenset({_S.REPORTED, _S.RETURNED}), _S.REFUSED),
    _V.MERGE: (UNDER_HANDS | {_S.RETURNED}, _S.MERGED),
    _V.ABSORB: (UNDER_HANDS | {_S.RETURNED}, None),
    _V.WITHDRAW: (frozenset({_S.REPORTED, _S.RETURNED, _S.ACCEPTED}), _S.WITHDRAWN),
    _V.REOPEN: (frozenset({_S.CLOSED}), _S.ACCEPTED),
    _V.RATE: (frozenset({_S.CLOSED}), None),
    _V.ESCALATE: (UNDER_HANDS, _S.REPORTED),
    _V.SEND_DOWN: (UNDER_HANDS, _S.REPORTED),
    _V.HAND_OVER: (OPEN, None),
}

TRANSITIONS: dict[MatterState, frozenset[MatterState]] = {
    source: frozenset(
        target
        for sources, target in MOVES.values()
        if target is not None and source in sources and target is not source
    )
    for source in MatterState
}


def may_move(state: MatterState, verb: Verb) -> bool:
    """Whether the step is possible from the state."""
    return verb in MOVES and state in MOVES[verb][0]


def target_of(state: MatterState, verb: Verb) -> MatterState:
    """Where the step leads."""
    return MOVES[verb][1] or state


_UP = {Storey.VILLAGE: Storey.TOWNSHIP, Storey.TOWNSHIP: Storey.COUNTY}


def above(storey: Storey) -> Storey | None:
    """The next storey up; None above the county."""
    return _UP.get(storey)


def below(storey: Storey) -> Storey | None:
    """The next storey down; None below the village."""
    return next((low for low, high in _UP.items() if high is storey), None)


@dataclass(frozen=True, slots=True)
class Clocks:
    """The days that a place gives to each stretch of a matter's way."""

    accept_days: int = 1
    recheck_days: int = 3
    reopen_days: int = 30
    escalate_days: int = 2
    working_days: bool = False

    def after(self, day: dt.date, days: int) -> dt.date:
        """The day so many days on; with `working_days`, Saturdays and Sundays are not counted."""
        if not self.working_days:
            return day + dt.timedelta(days=days)
        step = 1 if days >= 0 else -1
        left = abs(days)
        while left:
            day += dt.timedelta(days=step)
            left -= day.weekday() < 5
        return day

    def between(self, start: dt.date, end: dt.date) -> int:
        """How many days of this clock lie between two days; negative when the end is earlier."""
        if not self.working_days:
            return (end - start).days
        if end < start:
            return -self.between(end, start)
        return sum((start + dt.timedelta(days=n)).weekday() < 5 for n in range(1, (end - start).days + 1))


def due_after(verb: Verb, clocks: Clocks, handle_days: int, day: dt.date) -> dt.date | None:
    """The deadline that a step sets; None where the clock stops. Steps not named here leave it as it was."""
    if verb in (Verb.REPORT, Verb.ESCALATE, Verb.SEND_DOWN):
        return clocks.after(day, clocks.accept_days)
    if verb in (Verb.DISPATCH, Verb.NOT_SOLVED, Verb.REOPEN):
        return clocks.after(day, handle_days)
    if verb in (Verb.HANDLE, Verb.CONFIRM):
        return clocks.after(day, clocks.recheck_days)
    return None


CLOCK_STEPS = frozenset(
    {_V.REPORT, _V.ESCALATE, _V.SEND_DOWN, _V.DISPATCH, _V.NOT_SOLVED, _V.REOPEN, _V.HANDLE, _V.CONFIRM}
)
CLOCK_STOPS = frozenset({_V.ASK_BACK, _V.CLOSE, _V.REFUSE, _V.MERGE, _V.WITHDRAW})


def band_days(band: AgeBand, today: dt.date) -> tuple[dt.date | None, dt.date]:
    """The first and the last day on which a matter of that band was reported; no first day for the oldest."""
    limits = {
        AgeBand.WEEK: (7, 0),
        AgeBand.MONTH: (30, 8),
        AgeBand.QUARTER: (90, 31),
        AgeBand.OLDER: (None, 91),
    }
    far, near = limits[band]
    first = None if far is None else today - dt.timedelta(days=far)
    return first, today - dt.timedelta(days=near)


def likeness(one: str, other: str) -> float:
    """How much two texts resemble each other, from 0 to 1."""
    return difflib.SequenceMatcher(None, one[:200], other[:200], autojunk=False).ratio()
