"""The month's public notices: what is due, preview, posting, the page, making it final, prints and workbook."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.claims.selectors import HOUSEHOLD_SCHEME
from jizhi.notices import selectors, services
from jizhi.notices.rules import NoticeState, window_end, window_is_over
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import lists
from jizhi.web.desk.exports import notices as exports
from jizhi.web.desk.forms.notices import NoticeSearch, RowSearch
from jizhi.web.desk.templatetags import desk as said
from jizhi.web.pages import confirm, done, guarded, page_or_partial, staff_page
from jizhi.web.templatetags import jizhi as words

HOUSEHOLDS = 60


@staff_page(action=Action.VIEW_DESK)
def notices(request: HttpRequest) -> HttpResponse:
    """What is due to be posted, and all notices by month."""
    today = localdate(request.at)
    search, rows = _found(request)
    context = {
        "may_export": scope.may(request, Action.EXPORT),
        "search": search,
        "page": listing.page_of(request, rows, selectors.notice_lines),
        "due": selectors.to_post(request.user, HOUSEHOLD_SCHEME, on=today),
        "today": today,
        "several_villages": "village" in search.fields,
    }
    return page_or_partial(request, "desk/notices/list.html", **context)


def _found(request: HttpRequest) -> tuple[NoticeSearch, Any]:
    today = localdate(request.at)
    search = NoticeSearch(request.GET, today=today, villages=scope.villages(request))
    rows = selectors.staff_notices(
        request.user,
        on=today,
        village_code=search.value("village"),
        state=search.value("state"),
        month=search.value("month"),
    )
    return search, rows


@staff_page(action=Action.EXPORT)
def notices_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    return lists.notices(selectors.notice_lines(_found(request)[1]), request.at)


@staff_page(action=Action.POST_NOTICE)
def notice_new(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """The notice as it would be posted today: the same page, nothing stored."""
    today = localdate(request.at)
    village = scope.village(request, Action.POST_NOTICE, code)
    page = selectors.preview(request.user, village, HOUSEHOLD_SCHEME, period, on=today)
    context = _shown(request, page) | {
        "due_date": selectors.post_by(period, village),
        "window_to": window_end(today, schemes.clocks(village).window_days),
        "today": today,
    }
    return page_or_partial(request, "desk/notices/preview.html", **context)


@staff_page(action=Action.POST_NOTICE)
def notice_posting(request: HttpRequest, code: str, period: str) -> HttpResponse:
    """Post it, after a question."""
    village = scope.village(request, Action.POST_NOTICE, code)
    back = reverse("desk:notice_new", args=[code, period])
    window_to = window_end(localdate(request.at), schemes.clocks(village).window_days)
    if request.method != "POST":
        return confirm(
            request,
            title=gettext("张贴%(village)s%(period)s的公示？")
            % {"village": words.named(village), "period": said.period(period)},
            text=gettext("张贴之后内容不能再改，公示到%(day)s为止，期间接受异议。")
            % {"day": words.day(window_to)},
            button=gettext("张贴公示"),
            back=back,
        )
    with guarded(request):
        notice = services.post_notice(
            village=village, scheme=HOUSEHOLD_SCHEME, period=period, by=request.user, at=request.at
        )
        text = gettext("已张贴，公示到%(day)s为止。请打印一份贴在村里的公示栏。") % {
            "day": words.day(window_to)
        }
        return done(request, text, "desk:notice", notice.pk)
    return redirect(back)


@staff_page(action=Action.VIEW_DESK)
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """A posted notice, its window, its objections, and making it final."""
    today = localdate(request.at)
    page = _posted(request, notice_id)
    line = page.line
    assert line is not None
    objections = selectors.objections(request.user, on=today).filter(notice_id=notice_id)
    may_finalise = line.state is NoticeState.POSTED and scope.may(
        request, Action.FINALISE_NOTICE, page.village
    )
    context = _shown(request, page) | {
        "line": line,
        "today": today,
        "objections": selectors.lines(objections),
        "may_finalise": may_finalise,
        "window_over": window_is_over(today, line.window_to_date),
        "may_key_in": line.state is NoticeState.POSTED
        and not window_is_over(today, line.window_to_date)
        and scope.may(request, Action.POST_NOTICE, page.village),
        "may_export": scope.may(request, Action.EXPORT, page.village),
    }
    return page_or_partial(request, "desk/notices/page.html", **context)


def _posted(request: HttpRequest, notice_id: int) -> selectors.NoticePage:
    page = selectors.notice_page(notice_id)
    if not scope.may(request, Action.VIEW_DESK, page.village):
        raise Http404
    return page


def _shown(request: HttpRequest, page: selectors.NoticePage) -> dict[str, Any]:
    """The rows that stand on this page of the notice, by search."""
    search = RowSearch(request.GET)
    rows = [row for row in page.rows if search.words in row.no or search.words in row.head]
    return {
        "notice": page,
        "search": search,
        "page": listing.page_of(request, rows, list, size=HOUSEHOLDS),
        "sums": {
            "merits": sum(row.merits for row in page.rows),
            "faults": sum(row.faults for row in page.rows),
            "entries": sum(len(row.entries) for row in page.rows),
        },
        "may_key_in": False,
    }


@staff_page(action=Action.FINALISE_NOTICE)
def notice_finalisation(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Make it final after its window: the month is settled and the points can be spent."""
    page = _posted(request, notice_id)
    back = reverse("desk:notice", args=[notice_id])
    if request.method != "POST":
        return confirm(
            request,
            title=gettext("%(period)s的公示定案？") % {"period": said.period(page.period)},
            text=gettext("定案之后结算这个月，可兑换的积分记入各户。异议期已过，不能再改。"),
            button=gettext("定案"),
            back=back,
        )
    with guarded(request):
        services.finalise_notice(notice=page.notice, by=request.user, at=request.at)
        return done(request, gettext("已定案，本月积分可以兑换了。"), back)
    return redirect(back)


@staff_page(action=Action.VIEW_DESK)
def notice_print(request: HttpRequest, notice_id: int) -> HttpResponse:
    """The sheet for the notice board, A4 or `?paper=a3`."""
    page = _posted(request, notice_id)
    paper = "a3" if request.GET.get("paper") == "a3" else "a4"
    address = reverse("public:notice", args=[page.village.code, notice_id])
    return exports.print_(page, link=request.build_absolute_uri(address), paper=paper)


@staff_page(action=Action.EXPORT)
def notice_export(request: HttpRequest, notice_id: int) -> HttpResponse:
    """The notice as a workbook: households, and entries."""
    return exports.workbook(_posted(request, notice_id))
