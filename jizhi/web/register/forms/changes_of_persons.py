"""Forms of changes of persons: joining, dying, going away, coming back, changing households, a new head."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.changes import rules, services
from jizhi.people.rules import Residence, Sex
from jizhi.web.forms import DateInput
from jizhi.web.register.forms.change_base import ChangeForm
from jizhi.web.register.forms.fields import id_number_field


class JoinForm(ChangeForm):
    """The person who joins; whoever has an ID number on the register is that person."""

    kind = rules.ChangeKind.JOINING
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=50)
    relation = forms.CharField(
        label=gettext_lazy("与户主关系"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("如 配偶、儿子"),
    )
    id_number = id_number_field()
    birth_date = forms.DateField(label=gettext_lazy("出生日期"), widget=DateInput, required=False)
    sex = forms.ChoiceField(label=gettext_lazy("性别"), required=False)
    residence = forms.ChoiceField(label=gettext_lazy("居住类型"))
    registered_place = forms.CharField(
        label=gettext_lazy("户籍地"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("户口不在本村的填写"),
    )
    phone = forms.CharField(label=gettext_lazy("联系电话"), max_length=20, required=False)
    person = forms.IntegerField(required=False, widget=forms.HiddenInput)
    claims_move = False

    def prepare(self) -> None:
        self.fields["sex"].choices = [("", "—"), *((sex.value, gettext(sex.label)) for sex in Sex)]
        self.fields["residence"].choices = [(one.value, gettext(one.label)) for one in Residence]

    def clean_id_number(self) -> str:
        return str(self.cleaned_data["id_number"]).upper()

    def order(self) -> services.Order:
        data = self.cleaned_data
        member = services.NewMember(
            name=data["name"],
            relation=data["relation"],
            id_number=data["id_number"],
            birth_date=data["birth_date"],
            phone=data["phone"],
            sex=Sex(data["sex"]) if data["sex"] else None,
            residence=Residence(data["residence"]),
            registered_place=data["registered_place"],
            person_id=data["person"],
        )
        return services.Join(**self._common(), kind=self.kind, member=member)


class BirthForm(JoinForm):
    kind = rules.ChangeKind.BIRTH


class MarriageForm(JoinForm):
    kind = rules.ChangeKind.MARRIAGE


class PersonForm(ChangeForm):
    """One member; a new head where the head goes."""

    kind = rules.ChangeKind.NEW_HEAD
    person = forms.ChoiceField(label=gettext_lazy("成员"))
    new_head = forms.ChoiceField(
        label=gettext_lazy("新的户主"), required=False, help_text=gettext_lazy("这位成员是户主时才要选")
    )
    claims_move = False

    def prepare(self) -> None:
        self.fields["person"].choices = self.members
        self.fields["new_head"].choices = [("", "—"), *self.members]
        if self.kind in {rules.ChangeKind.DEPARTURE, rules.ChangeKind.RETURN, rules.ChangeKind.NEW_HEAD}:
            del self.fields["new_head"]

    def _person(self) -> dict[str, Any]:
        head = self.cleaned_data.get("new_head")
        return {"person_id": int(self.cleaned_data["person"]), "new_head_id": int(head) if head else None}

    def order(self) -> services.Order:
        return services.PersonOrder(**self._common(), **self._person(), kind=self.kind)


class DeathForm(PersonForm):
    kind = rules.ChangeKind.DEATH


class DepartureForm(PersonForm):
    kind = rules.ChangeKind.DEPARTURE


class ReturnForm(PersonForm):
    kind = rules.ChangeKind.RETURN


class MemberLeavingForm(PersonForm):
    kind = rules.ChangeKind.MEMBER_LEAVING


class TransferForm(PersonForm):
    """Into which household of the village the member goes."""

    kind = rules.ChangeKind.TRANSFER
    into = forms.CharField(
        label=gettext_lazy("转入哪一户"), max_length=20, help_text=gettext_lazy("填写本村的户编号")
    )
    relation = forms.CharField(label=gettext_lazy("与新户户主关系"), max_length=20, required=False)

    def order(self) -> services.Order:
        relation = self.cleaned_data["relation"]
        return services.Transfer(**self._common(), **self._person(), into_id=self._into(), relation=relation)
