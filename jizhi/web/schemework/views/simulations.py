"""Simulating a draft on what villages did: asking, the result with winners and losers, why one household moves."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.areas import selectors as areas
from jizhi.drafting import selectors, services
from jizhi.drafting.rules import SimulationState
from jizhi.intake import simulating
from jizhi.posts.rules import Action
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import files
from jizhi.web.pages import done, or_404, staff_page
from jizhi.web.schemework import charts, printing
from jizhi.web.schemework.exports import simulations as exports
from jizhi.web.schemework.forms import simulations as forms
from jizhi.web.schemework.views import kernel
from jizhi.web.templatetags import jizhi as words

SUBJECTS_MAX = 200_000


def _simulation(request: HttpRequest, draft_id: int, simulation_id: int) -> selectors.SimulationPage:
    with or_404():
        return selectors.simulation_page(request.user, draft_id, simulation_id, on=localdate(request.at))


@staff_page(action=Action.MANAGE_SCHEMES)
def simulations(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Ask for a simulation; the earlier ones below."""
    found = kernel.draft_of(request, draft_id)
    today = localdate(request.at)
    villages = selectors.simulated_villages(request.user, found, on=today)
    years = selectors.years_with_facts(villages, found.line.scheme, today)
    scheme = found.document.scheme
    rate = scheme.redeem.fen_per_point if scheme and scheme.redeem else 100
    form = forms.SimulationForm(
        request.POST or None,
        years=years,
        villages=[(one.code, words.named(one)) for one in villages],
        today_year=today.year,
        initial={"number": found.number, "yuan": f"{rate / 100:.2f}"},
    )
    if form.is_valid():
        with kernel.saving(request, form, []):
            asked = _ask(request, draft_id, villages, form.cleaned_data, today)
            return done(request, gettext("试算已开始。"), "schemework:simulation", draft_id, asked.pk)
    rows = selectors.simulations_of(draft_id)
    return kernel.editor(
        request, "simulations.html", found, "simulations", form=form, may_ask=bool(years and scheme),
        years=years, page=listing.page_of(request, rows, list),
    )  # fmt: skip


def _ask(
    request: HttpRequest, draft_id: int, villages: list[Any], data: dict[str, Any], today: dt.date
) -> Any:
    chosen = [one for one in villages if data["village"] in (forms.ALL, one.code)]
    asked = services.ask_simulation(
        draft_id=draft_id,
        villages=chosen,
        from_date=dt.date(data["year"], 1, 1),
        to_date=min(dt.date(data["year"], 12, 31), today),
        fen_per_point=int(data["yuan"] * 100),
        by=request.user,
        at=request.at,
    )
    simulating.go_on(asked.pk, facts=asked.facts, villages=len(asked.villages), at=request.at)
    return asked


@staff_page(action=Action.MANAGE_SCHEMES)
def simulation(request: HttpRequest, draft_id: int, simulation_id: int) -> HttpResponse:
    """What it found, or how far it is."""
    found = kernel.draft_of(request, draft_id)
    result = _simulation(request, draft_id, simulation_id)
    if result.all is None or result.state is not SimulationState.DONE:
        return kernel.editor(request, "simulation_waiting.html", found, "simulations", result=result)
    search, rows = _changes(request, result)
    names, level_names = _item_names(found), _level_names(found)
    return kernel.editor(
        request,
        "simulation.html",
        found,
        "simulations",
        result=result,
        search=search,
        page=listing.page_of(request, rows, selectors.change_lines),
        chart=charts.distribution(result.buckets),
        group_tables=group_tables(result),
        unusable=[(names.get(item, item), count) for item, count in result.unusable],
        outcomes=outcome_lines(found, result),
        levels=level_lines(found, result),
        level_names=level_names,
        may_export=scope.may(request, Action.EXPORT),
    )


def _changes(request: HttpRequest, result: selectors.SimulationPage) -> tuple[forms.ChangeSearch, Any]:
    search = forms.ChangeSearch(request.GET, levels=bool(result.levels))
    return search, selectors.change_rows(result, **search.filters)


def _item_names(found: selectors.DraftPage) -> dict[str, str]:
    """Items of the version that the draft began with: those that are gone still have their names there."""
    base = selectors.document(found.base.source).scheme if found.base else None
    return {item.id: words.say(item.title) for item in base.items} if base else {}


def _level_names(found: selectors.DraftPage) -> dict[str, str]:
    """Levels of both documents in the reader's language; they are kept in Chinese."""
    names: dict[str, str] = {}
    for source in (found.base.source if found.base else "", found.source):
        scheme = selectors.document(source).scheme if source else None
        steps = scheme.levels.steps if scheme and scheme.levels else ()
        names |= {step.level.zh: words.say(step.level) for step in steps}
    return names


