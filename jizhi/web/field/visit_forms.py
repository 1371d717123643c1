"""Forms of the grid worker's visits. Plain POST with a key of their own, so that a page kept offline can send them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.visits.rules import How, Topic
from jizhi.web.forms import Form, MomentInput, PhotosField, SearchForm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jizhi.engine.document.gridwork import VisitClass


def new_key() -> str:
    """A fresh request key: the same form sent twice is one visit."""
    return uuid.uuid4().hex


class DueSearch(SearchForm):
    """Narrows what is due today."""

    q = forms.CharField(
        label=gettext_lazy("找要走访的户"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": gettext_lazy("户号、姓名、拼音首字母或住址")}
        ),
    )
    street = forms.ChoiceField(label=gettext_lazy("街巷"), required=False)

    def __init__(self, *args: Any, streets: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["street"].choices = [("", gettext("全部")), *((one, one) for one in streets)]


class OwnSearch(SearchForm):
    """Narrows one's own visits."""

    q = forms.CharField(
        label=gettext_lazy("找走访记录"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": gettext_lazy("户号、姓名、住址或备注")}
        ),
    )
    how = forms.ChoiceField(
        label=gettext_lazy("走访方式"),
        required=False,
        choices=[("", gettext_lazy("全部")), *((one.value, gettext_lazy(one.label)) for one in How)],
    )


class VisitForm(Form):
    """One visit: the button says how the household was met, everything else may be left as it is."""

    how = forms.ChoiceField(
        label=gettext_lazy("怎样见到的"),
        widget=forms.HiddenInput,
        choices=[(one.value, gettext_lazy(one.label)) for one in How],
        error_messages={"required": gettext_lazy("请按下面的按钮保存：见到人、没人在家，或者电话联系。")},
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("谈了什么"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(one.value, gettext_lazy(one.label)) for one in Topic],
    )
    note = forms.CharField(
        label=gettext_lazy("备注"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    photos = PhotosField(label=gettext_lazy("照片"), required=False)
    visited_at = forms.DateTimeField(
        label=gettext_lazy("走访时间"),
        required=False,
        widget=MomentInput,
        help_text=gettext_lazy("不填就是现在；补记以前的走访才要填。"),
    )
    latitude = forms.DecimalField(
        required=False, min_value=-90, max_value=90, widget=forms.HiddenInput, localize=False
    )
    longitude = forms.DecimalField(
        required=False, min_value=-180, max_value=180, widget=forms.HiddenInput, localize=False
    )
    request_key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)

    @property
    def given(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        both = data["latitude"] is not None and data["longitude"] is not None
        return {
            "how": How(data["how"]),
            "topics": [Topic(one) for one in data["topics"]],
            "note": data["note"],
            "visited_at": data["visited_at"],
            "position": (round(data["latitude"], 6), round(data["longitude"], 6)) if both else None,
            "request_key": data["request_key"],
        }


class ChangeForm(Form):
    """One's own visit of today, put right."""

    how = forms.ChoiceField(
        label=gettext_lazy("怎样见到的"),
        widget=forms.RadioSelect,
        choices=[(one.value, gettext_lazy(one.label)) for one in How],
    )
    topics = VisitForm.base_fields["topics"]
    note = VisitForm.base_fields["note"]
    version = forms.IntegerField(widget=forms.HiddenInput)
    request_key = forms.RegexField(r"^[0-9a-f]{32}$", required=False, widget=forms.HiddenInput)


class AdditionForm(Form):
    """What was forgotten or wrong, once the day of the visit is over."""

    text = forms.CharField(
        label=gettext_lazy("补充或更正"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    request_key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)


class ClassesForm(Form):
    """The classes a household is in."""

    classes = forms.MultipleChoiceField(
        label=gettext_lazy("走访类别"), required=False, widget=forms.CheckboxSelectMultiple
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    request_key = forms.RegexField(r"^[0-9a-f]{32}$", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, classes: Sequence[tuple[VisitClass, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["classes"].choices = [(one.key, words) for one, words in classes]
