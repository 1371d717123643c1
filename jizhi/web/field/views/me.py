"""The grid worker: posts, the phone others see, settings, sign-out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate

from jizhi.posts import selectors as posts
from jizhi.web.pages import page_or_partial, staff_page


@staff_page()
def me(request: HttpRequest) -> HttpResponse:
    """Who I am here."""
    held = posts.posts_of(request.user, localdate(request.at))
    return page_or_partial(request, "field/me.html", held=held)
