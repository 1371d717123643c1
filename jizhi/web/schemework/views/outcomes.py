"""One outcome of a draft: in its form, new, moved, removed. The list is a page of the parts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from jizhi.drafting import selectors, services
from jizhi.drafting.rules import Part
from jizhi.posts.rules import Action
from jizhi.web.pages import confirm, done, staff_page
from jizhi.web.schemework.forms import steps as forms
from jizhi.web.schemework.forms.items import both
from jizhi.web.schemework.forms.outcomes import OutcomeForm
from jizhi.web.schemework.views import kernel

TAB = Part.OUTCOMES.value
START: dict[str, Any] = {"when": {"period": "year"}, "then": "honour"}


def _form(request: HttpRequest, found: selectors.DraftPage, before: dict[str, Any]) -> OutcomeForm:
    return OutcomeForm(
        request.POST if request.method == "POST" else None,
        before=before,
        levels=selectors.parts.level_names(found, kernel.language()),
        initial={"number": found.number},
    )


def _list(draft_id: int) -> str:
    return reverse("schemework:part", args=[draft_id, TAB])


@staff_page(action=Action.MANAGE_SCHEMES)
def outcome_new(request: HttpRequest, draft_id: int) -> HttpResponse:
    """A new outcome."""
    found = kernel.draft_of(request, draft_id)
    form, problems = _form(request, found, START), list[Any]()
    if form.is_valid():
        with kernel.saving(request, form, problems):
            row = {**form.row, "id": form.row["id"] or found.document.fresh_id(TAB)}
            services.add_outcome(
                draft_id=draft_id,
                number=form.cleaned_data["number"],
                values=row,
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("已新增。"), _list(draft_id))
    return kernel.editor(request, "outcome.html", found, TAB, form=form, problems=problems, outcome_id="")


@staff_page(action=Action.MANAGE_SCHEMES)
def outcome(request: HttpRequest, draft_id: int) -> HttpResponse:
    """One outcome in its form, and as it stands in the text."""
    found = kernel.draft_of(request, draft_id)
    outcome_id = request.GET.get("outcome", "")
    if not outcome_id:
        return redirect(_list(draft_id))
    values, parsed = _values(found, outcome_id)
    if parsed is None:
        return kernel.editor(
            request,
            "broken.html",
            found,
            TAB,
            problems=found.problems,
            broken=gettext("这条结果运用的写法有错误，表单打不开"),
        )
    form, problems = _form(request, found, values), list[Any]()
    if form.is_valid():
        with kernel.saving(request, form, problems):
            row = {**form.row, "id": form.row["id"] or outcome_id}
            services.change_outcome(
                draft_id=draft_id, number=form.cleaned_data["number"], outcome=outcome_id, values=row,
                by=request.user, at=request.at,
            )  # fmt: skip
            return done(request, gettext("已保存。"), _list(draft_id))
    marks = [one for one in found.findings if one.item == outcome_id]
    return kernel.editor(
        request, "outcome.html", found, TAB, form=form, problems=problems, outcome_id=outcome_id, marks=marks,
        text=selectors.parts.outcome_text(found, outcome_id),
    )  # fmt: skip


def _values(found: selectors.DraftPage, outcome_id: str) -> tuple[dict[str, Any], Any]:
    try:
        return selectors.parts.outcome_values(found, outcome_id)
    except selectors.items.NoSuchItem as missing:
        raise Http404(str(missing)) from missing


@staff_page(action=Action.MANAGE_SCHEMES)
def outcome_moving(request: HttpRequest, draft_id: int) -> HttpResponse:
    """An outcome up or down."""
    kernel.draft_of(request, draft_id)
    form = forms.MoveForm(request.POST or None)
    if form.is_valid():
        given = dict(form.cleaned_data)
        with kernel.saving(request, None, []):
            services.move_outcome(
                draft_id=draft_id, outcome=given.pop("item"), by=request.user, at=request.at, **given
            )
    return redirect(_list(draft_id))


@staff_page(action=Action.MANAGE_SCHEMES)
def outcome_removal(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Without an outcome, after a question."""
    found = kernel.draft_of(request, draft_id)
    outcome_id = request.GET.get("outcome", "")
    if not outcome_id:
        return redirect(_list(draft_id))
    values, _parsed = _values(found, outcome_id)
    form = forms.ItemStep(request.POST or None, initial={"number": found.number, "item": outcome_id})
    if form.is_valid():
        with kernel.saving(request, form, []):
            services.remove_outcome(
                draft_id=draft_id, number=form.cleaned_data["number"], outcome=form.cleaned_data["item"],
                by=request.user, at=request.at,
            )  # fmt: skip
            return done(request, gettext("已删除。"), _list(draft_id))
    return confirm(
        request,
        title=gettext("删除结果运用“%(title)s”？") % {"title": both(values.get("title"))[0] or outcome_id},
        text=gettext("已经作出的表彰、奖励等不变；新版本生效后不再据此提醒。误删了可以在“历史”里退回。"),
        button=gettext("删除"),
        back=_list(draft_id),
        danger=True,
        form=form,
    )
