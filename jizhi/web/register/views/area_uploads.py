"""Bringing files of boundaries in: upload, the check of every feature, confirmation. Tables are `imports`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jizhi.areas import selectors, services
from jizhi.areas.rules import UploadKind
from jizhi.posts.rules import Action
from jizhi.web.desk import listing
from jizhi.web.pages import done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.register.exports import areas as exports
from jizhi.web.register.forms.boundaries import BoundaryFileForm
from jizhi.web.register.views.areas import area_of, paths_of
from jizhi.web.templatetags import jizhi as words


@staff_page(action=Action.MANAGE_AREAS)
def upload_new(request: HttpRequest) -> HttpResponse:
    """Choose a file; it is looked at before anything is written."""
    roots = selectors.roots(paths_of(request))
    choices = [(str(one.id), words.named(one)) for one in roots]
    today = localdate(request.at)
    form = BoundaryFileForm(
        request.POST or None, request.FILES or None, areas=choices, initial={"from_date": today}
    )
    if form.is_valid():
        with guarded(request, form):
            file = form.cleaned_data["file"]
            upload = services.stage_upload(
                area=area_of(request, int(form.cleaned_data["area"])),
                kind=UploadKind.BOUNDARIES,
                filename=file.name,
                content=file.read(),
                options=form.options(today),
                by=request.user,
                at=request.at,
            )
            return redirect("register:area_upload", upload.pk)
    return page_or_partial(
        request,
        "register/boundaries/upload_new.html",
        form=form,
        uploads=selectors.uploads_of(paths_of(request), UploadKind.BOUNDARIES),
    )


def _upload(request: HttpRequest, upload_id: int) -> Any:
    with or_404():
        return selectors.upload_for(paths_of(request), upload_id)


@staff_page(action=Action.MANAGE_AREAS)
def upload(request: HttpRequest, upload_id: int) -> HttpResponse:
    """What each feature would do now, problems first; once confirmed, how it ended."""
    found = _upload(request, upload_id)
    planned = services.plan_upload(found, request.at) if found.applied_at is None else []
    fates = list(services.BoundaryFate)
    counts = found.counts if found.applied_at else _counts(planned)
    tabs = [(fate.value, fate.label, counts.get(fate.value, 0)) for fate in reversed(fates)]
    first = next((value for value, _label, count in tabs if count), fates[0].value)
    show = request.GET.get("show", first)
    rows = [one for one in planned if one.fate == show]
    return page_or_partial(
        request,
        "register/areas/upload.html",
        upload=found,
        tabs=tabs,
        show=show,
        page=listing.page_of(request, rows, list, size=50),
        writes=sum(count for value, _label, count in tabs if value not in ("unchanged", "refused")),
    )


def _counts(planned: list[Any]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in planned:
        counts[one.fate.value] = counts.get(one.fate.value, 0) + 1
    return counts


@staff_page(action=Action.MANAGE_AREAS)
@require_POST
def upload_confirmation(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Write what the check showed."""
    found = _upload(request, upload_id)
    with guarded(request):
        services.apply_upload(upload=found, by=request.user, at=request.at)
        return done(request, gettext("已导入。"), "register:area_upload", upload_id)
    return redirect("register:area_upload", upload_id)


@staff_page(action=Action.MANAGE_AREAS)
def upload_report(request: HttpRequest, upload_id: int) -> HttpResponse:
    """The check as a workbook, to keep or to send back."""
    found = _upload(request, upload_id)
    return exports.report(found, services.plan_upload(found, request.at))
