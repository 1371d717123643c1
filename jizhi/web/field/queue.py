"""Forms that the phone keeps and sends later: `@queueable` answers such a request with data instead of a page.

The phone's side is `static/field/offline/`. Nothing is stored here, and no rule is decided here: the view behind the
decorator does what it does for a pressed button; its access decorator stays in force.
"""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext

from jizhi.core.errors import Conflict, DomainError
from jizhi.posts.selectors import NotAllowed
from jizhi.web.field import wording
from jizhi.web.pages import View

HEADER = "X-Jizhi-Queue"  # "now": the reader waits and sees the next page; "later": sent in the background
USER_HEADER = "X-Jizhi-User"  # who filled the form in
RECORDED_HEADER, SENT_HEADER = "X-Jizhi-Recorded", "X-Jizhi-Sent"  # the phone's clock, in milliseconds
KEPT_DAYS = 30


class TooOld(DomainError):
    """The entry lay on the phone for so long that its day should be looked at again."""


def queueable(view: View) -> View:
    """The outermost decorator of a view whose form carries `data-offline`.

    Every request gets `recorded_at`: when the form was filled in, which is `request.at` unless a phone kept it.
    A queued one is answered as JSON: `stored` with the next page's url, `refused` with errors, `conflict` with what is
    there now beside what was entered, or `signed_out` when the session is not that of whoever filled it in.
    """

    @functools.wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.recorded_at = request.at
        request.queued = HEADER in request.headers
        if not request.queued:
            return view(request, *args, **kwargs)
        if not _is_same_user(request):
            return JsonResponse({"state": "signed_out"}, status=401)
        try:
            request.recorded_at = recorded_at(request)
            return _as_data(request, view(request, *args, **kwargs))
        except Conflict as conflict:
            return _conflict(conflict)
        except (NotAllowed, PermissionDenied) as refusal:
            return _refused([str(refusal) or gettext("您的职务没有这项权限。")], status=403)
        except Http404 as missing:
            return _refused([str(missing)], status=404)
        except DomainError as refusal:
            return _refused_by_service(refusal)

    return answering


def recorded_at(request: HttpRequest) -> dt.datetime:
    """When the form was filled in, by the server's clock.

    Only the time that passed on the phone is taken from it, so a phone whose clock is wrong does no harm. Never later
    than now; raises TooOld.
    """
    at: dt.datetime = request.at
    try:
        waited = int(request.headers[SENT_HEADER]) - int(request.headers[RECORDED_HEADER])
    except (KeyError, ValueError):
        return at
    if waited > KEPT_DAYS * 86_400_000:
        text = gettext("这条记录在手机上放了超过 %(days)d 天。请核对日期，修改后重新提交。")
        raise TooOld(text % {"days": KEPT_DAYS})
    return at - dt.timedelta(milliseconds=max(0, waited))


def _is_same_user(request: HttpRequest) -> bool:
    user = request.user
    return user.is_authenticated and request.headers.get(USER_HEADER, str(user.pk)) == str(user.pk)


def _as_data(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """What the view answered, as data; answers that are data already pass."""
    if isinstance(answer, JsonResponse):
        return answer
    form = getattr(answer, "refused_form", None)
    if form is not None:
        return JsonResponse({"state": "refused", "errors": _errors(form)}, status=422)
    said = [(message.level, message.level_tag, str(message)) for message in messages.get_messages(request)]
    wrong = [text for level, _, text in said if level >= messages.ERROR]
    if wrong or answer.status_code >= 400:
        return _refused(wrong or [gettext("服务器没有接受这条记录。")], status=422)
    if request.headers[HEADER] == "now":  # the next page shows them, as always
        for level, _, text in said:
            messages.add_message(request, level, text)
    notes = [{"kind": kind, "text": text} for _, kind, text in said]
    return JsonResponse({"state": "stored", "url": answer.get("Location", request.path), "notes": notes})


def _errors(form: BaseForm) -> list[dict[str, Any]]:
    """By field, with the labels and in the words the reader would see at the form."""
    return [
        {
            "name": "" if name == "__all__" else name,
            "label": str(form[name].label) if name in form.fields else "",
            "texts": [str(text) for text in texts],
        }
        for name, texts in form.errors.items()
    ]


def _refused(texts: list[str], *, status: int, name: str = "", label: str = "") -> JsonResponse:
    error = {"name": name, "label": label, "texts": texts}
    return JsonResponse({"state": "refused", "errors": [error]}, status=status)


def _refused_by_service(refusal: DomainError) -> JsonResponse:
    form: BaseForm | None = getattr(refusal, "form", None)
    if form is None or refusal.place not in form.fields:
        return _refused([str(refusal)], status=422)
    label = str(form[refusal.place].label)
    return _refused([str(refusal)], status=422, name=refusal.place, label=label)


def _conflict(conflict: Conflict) -> JsonResponse:
    said = {
        "state": "conflict",
        "text": str(conflict),
        "rows": wording.side_by_side(getattr(conflict, "form", None), conflict.now),
        "version": conflict.version,
        "changed_by": conflict.changed_by,
        "changed_at": wording.words_of(conflict.changed_at) if conflict.changed_at else "",
    }
    return JsonResponse(said, status=409)
