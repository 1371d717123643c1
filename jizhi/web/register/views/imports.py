"""The import screen: choose a table, see what every row would do, confirm, watch it being written; and the history.

One screen for every kind of table; kinds are offered by permission. Messy lists of one village are `rosters`.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jizhi.areas import selectors as areas
from jizhi.imports import selectors, services
from jizhi.imports.rules import Fate, ImportState, Kind
from jizhi.imports.selectors import ImportLine
from jizhi.intake import jobs
from jizhi.intake.kinds import KINDS
from jizhi.posts.rules import Action
from jizhi.web.desk import listing, scope
from jizhi.web.pages import done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.register.exports import imports as exports
from jizhi.web.register.forms import imports as forms
from jizhi.web.templatetags import jizhi as words

EXPORT_MAX = 20_000


def _kinds(request: HttpRequest) -> list[Kind]:
    """The kinds the reader may import somewhere today."""
    found = [kind for kind in KINDS.values() if any(scope.may(request, action) for action in kind.actions)]
    if not found:
        raise PermissionDenied(gettext("您的职务没有导入表格的权限。需要办理的，请联系乡镇管理员。"))
    return found


def _kind(request: HttpRequest, key: str) -> Kind:
    found = next((kind for kind in _kinds(request) if kind.key == key), None)
    if found is None:
        raise Http404
    return found


def _areas(request: HttpRequest, kind: Kind) -> list[tuple[str, str]]:
    """Areas to choose from, down to villages (and the reader's own grids); larger ones first."""
    paths = selectors.kind_paths(request.user, kind, localdate(request.at))
    return [(one.code, words.named(one)) for one in areas.down_to_villages(paths)]


def _found(request: HttpRequest) -> tuple[forms.HistorySearch, Any]:
    kinds = _kinds(request)
    search = forms.HistorySearch(request.GET, kinds=[(kind.key, gettext(kind.title)) for kind in kinds])
    return search, selectors.imports(request.user, kinds, on=localdate(request.at), **search.filters)


@staff_page(action=Action.VIEW_DESK)
def imports(request: HttpRequest) -> HttpResponse:
    """What can be imported, and what was."""
    search, rows = _found(request)
    return page_or_partial(
        request,
        "register/imports/list.html",
        kinds=_kinds(request),
        search=search,
        filtered=any(search.filters.values()),
        page=listing.page_of(request, rows, selectors.lines),
        may_rosters=scope.may(request, Action.IMPORT_HOUSEHOLDS),
    )


@staff_page(action=Action.VIEW_DESK)
def imports_export(request: HttpRequest) -> HttpResponse:
    """The history as a workbook."""
    _search, rows = _found(request)
    return exports.history(selectors.lines(rows[:EXPORT_MAX]), request.at)


@staff_page(action=Action.VIEW_DESK)
def import_template(request: HttpRequest, key: str) -> HttpResponse:
    """The empty table to fill in, with the columns that the area has."""
    kind = _kind(request, key)
    return exports.template(_in_area(request, kind, request.GET.get("area", "")))


def _in_area(request: HttpRequest, kind: Kind, code: str) -> Kind:
    """The kind as it is in that area of the reader's, or in the first one."""
    if kind.columns_in is None:
        return kind
    codes = [one for one, _name in _areas(request, kind)]
    if not codes:
        return kind
    area = areas.area_by_code(code if code in codes else codes[0])
    return kind.for_area(area, request.user, localdate(request.at))


@staff_page(action=Action.VIEW_DESK)
def import_new(request: HttpRequest, key: str) -> HttpResponse:
    """Take a file; a small one is checked at once."""
    kind = _kind(request, key)
    posted = request.method == "POST"
    form = forms.UploadForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        areas=_areas(request, kind),
        initial={"area": request.GET.get("area", "")},
    )
    if form.is_valid():
        with guarded(request, form):
            file = form.cleaned_data["file"]
            upload = services.upload_table(
                kind=kind,
                area=areas.area_by_code(form.cleaned_data["area"]),
                file_name=file.name,
                content=file.chunks(),
                request_key=str(form.cleaned_data["request_key"]),
                by=request.user,
                at=request.at,
            )
            jobs.go_on(upload.pk, kind, size=upload.size, at=request.at)
            return redirect("register:import", upload.pk)
    return page_or_partial(request, "register/imports/new.html", form=form, kind=_in_area(request, kind, ""))


