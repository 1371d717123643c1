"""The search form of the audit trail: by person, act, area and day. It finds nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.web.forms import DateInput, SearchForm

Choices = Sequence[tuple[str, str]]


class AuditSearch(SearchForm):
    """Words, verb, person, area and day."""

    verb = forms.ChoiceField(label=gettext_lazy("操作"), required=False)
    by = forms.CharField(label=gettext_lazy("经办账号"), required=False, max_length=64)
    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)
    day = forms.DateField(label=gettext_lazy("日期"), required=False, widget=DateInput)

    def __init__(self, *args: Any, verbs: Choices, areas: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = gettext("对象的名称或编号")
        everything = ("", gettext("全部"))
        self.fields["verb"].choices = [everything, *verbs]
        self.fields["area"].choices = [everything, *areas]

    def value(self, name: str) -> str:
        """What was chosen, or nothing."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "").strip()

    @property
    def filters(self) -> dict[str, Any]:
        """What the selector takes, besides the area."""
        found = {"verb": self.value("verb"), "by": self.value("by"), "words": self.value("q")}
        return found | {"day": self.cleaned_data.get("day")}
