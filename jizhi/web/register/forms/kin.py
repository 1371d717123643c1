"""Forms of the kinship register: who is what to a person, from when, and known from where; and when it ended."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.people.rules import Kin, KinSource
from jizhi.web.desk.forms.search import VillageSearch, every
from jizhi.web.forms import DateInput, Form


class KinForm(Form):
    """One relation. The persons to choose from are what the search found."""

    relative = forms.TypedChoiceField(label=gettext_lazy("亲属"), coerce=int, widget=forms.RadioSelect)
    kin = forms.ChoiceField(label=gettext_lazy("是此人的"))
    source = forms.ChoiceField(label=gettext_lazy("来源"))
    from_date = forms.DateField(label=gettext_lazy("从哪天起"), widget=DateInput())

    def __init__(self, *args: Any, lines: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"from_date": today}, **kwargs)
        self.fields["relative"].choices = [(line.id, _person(line)) for line in lines]
        self.fields["kin"].choices = [
            ("", gettext("请选择")),
            *((one.value, gettext(one.label)) for one in Kin),
        ]
        self.fields["source"].choices = [(one.value, gettext(one.label)) for one in KinSource]

    @property
    def relation(self) -> dict[str, Any]:
        """What the service takes besides the two persons."""
        given = self.cleaned_data
        return {
            "kin": Kin(given["kin"]),
            "source": KinSource(given["source"]),
            "from_date": given["from_date"],
        }


class KinSearch(VillageSearch):
    """Words, the village, the relation, and whether it still holds."""

    kin = forms.ChoiceField(label=gettext_lazy("关系"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = gettext("姓名或户编号")
        self.fields["kin"].choices = every(Kin)
        self.fields["state"].choices = [("", gettext("有效")), ("ended", gettext("关系已结束"))]

    @property
    def filters(self) -> dict[str, str]:
        """What the selector takes."""
        return {
            "village_code": self.value("village") if "village" in self.fields else "",
            "kin": self.value("kin"),
            "state": self.value("state"),
            "words": self.value("q"),
        }


def _person(line: Any) -> str:
    born = f" {line.birth_date:%Y-%m-%d}" if line.birth_date else ""
    return f"{line.name}{born} · {line.village_name} {line.household_no} {line.head_name}"


class KinEndForm(Form):
    """The last day on which a relation held."""

    last_day = forms.DateField(label=gettext_lazy("最后一天"), widget=DateInput())
