"""Coverage: visits planned, done and missed, level by level down to the household; and making a month's plan."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.areas import rules as area_rules
from jizhi.areas import selectors as areas
from jizhi.posts.rules import Action
from jizhi.visits import rules, selectors, services
from jizhi.web.desk import listing, scope
from jizhi.web.gridwork.exports import visits as exports
from jizhi.web.gridwork.forms.visits import CoverageSearch
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.templatetags import jizhi as words

if TYPE_CHECKING:
    from jizhi.areas.models import Area

ROWS = 50
EVERYTHING = 20_000


def _area(request: HttpRequest) -> Area | None:
    """The area the address names; none for the reader's own."""
    code = request.GET.get("area", "")
    with or_404():
        return areas.area_by_code(code) if code else None


def _own_area(request: HttpRequest, area: Area | None) -> Area | None:
    """The area whose classes may be asked for: the one looked at, or the first of the reader's villages."""
    return area or next(iter(scope.villages(request, Action.VIEW_COVERAGE)), None)


def _search(request: HttpRequest, area: Area | None) -> CoverageSearch:
    today, place = localdate(request.at), _own_area(request, area)
    known = selectors.classes_for(request.user, place, today) if place else ()
    return CoverageSearch(
        request.GET,
        today=today,
        classes=[(one.key, words.say(one.title)) for one in known],
        households=area is not None and area.level_id == area_rules.GRID,
    )


def _coverage(request: HttpRequest) -> tuple[CoverageSearch, selectors.Coverage]:
    area, today = _area(request), localdate(request.at)
    search = _search(request, area)
    with or_404():
        found = selectors.coverage(
            request.user,
            on=today,
            month=search.month_chosen,
            area=area,
            class_key=search.value("kind"),
        )
    return search, found


@staff_page(action=Action.VIEW_COVERAGE)
def coverage(request: HttpRequest) -> HttpResponse:
    """One storey: bars, the table behind them, and below a grid its households."""
    today = localdate(request.at)
    paths = selectors.keeping_paths(request.user, today)
    services.ensure_plans(paths=paths, month=rules.month_of(today), by=request.user, at=request.at)
    search, found = _coverage(request)
    context: dict[str, Any] = {
        "search": search,
        "found": found,
        "month": search.month_chosen,
        "low": rules.GRID_HOUSEHOLDS[0],
        "high": rules.GRID_HOUSEHOLDS[1],
        "may_export": scope.may(request, Action.EXPORT),
        "may_plan": _may_plan(request, found.area, search.month_chosen),
        "by_household": _shows_households(found),
    }
    if context["by_household"]:
        rows = _households(request, search, found.area)
        context["page"] = listing.page_of(
            request, rows, lambda some: selectors.household_lines(some, request.user, today), size=ROWS
        )
    return page_or_partial(request, "gridwork/coverage/coverage.html", **context)


def _shows_households(found: selectors.Coverage) -> bool:
    """Nothing lies below a grid but its households; nor below a village without grids."""
    return found.area is not None and [line.id for line in found.lines] == [found.area.pk]


def _households(request: HttpRequest, search: CoverageSearch, area: Any) -> Any:
    return selectors.households(
        area,
        on=localdate(request.at),
        month=search.month_chosen,
        class_key=search.value("kind"),
        state=search.value("state"),
    )


def _may_plan(request: HttpRequest, area: Area | None, month: dt.date) -> bool:
    today = localdate(request.at)
    if area is None or month < rules.month_of(today):
        return False
    return selectors.may_keep(request.user, area, today)


@staff_page(action=Action.EXPORT)
def coverage_export(request: HttpRequest) -> HttpResponse:
    """What the page shows as a workbook; below a grid its households, without their classes."""
    search, found = _coverage(request)
    if not _shows_households(found):
        return exports.coverage(found, search.month_chosen, request.at)
    rows = _households(request, search, found.area)[:EVERYTHING]
    lines = selectors.household_lines(rows, request.user, localdate(request.at))
    return exports.households(found, lines, search.month_chosen, request.at)


@staff_page()
def planning(request: HttpRequest) -> HttpResponse:
    """Make or refresh this month's plan below an area, after a question."""
    area, today = _area(request), localdate(request.at)
    if area is None or not _may_plan(request, area, rules.month_of(today)):
        raise Http404
    back = f"{reverse('gridwork:coverage')}?area={area.code}"
    if request.method == "POST":
        with guarded(request):
            made = services.make_plans(area=area, month=rules.month_of(today), by=request.user, at=request.at)
            text = gettext("%(grids)s 个网格的安排已更新：新排 %(planned)s 次，取消 %(removed)s 次。")
            said = {"grids": made.grids, "planned": made.planned, "removed": made.removed}
            return done(request, text % said, back)
    return confirm(
        request,
        title=gettext("生成%(area)s本月的走访安排？") % {"area": words.named(area)},
        text=gettext("已走访的和已经排好的不变，只补上缺的、去掉多余的。整县可能要几分钟。"),
        button=gettext("生成安排"),
        back=back,
    )
