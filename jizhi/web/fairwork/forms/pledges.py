"""Forms of the pledges: asking for them, one household's answer, many sheets at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.assemblies.rules import PLEDGE_TEXT, Answer
from jizhi.web.fairwork.forms.assemblies import KeyedForm
from jizhi.web.forms import Form, PhotoInput, PhotosField, SearchForm

ANSWERS = (Answer.SIGNED, Answer.REFUSED, Answer.ABSENT)


class AskingForm(Form):
    """For which village and version, and the text."""

    version = forms.ChoiceField(label=gettext_lazy("细则版本"))
    text = forms.CharField(
        label=gettext_lazy("承诺书内容"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("发出以后不再改动；可以用本村自己的文字。"),
    )

    def __init__(self, *args: Any, versions: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, initial={"text": PLEDGE_TEXT}, **kwargs)
        self.fields["version"].choices = versions


class PledgeSearch(SearchForm):
    """A household, its grid, and what it said."""

    grid = forms.ChoiceField(label=gettext_lazy("网格"), required=False)
    answer = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, grids: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grid"].choices = [("", gettext("全部")), *((one, one) for one in grids)]
        self.fields["answer"].choices = [
            ("", gettext("全部")),
            ("open", gettext("还没签")),
            *((one.value, gettext(one.label)) for one in Answer),
        ]


class AnswerForm(KeyedForm):
    """What a household signed on paper or said."""

    answer = forms.ChoiceField(
        label=gettext_lazy("情况"),
        widget=forms.RadioSelect,
        choices=[(one.value, gettext_lazy(one.label)) for one in ANSWERS],
        initial=Answer.SIGNED.value,
    )
    signer = forms.CharField(label=gettext_lazy("签字人"), required=False, max_length=40)
    photo = forms.FileField(
        label=gettext_lazy("签字的照片"),
        required=False,
        widget=PhotoInput(attrs={"multiple": False}),
        help_text=gettext_lazy("纸质签字须附照片。"),
    )
    note = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("不愿签或未遇到的写明情况；不影响积分。"),
    )


class PapersForm(KeyedForm):
    """Photos named by household."""

    photos = PhotosField(
        label=gettext_lazy("签字的照片"),
        help_text=gettext_lazy("每张照片用户编号命名，如 01003.jpg；一次可以传很多张。"),
    )
