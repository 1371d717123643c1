"""Importing a roster: upload, dry run with every row's problem, confirm, result. Nothing is written before that."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from jizhi.core.text import N_
from jizhi.people import rules, selectors, services
from jizhi.people.rules import Change, Fate, ImportState
from jizhi.posts.rules import Action
from jizhi.sheets import templates
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import files
from jizhi.web.pages import done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.register.exports import rosters as exports
from jizhi.web.register.forms import households as forms
from jizhi.web.register.repricing import reprice
from jizhi.web.templatetags import jizhi as words

PARTS = ("refused", "understood", *(fate.value for fate in Fate))


@staff_page(action=Action.IMPORT_HOUSEHOLDS)
def roster_new(request: HttpRequest) -> HttpResponse:
    """Take a file and check it."""
    villages = scope.villages(request, Action.IMPORT_HOUSEHOLDS)
    choices = [(one.code, words.named(one)) for one in villages]
    posted = request.method == "POST"
    form = forms.RosterForm(
        request.POST if posted else None, request.FILES if posted else None, villages=choices
    )
    if form.is_valid():
        with guarded(request, form):
            file = form.cleaned_data["file"]
            row = services.stage_roster(
                village=scope.village(request, Action.IMPORT_HOUSEHOLDS, form.cleaned_data["village"]),
                filename=file.name,
                content=file.read(),
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("已检查，还没有写入。请看下面的结果。"), "register:roster", row.pk)
    uploads = selectors.roster_imports(*villages, limit=10)
    return page_or_partial(request, "register/rosters/new.html", form=form, uploads=uploads)


@staff_page(action=Action.IMPORT_HOUSEHOLDS)
def roster_template(request: HttpRequest) -> HttpResponse:
    """The empty roster to fill in."""
    return files.workbook(gettext("农户花名册"), templates.roster_template())


def _roster(request: HttpRequest, roster_id: int) -> tuple[selectors.RosterLine, services.ImportReport]:
    with or_404():
        line = selectors.roster_import(request.user, roster_id, localdate(request.at))
    return line, services.from_stored(line.report)


@staff_page(action=Action.IMPORT_HOUSEHOLDS)
def roster(request: HttpRequest, roster_id: int) -> HttpResponse:
    """The dry run, or once confirmed the result: part by part, the problems first."""
    line, report = _roster(request, roster_id)
    counts = {part: len(_part(report, part)) for part in PARTS}
    first = next((part for part in ("refused", "created", "updated") if counts[part]), "unchanged")
    show = request.GET.get("show", "")
    show = show if show in PARTS else first
    return page_or_partial(
        request,
        "register/rosters/roster.html",
        roster=line,
        report=report,
        waiting=line.state is ImportState.DRY_RUN,
        tabs=[(part, exports.PART_TITLES[part], counts[part]) for part in PARTS],
        show=show,
        page=listing.page_of(request, _part(report, show), list, size=50),
        writes=counts["created"] + counts["updated"],
        people=sum(len(household.members) for household in report.households),
    )


def _part(report: services.ImportReport, part: str) -> list[Any]:
    if part in ("refused", "understood"):
        return list(getattr(report, part))
    return [household for household in report.households if household.fate == part]


@staff_page(action=Action.IMPORT_HOUSEHOLDS)
@require_POST
def roster_confirmation(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Write what the dry run showed, and bring the points of resized households into line."""
    line, _report = _roster(request, roster_id)
    with guarded(request):
        report = services.apply_roster(roster_import_id=roster_id, by=request.user, at=request.at)
        village = scope.village(request, Action.IMPORT_HOUSEHOLDS, line.village_code)
        reprice(
            village,
            _resized(report, line.village_code),
            reason=N_("名册导入后家庭人口变动"),
            by=request.user,
            at=request.at,
        )
        text = ngettext(
            "已导入：新增%(count)d户，更新%(updated)d户。",
            "已导入：新增%(count)d户，更新%(updated)d户。",
            report.created,
        )
        numbers = {"count": report.created, "updated": report.updated}
        return done(request, text % numbers, "register:roster", roster_id)
    return roster(request, roster_id)


def _resized(report: services.ImportReport, village_code: str) -> list[int]:
    sized = {Change.SIZE, Change.MEMBERS_ADDED}
    keys = [
        rules.subject_key(village_code, household.no)
        for household in report.households
        if household.fate is Fate.UPDATED and sized & set(household.changes)
    ]
    return list(selectors.subject_ids_by_key(keys).values())


@staff_page(action=Action.IMPORT_HOUSEHOLDS)
def roster_report(request: HttpRequest, roster_id: int, kind: str) -> HttpResponse:
    """The report to keep or to send back to whoever wrote the roster; numbers of persons are masked."""
    line, report = _roster(request, roster_id)
    if kind == "xlsx":
        return exports.report(line, report)
    content = json.dumps(report.as_json(), ensure_ascii=False, indent=2)
    answer = HttpResponse(content, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="roster-{line.id}.json"'
    return answer
