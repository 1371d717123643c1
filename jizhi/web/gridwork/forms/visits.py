"""Search forms of visits and coverage at the desk. What is not understood is left aside, never an error."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.visits import rules
from jizhi.visits.rules import How, Topic
from jizhi.web.desk.forms import search
from jizhi.web.forms import Form, SearchForm

Choices = Sequence[tuple[str, str]]


class MonthSearch(SearchForm):
    """A form with a month that is this month until another is chosen."""

    month = forms.ChoiceField(label=gettext_lazy("月份"), required=False)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        choices = search.months(today)[1:]
        self.fields["month"].choices = choices
        self.fields["month"].initial = choices[0][0]

    def value(self, name: str) -> str:
        """What was chosen, or nothing."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "").strip()

    @property
    def month_chosen(self) -> dt.date:
        """The first day of the chosen month."""
        text = self.value("month")
        return dt.date.fromisoformat(f"{text}-01") if text else rules.month_of(self.today)


class VisitSearch(MonthSearch):
    """Words, area, month, how and what about."""

    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)
    how = forms.ChoiceField(label=gettext_lazy("走访方式"), required=False)
    topic = forms.ChoiceField(label=gettext_lazy("谈了什么"), required=False)
    field_order = ("q", "area", "month", "how", "topic")

    def __init__(self, *args: Any, areas: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = gettext("户号、户主、住址、备注或走访人")
        self.fields["area"].choices = [("", gettext("全部")), *areas]
        self.fields["how"].choices = search.every(How)
        self.fields["topic"].choices = search.every(Topic)

    @property
    def filters(self) -> dict[str, Any]:
        """What the selector takes, besides the area."""
        return {
            "words": self.value("q"),
            "month": self.month_chosen,
            "how": self.value("how"),
            "topic": self.value("topic"),
        }

    @property
    def filtered(self) -> bool:
        """Whether anything but the month narrows the list."""
        return any(self.value(name) for name in ("q", "area", "how", "topic"))


class CoverageSearch(MonthSearch):
    """Month and class; in a grid also which households."""

    kind = forms.ChoiceField(label=gettext_lazy("走访类别"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("完成情况"),
        required=False,
        choices=[
            ("", gettext_lazy("全部")),
            ("missed", gettext_lazy("逾期未走访")),
            ("open", gettext_lazy("还没做完")),
            ("done", gettext_lazy("已完成")),
        ],
    )
    area = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, classes: Choices = (), households: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["q"]
        self.fields["kind"].choices = [("", gettext("全部")), *classes]
        if not households:
            del self.fields["state"]


class ClassesForm(Form):
    """The classes a household is in."""

    classes = forms.MultipleChoiceField(
        label=gettext_lazy("走访类别"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["classes"].choices = choices
