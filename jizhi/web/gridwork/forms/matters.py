"""Forms of the matters' desk: the queue's search, dispatching many, merging, and uploading a list."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.areas import selectors as areas
from jizhi.matters.rules import AgeBand, MatterState, Storey
from jizhi.web.desk.forms.search import every
from jizhi.web.forms import DateInput, Form, SearchForm
from jizhi.web.templatetags import jizhi as words

LATE = [
    ("", gettext_lazy("全部")),
    ("now", gettext_lazy("已超期")),
    ("ever", gettext_lazy("曾超期")),
    ("never", gettext_lazy("按时")),
]
SATISFIED = [
    ("", gettext_lazy("全部")),
    ("yes", gettext_lazy("满意")),
    ("no", gettext_lazy("不满意")),
]


class MatterSearch(SearchForm):
    """Words and filters of the queue. What is not understood is left aside, never an error."""

    q = forms.CharField(
        label=gettext_lazy("搜索"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": gettext_lazy("编号、说明、地点或报告人")}
        ),
    )
    kind = forms.ChoiceField(label=gettext_lazy("种类"), required=False)
    storey = forms.ChoiceField(label=gettext_lazy("层级"), required=False)
    late = forms.ChoiceField(label=gettext_lazy("期限"), required=False, choices=LATE)
    age = forms.ChoiceField(label=gettext_lazy("上报至今"), required=False)
    since = forms.DateField(label=gettext_lazy("从"), required=False, widget=DateInput())
    until = forms.DateField(label=gettext_lazy("到"), required=False, widget=DateInput())
    satisfied = forms.ChoiceField(label=gettext_lazy("评价"), required=False, choices=SATISFIED)
    state = forms.CharField(required=False, widget=forms.HiddenInput)
    area = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", gettext("全部")), *kinds]
        self.fields["storey"].choices = every(Storey)
        self.fields["age"].choices = every(AgeBand)
        self.is_valid()

    @property
    def filters(self) -> dict[str, Any]:
        """What matters.selectors.queue takes."""
        given = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        given["words"] = given.pop("q")
        if given["state"] not in {"", "open", *(state.value for state in MatterState)}:
            given["state"] = "open"
        for name in ("since", "until"):
            given[name] = given[name] or None
        return given

    @property
    def place(self) -> Any:
        """The area that the list is narrowed to, if any."""
        code = self.cleaned_data.get("area")
        try:
            return areas.area_by_code(code) if code else None
        except areas.AreaNotFound:
            return None


class BulkForm(Form):
    """Several matters into the same hands."""

    matter = forms.TypedMultipleChoiceField(coerce=int)
    assignee = forms.ChoiceField(label=gettext_lazy("交给谁办理"), required=False)
    organisation = forms.CharField(label=gettext_lazy("办理单位"), required=False, max_length=100)

    def __init__(self, *args: Any, handlers: list[Any] = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        if self.is_bound:
            numbers = [text for text in self.data.getlist("matter") if text.isdecimal() and len(text) < 18]
            self.fields["matter"].choices = [(number, number) for number in numbers]
        self.fields["matter"].error_messages["required"] = gettext("请先勾选事件。")
        self.fields["assignee"].choices = [
            ("", gettext("不指定个人")),
            *((str(one.user_id), f"{one.name} · {words.label(one.post)}") for one in handlers),
        ]


class MergeForm(Form):
    """Which matters are the same as this one."""

    duplicate = forms.TypedMultipleChoiceField(coerce=int)
    words = forms.CharField(
        label=gettext_lazy("说明"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, candidates: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["duplicate"].choices = [(number, str(number)) for number in candidates]
        self.fields["duplicate"].error_messages["required"] = gettext("请勾选要并入的重复件。")


class PeriodForm(Form):
    """From when to when the coverage counts, and how."""

    since = forms.DateField(label=gettext_lazy("从"), required=False, widget=DateInput())
    until = forms.DateField(label=gettext_lazy("到"), required=False, widget=DateInput())
    kind = forms.ChoiceField(label=gettext_lazy("种类"), required=False)

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", gettext("全部")), *kinds]
        self.is_valid()

    def day(self, name: str) -> dt.date | None:
        """A day that was given and understood."""
        found: dt.date | None = self.cleaned_data.get(name)
        return found


class UploadForm(Form):
    """A list of matters kept elsewhere, such as the hotline's."""

    file = forms.FileField(label=gettext_lazy("表格文件（xlsx、xls、csv）"))
