"""Asking for a simulation: which year, which villages, what a point is worth; and looking through its subjects."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.web.forms import SearchForm
from jizhi.web.schemework.forms.steps import Choices, NumberForm

ALL = "all"


class SimulationForm(NumberForm):
    """Facts of a year, of one village or all of them."""

    year = forms.TypedChoiceField(label=gettext_lazy("用哪一年的事实"), coerce=int)
    village = forms.ChoiceField(label=gettext_lazy("村（社区）"))
    yuan = forms.DecimalField(
        label=gettext_lazy("一分值多少元"), min_value=0, max_value=100, decimal_places=2,
        help_text=gettext_lazy("按积分超市兑换的价格估算开支"),
    )  # fmt: skip

    def __init__(
        self, *args: Any, years: list[int], villages: Choices, today_year: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [
            (
                year,
                gettext("%(year)s 年至今") % {"year": year}
                if year == today_year
                else gettext("%(year)s 年") % {"year": year},
            )
            for year in years
        ]
        every = (
            [(ALL, gettext("全部 %(count)s 个村") % {"count": len(villages)})] if len(villages) > 1 else []
        )
        self.fields["village"].choices = [*every, *villages]


class ChangeSearch(SearchForm):
    """Subjects of a simulation."""

    what = forms.ChoiceField(label=gettext_lazy("变化"), required=False)
    sort = forms.ChoiceField(label=gettext_lazy("排序"), required=False)

    def __init__(self, *args: Any, levels: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        moved = [("level", gettext_lazy("等级有变"))] if levels else []
        self.fields["what"].choices = [
            ("", gettext_lazy("全部")), ("gain", gettext_lazy("增加")), ("loss", gettext_lazy("减少")),
            ("same", gettext_lazy("不变")), *moved,
        ]  # fmt: skip
        self.fields["sort"].choices = [
            ("gain", gettext_lazy("增加多的在前")), ("loss", gettext_lazy("减少多的在前")),
            ("place", gettext_lazy("按户编号")),
        ]  # fmt: skip

    @property
    def filters(self) -> dict[str, str]:
        """What is valid of it."""
        self.is_valid()
        found = {name: str(self.cleaned_data.get(name) or "") for name in ("what", "sort")}
        return {"search": str(self.cleaned_data.get("q") or "").strip(), **found}
