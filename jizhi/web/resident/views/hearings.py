"""When the answer is late or wrong in the household's eyes: up to the township, or a second look by others."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.claims import selectors as claims
from jizhi.core.text import N_
from jizhi.notices import selectors, services
from jizhi.notices.rules import LetterAbout
from jizhi.schemes import selectors as schemes
from jizhi.web.pages import confirm, done, guarded, household_page, or_404, page_or_partial
from jizhi.web.resident.forms import AppealForm, LetterForm
from jizhi.web.resident.views import own


@household_page
def escalation(request: HttpRequest, objection_id: int) -> HttpResponse:
    """Nobody answered in time: ask that the township does."""
    line = _own_line(request, objection_id)
    back = reverse("resident:objection", args=[objection_id])
    if request.method == "POST":
        with guarded(request):
            services.escalate_objection(
                objection=line.objection, words=N_("到期没有答复"), by=request.user, at=request.at
            )
            return done(request, gettext("已转乡镇答复。"), back)
        return redirect(back)
    return confirm(
        request,
        title=gettext("转请乡镇答复？"),
        text=gettext("村（居）委会到期没有答复，可以请乡镇直接答复。"),
        button=gettext("转请乡镇"),
        back=back,
    )


@household_page
def appeal(request: HttpRequest, objection_id: int) -> HttpResponse:
    """Ask for a second look at the answer."""
    line = _own_line(request, objection_id)
    chance = selectors.appeal_chance(line.objection, on=localdate(request.at))
    form = AppealForm(request.POST or None)
    if form.is_valid():
        with guarded(request, form):
            services.file_appeal(
                objection=line.objection,
                grounds=form.cleaned_data["grounds"],
                request_key=str(form.cleaned_data["request_key"]),
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("复核申请已提出。"), "resident:objection", objection_id)
    return page_or_partial(request, "resident/appeal_form.html", form=form, line=line, chance=chance)


@household_page
def appeal_withdrawal(request: HttpRequest, appeal_id: int) -> HttpResponse:
    """Take an appeal back before it is answered."""
    with or_404():
        task = selectors.appeal_task(request.user, appeal_id, on=localdate(request.at))
    own.household(request)
    if task.objection.subject_id not in own.spoken_for(request):
        raise Http404
    back = reverse("resident:objection", args=[task.objection.id])
    if request.method == "POST":
        with guarded(request):
            services.withdraw_appeal(appeal=task.appeal.appeal, by=request.user, at=request.at)
            return done(request, gettext("复核申请已撤回。"), back)
        return redirect(back)
    return confirm(
        request,
        title=gettext("撤回复核申请？"),
        text=gettext("撤回后原答复有效，不能就同一答复再申请。"),
        button=gettext("撤回"),
        back=back,
        danger=True,
    )


@household_page
def letter_new(request: HttpRequest) -> HttpResponse:
    """What is missing, was not recognised, or does not add up: no entry to point at, but an answer all the same."""
    household, today = own.household(request), localdate(request.at)
    claim = None
    if request.GET.get("claim", "").isdigit():
        with or_404():
            claim = claims.claim_page(request.user, int(request.GET["claim"]), on=today).line
    initial = {"about": "rejected" if claim else "missing"}
    form = LetterForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        with guarded(request, form):
            services.receive_letter(
                village=household.village,
                about=LetterAbout(form.cleaned_data["about"]),
                name=household.head_name,
                contact=N_("手机消息"),
                words=form.cleaned_data["words"],
                subject=household.subject,
                claim_id=claim.id if claim else None,
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("已提交，村（居）委会会答复您。"), "resident:objections")
    days = schemes.clocks(household.village).answer_days
    return page_or_partial(request, "resident/letter_form.html", form=form, claim=claim, answer_days=days)


@household_page
def letter_appeal(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Ask the township to look at the answer to a letter again."""
    own.household(request)
    today = localdate(request.at)
    lines = [line for line in selectors.letters_of_subject(*own.spoken_for(request)) if line.id == letter_id]
    if not lines:
        raise Http404
    until = selectors.letter_appeal_until(lines[0].letter, on=today)
    form = AppealForm(request.POST or None)
    if form.is_valid():
        with guarded(request, form):
            services.appeal_own_letter(
                letter=lines[0].letter,
                grounds=form.cleaned_data["grounds"],
                request_key=str(form.cleaned_data["request_key"]),
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("复核申请已提出。"), "resident:objections")
    return page_or_partial(request, "resident/letter_appeal.html", form=form, line=lines[0], until=until)


def _own_line(request: HttpRequest, objection_id: int) -> selectors.ObjectionLine:
    own.household(request)
    with or_404():
        line = selectors.objection_line(request.user, objection_id, on=localdate(request.at))
    if line.subject_id not in own.spoken_for(request):
        raise Http404
    return line
