"""Forms of notices and objections: search, keying in what was said or written, answering."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.notices.rules import NoticeKind, NoticeState, ObjectionChannel, ObjectionState
from jizhi.web.desk.forms.search import SchemeSearch, VillageSearch, every, months
from jizhi.web.forms import Form, SearchForm


class NoticeSearch(SchemeSearch):
    """Scheme, kind, month and state; a notice has no words to search."""

    q = None  # type: ignore[assignment]
    kind = forms.ChoiceField(label=gettext_lazy("种类"), required=False)
    month = forms.ChoiceField(label=gettext_lazy("月份"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = months(today)
        self.fields["state"].choices = every(NoticeState)
        self.fields["kind"].choices = every(NoticeKind)


class RowSearch(SearchForm):
    """A household on a notice, by number or masked name."""

    @property
    def words(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("q") or "").strip()


class ObjectionSearch(VillageSearch):
    """Words, state, and what the statistics lead here by: channel, item and month of filing."""

    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("提出方式"), required=False)
    month = forms.CharField(
        label=gettext_lazy("提出月份"), required=False, widget=forms.TextInput(attrs={"type": "month"})
    )
    item = forms.ChoiceField(label=gettext_lazy("事项"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = every(ObjectionState)
        self.fields["channel"].choices = every(ObjectionChannel)
        item = str(self.data.get("item", ""))[:60]
        if item:
            self.fields["item"].choices = [("", gettext("全部")), (item, item)]
        else:
            del self.fields["item"]

    @property
    def filters(self) -> dict[str, str]:
        """What the selector takes."""
        return {
            "state": self.value("state"),
            "channel": self.value("channel"),
            "month": self.value("month"),
            "item": self.value("item"),
            "village_code": self.value("village"),
            "words": self.value("q"),
        }


class ObjectionForm(Form):
    """What a household said or wrote against an entry."""

    no = forms.CharField(
        label=gettext_lazy("提出异议的户编号"),
        max_length=20,
        help_text=gettext_lazy("本户或本村其他农户都可以提。"),
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("提出方式"), widget=forms.RadioSelect, initial=ObjectionChannel.SPOKEN.value
    )
    grounds = forms.CharField(
        label=gettext_lazy("理由"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("照农户的原话记。"),
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = [
            (one.value, gettext(one.label)) for one in (ObjectionChannel.SPOKEN, ObjectionChannel.PAPER)
        ]
