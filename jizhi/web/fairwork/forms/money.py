"""Forms of funds and dividends: searches, money in and out of a fund."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.assemblies.rules import EntryKind
from jizhi.web.desk.forms.search import VillageSearch, every
from jizhi.web.fairwork.forms.assemblies import KeyedForm, YuanField
from jizhi.web.forms import DateInput, Form, SearchForm


class FundSearch(VillageSearch):
    """Words and the village."""


class EntrySearch(Form):
    """In or out."""

    kind = forms.ChoiceField(label=gettext_lazy("收支"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = every(EntryKind)


class EntryForm(KeyedForm):
    """Money in or out of a fund."""

    kind = forms.ChoiceField(
        label=gettext_lazy("收支"),
        widget=forms.RadioSelect,
        choices=[(one.value, gettext_lazy(one.label)) for one in EntryKind],
        initial=EntryKind.OUT.value,
    )
    fen = YuanField(label=gettext_lazy("金额（元）"), min_value=Decimal("0.01"))
    date = forms.DateField(label=gettext_lazy("日期"), widget=DateInput)
    text = forms.CharField(label=gettext_lazy("用途或来源"), max_length=200)


class ShareSearch(SearchForm):
    """A household, and whether it was paid."""

    paid = forms.ChoiceField(label=gettext_lazy("发放"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paid"].choices = [
            ("", gettext("全部")),
            ("yes", gettext("已发放")),
            ("no", gettext("未发放")),
        ]
