"""Three-party recognition at the desk: rounds, a household's sheet in three columns, scoring and deciding, prints."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jizhi.claims.selectors import HOUSEHOLD_SCHEME
from jizhi.posts.rules import Action
from jizhi.recognition import selectors, services
from jizhi.recognition.rules import Party, SelfChannel, SheetState
from jizhi.reviews import selectors as reviews
from jizhi.web import recognising
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import recognition as exports
from jizhi.web.desk.forms import recognition as forms
from jizhi.web.desk.forms.search import VillageSearch
from jizhi.web.pages import done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.templatetags import jizhi as words


def _rounds(request: HttpRequest) -> tuple[VillageSearch, Any]:
    search = VillageSearch(request.GET, villages=scope.villages_around(request, Action.VIEW_LEDGER))
    code = search.value("village") if "village" in search.fields else ""
    return search, selectors.rounds(
        request.user, on=localdate(request.at), village_code=code, words=search.value("q")
    )


@staff_page(action=Action.VIEW_LEDGER)
def rounds(request: HttpRequest) -> HttpResponse:
    """The rounds of the reader's villages."""
    search, rows = _rounds(request)
    context = {
        "search": search,
        "page": listing.page_of(request, rows, selectors.round_lines),
        "may_open": scope.may(request, Action.HOLD_MEETING),
        "may_export": scope.may(request, Action.EXPORT),
        "several_villages": "village" in search.fields,
    }
    return page_or_partial(request, "desk/recognition/rounds.html", **context)


@staff_page(action=Action.EXPORT)
def rounds_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    return exports.rounds(selectors.round_lines(_rounds(request)[1]), request.at)


@staff_page(action=Action.HOLD_MEETING)
def round_new(request: HttpRequest) -> HttpResponse:
    """Open a round: a sheet for every household."""
    villages = scope.villages(request, Action.HOLD_MEETING)
    choices = [(one.code, words.named(one)) for one in villages]
    form = forms.RoundForm(request.POST or None, villages=choices, today=localdate(request.at))
    if form.is_valid():
        given = form.cleaned_data
        village = scope.one_of(villages, given.pop("village"))
        with guarded(request, form):
            row = services.open_round(
                village=village, scheme=HOUSEHOLD_SCHEME, by=request.user, at=request.at, **given
            )
            return done(request, gettext("已开始，每户都收到了自评通知。"), "desk:recognition_round", row.pk)
    return page_or_partial(request, "desk/recognition/new.html", form=form)


@staff_page(action=Action.VIEW_LEDGER)
def round_(request: HttpRequest, round_id: int) -> HttpResponse:
    """A round's sheets and how far each has come."""
    today = localdate(request.at)
    with or_404():
        row = selectors.round_of(request.user, round_id, on=today)
    search = forms.SheetSearch(request.GET)
    filters = search.filters
    rows = selectors.sheets(request.user, round_id, on=today, **filters)
    counts = selectors.counts_by_state(
        selectors.sheets(request.user, round_id, on=today, **filters | {"state": ""})
    )
    context = {
        "round": row,
        "search": search,
        "page": listing.page_of(request, rows, selectors.sheet_lines),
        "tabs": [(one, counts.get(one, 0)) for one in SheetState],
        "all_count": sum(counts.values()),
        "state": filters["state"],
        "may_export": scope.may(request, Action.EXPORT),
    }
    return page_or_partial(request, "desk/recognition/round.html", **context)


@staff_page(action=Action.EXPORT)
def round_export(request: HttpRequest, round_id: int) -> HttpResponse:
    """Every sheet of the list with its totals by party, as a workbook."""
    today = localdate(request.at)
    with or_404():
        row = selectors.round_of(request.user, round_id, on=today)
    rows = selectors.sheets(request.user, round_id, on=today, **forms.SheetSearch(request.GET).filters)
    return exports.workbook(row, [selectors.page_of(sheet) for sheet in rows], request.at)


@staff_page(action=Action.VIEW_LEDGER)
def round_print(request: HttpRequest, round_id: int) -> HttpResponse:
    """The sheets of the list to print: empty to fill in, or with what was said so far."""
    today = localdate(request.at)
    with or_404():
        row = selectors.round_of(request.user, round_id, on=today)
    rows = selectors.sheets(request.user, round_id, on=today, **forms.SheetSearch(request.GET).filters)
    return exports.sheets(row, [selectors.page_of(sheet) for sheet in rows])


@staff_page(action=Action.VIEW_LEDGER)
def scan(request: HttpRequest) -> HttpResponse:
    """The code on a printed sheet: on to the household's sheet."""
    with guarded(request):
        sheet_id = selectors.sheet_by_code(
            request.user, request.GET.get("code", ""), on=localdate(request.at)
        )
        return redirect("desk:recognition_sheet", sheet_id)
    return redirect("desk:recognition")


