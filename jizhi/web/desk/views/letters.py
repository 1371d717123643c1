"""Letters that wait to be admitted or answered, and the statistics of all objections and letters."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.notices import selectors, services
from jizhi.notices.rules import LetterState
from jizhi.people import selectors as people
from jizhi.posts.rules import Action
from jizhi.web import printouts
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import hearings as exports
from jizhi.web.desk.exports import replies
from jizhi.web.desk.forms import hearings as forms
from jizhi.web.desk.templatetags import desk as said
from jizhi.web.pages import done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.templatetags import jizhi as words


@staff_page(action=Action.VIEW_LEDGER)
def letters(request: HttpRequest) -> HttpResponse:
    """Waiting ones first, by the day they are due."""
    search = forms.LetterSearch(request.GET, villages=scope.villages(request))
    rows = selectors.letters(request.user, on=localdate(request.at), **search.filters)
    context = {
        "search": search,
        "page": listing.page_of(request, rows, selectors.letter_lines),
        "today": localdate(request.at),
        "several_villages": "village" in search.fields,
        "may_export": scope.may(request, Action.EXPORT),
    }
    return page_or_partial(request, "desk/objections/letters.html", **context)


@staff_page(action=Action.EXPORT)
def letters_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    search = forms.LetterSearch(request.GET, villages=scope.villages(request))
    rows = selectors.letters(request.user, on=localdate(request.at), **search.filters)
    return exports.letters(selectors.letter_lines(rows), request.at)


@staff_page(action=Action.VIEW_LEDGER)
def letter(request: HttpRequest, letter_id: int) -> HttpResponse:
    """One letter; POST answers it or says why it is not taken up."""
    line = _line(request, letter_id)
    outcomes = _outcomes(request, line)
    posted = request.POST if request.method == "POST" else None
    form = forms.LetterAnswerForm(posted, outcomes=outcomes)
    if form.is_valid():
        with guarded(request, form):
            state, answer = LetterState(form.cleaned_data["outcome"]), form.cleaned_data["answer"]
            if state is LetterState.ESCALATED:
                services.escalate_letter(letter=line.letter, words=answer, by=request.user, at=request.at)
                return done(request, gettext("已转乡镇答复。"), "desk:letter", letter_id)
            services.answer_letter(
                letter=line.letter, state=state, answer=answer, by=request.user, at=request.at
            )
            return done(request, gettext("已答复。"), "desk:letter", letter_id)
    may_admit = _may_admit(request, line)
    context = {"line": line, "form": form, "may_admit": may_admit, "may_close": bool(outcomes)}
    return page_or_partial(request, "desk/objections/letter.html", today=localdate(request.at), **context)


@staff_page(action=Action.VIEW_LEDGER)
def letter_reply(request: HttpRequest, letter_id: int) -> HttpResponse:
    """The answer to a letter on paper; one that became an objection is answered there."""
    line = _line(request, letter_id)
    if line.answered_at is None or line.objection_id is not None:
        raise Http404
    return replies.letter(line)


def _outcomes(request: HttpRequest, line: selectors.LetterLine) -> list[LetterState]:
    """How the reader may end or hand up the letter now."""
    if not line.is_open:
        return []
    found = [
        one
        for one in forms.ANSWERS
        if scope.may(request, selectors.letter_action(line.letter, one), line.village)
    ]
    may_hand_up = line.state is LetterState.RECEIVED and scope.may(
        request, Action.ANSWER_OBJECTION, line.village
    )
    return [*found, LetterState.ESCALATED] if may_hand_up else found


def _may_admit(request: HttpRequest, line: selectors.LetterLine) -> bool:
    return line.is_open and scope.may(request, selectors.admission_action(line.letter), line.village)


@staff_page(action=Action.VIEW_LEDGER)
def admission(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Find the entry, name the household that wrote, and make an objection of the letter.

    For whoever posts notices; of what went up, for the township.
    """
    line = _line(request, letter_id)
    if not _may_admit(request, line):
        raise Http404
    search = forms.EntrySearch(request.GET)
    choices = selectors.entries_to_choose(line, search.words) if search.words else []
    entries = [(f"{one.notice_id}:{one.entry.fact}", named(one)) for one in choices]
    form = forms.AdmissionForm(request.POST if request.method == "POST" else None, entries=entries)
    if form.is_valid():
        with guarded(request, form):
            notice, fact = form.cleaned_data["entry"].split(":")
            filed = services.admit_letter(
                letter=line.letter,
                notice=selectors.notice_by_id(int(notice), line.village),
                fact_id=int(fact),
                subject=people.household_by_no(line.village, form.cleaned_data["no"]).subject,
                by=request.user,
                at=request.at,
            )
            text = gettext("异议已登记，请在%(day)s前答复。") % {"day": words.day(filed.due_date)}
            return done(request, text, "desk:objection", filed.pk)
    context: dict[str, Any] = {"line": line, "form": form, "search": search, "choices": choices}
    return page_or_partial(request, "desk/objections/admission.html", **context)


def named(one: Any) -> str:
    """An entry to choose: the notice, the day, the item, the points."""
    title = one.entry.item_en if words.in_english() else one.entry.item
    parts = (said.period(one.period), words.day(one.entry.date), title, words.signed_points(one.entry.points))
    return " · ".join(str(part) for part in parts)


@staff_page(action=Action.VIEW_LEDGER)
def statistics(request: HttpRequest) -> HttpResponse:
    """How objections and letters went: numbers alone, each leading to its records."""
    search = forms.StatisticsSearch(request.GET, villages=scope.villages(request))
    found, letters = _statistics(request, search)
    context = {
        "search": search,
        "found": found,
        "letters": letters,
        "stretch": search.stretch(localdate(request.at)),
        "several_villages": "village" in search.fields,
        "may_export": scope.may(request, Action.EXPORT),
    }
    return page_or_partial(request, "desk/objections/statistics.html", **context)


@staff_page(action=Action.EXPORT)
def statistics_export(request: HttpRequest) -> HttpResponse:
    """The same numbers as a workbook."""
    search = forms.StatisticsSearch(request.GET, villages=scope.villages(request))
    return exports.statistics(*_statistics(request, search), request.at)


@staff_page(action=Action.VIEW_LEDGER)
def statistics_print(request: HttpRequest) -> HttpResponse:
    """The same numbers on paper."""
    today = localdate(request.at)
    search = forms.StatisticsSearch(request.GET, villages=scope.villages(request))
    places = scope.villages(request)
    code = search.value("village") if "village" in search.fields else ""
    chosen = places if not code else [one for one in places if one.code == code]
    issuer = printouts.committee(chosen[0]) if len(chosen) == 1 else gettext("积分治理")
    return exports.statistics_print(*_statistics(request, search), issuer, search.stretch(today))


def _statistics(
    request: HttpRequest, search: forms.StatisticsSearch
) -> tuple[selectors.Statistics, selectors.LetterStatistics]:
    today = localdate(request.at)
    since, until = search.stretch(today)
    asked: dict[str, Any] = {
        "on": today,
        "since": since,
        "until": until,
        "village_code": search.value("village"),
    }
    return selectors.statistics(request.user, **asked), selectors.letter_statistics(request.user, **asked)


def _line(request: HttpRequest, letter_id: int) -> selectors.LetterLine:
    with or_404():
        return selectors.letter_line(request.user, letter_id, on=localdate(request.at))
