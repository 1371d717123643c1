"""Double reporting at the desk: units, members, services recorded and confirmed."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jizhi.areas import selectors as areas
from jizhi.organisations import selectors, services
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.web.desk import listing, scope
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.register.exports import organisations as exports
from jizhi.web.register.forms import organisations as forms
from jizhi.web.register.forms.posts import AreaSearch
from jizhi.web.register.views.posts import area_of, form_page
from jizhi.web.templatetags import jizhi as words


def _search(request: HttpRequest, kind: type[AreaSearch] = AreaSearch) -> Any:
    return kind(
        request.GET, areas=posts.places(request.user, Action.VIEW_ORGANISATIONS, localdate(request.at))
    )


@staff_page(action=Action.VIEW_ORGANISATIONS)
def reports(request: HttpRequest) -> HttpResponse:
    """Units that report, with what their members did this year."""
    today = localdate(request.at)
    search, period = _search(request), selectors.year_of(today)
    area = area_of(search)
    rows = selectors.unit_reports(request.user, on=today, area=area, words=search.value("q"))
    return page_or_partial(
        request,
        "register/organisations/reports.html",
        search=search,
        counts=selectors.report_counts(request.user, on=today, period=period, area=area),
        page=listing.page_of(request, rows, lambda some: selectors.report_lines(some, period, today)),
        grids=selectors.totals_by_grid(request.user, on=today, period=period, area=area)[:12],
        may_manage=scope.may(request, Action.MANAGE_ORGANISATIONS),
        may_export=scope.may(request, Action.EXPORT),
    )


@staff_page(action=Action.EXPORT)
def reports_export(request: HttpRequest) -> HttpResponse:
    """Units, members and services of this year, a sheet each; the last two can be read in again."""
    today = localdate(request.at)
    search, period = _search(request), selectors.year_of(today)
    area = area_of(search)
    units = selectors.unit_reports(request.user, on=today, area=area, words=search.value("q"))
    members = selectors.reporters(request.user, on=today, area=area)
    done_ = selectors.services(request.user, on=today, area=area).filter(period.q)
    return exports.reports(
        selectors.report_lines(units, period, today),
        selectors.reporter_lines(members, period),
        selectors.service_lines(done_),
        request.at,
    )


@staff_page(action=Action.MANAGE_ORGANISATIONS)
def report_new(request: HttpRequest) -> HttpResponse:
    """A unit reports in a village or community."""
    villages = scope.villages(request, Action.MANAGE_ORGANISATIONS)
    today = localdate(request.at)
    form = forms.ReportForm(
        request.POST or None,
        villages=[(one.code, words.named(one)) for one in villages],
        initial={"from_date": today},
    )
    if form.is_valid():
        with guarded(request, form):
            data = dict(form.cleaned_data)
            row = services.report_unit(
                unit=selectors.unit_named(request.user, data.pop("unit"), on=today),
                area=areas.area_by_code(data.pop("area")),
                by=request.user,
                at=request.at,
                **data,
            )
            return done(request, gettext("单位已报到。"), "register:report", row.pk)
    return form_page(request, form, gettext("单位报到"), reverse("register:reports"))


def _report(request: HttpRequest, report_id: int) -> Any:
    with or_404():
        return selectors.report_for(request.user, report_id, on=localdate(request.at))


@staff_page(action=Action.VIEW_ORGANISATIONS)
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """One unit: its members here and what they did."""
    row, today = _report(request, report_id), localdate(request.at)
    period = selectors.year_of(today)
    members = selectors.reporters(request.user, on=today, report=row)
    return page_or_partial(
        request,
        "register/organisations/report.html",
        report=row,
        area=areas.named(row.area),
        page=listing.page_of(request, members, lambda some: selectors.reporter_lines(some, period)),
        may_manage=scope.may(request, Action.MANAGE_ORGANISATIONS, row.area),
        may_record=scope.may(request, Action.RECORD_SERVICE),
    )


@staff_page(action=Action.MANAGE_ORGANISATIONS)
def report_end(request: HttpRequest, report_id: int) -> HttpResponse:
    """A unit reports here no longer, after a question."""
    row = _report(request, report_id)
    back = reverse("register:report", args=[report_id])
    form = forms.ClosingForm(request.POST or None, initial={"to_date": localdate(request.at)})
    if form.is_valid():
        with guarded(request, form):
            services.end_unit_report(report=row, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("报到已结束。"), "register:reports")
    title, button = gettext("结束%(name)s的报到？") % {"name": row.unit.name}, gettext("结束报到")
    text = gettext("党员的报到同时结束，服务记录保留。")
    return confirm(request, title=title, text=text, button=button, back=back, danger=True, form=form)


def _grids(area: Any) -> list[tuple[str, str]]:
    return [(one.code, words.named(one)) for one in areas.grids_of(area)]


@staff_page(action=Action.MANAGE_ORGANISATIONS)
def reporter_new(request: HttpRequest, report_id: int) -> HttpResponse:
    """A member of the unit reports and takes up service in a grid."""
    row, today = _report(request, report_id), localdate(request.at)
    initial = {"from_date": today, "request_key": str(uuid.uuid4())}
    form = forms.ReporterForm(request.POST or None, grids=_grids(row.area), initial=initial)
    if form.is_valid():
        with guarded(request, form):
            data = form.cleaned_data
            grid = areas.area_by_code(data["grid"]) if data["grid"] else None
            member = services.ReporterData(data["name"], data["phone"], data["duty"], grid)
            services.add_reporter(
                report=row,
                data=member,
                request_key=data["request_key"],
                from_date=data["from_date"],
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("党员已报到。"), "register:report", report_id)
    back = reverse("register:report", args=[report_id])
    return form_page(request, form, gettext("党员报到"), back, row.unit.name)


def _reporter(request: HttpRequest, reporter_id: int) -> Any:
    with or_404():
        return selectors.reporter_for(request.user, reporter_id, on=localdate(request.at))


@staff_page(action=Action.MANAGE_ORGANISATIONS)
def reporter_place(request: HttpRequest, reporter_id: int) -> HttpResponse:
    """Which grid and which duty a member takes."""
    row = _reporter(request, reporter_id)
    initial = {"grid": row.grid.code if row.grid else "", "duty": row.duty}
    form = forms.GridForm(request.POST or None, grids=_grids(row.area), initial=initial)
    if form.is_valid():
        with guarded(request, form):
            code = form.cleaned_data["grid"]
            services.place_reporter(
                reporter=row,
                grid=areas.area_by_code(code) if code else None,
                duty=form.cleaned_data["duty"],
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("已保存。"), "register:report", row.report_id)
    back = reverse("register:report", args=[row.report_id])
    return form_page(request, form, gettext("服务网格和岗位"), back, row.name)


@staff_page(action=Action.MANAGE_ORGANISATIONS)
def reporter_end(request: HttpRequest, reporter_id: int) -> HttpResponse:
    """A member reports here no longer, after a question."""
    row = _reporter(request, reporter_id)
    back = reverse("register:report", args=[row.report_id])
    form = forms.ClosingForm(request.POST or None, initial={"to_date": localdate(request.at)})
    if form.is_valid():
        with guarded(request, form):
            services.end_reporter(reporter=row, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("报到已结束。"), back)
    title, button = gettext("结束%(name)s的报到？") % {"name": row.name}, gettext("结束报到")
    text = gettext("服务记录保留，仍计入单位合计。")
    return confirm(request, title=title, text=text, button=button, back=back, danger=True, form=form)


@staff_page(action=Action.RECORD_SERVICE)
def service_new(request: HttpRequest, reporter_id: int) -> HttpResponse:
    """Record what a member did."""
    row, today = _reporter(request, reporter_id), localdate(request.at)
    initial = {"day": today, "request_key": str(uuid.uuid4())}
    form = forms.ServiceForm(request.POST or None, initial=initial)
    if form.is_valid():
        with guarded(request, form):
            data = dict(form.cleaned_data)
            minutes = int(data.pop("hours") * 60)
            services.record_service(reporter=row, minutes=minutes, by=request.user, at=request.at, **data)
            return done(request, gettext("已登记，等待别人确认。"), "register:report", row.report_id)
    back = reverse("register:report", args=[row.report_id])
    return form_page(request, form, gettext("登记服务"), back, row.name)


def _services(request: HttpRequest) -> tuple[Any, Any]:
    search = _search(request, forms.ServiceSearch)
    rows = selectors.services(
        request.user,
        on=localdate(request.at),
        area=area_of(search),
        state=search.value("state"),
        words=search.value("q"),
    )
    return search, rows


@staff_page(action=Action.VIEW_ORGANISATIONS)
def service_list(request: HttpRequest) -> HttpResponse:
    """Services, the latest first; those waiting can be ticked and confirmed."""
    search, rows = _services(request)
    return page_or_partial(
        request,
        "register/organisations/services.html",
        search=search,
        page=listing.page_of(request, rows, selectors.service_lines),
        may_confirm=scope.may(request, Action.CONFIRM_SERVICE),
        may_record=scope.may(request, Action.RECORD_SERVICE),
        may_export=scope.may(request, Action.EXPORT),
    )


@staff_page(action=Action.EXPORT)
def services_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook, which can be read in again."""
    return exports.services(selectors.service_lines(_services(request)[1]), request.at)