def _line(request: HttpRequest, import_id: int) -> tuple[ImportLine, Kind]:
    with or_404():
        line = selectors.import_for(request.user, import_id, _kinds(request), on=localdate(request.at))
    area = areas.area_by_code(line.area_code)
    return line, KINDS[line.kind].for_area(area, request.user, localdate(request.at))


@staff_page(action=Action.VIEW_DESK)
def import_(request: HttpRequest, import_id: int) -> HttpResponse:
    """One import: its progress while it runs, then what every row would do or did."""
    line, kind = _line(request, import_id)
    search = forms.ProblemSearch(request.GET)
    rows = selectors.problems(line.id, words=search.words)
    return page_or_partial(
        request,
        "register/imports/page.html",
        line=line,
        kind=kind,
        fates=[(fate, line.counts.get(fate.value, 0)) for fate in Fate],
        search=search,
        page=listing.page_of(request, rows, selectors.problem_lines, size=50),
        handout=(
            selectors.waiting_handout(request.user, line.id, on=localdate(request.at))
            if kind.handout
            else None
        ),
    )


@staff_page(action=Action.VIEW_DESK)
def import_refused(request: HttpRequest, import_id: int) -> HttpResponse:
    """The refused rows with their reasons, to be corrected."""
    return exports.refused(*_line(request, import_id))


@staff_page(action=Action.VIEW_DESK)
@require_POST
def import_handout(request: HttpRequest, import_id: int) -> HttpResponse:
    """What is told once, such as first passwords, as a workbook: it is nowhere afterwards."""
    line, kind = _line(request, import_id)
    with guarded(request):
        lines = services.take_handout(import_id=line.id, by=request.user, at=request.at)
        return exports.handout(kind, line, lines)
    return redirect("register:import", import_id)


@staff_page(action=Action.VIEW_DESK)
@require_POST
def import_renewal(request: HttpRequest, import_id: int) -> HttpResponse:
    """Other first passwords, for those that nobody took in time."""
    line, kind = _line(request, import_id)
    with guarded(request):
        count = services.renew_handout(import_id=line.id, kind=kind, by=request.user, at=request.at)
        text = (
            gettext("已重新生成，请领取。")
            if count
            else gettext("这些账号都已改过密码或停用，不用重新生成。")
        )
        return done(request, text, "register:import", import_id)
    return redirect("register:import", import_id)


VERBS = {
    "confirm": services.confirm_import,
    "stop": services.stop_import,
    "resume": services.resume_import,
    "discard": services.discard_import,
}


@staff_page(action=Action.VIEW_DESK)
@require_POST
def import_step(request: HttpRequest, import_id: int, verb: str) -> HttpResponse:
    """Confirm, stop, resume or discard."""
    line, kind = _line(request, import_id)
    if verb not in VERBS:
        raise Http404
    with guarded(request):
        VERBS[verb](import_id=line.id, kind=kind, by=request.user, at=request.at)
        if verb in ("confirm", "resume"):
            jobs.go_on(line.id, kind, rows=line.rows, at=request.at)
        return done(request, _told(request, line.id), "register:import", line.id)
    return redirect("register:import", import_id)


def _told(request: HttpRequest, import_id: int) -> str:
    line, _kind_of_it = _line(request, import_id)
    said = {
        ImportState.APPLIED: gettext("已导入。"),
        ImportState.APPLYING: gettext("已开始导入，可以离开这一页，稍后再来看。"),
        ImportState.READING: gettext("继续检查。"),
        ImportState.STOPPED: gettext("已暂停，写入的部分保留。"),
        ImportState.DISCARDED: gettext("已放弃，文件和检查结果已删除。"),
    }
    return said.get(line.state, gettext("已办理。"))
