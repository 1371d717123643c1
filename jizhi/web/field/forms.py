"""Forms of the grid worker's pages besides the claim itself."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from jizhi.web.forms import Form, PhotosField, SearchForm


def _search(placeholder: str) -> forms.TextInput:
    return forms.TextInput(attrs={"type": "search", "placeholder": placeholder})


class VerifySearch(SearchForm):
    """Narrows the verify queue."""

    q = forms.CharField(
        label=gettext_lazy("找申报"), required=False, widget=_search(gettext_lazy("户主、户号或说明"))
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("种类"),
        required=False,
        choices=[
            ("", gettext_lazy("全部")),
            ("merit", gettext_lazy("加分项")),
            ("fault", gettext_lazy("扣分项")),
        ],
    )


class HouseholdSearch(SearchForm):
    """Finds a household of the grid."""

    q = forms.CharField(
        label=gettext_lazy("找农户"),
        required=False,
        widget=_search(gettext_lazy("户号、姓名、拼音首字母或住址")),
    )


class ScanForm(Form):
    """What a card, its printed number or a household says of itself."""

    q = forms.CharField(
        label=gettext_lazy("卡号、户号或户主姓名"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )


class ItemSearch(SearchForm):
    """Finds an item, merit or fault."""

    q = forms.CharField(
        label=gettext_lazy("找条目"), required=False, widget=_search(gettext_lazy("例如：义务劳动、乱倒垃圾"))
    )


class PhotosForm(Form):
    """Photos taken on the spot."""

    photos = PhotosField(label=gettext_lazy("照片"))


class ReturnForm(Form):
    """Why a claim goes back."""

    reason = forms.CharField(
        label=gettext_lazy("请农户补充什么"),
        max_length=500,
        help_text=gettext_lazy("农户会原样看到这段话。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class StrikeForm(Form):
    """Why somebody is struck off an activity's list."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)


class HoursForm(Form):
    """How long somebody took part."""

    hours = forms.DecimalField(
        label=gettext_lazy("小时"),
        min_value=0,
        max_value=24,
        decimal_places=1,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.5"}),
    )


class MatterSearch(SearchForm):
    """Which matters: what waits for me by kind of work, what I reported, or all."""

    q = forms.CharField(
        label=gettext_lazy("找事件"), required=False, widget=_search(gettext_lazy("编号、说明或地点"))
    )
    what = forms.ChoiceField(
        required=False,
        widget=forms.HiddenInput,
        choices=[
            (name, name)
            for name in (
                "due",
                "accept",
                "handle",
                "recheck",
                "close",
                "supplement",
                "overdue",
                "mine",
                "all",
            )
        ],
    )


class ObjectionForm(Form):
    """What a household says against an entry of its own, read back to it."""

    entry = forms.ChoiceField(label=gettext_lazy("哪一条"), widget=forms.RadioSelect)
    grounds = forms.CharField(
        label=gettext_lazy("农户的原话"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
    read_back = forms.BooleanField(label=gettext_lazy("已经念给农户听，农户说没有记错"))
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, entries: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entry"].choices = entries
