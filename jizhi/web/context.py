"""Names every template may use: the skeleton a page stands in, large type, and the user's home page.

It queries nothing; pages get their data from their views.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

LARGE_TYPE_COOKIE = "large_type"
WHOLE_PAGE = "web/shells/skeleton.html"
CONTENT_ONLY = "web/shells/partial.html"


def chrome(request: HttpRequest) -> dict[str, Any]:
    """`skeleton`: what shells extend; `large_type`: whether this reader asked for large type."""
    partial = bool(getattr(request, "htmx", False))
    return {"skeleton": CONTENT_ONLY if partial else WHOLE_PAGE, "large_type": wants_large_type(request)}


def wants_large_type(request: HttpRequest) -> bool:
    """The switch pressed on this device wins over the choice kept with the account."""
    chosen = request.COOKIES.get(LARGE_TYPE_COOKIE)
    if chosen is not None:
        return chosen == "1"
    user = getattr(request, "user", None)
    return bool(getattr(user, "large_type", False))
