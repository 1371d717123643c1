"""The public pages. They ask no sign-in and show nobody's whole name; an expired list is taken down."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.areas import selectors as areas
from jizhi.notices import selectors as notices_of
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action, PostKind
from jizhi.schemes import selectors as schemes
from jizhi.store import selectors as store
from jizhi.web import printouts
from jizhi.web.pages import anyone, page_or_partial
from jizhi.web.public import reading
from jizhi.web.public.forms import ItemSearch, NoticeSearch, VillageSearch

HOUSEHOLD_SCHEME = "household"
ROWS = 50


@anyone
def front(request: HttpRequest) -> HttpResponse:
    """Choose a village; where there is only one, it is the front."""
    form = VillageSearch(request.GET)
    words = form.data.get("q", "").strip()
    if not words:
        only = areas.villages()
        if len(only) == 1:
            return redirect("public:village", only[0].code)
    found = areas.search_areas(words) if words else ()
    context = {
        "search": form,
        "words": words,
        "found": [a for a in found if a.level_id in ("village", "grid")],
    }
    return page_or_partial(request, "public/front.html", tree=areas.tree(on=localdate(request.at)), **context)


@anyone
def village(request: HttpRequest, code: str) -> HttpResponse:
    """A village's front: what is posted, how points are earned, whom to ask, when the store opens."""
    area, today = _village(code), localdate(request.at)
    context: dict[str, Any] = {
        "scheme": schemes.public_scheme(area, HOUSEHOLD_SCHEME, on=today),
        "notices": notices_of.public_notices(area, limit=6),
        "workers": posts.grid_workers(area, today),
        "next_opening": store.next_opening(area, today),
        "today": today,
    }
    return page_or_partial(
        request, "public/village.html", village=area, above=areas.ancestors(area), **context
    )


@anyone
def scheme(request: HttpRequest, code: str) -> HttpResponse:
    """How points are earned, in words, with limits, basis and examples."""
    area = _village(code)
    form = ItemSearch(request.GET)
    found = schemes.public_scheme(area, HOUSEHOLD_SCHEME, on=localdate(request.at))
    chapters = reading.chapters(found.document, form.data.get("q", "")) if found else []
    shown = sum(len(chapter.items) for chapter in chapters)
    context = {"village": area, "scheme": found, "chapters": chapters, "shown": shown, "search": form}
    return page_or_partial(request, "public/scheme.html", **context)


@anyone
def notices(request: HttpRequest, code: str) -> HttpResponse:
    """A village's notices, newest first."""
    area = _village(code)
    lines = notices_of.public_notices(area)
    return page_or_partial(request, "public/notices.html", village=area, notices=lines)


@anyone
def notice(request: HttpRequest, code: str, notice_id: int) -> HttpResponse:
    """One notice: masked names, entries, the window's end, how to object."""
    area, page = _notice(request, code, notice_id)
    form = NoticeSearch(request.GET)
    rows = reading.notice_rows(page.rows, form.data.get("q", ""), form.data.get("shown", ""))
    context: dict[str, Any] = {
        "village": area,
        "page": page,
        "search": form,
        "rows": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "sums": reading.sums(page.rows),
        "open": _is_open(page, localdate(request.at)),
        "readable": _may_read(request, page),
        "answer_days": schemes.clocks(area).answer_days,
    }
    return page_or_partial(request, "public/notice.html", **context)


@anyone
def notice_pdf(request: HttpRequest, code: str, notice_id: int) -> HttpResponse:
    """The notice for the board, as it is printed."""
    area, page = _notice(request, code, notice_id)
    if not _may_read(request, page):
        raise Http404
    link = request.build_absolute_uri(request.path.removesuffix("notice.pdf"))
    pdf = printouts.notice(page, answer_days=schemes.clocks(area).answer_days, link=link)
    name = f"{page.village.code}-{page.period}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


@anyone
def how_to_object(request: HttpRequest, code: str) -> HttpResponse:
    """The ways to object: on the phone, in person, on paper; and what must happen then."""
    area, today = _village(code), localdate(request.at)
    open_now = [line for line in notices_of.public_notices(area, limit=3) if line.window_to_date >= today]
    committee = [post for post in posts.posts_in(area, today) if post.kind is PostKind.COMMITTEE]
    context: dict[str, Any] = {
        "clocks": schemes.clocks(area),
        "notices": open_now,
        "people": [*committee, *posts.grid_workers(area, today)],
    }
    return page_or_partial(request, "public/how_to_object.html", village=area, **context)


def _village(code: str) -> Any:
    try:
        return areas.village_of(areas.area_by_code(code))
    except (areas.AreaNotFound, areas.NotInVillage) as wrong:
        raise Http404(str(wrong)) from wrong


def _notice(request: HttpRequest, code: str, notice_id: int) -> tuple[Any, notices_of.NoticePage]:
    area = _village(code)
    try:
        return area, notices_of.notice_page(notice_id, village_code=area.code)
    except notices_of.NoSuchNotice as wrong:
        raise Http404(gettext("没有这期公示。")) from wrong


def _is_open(page: notices_of.NoticePage, today: dt.date) -> bool:
    return page.line is not None and page.line.window_to_date >= today


def _may_read(request: HttpRequest, page: notices_of.NoticePage) -> bool:
    """Anybody while the window is open; afterwards the village's own households and its staff."""
    today = localdate(request.at)
    if _is_open(page, today):
        return True
    if not request.user.is_authenticated:
        return False
    own = people.subject_of_user(request.user, on=today)
    if own is not None:
        return bool(own.village_id == page.village.pk)
    return posts.can(request.user, Action.VIEW_DESK, page.village, today)
