"""The start page of staff: what waits for my posts, by deadline, and what I was reminded of. It decides nothing."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate

from jizhi.notices import services
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.web.desk import reminding, scope, work
from jizhi.web.pages import or_404, page_or_partial, staff_page

VILLAGES = 20


@staff_page()
def todo(request: HttpRequest) -> HttpResponse:
    """Everything that waits, most urgent first; for whoever has several villages, how each stands."""
    today = localdate(request.at)
    villages = scope.villages(request, Action.VIEW_LEDGER)
    page = Paginator(villages, VILLAGES).get_page(request.GET.get("page"))
    several = len(villages) > 1
    context = {
        "reminders": reminding.reminders(request.user),
        "tasks": work.tasks(request.user, today),
        "queues": work.queues(request.user, today),
        "page": page,
        "villages": work.villages(request.user, today, page.object_list) if several else [],
        "held": posts.posts_of(request.user, today),
        "today": today,
    }
    return page_or_partial(request, "desk/todo/page.html", **context)


@staff_page()
def reminder(request: HttpRequest, reminder_id: int) -> HttpResponse:
    """Open what one was reminded of; the reminder has done its work then."""
    with or_404():
        row = services.read_reminder(reminder_id=reminder_id, by=request.user, at=request.at)
    if row.objection_id is not None:
        return redirect("desk:objection", row.objection_id)
    if row.appeal_id is not None:
        return redirect("desk:appeal", row.appeal_id)
    return redirect("desk:letter", row.letter_id)
