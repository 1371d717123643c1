"""Schemes: the versions, one version in readable form, loading, putting a version in force."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext

from jizhi.areas import selectors as areas
from jizhi.assemblies.rules import About
from jizhi.claims import selectors as claims
from jizhi.core.text import N_
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors, services
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import files
from jizhi.web.forms import SearchForm
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.register.exports import schemes as exports
from jizhi.web.register.forms import schemes as forms
from jizhi.web.templatetags import jizhi as words

KINDS = {
    "merit": N_("加分条目"),
    "fault": N_("扣分条目"),
    "veto": N_("一票否决"),
    "ruling": N_("直接定级"),
}
PARTS = ("items", "adoption", "findings", "source")


def _versions(request: HttpRequest) -> tuple[SearchForm, list[selectors.VersionLine]]:
    search = SearchForm(request.GET)
    search.is_valid()
    wanted = str(search.cleaned_data.get("q") or "").strip().lower()
    lines = selectors.version_list(request.user, on=localdate(request.at))
    texts = [(line, f"{line.title} {line.title_en} {line.scheme} {line.area}".lower()) for line in lines]
    return search, [line for line, text in texts if wanted in text]


@staff_page(action=Action.VIEW_DESK)
def schemes(request: HttpRequest) -> HttpResponse:
    """The versions: whose, since when, in how many villages."""
    search, lines = _versions(request)
    return page_or_partial(
        request,
        "register/schemes/list.html",
        search=search,
        page=listing.page_of(request, lines, list),
        may_load=scope.may(request, Action.MANAGE_SCHEMES),
        may_export=scope.may(request, Action.EXPORT),
    )


@staff_page(action=Action.EXPORT)
def schemes_export(request: HttpRequest) -> HttpResponse:
    """The versions as a workbook."""
    return exports.versions(_versions(request)[1], request.at)


@staff_page(action=Action.MANAGE_SCHEMES)
def version_new(request: HttpRequest) -> HttpResponse:
    """Load a version from a file; every problem is listed with its line, and nothing is kept."""
    choices = _areas(request)
    posted = request.method == "POST"
    form = forms.VersionForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        areas=choices,
        initial={"applies_from_date": localdate(request.at)},
    )
    problems: list[Any] = []
    if form.is_valid():
        with guarded(request, form):
            try:
                version = _load(request, form.cleaned_data)
            except services.RefusedDocument as refusal:
                problems = sorted(refusal.problems, key=lambda problem: problem.line)
                raise
            text = gettext("已载入。村里表决通过、乡镇备案后才能启用。")
            return done(request, text, "register:version", version.pk)
    return page_or_partial(request, "register/schemes/new.html", form=form, problems=problems)


def _load(request: HttpRequest, data: dict[str, Any]) -> Any:
    return services.load_version_text(
        area=areas.area_by_code(data["area"]),
        source=data["file"],
        applies_from_date=data["applies_from_date"],
        by=request.user,
        at=request.at,
    )


def _areas(request: HttpRequest) -> list[tuple[str, str]]:
    """Where the reader may load schemes: the tops of the scope, and their villages."""
    paths = posts.scope_paths(request.user, Action.MANAGE_SCHEMES, localdate(request.at))
    tops = [areas.area_by_code(path.rpartition(".")[2]) for path in paths]
    below = [one for one in areas.villages(paths) if one not in tops]
    return [(one.code, words.named(one)) for one in [*tops, *below]]


def _page(request: HttpRequest, version_id: int) -> selectors.VersionPage:
    with or_404():
        return selectors.version_page(request.user, version_id, on=localdate(request.at))


@staff_page(action=Action.VIEW_DESK)
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """One version: its items in words, who adopted it, what the guard says, its source."""
    found = _page(request, version_id)
    part = request.GET.get("part", "")
    today = localdate(request.at)
    context: dict[str, Any] = {
        "found": found,
        "line": found.line,
        "document": found.document,
        "part": part if part in PARTS else "items",
        "findings": selectors.findings(found.version, on=today),
        "may_resolve": bool(found.villages_without) and scope.may(request, Action.RECORD_ASSEMBLY),
        "record_url": f"{reverse('fairwork:assembly_new', args=[About.SCHEME])}?version={found.line.id}",
        "may_activate": scope.may(request, Action.ACTIVATE_SCHEME),
        "chapters": _groups(found.document),
        "lines": list(enumerate(found.source.splitlines(), 1)) if part == "source" else [],
    }
    return page_or_partial(request, "register/schemes/version.html", **context)


def _groups(document: Any) -> list[tuple[str, str, list[Any]]]:
    """(kind, section title, rows) in the document's order; a row is an item with its points in words."""
    language, groups = get_language() or "zh", []
    for kind, title in KINDS.items():
        items = [item for item in document.items if str(item.kind) == kind]
        sections = list(dict.fromkeys(item.section for item in items))
        for key in sections:
            section = document.section(key) if key else None
            rows = [(item, claims.points_words(item, language)) for item in items if item.section == key]
            groups.append((title, words.say(section.title) if section else "", rows))
    return groups


@staff_page(action=Action.VIEW_DESK)
def version_source(request: HttpRequest, version_id: int) -> HttpResponse:
    """The document as it was loaded, to the letter."""
    found = _page(request, version_id)
    answer = HttpResponse(found.source, content_type="application/yaml; charset=utf-8")
    name = f"{found.line.scheme}-{found.line.applies_from_date}.yaml"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@staff_page(action=Action.EXPORT)
def version_export(request: HttpRequest, version_id: int) -> HttpResponse:
    """The items with their points and limits as a workbook."""
    found = _page(request, version_id)
    content = exports.items(found.line, _groups(found.document))
    return files.workbook(f"{found.line.title}-{found.line.applies_from_date}", content)


def _adoption(version_id: int) -> str:
    return f"{reverse('register:version', args=[version_id])}?part=adoption"


@staff_page(action=Action.ACTIVATE_SCHEME)
def activation(request: HttpRequest, resolution_id: int) -> HttpResponse:
    """Put the resolved version in force in the village, after a question."""
    today = localdate(request.at)
    with or_404():
        row = selectors.resolution_for(request.user, resolution_id, on=today)
    first = max(row.held_on_date, row.version.applies_from_date, today)
    form = forms.ActivationForm(request.POST or None, initial={"effective_from_date": first})
    if form.is_valid():
        with guarded(request, form):
            services.activate_version(resolution=row, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("已启用。"), _adoption(row.version_id))
    return confirm(
        request,
        title=gettext("在%(village)s启用？") % {"village": words.named(row.village)},
        text=gettext("从生效日期起，申报和计分都按这个版本；以前的记录按当时的版本不变。"),
        button=gettext("启用细则"),
        back=_adoption(row.version_id),
        form=form,
    )
