"""The household's own recognition sheet: scoring itself over the whole list, and the three columns afterwards."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.recognition import selectors, services
from jizhi.recognition.rules import Party, SelfChannel, SheetState
from jizhi.web import recognising
from jizhi.web.pages import done, guarded, household_page, or_404, page_or_partial
from jizhi.web.resident.views import own


@household_page
def sheet(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Score oneself until the last day; later, see what the others said."""
    own.household(request)
    today = localdate(request.at)
    with or_404():
        page = selectors.sheet_page(request.user, sheet_id, on=today)
    may = (
        page.sheet.state in (SheetState.OPEN, SheetState.SELF_SCORED)
        and today <= page.sheet.round.self_until_date
    )
    form = recognising.ScoreForm(request.POST or None, page=page, party=Party.SELF) if may else None
    if form is not None and form.is_valid():
        with guarded(request, form):
            services.score_self(
                sheet_id=sheet_id,
                scores=form.scores,
                channel=SelfChannel.PHONE,
                by=request.user,
                at=request.at,
            )
            text = gettext("自评交上了。工作组评分之前还可以改。")
            return done(request, text, "resident:recognition", sheet_id)
    context = {
        "page": page,
        "sheet": page.sheet,
        "rows": list(recognising.table(page, form)),
        "form": form,
        "others": selectors.other_sheets(request.user, page.sheet, on=today),
    }
    return page_or_partial(request, "resident/recognition.html", **context)


@household_page
def photo(request: HttpRequest, photo_id: int) -> HttpResponse:
    """A photo that the team took for the household's own sheet."""
    own.household(request)
    with or_404():
        return recognising.picture(selectors.photo_of(request.user, photo_id, on=localdate(request.at)))
