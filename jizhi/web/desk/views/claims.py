"""Claims at the desk: the queue, one claim with its way, verifying, returning, amending, withdrawing.

Keying in and uploading sheets is `claim_entry` and `claim_imports`; deciding is `meetings`; telling is `telling`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from jizhi.channels import selectors as channels
from jizhi.channels.rules import Record, written
from jizhi.claims import selectors, services
from jizhi.claims.rules import Channel, ClaimState
from jizhi.core.errors import DomainError
from jizhi.posts.rules import Action
from jizhi.web import pictures
from jizhi.web.claiming import EvidenceForm
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import claims as exports
from jizhi.web.desk.forms import claims as forms
from jizhi.web.pages import confirm, done, guarded, page_or_partial, staff_page
from jizhi.web.telling import AttemptForm, CorrectionForm, TellingForm
from jizhi.web.templatetags import jizhi as words

TABS = (
    ClaimState.FILED, ClaimState.VERIFIED, ClaimState.APPROVED, ClaimState.GRACE, ClaimState.RETURNED,
    ClaimState.POSTED,
)  # fmt: skip


def _search(request: HttpRequest) -> forms.ClaimSearch:
    today, villages = localdate(request.at), scope.villages(request)
    return forms.ClaimSearch(request.GET, today=today, villages=villages)


@staff_page(action=Action.VIEW_LEDGER)
def claims(request: HttpRequest) -> HttpResponse:
    """The queue: search, filters, and the work that can be done on many at once."""
    today, search = localdate(request.at), _search(request)
    filters = search.filters
    rows = selectors.queue(request.user, on=today, **filters)
    counts = selectors.counts_by_state(selectors.queue(request.user, on=today, **filters | {"state": ""}))
    state = filters["state"]
    page = listing.page_of(request, rows, selectors.lines)
    context = {
        "search": search,
        "page": page,
        "flagged": selectors.flagged([line.id for line in page.object_list]),
        "tabs": [(one, counts.get(one, 0)) for one in TABS],
        "all_count": sum(counts.values()),
        "state": state,
        "may_verify": state == ClaimState.FILED and scope.may(request, Action.VERIFY_CLAIM),
        "may_meet": state == ClaimState.VERIFIED and scope.may(request, Action.HOLD_MEETING),
        "may_key_in": scope.may(request, Action.KEY_IN_CLAIMS),
        "may_export": scope.may(request, Action.EXPORT),
        "several_villages": "village" in search.fields,
    }
    return page_or_partial(request, "desk/claims/list.html", **context)


@staff_page(action=Action.EXPORT)
def claims_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    rows = selectors.queue(request.user, on=localdate(request.at), **_search(request).filters)
    return exports.workbook(selectors.lines(rows), request.at)


@staff_page(action=Action.VIEW_DESK)
def claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    """One claim with its way, evidence, decision and entries, and what may be done with it.

    Also for whoever filed it or gets its points and reads no ledger: a building leader, a volunteer.
    """
    return page_with(request, claim_id)


def page_with(request: HttpRequest, claim_id: int, **bound: Any) -> HttpResponse:
    """The claim's page; `bound` replaces one of its forms by one with errors."""
    found = selectors.claim_page(request.user, claim_id, on=localdate(request.at))
    line, area = found.line, found.claim.area
    paper = channels.sheet_of_claim(claim_id) if line.channel is Channel.PAPER else ""
    refusing = next((form for form in bound.values() if form.errors), None)
    context: dict[str, Any] = {
        "claim": found,
        "line": line,
        "ledger_rows": selectors.entry_rows(found.entries),
        "may_verify": line.state is ClaimState.FILED and scope.may(request, Action.VERIFY_CLAIM, area),
        "may_return": line.state in (ClaimState.FILED, ClaimState.VERIFIED)
        and scope.may(request, Action.VERIFY_CLAIM, area),
        **_telling(request, found),
        "verification": forms.VerificationForm(),
        "comparison": forms.ComparisonForm(),
        "returning": forms.ReturnForm(),
        "refiling": _refiling_form(found) if found.may_refile else None,
        "fault": line.item.kind != "merit",
        "may_read_ledger": scope.may(request, Action.VIEW_LEDGER, area),
        "alike": selectors.alike(request.user, claim_id, on=localdate(request.at)),
        "voice": channels.voice_of(claim_id, line.channel),
        "system": channels.pushing_system(claim_id, line.channel),
        "covered": [(Record(one.record), one) for one in selectors.covered_by(claim_id)],
        "paper_code": paper,
        "paper_written": written(paper),
        "own_photos": [photo.id for photo in found.photos],
        "may_compare": scope.may(request, Action.VERIFY_CLAIM, area)
        or scope.may(request, Action.HOLD_MEETING, found.claim.village),
        "evidence": EvidenceForm() if _may_add(request, found) else None,
    }
    status = 422 if refusing else 200
    return page_or_partial(request, "desk/claims/page.html", status=status, **context | bound)


