"""Posted notices: the list, the page, making a month final, more time, taking down, prints and workbook."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.notices import selectors, services
from jizhi.notices.rules import KINDS, NoticeKind, NoticeState, window_is_over
from jizhi.posts.rules import Action
from jizhi.web import noticing
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import lists
from jizhi.web.desk.exports import notices as exports
from jizhi.web.desk.forms import posting as forms
from jizhi.web.desk.forms.notices import NoticeSearch, RowSearch
from jizhi.web.desk.templatetags import desk as said
from jizhi.web.pages import confirm, done, guarded, page_or_partial, staff_page
from jizhi.web.templatetags import jizhi as words

HOUSEHOLDS = 60


@staff_page(action=Action.VIEW_DESK)
def notices(request: HttpRequest) -> HttpResponse:
    """What is due to be posted, and all notices, the last posted first."""
    today = localdate(request.at)
    search, rows = _found(request)
    context = {
        "may_export": scope.may(request, Action.EXPORT),
        "may_post": scope.may(request, Action.POST_NOTICE),
        "may_see_late": scope.may(request, Action.VIEW_LEDGER),
        "search": search,
        "page": listing.page_of(request, rows, selectors.notice_lines),
        "due": selectors.to_post(request.user, on=today),
        "today": today,
        "several_villages": "village" in search.fields,
    }
    return page_or_partial(request, "desk/notices/list.html", **context)


def _found(request: HttpRequest) -> tuple[NoticeSearch, Any]:
    today = localdate(request.at)
    villages = scope.villages(request)
    offered = scope.scheme_titles(request, villages)
    search = NoticeSearch(request.GET, today=today, villages=villages, schemes=offered)
    rows = selectors.staff_notices(
        request.user,
        on=today,
        village_code=search.value("village"),
        state=search.value("state"),
        month=search.value("month"),
        kind=search.value("kind"),
        scheme=search.value("scheme"),
    )
    return search, rows


@staff_page(action=Action.EXPORT)
def notices_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    return lists.notices(selectors.notice_lines(_found(request)[1]), request.at)


@staff_page(action=Action.VIEW_DESK)
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """A posted notice, its window, its objections, and what may still be done with it."""
    today = localdate(request.at)
    page = posted(request, notice_id)
    line = page.line
    assert line is not None
    chain = selectors.chain_of(page.notice) if page.notice else []
    objections = selectors.objections(request.user, on=today).filter(notice_id__in=chain)
    open_now = line.state is NoticeState.POSTED
    window_over = window_is_over(today, line.window_to_date)
    may_post = scope.may(request, Action.POST_NOTICE, page.village)
    context = shown(request, page) | {
        "line": line,
        "today": today,
        "objections": selectors.lines(objections),
        "may_finalise": open_now
        and KINDS[page.kind].settles
        and scope.may(request, Action.FINALISE_NOTICE, page.village),
        "window_over": window_over,
        "may_key_in": open_now and not window_over and may_post,
        "may_extend": open_now and not window_over and may_post,
        "may_withdraw": open_now and scope.may(request, Action.WITHDRAW_NOTICE, page.village),
        "may_post_again": line.state is NoticeState.WITHDRAWN and line.replaced_by_id is None and may_post,
        "may_export": scope.may(request, Action.EXPORT, page.village),
    }
    return page_or_partial(request, "desk/notices/page.html", **context)


def posted(request: HttpRequest, notice_id: int) -> selectors.NoticePage:
    """A notice of the reader's villages, or 404."""
    try:
        page = selectors.notice_page(notice_id)
    except selectors.NoSuchNotice as missing:
        raise Http404(str(missing)) from missing
    if not scope.may(request, Action.VIEW_DESK, page.village):
        raise Http404
    return page


def shown(request: HttpRequest, page: selectors.NoticePage) -> dict[str, Any]:
    """The rows that stand on this page of the notice, by search, and the tables beside them."""
    search, is_month = RowSearch(request.GET), page.kind is NoticeKind.MONTH
    rows = [row for row in page.rows if search.words in row.no or search.words in row.head]
    return {
        "notice": page,
        "search": search,
        "page": listing.page_of(request, rows, list, size=HOUSEHOLDS),
        "sums": {
            "merits": sum(row.merits for row in page.rows),
            "faults": sum(row.faults for row in page.rows),
            "entries": sum(len(row.listed) for row in page.rows),
        },
        "is_month": is_month,
        "tables": noticing.tables(page)
        if is_month
        else noticing.narrowed(noticing.tables(page), search.words),
        "preamble": noticing.preamble(page),
        "replacing": noticing.reason_for_replacing(page),
        "may_key_in": False,
    }


@staff_page(action=Action.FINALISE_NOTICE)
def notice_finalisation(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Make it final after its window: the month is settled and the points can be spent."""
    page = posted(request, notice_id)
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


@staff_page(action=Action.POST_NOTICE)
def notice_extension(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Give the window more days, with the reason."""
    page = posted(request, notice_id)
    assert page.line is not None
    form = forms.ExtensionForm(
        request.POST if request.method == "POST" else None, window_to=page.line.window_to_date
    )
    if form.is_valid():
        with guarded(request, form):
            services.extend_window(
                notice=page.notice,
                to_date=form.cleaned_data["to_date"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=request.at,
            )
            text = gettext("公示期已延长到%(day)s。") % {"day": words.day(form.cleaned_data["to_date"])}
            return done(request, text, "desk:notice", notice_id)
    context = {"notice": page, "line": page.line, "form": form}
    return page_or_partial(request, "desk/notices/extension.html", **context)


@staff_page(action=Action.WITHDRAW_NOTICE)
def notice_withdrawal(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Take the notice down, with the reason that everybody will read."""
    page = posted(request, notice_id)
    form = forms.WithdrawalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with guarded(request, form):
            services.withdraw_notice(
                notice=page.notice, reason=form.cleaned_data["reason"], by=request.user, at=request.at
            )
            text = gettext("已撤下。请改正之后重新张贴，并取下公示栏上的那一份。")
            return done(request, text, "desk:notice", notice_id)
    context = {"notice": page, "line": page.line, "form": form}
    return page_or_partial(request, "desk/notices/withdrawal.html", **context)


@staff_page(action=Action.VIEW_DESK)
def notice_print(request: HttpRequest, notice_id: int) -> HttpResponse:
    """The sheet for the notice board, A4 or `?paper=a3`; one that was taken down is not printed."""
    page = posted(request, notice_id)
    if page.line is None or page.line.state is NoticeState.WITHDRAWN:
        raise Http404
    address = reverse("public:notice", args=[page.village.code, notice_id])
    return exports.print_(page, link=request.build_absolute_uri(address), paper=paper_of(request))


def paper_of(request: HttpRequest) -> str:
    """The paper that `?paper=` asks for."""
    return "a3" if request.GET.get("paper") == "a3" else "a4"


@staff_page(action=Action.EXPORT)
def notice_export(request: HttpRequest, notice_id: int) -> HttpResponse:
    """The notice as a workbook: a month's households and entries, and every table beside them."""
    return exports.workbook(posted(request, notice_id))
