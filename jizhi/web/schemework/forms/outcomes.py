"""The form of one outcome: on which condition, and what is then done. It gives the document's own keys."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.drafting.selectors import items as words
from jizhi.web.schemework.forms.items import ID, both, pieces, two
from jizhi.web.schemework.forms.parts import AMOUNT, LEVEL_PERIODS, words_field
from jizhi.web.schemework.forms.steps import Choices, NumberForm
from jizhi.web.schemework.templatetags.schemework import ACTIONS

VETOED = [
    ("", gettext_lazy("不论")), ("true", gettext_lazy("有一票否决")), ("false", gettext_lazy("没有一票否决")),
]  # fmt: skip
TOTALS = ("from", "over", "to", "below")
PLACES = ("top", "bottom")


class OutcomeForm(NumberForm):
    """One outcome."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=100)
    title_en = words_field(gettext_lazy("英文名称"))
    id = forms.CharField(
        label=gettext_lazy("编号"), required=False, max_length=60,
        help_text=gettext_lazy("英文字母、数字和连字符；留空自动编。"),
    )  # fmt: skip
    period = forms.ChoiceField(label=gettext_lazy("按哪个周期"), choices=LEVEL_PERIODS)
    running = forms.IntegerField(
        label=gettext_lazy("连续几期"), required=False, min_value=1, max_value=1000,
        help_text=gettext_lazy("不填就是当期符合即可"),
    )  # fmt: skip
    level = forms.MultipleChoiceField(
        label=gettext_lazy("等级是"), required=False, widget=forms.CheckboxSelectMultiple
    )
    top = words_field(gettext_lazy("排在前"), longest=8, help_text=gettext_lazy("如 10 或 5%"))
    bottom = words_field(gettext_lazy("排在后"), longest=8, help_text=gettext_lazy("如 10 或 5%"))
    total_from = words_field(gettext_lazy("总分不低于"), longest=12)
    total_over = words_field(gettext_lazy("总分超过"), longest=12)
    total_to = words_field(gettext_lazy("总分不超过"), longest=12)
    total_below = words_field(gettext_lazy("总分低于"), longest=12)
    vetoed = forms.ChoiceField(label=gettext_lazy("一票否决"), required=False, choices=VETOED)
    action = forms.ChoiceField(label=gettext_lazy("怎么办"))
    reward = words_field(gettext_lazy("奖励什么"))
    reward_en = words_field(gettext_lazy("奖励什么（英文）"))
    bar = words_field(gettext_lazy("取消哪些资格"), help_text=gettext_lazy("几项之间用顿号隔开"))
    bar_for = words_field(
        gettext_lazy("取消多久"), longest=20, help_text=gettext_lazy("如：1 year 或 6 months")
    )
    list = words_field(gettext_lazy("列入哪个名单"))
    fact_scheme = words_field(gettext_lazy("计入哪个细则（编号）"), longest=60)
    fact_item = words_field(gettext_lazy("记哪一条（编号）"), longest=60)
    fact_grade = words_field(gettext_lazy("哪个档次"), longest=60)
    published = forms.BooleanField(label=gettext_lazy("在公示上公布"), required=False)
    reference = words_field(gettext_lazy("依据"), longest=1000, area=True)
    reference_en = words_field(gettext_lazy("依据（英文）"), longest=1000, area=True)

    def __init__(self, *args: Any, before: dict[str, Any], levels: Choices, **kwargs: Any) -> None:
        self.before = before
        kwargs["initial"] = self._spelt(before) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        named = dict(levels) | {one: one for one in kwargs["initial"]["level"] if one not in dict(levels)}
        self.fields["level"].choices = list(named.items())
        self.fields["action"].choices = [(key, gettext(word)) for key, word in ACTIONS.items()]

    @staticmethod
    def _spelt(row: dict[str, Any]) -> dict[str, Any]:
        """What stands in the document, field by field."""
        when = row.get("when") or {}
        then = row.get("then") or "honour"
        then = {"action": then} if isinstance(then, str) else then
        rank, total, fact = when.get("rank") or {}, when.get("total") or {}, then.get("fact") or {}
        found = {
            "id": row.get("id", ""),
            "period": when.get("period", "year"),
            "running": when.get("running", ""),
            "level": when.get("level") or [],
            "vetoed": when.get("vetoed", ""),
            "action": then.get("action") or next((key for key in ACTIONS if key in then), "honour"),
            "bar": gettext("、").join(then.get("bar") or []),
            "bar_for": then.get("for", ""),
            "list": then.get("list", ""),
            "published": then.get("published") == "true",
        }
        found |= {name: rank.get(name, "") for name in PLACES}
        found |= {f"total_{name}": total.get(name, "") for name in TOTALS}
        found |= {f"fact_{name}": fact.get(name, "") for name in ("scheme", "item", "grade")}
        for name, value in (("title", row.get("title")), ("reward", then.get("reward"))):
            found[name], found[f"{name}_en"] = both(value)
        found["reference"], found["reference_en"] = both(row.get("reference"))
        return found

    def clean(self) -> dict[str, Any]:
        """The document's row is put together here, once every field says something usable."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("id") and not ID.fullmatch(data["id"]):
            self.add_error("id", gettext("只用英文字母、数字、点和连字符。"))
        for name in PLACES:
            if data.get(name) and not AMOUNT.fullmatch(data[name].strip().rstrip("%％")):
                self.add_error(name, gettext("应为名次或比例，如 10 或 5%。"))
        for name in (f"total_{one}" for one in TOTALS):
            if data.get(name) and not AMOUNT.fullmatch(data[name].strip()):
                self.add_error(name, gettext("应为数，如 100 或 0.5。"))
        if data.get("bar_for"):
            try:
                data["bar_for"] = words.read_duration(data["bar_for"])
            except ValueError:
                self.add_error("bar_for", gettext("应为时长，如 1 year 或 6 months。"))
        if data.get("action") == "fact" and not (data.get("fact_scheme") and data.get("fact_item")):
            self.add_error("fact_scheme", gettext("要写明计入哪个细则的哪一条。"))
        if not self.errors:
            self.row = self._row(data)
        return data

    def _row(self, data: dict[str, Any]) -> dict[str, Any]:
        reference = self.before.get("reference")
        rest = reference if isinstance(reference, dict) else {}
        rest = {key: value for key, value in rest.items() if key not in ("zh", "en")}
        said = {"zh": data["reference"], "en": data["reference_en"]}
        reference = {key: value for key, value in said.items() if value} | rest
        return {
            "id": data["id"],
            "title": two(data["title"], data["title_en"]),
            "when": self._when(data),
            "then": self._then(data),
            "reasons": self.before.get("reasons"),
            "reference": said["zh"] if reference == {"zh": said["zh"]} else reference or None,
        }

    @staticmethod
    def _when(data: dict[str, Any]) -> dict[str, Any]:
        found = {
            "period": data["period"],
            "rank": _filled({name: data[name] for name in PLACES}),
            "total": _filled({name: data[f"total_{name}"] for name in TOTALS}),
            "level": data["level"],
            "vetoed": data["vetoed"],
            "running": str(data["running"]) if (data["running"] or 1) > 1 else "",
        }
        return _filled(found)

    @staticmethod
    def _then(data: dict[str, Any]) -> Any:
        found = {
            "bar": pieces(data["bar"]),
            "for": data["bar_for"],
            "fact": _filled({name: data[f"fact_{name}"] for name in ("scheme", "item", "grade")}),
            "reward": two(data["reward"], data["reward_en"]),
            "list": data["list"],
            "published": "true" if data["published"] else "",
        }
        found = _filled(found)
        action = data["action"]
        if not found:
            return action
        # An action may stand for itself by its particulars, as long as no other does.
        alone = [key for key in ACTIONS if key in found] == [action]
        return found if alone else {"action": action, **found}


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value.strip() if isinstance(value, str) else value for key, value in values.items() if value}
