"""The items of a draft: the table, one item in a form, adding, copying, moving and removing."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from jizhi.core.text import N_
from jizhi.drafting import selectors, services
from jizhi.posts.rules import Action
from jizhi.web.desk import scope
from jizhi.web.pages import confirm, done, staff_page
from jizhi.web.schemework.forms import items as item_forms
from jizhi.web.schemework.forms import steps as forms
from jizhi.web.schemework.views import kernel

MOVES = ((-1, "arrow-up", N_("上移")), (1, "arrow-down", N_("下移")))


@staff_page(action=Action.MANAGE_SCHEMES)
def items(request: HttpRequest, draft_id: int) -> HttpResponse:
    """All items as a table."""
    found = kernel.draft_of(request, draft_id)
    search, lines = searched(request, found)
    return kernel.editor(
        request,
        "items.html",
        found,
        "items",
        search=search,
        lines=lines,
        filtered=any(search.filters.values()),
        may_move=not any(search.filters.values()),
        may_export=scope.may(request, Action.EXPORT),
        moves=MOVES,
    )


def searched(
    request: HttpRequest, found: selectors.DraftPage
) -> tuple[forms.ItemSearch, list[selectors.items.ItemLine]]:
    """The items that the address asks for."""
    language = kernel.language()
    search = forms.ItemSearch(
        request.GET, kinds=selectors.items.kind_choices(language), sections=_sections(found, language)
    )
    return search, selectors.items.table(found, language, **search.filters)


def _sections(found: selectors.DraftPage, language: str) -> list[tuple[str, str]]:
    return [(one.id, one.title) for one in selectors.items.sections(found, language)]


def _form(
    request: HttpRequest, found: selectors.DraftPage, before: dict[str, Any] | None
) -> item_forms.ItemForm:
    language = kernel.language()
    return item_forms.ItemForm(
        request.POST if request.method == "POST" else None,
        sections=_sections(found, language),
        language=language,
        before=before,
        initial={"number": found.number},
    )


@staff_page(action=Action.MANAGE_SCHEMES)
def item_new(request: HttpRequest, draft_id: int) -> HttpResponse:
    """A new item."""
    found = kernel.draft_of(request, draft_id)
    start = {
        "kind": request.GET.get("kind", "merit"),
        "section": request.GET.get("section", ""),
        "claim": ["worker"],
    }
    form = _form(request, found, start)
    problems: list[Any] = []
    if form.is_valid():
        with kernel.saving(request, form, problems):
            row = {**form.row, "id": form.row.get("id") or found.document.fresh_id("items")}
            number = form.cleaned_data["number"]
            services.add_item(draft_id=draft_id, number=number, values=row, by=request.user, at=request.at)
            return done(request, gettext("已新增条目。"), _anchor(draft_id, row["id"]))
    return kernel.editor(request, "item.html", found, "items", form=form, problems=problems, item_id="")


def _anchor(draft_id: int, item: str) -> str:
    return f"{reverse('schemework:items', args=[draft_id])}#item-{item}"


@staff_page(action=Action.MANAGE_SCHEMES)
def item(request: HttpRequest, draft_id: int) -> HttpResponse:
    """One item in its form, and as it stands in the text."""
    found = kernel.draft_of(request, draft_id)
    item_id = request.GET.get("item", "")
    if not item_id:
        return redirect("schemework:items", draft_id)
    try:
        values, parsed = selectors.items.item_values(found, item_id)
    except selectors.items.NoSuchItem as missing:
        raise Http404(str(missing)) from missing
    problems: list[Any] = []
    if parsed is None:
        return kernel.editor(
            request,
            "broken.html",
            found,
            "items",
            problems=found.problems,
            broken=gettext("这个条目的写法有错误，表单打不开"),
        )
    form = _form(request, found, values)
    if form.is_valid():
        with kernel.saving(request, form, problems):
            row = {**form.row, "id": form.row.get("id") or item_id}
            services.change_item(
                draft_id=draft_id, number=form.cleaned_data["number"], item=item_id, values=row,
                by=request.user, at=request.at,
            )  # fmt: skip
            return done(request, gettext("已保存。"), _anchor(draft_id, row["id"]))
    marks = [one for one in found.findings if one.item == item_id]
    return kernel.editor(
        request, "item.html", found, "items", form=form, problems=problems, item_id=item_id, marks=marks,
        text=selectors.items.item_text(found, item_id),
    )  # fmt: skip


@staff_page(action=Action.MANAGE_SCHEMES)
def copying(request: HttpRequest, draft_id: int) -> HttpResponse:
    """A copy of an item, to be changed at once."""
    found = kernel.draft_of(request, draft_id)
    form = forms.ItemStep(request.POST or None)
    if form.is_valid():
        with kernel.saving(request, None, []):
            _draft, made = services.copy_item(
                draft_id=draft_id, by=request.user, at=request.at, **form.cleaned_data
            )
            address = f"{reverse('schemework:item', args=[draft_id])}?{urlencode({'item': made})}"
            return done(request, gettext("已复制，请修改副本。"), address)
    return redirect("schemework:items", found.line.id)


@staff_page(action=Action.MANAGE_SCHEMES)
def moving(request: HttpRequest, draft_id: int) -> HttpResponse:
    """An item up or down."""
    kernel.draft_of(request, draft_id)
    form = forms.MoveForm(request.POST or None)
    if form.is_valid():
        with kernel.saving(request, None, []):
            services.move_item(draft_id=draft_id, by=request.user, at=request.at, **form.cleaned_data)
        return redirect(_anchor(draft_id, form.cleaned_data["item"]))
    return redirect("schemework:items", draft_id)


@staff_page(action=Action.MANAGE_SCHEMES)
def removal(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Without an item, after a question."""
    found = kernel.draft_of(request, draft_id)
    item_id = request.GET.get("item", "")
    if not item_id:
        return redirect("schemework:items", draft_id)
    place = found.document.place_of(item_id)
    if place is None:
        raise Http404
    form = forms.ItemStep(request.POST or None, initial={"number": found.number, "item": item_id})
    if form.is_valid():
        with kernel.saving(request, form, []):
            services.remove_item(draft_id=draft_id, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("条目已删除。"), "schemework:items", draft_id)
    title = item_forms.both(found.document.plain["items"][place].get("title"))[0] or item_id
    return confirm(
        request,
        title=gettext("删除条目“%(title)s”？") % {"title": title},
        text=gettext("以前按它认定的积分不变；新版本生效后不能再按它申报。误删了可以在“历史”里退回。"),
        button=gettext("删除条目"),
        back=reverse("schemework:items", args=[draft_id]),
        danger=True,
        form=form,
    )
