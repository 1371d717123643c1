"""The daily record of a village, its weekly reports, and the month's decisions under the township's re-check."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jizhi.oversight import selectors, services
from jizhi.oversight.rules import ReportState
from jizhi.posts.rules import Action
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import oversight as exports
from jizhi.web.desk.forms import oversight as forms
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page

VILLAGES_PAGE = "villages_page"


def _day(request: HttpRequest) -> tuple[forms.DaySearch, Any, list[selectors.RecordLine]]:
    villages = scope.villages(request, Action.VIEW_REPORTS)
    today = localdate(request.at)
    asked = request.GET.copy()
    asked.setdefault("day", today.isoformat())
    search = forms.DaySearch(asked, villages=villages, today=today)
    village = scope.one_of(villages, search.value("village") if "village" in search.fields else "")
    lines = selectors.daily_record(village, search.wanted_day)
    kind = search.value("kind")
    return search, village, [line for line in lines if not kind or line.kind.value == kind]


@staff_page(action=Action.VIEW_REPORTS)
def daily(request: HttpRequest) -> HttpResponse:
    """Everything that was recorded in a village on a day."""
    search, village, lines = _day(request)
    day = search.wanted_day
    rows = [(line, exports.what(line), exports.said(line.note)) for line in lines]
    context = {
        "search": search,
        "village": village,
        "day": day,
        "rows": rows,
        "may_export": scope.may(request, Action.EXPORT),
    }
    return page_or_partial(request, "desk/oversight/daily.html", **context)


@staff_page(action=Action.EXPORT)
def daily_export(request: HttpRequest) -> HttpResponse:
    """The same as a workbook."""
    search, _village, lines = _day(request)
    return exports.daily(lines, search.wanted_day)


@staff_page(action=Action.VIEW_REPORTS)
def daily_print(request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    search, village, lines = _day(request)
    return exports.daily_print(village, search.wanted_day, lines)


def _reports(request: HttpRequest) -> tuple[forms.ReportSearch, Any]:
    search = forms.ReportSearch(request.GET, villages=scope.villages(request, Action.VIEW_REPORTS))
    code = search.value("village") if "village" in search.fields else ""
    return search, selectors.reports(request.user, on=localdate(request.at), village_code=code)


@staff_page(action=Action.VIEW_REPORTS)
def reports(request: HttpRequest) -> HttpResponse:
    """Which villages owe the report due last, and all reports that were sent."""
    search, rows = _reports(request)
    today = localdate(request.at)
    villages = scope.villages(request, Action.VIEW_REPORTS)
    standings = selectors.standings(villages, today)
    mine = {one.pk for one in scope.villages(request, Action.SEND_REPORT)}
    context = {
        "search": search,
        "page": listing.page_of(request, rows, selectors.report_lines),
        "standings": listing.page_of(request, standings, list, param=VILLAGES_PAGE),
        "param": VILLAGES_PAGE,
        "mine": mine,
        "counts": [(state, sum(one.state is state for one in standings)) for state in ReportState],
        "several_villages": len(villages) > 1,
        "may_export": scope.may(request, Action.EXPORT),
    }
    return page_or_partial(request, "desk/oversight/reports.html", **context)


@staff_page(action=Action.EXPORT)
def reports_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    return exports.reports(selectors.report_lines(_reports(request)[1]), request.at)


def _report(request: HttpRequest, report_id: int) -> selectors.ReportLine:
    with or_404():
        return selectors.report(request.user, report_id, on=localdate(request.at))


@staff_page(action=Action.VIEW_REPORTS)
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """One report as it was sent."""
    return page_or_partial(request, "desk/oversight/report.html", line=_report(request, report_id))


@staff_page(action=Action.VIEW_REPORTS)
def report_print(request: HttpRequest, report_id: int) -> HttpResponse:
    """The same on paper."""
    return exports.report_print(_report(request, report_id))


@staff_page(action=Action.SEND_REPORT)
@require_POST
def report_sending(request: HttpRequest) -> HttpResponse:
    """Send the report due last by hand, where the nightly work did not."""
    village = scope.village(request, Action.SEND_REPORT, request.POST.get("village", ""))
    with guarded(request):
        row = services.send_report(village=village, by=request.user, at=request.at)
        return done(request, gettext("周报已报送。"), "desk:report", row.pk)
    return redirect("desk:reports")


def _decided(request: HttpRequest) -> tuple[forms.DecidedSearch, Any]:
    today = localdate(request.at)
    villages = scope.villages(request, Action.VIEW_LEDGER)
    search = forms.DecidedSearch(request.GET, villages=villages, today=today)
    rows = selectors.decided_cases(
        request.user,
        on=today,
        village_code=search.value("village") if "village" in search.fields else "",
        month=search.wanted_month,
        outcome=search.value("outcome"),
        words=search.value("q"),
    )
    return search, rows


@staff_page(action=Action.VIEW_LEDGER)
def decisions(request: HttpRequest) -> HttpResponse:
    """Final decisions of the panels, with what the township returned."""
    search, rows = _decided(request)
    today = localdate(request.at)
    context = {
        "search": search,
        "page": listing.page_of(request, rows, lambda found: selectors.decided_lines(found, today)),
        "filtered": any(search.value(name) for name in search.fields),
        "may_export": scope.may(request, Action.EXPORT),
        "may_recheck": scope.may(request, Action.RECHECK_DECISION),
        "several_villages": "village" in search.fields,
    }
    return page_or_partial(request, "desk/oversight/decisions.html", **context)


@staff_page(action=Action.EXPORT)
def decisions_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    today = localdate(request.at)
    return exports.decided(selectors.decided_lines(_decided(request)[1], today), request.at)


@staff_page(action=Action.RECHECK_DECISION)
def decision_return(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Send a decision back to the panel with reasons."""
    with or_404():
        line = selectors.decided_case(request.user, decision_id, on=localdate(request.at))
    form = forms.ReturnForm(request.POST or None)
    if form.is_valid():
        with guarded(request, form):
            services.return_decision(
                decision_id=decision_id, by=request.user, at=request.at, **form.cleaned_data
            )
            return done(request, gettext("已退回评议小组重新评议，这户已告知。"), "desk:decisions")
    return confirm(
        request,
        title=gettext("退回%(subject)s的这条决定？") % {"subject": line.claim.subject_label},
        text=str(line.why_not) or gettext("已记的分会冲销，这件事作为新的一条等评议小组重新评议。"),
        button=gettext("退回重新评议"),
        back=reverse("desk:decisions"),
        form=form,
    )
