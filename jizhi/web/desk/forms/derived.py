"""Search among the claims that followed from records."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.channels.rules import Record
from jizhi.claims.rules import ClaimState
from jizhi.web.desk.forms.search import VillageSearch, every


class DerivedSearch(VillageSearch):
    """Name, number or item, kind of record, and how far the claim has come."""

    record = forms.ChoiceField(label=gettext_lazy("记录"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = gettext("姓名、编号或申报事项")
        self.fields["record"].choices = every(Record)
        self.fields["state"].choices = every(ClaimState)
