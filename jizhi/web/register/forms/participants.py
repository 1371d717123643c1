"""Forms of the register of subjects: search, enrolling by hand, ending."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.participants.rules import Source, Standing
from jizhi.web.desk.forms.search import VillageSearch, every
from jizhi.web.forms import DateInput, Form

Choices = Sequence[tuple[str, str]]


class ParticipantSearch(VillageSearch):
    """Scheme, standing, source."""

    scheme = forms.ChoiceField(label=gettext_lazy("积分细则"), required=False)
    standing = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    source = forms.ChoiceField(label=gettext_lazy("登记来源"), required=False)

    def __init__(self, *args: Any, schemes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = gettext("姓名、组织名称或编号")
        self.fields["scheme"].choices = [("", gettext("全部")), *schemes]
        self.fields["standing"].choices = every(Standing)
        self.fields["source"].choices = every(Source)


class EnrolmentForm(Form):
    """Who of those found, and from which day."""

    holder = forms.ChoiceField(label=gettext_lazy("积分主体"), widget=forms.RadioSelect)
    from_date = forms.DateField(label=gettext_lazy("开始日期"), widget=DateInput)

    def __init__(self, *args: Any, holders: Choices, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].choices = holders
        self.fields["from_date"].initial = today
        self.fields["from_date"].widget.attrs["max"] = today.isoformat()


class EndingForm(Form):
    """The last day, and why."""

    to_date = forms.DateField(label=gettext_lazy("最后一天"), widget=DateInput)
    reason = forms.CharField(
        label=gettext_lazy("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_date"].initial = today
        self.fields["to_date"].widget.attrs["max"] = today.isoformat()
