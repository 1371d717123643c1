"""Sheets of paper: printing a batch with codes, finding a sheet by its code, what became of each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from jizhi.areas import selectors as areas
from jizhi.channels import selectors, services
from jizhi.channels.rules import SheetKind, SheetState
from jizhi.notices import selectors as notices
from jizhi.participants import selectors as participants
from jizhi.people import selectors as people
from jizhi.people.rules import SubjectKind
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import papers as exports
from jizhi.web.desk.forms import papers as forms
from jizhi.web.desk.views.claim_entry import numbered
from jizhi.web.pages import done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.templatetags import jizhi as words


@staff_page(action=Action.VIEW_LEDGER)
def papers(request: HttpRequest) -> HttpResponse:
    """Every printed sheet and what became of it."""
    today, search = localdate(request.at), _search(request)
    filters = search.filters
    counts = selectors.counts_by_state(selectors.sheets(request.user, on=today, **filters | {"state": ""}))
    context = {
        "search": search,
        "page": listing.page_of(
            request, selectors.sheets(request.user, on=today, **filters), selectors.sheet_lines
        ),
        "tabs": [(one, counts.get(one, 0)) for one in SheetState],
        "all_count": sum(counts.values()),
        "state": filters["state"],
        "may_key_in": scope.may(request, Action.KEY_IN_CLAIMS),
        "may_scan": bool(_kinds(request)),
        "ticked_kinds": _kinds(request) if filters["state"] == SheetState.PRINTED.value else (),
        "may_export": scope.may(request, Action.EXPORT),
        "several_villages": "village" in search.fields,
    }
    return page_or_partial(request, "desk/papers/list.html", **context)


def _kinds(request: HttpRequest) -> list[SheetKind]:
    """The kinds of sheets that the reader keys in, and therefore settles."""
    return [kind for kind, action in services.KEYED_BY.items() if scope.may(request, action)]


def _check_settles(request: HttpRequest) -> None:
    """Which kind a sheet is of, the service asks again."""
    if not _kinds(request):
        raise PermissionDenied(gettext("您的职务没有这项权限。需要办理的，请联系乡镇管理员。"))


def _search(request: HttpRequest) -> forms.PaperSearch:
    return forms.PaperSearch(request.GET, villages=scope.villages(request))


@staff_page(action=Action.EXPORT)
def papers_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    rows = selectors.sheets(request.user, on=localdate(request.at), **_search(request).filters)
    titles = dict(scope.scheme_titles(request, scope.villages(request, Action.EXPORT)))
    return exports.workbook(selectors.sheet_lines(rows), titles, request.at)


@staff_page(action=Action.KEY_IN_CLAIMS)
def paper_new(request: HttpRequest) -> HttpResponse:
    """A batch of sheets, each with a code of its own."""
    villages = scope.villages(request, Action.KEY_IN_CLAIMS)
    code = request.POST.get("village", "") or request.GET.get("village", "")
    village = scope.village(request, Action.KEY_IN_CLAIMS, code)
    today = localdate(request.at)
    scheme = schemes.scheme_on(village, scope.scheme(request, village), today)
    of_households = scheme.subject == SubjectKind.HOUSEHOLD.value
    form = forms.BatchForm(
        request.POST or None,
        villages=[(one.code, words.named(one)) for one in villages],
        grids=grids_of(village, whole="" if of_households else gettext("全村参加的每一个")),
        of_households=of_households,
        initial={"village": village.code},
    )
    if form.is_valid():
        given = form.cleaned_data
        with guarded(request, form):
            batch = services.print_sheets(
                village=village,
                scheme=scheme.id,
                count=given["count"],
                subjects=participants.subjects_on(village, scheme.id, today, area_code=given["households"])
                if given["households"]
                else (),
                title=given["title"],
                request_key=str(given["request_key"]),
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("申报表编好号了，请打印。"), "desk:paper_batch_print", batch.pk)
    context = {"form": form, "village": village, "many": len(villages) > 1, "scheme": scheme}
    offered = scope.schemes(request, [village])
    return page_or_partial(request, "desk/papers/new.html", schemes=offered, **context)


def grids_of(village: Any, *, whole: str = "") -> list[tuple[str, str]]:
    """The whole village, in words, and each of its grids."""
    grids = [(grid.code, words.named(grid)) for grid in areas.grids_of(village)]
    return [(village.code, whole or gettext("全村各户")), *grids]


def subjects_of(village: Any, code: str, today: Any) -> list[Any]:
    """The households of the village or of one of its grids, by number."""
    return people.household_subjects(village, today, area_code=code) if code else []


@staff_page(action=Action.KEY_IN_CLAIMS)
def batch_print(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The batch as a PDF; printing it again gives the same sheets with the same codes."""
    with or_404():
        page = selectors.batch_page(request.user, batch_id, on=localdate(request.at))
    if page.batch.kind != SheetKind.CLAIM:
        return redirect("desk:objection_forms_print", batch_id)
    scheme = schemes.scheme_on(page.batch.village, page.batch.scheme, localdate(request.at))
    items = [pair for pair in numbered(scheme) if "self" in pair[1].claim]

    def link(code: str) -> str:
        return request.build_absolute_uri(reverse("desk:paper", args=[code]))

    of_households = scheme.subject == SubjectKind.HOUSEHOLD.value
    return exports.batch(page, items, link, of_households=of_households)


