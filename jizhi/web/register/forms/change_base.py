"""What every form of a change has: day, reason, and the claims that go to the other household. Kinds are elsewhere."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.areas import selectors as areas
from jizhi.changes import rules, services
from jizhi.people import selectors as people
from jizhi.web.forms import DateInput, Form, SearchForm

if TYPE_CHECKING:
    from jizhi.claims.selectors import ClaimLine
    from jizhi.people.models import Household

Choices = Sequence[tuple[Any, str]]


class ChangeSearch(SearchForm):
    """Words, kind, area and year."""

    kind = forms.ChoiceField(label=gettext_lazy("变动"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)
    year = forms.IntegerField(label=gettext_lazy("年份"), required=False, min_value=2000, max_value=2100)

    def __init__(self, *args: Any, areas: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = gettext("户编号、户主、姓名或原因")
        everything = ("", gettext("全部"))
        self.fields["kind"].choices = [
            everything,
            *((kind.value, gettext(kind.label)) for kind in rules.ChangeKind),
        ]
        self.fields["area"].choices = [everything, *areas]

    def value(self, name: str) -> Any:
        """What was chosen, or nothing."""
        self.is_valid()
        return self.cleaned_data.get(name) or ""


class ChangeForm(Form):
    """What every change asks: from which day, and why."""

    day = forms.DateField(
        label=gettext_lazy("变动日期"),
        widget=DateInput,
        help_text=gettext_lazy("从这一天起按变动后的情况登记"),
    )
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=120, required=False)
    claims_move = True

    def __init__(
        self,
        *args: Any,
        household: Household,
        members: Choices = (),
        villages: Choices = (),
        claims: Sequence[ClaimLine] = (),
        today: dt.date,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {"day": today} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.household, self.members, self.villages = household, members, villages
        self.order_fields([*(name for name in self.fields if name not in {"day", "reason"}), "day", "reason"])
        self.prepare()
        if claims and self.claims_move:
            self.fields["refile"] = forms.MultipleChoiceField(
                label=gettext("改由新户申报的申报"),
                choices=[(str(one.id), f"{one.act_date:%Y-%m-%d} {one.item.title.zh}") for one in claims],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                help_text=gettext("不选的留在原户，照常办理"),
            )

    def prepare(self) -> None:
        """Fill choices from the household; each kind its own."""

    @abstractmethod
    def order(self) -> services.Order:
        """The order, from valid answers; each kind its own."""

    def _common(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "household_id": self.household.pk,
            "day": data["day"],
            "reason": data["reason"],
            "refile": frozenset(int(number) for number in data.get("refile", ())),
        }

    def _grid_choices(self) -> Choices:
        village = self.household.village
        grids = [(grid.code, areas.named(grid)) for grid in areas.grids_of(village)]
        return [(village.code, gettext("未分网格")), *grids]

    def _into(self, name: str = "into") -> int:
        """The household of the village whose number was typed."""
        return people.household_by_no(self.household.village, self.cleaned_data[name]).pk
