"""Records of meetings: the list, a new one, one with its filing, its sheet and its photos."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.areas import selectors as areas
from jizhi.assemblies import selectors, services
from jizhi.assemblies.rules import About, Counts, FilingState
from jizhi.posts.rules import Action
from jizhi.schemes.rules import MeetingKind
from jizhi.web import pictures
from jizhi.web.claiming import EvidenceForm, download
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import files
from jizhi.web.fairwork import printing
from jizhi.web.fairwork.exports import lists
from jizhi.web.fairwork.forms import assemblies as forms
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.templatetags import jizhi as words

COUNTS = ("members", "present", "votes_for", "against", "abstain")
MOTION = (
    "title", "text", "fen", "source", "from_date", "to_date", "period", "per_member", "cap_fen", "own_pool",
)  # fmt: skip
MEETING = ("announced_date", "held_on_date", "place", "chair", "recorder")


def _found(request: HttpRequest) -> tuple[forms.AssemblySearch, Any]:
    search = forms.AssemblySearch(request.GET, villages=scope.villages(request, Action.VIEW_LEDGER))
    rows = selectors.assemblies(
        request.user,
        on=localdate(request.at),
        village_code=search.value("village"),
        about=search.value("about"),
        state=search.value("state"),
        words=search.value("q"),
    )
    return search, rows


@staff_page(action=Action.VIEW_LEDGER)
def assemblies(request: HttpRequest) -> HttpResponse:
    """All records; for the township those that wait for its answer are a filter away."""
    search, rows = _found(request)
    waiting = selectors.assemblies(request.user, on=localdate(request.at), state=FilingState.FILED).count()
    context = {
        "search": search,
        "page": listing.page_of(request, rows, selectors.assembly_lines),
        "several_villages": "village" in search.fields,
        "waiting": waiting if scope.may(request, Action.ACKNOWLEDGE_ASSEMBLY) else 0,
        "may_record": scope.may(request, Action.RECORD_ASSEMBLY),
        "may_export": scope.may(request, Action.EXPORT),
    }
    return page_or_partial(request, "fairwork/assemblies/list.html", **context)


@staff_page(action=Action.EXPORT)
def assemblies_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    return lists.assemblies(selectors.assembly_lines(_found(request)[1]), request.at)


@staff_page(action=Action.RECORD_ASSEMBLY)
def assembly_choice(request: HttpRequest) -> HttpResponse:
    """What the meeting decided on: each kind asks for other figures."""
    return page_or_partial(request, "fairwork/assemblies/choice.html", kinds=list(About))


@staff_page(action=Action.RECORD_ASSEMBLY)
def assembly_new(request: HttpRequest, about: str) -> HttpResponse:
    """Record one motion; what did not carry is kept as such."""
    if about not in list(About):
        raise Http404
    villages = scope.villages(request, Action.RECORD_ASSEMBLY)
    versions = {str(row.pk): row for row in selectors.versions_for(villages)} if about == About.SCHEME else {}
    form = forms.AssemblyForm(
        request.POST or None,
        about=About(about),
        villages=[(one.code, words.named(one)) for one in villages],
        versions=[
            (key, f"{row.title} · {words.day(row.applies_from_date)}") for key, row in versions.items()
        ],
        initial={
            "held_on_date": localdate(request.at),
            "announced_date": localdate(request.at),
            "version": request.GET.get("version"),
        },
    )
    if form.is_valid():
        with guarded(request, form):
            row = _record(request, About(about), form.cleaned_data, versions)
            text = (
                gettext("已记录，表决通过。请报送乡镇备案。")
                if row.carried
                else gettext("已记录。这项表决没有通过。")
            )
            return done(request, text, "fairwork:assembly", row.pk)
    return page_or_partial(request, "fairwork/assemblies/new.html", form=form, about=About(about))


def _record(request: HttpRequest, about: About, data: dict[str, Any], versions: dict[str, Any]) -> Any:
    motion = services.Motion(
        about=about,
        version=versions.get(data.get("version", "")),
        floor_fen=data.get("floor_fen") or 0,
        **{name: data[name] for name in MOTION if name in data},
    )
    return services.record_assembly(
        village=areas.area_by_code(data["village"]),
        motion=motion,
        kind=MeetingKind(data["kind"]),
        counts=Counts(*(data[name] for name in COUNTS)),
        by=request.user,
        at=request.at,
        **{name: data[name] for name in MEETING},
    )


def _page(request: HttpRequest, assembly_id: int) -> selectors.AssemblyPage:
    with or_404():
        return selectors.assembly_page(request.user, assembly_id, on=localdate(request.at))


@staff_page(action=Action.VIEW_LEDGER)
def assembly(request: HttpRequest, assembly_id: int) -> HttpResponse:
    """One record: numbers, text, filing, and what may be done next."""
    page = _page(request, assembly_id)
    village, state = page.row.village, page.line.state
    on_file = state is FilingState.ACKNOWLEDGED
    may_keep = scope.may(request, Action.KEEP_FUND, village) and on_file
    context = {
        "found": page,
        "line": page.line,
        "row": page.row,
        "may_file": page.line.carried
        and state in (FilingState.RECORDED, FilingState.RETURNED)
        and scope.may(request, Action.RECORD_ASSEMBLY, village),
        "may_answer": state is FilingState.FILED and scope.may(request, Action.ACKNOWLEDGE_ASSEMBLY, village),
        "may_attach": scope.may(request, Action.RECORD_ASSEMBLY, village),
        "may_open_fund": may_keep and page.line.about is About.FUND and not page.fund_id,
        "may_split": may_keep and page.line.about is About.DIVIDEND and not page.dividend_id,
        "may_put_in_force": page.row.resolution_id
        and not page.effective_from_date
        and scope.may(request, Action.ACTIVATE_SCHEME, village),
    }
    return page_or_partial(request, "fairwork/assemblies/page.html", **context)


@staff_page(action=Action.VIEW_LEDGER)
def sheet(request: HttpRequest, assembly_id: int) -> HttpResponse:
    """The record to sign."""
    page = _page(request, assembly_id)
    return files.print_(f"JY-{assembly_id}", printing.assembly(page))


@staff_page(action=Action.RECORD_ASSEMBLY)
def photos(request: HttpRequest, assembly_id: int) -> HttpResponse:
    """The signed minutes, as photos or documents."""
    page = _page(request, assembly_id)
    posted = request.method == "POST"
    form = EvidenceForm(request.POST if posted else None, request.FILES if posted else None)
    if form.is_valid():
        with guarded(request, form):
            services.attach_minutes(
                assembly_id=assembly_id, by=request.user, at=request.at, **form.cleaned_data
            )
            return done(request, gettext("会议记录已附上。"), "fairwork:assembly", assembly_id)
    return page_or_partial(request, "fairwork/assemblies/photos.html", form=form, line=page.line)


@staff_page(action=Action.VIEW_LEDGER)
def photo(request: HttpRequest, photo_id: int) -> HttpResponse:
    """One photo."""
    with or_404():
        row = selectors.photo_of(request.user, photo_id, on=localdate(request.at))
    return pictures.answer(row)


@staff_page(action=Action.VIEW_LEDGER)
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """One document, as a download."""
    with or_404():
        return download(selectors.minutes_document(request.user, document_id, on=localdate(request.at)))


def _step(
    request: HttpRequest, assembly_id: int, form: Any, serve: Any, said: str, **words_of_page: Any
) -> HttpResponse:
    """A step of the filing after a question."""
    _page(request, assembly_id)
    if form.is_valid():
        with guarded(request, form):
            serve(assembly_id=assembly_id, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, said, "fairwork:assembly", assembly_id)
    back = reverse("fairwork:assembly", args=[assembly_id])
    return confirm(request, back=back, form=form, **words_of_page)


@staff_page(action=Action.RECORD_ASSEMBLY)
def filing(request: HttpRequest, assembly_id: int) -> HttpResponse:
    """Send the record to the township."""
    return _step(
        request, assembly_id, forms.FilingForm(request.POST or None), services.file_assembly,
        gettext("已报送乡镇。"), title=gettext("报送乡镇备案？"), button=gettext("报送备案"),
        text=gettext("乡镇备案以后，才能据此启用细则、资金或分红。"),
    )  # fmt: skip


@staff_page(action=Action.ACKNOWLEDGE_ASSEMBLY)
def acknowledgement(request: HttpRequest, assembly_id: int) -> HttpResponse:
    """The township takes it on file."""
    return _step(
        request, assembly_id, forms.AcknowledgementForm(request.POST or None), services.acknowledge_assembly,
        gettext("已备案。"), title=gettext("准予备案？"), button=gettext("备案"),
        text=gettext("请核对签字的会议记录和人数。备案以后不能撤回。"),
    )  # fmt: skip


@staff_page(action=Action.ACKNOWLEDGE_ASSEMBLY)
def return_(request: HttpRequest, assembly_id: int) -> HttpResponse:
    """The township sends it back."""
    return _step(
        request, assembly_id, forms.ReturnForm(request.POST or None), services.return_assembly,
        gettext("已退回。"), title=gettext("退回这份决议？"), button=gettext("退回"), danger=True,
        text=gettext("村里补正以后可以再报。"),
    )  # fmt: skip
