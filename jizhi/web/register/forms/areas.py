"""Forms of the area tree: a new area, its names, its last day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from jizhi.web.forms import DateInput, Form


class NamesForm(Form):
    """An area's names."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), required=False, max_length=80)


class AreaForm(NamesForm):
    """A new area under its parent."""

    level = forms.ChoiceField(label=gettext_lazy("层级"))
    code = forms.CharField(
        label=gettext_lazy("区划代码"),
        max_length=64,
        help_text=gettext_lazy("统计用区划代码；网格在村代码后加三位顺序号。定了不再改。"),
    )
    from_date = forms.DateField(label=gettext_lazy("设立日期"), widget=DateInput)
    field_order = ("level", "name", "name_en", "code", "from_date")

    def __init__(self, *args: Any, levels: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = levels


class ClosingForm(Form):
    """The area's last day."""

    to_date = forms.DateField(label=gettext_lazy("最后一天"), widget=DateInput)
