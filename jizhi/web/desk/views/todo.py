"""The start page of staff: what waits for my posts, by deadline. It decides nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from jizhi.web.pages import page_or_partial, staff_page


@staff_page()
def todo(request: HttpRequest) -> HttpResponse:
    """Everything that waits, most urgent first."""
    return page_or_partial(request, "desk/todo/page.html")
