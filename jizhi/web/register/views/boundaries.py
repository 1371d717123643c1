"""Boundaries: the map of one area, drawing or pasting its outline, holes and overlaps below it, outlines as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.areas import selectors, services
from jizhi.areas.rules import BoundarySource, Datum
from jizhi.areas.selectors import GapLine, Outline
from jizhi.posts.rules import Action
from jizhi.web.desk import scope
from jizhi.web.pages import confirm, done, guarded, page_or_partial, staff_page
from jizhi.web.register.exports import areas as exports
from jizhi.web.register.forms.boundaries import BoundaryForm
from jizhi.web.register.views.areas import area_of
from jizhi.web.templatetags import jizhi as words

GEOJSON = "application/geo+json; charset=utf-8"


@staff_page(action=Action.MANAGE_AREAS)
def boundary(request: HttpRequest, area_id: int) -> HttpResponse:
    """Draw or paste an area's outline; its neighbours stand around it."""
    found, today = area_of(request, area_id), localdate(request.at)
    present = selectors.outline_of(found, today)
    form = BoundaryForm(request.POST or None, initial=_initial(present) | {"from_date": today})
    if form.is_valid():
        with guarded(request, form):
            data = form.cleaned_data
            source = BoundarySource.DRAWN if data.pop("drawn") else BoundarySource.PASTED
            data["datum"] = Datum(data["datum"])
            services.set_boundary(area=found, source=source, by=request.user, at=request.at, **data)
            return done(request, gettext("边界已保存。"), "register:area", area_id)
    return page_or_partial(
        request,
        "register/boundaries/edit.html",
        area=found,
        form=form,
        present=present,
        above=selectors.ancestors(found),
        past=selectors.boundaries_of(found),
    )


def _initial(present: Outline | None) -> dict[str, Any]:
    if present is None:
        return {}
    shape = {"type": "MultiPolygon", "coordinates": present.coordinates}
    return {"geojson": json.dumps(shape), "datum": present.datum.value, "note": present.note}


@staff_page(action=Action.MANAGE_AREAS)
def boundary_removal(request: HttpRequest, area_id: int) -> HttpResponse:
    """Take an outline away, after a question; it stays in the history."""
    found = area_of(request, area_id)
    back = reverse("register:boundary", args=[area_id])
    if request.method == "POST":
        with guarded(request):
            services.remove_boundary(area=found, by=request.user, at=request.at)
            return done(request, gettext("边界已去掉。"), "register:area", area_id)
    return confirm(
        request,
        title=gettext("去掉%(area)s的边界？") % {"area": words.named(found)},
        text=gettext("从今天起没有边界，以前的边界仍可查到。"),
        button=gettext("去掉边界"),
        back=back,
        danger=True,
    )


@staff_page(action=Action.MANAGE_AREAS)
def boundary_map(request: HttpRequest, area_id: int) -> HttpResponse:
    """What the map draws: the area with parent, neighbours and children, and with `?gaps=1` what does not fit."""
    found, today = area_of(request, area_id), localdate(request.at)
    features = [
        selectors.feature(outline, role=role) | {"id": outline.area_id}
        for role, outline in selectors.around(found, today)
        if not request.GET.get("gaps") or role in ("self", "child")
    ]
    if request.GET.get("gaps"):
        features += [_gap(gap) for gap in selectors.coverage_of(found, today).gaps]
    return JsonResponse({"type": "FeatureCollection", "features": features}, content_type=GEOJSON)


def _gap(gap: GapLine) -> dict[str, Any]:
    name = f"{gap.number} {words.label(gap.kind)}"
    return {
        "type": "Feature",
        "id": f"gap-{gap.number}",
        "properties": {"role": gap.kind.value, "name": name, "number": gap.number},
        "geometry": {"type": "MultiPolygon", "coordinates": gap.coordinates},
    }


@staff_page(action=Action.MANAGE_AREAS)
def coverage(request: HttpRequest, area_id: int) -> HttpResponse:
    """How the areas right below one cover it: holes, overlaps, what reaches beyond, and who has no outline yet."""
    found = area_of(request, area_id)
    return page_or_partial(
        request,
        "register/boundaries/coverage.html",
        area=found,
        report=selectors.coverage_of(found, localdate(request.at)),
        above=selectors.ancestors(found),
        may_export=scope.may(request, Action.EXPORT, found),
    )


@staff_page(action=Action.EXPORT)
def coverage_export(request: HttpRequest, area_id: int) -> HttpResponse:
    """The same table as a workbook."""
    found = area_of(request, area_id)
    return exports.coverage(selectors.coverage_of(found, localdate(request.at)), request.at)


@staff_page(action=Action.EXPORT)
def boundaries_export(request: HttpRequest, area_id: int) -> StreamingHttpResponse:
    """All outlines at or below an area as one FeatureCollection, piece by piece; it can be brought back."""
    found = area_of(request, area_id)
    outlines = selectors.below([str(found.path)], localdate(request.at))
    answer = StreamingHttpResponse(_collection(outlines), content_type=GEOJSON)
    name = f"{gettext('边界')}-{words.named(found)}-{localdate(request.at):%Y%m%d}.geojson"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


def _collection(outlines: Any) -> Iterator[str]:
    yield '{"type": "FeatureCollection", "features": ['
    for place, outline in enumerate(outlines):
        more = {"datum": outline.datum.value, "square_metres": round(outline.square_metres)}
        yield (",\n" if place else "\n") + json.dumps(selectors.feature(outline, **more), ensure_ascii=False)
    yield "\n]}\n"
