"""Forms of the register of persons: search, correcting one, party membership and class, merging two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.people.rules import PartyClass, PartyStanding, Residence, Sex
from jizhi.people.selectors import AGE_BANDS, PersonFilter
from jizhi.web.forms import DateInput, Form, SearchForm
from jizhi.web.register.forms.fields import id_number_field

Choices = Sequence[tuple[str, str]]


class PersonSearch(SearchForm):
    """Words and what the list is narrowed to."""

    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)
    residence = forms.ChoiceField(label=gettext_lazy("居住类型"), required=False)
    party = forms.ChoiceField(label=gettext_lazy("党员"), required=False)
    letter = forms.ChoiceField(label=gettext_lazy("党员类别"), required=False)
    age = forms.ChoiceField(label=gettext_lazy("年龄"), required=False)
    sex = forms.ChoiceField(label=gettext_lazy("性别"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, areas: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = gettext("姓名、拼音、户编号、完整证号或电话")
        everything = ("", gettext("全部"))
        choices: dict[str, Choices] = {
            "area": areas,
            "residence": [(one.value, gettext(one.label)) for one in Residence],
            "party": [("yes", gettext("是")), ("no", gettext("否"))],
            "letter": [(one.value, one.value) for one in PartyClass],
            "age": [(band, band) for band in AGE_BANDS],
            "sex": [(one.value, gettext(one.label)) for one in Sex],
        }
        for name, wanted in choices.items():
            self.fields[name].choices = [everything, *wanted]
        self.fields["state"].choices = [("", gettext("在册")), ("left", gettext("已迁出或去世"))]

    def value(self, name: str) -> str:
        """What was chosen, or nothing."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "").strip()

    @property
    def left(self) -> bool:
        """Whether those who left are looked for."""
        return self.value("state") == "left"

    @property
    def wanted(self) -> PersonFilter:
        """What the selector takes, besides the area."""
        names = ("residence", "party", "letter", "age", "sex")
        return PersonFilter(
            search=self.value("q"), left=self.left, **{name: self.value(name) for name in names}
        )


class PersonEdit(Form):
    """A person's data. Numbers are never shown whole, so an empty one leaves what is kept."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=50)
    sex = forms.ChoiceField(label=gettext_lazy("性别"), required=False)
    birth_date = forms.DateField(label=gettext_lazy("出生日期"), widget=DateInput, required=False)
    id_number = id_number_field()
    phone = forms.CharField(label=gettext_lazy("联系电话"), max_length=20, required=False)
    residence = forms.ChoiceField(label=gettext_lazy("居住类型"))
    registered_place = forms.CharField(
        label=gettext_lazy("户籍地"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("户口不在本村的填写"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, shown: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sex"].choices = [("", "—"), *((sex.value, gettext(sex.label)) for sex in Sex)]
        self.fields["residence"].choices = [(one.value, gettext(one.label)) for one in Residence]
        for name, number in shown.items():
            if number:
                text = gettext("现在是 %(phone)s；不改就不用填。") % {"phone": number}
                self.fields[name].help_text = text

    def clean_id_number(self) -> str:
        return str(self.cleaned_data["id_number"]).upper()


class _FromDay(Form):
    """Something that holds from a day on."""

    from_date = forms.DateField(label=gettext_lazy("开始日期"), widget=DateInput)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        kwargs["initial"] = {"from_date": today} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)


class PartyForm(_FromDay):
    """On probation or full."""

    standing = forms.ChoiceField(label=gettext_lazy("党员身份"))
    field_order = ("standing", "from_date")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["standing"].choices = [(one.value, gettext(one.label)) for one in PartyStanding]


class ClassForm(_FromDay):
    """One of the six classes."""

    letter = forms.ChoiceField(label=gettext_lazy("党员类别"), widget=forms.RadioSelect)
    field_order = ("letter", "from_date")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["letter"].choices = [(one.value, gettext(one.label)) for one in PartyClass]


class PartyEndForm(Form):
    """The last day of party membership."""

    to_date = forms.DateField(label=gettext_lazy("最后一天"), widget=DateInput)


class MergeForm(Form):
    """Which record each value is taken from; the versions say what was looked at."""

    one_version = forms.IntegerField(widget=forms.HiddenInput)
    other_version = forms.IntegerField(widget=forms.HiddenInput)
