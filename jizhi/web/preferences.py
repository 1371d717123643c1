"""The switches in every shell: language and large type, kept on this device and with the account.

A plain form post, so both work without scripts and before anybody has signed in.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from jizhi.accounts import services as accounts
from jizhi.accounts.rules import Language
from jizhi.web import context
from jizhi.web.pages import anyone

YEAR = 365 * 24 * 3600


@anyone
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Remember what was pressed and return to the page it was pressed on."""
    answer = redirect(_way_back(request))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        _keep(request, language=Language(language))
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax")
    large = request.POST.get("large_type", "")
    if large in {"0", "1"}:
        _keep(request, large_type=large == "1")
        answer.set_cookie(context.LARGE_TYPE_COOKIE, large, max_age=YEAR, samesite="Lax")
    return answer


def _keep(request: HttpRequest, **chosen: Any) -> None:
    """With the account too, so that the next device speaks the same way."""
    if request.user.is_authenticated:
        accounts.set_preferences(user=request.user, by=request.user, at=request.at, **chosen)


def _way_back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return "/"