@staff_page(action=Action.VIEW_LEDGER)
def sheet(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """One household in three columns."""
    return _page(request, sheet_id)


def _open(request: HttpRequest, sheet_id: int) -> selectors.SheetPage:
    with or_404():
        return selectors.sheet_page(request.user, sheet_id, on=localdate(request.at))


def _page(request: HttpRequest, sheet_id: int, **bound: Any) -> HttpResponse:
    page = _open(request, sheet_id)
    asked = _asked(request, page)
    form = bound.get("form") or (_score_form(page, asked) if asked else None)
    meeting = _meeting(request, page) if asked is Party.DECIDED else None
    context = {
        "page": page,
        "sheet": page.sheet,
        "rows": list(recognising.table(page, form)),
        "form": form,
        "asked": asked.value if asked else "",
        "how": forms.SelfChannelForm(),
        "meeting": meeting,
        "decision": forms.DecisionForm(seats=_present(meeting)),
        "parties": _parties(request, page),
        "others": selectors.other_sheets(request.user, page.sheet, on=localdate(request.at)),
        "waits_for_ruling": _waits_for_ruling(request, page),
    }
    status = 422 if any(one.errors for one in bound.values()) else 200
    return page_or_partial(request, "desk/recognition/sheet.html", status=status, **context | bound)


def _waits_for_ruling(request: HttpRequest, page: selectors.SheetPage) -> bool:
    """Whether the reader rules on sheets here and the panel cannot decide this one."""
    if page.sheet.state != SheetState.TEAM_SCORED:
        return False
    if not scope.may(request, Action.RULE_CASE, page.sheet.village):
        return False
    return bool(selectors.beyond_panel(request.user, on=localdate(request.at), sheet_id=page.sheet.pk))


def _parties(request: HttpRequest, page: selectors.SheetPage) -> list[Party]:
    """For which columns the reader may speak now."""
    state, village = page.sheet.state, page.sheet.village
    area = page.sheet.subject.household.area
    found = []
    unscored = state in (SheetState.OPEN, SheetState.SELF_SCORED)
    if unscored and scope.may(request, Action.FILE_CLAIM_FOR_OTHERS, area):
        found.append(Party.SELF)
    if state != SheetState.DECIDED and scope.may(request, Action.VERIFY_CLAIM, area):
        found.append(Party.TEAM)
    if state == SheetState.TEAM_SCORED and scope.may(request, Action.HOLD_MEETING, village):
        found.append(Party.DECIDED)
    return found


def _asked(request: HttpRequest, page: selectors.SheetPage) -> Party | None:
    """Whose column is filled in: the one asked for, else the last that is the reader's to fill."""
    may = _parties(request, page)
    asked = request.GET.get("party", "")
    return next((party for party in may if party.value == asked), may[-1] if may else None)


_BEFORE = {Party.SELF: None, Party.TEAM: Party.SELF, Party.DECIDED: Party.TEAM}


def _score_form(page: selectors.SheetPage, party: Party, *data: Any) -> recognising.ScoreForm:
    return recognising.ScoreForm(*data, page=page, party=party, start=_BEFORE[party])


def _meeting(request: HttpRequest, page: selectors.SheetPage) -> Any:
    """The village's newest meeting that is open and votes openly, if there is one."""
    today = localdate(request.at)
    number = reviews.meeting_in_session(request.user, page.sheet.village, on=today)
    return reviews.meeting_frame(request.user, number, on=today) if number else None


def _present(meeting: Any) -> list[Any]:
    return [seat for seat in meeting.seats if seat.present] if meeting else []


@staff_page(action=Action.FILE_CLAIM_FOR_OTHERS)
@require_POST
def self_score(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """What the household wrote or said, keyed in for it."""
    page = _open(request, sheet_id)
    form, how = _score_form(page, Party.SELF, request.POST), forms.SelfChannelForm(request.POST)
    if form.is_valid() and how.is_valid():
        with guarded(request, form):
            services.score_self(
                sheet_id=sheet_id, scores=form.scores, channel=SelfChannel(how.cleaned_data["channel"]),
                by=request.user, at=request.at,
            )  # fmt: skip
            return done(request, gettext("自评已录入。"), "desk:recognition_sheet", sheet_id)
    return _page(request, sheet_id, form=form, how=how)


@staff_page(action=Action.VERIFY_CLAIM)
@require_POST
def team_score(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """The work team's column with its photos."""
    form = _score_form(_open(request, sheet_id), Party.TEAM, request.POST, request.FILES)
    if form.is_valid():
        with guarded(request, form):
            services.score_team(
                sheet_id=sheet_id, scores=form.scores, photos=form.photos, by=request.user, at=request.at
            )
            return done(request, gettext("工作组评分已保存。"), "desk:recognition_sheet", sheet_id)
    return _page(request, sheet_id, form=form)


@staff_page(action=Action.HOLD_MEETING)
@require_POST
def decision(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """The recognition group's column: what it decides goes to the ledger."""
    page = _open(request, sheet_id)
    meeting = _meeting(request, page)
    form = _score_form(page, Party.DECIDED, request.POST)
    votes = forms.DecisionForm(request.POST, seats=_present(meeting))
    if meeting is None:
        form.add_error(None, gettext("评议会已经结束，没有记分。填好的都在这里：请先开评议会，再认定。"))
    elif form.is_valid() and votes.is_valid():
        with guarded(request, form):
            services.decide_sheet(
                sheet_id=sheet_id, meeting=meeting.meeting, scores=form.scores,
                reason=votes.cleaned_data["reason"], choices=votes.choices, by=request.user, at=request.at,
            )  # fmt: skip
            return done(
                request,
                gettext("已认定，加分已记入台账，扣分先告知农户。"),
                "desk:recognition_sheet",
                sheet_id,
            )
    return _page(request, sheet_id, form=form, decision=votes)


@staff_page(action=Action.VIEW_LEDGER)
def photo(request: HttpRequest, photo_id: int) -> HttpResponse:
    """A photo of the team, after the same check as its sheet."""
    with or_404():
        row = selectors.photo_of(request.user, photo_id, on=localdate(request.at))
    return recognising.picture(row)
