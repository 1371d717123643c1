"""Where and when the analysis looks, and which pattern its list shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.fairness.rules import Figure
from jizhi.web.forms import DateInput, Form


class SpanForm(Form):
    """An area and two days; what is not understood falls back to the last twelve months."""

    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)
    from_date = forms.DateField(label=gettext_lazy("从"), required=False, widget=DateInput)
    to_date = forms.DateField(label=gettext_lazy("到"), required=False, widget=DateInput)

    def __init__(
        self, data: Any, *, areas: Sequence[tuple[str, str]], first: dt.date, last: dt.date, **kwargs: Any
    ) -> None:
        given = {"area": areas[0][0] if areas else "", "from_date": first, "to_date": last}
        merged = given | {name: data.get(name) for name in data if data.get(name)}
        super().__init__(merged, **kwargs)
        self.fields["area"].choices = areas

    def clean(self) -> dict[str, Any]:
        """The days in their order."""
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("from_date"), data.get("to_date")
        if first and last and last < first:
            self.add_error("to_date", gettext("结束日期不能早于开始日期。"))
        return data


class EntrySearch(SpanForm):
    """And which pattern, or whose votes or verifications."""

    figure = forms.ChoiceField(label=gettext_lazy("情形"), required=False)
    voter = forms.IntegerField(required=False, widget=forms.HiddenInput)
    verifier = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["figure"].choices = [
            ("", gettext("全部")),
            *((one.value, gettext(one.label)) for one in Figure),
        ]
