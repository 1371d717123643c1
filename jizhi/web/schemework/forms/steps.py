"""Small forms of the editor: beginning a draft, its day, a step upon the last save, texts, reasons, searches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from jizhi.drafting.rules import DraftState
from jizhi.web.forms import DateInput, Form, SearchForm

Choices = Sequence[tuple[str, str]]
BLANK = "-"


class NumberForm(Form):
    """From which save a form was made: goes back with every step."""

    number = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class DraftForm(Form):
    """What to begin with, for whom, and from which day it is to apply."""

    area = forms.ChoiceField(label=gettext_lazy("适用区域"))
    base = forms.ChoiceField(
        label=gettext_lazy("从哪里开始"),
        help_text=gettext_lazy("从现行版本开始，条目和用例都会带过来；原版本不变。"),
    )
    applies_from_date = forms.DateField(label=gettext_lazy("适用日期"), widget=DateInput)
    title = forms.CharField(
        label=gettext_lazy("细则名称"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("从空白开始时填写"),
    )

    def __init__(self, *args: Any, areas: Choices, bases: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = areas
        self.fields["base"].choices = [*bases, (BLANK, gettext_lazy("空白细则"))]


class DraftSearch(SearchForm):
    """Drafts by words and state."""

    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(one.value, gettext_lazy(one.label)) for one in DraftState]
        self.fields["state"].choices = [("", gettext_lazy("全部")), *states]

    def value(self, name: str) -> str:
        """A valid value, or nothing."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")


class DayForm(NumberForm):
    """From which day the version is to apply."""

    applies_from_date = forms.DateField(label=gettext_lazy("适用日期"), widget=DateInput)


class SourceForm(NumberForm):
    """The whole document."""

    source = forms.CharField(
        label=gettext_lazy("细则原文"),
        strip=False,
        widget=forms.Textarea(attrs={"class": "code", "rows": 34, "spellcheck": "false"}),
    )


class CasesForm(NumberForm):
    """All cases as text."""

    cases = forms.CharField(
        label=gettext_lazy("用例原文"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "code", "rows": 30, "spellcheck": "false"}),
    )


class ReasonForm(NumberForm):
    """Why a warning is let pass."""

    owner = forms.CharField(widget=forms.HiddenInput, required=False)
    code = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("放行理由"), max_length=200)


class ItemStep(NumberForm):
    """A step about one item."""

    item = forms.CharField(widget=forms.HiddenInput)


class MoveForm(ItemStep):
    """Up or down."""

    steps = forms.IntegerField(min_value=-500, max_value=500)


class ItemSearch(SearchForm):
    """Items by words, kind and chapter; sorted."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), required=False)
    section = forms.ChoiceField(label=gettext_lazy("章节"), required=False)
    sort = forms.ChoiceField(label=gettext_lazy("排序"), required=False)

    def __init__(self, *args: Any, kinds: Choices, sections: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", gettext_lazy("全部"))
        self.fields["kind"].choices = [every, *kinds]
        self.fields["section"].choices = [every, *sections]
        self.fields["sort"].choices = [
            ("", gettext_lazy("细则顺序")),
            ("title", gettext_lazy("按名称")),
            ("points", gettext_lazy("按分值")),
        ]

    @property
    def filters(self) -> dict[str, str]:
        """What is valid of it."""
        self.is_valid()
        names = ("kind", "section", "sort")
        found = {name: str(self.cleaned_data.get(name) or "") for name in names}
        return {"search": str(self.cleaned_data.get("q") or "").strip(), **found}
