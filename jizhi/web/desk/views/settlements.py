"""Settlements: the list, settling an ended period, one with its standings and its check, and why a number is so."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.areas import selectors as areas
from jizhi.notices import selectors as notices
from jizhi.participants import selectors as participants
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
from jizhi.settlement import selectors, services
from jizhi.settlement.rules import parse_period
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import lists
from jizhi.web.desk.exports import settlements as exports
from jizhi.web.desk.forms import settlements as forms
from jizhi.web.pages import done, guarded, page_or_partial, staff_page
from jizhi.web.templatetags import jizhi as words

STANDINGS = 50


@staff_page(action=Action.VIEW_LEDGER)
def settlements(request: HttpRequest) -> HttpResponse:
    """All settlements, the last revision of each."""
    search, rows = _found(request)
    context = {
        "may_export": scope.may(request, Action.EXPORT),
        "search": search,
        "page": listing.page_of(request, rows, selectors.settlement_lines),
        "may_settle": scope.may(request, Action.SETTLE),
        "several_villages": "village" in search.fields,
        "titles": dict(search.offered),
    }
    return page_or_partial(request, "desk/settlements/list.html", **context)


def _found(request: HttpRequest) -> tuple[forms.SettlementSearch, Any]:
    villages = scope.villages(request, Action.VIEW_LEDGER)
    offered = scope.scheme_titles(request, villages)
    search = forms.SettlementSearch(request.GET, villages=villages, schemes=offered)
    rows = selectors.settlement_rows(
        request.user,
        on=localdate(request.at),
        village_code=search.value("village"),
        kind=search.value("kind"),
        scheme=search.value("scheme"),
        latest=True,
    )
    return search, rows


@staff_page(action=Action.EXPORT)
def settlements_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    return lists.settlements(selectors.settlement_lines(_found(request)[1]), request.at)


@staff_page(action=Action.SETTLE)
def settlement_new(request: HttpRequest) -> HttpResponse:
    """Settle an ended month, quarter or year of a village; the same result twice is stored once."""
    villages = scope.villages(request, Action.SETTLE)
    choices = [(one.code, words.named(one)) for one in villages]
    data = request.POST if request.method == "POST" else None
    offered = scope.scheme_titles(request, villages)
    form = forms.SettlingForm(data, villages=choices, schemes=offered, today=localdate(request.at))
    if form.is_valid():
        with guarded(request, form):
            settled = services.settle_period(
                village=areas.area_by_code(form.cleaned_data["village"]),
                scheme=form.cleaned_data.get("scheme") or participants.HOUSEHOLD_SCHEME,
                period=parse_period(form.cleaned_data["period"]),
                by=request.user,
                at=request.at,
            )
            text = (
                gettext("已结算。")
                if settled.settled_at == request.at
                else gettext("结果与上次结算完全相同，没有另存。")
            )
            return done(request, text, "desk:settlement", settled.pk)
    return page_or_partial(request, "desk/settlements/new.html", form=form, many=len(choices) > 1)


def _levels(line: selectors.SettlementLine) -> dict[str, str]:
    """The words of the levels in force at the period's end."""
    village = areas.area_by_code(line.village_code)
    end = parse_period(line.period).end
    document = schemes.scheme_on(village, line.scheme, end)
    steps = document.levels.steps if document.levels else ()
    return {step.level.zh: words.say(step.level) for step in steps}


@staff_page(action=Action.VIEW_LEDGER)
def settlement(request: HttpRequest, settlement_id: int) -> HttpResponse:
    """One settlement: does it equal the ledger, who stands where."""
    line = selectors.settlement_line(request.user, settlement_id, on=localdate(request.at))
    names, counts = _levels(line), selectors.levels_of(settlement_id)
    order = [name for name in names if name in counts] + [name for name in counts if name not in names]
    levels = [(name, names.get(name, name), counts[name]) for name in order]
    search = forms.StandingSearch(request.GET, levels=[(key, text) for key, text, _count in levels if key])
    rows = selectors.standings(
        settlement_id, words=search.value("q"), level=search.value("level"), top=search.top
    )
    page = listing.page_of(request, rows, selectors.standing_lines, size=STANDINGS)
    context = {
        "line": line,
        "of_households": line.scheme == participants.HOUSEHOLD_SCHEME,
        "scheme_title": schemes.versions_in_village(
            areas.area_by_code(line.village_code), line.scheme
        ).latest.title,
        "levels": levels,
        "has_levels": any(key for key, _text, _count in levels),
        "has_base": any(one.base for one in page.object_list),
        "names": names,
        "search": search,
        "page": page,
        "may_export": scope.may(request, Action.EXPORT),
    }
    return page_or_partial(request, "desk/settlements/page.html", **context)


@staff_page(action=Action.VIEW_LEDGER)
def explanation(request: HttpRequest, settlement_id: int, subject_id: int) -> HttpResponse:
    """Why a household's total is what it is, down to each act."""
    line = selectors.settlement_line(request.user, settlement_id, on=localdate(request.at))
    standing = selectors.standings(settlement_id).filter(subject_id=subject_id).first()
    reckoning = selectors.settled_reckoning(settlement_id, subject_id)
    if standing is None or reckoning is None:
        raise Http404
    (shown,) = selectors.standing_lines([standing])
    context = {
        "line": line,
        "standing": shown,
        "names": _levels(line),
        "reckoning": reckoning,
        "disputed": notices.disputed_facts([one.fact_id for one in reckoning.facts]),
    }
    return page_or_partial(request, "desk/settlements/explanation.html", **context)


@staff_page(action=Action.EXPORT)
def settlement_export(request: HttpRequest, settlement_id: int) -> HttpResponse:
    """The standings as a workbook."""
    line = selectors.settlement_line(request.user, settlement_id, on=localdate(request.at))
    rows = selectors.standing_lines(selectors.standings(settlement_id))
    return exports.workbook(line, rows, _levels(line))


@staff_page(action=Action.EXPORT)
def recalculation(request: HttpRequest, settlement_id: int) -> HttpResponse:
    """Scheme, subjects and facts as plain files, so that anybody can settle again with the command line."""
    line = selectors.settlement_line(request.user, settlement_id, on=localdate(request.at))
    village = areas.area_by_code(line.village_code)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        selectors.export_files(village, line.scheme, folder)
        return exports.recalculation(line, folder)
