"""The way of a claim, as a table: from filing to the ledger. Service checks, the trigger and the diagram follow it."""

from jizhi.core.text import N_, LabelledEnum


class ClaimState(LabelledEnum):
    FILED = "filed", N_("已申报")
    RETURNED = "returned", N_("已退回")
    VERIFIED = "verified", N_("已核实")
    APPROVED = "approved", N_("待告知")
    POSTED = "posted", N_("已记分")
    REJECTED = "rejected", N_("未认定")
    WITHDRAWN = "withdrawn", N_("已撤回")
    REVERSED = "reversed", N_("已撤销")


class Channel(LabelledEnum):
    SELF = "self", N_("本人申报")
    WORKER = "worker", N_("网格员采集")
    RECORDER = "recorder", N_("记录员补录")
    PAPER = "paper", N_("纸质申报表")
    EXCEL = "excel", N_("表格导入")


class ToldHow(LabelledEnum):
    """How a household was told of a deduction before it counts."""

    MESSAGE = "message", N_("手机消息已读")
    CALL = "call", N_("电话告知")
    VISIT = "visit", N_("上门当面告知")
    SLIP = "slip", N_("书面告知单签收")


STATES, _S = tuple(ClaimState), ClaimState

TRANSITIONS: dict[ClaimState, frozenset[ClaimState]] = {
    _S.FILED: frozenset({_S.VERIFIED, _S.RETURNED, _S.WITHDRAWN}),
    _S.RETURNED: frozenset({_S.FILED, _S.WITHDRAWN}),
    _S.VERIFIED: frozenset({_S.APPROVED, _S.POSTED, _S.REJECTED, _S.RETURNED, _S.WITHDRAWN}),
    _S.APPROVED: frozenset({_S.POSTED, _S.REJECTED}),
    _S.POSTED: frozenset({_S.REVERSED}),
    _S.REJECTED: frozenset(),
    _S.WITHDRAWN: frozenset(),
    _S.REVERSED: frozenset(),
}

# Which item channel (the scheme's `claim:` list) each way of filing needs.
CHANNEL_OF_ITEM = {
    Channel.SELF: "self",
    Channel.WORKER: "worker",
    Channel.RECORDER: "recorder",
    Channel.PAPER: "recorder",
    Channel.EXCEL: "recorder",
}


def can_move(source: ClaimState, target: ClaimState) -> bool:
    return target in TRANSITIONS[source]


def transitions_for_trigger() -> list[tuple[str, str]]:
    """The table as (from, to) pairs, for the database trigger."""
    return [(source.value, target.value) for source in STATES for target in sorted(TRANSITIONS[source])]
