"""Forms of the panels: composing one, a seat that begins or ends, the end of a term, which person an account is."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.reviews.rules import PanelState, SeatRole
from jizhi.web.desk.forms.search import VillageSearch, every
from jizhi.web.forms import DateInput, Form

ROLE = "role_"


class PanelSearch(VillageSearch):
    """In office, coming or past, and words of the title or a member's name."""

    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = every(PanelState)


def _roles(first: str) -> list[tuple[str, str]]:
    return [("", first), *((one.value, gettext(one.label)) for one in SeatRole)]


class PanelForm(Form):
    """Title, term, quorum, and a role for each of the village's staff who gets a seat."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    from_date = forms.DateField(label=gettext_lazy("任期开始"), widget=DateInput())
    to_date = forms.DateField(label=gettext_lazy("任期结束"), required=False, widget=DateInput())
    quorum = forms.IntegerField(
        label=gettext_lazy("到会几人才能表决"),
        required=False,
        min_value=3,
        max_value=99,
        help_text=gettext_lazy("不填则按超过表决成员的一半、至少3人。"),
    )

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        for user in people:
            self.fields[f"{ROLE}{user.pk}"] = forms.ChoiceField(
                label=user.display_name, choices=_roles(gettext("不在小组")), required=False
            )

    @property
    def seats(self) -> list[Any]:
        """The people's fields, for the template."""
        return [self[name] for name in self.fields if name.startswith(ROLE)]

    @property
    def panel(self) -> dict[str, Any]:
        """What the service takes besides the village."""
        given = self.cleaned_data
        roles = [(user, given.get(f"{ROLE}{user.pk}")) for user in self.people]
        return {
            "title": given["title"],
            "from_date": given["from_date"],
            "to_date": given["to_date"],
            "quorum": given["quorum"],
            "members": [(user, SeatRole(role)) for user, role in roles if role],
        }


class SeatForm(Form):
    """Who takes a seat, as what, from when."""

    user = forms.TypedChoiceField(label=gettext_lazy("人员"), coerce=int)
    role = forms.ChoiceField(label=gettext_lazy("席位"))
    from_date = forms.DateField(label=gettext_lazy("从哪天起"), widget=DateInput())

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].choices = [
            ("", gettext("请选择")),
            *((one.pk, one.display_name) for one in people),
        ]
        self.fields["role"].choices = _roles(gettext("请选择"))


class LastDayForm(Form):
    """The last day of a seat or of a term."""

    last_day = forms.DateField(label=gettext_lazy("最后一天"), widget=DateInput())

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"last_day": today}, **kwargs)


class PersonForm(Form):
    """Which registered person an account is."""

    person = forms.TypedChoiceField(label=gettext_lazy("是哪一位村民"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, lines: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(line.id, _person(line)) for line in lines]


def _person(line: Any) -> str:
    born = f" {line.birth_date:%Y-%m-%d}" if line.birth_date else ""
    return f"{line.name}{born} · {line.village_name} {line.household_no} {line.head_name}"
