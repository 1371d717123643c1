"""The way of a claim, as a table: from filing to the ledger. Service checks, the trigger and the diagram follow it."""

from jizhi.core.text import N_, LabelledEnum


class ClaimState(LabelledEnum):
    FILED = "filed", N_("已申报")
    RETURNED = "returned", N_("已退回")
    VERIFIED = "verified", N_("已核实")
    APPROVED = "approved", N_("待告知")
    GRACE = "grace", N_("限期改正")
    POSTED = "posted", N_("已记分")
    CORRECTED = "corrected", N_("已改正，不扣分")
    REJECTED = "rejected", N_("未认定")
    WITHDRAWN = "withdrawn", N_("已撤回")
    REVERSED = "reversed", N_("已撤销")


class Channel(LabelledEnum):
    SELF = "self", N_("本人申报")
    WORKER = "worker", N_("网格员采集")
    RECORDER = "recorder", N_("记录员补录")
    PAPER = "paper", N_("纸质申报表")
    EXCEL = "excel", N_("表格导入")
    ACTIVITY = "activity", N_("活动签到")
    RECOGNITION = "recognition", N_("三方认定")
    WITNESS = "witness", N_("邻居代为申报")
    SPOKEN = "spoken", N_("口头申报，代为录入")
    SYSTEM = "system", N_("其他系统推送")
    DERIVED = "derived", N_("从记录生成")


class ToldHow(LabelledEnum):
    """How a household was told of a deduction before it counts."""

    MESSAGE = "message", N_("手机消息已读")
    CALL = "call", N_("电话告知")
    VISIT = "visit", N_("上门当面告知")
    SLIP = "slip", N_("书面告知单签收")


class Age(LabelledEnum):
    """How long a household has not been told of what the panel decided."""

    FRESH = "fresh", N_("3天以内")
    WEEK = "week", N_("4到7天")
    OLD = "old", N_("超过7天")


AGE_DAYS = {Age.FRESH: (0, 3), Age.WEEK: (4, 7), Age.OLD: (8, None)}


def age_of(days: int) -> Age:
    """The age of so many days."""
    return next(age for age, (_from, to) in AGE_DAYS.items() if to is None or days <= to)


class EvidenceKind(LabelledEnum):
    """A photo is written anew and shown; a document is kept as it is and downloaded."""

    PHOTO = "photo", N_("照片")
    DOCUMENT = "document", N_("文件")


class Likeness(LabelledEnum):
    """Why two claims may be about one act."""

    SUBJECT = "subject", N_("同一户、同一条目、日期相近")
    ADDRESS = "address", N_("同一住址、同一条目、同一天")
    PHOTO = "photo", N_("照片相同或非常相似")


class Verdict(LabelledEnum):
    """What somebody who compared two claims said."""

    SAME = "same", N_("是同一件事")
    DIFFERENT = "different", N_("不是同一件事")


# Two photos of one scene differ in at most so many of 64 bits; then at least one of the eight bands is equal.
NEAR_BITS = 7
BANDS = 8
# Two claims of one subject for one item are near when so many days lie between them.
NEAR_DAYS = 1
# An address that more households share than this is a block or a group of the village, not a door.
ADDRESS_SHARED_MAX = 4


def bands(fingerprint: int, village_id: int) -> list[int]:
    """The eight bands of a fingerprint as keys of one village, by which near photos are found in an index."""
    bits = fingerprint & (1 << 64) - 1
    return [village_id << 11 | place << 8 | bits >> 8 * place & 255 for place in range(BANDS)]


_S = ClaimState

TRANSITIONS: dict[ClaimState, frozenset[ClaimState]] = {
    _S.FILED: frozenset({_S.VERIFIED, _S.RETURNED, _S.WITHDRAWN}),
    _S.RETURNED: frozenset({_S.FILED, _S.WITHDRAWN}),
    _S.VERIFIED: frozenset({_S.APPROVED, _S.POSTED, _S.REJECTED, _S.RETURNED, _S.WITHDRAWN}),
    _S.APPROVED: frozenset({_S.GRACE, _S.POSTED, _S.REJECTED}),
    _S.GRACE: frozenset({_S.CORRECTED, _S.POSTED}),
    _S.POSTED: frozenset({_S.REVERSED}),
    _S.REJECTED: frozenset(),
    _S.WITHDRAWN: frozenset(),
    _S.REVERSED: frozenset(),
    _S.CORRECTED: frozenset(),
}

# Which item channel (the scheme's `claim:` list) each way of filing needs. What the recognition group or the pack
# brings forward needs none.
CHANNEL_OF_ITEM: dict[Channel, str] = {
    Channel.SELF: "self",
    Channel.WORKER: "worker",
    Channel.RECORDER: "recorder",
    Channel.PAPER: "recorder",
    Channel.EXCEL: "recorder",
    Channel.ACTIVITY: "worker",
    Channel.RECOGNITION: "",
    Channel.WITNESS: "self",
    Channel.SPOKEN: "recorder",
    Channel.SYSTEM: "recorder",
    Channel.DERIVED: "",
}

# Channels that bring what the house itself has recorded: the same item twice on a day is no slip there.
OF_RECORD = (Channel.ACTIVITY, Channel.RECOGNITION, Channel.DERIVED)


# What brings a record of the house by itself; by all other channels somebody says what was done: by hand.
BY_RECORD = frozenset({Channel.ACTIVITY, Channel.DERIVED})
# Where a claim counts, or may still count.
LIVE = frozenset({_S.FILED, _S.RETURNED, _S.VERIFIED, _S.APPROVED, _S.GRACE, _S.POSTED})
# A claim by hand that ended like this says nothing of the record any more, and the record may give its own.
GONE = frozenset({_S.REJECTED, _S.WITHDRAWN})


# A claim filed by the house itself in place of another one names it in its request key: it is no new act of anybody.
CORRECTION, AGAIN = "correction:", "again:"


def corrected_fact(request_key: str) -> int | None:
    """The number of the fact that this claim corrects, if it does."""
    return int(request_key.removeprefix(CORRECTION)) if request_key.startswith(CORRECTION) else None


def can_move(source: ClaimState, target: ClaimState) -> bool:
    return target in TRANSITIONS[source]
