"""Matters on any page, phone or desk: the form of a report, the forms of each step, and taking one.

What a step means is in matters.services; each audience has its own addresses and templates around this.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, gettext_lazy

from jizhi.areas import selectors as areas
from jizhi.core.errors import Conflict, DomainError
from jizhi.core.text import N_
from jizhi.matters import selectors, services
from jizhi.matters.rules import MatterState, ToldHow, Verb
from jizhi.matters.services import Report
from jizhi.people import selectors as people
from jizhi.web import pictures
from jizhi.web.forms import Form, PhotosField
from jizhi.web.pages import confirm, done, guarded, or_404

TONES = {
    MatterState.REPORTED: "wait", MatterState.RETURNED: "bad", MatterState.ACCEPTED: "wait",
    MatterState.HANDLING: "info", MatterState.HANDLED: "wait", MatterState.CONFIRMED: "info",
    MatterState.CLOSED: "good", MatterState.REFUSED: "plain", MatterState.MERGED: "plain",
    MatterState.WITHDRAWN: "plain",
}  # fmt: skip


class ReportForm(Form):
    """What happened and where, in under a minute: only the kind and the words are asked for."""

    kind = forms.ChoiceField(label=gettext_lazy("什么事"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=gettext_lazy("说一说"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": gettext_lazy("例如：桥头路灯不亮两天了")}),
    )
    photos = PhotosField(label=gettext_lazy("照片"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("网格"), required=False)
    place = forms.CharField(label=gettext_lazy("地点"), required=False, max_length=200)
    household_no = forms.CharField(label=gettext_lazy("涉及农户的户号"), required=False, max_length=20)
    reporter_name = forms.CharField(label=gettext_lazy("报告人姓名"), required=False, max_length=50)
    reporter_phone = forms.CharField(
        label=gettext_lazy("报告人电话"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    confidential = forms.BooleanField(label=gettext_lazy("为报告人保密，不让办理的人知道"), required=False)
    latitude = forms.DecimalField(
        required=False, max_digits=8, decimal_places=5, min_value=-90, max_value=90, widget=forms.HiddenInput
    )
    longitude = forms.DecimalField(
        required=False,
        max_digits=8,
        decimal_places=5,
        min_value=-180,
        max_value=180,
        widget=forms.HiddenInput,
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, village: Any, by_staff: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.village = village
        self.fields["request_key"].initial = uuid.uuid4().hex
        self.fields["kind"].choices = selectors.kinds_of(village)
        grids = areas.grids_of(village)
        self.grids = {grid.code: grid for grid in grids}
        self.fields["area"].choices = [("", gettext("不清楚")), *((g.code, areas.named(g)) for g in grids)]
        if not by_staff:
            for name in ("household_no", "reporter_name", "reporter_phone"):
                del self.fields[name]
            self.fields["confidential"].label = gettext("请为我保密，不让办理的人知道是我")

    def clean_household_no(self) -> Any:
        """The household of that number, if one was written."""
        number = self.cleaned_data["household_no"].strip()
        if not number:
            return None
        try:
            return people.household_by_no(self.village, number)
        except people.HouseholdNotFound as missing:
            raise forms.ValidationError(str(missing)) from missing

    @property
    def report(self) -> Report:
        """What matters.services.report_matter takes."""
        given = self.cleaned_data
        has_place = given.get("latitude") is not None and given.get("longitude") is not None
        return Report(
            village=self.village,
            kind=given["kind"],
            words=given["words"],
            request_key=given["request_key"].hex,
            area=self.grids.get(given["area"]),
            place=given["place"],
            household=given.get("household_no"),
            latitude=given["latitude"] if has_place else None,
            longitude=given["longitude"] if has_place else None,
            reporter_name=given.get("reporter_name", ""),
            reporter_phone=given.get("reporter_phone", ""),
            confidential=given["confidential"],
        )


@dataclass(frozen=True, slots=True)
class StepWords:
    """How a step is offered: heading, button, what the words are, whether they are needed and photos make sense."""

    title: str
    button: str
    words: str
    needed: bool = True
    photos: bool = False
    done: str = N_("已记入办理过程。")


# In the order in which a page offers them: the first one allowed is the next action.
STEPS: dict[Verb, StepWords] = {
    Verb.RATE: StepWords(
        N_("您满意吗"), N_("提交评价"), N_("说一说"), needed=False, done=N_("谢谢您的评价。")
    ),
    Verb.SUPPLEMENT: StepWords(
        N_("补充说明"), N_("提交补充"), N_("补充的内容"), photos=True, done=N_("已补充，继续办理。")
    ),
    Verb.DISPATCH: StepWords(N_("分派办理"), N_("分派"), N_("办理要求"), needed=False, done=N_("已分派。")),
    Verb.HANDLE: StepWords(
        N_("办理完成"), N_("办好了，交复核"), N_("怎样办理的"), photos=True, done=N_("已交复核。")
    ),
    Verb.CONFIRM: StepWords(
        N_("到现场复核"),
        N_("已解决"),
        N_("复核情况"),
        needed=False,
        photos=True,
        done=N_("复核属实，请反馈报告人后办结。"),
    ),
    Verb.CLOSE: StepWords(
        N_("反馈报告人并办结"), N_("反馈并办结"), N_("给报告人的答复"), done=N_("已反馈并办结。")
    ),
    Verb.NOT_SOLVED: StepWords(
        N_("还没有解决"), N_("退回继续办理"), N_("哪里没有解决"), photos=True, done=N_("已退回继续办理。")
    ),
    Verb.START: StepWords(N_("开始办理"), N_("开始办理"), N_("说明"), needed=False, done=N_("已开始办理。")),
    Verb.NOTE: StepWords(N_("记录进展"), N_("记录进展"), N_("办到哪一步"), photos=True),
    Verb.ASK_BACK: StepWords(
        N_("情况不清楚，请报告人补充"),
        N_("请报告人补充"),
        N_("要补充什么"),
        done=N_("已请报告人补充，期限暂停。"),
    ),
    Verb.ESCALATE: StepWords(
        N_("本级办不了，上报上级"), N_("上报上级"), N_("为什么上报"), done=N_("已上报上级。")
    ),
    Verb.SEND_DOWN: StepWords(N_("转回下级办理"), N_("转回下级"), N_("为什么转回"), done=N_("已转回下级。")),
    Verb.REFUSE: StepWords(
        N_("不属于受理范围"), N_("不予受理"), N_("理由，以及可以找谁"), done=N_("已答复不予受理。")
    ),
    Verb.REOPEN: StepWords(
        N_("问题又出现，重新办理"), N_("重新办理"), N_("为什么重新办理"), done=N_("已重新办理。")
    ),
    Verb.WITHDRAW: StepWords(N_("不用办了，撤回"), N_("撤回"), N_("说明"), needed=False, done=N_("已撤回。")),
}


class StepForm(Form):
    """The form of one step: words, photos where they make sense, and what the step needs besides."""

    assignee = forms.ChoiceField(label=gettext_lazy("交给谁办理"), required=False)
    organisation = forms.CharField(
        label=gettext_lazy("办理单位"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("不在名单里的单位写在这里，例如供电所。"),
    )
    satisfied = forms.ChoiceField(
        label=gettext_lazy("办理结果"),
        widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("满意")), ("no", gettext_lazy("不满意"))],
    )
    words = forms.CharField(
        label=gettext_lazy("说明"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    told_how = forms.ChoiceField(
        label=gettext_lazy("怎样告诉报告人"),
        choices=[(how.value, gettext_lazy(how.label)) for how in ToldHow],
    )
    photos = PhotosField(label=gettext_lazy("照片"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)
    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None, *, verb: Verb, page: Any, on: dt.date) -> None:
        initial = {"version": page.matter.version, "request_key": uuid.uuid4().hex}
        super().__init__(data, files, auto_id=f"id_{verb.value}_%s", initial=initial)
        self.verb, self.said = verb, STEPS[verb]
        self.fields["words"].label = gettext(self.said.words)
        self.fields["words"].required = self.said.needed
        extra = {
            Verb.DISPATCH: ("assignee", "organisation"),
            Verb.RATE: ("satisfied",),
            Verb.CLOSE: ("told_how",),
        }
        for name in ("assignee", "organisation", "satisfied", "told_how"):
            if name not in extra.get(verb, ()):
                del self.fields[name]
        if not self.said.photos:
            del self.fields["photos"]
        if verb is Verb.DISPATCH:
            self._offer_handlers(page, on)
        if verb is Verb.CLOSE and page.matter.reporter_id is None:
            self.fields["told_how"].initial = ToldHow.CALL.value

    def _offer_handlers(self, page: Any, on: dt.date) -> None:
        choices = [
            (str(one.user_id), f"{one.name} · {gettext(one.post.label)} · {one.area}")
            for one in selectors.handlers(page.matter, on)
        ]
        self.fields["assignee"].choices = [("", gettext("不指定个人")), *choices]
        self.fields["assignee"].initial = page.matter.assignee_id
        self.fields["organisation"].initial = page.matter.assignee_words


def step_forms(page: Any, on: dt.date, bound: StepForm | None = None) -> list[StepForm]:
    """The forms of the steps that the reader may take, the next action first; `bound` replaces its own."""
    found = [StepForm(verb=verb, page=page, on=on) for verb in STEPS if verb in page.allowed]
    # What somebody has in hand is handled next; giving it to others comes last.
    found.sort(key=lambda form: form.verb is Verb.DISPATCH and page.line.state is not MatterState.REPORTED)
    if bound is not None:
        others = [form for form in found if form.verb is not bound.verb]
        return [bound, *others]
    return found


def page_of(request: HttpRequest, matter_id: int) -> Any:
    """A matter the reader may see, or 404."""
    with or_404():
        return selectors.matter_page(request.user, matter_id, on=localdate(request.at))


def verb_of(name: str) -> Verb:
    """The step of that name, or 404."""
    for verb in STEPS:
        if verb.value == name:
            return verb
    raise Http404


Shown = Callable[[HttpRequest, Any, StepForm], HttpResponse]


def step(request: HttpRequest, matter_id: int, name: str, *, to: str, shown: Shown) -> HttpResponse:
    """Take a step. What is refused is said on the form, with everything that was written still there."""
    verb, today = verb_of(name), localdate(request.at)
    page = page_of(request, matter_id)
    form = StepForm(request.POST, request.FILES, verb=verb, page=page, on=today)
    if form.is_valid():
        try:
            _take(request, matter_id, form)
            return done(request, gettext(form.said.done), to, matter_id)
        except Conflict as stale:
            if getattr(request, "queued", False):  # shown on the phone, both sides beside each other
                stale.form = form
                raise
            page = page_of(request, matter_id)
            data = request.POST.copy()
            data["version"] = str(page.matter.version)
            form = StepForm(data, request.FILES, verb=verb, page=page, on=today)
            form.add_error(None, str(stale))
        except DomainError as refusal:
            form.add_error(refusal.place if refusal.place in form.fields else None, str(refusal))
    return shown(request, page, form)


def _take(request: HttpRequest, matter_id: int, form: StepForm) -> None:
    given, verb = form.cleaned_data, form.verb
    common: dict[str, Any] = {
        "matter_id": matter_id,
        "request_key": given["request_key"].hex,
        "by": request.user,
        "at": request.at,
    }
    words, photos = given["words"], given.get("photos") or []
    if verb is Verb.RATE:
        services.rate_matter(satisfied=given["satisfied"] == "yes", words=words, **common)
        return
    common["version"] = _version(request, matter_id, given["version"])
    if verb is Verb.DISPATCH:
        chosen = selectors.handler_of(int(given["assignee"])) if given["assignee"] else None
        services.dispatch_matter(assignee=chosen, organisation=given["organisation"], words=words, **common)
    elif verb is Verb.CLOSE:
        services.close_matter(feedback=words, told_how=ToldHow(given["told_how"]), **common)
    elif verb in (Verb.CONFIRM, Verb.NOT_SOLVED):
        services.recheck_matter(solved=verb is Verb.CONFIRM, words=words, photos=photos, **common)
    elif form.said.photos:
        _WITH_PHOTOS[verb](words=words, photos=photos, **common)
    else:
        _WORDS_ONLY[verb](words=words, **common)


def _version(request: HttpRequest, matter_id: int, given: int) -> int:
    """The one that the form was opened with; steps written on one kept page do not stand in each other's way."""
    if getattr(request, "queued", False):
        return selectors.version_after_own(request.user, matter_id, given)
    return given


