"""Forms of the grid worker's pages besides the claim itself."""

from django import forms
from django.utils.translation import gettext_lazy

from jizhi.claims.rules import ToldHow
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


class TellingForm(Form):
    """How the household was told of a deduction."""

    how = forms.ChoiceField(
        label=gettext_lazy("怎样告知的"),
        widget=forms.RadioSelect,
        choices=[(how.value, gettext_lazy(how.label)) for how in (ToldHow.VISIT, ToldHow.CALL, ToldHow.SLIP)],
    )
    sure = forms.BooleanField(label=gettext_lazy("已经说清事项、日期、依据，以及怎样提异议"))
