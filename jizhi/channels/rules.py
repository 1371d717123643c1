"""Sheets of paper with a printed code, what systems may push, records from which claims follow. Plain Python."""

from jizhi.core import check_digits
from jizhi.core.text import N_, LabelledEnum

SHEETS_A_BATCH_MAX = 500
VILLAGE_DIGITS, NUMBER_DIGITS = 5, 6


class SheetKind(LabelledEnum):
    """What is written on a sheet."""

    CLAIM = "claim", N_("申报表")
    OBJECTION = "objection", N_("异议表")


class SheetState(LabelledEnum):
    """Where a printed sheet is. A missing one that turns up again is keyed in as any other."""

    PRINTED = "printed", N_("已发出")
    USED = "used", N_("已录入")
    SPOILED = "spoiled", N_("已作废")
    MISSING = "missing", N_("未收回")


_S = SheetState
SHEET_TRANSITIONS: dict[SheetState, frozenset[SheetState]] = {
    _S.PRINTED: frozenset({_S.USED, _S.SPOILED, _S.MISSING}),
    _S.MISSING: frozenset({_S.USED, _S.SPOILED}),
    _S.USED: frozenset(),
    _S.SPOILED: frozenset(),
}


def can_move(source: SheetState, target: SheetState) -> bool:
    return target in SHEET_TRANSITIONS[source]


def sheet_code(village_id: int, number: int) -> str:
    """The code of a village's sheet: which village, which sheet, and the check digit."""
    return check_digits.with_check(f"{village_id:0{VILLAGE_DIGITS}d}{number:0{NUMBER_DIGITS}d}")


def written(code: str) -> str:
    """The code as it is printed: 00012-000345-7."""
    return check_digits.grouped(code, len(code) - NUMBER_DIGITS - 1, NUMBER_DIGITS)


def scheme_item(scheme: str, item: str) -> str:
    """An item of a scheme as a system keeps it: neither key has a blank in it."""
    return f"{scheme} {item}"


def split_scheme_item(text: str) -> tuple[str, str]:
    """Scheme and item of what `scheme_item` wrote."""
    scheme, _blank, item = text.partition(" ")
    return scheme, item


class Record(LabelledEnum):
    """Records of the house from which claims follow, as the documents name them."""

    MATTER_SOLVED = "matter_solved", N_("反映的事件办结")
    VISIT_DONE = "visit_done", N_("走访到户")
    VISITS_COMPLETE = "visits_complete", N_("当月走访无遗漏")
    ACTIVITY_ATTENDED = "activity_attended", N_("参加活动")
    NEED_SERVED = "need_served", N_("完成群众需求")
    MEETING_ATTENDED = "meeting_attended", N_("出席评议会")
    SERVICE_CONFIRMED = "service_confirmed", N_("报到服务已确认")


# How far back records are looked at; what is older than that is settled.
RECORD_BACK_DAYS = 62
