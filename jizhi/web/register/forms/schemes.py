"""Forms of the schemes' pages: loading a version, putting a version in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.web.forms import DateInput, Form

SOURCE_BYTES_MAX = 2 * 1024 * 1024
Choices = Sequence[tuple[str, str]]


class VersionForm(Form):
    """A version's file, the area it is for, and the day from which it applies."""

    area = forms.ChoiceField(label=gettext_lazy("适用区域"))
    applies_from_date = forms.DateField(label=gettext_lazy("适用日期"), widget=DateInput)
    file = forms.FileField(
        label=gettext_lazy("细则文件"),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"}),
        help_text=gettext_lazy("YAML 文件。有错误或不合法的条目会逐条列出，不会载入。"),
    )

    def __init__(self, *args: Any, areas: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = areas

    def clean_file(self) -> str:
        """The text of the file."""
        file = self.cleaned_data["file"]
        if file.size > SOURCE_BYTES_MAX:
            raise forms.ValidationError(gettext("文件超过 2 MB，请确认是细则文件。"))
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError as fault:
            raise forms.ValidationError(gettext("文件不是 UTF-8 文本，请另存为 UTF-8 再上传。")) from fault


class ActivationForm(Form):
    """From which day."""

    effective_from_date = forms.DateField(label=gettext_lazy("生效日期"), widget=DateInput)
