"""For every request: the clock, the reader's language, and a plain answer where a service refused.

Stands after authentication, so that a signed-in user's choices are known; it asks no table itself.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from jizhi.core.errors import DomainError
from jizhi.posts.selectors import NotAllowed


class RequestMiddleware:
    """Sets `request.at`, the one moment all services of this request are told, and speaks the user's language."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = timezone.localtime()
        if request.user.is_authenticated:
            self._speak(request)
        return self.answer(request)

    def _speak(self, request: HttpRequest) -> None:
        """The switch pressed on this device wins over the language kept with the account."""
        if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
            return
        translation.activate(str(request.user.language.value))
        request.LANGUAGE_CODE = translation.get_language()

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal no view has caught is shown in the reader's words instead of as a server error."""
        if not isinstance(exception, DomainError):
            return None
        if isinstance(exception, NotAllowed):
            return render(request, "403.html", {"exception": str(exception)}, status=403)
        return render(request, "web/pages/refused.html", {"reason": str(exception)}, status=409)
