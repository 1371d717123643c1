"""The pages and answers behind work without network: the worker script, the queue, conflicts, what to keep.

The entries themselves lie on the phone only; these pages are their frame, filled in by the scripts.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache

from jizhi.web.field.queue import queueable
from jizhi.web.field.views import keeping
from jizhi.web.pages import anyone, page_or_partial, staff_page


@anyone
@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker's script: the addresses of its parts change with every release, and so does it."""
    return render(request, "field/offline/sw.js", content_type="text/javascript; charset=utf-8")


@queueable
@staff_page()
@never_cache
def token(request: HttpRequest) -> HttpResponse:
    """Who is signed in, and a fresh token to send with."""
    return JsonResponse({"user": str(request.user.pk), "token": get_token(request)})


@queueable
@staff_page()
@never_cache
def pages(request: HttpRequest) -> HttpResponse:
    """What this user's phone keeps for a day without network."""
    return JsonResponse(keeping.kept_pages(request.user, localdate(request.at)))


@staff_page()
def queue(request: HttpRequest) -> HttpResponse:
    """What waits on this phone to be sent, what was refused, what was sent."""
    return page_or_partial(request, "field/queue.html", kept_households=keeping.HOUSEHOLDS_MAX)


@staff_page()
def conflict(request: HttpRequest) -> HttpResponse:
    """One entry whose record was changed meanwhile: both sides, and what to do."""
    return page_or_partial(request, "field/conflict.html")


@anyone
def offline(request: HttpRequest) -> HttpResponse:
    """Instead of a page the phone does not have: says so, and finds the households it has."""
    context: dict[str, Any] = {"signed_in": request.user.is_authenticated}
    return page_or_partial(request, "field/offline.html", **context)
