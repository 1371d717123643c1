"""What the household's and the grid worker's claim pages share: finding an item, the form of one claim, its way.

It files nothing: the pages call claims.services.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext, gettext_lazy

from jizhi.claims import selectors as claims
from jizhi.claims.rules import Channel, ClaimState
from jizhi.claims.services import Draft, attach_documents, attach_photos
from jizhi.core.documents import media_type
from jizhi.core.errors import DomainError
from jizhi.core.text import N_
from jizhi.schemes import selectors as schemes
from jizhi.web.forms import DateInput, FilesInput, Form, PhotosField, SearchForm

TONES = {
    ClaimState.FILED: "wait",
    ClaimState.RETURNED: "bad",
    ClaimState.VERIFIED: "info",
    ClaimState.APPROVED: "wait",
    ClaimState.GRACE: "wait",
    ClaimState.CORRECTED: "good",
    ClaimState.POSTED: "good",
    ClaimState.REJECTED: "bad",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """An item as a list offers it; `points` in words."""

    item: Any
    points: str


@dataclass(frozen=True, slots=True)
class Group:
    """A section of the scheme with the items that may be claimed."""

    title: Any
    choices: list[Choice]


@dataclass(frozen=True, slots=True)
class Station:
    """A step of a claim's way, as `web/parts/steps.html` draws it."""

    title: str
    state: str
    at: dt.datetime | None = None
    note: str = ""


class ItemSearch(SearchForm):
    """Finds an item by its everyday words."""

    q = forms.CharField(
        label=gettext_lazy("找条目"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("例如：义务劳动")}),
    )


