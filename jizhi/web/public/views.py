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
from jizhi.assemblies import selectors as assemblies
from jizhi.claims.selectors import HOUSEHOLD_SCHEME
from jizhi.notices import selectors as notices_of
from jizhi.notices.rules import NoticeKind, NoticeStanding, NoticeState
from jizhi.participants import selectors as participants
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action, PostKind
from jizhi.schemes import selectors as schemes
from jizhi.store import selectors as store
from jizhi.web import noticing, printouts
from jizhi.web.pages import anyone, page_or_partial
from jizhi.web.public import reading
from jizhi.web.public.forms import ItemSearch, NoticeKindSearch, NoticeSearch, VillageSearch

ROWS = 50
NOTICES = 24


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
        "found": [a for a in found if a.level_id == "village" or a.level.is_grid],
    }
    tree = areas.tree(on=localdate(request.at), inside_villages=False)
    return page_or_partial(request, "public/front.html", tree=tree, **context)


@anyone
def village(request: HttpRequest, code: str) -> HttpResponse:
    """A village's front: what is posted, how points are earned, whom to ask, when the store opens."""
    area, today = _village(code), localdate(request.at)
    context: dict[str, Any] = {
        "scheme": schemes.public_scheme(area, HOUSEHOLD_SCHEME, on=today),
        "others": [one for one in participants.schemes_in_force(area, today) if one.id != HOUSEHOLD_SCHEME],
        "notices": notices_of.public_notices(area, on=today, limit=6),
        "workers": posts.grid_workers(area, today),
        "funds": assemblies.funds_of_village(area),
        "dividends": assemblies.dividends_of_village(area),
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
    in_force = participants.schemes_in_force(area, localdate(request.at))
    wanted = request.GET.get("scheme") or HOUSEHOLD_SCHEME
    if wanted != HOUSEHOLD_SCHEME and wanted not in {one.id for one in in_force}:
        raise Http404
    found = schemes.public_scheme(area, wanted, on=localdate(request.at))
    chapters = reading.chapters(found.document, form.data.get("q", "")) if found else []
    shown = sum(len(chapter.items) for chapter in chapters)
    context: dict[str, Any] = {"village": area, "scheme": found, "chapters": chapters, "shown": shown}
    context |= {"search": form, "in_force": in_force, "wanted": wanted}
    return page_or_partial(request, "public/scheme.html", **context)


@anyone
def notices(request: HttpRequest, code: str) -> HttpResponse:
    """A village's notices, newest first."""
    area = _village(code)
    form = NoticeKindSearch(request.GET)
    rows = notices_of.public_rows(area, on=localdate(request.at), kind=form.kind_wanted)
    page = Paginator(rows, NOTICES).get_page(request.GET.get("page"))
    lines = notices_of.published_lines(page.object_list)
    context = {"village": area, "page": page, "notices": lines, "search": form}
    return page_or_partial(request, "public/notices.html", **context)


@anyone
def notice(request: HttpRequest, code: str, notice_id: int) -> HttpResponse:
    """One notice: masked names, entries, the window's end, how to object. Gone for strangers after its last day."""
    area, page = _notice(request, code, notice_id)
    if _is_gone(request, page):
        return _gone(request, area, page)
    form = NoticeSearch(request.GET, of_households=page.of_households)
    is_month = page.kind is NoticeKind.MONTH
    if not is_month:
        del form.fields["shown"]
    rows = reading.notice_rows(page.rows, form.data.get("q", ""), form.data.get("shown", ""))
    context: dict[str, Any] = {
        "village": area,
        "page": page,
        "search": form,
        "rows": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "sums": reading.sums(page.rows),
        "open": _is_open(page, localdate(request.at)),
        "readable": _may_read(request, page),
        "withdrawn": _is_withdrawn(page),
        "is_month": is_month,
        "tables": noticing.tables(page)
        if is_month
        else noticing.narrowed(noticing.tables(page), form.data.get("q", "").strip()),
        "preamble": noticing.preamble(page),
        "replacing": noticing.reason_for_replacing(page),
    }
    return _not_indexed(page_or_partial(request, "public/notice.html", **context))


@anyone
def notice_pdf(request: HttpRequest, code: str, notice_id: int) -> HttpResponse:
    """The notice for the board, as it is printed."""
    area, page = _notice(request, code, notice_id)
    if _is_gone(request, page):
        return _gone(request, area, page)
    if not _may_read(request, page):
        raise Http404
    link = request.build_absolute_uri(request.path.removesuffix("notice.pdf"))
    paper = "a3" if request.GET.get("paper") == "a3" else "a4"
    pdf = printouts.notice(page, link=link, paper=paper)
    name = f"{page.village.code}-{page.kind.value}-{page.period}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return _not_indexed(HttpResponse(pdf, content_type="application/pdf", headers=headers))


@anyone
def how_to_object(request: HttpRequest, code: str) -> HttpResponse:
    """The ways to object: on the phone, in person, on paper; and what must happen then."""
    area, today = _village(code), localdate(request.at)
    posted = notices_of.public_notices(area, on=today, limit=6)
    open_now = [line for line in posted if line.standing(today) is NoticeStanding.OPEN]
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
    return page.line is not None and page.line.standing(today) is NoticeStanding.OPEN


def _is_withdrawn(page: notices_of.NoticePage) -> bool:
    return page.line is not None and page.line.state is NoticeState.WITHDRAWN


def _is_gone(request: HttpRequest, page: notices_of.NoticePage) -> bool:
    """Whether the last day for strangers is over; the village's own households and its staff still find the page."""
    over = page.line is not None and page.line.public_to_date < localdate(request.at)
    return over and not _belongs(request, page)


def _gone(request: HttpRequest, area: Any, page: notices_of.NoticePage) -> HttpResponse:
    """A plain page: it hung from when to when, its digest, and whom to ask."""
    today = localdate(request.at)
    committee = [post for post in posts.posts_in(area, today) if post.kind is PostKind.COMMITTEE]
    context = {"village": area, "page": page, "people": committee}
    return _not_indexed(page_or_partial(request, "public/notice_gone.html", status=410, **context))


def _not_indexed(answer: HttpResponse) -> HttpResponse:
    """Search engines keep nothing of a notice: it is there for a while and for people."""
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


def _may_read(request: HttpRequest, page: notices_of.NoticePage) -> bool:
    """Anybody while the window is open; afterwards the village's own households and its staff.

    What was taken down is read on the desk alone.
    """
    if _is_withdrawn(page):
        return False
    return _is_open(page, localdate(request.at)) or _belongs(request, page)


def _belongs(request: HttpRequest, page: notices_of.NoticePage) -> bool:
    """Whether the reader is of the village: one of its households, or staff who serve it."""
    today = localdate(request.at)
    if not request.user.is_authenticated:
        return False
    own = people.subject_of_user(request.user, on=today)
    if own is not None:
        return bool(own.village_id == page.village.pk)
    return posts.can(request.user, Action.VIEW_DESK, page.village, today)
