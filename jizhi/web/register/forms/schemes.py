"""Forms of the schemes' pages: loading a version, a village's resolution, putting a version in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.schemes.rules import MeetingKind
from jizhi.web.forms import DateInput, Form

SOURCE_BYTES_MAX = 2 * 1024 * 1024
PEOPLE_MAX = 100_000
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


class ResolutionForm(Form):
    """What the village's meeting resolved."""

    village = forms.ChoiceField(label=gettext_lazy("村（社区）"))
    kind = forms.ChoiceField(
        label=gettext_lazy("会议"),
        widget=forms.RadioSelect,
        choices=[(one.value, gettext_lazy(one.label)) for one in MeetingKind],
        initial=MeetingKind.REPRESENTATIVES.value,
    )
    held_on_date = forms.DateField(label=gettext_lazy("会议日期"), widget=DateInput)
    members = forms.IntegerField(label=gettext_lazy("应到人数"), min_value=1, max_value=PEOPLE_MAX)
    present = forms.IntegerField(
        label=gettext_lazy("到会人数"),
        min_value=0,
        max_value=PEOPLE_MAX,
        help_text=gettext_lazy("村民代表会议须三分之二以上代表到会，村民会议须过半数到会"),
    )
    votes_for = forms.IntegerField(
        label=gettext_lazy("赞成票"),
        min_value=0,
        max_value=PEOPLE_MAX,
        help_text=gettext_lazy("须超过到会人员的半数"),
    )
    filing_number = forms.CharField(label=gettext_lazy("乡镇备案编号"), max_length=60)
    summary = forms.CharField(
        label=gettext_lazy("决议摘要"), required=False, max_length=2000, widget=forms.Textarea
    )

    def __init__(self, *args: Any, villages: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].choices = villages


class ActivationForm(Form):
    """From which day."""

    effective_from_date = forms.DateField(label=gettext_lazy("生效日期"), widget=DateInput)
