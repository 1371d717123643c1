"""Forms of settlements: search in the list, what to settle, search among the standings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.settlement.rules import PeriodKind, period_of
from jizhi.web.desk.forms.search import SchemeSearch
from jizhi.web.desk.templatetags import desk as words
from jizhi.web.forms import Form, SearchForm

FIRST = (3, 5, 10, 20)
KINDS = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR)
BACK = {PeriodKind.MONTH: 12, PeriodKind.QUARTER: 4, PeriodKind.YEAR: 2}


class SettlementSearch(SchemeSearch):
    """Kind of period."""

    q = None  # type: ignore[assignment]
    kind = forms.ChoiceField(label=gettext_lazy("周期"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(one.value, gettext(one.label)) for one in KINDS]
        self.fields["kind"].choices = [("", gettext("全部")), *kinds]


class SettlingForm(Form):
    """A village, one of its schemes, and an ended period."""

    village = forms.ChoiceField(label=gettext_lazy("村（社区）"))
    scheme = forms.ChoiceField(label=gettext_lazy("积分细则"), required=False)
    period = forms.ChoiceField(label=gettext_lazy("周期"))

    def __init__(
        self,
        *args: Any,
        villages: list[tuple[str, str]],
        today: dt.date,
        schemes: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if len(schemes) > 1:
            self.fields["scheme"].choices = schemes
        else:
            del self.fields["scheme"]
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
    first = forms.ChoiceField(label=gettext_lazy("名次"), required=False)

    def __init__(self, *args: Any, levels: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first"].choices = [
            ("", gettext("全部")),
            *((str(n), gettext("前%(n)s名") % {"n": n}) for n in FIRST),
        ]
        if levels:
            self.fields["level"].choices = [("", gettext("全部")), *levels]
        else:
            del self.fields["level"]

    def value(self, name: str) -> str:
        """What was chosen, or nothing."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "").strip()

    @property
    def top(self) -> int:
        """The first how many are asked for; 0 for all."""
        return int(self.value("first") or 0)