_WITH_PHOTOS: dict[Verb, Callable[..., object]] = {
    Verb.SUPPLEMENT: services.supplement_matter,
    Verb.HANDLE: services.handle_matter,
    Verb.NOTE: services.note_progress,
}
_WORDS_ONLY: dict[Verb, Callable[..., object]] = {
    Verb.START: services.start_matter,
    Verb.ASK_BACK: services.ask_back,
    Verb.ESCALATE: services.escalate_matter,
    Verb.SEND_DOWN: services.send_down,
    Verb.REFUSE: services.refuse_matter,
    Verb.REOPEN: services.reopen_matter,
    Verb.WITHDRAW: services.withdraw_matter,
}


def take_on(request: HttpRequest, matter_id: int) -> None:
    """The reader takes the matter on. Raises the service's refusals."""
    version = request.POST.get("version", "")
    services.dispatch_matter(
        matter_id=matter_id,
        assignee=selectors.handler_of(request.user.pk),
        version=int(version) if version.isdecimal() else None,
        request_key=request.POST.get("request_key", "")[:80],
        by=request.user,
        at=request.at,
    )


class PhoneForm(Form):
    """Why the reporter's whole number is looked up."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=120)


def phone(
    request: HttpRequest, matter_id: int, *, back: str, shown: Callable[..., HttpResponse]
) -> HttpResponse:
    """The reporter's whole number on the matter's page, once, with the reason on record."""
    page, form = page_of(request, matter_id), PhoneForm(request.POST or None)
    if not page.may_see_phone:
        raise Http404
    if form.is_valid():
        with guarded(request, form):
            number = services.reveal_reporter_phone(
                matter_id=matter_id, reason=form.cleaned_data["reason"], by=request.user, at=request.at
            )
            return shown(request, page, None, revealed=number)
    return confirm(
        request,
        title=gettext("查看%(name)s的完整号码？") % {"name": page.reporter},
        text=gettext("请写明用途。谁在什么时候为什么查看，都记入操作记录。"),
        button=gettext("看完整号码"),
        back=reverse(back, args=[matter_id]),
        form=form,
    )


def photo(request: HttpRequest, photo_id: int) -> HttpResponse:
    """A photo, after the same check as its matter."""
    with or_404():
        row = selectors.photo_of(request.user, photo_id, on=localdate(request.at))
    return pictures.answer(row)
