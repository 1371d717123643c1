"""Forms of changes of households, and the table of all kinds: each turns its answers into the order a service takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.areas import selectors as areas
from jizhi.changes import rules, services
from jizhi.web.forms import DateInput
from jizhi.web.register.forms.change_base import ChangeForm as ChangeForm
from jizhi.web.register.forms.change_base import ChangeSearch as ChangeSearch
from jizhi.web.register.forms.changes_of_persons import (
    BirthForm,
    DeathForm,
    DepartureForm,
    JoinForm,
    MarriageForm,
    MemberLeavingForm,
    PersonForm,
    ReturnForm,
    TransferForm,
)

if TYPE_CHECKING:
    from jizhi.areas.models import Area


class SplitForm(ChangeForm):
    """Who leaves, under which number, and how the wallet is shared."""

    persons = forms.MultipleChoiceField(
        label=gettext_lazy("分出去的成员"), widget=forms.CheckboxSelectMultiple
    )
    head = forms.ChoiceField(label=gettext_lazy("新户户主"))
    old_head = forms.ChoiceField(
        label=gettext_lazy("原户的新户主"), required=False, help_text=gettext_lazy("原户主分出去时才要选")
    )
    no = forms.CharField(label=gettext_lazy("新户编号"), max_length=20)
    grid = forms.ChoiceField(label=gettext_lazy("网格"))
    address = forms.CharField(label=gettext_lazy("新户住址"), max_length=200, required=False)
    phone = forms.CharField(label=gettext_lazy("新户联系电话"), max_length=20, required=False)
    share = forms.ChoiceField(
        label=gettext_lazy("可兑换积分怎么分"),
        widget=forms.RadioSelect,
        initial=rules.ShareRule.MEMBERS.value,
        choices=[(rule.value, gettext_lazy(rule.label)) for rule in rules.ShareRule],
    )
    points = forms.DecimalField(
        label=gettext_lazy("分给新户的分数"),
        min_value=0,
        decimal_places=2,
        max_digits=12,
        required=False,
        help_text=gettext_lazy("按约定的分数分时填写"),
    )

    def prepare(self) -> None:
        self.fields["persons"].choices = self.members
        self.fields["head"].choices = self.members
        self.fields["old_head"].choices = [("", "—"), *self.members]
        self.fields["grid"].choices = self._grid_choices()
        self.fields["grid"].initial = self.household.area.code

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        if data.get("share") == rules.ShareRule.GIVEN and data.get("points") is None:
            self.add_error("points", gettext("请填写分给新户的分数。"))
        return data

    def order(self) -> services.Order:
        data = self.cleaned_data
        return services.Split(
            **self._common(),
            person_ids=tuple(int(one) for one in data["persons"]),
            head_id=int(data["head"]),
            old_head_id=int(data["old_head"]) if data["old_head"] else None,
            no=data["no"].strip(),
            grid=areas.area_by_code(data["grid"]),
            address=data["address"],
            phone=data["phone"],
            share=rules.ShareRule(data["share"]),
            points=int((data["points"] or 0) * 100),
        )


class MergeForm(ChangeForm):
    """The household this one goes into."""

    into = forms.CharField(
        label=gettext_lazy("并入哪一户"), max_length=20, help_text=gettext_lazy("填写本村的户编号")
    )

    def order(self) -> services.Order:
        return services.Merge(**self._common(), into_id=self._into())


class GridMoveForm(ChangeForm):
    """Another grid or address within the village."""

    grid = forms.ChoiceField(label=gettext_lazy("新网格"))
    address = forms.CharField(label=gettext_lazy("新住址"), max_length=200, required=False)
    claims_move = False

    def prepare(self) -> None:
        self.fields["grid"].choices = self._grid_choices()
        self.fields["grid"].initial = self.household.area.code

    def order(self) -> services.Order:
        grid = areas.area_by_code(self.cleaned_data["grid"])
        return services.GridMove(**self._common(), grid=grid, address=self.cleaned_data["address"])


class NumberForm(ChangeForm):
    """A new number, and the grid by its name, which may stay open."""

    no = forms.CharField(label=gettext_lazy("新户编号"), max_length=20)
    grid = forms.CharField(
        label=gettext_lazy("网格名称"),
        max_length=50,
        required=False,
        help_text=gettext_lazy("暂不确定可不填"),
    )
    address = forms.CharField(label=gettext_lazy("新住址"), max_length=200, required=False)

    def _grid_of(self, village: Area) -> Area | None:
        name = self.cleaned_data["grid"].strip()
        if not name:
            return None
        grids = {grid.name: grid for grid in areas.grids_of(village)}
        if name not in grids:
            names = "、".join(grids) or "—"
            raise services.BadChange(
                gettext("没有这个网格，可选：%(names)s") % {"names": names}, place="grid"
            )
        return grids[name]


class MoveForm(NumberForm):
    """To which village, and what happens to the wallet."""

    village = forms.ChoiceField(label=gettext_lazy("迁往"))
    carry = forms.ChoiceField(
        label=gettext_lazy("可兑换积分"),
        widget=forms.RadioSelect,
        initial=rules.CarryRule.CARRIED.value,
        choices=[(rule.value, gettext_lazy(rule.label)) for rule in rules.CarryRule],
    )
    until = forms.DateField(
        label=gettext_lazy("兑换期限"),
        widget=DateInput,
        required=False,
        help_text=gettext_lazy("积分留在原村时填写；不填则各批次按原来的期限"),
    )
    field_order = ("village", "no", "grid", "address", "carry", "until")

    def prepare(self) -> None:
        own = self.household.village.code
        self.fields["village"].choices = [choice for choice in self.villages if choice[0] != own]

    def order(self) -> services.Order:
        data = self.cleaned_data
        village = areas.area_by_code(data["village"])
        return services.Move(
            **self._common(),
            village=village,
            grid=self._grid_of(village),
            no=data["no"].strip(),
            address=data["address"],
            carry=rules.CarryRule(data["carry"]),
            until=data["until"],
        )


class LeavingForm(ChangeForm):
    """Until when the wallet can be spent."""

    until = forms.DateField(
        label=gettext_lazy("兑换期限"),
        widget=DateInput,
        required=False,
        help_text=gettext_lazy("余下的积分到这一天为止；不填则各批次按原来的期限"),
    )
    claims_move = False

    def order(self) -> services.Order:
        return services.Leaving(**self._common(), until=self.cleaned_data["until"])


class ReturningForm(NumberForm):
    """The number under which the household comes back."""

    claims_move = False

    def order(self) -> services.Order:
        data = self.cleaned_data
        return services.Returning(
            **self._common(),
            no=data["no"].strip(),
            grid=self._grid_of(self.household.village),
            address=data["address"],
        )


FORMS: dict[rules.ChangeKind, type[ChangeForm]] = {
    rules.ChangeKind.SPLIT: SplitForm,
    rules.ChangeKind.MERGE: MergeForm,
    rules.ChangeKind.GRID_MOVE: GridMoveForm,
    rules.ChangeKind.MOVE: MoveForm,
    rules.ChangeKind.LEAVING: LeavingForm,
    rules.ChangeKind.RETURNING: ReturningForm,
    rules.ChangeKind.BIRTH: BirthForm,
    rules.ChangeKind.MARRIAGE: MarriageForm,
    rules.ChangeKind.JOINING: JoinForm,
    rules.ChangeKind.DEATH: DeathForm,
    rules.ChangeKind.DEPARTURE: DepartureForm,
    rules.ChangeKind.RETURN: ReturnForm,
    rules.ChangeKind.MEMBER_LEAVING: MemberLeavingForm,
    rules.ChangeKind.TRANSFER: TransferForm,
    rules.ChangeKind.NEW_HEAD: PersonForm,
}