def level_lines(found: selectors.DraftPage, result: selectors.SimulationPage) -> list[tuple[str, int, int]]:
    """How many stand on each level now and then, by its name."""
    names = _level_names(found)
    return [(names.get(level, level), old, new) for level, old, new in result.levels]


def outcome_lines(found: selectors.DraftPage, result: selectors.SimulationPage) -> list[tuple[str, int, int]]:
    """What follows from the periods, by its title."""
    titles: dict[str, str] = {}
    for source in (found.base.source if found.base else "", found.source):
        scheme = selectors.document(source).scheme if source else None
        titles |= {one.id: words.say(one.title) for one in scheme.outcomes} if scheme else {}
    return [(titles.get(name, name), old, new) for name, old, new in result.outcomes]


def group_tables(result: selectors.SimulationPage) -> list[tuple[str, list[tuple[str, Any]]]]:
    """Villages (where there are several), grids, sizes of households, and their standing so far."""
    sizes = {"0": gettext("1–2 人户"), "1": gettext("3–4 人户"), "2": gettext("5 人及以上户")}
    thirds = {
        "0": gettext("原来分高的三分之一"),
        "1": gettext("中间的三分之一"),
        "2": gettext("原来分低的三分之一"),
    }
    titles = {
        "village": gettext("按村（社区）"), "grid": gettext("按网格"), "size": gettext("按家庭人口"),
        "standing": gettext("按原来的积分高低"),
    }  # fmt: skip
    known = {"size": sizes, "standing": thirds}
    tables = []
    for kind, title in titles.items():
        groups = result.groups.get(kind, [])
        if kind == "village" and len(groups) < 2:
            continue
        rows = [(known[kind][one.key] if kind in known else words.named(_Named(one)), one) for one in groups]
        tables.append((title, sorted(rows, key=lambda row: row[1].key)))
    return tables


class _Named:
    """A group by the name of its area."""

    def __init__(self, group: Any) -> None:
        self.name, self.name_en = group.title, group.title_en


@staff_page(action=Action.MANAGE_SCHEMES)
def again(request: HttpRequest, draft_id: int, simulation_id: int) -> HttpResponse:
    """The same question to the draft as it is now."""
    found = kernel.draft_of(request, draft_id)
    result = _simulation(request, draft_id, simulation_id)
    if request.method != "POST":
        return redirect("schemework:simulation", draft_id, simulation_id)
    today = localdate(request.at)
    names = set(result.villages)
    chosen = [
        one
        for one in selectors.simulated_villages(request.user, found, on=today)
        if areas.named(one) in names
    ]
    with kernel.saving(request, None, []):
        end = min(dt.date(result.to_date.year, 12, 31), today)
        asked = services.ask_simulation(
            draft_id=draft_id, villages=chosen, from_date=result.from_date, to_date=end,
            fen_per_point=result.fen_per_point, by=request.user, at=request.at,
        )  # fmt: skip
        simulating.go_on(asked.pk, facts=asked.facts, villages=len(asked.villages), at=request.at)
        return done(request, gettext("试算已开始。"), "schemework:simulation", draft_id, asked.pk)
    return redirect("schemework:simulation", draft_id, simulation_id)


@staff_page(action=Action.EXPORT)
def simulation_export(request: HttpRequest, draft_id: int, simulation_id: int) -> HttpResponse:
    """Every subject's move as a workbook."""
    found = kernel.draft_of(request, draft_id)
    result = _simulation(request, draft_id, simulation_id)
    lines = selectors.change_lines(_changes(request, result)[1][:SUBJECTS_MAX])
    return exports.changes(found.line, result, lines)


@staff_page(action=Action.MANAGE_SCHEMES)
def sheet(request: HttpRequest, draft_id: int, simulation_id: int) -> HttpResponse:
    """The sheet for the assembly."""
    found = kernel.draft_of(request, draft_id)
    result = _simulation(request, draft_id, simulation_id)
    if result.all is None:
        return redirect("schemework:simulation", draft_id, simulation_id)
    compared = (
        selectors.comparing.compare(found.base.source, found.source, kernel.language())
        if found.base
        else None
    )
    content = printing.simulation_sheet(
        found, result, groups=group_tables(result), levels=level_lines(found, result),
        outcomes=outcome_lines(found, result),
        differences=(compared.by_meaning or []) if compared else [],
    )  # fmt: skip
    return files.print_(f"{found.line.title}-{gettext('试算')}", content)


@staff_page(action=Action.MANAGE_SCHEMES)
def why(request: HttpRequest, draft_id: int, simulation_id: int, subject_id: int) -> HttpResponse:
    """One household's move, item by item."""
    found = kernel.draft_of(request, draft_id)
    result = _simulation(request, draft_id, simulation_id)
    with or_404():
        explained = selectors.why(request.user, draft_id, simulation_id, subject_id, on=localdate(request.at))
    return kernel.editor(
        request,
        "why.html",
        found,
        "simulations",
        result=result,
        why=explained,
        level_names=_level_names(found),
    )