def _telling(request: HttpRequest, found: selectors.ClaimPage) -> dict[str, Any]:
    """What there is to do and to see of telling the household, and of mending."""
    state, until = found.line.state, found.correct_until_date
    may = scope.may(request, Action.TELL_FAULT, found.claim.area)
    over = until is not None and until < localdate(request.at)
    return {
        "tellings": selectors.tellings_of(found.line.id) if found.line.is_fault else [],
        "may_tell": state is ClaimState.APPROVED and may,
        "days_to_mend": selectors.days_to_mend(found.claim) if state is ClaimState.APPROVED else 0,
        "may_correct": state is ClaimState.GRACE and may and not over,
        "grace_over": state is ClaimState.GRACE and over,
        "telling": TellingForm(),
        "attempt": AttemptForm(auto_id="id_attempt_%s"),
        "correction": CorrectionForm(auto_id="id_correction_%s"),
    }


def _may_add(request: HttpRequest, found: selectors.ClaimPage) -> bool:
    """Whether the reader may still add evidence."""
    try:
        selectors.check_can_add_evidence(found.claim, request.user, localdate(request.at))
    except DomainError:
        return False
    return True


def _refiling_form(found: selectors.ClaimPage, data: Any = None) -> forms.RefilingForm:
    line = found.line
    grades = [(key, words.say(title)) for key, title in line.item.grades.items()]
    initial = {name: getattr(line, name) for name in ("act_date", "quantity", "grade", "words")}
    return forms.RefilingForm(data, needs=line.item.needs, grades=grades, initial=initial)


def _act(
    request: HttpRequest,
    claim_id: int,
    name: str,
    form: Any,
    act: Callable[..., object],
    text: str,
) -> HttpResponse:
    """Do what a form on the claim's page asks for; on a refusal show the page with that form again."""
    selectors.claim_page(request.user, claim_id, on=localdate(request.at))
    if form.is_valid():
        with guarded(request, form):
            act(by=request.user, at=request.at, **form.cleaned_data)
            return done(request, text, "desk:claim", claim_id)
    return page_with(request, claim_id, **{name: form})


@staff_page(action=Action.VERIFY_CLAIM)
@require_POST
def verification(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The claim is as it was said: on to the panel."""

    def act(**kwargs: Any) -> object:
        return services.verify_claims(claim_ids=[claim_id], **kwargs)

    form = forms.VerificationForm(request.POST)
    return _act(request, claim_id, "verification", form, act, gettext("已核实，等待评议会认定。"))


@staff_page(action=Action.VERIFY_CLAIM)
@require_POST
def return_(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Back to whoever filed it, with the reason."""

    def act(**kwargs: Any) -> object:
        return services.return_claim(claim_id=claim_id, **kwargs)

    form = forms.ReturnForm(request.POST)
    return _act(request, claim_id, "returning", form, act, gettext("已退回，农户会收到消息。"))


@staff_page(action=Action.VIEW_DESK)
@require_POST
def refiling(request: HttpRequest, claim_id: int) -> HttpResponse:
    """A returned claim, amended by whoever filed it."""
    found = selectors.claim_page(request.user, claim_id, on=localdate(request.at))

    def act(*, act_date: Any, words: str, by: Any, at: Any, quantity: Any = None, grade: str = "") -> object:
        return services.refile_claim(
            claim=found.claim, act_date=act_date, quantity=quantity, grade=grade, words=words, by=by, at=at
        )

    form = _refiling_form(found, request.POST)
    return _act(request, claim_id, "refiling", form, act, gettext("已重新申报，等待核实。"))


@staff_page(action=Action.VIEW_DESK)
def withdrawal(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Take back what oneself filed, after a question."""
    found = selectors.claim_page(request.user, claim_id, on=localdate(request.at))
    back = reverse("desk:claim", args=[claim_id])
    if request.method != "POST":
        return confirm(
            request,
            title=gettext("撤回这条申报？"),
            text=gettext("撤回后不再办理，记录仍然保留。需要时可以重新申报。"),
            button=gettext("撤回"),
            back=back,
            danger=True,
        )
    with guarded(request):
        services.withdraw_claim(claim=found.claim, by=request.user, at=request.at)
        return done(request, gettext("已撤回。"), back)
    return redirect(back)


@staff_page(action=Action.VERIFY_CLAIM)
@require_POST
def bulk_verification(request: HttpRequest) -> HttpResponse:
    """Verify the ticked claims, all or none."""
    form = forms.ClaimsForm(request.POST)
    if not form.is_valid():
        return _back_to_queue(request, form)
    with guarded(request):
        found = services.verify_claims(claim_ids=form.cleaned_data["claim"], by=request.user, at=request.at)
        text = ngettext(
            "已核实%(count)d条，等待评议会认定。", "已核实%(count)d条，等待评议会认定。", len(found)
        )
        messages.success(request, text % {"count": len(found)})
    return redirect(_queue_address(ClaimState.FILED))


def _back_to_queue(request: HttpRequest, form: Any) -> HttpResponse:
    for errors in form.errors.values():
        messages.error(request, " ".join(errors))
    return redirect(_queue_address(ClaimState.FILED))


def _queue_address(state: ClaimState) -> str:
    return f"{reverse('desk:claims')}?state={state.value}"


@staff_page(action=Action.VIEW_DESK)
def photo(request: HttpRequest, photo_id: int) -> HttpResponse:
    """A photo, after the same check as its claim."""
    found = selectors.photo_of(request.user, photo_id, on=localdate(request.at))
    return pictures.answer(found)
