"""The register of subjects that are no households: the list, one, following the registers, enrolling, ending."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.channels import selectors as channels
from jizhi.channels import services as channel_services
from jizhi.claims import selectors as claims
from jizhi.ledger import selectors as ledger
from jizhi.notices import selectors as notices
from jizhi.organisations import selectors as organisations
from jizhi.participants import selectors, services
from jizhi.people import selectors as people
from jizhi.people.rules import SubjectKind
from jizhi.posts.rules import Action
from jizhi.settlement import selectors as settlements
from jizhi.web.desk import listing, scope
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.register.exports import participants as exports
from jizhi.web.register.forms import participants as forms
from jizhi.web.templatetags import jizhi as words

FOUND_MAX = 30
ENTRIES = 30
SHOWN = 200


def _scored(request: HttpRequest, action: Action) -> list[selectors.SchemeChoice]:
    """The schemes of persons and organisations in force where the reader may do the action, or around the grid."""
    found = scope.schemes(request, scope.villages_around(request, action))
    return [one for one in found if one.kind is not SubjectKind.HOUSEHOLD]


def _found(request: HttpRequest) -> tuple[forms.ParticipantSearch, Any, dict[str, str]]:
    schemes = _scored(request, Action.VIEW_LEDGER)
    titles = {one.id: words.say(one.title) for one in schemes}
    search = forms.ParticipantSearch(
        request.GET, villages=scope.villages(request, Action.VIEW_LEDGER), schemes=list(titles.items())
    )
    rows = selectors.participants(
        request.user,
        on=localdate(request.at),
        village_code=search.value("village"),
        scheme=search.value("scheme"),
        standing=search.value("standing"),
        source=search.value("source"),
        words=search.value("q"),
    )
    return search, rows, titles


@staff_page(action=Action.VIEW_LEDGER)
def participants(request: HttpRequest) -> HttpResponse:
    """Who takes part in schemes of persons and organisations."""
    search, rows, titles = _found(request)
    managed = scope.villages(request, Action.MANAGE_PARTICIPANTS)
    chosen = search.value("village")
    village = next((one for one in managed if one.code == chosen or len(managed) == 1), None)
    return page_or_partial(
        request,
        "register/participants/list.html",
        search=search,
        page=listing.page_of(request, rows, selectors.lines),
        titles=titles,
        today=localdate(request.at),
        several_villages="village" in search.fields,
        managed={"village": village, "schemes": _scored_in(request, village)} if village else {},
        choose_village=village is None and bool(managed) and not chosen,
        may_export=scope.may(request, Action.EXPORT),
    )


def _scored_in(request: HttpRequest, village: Any) -> list[selectors.SchemeChoice]:
    return [one for one in scope.schemes(request, [village]) if one.kind is not SubjectKind.HOUSEHOLD]


@staff_page(action=Action.EXPORT)
def participants_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    _search, rows, titles = _found(request)
    return exports.workbook(selectors.lines(rows), titles, request.at)


def _page(request: HttpRequest, participant_id: int) -> selectors.ParticipantPage:
    with or_404():
        return selectors.participant_page(request.user, participant_id, on=localdate(request.at))


@staff_page(action=Action.VIEW_LEDGER)
def participant(request: HttpRequest, participant_id: int) -> HttpResponse:
    """One participant: since when and why, its points, claims, standings."""
    page, today = _page(request, participant_id), localdate(request.at)
    line = page.line
    village = page.participant.village
    return page_or_partial(
        request,
        "register/participants/page.html",
        page=page,
        line=line,
        today=today,
        title=_title(request, village, line.scheme),
        ledger_rows=claims.entry_rows(ledger.entries_of_subject(line.subject_id, limit=ENTRIES)),
        disputed=notices.disputed_of(line.subject_id),
        waiting=claims.waiting_of_subject(line.subject_id),
        standings=settlements.standings_of_subject(line.subject_id, limit=12),
        may_end=line.to_date is None and scope.may(request, Action.MANAGE_PARTICIPANTS, village),
        may_key_in=line.to_date is None and scope.may(request, Action.KEY_IN_CLAIMS, village),
        may_see_person=line.person_id is not None and scope.may(request, Action.VIEW_HOUSEHOLDS, village),
        may_see_organisation=line.organisation_id is not None
        and scope.may(request, Action.VIEW_ORGANISATIONS, village),
    )


def _title(request: HttpRequest, village: Any, scheme: str) -> str:
    """The scheme's title in the reader's language."""
    found = {one.id: words.say(one.title) for one in scope.schemes(request, [village])}
    return found.get(scheme, scheme)


def _place(request: HttpRequest, code: str, scheme: str) -> tuple[Any, selectors.SchemeChoice]:
    """A village in which the reader enrols, and a scheme of persons or organisations in force there; else 404."""
    village = scope.village(request, Action.MANAGE_PARTICIPANTS, code)
    for one in _scored_in(request, village):
        if one.id == scheme:
            return village, one
    raise Http404


@staff_page(action=Action.MANAGE_PARTICIPANTS)
def participants_following(request: HttpRequest, code: str, scheme: str) -> HttpResponse:
    """Who would join and leave by the registers; POST does it."""
    village, choice = _place(request, code, scheme)
    back = f"{reverse('register:participants')}?scheme={scheme}"
    if request.method == "POST":
        with guarded(request):
            found = channel_services.follow_registers(
                village=village, scheme=scheme, by=request.user, at=request.at
            )
            text = gettext("已按登记更新：新登记%(joined)d，退出%(left)d，改名%(renamed)d。")
            counts = {"joined": found.joined, "left": found.left, "renamed": found.renamed}
            return done(request, text % counts, back)
        return redirect(back)
    pending = channels.pending(village, scheme, localdate(request.at))
    context = {
        "village": village,
        "choice": choice,
        "pending": pending,
        "back": back,
        "shown": SHOWN,
        "slice": f":{SHOWN}",
    }
    return page_or_partial(request, "register/participants/following.html", **context)


@staff_page(action=Action.MANAGE_PARTICIPANTS)
def participant_new(request: HttpRequest, code: str, scheme: str) -> HttpResponse:
    """Find a person or an organisation, and enrol it from a day on."""
    village, choice = _place(request, code, scheme)
    today, sought = localdate(request.at), request.GET.get("q", "").strip()
    found = _holders(request, village, choice, sought)
    data = request.POST if request.method == "POST" else None
    form = forms.EnrolmentForm(
        data, holders=[(str(n), text) for n, (text, _one) in found.items()], today=today
    )
    if data is not None and form.is_valid():
        with guarded(request, form):
            _text, holder = found[int(form.cleaned_data["holder"])]
            whose = "person" if choice.kind is SubjectKind.PERSON else "organisation"
            made = services.enrol_by_hand(
                village=village,
                scheme=scheme,
                **{whose: holder},
                from_date=form.cleaned_data["from_date"],
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("已登记。"), "register:participant", made.pk)
    context = {"village": village, "choice": choice, "form": form, "found": found, "words": sought}
    status = 422 if data is not None else 200
    return page_or_partial(request, "register/participants/new.html", status=status, **context)


def _holders(
    request: HttpRequest, village: Any, choice: selectors.SchemeChoice, sought: str
) -> dict[int, tuple[str, Any]]:
    """Persons or organisations of the village by those words: number → (how it is called, itself)."""
    today = localdate(request.at)
    if not sought:
        return {}
    if choice.kind is SubjectKind.ORGANISATION:
        rows = organisations.organisations(request.user, on=today, area=village, words=sought)[:FOUND_MAX]
        return {row.pk: (f"{words.named(row)} · {words.label(row.kind)}", row) for row in rows}
    wanted = people.PersonFilter(search=sought)
    members = people.persons(request.user, wanted, on=today, area=village).select_related(
        "person", "household"
    )[:FOUND_MAX]
    return {
        one.person_id: (f"{one.person.name} · {one.household.no} {one.household.head_name}", one.person)
        for one in members
    }


@staff_page(action=Action.MANAGE_PARTICIPANTS)
def participant_end(request: HttpRequest, participant_id: int) -> HttpResponse:
    """The participation ends after a day."""
    page = _page(request, participant_id)
    form = forms.EndingForm(request.POST if request.method == "POST" else None, today=localdate(request.at))
    if form.is_valid():
        with guarded(request, form):
            services.end_participation(
                participant=page.participant, by=request.user, at=request.at, **form.cleaned_data
            )
            return done(
                request, gettext("已登记退出，原有积分不变。"), "register:participant", participant_id
            )
    return confirm(
        request,
        title=gettext("登记%(name)s退出？") % {"name": page.line.label},
        text=gettext("退出之后不再为他记分；已有的积分、明细和公示都留着。以后再参加，另编新号。"),
        button=gettext("登记退出"),
        back=reverse("register:participant", args=[participant_id]),
        form=form,
    )
