"""A month of one scheme before everybody: its notice, the end of its window, and what follows a quarter's end."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from jizhi.notices import selectors as notices
from jizhi.notices import services
from jizhi.notices.rules import NoticeKind
from jizhi.settlement import rules as periods

if TYPE_CHECKING:
    from jizhi.demo.setup import VillageParts


def notice(parts: VillageParts, scheme: str, month: dt.date) -> notices.NoticePage | None:
    """The month's notice that holds, if one was posted."""
    number = notices.notice_of(parts.area, f"{month:%Y-%m}", scheme=scheme)
    return notices.notice_page(number) if number else None


def post(parts: VillageParts, scheme: str, month: dt.date, at: dt.datetime) -> None:
    """The committee posts the month."""
    services.post_notice(
        village=parts.area, scheme=scheme, period=f"{month:%Y-%m}", by=parts.staff["committee"], at=at
    )


def finalise(parts: VillageParts, scheme: str, month: dt.date, at: dt.datetime) -> None:
    """The window is over: the month is settled."""
    page = notice(parts, scheme, month)
    if page is not None and page.notice is not None:
        services.finalise_notice(notice=page.notice, by=parts.staff["committee"], at=at)


def summarise(parts: VillageParts, scheme: str, month: dt.date, at: dt.datetime) -> None:
    """With the quarter's last month final: its summary and honours, and in January the year's."""
    committee = parts.staff["committee"]
    about: dict[str, Any] = {"village": parts.area, "scheme": scheme, "by": committee, "at": at}
    quarter = periods.period_of(periods.PeriodKind.QUARTER, month)
    services.post_notice(kind=NoticeKind.QUARTER, period=quarter.key, **about)
    honours = notices.preview(
        committee, parts.area, scheme, quarter.key, on=at.date(), kind=NoticeKind.HONOURS
    )
    if honours.lists:
        services.post_notice(kind=NoticeKind.HONOURS, period=quarter.key, **about)
    if month.month == 12:
        services.post_notice(kind=NoticeKind.YEAR, period=f"{month.year}", **about)
