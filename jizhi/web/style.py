"""The living style page: every component in every shell, for whoever builds pages.

Open to superusers, and to anybody where DEBUG is on. Its persons and figures are invented.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from jizhi.core.text import LabelledEnum
from jizhi.web.forms import DateInput, Form, PhotosField, SearchForm
from jizhi.web.pages import anyone

SHELLS = ("desk", "resident", "field", "public")


class SampleState(LabelledEnum):
    """States as badges show them."""

    FILED = "filed", "已申报"
    DECIDED = "decided", "已认定"
    REFUSED = "refused", "未通过"


@dataclass(frozen=True)
class SampleStep:
    """A station of a claim's way."""

    title: str
    state: str
    at: datetime.datetime | None = None
    note: str = ""


@dataclass(frozen=True)
class SamplePage:
    """A page of a list as selectors return it."""

    number: int
    size: int
    total: int


class SampleForm(Form):
    """One field of each kind."""

    item = forms.ChoiceField(label="条目", choices=[("a", "义务劳动"), ("b", "邻里互助")])
    date = forms.DateField(label="日期", widget=DateInput())
    count = forms.DecimalField(label="次数", help_text="按实际参加次数填写。")
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    kind = forms.ChoiceField(label="方式", widget=forms.RadioSelect, choices=[("a", "本人"), ("b", "代办")])
    photos = PhotosField(label="照片", required=False)
    sure = forms.BooleanField(label="以上情况属实")


@anyone
def style(request: HttpRequest, shell: str = "desk") -> HttpResponse:
    """All components in one shell."""
    if not (settings.DEBUG or getattr(request.user, "is_superuser", False)):
        raise PermissionDenied
    if shell not in SHELLS:
        raise Http404
    at = request.at
    steps = [
        SampleStep("已申报", "done", at),
        SampleStep("已核实", "done", at, "王网格员"),
        SampleStep("待评议", "now", None, "11月25日评议会"),
        SampleStep("公示", "later"),
        SampleStep("记入存折", "later"),
    ]
    context = {
        "shell": f"web/shells/{shell}.html",
        "steps": steps,
        "form": SampleForm({"count": "x"}) if "bound" in request.GET else SampleForm(),
        "search": SearchForm(request.GET),
        "page": SamplePage(3, 20, 187),
        "states": [(SampleState.FILED, "wait"), (SampleState.DECIDED, "good"), (SampleState.REFUSED, "bad")],
        "rows": [(f"{n:03d}", name, value) for n, (name, value) in enumerate(SAMPLES, 1)],
        "today": at.date(),
    }
    return render(request, "web/pages/style.html", context)


SAMPLES = [("欧阳晓芸", 1000), ("王测试", -500), ("李样例", 120), ("赵示范", 0)]
