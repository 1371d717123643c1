"""Forms of the import screen: which file for which area, and the search over the history and over problems."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.imports.rules import ImportState
from jizhi.web.forms import Form, SearchForm

Choices = Sequence[tuple[str, str]]


class UploadForm(Form):
    """A table and the area it is for."""

    area = forms.ChoiceField(label=gettext_lazy("区域"))
    file = forms.FileField(
        label=gettext_lazy("表格文件"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        help_text=gettext_lazy("Excel 或 CSV 文件，不超过 200 MB"),
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, areas: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = areas
        if len(areas) == 1:
            self.fields["area"].initial = areas[0][0]
            self.fields["area"].widget = forms.HiddenInput()


class HistorySearch(SearchForm):
    """Words, kind of table and state."""

    kind = forms.ChoiceField(label=gettext_lazy("表格种类"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("进度"), required=False)

    def __init__(self, *args: Any, kinds: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = gettext("文件名、区域或经办人")
        everything = ("", gettext("全部"))
        self.fields["kind"].choices = [everything, *kinds]
        self.fields["state"].choices = [everything, *((one.value, gettext(one.label)) for one in ImportState)]

    @property
    def filters(self) -> dict[str, str]:
        """What the selector takes."""
        self.is_valid()
        given = {name: str(self.cleaned_data.get(name) or "") for name in ("q", "kind", "state")}
        return {"words": given["q"], "kind": given["kind"], "state": given["state"]}


class ProblemSearch(SearchForm):
    """Words in the problems of one import."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = gettext("行号、列名或原因")

    @property
    def words(self) -> str:
        """What is looked for."""
        self.is_valid()
        return str(self.cleaned_data.get("q") or "")
