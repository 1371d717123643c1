"""Drafts: the list, beginning one, its overview, text, history and differences, and making a version of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.areas import selectors as areas
from jizhi.drafting import selectors, services
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes.services import RefusedDocument
from jizhi.web.desk import listing, scope
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.schemework.forms import steps as forms
from jizhi.web.schemework.templatetags.schemework import draft_title
from jizhi.web.schemework.views import kernel
from jizhi.web.templatetags import jizhi as words


def searched(request: HttpRequest) -> tuple[forms.DraftSearch, Any]:
    """The drafts that the search of an address asks for."""
    search = forms.DraftSearch(request.GET)
    rows = selectors.draft_list(
        request.user, on=localdate(request.at), search=search.value("q"), state=search.value("state")
    )
    return search, rows


@staff_page(action=Action.MANAGE_SCHEMES)
def drafts(request: HttpRequest) -> HttpResponse:
    """The drafts that the reader may write."""
    search, rows = searched(request)
    return page_or_partial(
        request,
        "schemework/list.html",
        search=search,
        page=listing.page_of(request, rows, selectors.draft_lines),
        filtered=bool(search.value("q") or search.value("state")),
        may_export=scope.may(request, Action.EXPORT),
    )


@staff_page(action=Action.MANAGE_SCHEMES)
def draft_new(request: HttpRequest) -> HttpResponse:
    """Begin with a version, or with nothing."""
    today = localdate(request.at)
    bases = {str(one.id): one for one in selectors.bases_for(request.user, on=today)}
    choices = [
        (key, f"{draft_title(one)} · {one.area} · {words.day(one.applies_from_date)}")
        for key, one in bases.items()
    ]
    given = request.GET.get("base", "")
    form = forms.DraftForm(
        request.POST or None,
        areas=_areas(request),
        bases=choices,
        initial={
            "applies_from_date": today,
            "base": given if given in bases else next(iter(bases), forms.BLANK),
        },
    )
    if form.is_valid():
        with guarded(request, form):
            data = form.cleaned_data
            base = None
            if data["base"] != forms.BLANK:
                base = selectors.base_version(request.user, int(data["base"]), on=today)
            draft = services.start_draft(
                area=areas.area_by_code(data["area"]),
                applies_from_date=data["applies_from_date"],
                base=base,
                title=data["title"],
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("草稿已建立，可以开始编写。"), "schemework:draft", draft.pk)
    return page_or_partial(request, "schemework/new.html", form=form)


def _areas(request: HttpRequest) -> list[tuple[str, str]]:
    """Where the reader writes schemes: the tops of the scope, and their villages."""
    paths = posts.scope_paths(request.user, Action.MANAGE_SCHEMES, localdate(request.at))
    tops = [areas.area_by_code(path.rpartition(".")[2]) for path in paths]
    below = [one for one in areas.villages(paths) if one not in tops]
    return [(one.code, words.named(one)) for one in [*tops, *below]]


@staff_page(action=Action.MANAGE_SCHEMES)
def draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Where the draft stands: what it is, guard, cases, differences, simulations, what is next."""
    found = kernel.draft_of(request, draft_id)
    run = kernel.cases_of(found)
    language = kernel.language()
    compared = selectors.comparing.compare(found.base.source, found.source, language) if found.base else None
    simulated = selectors.simulations_of(draft_id)
    return kernel.editor(
        request,
        "overview.html",
        found,
        "overview",
        run=run,
        compared=compared,
        simulated=simulated,
        last=simulated[0] if simulated else None,
        warnings=len(found.findings) - len([one for one in found.findings if one.level == "error"]),
        items=len(found.document.rows),
        ready=found.is_open and not found.errors and not run.failing,
    )


@staff_page(action=Action.MANAGE_SCHEMES)
def day(request: HttpRequest, draft_id: int) -> HttpResponse:
    """From which day the version is to apply."""
    found = kernel.draft_of(request, draft_id)
    initial = {"number": found.number, "applies_from_date": found.line.applies_from_date}
    form = forms.DayForm(request.POST or None, initial=initial)
    if form.is_valid():
        with kernel.saving(request, form, []):
            services.set_day(draft_id=draft_id, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("已保存。"), "schemework:draft", draft_id)
    return kernel.editor(request, "day.html", found, "overview", form=form)


