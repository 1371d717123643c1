"""The start page of staff: what waits for my posts, by deadline. It decides nothing."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate

from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.web.desk import scope, work
from jizhi.web.pages import page_or_partial, staff_page

VILLAGES = 20


@staff_page()
def todo(request: HttpRequest) -> HttpResponse:
    """Everything that waits, most urgent first; for whoever has several villages, how each stands."""
    today = localdate(request.at)
    villages = scope.villages(request, Action.VIEW_LEDGER)
    page = Paginator(villages, VILLAGES).get_page(request.GET.get("page"))
    several = len(villages) > 1
    context = {
        "tasks": work.tasks(request.user, today),
        "queues": work.queues(request.user, today),
        "page": page,
        "villages": work.villages(request.user, today, page.object_list) if several else [],
        "held": posts.posts_of(request.user, today),
        "today": today,
    }
    return page_or_partial(request, "desk/todo/page.html", **context)