class ClaimForm(Form):
    """One claim of an item that is chosen already; asks only what the item needs."""

    act_date = forms.DateField(label=gettext_lazy("哪一天"), widget=DateInput())
    quantity = forms.DecimalField(label=gettext_lazy("数量"), max_digits=12, decimal_places=2)
    grade = forms.ChoiceField(label=gettext_lazy("档次"), widget=forms.RadioSelect)
    photos = PhotosField(label=gettext_lazy("照片"), required=False)
    words = forms.CharField(
        label=gettext_lazy("补充说明"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        item: Any,
        today: dt.date,
        photos: bool = True,
        version: int | None = None,
        **kwargs: Any,
    ) -> None:
        """`version` is that of the claim to amend; a new claim has none."""
        super().__init__(*args, **kwargs)
        if version is None:
            del self.fields["version"]
        else:
            self.fields["version"].initial = version
        self.fields["act_date"].initial = self.fields["act_date"].initial or today
        self.fields["act_date"].widget.attrs["max"] = today.isoformat()
        if item.needs == "quantity":
            unit = claims.unit_words(item, language())
            self.fields["quantity"].label = gettext("数量（%(unit)s）") % {"unit": unit}
            self.fields["quantity"].widget.attrs |= {"inputmode": "decimal", "min": "0", "step": "any"}
        else:
            del self.fields["quantity"]
        if item.needs == "grade":
            self._offer_grades(item)
        else:
            del self.fields["grade"]
        if not photos:
            del self.fields["photos"]

    def _offer_grades(self, item: Any) -> None:
        field, choices = self.fields["grade"], claims.grade_choices(item, language())
        if schemes.panel_decides(item):
            field.required = False
            choices = [("", gettext("由评议小组确定")), *choices]
        field.choices = choices

    def draft(self, subject: Any, item: Any) -> Draft:
        """What claims.services.file_claims takes."""

        given = self.cleaned_data
        return Draft(
            subject=subject,
            item=item.id,
            act_date=given["act_date"],
            request_key=str(given["request_key"]),
            quantity=given.get("quantity"),
            grade=given.get("grade", ""),
            words=given["words"],
        )


def attach(request: HttpRequest, claim: Any, photos: list[Any]) -> None:
    """Add photos to a claim that is kept in any case; what is wrong with them becomes a banner.

    A claim sent again after a lost answer may be decided by now, and takes no more photos: that is no failure either.
    """
    if not photos:
        return
    try:
        attach_photos(claim=claim, photos=photos, by=request.user, at=request.at)
    except DomainError as refusal:
        text = gettext("照片没有加上：%(reason)s申报本身已经保存，可以在申报页重新加照片。")
        messages.warning(request, text % {"reason": refusal})


class EvidenceForm(Form):
    """More evidence for a claim: photos, or documents as they are."""

    photos = PhotosField(label=gettext_lazy("照片"), required=False)
    documents = PhotosField(
        label=gettext_lazy("文件"),
        required=False,
        widget=FilesInput,
        help_text=gettext_lazy("PDF、Word、Excel，每份不超过10兆，最多3份。"),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and not given.get("photos") and not given.get("documents"):
            raise forms.ValidationError(gettext("请先选择照片或文件。"))
        return given


def attach_evidence(claim: Any, form: EvidenceForm, *, by: Any, at: dt.datetime) -> None:
    """Keep what the form brings, all or nothing."""
    with transaction.atomic():
        for name, attach in (("photos", attach_photos), ("documents", attach_documents)):
            if form.cleaned_data[name]:
                attach(claim=claim, by=by, at=at, **{name: form.cleaned_data[name]})


def download(document: Any) -> HttpResponse:
    """A stored document as a download: no browser shows it as a page of ours, whatever is in it."""
    with document.file.open("rb") as file:
        answer = HttpResponse(file.read(), content_type=media_type(document.name.rpartition(".")[2]))
    answer["Content-Disposition"] = content_disposition_header(True, document.name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer


def language() -> str:
    """`zh` or `en`, as the engine's words want it."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def groups(
    village: Any, channel: Channel, on: dt.date, words: str = "", *, scheme: str = claims.HOUSEHOLD_SCHEME
) -> list[Group]:
    """The items that may be claimed, by section, narrowed to those that hold the words."""
    wanted, found = words.strip().lower(), []
    for section, items in claims.items_to_claim(village, scheme, channel, on=on):
        choices = [
            Choice(item, claims.points_words(item, language())) for item in items if _holds(item, wanted)
        ]
        if choices:
            found.append(Group(section.title if section else None, choices))
    return found


def may_claim_any(document: Any, channel: Channel) -> bool:
    """Whether a document lets one claim anything at all this way."""
    return bool(claims.items_of(document, channel))


def _holds(item: Any, wanted: str) -> bool:
    texts = [item.title, *([item.description] if item.description else [])]
    spellings = [spelling for text in texts for spelling in (text.zh, text.en)]
    return any(wanted in spelling.lower() for spelling in [*spellings, *getattr(item, "aliases", ())])


def choice_of(
    village: Any, channel: Channel, on: dt.date, item_id: str, *, scheme: str = claims.HOUSEHOLD_SCHEME
) -> Choice | None:
    """One item, if it may be claimed this way."""
    for group in groups(village, channel, on, scheme=scheme):
        for choice in group.choices:
            if choice.item.id == item_id:
                return choice
    return None


# How many stations lie behind a claim in each state.
_BEHIND = {
    ClaimState.FILED: 1, ClaimState.RETURNED: 0, ClaimState.VERIFIED: 2, ClaimState.REJECTED: 2,
    ClaimState.APPROVED: 3, ClaimState.GRACE: 4, ClaimState.CORRECTED: 9, ClaimState.POSTED: 9, ClaimState.REVERSED: 9,
}  # fmt: skip


def way(page: claims.ClaimPage) -> list[Station]:
    """A claim's way from filing to the passbook, with what is behind it and what comes next."""
    claim, line = page.claim, page.line
    stations: list[tuple[str, dt.datetime | None]] = [
        (N_("申报"), claim.filed_at),
        (N_("网格员核实"), claim.verified_at),
        (N_("评议小组认定"), page.decision.decided_at if page.decision else None),
    ]
    if line.is_fault:
        stations.append((N_("告知本户"), page.told_at))
    if line.state is ClaimState.GRACE:
        stations.append((N_("限期改正"), None))
    if line.state is ClaimState.CORRECTED:
        stations.append((N_("已改正，不扣分"), None))
    else:
        stations.append((N_("记入积分"), page.entries[0].posted_at if page.entries else None))
    if line.state is ClaimState.WITHDRAWN:
        return [Station(stations[0][0], "done", claim.filed_at), Station(N_("已撤回"), "stopped")]
    behind = _BEHIND[line.state]
    return [
        Station(title, _mark(number, behind, line.state), at if number < behind else None)
        for number, (title, at) in enumerate(stations)
    ]


def _mark(number: int, behind: int, state: ClaimState) -> str:
    if number < behind:
        return "done"
    if number > behind:
        return "later"
    return "stopped" if state in (ClaimState.REJECTED, ClaimState.RETURNED) else "now"
