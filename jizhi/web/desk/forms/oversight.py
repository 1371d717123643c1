"""Forms of the daily record, the weekly reports and the township's re-check."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from jizhi.oversight.rules import Kind
from jizhi.reviews.rules import Outcome
from jizhi.web.desk.forms.search import VillageSearch, every, months
from jizhi.web.forms import DateInput, Form


class DaySearch(VillageSearch):
    """Which day of which village, and what kind of lines."""

    day = forms.DateField(label=gettext_lazy("日期"), required=False, widget=DateInput())
    kind = forms.ChoiceField(label=gettext_lazy("类别"), required=False)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["q"]
        if "village" in self.fields:  # a day is always that of one village
            self.fields["village"].choices = self.fields["village"].choices[1:]
        self.fields["kind"].choices = every(Kind)
        self.fields["day"].initial = today
        self.today = today

    @property
    def wanted_day(self) -> dt.date:
        """The day asked for; today where nothing sensible was."""
        self.is_valid()
        day: dt.date | None = self.cleaned_data.get("day")
        return day or self.today


class ReportSearch(VillageSearch):
    """Reports of one village or of all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["q"]


class DecidedSearch(VillageSearch):
    """Decisions of a month, by outcome, and words for the household."""

    month = forms.ChoiceField(label=gettext_lazy("月份"), required=False)
    outcome = forms.ChoiceField(label=gettext_lazy("决定"), required=False)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = months(today)
        final = (Outcome.APPROVE, Outcome.REJECT)
        self.fields["outcome"].choices = [one for one in every(Outcome) if one[0] in ("", *final)]

    @property
    def wanted_month(self) -> dt.date | None:
        """The first day of the month asked for."""
        text = self.value("month")
        return dt.date.fromisoformat(f"{text}-01") if text else None


class ReturnForm(Form):
    """Why a decision goes back to the panel."""

    reason = forms.CharField(
        label=gettext_lazy("理由"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("评议小组和这户都会看到。"),
        error_messages={"required": gettext_lazy("退回重新评议须写明理由。")},
    )
