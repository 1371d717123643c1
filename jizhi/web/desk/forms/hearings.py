"""Forms of hearings: an answer with its outcome and what is right instead, going up, appeals, orders, letters."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.claims.services import Correction
from jizhi.core.text import N_
from jizhi.notices.rules import LetterAbout, LetterState, OrderKind, Outcome
from jizhi.web.desk.forms.search import VillageSearch, every
from jizhi.web.forms import DateInput, Form, SearchForm

UPHELD, DISMISSED = "upheld", "dismissed"


class AnswerForm(Form):
    """The written answer; where the entry is right in part, what it should say."""

    outcome = forms.ChoiceField(label=gettext_lazy("结论"), widget=forms.RadioSelect)
    act_date = forms.DateField(
        label=gettext_lazy("更正后的日期"),
        required=False,
        widget=DateInput,
        help_text=gettext_lazy("以下各栏只在部分成立时填写，不改的留空。"),
    )
    quantity = forms.DecimalField(
        label=gettext_lazy("更正后的数量"), required=False, min_value=0, max_digits=18, decimal_places=6
    )
    given = forms.DecimalField(
        label=gettext_lazy("更正后的分值"), required=False, min_value=0, max_digits=12, decimal_places=2
    )
    grade = forms.ChoiceField(label=gettext_lazy("更正后的档次"), required=False)
    answer = forms.CharField(
        label=gettext_lazy("答复和理由"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("查了什么、依据哪一条、结论是什么。农户会收到全文，也可以打印送达。"),
    )

    def __init__(
        self, *args: Any, needs: str = "", grades: list[tuple[str, str]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(one.value, gettext(one.label)) for one in Outcome]
        self.fields["grade"].choices = [("", gettext("不改")), *(grades or [])]
        for name in {"quantity", "given", "grade"} - {needs}:
            del self.fields[name]

    @property
    def ruling(self) -> dict[str, Any]:
        """What the service takes."""
        given = self.cleaned_data
        correction = Correction(
            act_date=given.get("act_date"),
            quantity=given.get("quantity"),
            grade=given.get("grade") or "",
            given=given.get("given"),
        )
        outcome = Outcome(given["outcome"])
        return {
            "outcome": outcome,
            "answer": given["answer"],
            "correction": correction if outcome is Outcome.PARTLY else None,
        }


class EscalationForm(Form):
    """Why an objection goes up."""

    words = forms.CharField(
        label=gettext_lazy("转乡镇答复的原因"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("例如：经办人员都参加了评议，应当回避。农户会收到这段话。"),
    )


class AppealForm(Form):
    """What the household says against the answer."""

    grounds = forms.CharField(
        label=gettext_lazy("对答复有什么不同意见"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("照农户的原话记。"),
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


ORDERED = {
    UPHELD: N_("撤销这一条"),
    DISMISSED: N_("维持这一条"),
}


class OrderForm(Form):
    """A judgement or an order as it reads, with its scan."""

    kind = forms.ChoiceField(label=gettext_lazy("文书种类"), widget=forms.RadioSelect)
    number = forms.CharField(label=gettext_lazy("文号"), max_length=80)
    issuer = forms.CharField(label=gettext_lazy("作出机关"), max_length=80)
    order_date = forms.DateField(label=gettext_lazy("作出日期"), widget=DateInput)
    outcome = forms.ChoiceField(label=gettext_lazy("怎样判的"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=gettext_lazy("主要内容"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("与这一条有关的判项。两户会收到这段话。"),
    )
    scan = forms.FileField(
        label=gettext_lazy("扫描件或照片"), widget=forms.FileInput(attrs={"accept": "image/*"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(one.value, gettext(one.label)) for one in OrderKind]
        self.fields["outcome"].choices = [(key, gettext(text)) for key, text in ORDERED.items()]


class LetterSearch(VillageSearch):
    """Words, state, and what the statistics lead here by: what it is about, and the month in which it came in."""

    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    about = forms.ChoiceField(label=gettext_lazy("反映什么"), required=False)
    month = forms.CharField(
        label=gettext_lazy("收到月份"), required=False, widget=forms.TextInput(attrs={"type": "month"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = every(LetterState)
        self.fields["about"].choices = every(LetterAbout)

    @property
    def filters(self) -> dict[str, str]:
        """What the selector takes."""
        return {
            "state": self.value("state"),
            "about": self.value("about"),
            "month": self.value("month"),
            "village_code": self.value("village"),
            "words": self.value("q"),
        }


class EntrySearch(SearchForm):
    """Whose entry a letter is about."""

    q = forms.CharField(label=gettext_lazy("记录在哪一户（户编号）"), required=False)

    @property
    def words(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("q") or "").strip()


class AdmissionForm(Form):
    """Who wrote the letter, and which entry it is about."""

    no = forms.CharField(
        label=gettext_lazy("来件人是哪一户（户编号）"),
        max_length=20,
        help_text=gettext_lazy("先按来件写的联系方式核实是谁。"),
    )
    entry = forms.ChoiceField(label=gettext_lazy("针对的记录"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, entries: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entry"].choices = entries


ANSWERS = (LetterState.UPHELD, LetterState.DISMISSED, LetterState.REFUSED)


class LetterAnswerForm(Form):
    """The written answer to a letter that is about no entry, or why it is not taken up."""

    outcome = forms.ChoiceField(label=gettext_lazy("结论"), widget=forms.RadioSelect)
    answer = forms.CharField(label=gettext_lazy("答复和理由"), widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, outcomes: list[LetterState], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {LetterState.ESCALATED: gettext("转乡镇答复")}
        self.fields["outcome"].choices = [
            (one.value, words.get(one) or gettext(one.label)) for one in outcomes
        ]


class StatisticsSearch(VillageSearch):
    """The stretch of time, and the village."""

    q = None  # type: ignore[assignment]
    since = forms.DateField(label=gettext_lazy("从"), required=False, widget=DateInput)
    until = forms.DateField(label=gettext_lazy("到"), required=False, widget=DateInput)

    def stretch(self, today: dt.date) -> tuple[dt.date, dt.date]:
        """From when until when; this year so far where nothing was chosen."""
        self.is_valid()
        since = self.cleaned_data.get("since") or today.replace(month=1, day=1)
        return since, self.cleaned_data.get("until") or today
