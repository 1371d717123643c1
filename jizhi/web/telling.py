"""What the desk's and the grid worker's pages of telling share: the form with its proof, the printed slip.

They decide nothing: claims.services says what proof is enough.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from jizhi.claims import selectors
from jizhi.claims.rules import ToldHow
from jizhi.claims.services import Proof
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.prints import forms as printed
from jizhi.schemes import selectors as schemes
from jizhi.web import claiming, printouts
from jizhi.web.forms import Form, MomentInput, PhotosField
from jizhi.web.templatetags import jizhi as tags
from jizhi.web.templatetags.claiming import amount

STAFF_TELLS = (ToldHow.VISIT, ToldHow.CALL, ToldHow.SLIP)
TRIES = (ToldHow.CALL, ToldHow.VISIT)


class TellingForm(Form):
    """How the household was told of a deduction, and what shows it."""

    how = forms.ChoiceField(label=gettext_lazy("怎样告知的"), widget=forms.RadioSelect)
    person = forms.CharField(
        label=gettext_lazy("谁接的电话、见到谁、谁签收"),
        required=False,
        max_length=50,
        help_text=gettext_lazy("电话、上门告知必填。"),
    )
    number = forms.CharField(
        label=gettext_lazy("拨打的号码"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("不填就是本户登记的电话；只保存打码后的号码。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    told_at = forms.DateTimeField(
        label=gettext_lazy("告知时间"), required=False, widget=MomentInput,
        help_text=gettext_lazy("不填就是现在。"),
    )  # fmt: skip
    answer = forms.CharField(label=gettext_lazy("对方怎么说"), required=False, max_length=300)
    photo = forms.FileField(
        label=gettext_lazy("签收回执照片"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "data-preview": ""}),
        help_text=gettext_lazy("书面告知必须附签收回执的照片。"),
    )
    witness = forms.CharField(
        label=gettext_lazy("见证人"), required=False, max_length=50,
        help_text=gettext_lazy("对方拒签时填写。"),
    )  # fmt: skip
    sure = forms.BooleanField(label=gettext_lazy("已经说清事项、日期、依据，以及怎样提异议"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"].choices = [(one.value, gettext(one.label)) for one in STAFF_TELLS]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("how") in (ToldHow.CALL, ToldHow.VISIT) and not given.get("person"):
            self.add_error("person", gettext("请写明是谁接的电话，或者当面见到谁。"))
        return given

    @property
    def told_how(self) -> ToldHow:
        return ToldHow(self.cleaned_data["how"])

    @property
    def proof(self) -> Proof:
        """What the service keeps."""
        given = self.cleaned_data
        return Proof(
            given["told_at"],
            given["person"],
            given["number"],
            given["answer"],
            given["witness"],
            given["photo"],
        )


class AttemptForm(Form):
    """Nobody was reached."""

    how = forms.ChoiceField(label=gettext_lazy("怎样联系的"))
    answer = forms.CharField(
        label=gettext_lazy("为什么没有联系上"),
        max_length=300,
        help_text=gettext_lazy("例如：无人接听、家中无人。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"].choices = [(one.value, gettext(one.label)) for one in TRIES]


class CorrectionForm(Form):
    """The fault was mended in time."""

    photos = PhotosField(label=gettext_lazy("改正后的照片"))
    note = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=300)


def slip(request: HttpRequest, page: selectors.ClaimPage, today: dt.date) -> printed.FaultSlip:
    """The deduction in writing, with a stub to sign; its code leads back to this claim."""
    line, village = page.line, page.claim.village
    household = people.household_of_subject(line.subject_id)
    workers = posts.grid_workers(village, today)
    phones = [one.work_phone for one in workers if one.user_id == request.user.pk and one.work_phone]
    code = selectors.slip_code(line.id)
    days = selectors.days_to_mend(page.claim)
    mend = gettext("告知后%(days)s天内改正，并由网格员拍照确认的，不扣分。") % {"days": days} if days else ""
    return printed.FaultSlip(
        lang=claiming.language(),
        code=code,
        number=code,
        link=request.build_absolute_uri(reverse("resident:claim", args=[line.id])),
        issuer=printouts.committee(village),
        household_no=household.no if household else "",
        head=line.subject_label,
        item=tags.say(line.item.title),
        act_date=line.act_date,
        what=" · ".join(part for part in (amount(line), line.words, line.note) if part),
        points=selectors.points_words(line.item, claiming.language()),
        reference=line.item.reference.say(claiming.language()) if line.item.reference else "",
        told_by=request.user.display_name,
        told_date=today,
        object_until=objections_until(line.act_date, today, schemes.clocks(village)),
        how_to_correct=mend,
        how_to_object=gettext("公示期内向村（居）委会口头、书面或在手机上提出。"),
        contact=" ".join(phones),
    )


def objections_until(act_date: dt.date, told_date: dt.date, clocks: Any) -> dt.date:
    """The latest regular end of the notice on which the deduction will stand: of the act's month, or of this one."""
    next_month = (max(act_date, told_date).replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    days = clocks.post_by_day - 1 + clocks.window_days
    return next_month + dt.timedelta(days=days)
