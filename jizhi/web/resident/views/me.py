"""The household itself: members, card, settings, whom to ask; and all its data to take along."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.timezone import localdate

from jizhi.notices import selectors as notices
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.web import participating
from jizhi.web.pages import household_page, page_or_partial
from jizhi.web.resident import own_data
from jizhi.web.resident.views import own

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@household_page
def me(request: HttpRequest) -> HttpResponse:
    """Members (numbers masked), the card, language and type, the grid worker's phone, sign-out."""
    household, today = own.household(request), localdate(request.at)
    workers = posts.grid_workers(household.village, today)
    mine = [worker for worker in workers if worker.area_id == household.area_id] or list(workers)
    context: dict[str, Any] = {
        "page": people.household_page(request.user, household.pk, today),
        "workers": mine,
        "unread": people.unread_count(*own.subject_ids(request)),
        "shares": participating.shares(request),
        "objections": len(notices.objections_of_subject(*own.spoken_for(request))),
    }
    return page_or_partial(request, "resident/me.html", household=household, **context)


@household_page
def data_workbook(request: HttpRequest) -> HttpResponse:
    """Everything about the household as a workbook."""
    household = own.household(request)
    content = own_data.workbook(request.user, household, localdate(request.at))
    return _download(HttpResponse(content, content_type=XLSX), household, "xlsx")


@household_page
def data_json(request: HttpRequest) -> HttpResponse:
    """The same as JSON."""
    household = own.household(request)
    content = own_data.collected(request.user, household, localdate(request.at))
    return _download(
        JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 2}), household, "json"
    )


def _download(answer: HttpResponse, household: Any, kind: str) -> HttpResponse:
    answer.headers["Content-Disposition"] = f'attachment; filename="jizhi-{household.no}.{kind}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
