"""A household says at the door that an entry is wrong: its words are taken down and read back to it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.claims import selectors as claims
from jizhi.notices import selectors, services
from jizhi.notices.rules import ObjectionChannel
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.web.field.forms import ObjectionForm
from jizhi.web.field.views import place
from jizhi.web.pages import done, guarded, page_or_partial, staff_page
from jizhi.web.templatetags import jizhi as words


@staff_page(action=Action.TELL_FAULT)
def objection_new(request: HttpRequest, household_id: int) -> HttpResponse:
    """Which of its entries, and why, in its own words."""
    today = localdate(request.at)
    household = place.household(request.user, household_id, today)
    if not posts.can(request.user, Action.TELL_FAULT, household.area, today):
        raise Http404
    found = selectors.open_entries(household.subject_id, on=today)
    rows = claims.entry_rows([line for _notice, line in found])
    named = [
        (f"{notice}:{row.line.fact_id}", f"{words.day(row.line.act_date)} · {words.say(row.item.title)}")
        for (notice, _line), row in zip(found, rows, strict=True)
    ]
    form = ObjectionForm(request.POST if request.method == "POST" else None, entries=named)
    if form.is_valid():
        with guarded(request, form):
            notice, fact = form.cleaned_data["entry"].split(":")
            filed = services.file_objection(
                notice=selectors.notice_by_id(int(notice), household.subject.village),
                fact_id=int(fact),
                subject=household.subject,
                grounds=form.cleaned_data["grounds"],
                channel=ObjectionChannel.SPOKEN,
                request_key=str(form.cleaned_data["request_key"]),
                by=request.user,
                at=request.at,
            )
            text = gettext("异议已登记，编号 %(number)s，%(day)s前书面答复。")
            said = text % {"number": filed.pk, "day": words.day(filed.due_date)}
            return done(request, said, "field:household", household_id)
    context = {"household": household, "entries": named}
    return page_or_partial(request, "field/objection_new.html", form=form, **context)
