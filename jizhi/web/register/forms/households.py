"""Forms of the household register: search, one household, its members, its card, the roster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.accounts import rules as account_rules
from jizhi.web.forms import DateInput, Form, SearchForm

ROSTER_BYTES_MAX = 20 * 1024 * 1024
Choices = Sequence[tuple[str, str]]


class HouseholdSearch(SearchForm):
    """Words, area, card, and whether closed households are looked for."""

    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)
    card = forms.ChoiceField(label=gettext_lazy("积分卡"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("户籍状态"), required=False)

    def __init__(self, *args: Any, areas: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = gettext("户编号、姓名、拼音或住址")
        everything = ("", gettext("全部"))
        self.fields["area"].choices = [everything, *areas]
        self.fields["card"].choices = [everything, ("yes", gettext("已发卡")), ("no", gettext("未发卡"))]
        self.fields["state"].choices = [("", gettext("在册")), ("closed", gettext("已销户"))]

    def value(self, name: str) -> str:
        """What was chosen, or nothing."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "").strip()

    @property
    def filters(self) -> dict[str, Any]:
        """What the selector takes, besides the area."""
        card = {"yes": True, "no": False}.get(self.value("card"))
        return {"search": self.value("q"), "card": card, "closed": self.value("state") == "closed"}


class GridField(forms.ChoiceField):
    """The village itself or one of its grids, by code."""


class EditForm(Form):
    """What may change of a household; the phone is never shown whole, so an empty one leaves it as it is."""

    head_name = forms.CharField(label=gettext_lazy("户主"), max_length=50)
    grid = GridField(label=gettext_lazy("网格"))
    address = forms.CharField(label=gettext_lazy("住址"), max_length=200, required=False)
    phone = forms.CharField(label=gettext_lazy("联系电话"), max_length=20, required=False)
    declared_size = forms.IntegerField(
        label=gettext_lazy("家庭人口"),
        min_value=1,
        max_value=99,
        required=False,
        help_text=gettext_lazy("不填则按登记的成员人数计算"),
    )

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, grids: Choices, phone_shown: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grid"].choices = grids
        if phone_shown:
            text = gettext("现在是 %(phone)s；不改就不用填。") % {"phone": phone_shown}
            self.fields["phone"].help_text = text


class NewForm(EditForm):
    """A household that is not on the register yet."""

    no = forms.CharField(label=gettext_lazy("户编号"), max_length=20)
    from_date = forms.DateField(label=gettext_lazy("立户日期"), widget=DateInput)
    field_order = ("no", "head_name", "grid", "address", "phone", "declared_size", "from_date")


class PinForm(Form):
    """A new PIN: chosen by the household, or drawn."""

    pin = forms.CharField(
        label=gettext_lazy("新 PIN 码"),
        required=False,
        max_length=account_rules.PIN_LENGTH,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("6 位数字；不填则由系统随机生成"),
    )


class CardsForm(Form):
    """Whose cards are printed."""

    area = forms.ChoiceField(label=gettext_lazy("区域"))
    which = forms.ChoiceField(
        label=gettext_lazy("给哪些户"),
        widget=forms.RadioSelect,
        initial="new",
        choices=[
            ("new", gettext_lazy("还没有卡的户：发卡，并打印 PIN 码信")),
            ("present", gettext_lazy("已有卡的户：补打卡片，PIN 码不变")),
        ],
    )

    def __init__(self, *args: Any, areas: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = areas


class RosterForm(Form):
    """A roster and the village it is for."""

    village = forms.ChoiceField(label=gettext_lazy("村（社区）"))
    file = forms.FileField(
        label=gettext_lazy("花名册"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv", "data-preview": ""}),
        help_text=gettext_lazy("Excel 或 CSV 文件，不超过 20 MB"),
    )

    def __init__(self, *args: Any, villages: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].choices = villages
        if len(villages) == 1:
            self.fields["village"].initial = villages[0][0]
            self.fields["village"].widget = forms.HiddenInput()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > ROSTER_BYTES_MAX:
            raise forms.ValidationError(gettext("文件超过 20 MB，请分村、分网格上传。"))
        return file
