"""States of notices and objections, and the dates of their clocks. Plain Python only."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from jizhi.core.text import N_, LabelledEnum


class NoticeState(LabelledEnum):
    POSTED = "posted", N_("公示中")
    FINALISED = "finalised", N_("已定案")


class ObjectionState(LabelledEnum):
    FILED = "filed", N_("待答复")
    UPHELD = "upheld", N_("异议成立")
    DISMISSED = "dismissed", N_("异议不成立")
    WITHDRAWN = "withdrawn", N_("已撤回")


class ObjectionChannel(LabelledEnum):
    PHONE_PAGE = "page", N_("手机提出")
    SPOKEN = "spoken", N_("口头提出")
    PAPER = "paper", N_("书面提出")


NOTICE_TRANSITIONS = {
    NoticeState.POSTED: frozenset({NoticeState.FINALISED}),
    NoticeState.FINALISED: frozenset[NoticeState](),
}

OBJECTION_TRANSITIONS = {
    ObjectionState.FILED: frozenset(
        {ObjectionState.UPHELD, ObjectionState.DISMISSED, ObjectionState.WITHDRAWN}
    ),
    ObjectionState.UPHELD: frozenset[ObjectionState](),
    ObjectionState.DISMISSED: frozenset[ObjectionState](),
    ObjectionState.WITHDRAWN: frozenset[ObjectionState](),
}


def window_end(posted_on: dt.date, window_days: int) -> dt.date:
    """The last day on which an objection may be filed; the day of posting does not count."""
    return posted_on + dt.timedelta(days=window_days)


def window_is_over(today: dt.date, window_to: dt.date) -> bool:
    return today > window_to


def pairs(table: "Mapping[Any, frozenset[Any]]") -> list[tuple[str, str]]:
    """A transition table as (from, to) pairs, for the database trigger."""
    return [(source.value, target.value) for source, targets in table.items() for target in sorted(targets)]
