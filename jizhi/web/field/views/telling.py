"""Telling households of deductions before they count: by call, by visit, or by a slip on paper."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.claims import selectors, services
from jizhi.claims.rules import ClaimState, ToldHow
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.prints import forms as printed
from jizhi.prints import pdf
from jizhi.schemes import selectors as schemes
from jizhi.web import claiming, printouts
from jizhi.web.field.forms import TellingForm
from jizhi.web.field.views.claims import page_of
from jizhi.web.pages import done, guarded, page_or_partial, staff_page
from jizhi.web.templatetags import jizhi as tags
from jizhi.web.templatetags.claiming import amount


@staff_page(action=Action.TELL_FAULT)
def deductions(request: HttpRequest) -> HttpResponse:
    """Decided deductions whose household was not told yet, oldest first."""
    rows = selectors.queue(request.user, on=localdate(request.at), state=ClaimState.APPROVED.value)
    return page_or_partial(request, "field/deductions.html", lines=selectors.lines(rows))


@staff_page(action=Action.TELL_FAULT)
def deduction(request: HttpRequest, claim_id: int) -> HttpResponse:
    """What to tell, and the record that it was told."""
    page = page_of(request, claim_id)
    if page.line.state is not ClaimState.APPROVED:
        return redirect("field:claim", claim_id)
    form = TellingForm(request.POST or None)
    if form.is_valid():
        with guarded(request, form):
            services.tell_faults(
                claim_ids=[claim_id], how=ToldHow(form.cleaned_data["how"]), by=request.user, at=request.at
            )
            return done(request, gettext("已登记告知，扣分记入积分。"), "field:deductions")
    household = people.household_of_subject(page.line.subject_id)
    context: dict[str, Any] = {"page": page, "line": page.line, "household": household}
    return page_or_partial(request, "field/deduction.html", form=form, **context)


@staff_page(action=Action.TELL_FAULT)
def slip(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The written notice with a stub to sign."""
    page, today = page_of(request, claim_id), localdate(request.at)
    household = people.household_of_subject(page.line.subject_id)
    assert household is not None  # only households are told
    content = pdf.render("fault_slip", _slip(request.user, page, household, today))
    headers = {"Content-Disposition": f'inline; filename="slip-{claim_id}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _slip(user: Any, page: selectors.ClaimPage, household: Any, today: dt.date) -> printed.FaultSlip:
    line, clocks = page.line, schemes.clocks(household.village)
    workers = posts.grid_workers(household.village, today)
    phones = [worker.work_phone for worker in workers if worker.user_id == user.pk and worker.work_phone]
    return printed.FaultSlip(
        lang=claiming.language(),
        code=f"GZ-{line.id}",
        issuer=printouts.committee(household.village),
        number=f"GZ-{line.id}",
        household_no=household.no,
        head=household.head_name,
        item=tags.say(line.item.title),
        act_date=line.act_date,
        what=" · ".join(part for part in (amount(line), line.words, line.note) if part),
        points=selectors.points_words(line.item, claiming.language()),
        reference=line.item.reference.say(claiming.language()) if line.item.reference else "",
        told_by=user.display_name,
        told_date=today,
        object_until=_until(line.act_date, clocks),
        how_to_object=gettext("公示期内向村（居）委会口头、书面或在手机上提出。"),
        contact=" ".join(phones),
    )


def _until(act_date: dt.date, clocks: Any) -> dt.date:
    """The latest regular end of the notice on which the deduction will stand."""
    next_month = (act_date.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    days = clocks.post_by_day - 1 + clocks.window_days
    return next_month + dt.timedelta(days=days)