@staff_page(action=Action.MANAGE_SCHEMES)
def discarding(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Give the draft up, after a question."""
    found = kernel.draft_of(request, draft_id)
    if request.method == "POST":
        with guarded(request):
            services.discard_draft(draft_id=draft_id, by=request.user, at=request.at)
            return done(request, gettext("草稿已放弃。"), "schemework:draft", draft_id)
    return confirm(
        request,
        title=gettext("放弃这份草稿？"),
        text=gettext("草稿和它的历次保存都留着，需要时可以重新编写。"),
        button=gettext("放弃草稿"),
        back=reverse("schemework:draft", args=[found.line.id]),
        danger=True,
    )


@staff_page(action=Action.MANAGE_SCHEMES)
def reopening(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Take a draft up again that was given up."""
    kernel.draft_of(request, draft_id)
    if request.method == "POST":
        with guarded(request):
            services.reopen_draft(draft_id=draft_id, by=request.user, at=request.at)
            messages.success(request, gettext("可以继续编写了。"))
    return redirect("schemework:draft", draft_id)


@staff_page(action=Action.MANAGE_SCHEMES)
def publication(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Make a version of the draft, after a question; what is in the way is listed."""
    found = kernel.draft_of(request, draft_id)
    run = kernel.cases_of(found)
    form = forms.NumberForm(request.POST or None, initial={"number": found.number})
    if form.is_valid():
        with kernel.saving(request, form, []):
            try:
                version = services.publish_draft(
                    draft_id=draft_id, by=request.user, at=request.at, **form.cleaned_data
                )
            except RefusedDocument as refusal:
                found = kernel.draft_of(request, draft_id)
                form.add_error(None, str(refusal))
            else:
                text = gettext("已成为正式版本。村里表决通过、乡镇备案后才能启用。")
                return done(request, text, "register:version", version.pk)
    simulated = [one for one in selectors.simulations_of(draft_id) if one.number == found.number]
    return kernel.editor(
        request, "publication.html", found, "overview", run=run, form=form, simulated=simulated[:1],
        ready=found.is_open and not found.errors and not run.failing,
    )  # fmt: skip


@staff_page(action=Action.MANAGE_SCHEMES)
def source(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The whole text, with what is wrong in it."""
    found = kernel.draft_of(request, draft_id)
    problems: list[Any] = []
    initial = {"number": found.number, "source": found.source}
    form = forms.SourceForm(request.POST or None, initial=initial)
    if form.is_valid():
        with kernel.saving(request, form, problems):
            services.replace_source(draft_id=draft_id, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("已保存。"), "schemework:source", draft_id)
    return kernel.editor(
        request, "source.html", found, "source", form=form, problems=problems or found.problems
    )


@staff_page(action=Action.MANAGE_SCHEMES)
def source_file(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The text to keep, named by the day from which it is to apply."""
    found = kernel.draft_of(request, draft_id)
    answer = HttpResponse(found.source, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.line.applies_from_date}.yaml"'
    return answer


@staff_page(action=Action.MANAGE_SCHEMES)
def saves(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Every save; one of them beside the save before it."""
    found = kernel.draft_of(request, draft_id)
    rows = selectors.saves_of(draft_id)
    shown = request.GET.get("show", "")
    compared = None
    if shown.isdecimal() and 1 < int(shown) <= found.number:
        with or_404():
            before, after = (selectors.save_of(draft_id, int(shown) - n) for n in (1, 0))
        compared = selectors.comparing.compare(before.source, after.source, kernel.language())
    page = listing.page_of(request, rows, list)
    return kernel.editor(request, "saves.html", found, "saves", page=page, compared=compared, shown=shown)


@staff_page(action=Action.MANAGE_SCHEMES)
def undoing(request: HttpRequest, draft_id: int, to_number: int) -> HttpResponse:
    """Make an earlier save the last one again, after a question."""
    found = kernel.draft_of(request, draft_id)
    with or_404():
        selectors.save_of(draft_id, to_number)
    form = forms.NumberForm(request.POST or None, initial={"number": found.number})
    if form.is_valid():
        with kernel.saving(request, form, []):
            services.undo_to(
                draft_id=draft_id, to_number=to_number, by=request.user, at=request.at, **form.cleaned_data
            )
            text = gettext("已退回到第 %(number)s 次保存。") % {"number": to_number}
            return done(request, text, "schemework:saves", draft_id)
    return confirm(
        request,
        title=gettext("退回到第 %(number)s 次保存？") % {"number": to_number},
        text=gettext("当前内容也留在历史里，随时可以再退回来。"),
        button=gettext("退回"),
        back=reverse("schemework:saves", args=[draft_id]),
        form=form,
    )


@staff_page(action=Action.MANAGE_SCHEMES)
def differences(request: HttpRequest, draft_id: int) -> HttpResponse:
    """What the draft says otherwise than the version it began with: by meaning, and line by line."""
    found = kernel.draft_of(request, draft_id)
    compared = (
        selectors.comparing.compare(found.base.source, found.source, kernel.language())
        if found.base
        else None
    )
    return kernel.editor(request, "differences.html", found, "differences", compared=compared)
