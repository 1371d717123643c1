"""Writing an objection without signing in, and following it under its secret address."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.areas import selectors as areas
from jizhi.notices import selectors, services
from jizhi.notices.rules import LetterAbout
from jizhi.schemes import selectors as schemes
from jizhi.web.pages import anyone, done, guarded, or_404, page_or_partial
from jizhi.web.public.forms import LetterAppealForm, LetterForm


@anyone
def letter_new(request: HttpRequest, code: str) -> HttpResponse:
    """The form; what comes in waits until staff know who wrote it."""
    village = _village(code)
    form = LetterForm(request.POST if request.method == "POST" else None, initial={"about": "entry"})
    if form.is_valid():
        if form.is_a_machines:
            raise Http404
        with guarded(request, form):
            given = form.cleaned_data
            _letter, token = services.receive_letter(
                village=village,
                about=LetterAbout(given["about"]),
                name=given["name"],
                contact=given["contact"],
                reference=given["reference"],
                words=given["words"],
                by=request.user if request.user.is_authenticated else None,
                at=request.at,
            )
            return done(request, gettext("已收到，请记下这一页的地址。"), "public:letter", code, token)
    days = schemes.clocks(village).answer_days
    return page_or_partial(request, "public/letter_new.html", form=form, village=village, answer_days=days)


@anyone
def letter(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """What became of a letter, for whoever holds its address; POST asks for a second look at the answer."""
    village, today = _village(code), localdate(request.at)
    with or_404():
        found = selectors.followed_letter(village, token, on=today)
    form = LetterAppealForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with guarded(request, form):
            services.appeal_letter(
                village=village,
                token=token,
                grounds=form.cleaned_data["grounds"],
                request_key=f"letter-appeal:{found.line.id}:{len(found.appeals)}",
                by=request.user if request.user.is_authenticated else None,
                at=request.at,
            )
            return done(request, gettext("复核申请已提出，在这一页看结果。"), "public:letter", code, token)
    context: dict[str, Any] = {
        "village": village,
        "found": found,
        "line": found.line,
        "form": form,
        "address": request.build_absolute_uri(),
    }
    answer = page_or_partial(request, "public/letter.html", **context)
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _village(code: str) -> Any:
    try:
        return areas.village_of(areas.area_by_code(code))
    except (areas.AreaNotFound, areas.NotInVillage) as wrong:
        raise Http404(str(wrong)) from wrong
