"""Forms of the paper sheets' pages: search, printing a batch, spoiling a sheet."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.channels.rules import SHEETS_A_BATCH_MAX, SheetKind, SheetState
from jizhi.web.desk.forms.search import VillageSearch, every
from jizhi.web.forms import DateInput, Form


class PaperSearch(VillageSearch):
    """Code or household, kind, state and village."""

    kind = forms.ChoiceField(label=gettext_lazy("种类"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = every(SheetKind)
        self.fields["state"].choices = every(SheetState)
        self.fields["q"].widget.attrs["placeholder"] = gettext("编码、编号、户主或名称")

    @property
    def filters(self) -> dict[str, str]:
        """What the selector takes."""
        return {
            "state": self.value("state"),
            "kind": self.value("kind"),
            "village_code": self.value("village"),
            "words": self.value("q"),
        }


class BatchForm(Form):
    """How many sheets, and for whom."""

    village = forms.ChoiceField(label=gettext_lazy("村（社区）"))
    households = forms.ChoiceField(
        label=gettext_lazy("印上户名"),
        required=False,
        help_text=gettext_lazy("每户一张，户号和户主已经印好。"),
    )
    count = forms.IntegerField(
        label=gettext_lazy("空白表张数"),
        min_value=0,
        max_value=SHEETS_A_BATCH_MAX,
        initial=20,
        help_text=gettext_lazy("每张都有自己的编码；录入后编码作废，不会重复计分。"),
    )
    title = forms.CharField(
        label=gettext_lazy("表头"), required=False, max_length=80,
        help_text=gettext_lazy("例如：6月积分申报表。不填就印“积分申报表”。"),
    )  # fmt: skip
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(
        self,
        *args: Any,
        villages: list[tuple[str, str]],
        grids: list[tuple[str, str]],
        of_households: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not of_households:
            self.fields["households"].label = gettext("印上编号和名称")
            self.fields["households"].help_text = gettext("参加这份细则的每人（每个组织）一张。")
        self.fields["village"].choices = villages
        if len(villages) == 1:
            self.fields["village"].widget = forms.HiddenInput()
            self.fields["village"].initial = villages[0][0]
        self.fields["households"].choices = [("", gettext("不印，只要空白表")), *grids]


class ObjectionBatchForm(Form):
    """How many objection forms, and for whom; the village and the notice are known."""

    households = forms.ChoiceField(
        label=gettext_lazy("印上户名"),
        required=False,
        help_text=gettext_lazy("每户一张，户号和户主已经印好。"),
    )
    no = forms.CharField(
        label=gettext_lazy("只印给一户（户编号）"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("填了户编号，只印这一户的一张。"),
    )
    count = forms.IntegerField(
        label=gettext_lazy("空白表张数"),
        min_value=0,
        max_value=SHEETS_A_BATCH_MAX,
        initial=10,
        help_text=gettext_lazy("每张都有自己的编码；录入后编码作废，不会重复登记。"),
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, grids: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["households"].choices = [("", gettext("不印，只要空白表")), *grids]


class WrittenObjectionForm(Form):
    """What stands on a filled-in objection form."""

    no = forms.CharField(label=gettext_lazy("提出异议的户编号"), max_length=20)
    entry = forms.ChoiceField(label=gettext_lazy("针对的记录"), widget=forms.RadioSelect)
    grounds = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("照表上写的录。"),
    )
    received_date = forms.DateField(
        label=gettext_lazy("收表日期"),
        widget=DateInput,
        help_text=gettext_lazy("答复期限从这一天算起。"),
    )

    def __init__(self, *args: Any, entries: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entry"].choices = entries


class SpoilForm(Form):
    """Why a sheet is not used."""

    reason = forms.CharField(
        label=gettext_lazy("作废原因"), max_length=200, help_text=gettext_lazy("例如：写错、污损、重印。")
    )
