"""Small forms of single keys of a document: inside what is ranked, terms of office, the pool that points share."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.drafting import selectors
from jizhi.web.forms import DateInput
from jizhi.web.schemework.forms.parts import (
    AMOUNT,
    BAD_YUAN,
    LEVEL_PERIODS,
    YUAN,
    fen_of,
    words_field,
    yuan_of,
)
from jizhi.web.schemework.forms.steps import NumberForm

WITHIN = [
    ("group", gettext_lazy("同一个村（组）")), ("class", gettext_lazy("同一类")), ("all", gettext_lazy("全部一起")),
]  # fmt: skip
TIES = [
    ("", gettext_lazy("不再分")), ("awarded", gettext_lazy("本期得分高的在前")),
    ("base", gettext_lazy("基础分高的在前")), ("size", gettext_lazy("人口多的在前")),
]  # fmt: skip
TIE_FIELDS = ("tie_1", "tie_2", "tie_3")


def _one_or_many(values: list[str]) -> Any:
    return values[0] if len(values) == 1 else values


class KeyForm(NumberForm):
    """One key of the document with its own button; `values` holds the key where something was changed."""

    key = ""
    title: Any = ""
    text: Any = ""
    what = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, found: selectors.DraftPage, **kwargs: Any) -> None:
        self.start = self.spelt(found)
        kwargs["initial"] = self.start | {"what": self.key} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    @abstractmethod
    def spelt(self, found: selectors.DraftPage) -> dict[str, Any]:
        """What stands in the document, field by field."""

    @abstractmethod
    def written(self, data: dict[str, Any]) -> Any:
        """What is to stand there; None takes the key away."""

    def clean(self) -> dict[str, Any]:
        """Only a real change reaches the document."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors:
            changed = any(_plain(data[name]) != _plain(value) for name, value in self.start.items())
            self.values = {self.key: self.written(data)} if changed else {}
        return data


def _plain(value: Any) -> Any:
    return "" if value is None else [str(one) for one in value] if isinstance(value, list) else str(value)


class RankForm(KeyForm):
    """Inside what subjects are compared, and what parts equal totals."""

    key = "rank"
    title = gettext_lazy("怎样排名")
    text = gettext_lazy("在哪个范围内比；总分相同的，先看什么、再看什么。分不出来的并列。")
    within = forms.MultipleChoiceField(
        label=gettext_lazy("在哪个范围内比"), choices=WITHIN, widget=forms.CheckboxSelectMultiple
    )
    tie_1 = forms.ChoiceField(label=gettext_lazy("总分相同，先看"), choices=TIES, required=False)
    tie_2 = forms.ChoiceField(label=gettext_lazy("再看"), choices=TIES, required=False)
    tie_3 = forms.ChoiceField(label=gettext_lazy("最后看"), choices=TIES, required=False)

    def spelt(self, found: selectors.DraftPage) -> dict[str, Any]:
        values = selectors.parts.rank_values(found)
        ties = [*values["tie_break"], "", "", ""]
        return {"within": values["within"]} | dict(zip(TIE_FIELDS, ties, strict=False))

    def clean(self) -> dict[str, Any]:
        """Each of the columns once."""
        data: dict[str, Any] = super().clean() or {}
        named = [data[name] for name in TIE_FIELDS if data.get(name)]
        if len(set(named)) < len(named):
            self.add_error("tie_2", gettext("每一项只写一次。"))
        return data

    def written(self, data: dict[str, Any]) -> Any:
        ties = [data[name] for name in TIE_FIELDS if data[name]]
        found = {"within": _one_or_many(data["within"])}
        return found | ({"tie_break": _one_or_many(ties)} if ties else {})


class TermForm(KeyForm):
    """Terms of office that limits refer to."""

    key = "term"
    title = gettext_lazy("任期")
    text = gettext_lazy("有的上限按任期算，如一届只计一次。没有这样的上限就不用填。")
    starts = forms.DateField(label=gettext_lazy("第一届从哪天起"), required=False, widget=DateInput)
    years = forms.IntegerField(label=gettext_lazy("每届几年"), required=False, min_value=1, max_value=100)

    def spelt(self, found: selectors.DraftPage) -> dict[str, Any]:
        return selectors.parts.term_values(found)

    def written(self, data: dict[str, Any]) -> Any:
        usual = selectors.parts.USUAL_TERM.years
        years = data["years"] or usual
        found = {"starts": data["starts"].isoformat()} if data["starts"] else {}
        if years != usual:
            found["years"] = str(years)
        return found or None


class ShareForm(KeyForm):
    """A pool of money split by points."""

    key = "share"
    title = gettext_lazy("按积分分配一笔钱")
    text = gettext_lazy("在一个周期结束时，把一笔钱按超出部分的积分分给各户。不选周期就是没有。")
    period = forms.ChoiceField(
        label=gettext_lazy("哪个周期的积分"),
        choices=[("", gettext_lazy("不分")), *LEVEL_PERIODS],
        required=False,
    )
    within = forms.MultipleChoiceField(
        label=gettext_lazy("每个范围一笔"),
        choices=WITHIN,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    above = words_field(
        gettext_lazy("从多少分以上算起"), longest=12, help_text=gettext_lazy("不填就是从 0 分算起")
    )
    pool = words_field(
        gettext_lazy("每笔多少元"), longest=14, help_text=gettext_lazy("可不填，由每年的决议定")
    )

    def spelt(self, found: selectors.DraftPage) -> dict[str, Any]:
        values = selectors.parts.share_values(found)
        if values is None:
            return {"period": "", "within": ["group"], "above": "", "pool": ""}
        pool = "" if values["pool"] is None else yuan_of(values["pool"])
        return {"period": values["period"], "within": values["within"], "above": values["from"], "pool": pool}

    def clean(self) -> dict[str, Any]:
        """Numbers are numbers, money has at most two decimals."""
        data = self.cleaned_data
        if data.get("above") and not AMOUNT.fullmatch(data["above"].strip()):
            self.add_error("above", gettext("应为数，如 100 或 0.5。"))
        if data.get("pool") and not YUAN.fullmatch(data["pool"].strip()):
            self.add_error("pool", BAD_YUAN)
        if data.get("period") and not data.get("within"):
            self.add_error("within", gettext("请选择在哪个范围内分。"))
        return super().clean()

    def written(self, data: dict[str, Any]) -> Any:
        if not data["period"]:
            return None
        found = {"period": data["period"], "within": _one_or_many(data["within"])}
        if data["above"]:
            found["from"] = data["above"].strip()
        if data["pool"]:
            found["pool"] = str(fen_of(data["pool"]))
        return found
