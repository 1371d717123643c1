"""The village's notices as a household reads them: its own line first, the others masked, each open to objection."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate

from jizhi.notices import selectors
from jizhi.notices.rules import NoticeKind, NoticeStanding, NoticeState
from jizhi.web import noticing
from jizhi.web.pages import household_page, page_or_partial
from jizhi.web.resident.forms import NoticeSearch
from jizhi.web.resident.views import own

ROWS = 20


@household_page
def notice_list(request: HttpRequest) -> HttpResponse:
    """The village's notices, newest first."""
    household = own.household(request)
    today = localdate(request.at)
    rows = selectors.public_rows(household.village, on=today, expired=True)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    lines = selectors.published_lines(page.object_list)
    context = {"page": page, "lines": lines, "today": today, "village": household.village}
    return page_or_partial(request, "resident/notices.html", **context)


@household_page
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """One notice: the own line, then the others with search."""
    household = own.household(request)
    page = page_of(household.village, notice_id)
    form = NoticeSearch(request.GET)
    words, is_month = form.data.get("q", "").strip(), page.kind is NoticeKind.MONTH
    others = [row for row in page.rows if row.no != household.no and _matches(row, words)]
    context: dict[str, Any] = {
        "page": page,
        "line": page.line,
        "own": next((row for row in page.rows if row.no == household.no), None),
        "rows": Paginator(others, ROWS).get_page(request.GET.get("page")),
        "search": form,
        "open": is_open(request, page),
        "withdrawn": page.line is not None and page.line.state is NoticeState.WITHDRAWN,
        "is_month": is_month,
        "tables": noticing.tables(page) if is_month else noticing.narrowed(noticing.tables(page), words),
        "preamble": noticing.preamble(page),
        "replacing": noticing.reason_for_replacing(page),
    }
    return page_or_partial(request, "resident/notice.html", **context)


def _matches(row: selectors.NoticeRow, words: str) -> bool:
    return not words or words in row.no or words in row.head


def page_of(village: Any, notice_id: int) -> selectors.NoticePage:
    """A notice of that village, or 404."""
    try:
        return selectors.notice_page(notice_id, village_code=village.code)
    except selectors.NoSuchNotice as missing:
        raise Http404(str(missing)) from missing


def is_open(request: HttpRequest, page: selectors.NoticePage) -> bool:
    """Whether one can object today."""
    line = page.line
    return line is not None and line.standing(localdate(request.at)) is NoticeStanding.OPEN
