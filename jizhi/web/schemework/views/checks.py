"""What is held against a draft: the law guard with reasons for its warnings, and the cases, run as one looks."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from jizhi.drafting import services
from jizhi.posts.rules import Action
from jizhi.web.pages import confirm, done, staff_page
from jizhi.web.schemework.forms import cases as case_forms
from jizhi.web.schemework.forms import steps as forms
from jizhi.web.schemework.views import kernel


@staff_page(action=Action.MANAGE_SCHEMES)
def guard(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Findings of form and law, the grave ones first."""
    found = kernel.draft_of(request, draft_id)
    rows = [(one, _reason_form(found, one)) for one in [*found.problems, *found.findings]]
    return kernel.editor(request, "guard.html", found, "guard", rows=rows)


def _reason_form(found: Any, finding: Any) -> forms.ReasonForm | None:
    """A form for warnings; an error knows no reasons."""
    if finding.level == "error" or not found.is_open:
        return None
    start = {"number": found.number, "owner": finding.item, "code": finding.code}
    return forms.ReasonForm(initial=start, prefix="", auto_id=f"reason-{finding.code}-{finding.line}-%s")


@staff_page(action=Action.MANAGE_SCHEMES)
def reason(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Let a warning pass, for a reason that is written into the document."""
    kernel.draft_of(request, draft_id)
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid():
        with kernel.saving(request, None, []):
            services.give_reason(draft_id=draft_id, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("理由已写入细则。"), "schemework:guard", draft_id)
    return redirect("schemework:guard", draft_id)


@staff_page(action=Action.MANAGE_SCHEMES)
def cases(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The cases with their results, those that fail first."""
    found = kernel.draft_of(request, draft_id)
    run = kernel.cases_of(found)
    lines = sorted(run.lines, key=lambda one: (one.passed, one.place))
    return kernel.editor(request, "cases.html", found, "cases", run=run, lines=lines)


@staff_page(action=Action.MANAGE_SCHEMES)
def badge(request: HttpRequest, draft_id: int) -> HttpResponse:
    """How many cases fail, for the tabs of pages that did not run them."""
    found = kernel.draft_of(request, draft_id)
    return render(request, "schemework/badge.html", {"run": kernel.cases_of(found)})


@staff_page(action=Action.MANAGE_SCHEMES)
def case_new(request: HttpRequest, draft_id: int) -> HttpResponse:
    """A case out of a form: who did what when, and what should come out."""
    found = kernel.draft_of(request, draft_id)
    if found.document.scheme is None:
        return redirect("schemework:cases", draft_id)
    form = case_forms.CaseForm(
        request.POST or None, scheme=found.document.scheme, language=kernel.language(),
        initial={"number": found.number, "period": f"{found.line.applies_from_date:%Y-%m}"},
    )  # fmt: skip
    if form.is_valid():
        with kernel.saving(request, form, []):
            services.add_case(
                draft_id=draft_id, number=form.cleaned_data["number"], case=form.text,
                name=form.cleaned_data["name"], by=request.user, at=request.at,
            )  # fmt: skip
            return done(request, gettext("用例已加入，结果见下。"), "schemework:cases", draft_id)
    return kernel.editor(request, "case_new.html", found, "cases", form=form)


@staff_page(action=Action.MANAGE_SCHEMES)
def cases_text(request: HttpRequest, draft_id: int) -> HttpResponse:
    """All cases as text."""
    found = kernel.draft_of(request, draft_id)
    problems: list[Any] = []
    form = forms.CasesForm(request.POST or None, initial={"number": found.number, "cases": found.cases})
    if form.is_valid():
        with kernel.saving(request, form, problems):
            services.replace_cases(draft_id=draft_id, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("已保存。"), "schemework:cases", draft_id)
    return kernel.editor(request, "cases_text.html", found, "cases", form=form, problems=problems)


@staff_page(action=Action.MANAGE_SCHEMES)
def case_removal(request: HttpRequest, draft_id: int, place: int) -> HttpResponse:
    """Without a case, after a question."""
    found = kernel.draft_of(request, draft_id)
    line = next((one for one in kernel.cases_of(found).lines if one.place == place), None)
    if line is None:
        raise Http404
    form = forms.NumberForm(request.POST or None, initial={"number": found.number})
    if form.is_valid():
        with kernel.saving(request, form, []):
            services.remove_case(
                draft_id=draft_id, place=place, by=request.user, at=request.at, **form.cleaned_data
            )
            return done(request, gettext("用例已删除。"), "schemework:cases", draft_id)
    return confirm(
        request,
        title=gettext("删除用例“%(name)s”？") % {"name": line.name},
        text=gettext("删掉以后就不再检查这一条。误删了可以在“历史”里退回。"),
        button=gettext("删除用例"),
        back=reverse("schemework:cases", args=[draft_id]),
        danger=True,
        form=form,
    )
