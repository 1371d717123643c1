"""Forms of the meeting room: opening, attendance, the vote on one case, minutes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.reviews.rules import Choice, MeetingState, Outcome, SeatRole, Tally, Voting
from jizhi.web.desk.forms.search import VillageSearch, every
from jizhi.web.desk.templatetags import desk as words
from jizhi.web.forms import DateInput, Form, PhotosField

SEAT = "seat_"
TALLY = ("votes_for", "against", "abstain")


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
    voting = forms.ChoiceField(
        label=gettext_lazy("表决方式"),
        widget=forms.RadioSelect,
        initial=Voting.OPEN.value,
        required=False,
        help_text=gettext_lazy("无记名表决只记票数和参加的人，谁投了什么不记。"),
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
        self.fields["voting"].choices = [(one.value, gettext(one.label)) for one in Voting]

    def clean_held_on_date(self) -> dt.date:
        day: dt.date = self.cleaned_data["held_on_date"]
        if day > self.today:
            raise forms.ValidationError(gettext("开会日期不能晚于今天。"))
        return day


class UntilForm(Form):
    """Up to which day of the acts the agenda reaches."""

    until = forms.DateField(label=gettext_lazy("发生日期截至"), required=False, widget=DateInput())

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"until": today}, **kwargs)

    @property
    def day(self) -> dt.date | None:
        """The day, or none where nothing sensible was asked."""
        return self.cleaned_data.get("until") if self.is_valid() else None


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

    votes_for = forms.IntegerField(label=gettext_lazy("同意票"), min_value=0, max_value=999)
    against = forms.IntegerField(label=gettext_lazy("不同意票"), min_value=0, max_value=999, initial=0)
    abstain = forms.IntegerField(label=gettext_lazy("弃权票"), min_value=0, max_value=999, initial=0)

    def __init__(self, *args: Any, line: Any, seats: list[Any], secret: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(one.value, gettext(one.label)) for one in Outcome]
        self._ask_amount(line)
        self._ask_votes(seats, secret=secret)

    def _ask_votes(self, seats: list[Any], *, secret: bool) -> None:
        """Each member's choice in an open vote; in a secret one the count, and who steps aside of their own accord."""
        if secret:
            self.fields["votes_for"].initial = len(seats)
            aside = [Choice.RECUSED]
        else:
            for name in TALLY:
                del self.fields[name]
            aside = list(Choice)
        same = gettext("参加投票") if secret else gettext("与决定一致")
        votes = [("", same), *((one.value, gettext(one.label)) for one in aside)]
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
    def tally(self) -> list[Any]:
        """The fields of the count in a secret vote, for the template."""
        return [self[name] for name in TALLY if name in self.fields]

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
            "count": Tally(*(cleaned[name] for name in TALLY)) if "votes_for" in cleaned else None,
            "choices": {
                int(name.removeprefix(SEAT)): Choice(value)
                for name, value in cleaned.items()
                if name.startswith(SEAT) and value
            },
        }


class TownshipRulingForm(RulingForm):
    """What the township rules on a case; nobody votes, and the reasons are never left out."""

    reason = forms.CharField(
        label=gettext_lazy("理由"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("农户会看到，也写进评议记录。"),
    )


class ClosingForm(Form):
    """The minutes."""

    minutes = forms.CharField(
        label=gettext_lazy("会议纪要"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("已按会议情况写好草稿，可以修改补充。议程和表决结果会自动附在后面。"),
    )


class RemarkForm(Form):
    """A supervisor's words for the minutes, on the whole meeting or on one case."""

    seat = forms.TypedChoiceField(label=gettext_lazy("监督员"), coerce=int)
    case = forms.TypedChoiceField(label=gettext_lazy("关于"), coerce=int, empty_value=None, required=False)
    words = forms.CharField(label=gettext_lazy("意见"), widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, seats: list[Any], rows: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].choices = [
            (seat.id, seat.name) for seat in seats if seat.present and seat.role is SeatRole.SUPERVISOR
        ]
        self.fields["case"].choices = [
            ("", gettext("整个会议")),
            *((row.case_id, f"{number} {row.line.subject_label}") for number, row in enumerate(rows, 1)),
        ]

    @property
    def can_be_asked(self) -> bool:
        """Whether a supervisor is present."""
        return bool(self.fields["seat"].choices)


class SheetForm(Form):
    """Photos of the signed minutes."""

    photos = PhotosField(label=gettext_lazy("签字页照片"))


class CodeForm(Form):
    """The code from the screen in the room."""

    code = forms.CharField(
        label=gettext_lazy("签到码"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