@staff_page(action=Action.VIEW_LEDGER)
def scan(request: HttpRequest) -> HttpResponse:
    """A code that was typed or scanned: on to keying in, or to what became of the sheet."""
    with guarded(request):
        line = selectors.sheet_page(request.user, request.GET.get("code", ""), on=localdate(request.at)).line
        if line.may_be_keyed_in and scope.may(request, services.KEYED_BY[line.kind]):
            return redirect(key_in_address(line))
        return redirect("desk:paper", line.code)
    return redirect("desk:papers")


def key_in_address(line: selectors.SheetLine) -> str:
    """Where a sheet of its kind is keyed in."""
    if line.kind is SheetKind.OBJECTION:
        return reverse("desk:objection_form", args=[line.code])
    return f"{reverse('desk:claim_new')}?sheet={line.code}"


@staff_page(action=Action.VIEW_LEDGER)
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """One sheet; its printed QR code leads here."""
    return _page(request, code, forms.SpoilForm())


def _page(request: HttpRequest, code: str, form: Any) -> HttpResponse:
    with or_404():
        page = selectors.sheet_page(request.user, code, on=localdate(request.at))
    is_claim = page.line.kind is SheetKind.CLAIM
    printed = "desk:paper_batch_print" if is_claim else "desk:objection_forms_print"
    context = {
        "page": page,
        "line": page.line,
        "scheme": dict(scope.scheme_titles(request, [areas.area_by_code(page.line.village_code)])).get(
            page.line.scheme, page.line.scheme
        ),
        "form": form,
        "may_key_in": scope.may(request, services.KEYED_BY[page.line.kind]) and page.line.may_be_keyed_in,
        "may_spoil": scope.may(request, services.KEYED_BY[page.line.kind]) and page.line.may_be_keyed_in,
        "key_in_address": key_in_address(page.line),
        "print_address": reverse(printed, args=[page.batch_id]),
        "objection_id": None if is_claim else notices.objection_from_form(page.line.code),
    }
    return page_or_partial(request, "desk/papers/page.html", **context)


@staff_page(action=Action.VIEW_LEDGER)
@require_POST
def spoiling(request: HttpRequest, code: str) -> HttpResponse:
    """A sheet that is not used: what is printed on it is no code any more. For whoever keys in its kind."""
    _check_settles(request)
    form = forms.SpoilForm(request.POST)
    if form.is_valid():
        with guarded(request, form):
            services.settle_sheets(
                codes=[code], target=SheetState.SPOILED, by=request.user, at=request.at, **form.cleaned_data
            )
            return done(request, gettext("已登记作废。"), "desk:paper", code)
    return _page(request, code, form)


@staff_page(action=Action.VIEW_LEDGER)
@require_POST
def missing(request: HttpRequest) -> HttpResponse:
    """The ticked sheets never came back. For whoever keys in their kind."""
    _check_settles(request)
    codes = request.POST.getlist("sheet")
    if not codes:
        messages.error(request, gettext("请先勾选未收回的纸质表。"))
        return redirect("desk:papers")
    with guarded(request):
        found = services.settle_sheets(codes=codes, target=SheetState.MISSING, by=request.user, at=request.at)
        text = ngettext("已登记%(count)d张未收回。", "已登记%(count)d张未收回。", len(found))
        messages.success(request, text % {"count": len(found)})
    return redirect(f"{reverse('desk:papers')}?state=missing")
