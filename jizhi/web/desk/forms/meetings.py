"""Forms of the meeting room: opening, attendance, the vote on one case, minutes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.reviews.rules import Choice, MeetingState, Outcome
from jizhi.web.desk.forms.search import VillageSearch, every
from jizhi.web.desk.templatetags import desk as words
from jizhi.web.forms import DateInput, Form

SEAT = "seat_"


class MeetingSearch(VillageSearch):
    """Open or closed, and words of the minutes."""

    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = every(MeetingState)


class Numbers(forms.TypedMultipleChoiceField):
    """Ticked boxes whose values are numbers; the template draws the boxes itself."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, **kwargs)


class AttendanceForm(Form):
    """Who is present."""

    seats = Numbers(label=gettext_lazy("到会成员"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, seats: list[Any], **kwargs: Any) -> None:
        present = [seat.id for seat in seats if seat.present]
        super().__init__(*args, initial={"seats": present}, **kwargs)
        self.fields["seats"].choices = [(seat.id, seat.name) for seat in seats]


class OpeningForm(Form):
    """Day, place, who came and what is on the agenda."""

    held_on_date = forms.DateField(label=gettext_lazy("开会日期"), widget=DateInput())
    place = forms.CharField(label=gettext_lazy("地点"), required=False, max_length=80)
    seats = Numbers(
        label=gettext_lazy("到会成员"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("人还没到齐也可以先开，到会情况随时能改。"),
    )
    case = Numbers(label=gettext_lazy("议程"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, *args: Any, seats: list[Any], cases: list[int], today: dt.date, place: str, **kwargs: Any
    ) -> None:
        initial = {"held_on_date": today, "place": place, "seats": [seat.id for seat in seats], "case": cases}
        super().__init__(*args, initial=initial, **kwargs)
        self.today = today
        self.fields["seats"].choices = [(seat.id, seat.name) for seat in seats]
        self.fields["case"].choices = [(case, case) for case in cases]

    def clean_held_on_date(self) -> dt.date:
        day: dt.date = self.cleaned_data["held_on_date"]
        if day > self.today:
            raise forms.ValidationError(gettext("开会日期不能晚于今天。"))
        return day


class RulingForm(Form):
    """The vote on one case: what is decided, why, how much, and who voted differently."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("决定"), widget=forms.RadioSelect, initial=Outcome.APPROVE.value
    )
    grade = forms.ChoiceField(label=gettext_lazy("档次"), required=False)
    given = forms.DecimalField(label=gettext_lazy("分值"), required=False, decimal_places=2)
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("不予认定或退回补充须写明理由，农户会看到。"),
    )

    def __init__(self, *args: Any, line: Any, seats: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(one.value, gettext(one.label)) for one in Outcome]
        self._ask_amount(line)
        votes = [("", gettext("与决定一致")), *((one.value, gettext(one.label)) for one in Choice)]
        for seat in seats:
            self.fields[f"{SEAT}{seat.id}"] = forms.ChoiceField(
                label=seat.name, choices=votes, required=False
            )

    def _ask_amount(self, line: Any) -> None:
        """Keep the field that the item leaves to the panel."""
        item = line.item
        if item.needs == "grade":
            self.fields["grade"].choices = [("", gettext("请选择")), *words.grade_choices(item)]
            self.fields["grade"].initial = line.grade
        else:
            del self.fields["grade"]
        if item.needs == "given":
            low, high = item.points.between
            self.fields["given"].help_text = gettext("在 %(low)s 到 %(high)s 分之间。") % {
                "low": words.plain(low),
                "high": words.plain(high),
            }
        else:
            del self.fields["given"]

    @property
    def votes(self) -> list[Any]:
        """The members' fields, for the template."""
        return [self[name] for name in self.fields if name.startswith(SEAT)]

    @property
    def ruling(self) -> dict[str, Any]:
        """What the service takes besides the claim."""
        cleaned = self.cleaned_data
        given: Decimal | None = cleaned.get("given")
        return {
            "outcome": Outcome(cleaned["outcome"]),
            "reason": cleaned["reason"],
            "grade": cleaned.get("grade", ""),
            "given": given,
            "choices": {
                int(name.removeprefix(SEAT)): Choice(value)
                for name, value in cleaned.items()
                if name.startswith(SEAT) and value
            },
        }


class ClosingForm(Form):
    """The minutes."""

    minutes = forms.CharField(
        label=gettext_lazy("会议纪要"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("已按会议情况写好草稿，可以修改补充。议程和表决结果会自动附在后面。"),
    )
