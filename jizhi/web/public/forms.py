"""Search boxes and filters of the public lists. They narrow what is shown and change nothing."""

from django import forms
from django.utils.translation import gettext_lazy

from jizhi.web.forms import SearchForm


class VillageSearch(SearchForm):
    """Finds a village by name, pinyin or code."""

    q = forms.CharField(
        label=gettext_lazy("找村（社区）"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": gettext_lazy("村名、拼音首字母或代码")}
        ),
    )


class ItemSearch(SearchForm):
    """Finds an item of the scheme by its words."""

    q = forms.CharField(
        label=gettext_lazy("找条目"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("例如：义务劳动")}),
    )


class NoticeSearch(SearchForm):
    """Narrows a notice to a household or to those with entries."""

    q = forms.CharField(
        label=gettext_lazy("找农户"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("户号或姓氏")}),
    )
    shown = forms.ChoiceField(
        label=gettext_lazy("显示"),
        required=False,
        choices=[("", gettext_lazy("全部农户")), ("entries", gettext_lazy("有记录的农户"))],
    )
