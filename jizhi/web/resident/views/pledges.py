"""The household's pledge: the text, signing with the finger or by name and PIN, taking it back; and its dividends."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, gettext_lazy

from jizhi.assemblies import selectors, services
from jizhi.web import pictures
from jizhi.web.forms import Form
from jizhi.web.pages import confirm, done, guarded, household_page, or_404, page_or_partial
from jizhi.web.resident.views import own


class SigningForm(Form):
    """Name, and either a drawing or the PIN."""

    signer = forms.CharField(label=gettext_lazy("签字人姓名"), max_length=40)
    secret = forms.CharField(
        label=gettext_lazy("积分卡密码"),
        required=False,
        max_length=40,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        help_text=gettext_lazy("不用手指签名的，输入积分卡密码代替。"),
    )
    drawing = forms.CharField(required=False, widget=forms.HiddenInput)
    request_key = forms.CharField(widget=forms.HiddenInput, max_length=60)


@household_page
def pledge(request: HttpRequest) -> HttpResponse:
    """The text and the household's answers; signing it."""
    household = own.household(request)
    asked = selectors.own_pledge(household.subject.pk, household.village)
    form = SigningForm(request.POST or None, initial={"request_key": str(uuid.uuid4())})
    if asked is not None and form.is_valid():
        with guarded(request, form):
            services.sign_pledge(
                pledge_id=asked.row.pk,
                subject=household.subject,
                by=request.user,
                at=request.at,
                **form.cleaned_data,
            )
            return done(request, gettext("已签。需要时可以随时撤回。"), "resident:pledge")
    context: dict[str, Any] = {
        "asked": asked,
        "form": form,
        "shares": selectors.share_of_subject(household.subject.pk),
    }
    return page_or_partial(request, "resident/pledge.html", **context)


@household_page
def withdrawal(request: HttpRequest) -> HttpResponse:
    """Take the signature back, after a question; no reason is asked."""
    household = own.household(request)
    asked = selectors.own_pledge(household.subject.pk, household.village)
    if request.method == "POST" and asked is not None:
        with guarded(request):
            services.withdraw_pledge(
                pledge_id=asked.row.pk,
                subject=household.subject,
                request_key=str(uuid.uuid4()),
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("承诺书已撤回。"), "resident:pledge")
    return confirm(
        request,
        title=gettext("撤回承诺书？"),
        text=gettext("撤回不影响积分和任何权利；以后想签还可以再签。"),
        button=gettext("撤回"),
        back=reverse("resident:pledge"),
    )


@household_page
def signature(request: HttpRequest, answer_id: int) -> HttpResponse:
    """The household's own signature."""
    household = own.household(request)
    with or_404():
        row = selectors.signature_of(
            request.user, answer_id, on=localdate(request.at), subject_id=household.subject.pk
        )
    picture = pictures.answer(row)
    if row.file.name.endswith(".png"):
        picture["Content-Type"] = "image/png"
    return picture
