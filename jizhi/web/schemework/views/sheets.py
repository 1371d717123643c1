"""Tables of the editor: rating tables in and out, the list of drafts, and the printed items."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from jizhi.drafting import selectors, services
from jizhi.posts.rules import Action
from jizhi.sheets import plain, ratings
from jizhi.web.desk.exports import files
from jizhi.web.pages import done, staff_page
from jizhi.web.schemework import printing
from jizhi.web.schemework.exports import drafts as exports
from jizhi.web.schemework.exports import simulations as simulation_exports
from jizhi.web.schemework.forms import sheets as forms
from jizhi.web.schemework.views import drafts, items, kernel
from jizhi.web.templatetags import jizhi as words

EXPORT_MAX = 5_000


@staff_page(action=Action.EXPORT)
def drafts_export(request: HttpRequest) -> HttpResponse:
    """The list of drafts as a workbook."""
    _search, rows = drafts.searched(request)
    return exports.drafts(selectors.draft_lines(rows[:EXPORT_MAX]), request.at)


@staff_page(action=Action.EXPORT)
def saves_export(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Every save of a draft as a workbook."""
    found = kernel.draft_of(request, draft_id)
    return exports.saves(found.line, selectors.saves_of(draft_id)[:EXPORT_MAX], request.at)


@staff_page(action=Action.EXPORT)
def simulations_export(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Every simulation of a draft as a workbook."""
    found = kernel.draft_of(request, draft_id)
    return simulation_exports.simulations(
        found.line, selectors.simulations_of(draft_id)[:EXPORT_MAX], request.at
    )


@staff_page(action=Action.MANAGE_SCHEMES)
def template(request: HttpRequest) -> HttpResponse:
    """The empty rating table."""
    title = gettext("评分表")
    return files.workbook(title, plain.template(title, ratings.COLUMNS))


@staff_page(action=Action.EXPORT)
def items_export(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The items as a rating table, which can be imported again."""
    found = kernel.draft_of(request, draft_id)
    content = plain.write_lines(found.line.title, ratings.COLUMNS, selectors.rating_rows(found))
    return files.workbook(f"{found.line.title}-{gettext('条目')}", content)


@staff_page(action=Action.MANAGE_SCHEMES)
def items_print(request: HttpRequest, draft_id: int) -> HttpResponse:
    """How points are earned under the draft, on paper."""
    found = kernel.draft_of(request, draft_id)
    _search, lines = items.searched(request, found)
    return files.print_(f"{found.line.title}-{gettext('草案')}", printing.items_sheet(found, lines))


@staff_page(action=Action.MANAGE_SCHEMES)
def items_import(request: HttpRequest, draft_id: int) -> HttpResponse:
    """A rating table: first what becomes of each row, and after a word of consent the draft."""
    found = kernel.draft_of(request, draft_id)
    if not found.is_open:
        return redirect("schemework:items", draft_id)
    if "rows" in request.POST:
        return _confirmed(request, found)
    posted = request.method == "POST"
    form = forms.UploadForm(
        request.POST if posted else None, request.FILES if posted else None, initial={"number": found.number}
    )
    table = planned = None
    if form.is_valid():
        try:
            table = _read(form.cleaned_data["file"])
        except plain.UnreadableFile as fault:
            form.add_error("file", fault.message_en if words.in_english() else fault.message)
        else:
            planned = services.plan_import(found.source, table.rows, kernel.language())
    rows = (
        signing.dumps([dataclasses.asdict(one) for one in table.rows], salt=forms.SALT, compress=True)
        if table
        else ""
    )
    counts = {fate.value: sum(one.fate == fate for one in planned or ()) for fate in services.Fate}
    if table:
        counts[services.Fate.REFUSED.value] += len(table.refused)
    return kernel.editor(
        request, "import.html", found, "items", form=form, table=table, planned=planned, rows=rows, counts=counts,
        useful=bool(counts["new"] or counts["changed"]),
    )  # fmt: skip


def _read(upload: Any) -> ratings.RatingTable:
    with tempfile.NamedTemporaryFile(suffix=Path(upload.name).suffix) as kept:
        for chunk in upload.chunks():
            kept.write(chunk)
        kept.flush()
        return ratings.read_ratings(Path(kept.name), upload.name)


def _confirmed(request: HttpRequest, found: selectors.DraftPage) -> HttpResponse:
    form = forms.ConfirmForm(request.POST)
    if form.is_valid():
        with kernel.saving(request, None, []):
            stored = signing.loads(form.cleaned_data["rows"], salt=forms.SALT, max_age=forms.SECONDS_MAX)
            services.import_items(
                draft_id=found.line.id,
                number=form.cleaned_data["number"],
                ratings=[_rating(one) for one in stored],
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("表格里的条目已并入草稿。"), "schemework:items", found.line.id)
    return redirect("schemework:items_import", found.line.id)


def _rating(data: dict[str, Any]) -> ratings.Rating:
    lists = {name: tuple(data[name]) for name in ("limits", "claim", "evidence")}
    return ratings.Rating(**(data | lists))
