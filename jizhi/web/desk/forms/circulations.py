"""Forms of a circulation: what goes round, and a member's answers, each of which may be left for later."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.reviews.rules import Choice
from jizhi.web.desk.forms.meetings import Numbers
from jizhi.web.forms import Form

CASE, MEETING = "case_", "meeting"


class CirculationForm(Form):
    """The cases that go round."""

    case = Numbers(
        label=gettext_lazy("事项"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请选择要传签的事项。")},
    )

    def __init__(self, *args: Any, cases: list[int], **kwargs: Any) -> None:
        super().__init__(*args, initial={"case": cases}, **kwargs)
        self.fields["case"].choices = [(case, case) for case in cases]


class AnswersForm(Form):
    """A choice for each case, or the wish to have it decided in a meeting."""

    words = forms.CharField(
        label=gettext_lazy("说明"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, cases: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            *((one.value, gettext(one.label)) for one in Choice if one is not Choice.RECUSED),
            (MEETING, gettext("要求开会评议")),
            ("", gettext("稍后答复")),
        ]
        for case in cases:
            self.fields[f"{CASE}{case}"] = forms.ChoiceField(
                choices=choices, required=False, widget=forms.RadioSelect, initial=""
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not any(value for name, value in data.items() if name.startswith(CASE)):
            raise forms.ValidationError(gettext("请至少答复一条。"))
        return data

    @property
    def answers(self) -> dict[int, str]:
        """Case → answer, without what is left for later."""
        return {
            int(name.removeprefix(CASE)): value
            for name, value in self.cleaned_data.items()
            if name.startswith(CASE) and value
        }
