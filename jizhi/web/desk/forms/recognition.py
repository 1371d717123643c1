"""Forms of the recognition pages: opening a round, finding a sheet, how a household's own score came in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.core.text import N_
from jizhi.recognition.rules import SelfChannel, SheetState
from jizhi.reviews.rules import Choice
from jizhi.web.desk.forms.meetings import SEAT
from jizhi.web.desk.forms.search import every
from jizhi.web.forms import DateInput, Form, SearchForm


class RoundForm(Form):
    """A span of time to look back on."""

    village = forms.ChoiceField(label=gettext_lazy("村（社区）"))
    title = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    from_date = forms.DateField(label=gettext_lazy("从哪天"), widget=DateInput())
    to_date = forms.DateField(
        label=gettext_lazy("到哪天"), widget=DateInput(),
        help_text=gettext_lazy("没有写日期的积分记在这一天。"),
    )  # fmt: skip
    self_until_date = forms.DateField(label=gettext_lazy("自评截止"), widget=DateInput())

    def __init__(self, *args: Any, villages: list[tuple[str, str]], today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].choices = villages
        if len(villages) == 1:
            self.fields["village"].widget = forms.HiddenInput()
            self.fields["village"].initial = villages[0][0]
        self.fields["title"].initial = N_("%(year)s年三方认定") % {"year": today.year}
        self.fields["from_date"].initial = today.replace(month=1, day=1)
        self.fields["to_date"].initial = today
        self.fields["self_until_date"].initial = today + dt.timedelta(days=14)


class SheetSearch(SearchForm):
    """A household, and how far its sheet has come."""

    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = every(SheetState)

    @property
    def filters(self) -> dict[str, str]:
        """What the selector takes."""
        self.is_valid()
        return {
            "state": self.cleaned_data.get("state") or "",
            "words": (self.cleaned_data.get("q") or "").strip(),
        }


class SelfChannelForm(Form):
    """How the household said it."""

    channel = forms.ChoiceField(label=gettext_lazy("自评方式"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = (SelfChannel.PAPER, SelfChannel.SPOKEN)
        self.fields["channel"].choices = [(one.value, gettext(one.label)) for one in ways]
        self.fields["channel"].initial = SelfChannel.PAPER.value


class DecisionForm(Form):
    """Why the group decides otherwise than the team, and which of the members present did not simply agree."""

    reason = forms.CharField(
        label=gettext_lazy("理由"),
        required=False,
        help_text=gettext_lazy("与工作组评分不一致的，要写明理由，农户会看到。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, seats: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        votes = [("", gettext("与决定一致")), *((one.value, gettext(one.label)) for one in Choice)]
        for seat in seats:
            self.fields[f"{SEAT}{seat.id}"] = forms.ChoiceField(
                label=seat.name, choices=votes, required=False
            )

    @property
    def votes(self) -> list[Any]:
        """The members' fields, for the template."""
        return [self[name] for name in self.fields if name.startswith(SEAT)]

    @property
    def choices(self) -> dict[int, Choice]:
        """What the service takes: the members who did not simply agree."""
        return {
            int(name.removeprefix(SEAT)): Choice(value)
            for name, value in self.cleaned_data.items()
            if name.startswith(SEAT) and value
        }


class SheetRulingForm(Form):
    """Why the township rules on a sheet as it does; never left out."""

    reason = forms.CharField(
        label=gettext_lazy("理由"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("农户会看到，也写进评议记录。"),
    )
