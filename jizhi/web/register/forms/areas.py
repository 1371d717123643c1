"""Forms of the area tree: search, a new area, its names, its last day, where it goes, an uploaded table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.areas.rules import Advice
from jizhi.web.desk.forms.search import every
from jizhi.web.forms import DateInput, Form, SearchForm

Choices = Sequence[tuple[str, str]]
BYTES_MAX = 20 * 1024 * 1024


class AreaSearch(SearchForm):
    """Words, storey, state and advice; any of them turns the tree into a list."""

    level = forms.ChoiceField(label=gettext_lazy("层级"), required=False)
    advice = forms.ChoiceField(label=gettext_lazy("提示"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, levels: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = gettext("名称、拼音首字母或代码")
        self.fields["level"].choices = [("", gettext("全部")), *levels]
        self.fields["advice"].choices = every(Advice)
        self.fields["state"].choices = [("", gettext("现有的")), ("closed", gettext("已撤销"))]

    def value(self, name: str) -> str:
        """What was chosen, or nothing; what is not understood is left aside."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "").strip()

    @property
    def filters(self) -> dict[str, Any]:
        """For people.selectors.area_list."""
        return {
            "words": self.value("q"),
            "level": self.value("level"),
            "advice": self.value("advice"),
            "closed": self.value("state") == "closed",
        }


class NamesForm(Form):
    """An area's names."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), required=False, max_length=80)


class RenameForm(NamesForm):
    """Other names from a day on."""

    on = forms.DateField(label=gettext_lazy("从哪天起叫这个名称"), widget=DateInput)


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

    def __init__(self, *args: Any, levels: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = levels


class ClosingForm(Form):
    """The area's last day."""

    to_date = forms.DateField(label=gettext_lazy("最后一天"), widget=DateInput)


class UploadForm(Form):
    """A table of areas and the scope it is for."""

    area = forms.ChoiceField(label=gettext_lazy("导入到"), help_text=gettext_lazy("表里的区划都要在它之下。"))
    file = forms.FileField(
        label=gettext_lazy("区划表"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv", "data-preview": ""}),
        help_text=gettext_lazy("Excel 或 CSV 文件，不超过 20 MB"),
    )

    def __init__(self, *args: Any, areas: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = areas
        if len(areas) == 1:
            self.fields["area"].initial = areas[0][0]
            self.fields["area"].widget = forms.HiddenInput()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > BYTES_MAX:
            raise forms.ValidationError(gettext("文件超过 20 MB，请分几次上传。"))
        return file

    def options(self, today: dt.date) -> dict[str, str]:
        """What else was chosen about the file; nothing for a table."""
        return {}
