"""Forms around notices: what to post, more time, taking down, who is late, and the clocks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.core.text import N_
from jizhi.notices.rules import EXTENSION_DAYS_MAX, KINDS, Due
from jizhi.notices.selectors import CLOCK_TITLES
from jizhi.web.desk.forms.search import VillageSearch
from jizhi.web.forms import DateInput, Form

SHOWN = {"": N_("没张贴的和迟贴的"), "missing": N_("只看没张贴的")}


class ChoiceSearch(VillageSearch):
    """The village alone; whoever serves one never meets it."""

    q = None  # type: ignore[assignment]


class LateSearch(VillageSearch):
    """Village, kind, and whether those that hang by now are shown, too."""

    q = None  # type: ignore[assignment]
    kind = forms.ChoiceField(label=gettext_lazy("种类"), required=False)
    shown = forms.ChoiceField(label=gettext_lazy("显示"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_clock = [kind for kind, rule in KINDS.items() if rule.due is not Due.NONE]
        self.fields["kind"].choices = [
            ("", gettext("全部")), *((kind.value, gettext(kind.label)) for kind in with_clock)
        ]  # fmt: skip
        self.fields["shown"].choices = [(key, gettext(text)) for key, text in SHOWN.items()]


class _Reason(Form):
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("村民会看到。不要写到具体的人。"),
    )


class ExtensionForm(_Reason):
    """Until when, and why."""

    to_date = forms.DateField(label=gettext_lazy("延长到"), widget=DateInput)
    field_order = ("to_date", "reason")

    def __init__(self, *args: Any, window_to: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, last = (window_to + dt.timedelta(days=days) for days in (1, EXTENSION_DAYS_MAX))
        self.fields["to_date"].widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}


class WithdrawalForm(_Reason):
    """Why it is taken down."""


class ClocksForm(Form):
    """Every clock within its bounds, and the basis for the change."""

    def __init__(self, *args: Any, bounds: dict[str, tuple[int, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (least, most) in bounds.items():
            self.fields[name] = forms.IntegerField(
                label=gettext(CLOCK_TITLES[name]),
                min_value=least,
                max_value=most,
                help_text=gettext("可设%(least)s到%(most)s天。") % {"least": least, "most": most},
            )
        self.fields["reason"] = forms.CharField(
            label=gettext("调整依据"),
            max_length=200,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=gettext("写明省、市文件的名称和文号。"),
        )
