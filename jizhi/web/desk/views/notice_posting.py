"""Posting a notice: what can be posted, the preview on the page and on paper, and the posting itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.areas.selectors import named
from jizhi.claims.selectors import HOUSEHOLD_SCHEME
from jizhi.notices import selectors, services
from jizhi.notices.rules import NoticeKind, window_end
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
from jizhi.store import selectors as store
from jizhi.store import services as store_services
from jizhi.web import noticing, printouts
from jizhi.web.desk import scope
from jizhi.web.desk.exports import files
from jizhi.web.desk.forms.posting import ChoiceSearch
from jizhi.web.desk.views import notices
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.templatetags import jizhi as words


@staff_page(action=Action.POST_NOTICE)
def notice_choice(request: HttpRequest) -> HttpResponse:
    """Every notice that can be posted in a village, by kind."""
    today = localdate(request.at)
    search = ChoiceSearch(request.GET, villages=scope.villages(request, Action.POST_NOTICE))
    village = scope.village(request, Action.POST_NOTICE, search.value("village"))
    scheme = scope.scheme(request, village)
    # The store serves everybody at one counter: its notice is one for the village.
    kinds = [kind for kind in NoticeKind if kind is not NoticeKind.REDEMPTIONS or scheme == HOUSEHOLD_SCHEME]
    choices = [(kind, selectors.periods_to_post(village, scheme, kind, on=today)[::-1]) for kind in kinds]
    context = {
        "search": search,
        "village": village,
        "choices": choices,
        "scheme": scheme,
        "schemes": scope.schemes(request, [village]),
    }
    return page_or_partial(request, "desk/notices/choice.html", **context)


@staff_page(action=Action.POST_NOTICE)
def notice_new(request: HttpRequest, code: str, kind: str, period: str) -> HttpResponse:
    """The notice as it would be posted today: the same page, nothing stored."""
    today = localdate(request.at)
    village = scope.village(request, Action.POST_NOTICE, code)
    page, window_to = _preview(request, village, kind, period)
    span = selectors.period_for(page.kind, period)
    context = notices.shown(request, page) | {
        "due_date": selectors.post_by(page.kind, span, village),
        "window_to": window_to,
        "today": today,
        "scheme": scope.scheme(request, village),
    }
    return page_or_partial(request, "desk/notices/preview.html", **context)


def _preview(
    request: HttpRequest, village: Any, kind: str, period: str
) -> tuple[selectors.NoticePage, dt.date]:
    """The content as it would be posted today, and until when it would hang."""
    today, wanted = localdate(request.at), _kind(kind)
    window_to = window_end(today, schemes.clocks(village).window_days)
    with or_404():
        if wanted is NoticeKind.REDEMPTIONS:
            found = store.redemption_preview(request.user, village, HOUSEHOLD_SCHEME, period, on=today)
        else:
            scheme = scope.scheme(request, village)
            found = selectors.preview(request.user, village, scheme, period, on=today, kind=wanted)
    return found, window_to


def _kind(name: str) -> NoticeKind:
    if name not in set(NoticeKind):
        raise Http404
    return NoticeKind(name)


@staff_page(action=Action.POST_NOTICE)
def notice_draft(request: HttpRequest, code: str, kind: str, period: str) -> HttpResponse:
    """The sheet as it would hang, marked as not posted."""
    village = scope.village(request, Action.POST_NOTICE, code)
    page, window_to = _preview(request, village, kind, period)
    sheet = printouts.draft(
        page,
        today=localdate(request.at),
        window_to=window_to,
        answer_days=schemes.clocks(village).answer_days,
        paper=notices.paper_of(request),
    )
    return files.print_(f"{gettext('预览公示')}-{named(village)}-{period}", sheet)


@staff_page(action=Action.POST_NOTICE)
def notice_posting(request: HttpRequest, code: str, kind: str, period: str) -> HttpResponse:
    """Post it, after a question."""
    village, wanted = scope.village(request, Action.POST_NOTICE, code), _kind(kind)
    scheme = scope.scheme(request, village)
    back = f"{reverse('desk:notice_new', args=[code, kind, period])}?scheme={scheme}"
    window_to = window_end(localdate(request.at), schemes.clocks(village).window_days)
    with or_404():
        selectors.period_for(wanted, period)
    if request.method != "POST":
        return confirm(
            request,
            title=gettext("张贴%(village)s的%(notice)s？")
            % {"village": words.named(village), "notice": _called(village, scheme, wanted, period)},
            text=gettext("张贴之后内容不能再改，公示到%(day)s为止，期间接受异议。")
            % {"day": words.day(window_to)},
            button=gettext("张贴公示"),
            back=back,
        )
    with guarded(request):
        notice = _post(request, village, scheme, wanted, period)
        text = gettext("已张贴，公示到%(day)s为止。请打印一份贴在村里的公示栏。") % {
            "day": words.day(window_to)
        }
        return done(request, text, "desk:notice", notice.pk)
    return redirect(back)


def _called(village: Any, scheme: str, kind: NoticeKind, period: str) -> str:
    """The notice's title, under that of its scheme where it is not about households."""
    plain = noticing.title(kind, period)
    if scheme == HOUSEHOLD_SCHEME:
        return plain
    return f"{words.say(schemes.versions_in_village(village, scheme).latest.title)} · {plain}"


def _post(request: HttpRequest, village: Any, scheme: str, kind: NoticeKind, period: str) -> Any:
    about = {"village": village, "scheme": scheme, "period": period}
    about |= {"by": request.user, "at": request.at}
    if kind is NoticeKind.REDEMPTIONS:
        return store_services.post_redemptions(**about)
    return services.post_notice(kind=kind, **about)
