"""Photos as answers: the phone and the desk show the same picture after the same check."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate

from jizhi.visits import selectors as visits
from jizhi.web.pages import or_404


def answer(row: Any) -> HttpResponse:
    """The picture that a selector found; the browser may keep it for its reader."""
    headers = {"Cache-Control": "private, max-age=3600"}
    with row.file.open("rb") as file:
        return HttpResponse(file.read(), content_type="image/jpeg", headers=headers)


def of_visit(request: HttpRequest, photo_id: int) -> HttpResponse:
    """A photo of a visit in the reader's scope."""
    with or_404():
        row = visits.photo_of(request.user, photo_id, on=localdate(request.at))
    return answer(row)
