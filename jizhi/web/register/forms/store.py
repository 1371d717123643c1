"""Forms of the points store: finding a household, handing out, opening, undoing; articles and their stock."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.core.points import parse_points
from jizhi.store.selectors import GoodsLine
from jizhi.web.desk.forms.search import VillageSearch
from jizhi.web.forms import DateInput, Form

QUANTITY_MAX = 999
STOCK_MAX = 1_000_000


class FindForm(Form):
    """One box for whatever somebody brings: a card, a number, or a name."""

    q = forms.CharField(
        label=gettext_lazy("扫卡，或输入卡号、户编号、个人编号、姓名"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autofocus": True, "autocomplete": "off"}),
    )


class BasketForm(Form):
    """How many of each article, who picks up, and the key that makes a repeat harmless."""

    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    picked_up_by = forms.CharField(label=gettext_lazy("领取人"), required=False, max_length=40)

    def __init__(self, *args: Any, goods: Sequence[GoodsLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goods = goods
        for line in goods:
            self.fields[f"goods-{line.id}"] = forms.IntegerField(
                label=line.name,
                required=False,
                min_value=0,
                max_value=QUANTITY_MAX,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "data-price": line.price}),
            )

    @property
    def basket(self) -> Mapping[int, int]:
        """Article → quantity, chosen ones only."""
        chosen = {line.id: self.cleaned_data.get(f"goods-{line.id}") for line in self.goods}
        return {number: quantity for number, quantity in chosen.items() if quantity}


class OpeningForm(Form):
    """One more opening day."""

    date = forms.DateField(label=gettext_lazy("开放日期"), widget=DateInput)
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=120)


class ReasonForm(Form):
    """Why something is undone, blocked or looked at."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=120)


class RedemptionSearch(VillageSearch):
    """Words, village and day."""

    day = forms.DateField(label=gettext_lazy("日期"), required=False, widget=DateInput)

    @property
    def filters(self) -> dict[str, Any]:
        """What the selector takes."""
        words = self.value("q")
        return {"words": words, "village_code": self.value("village"), "day": self.cleaned_data.get("day")}


class GoodsSearch(VillageSearch):
    """Name, and whether it is on sale."""

    shown = forms.ChoiceField(label=gettext_lazy("显示"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "village" in self.fields:  # one shelf at a time
            self.fields["village"].choices = self.fields["village"].choices[1:]
        self.fields["shown"].choices = [
            ("", gettext("全部")),
            ("on", gettext("在架")),
            ("off", gettext("已下架")),
            ("low", gettext("快没有了")),
        ]


class PointsField(forms.CharField):
    """Points as people write them, kept in hundredths."""

    def clean(self, value: Any) -> int:
        text = super().clean(value)
        try:
            return parse_points(text)
        except ValueError as fault:
            raise forms.ValidationError(gettext("请填写积分，如 5 或 2.5。")) from fault


class ArticleForm(Form):
    """An article of the shelf."""

    name = forms.CharField(label=gettext_lazy("物品名称"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), required=False, max_length=60)
    unit = forms.CharField(
        label=gettext_lazy("计量单位"), max_length=12, help_text=gettext_lazy("如 瓶、袋、条")
    )
    price = PointsField(
        label=gettext_lazy("兑换所需积分"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    on_sale = forms.BooleanField(label=gettext_lazy("在架，可以兑换"), required=False, initial=True)


class ReceivingForm(Form):
    """Goods that came in."""

    quantity = forms.IntegerField(label=gettext_lazy("入库数量"), min_value=1, max_value=STOCK_MAX)
    donor = forms.CharField(
        label=gettext_lazy("捐赠方"), required=False, max_length=80, help_text=gettext_lazy("购进的不填")
    )
    note = forms.CharField(label=gettext_lazy("备注"), required=False, max_length=200)


class CountingForm(Form):
    """What the shelf really holds."""

    counted = forms.IntegerField(label=gettext_lazy("实际数量"), min_value=0, max_value=STOCK_MAX)
    note = forms.CharField(
        label=gettext_lazy("差异原因"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("与账面相符时不用填"),
    )
