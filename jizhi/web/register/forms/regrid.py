"""Forms of changing the grid: another parent, several out of one, one out of several. Services check the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.areas import rules
from jizhi.areas.services import NewArea
from jizhi.people.services.regrid import ALL
from jizhi.web.forms import DateInput, Form

Choices = Sequence[tuple[str, str]]
PARTS = 4


class _FromDay(Form):
    on = forms.DateField(
        label=gettext_lazy("从哪天起"),
        widget=DateInput,
        help_text=gettext_lazy("可以早于今天，不能晚于今天。"),
    )


class MoveForm(_FromDay):
    """The new parent."""

    parent = forms.TypedChoiceField(label=gettext_lazy("新的上级"), coerce=int)
    field_order = ("parent", "on")

    def __init__(self, *args: Any, parents: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = [("", gettext("请选择")), *parents]


class SplitForm(_FromDay):
    """What comes out of an area: up to four, the area itself among them or not."""

    keep = forms.TypedChoiceField(
        label=gettext_lazy("原来的区划"),
        choices=[("yes", gettext_lazy("保留，作为其中一个")), ("no", gettext_lazy("撤销，全部改为新的"))],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    field_order = ("on", "keep")

    def __init__(self, *args: Any, codes: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, code in enumerate(codes, 1):
            self.fields[f"code{number}"] = forms.CharField(
                label=gettext("新区划%(number)d的代码") % {"number": number},
                max_length=64,
                initial=code,
                required=False,
            )
            self.fields[f"name{number}"] = forms.CharField(
                label=gettext("新区划%(number)d的名称") % {"number": number}, max_length=60, required=False
            )

    def pairs(self) -> list[tuple[Any, Any]]:
        """Code and name of each new area, side by side on the page."""
        return [(self[f"code{n}"], self[f"name{n}"]) for n in range(1, PARTS + 1)]

    def parts(self) -> list[NewArea]:
        """The new areas that were named."""
        data = self.cleaned_data
        numbers = range(1, PARTS + 1)
        told = [(data.get(f"code{n}", ""), data.get(f"name{n}", "")) for n in numbers]
        return [NewArea(code.strip().lower(), name.strip()) for code, name in told if name.strip()]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "keep" in data:
            least = 1 if data["keep"] else 2
            if len(self.parts()) < least:
                self.add_error("name1", gettext("请至少填写%(count)d个新区划的名称。") % {"count": least})
        return data


class MergeForm(_FromDay):
    """What is merged, and into which: one of them or a new one."""

    others = forms.TypedMultipleChoiceField(
        label=gettext_lazy("与哪些合并"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    into = forms.CharField(label=gettext_lazy("合并成"), widget=forms.Select)
    code = forms.CharField(label=gettext_lazy("新区划的代码"), max_length=64, required=False)
    name = forms.CharField(label=gettext_lazy("新区划的名称"), max_length=60, required=False)
    field_order = ("others", "into", "code", "name", "on")

    def __init__(self, *args: Any, area: tuple[str, str], others: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = area[0]
        self.fields["others"].choices = others
        stays = gettext("并入%(area)s")
        self.fields["into"].widget.choices = [
            (key, stays % {"area": title}) for key, title in (area, *others)
        ] + [("new", gettext("另设一个新的"))]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        into = data.get("into", "")
        if into == "new":
            for key in ("code", "name"):
                if not data.get(key, "").strip():
                    self.add_error(key, gettext("另设新的区划要填写代码和名称。"))
        elif into != self.own and into not in {str(pk) for pk in data.get("others", [])}:
            self.add_error("into", gettext("只能并入所选的区划之一。"))
        return data


def sharing(post: Any, prefix: str) -> dict[int, int]:
    """`household-17=1` → {17: 1}: where each household, area or post goes. What is no number is left aside."""
    found: dict[int, int] = {}
    for key in post:
        head, _dash, number = key.partition("-")
        value = post[key]
        if head == prefix and number.isdecimal() and (value.isdecimal() or value == str(ALL)):
            found[int(number)] = int(value)
    return found


def spare_codes(code: str, taken: Iterable[str], count: int = PARTS) -> list[str]:
    """Codes that are free, after the manner of the house: the parent's code and three digits."""
    known, found = set(taken), list[str]()
    for _n in range(count):
        found.append(rules.next_grid_code(code, known))
        known.add(found[-1])
    return found
