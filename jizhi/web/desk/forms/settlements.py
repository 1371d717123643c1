"""Forms of settlements: search in the list, what to settle, search among the standings."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.settlement.rules import PeriodKind, period_of
from jizhi.web.desk.forms.search import VillageSearch
from jizhi.web.desk.templatetags import desk as words
from jizhi.web.forms import Form, SearchForm

KINDS = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR)
BACK = {PeriodKind.MONTH: 12, PeriodKind.QUARTER: 4, PeriodKind.YEAR: 2}


class SettlementSearch(VillageSearch):
    """Kind of period."""

    q = None  # type: ignore[assignment]
    kind = forms.ChoiceField(label=gettext_lazy("周期"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(one.value, gettext(one.label)) for one in KINDS]
        self.fields["kind"].choices = [("", gettext("全部")), *kinds]


class SettlingForm(Form):
    """A village and an ended period."""

    village = forms.ChoiceField(label=gettext_lazy("村（社区）"))
    period = forms.ChoiceField(label=gettext_lazy("周期"))

    def __init__(self, *args: Any, villages: list[tuple[str, str]], today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].choices = villages
        if len(villages) == 1:
            self.fields["village"].widget = forms.HiddenInput()
            self.fields["village"].initial = villages[0][0]
        self.fields["period"].choices = [
            (gettext(kind.label), [(key, words.period(key)) for key in _ended(kind, today)]) for kind in KINDS
        ]


def _ended(kind: PeriodKind, today: dt.date) -> list[str]:
    """The last ended periods of a kind, the newest first."""
    found, day = [], today
    for _n in range(BACK[kind]):
        day = period_of(kind, day).start - dt.timedelta(days=1)
        found.append(period_of(kind, day).key)
    return found


class StandingSearch(SearchForm):
    """A household and a level."""

    level = forms.ChoiceField(label=gettext_lazy("等级"), required=False)

    def __init__(self, *args: Any, levels: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if levels:
            self.fields["level"].choices = [("", gettext("全部")), *levels]
        else:
            del self.fields["level"]

    def value(self, name: str) -> str:
        """What was chosen, or nothing."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "").strip()
