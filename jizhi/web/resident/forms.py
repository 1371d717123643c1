"""Forms of the household's pages besides the claim itself: an objection, a search in a notice."""

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.activities.rules import NeedKind
from jizhi.activities.selectors import TakingLine
from jizhi.notices.rules import LetterAbout
from jizhi.web.forms import DateInput, Form, SearchForm


class ObjectionForm(Form):
    """Why an entry is wrong, in the household's own words."""

    grounds = forms.CharField(
        label=gettext_lazy("为什么不对"),
        max_length=1000,
        help_text=gettext_lazy("写明哪里不对、有什么依据。没有格式要求。"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class LetterForm(Form):
    """What is wrong beside the entries themselves."""

    about = forms.ChoiceField(label=gettext_lazy("反映什么"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=gettext_lazy("为什么不对"),
        max_length=2000,
        help_text=gettext_lazy("写明哪一天、什么事、有什么依据。"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = (LetterAbout.MISSING, LetterAbout.REJECTED, LetterAbout.TOTAL)
        self.fields["about"].choices = [(one.value, gettext(one.label)) for one in kinds]


class AppealForm(Form):
    """What is wrong with the answer, in the household's own words."""

    grounds = forms.CharField(
        label=gettext_lazy("对答复有什么不同意见"),
        max_length=1000,
        help_text=gettext_lazy("写明答复哪里不对、有什么依据。"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class NoticeSearch(SearchForm):
    """Finds a household on a notice."""

    q = forms.CharField(
        label=gettext_lazy("找农户"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("户号或姓氏")}),
    )


class SignInForm(Form):
    """The code on the organiser's screen, and who of the household is here."""

    code = forms.CharField(
        label=gettext_lazy("签到码"), max_length=8, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    name = forms.ChoiceField(label=gettext_lazy("谁来了"), required=False)

    def __init__(self, *args: Any, names: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].choices = [(name, name) for name in names]


class NeedForm(Form):
    """What a household asks volunteers for."""

    kind = forms.ChoiceField(label=gettext_lazy("哪一类"), widget=forms.RadioSelect)
    title = forms.CharField(
        label=gettext_lazy("需要什么"), max_length=60, help_text=gettext_lazy("一句话，例如：帮忙修一下水管")
    )
    words = forms.CharField(
        label=gettext_lazy("补充说明"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("发布后全村能看到，请不要写病情、证件号等私事。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    wanted_date = forms.DateField(label=gettext_lazy("最晚哪一天"), widget=DateInput())
    places = forms.IntegerField(label=gettext_lazy("需要几个人"), min_value=1, max_value=50, initial=1)
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(one.value, gettext(one.label)) for one in NeedKind]
        self.fields["wanted_date"].widget.attrs["min"] = today.isoformat()


class HelpForm(Form):
    """For each volunteer the hours of help; 0 for not having come."""

    def __init__(self, *args: Any, takings: Sequence[TakingLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.takings = takings
        for one in takings:
            self.fields[f"hours-{one.id}"] = forms.DecimalField(
                label=gettext("%(name)s 帮了几小时") % {"name": one.name},
                min_value=0,
                max_value=24,
                decimal_places=1,
                help_text=gettext("没有来的填 0。"),
                widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.5"}),
            )

    @property
    def hours(self) -> dict[int, Decimal | None]:
        """Taking → hours, None for not having come."""
        return {one.id: self.cleaned_data[f"hours-{one.id}"] or None for one in self.takings}


class JoinForm(Form):
    """Who of the household joins."""

    name = forms.ChoiceField(label=gettext_lazy("谁加入"))

    def __init__(self, *args: Any, names: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].choices = [(name, name) for name in names]