@staff_page(action=Action.CONFIRM_SERVICE)
@require_POST
def services_confirmation(request: HttpRequest) -> HttpResponse:
    """Confirm what was ticked, all or none."""
    ticked = [int(one) for one in request.POST.getlist("service") if one.isdecimal() and len(one) < 18]
    with guarded(request):
        count = services.confirm_services(service_ids=ticked, by=request.user, at=request.at)
        text = gettext("已确认%(count)d条服务。") % {"count": count}
        return done(request, text, "register:services")
    return redirect("register:services")


@staff_page(action=Action.CONFIRM_SERVICE)
def service_refusal(request: HttpRequest, service_id: int) -> HttpResponse:
    """Do not confirm a service, or take a confirmed one back, with the reason."""
    with or_404():
        row = selectors.service_for(request.user, service_id, on=localdate(request.at))
    back = reverse("register:services")
    form = forms.ReasonForm(request.POST or None)
    waiting = row.state == "recorded"
    if form.is_valid():
        with guarded(request, form):
            close = services.refuse_service if waiting else services.revoke_service
            close(service_id=service_id, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("已保存。"), back)
    title = gettext("不予确认？") if waiting else gettext("撤销这条服务？")
    text = gettext("写明原因；这条服务不计入合计，记录保留。")
    button = gettext("不予确认") if waiting else gettext("撤销")
    return confirm(request, title=title, text=text, button=button, back=back, danger=True, form=form)
