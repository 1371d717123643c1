"""Forms of notices and objections: search, keying in what was said or written, answering."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.core.text import N_
from jizhi.notices.rules import NoticeState, ObjectionChannel, ObjectionState
from jizhi.web.desk.forms.search import VillageSearch, every, months
from jizhi.web.forms import Form, SearchForm

UPHELD, DISMISSED = "upheld", "dismissed"
OUTCOMES = {
    UPHELD: N_("异议成立，撤销这一条"),
    DISMISSED: N_("异议不成立，维持这一条"),
}


class NoticeSearch(VillageSearch):
    """Month and state; a notice has no words to search."""

    q = None  # type: ignore[assignment]
    month = forms.ChoiceField(label=gettext_lazy("月份"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = months(today)
        self.fields["state"].choices = every(NoticeState)


class RowSearch(SearchForm):
    """A household on a notice, by number or masked name."""

    @property
    def words(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("q") or "").strip()


class ObjectionSearch(VillageSearch):
    """Words and state."""

    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = every(ObjectionState)

    @property
    def filters(self) -> dict[str, str]:
        """What the selector takes."""
        return {
            "state": self.value("state"),
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


class AnswerForm(Form):
    """The written answer."""

    outcome = forms.ChoiceField(label=gettext_lazy("结论"), widget=forms.RadioSelect)
    answer = forms.CharField(
        label=gettext_lazy("答复和理由"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("查了什么、依据哪一条、结论是什么。农户会收到全文，也可以打印送达。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(key, gettext(text)) for key, text in OUTCOMES.items()]
