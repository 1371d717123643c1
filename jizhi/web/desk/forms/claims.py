"""Forms of the claims' pages: search, verifying, returning, telling, keying in, uploading a sheet."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.claims.rules import Age, Channel, ClaimState, Verdict
from jizhi.claims.services import Proof
from jizhi.core.text import N_
from jizhi.web.desk.forms.search import VillageSearch, every, months
from jizhi.web.forms import DateInput, Form, MomentInput, PhotosField

KINDS = {"merit": N_("加分项"), "fault": N_("扣分项"), "veto": N_("一票否决")}
ROWS = 8
SHEET_BYTES_MAX = 10 * 1024 * 1024


class ClaimSearch(VillageSearch):
    """State, kind, channel and month of the act."""

    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("类别"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("来源"), required=False)
    month = forms.ChoiceField(label=gettext_lazy("月份"), required=False)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = every(ClaimState)
        self.fields["kind"].choices = [("", gettext("全部")), *((k, gettext(v)) for k, v in KINDS.items())]
        self.fields["channel"].choices = every(Channel)
        self.fields["month"].choices = months(today)

    @property
    def filters(self) -> dict[str, str]:
        """What the selector takes."""
        return {
            "state": self.value("state"),
            "village_code": self.value("village"),
            "kind": self.value("kind"),
            "channel": self.value("channel"),
            "month": self.value("month"),
            "words": self.value("q"),
        }


class UntoldSearch(VillageSearch):
    """What waits to be told, by age, or what may still be mended."""

    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    age = forms.ChoiceField(label=gettext_lazy("已过多久"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = (ClaimState.APPROVED, ClaimState.GRACE)
        self.fields["state"].choices = [(one.value, gettext(one.label)) for one in states]
        self.fields["age"].choices = every(Age)

    @property
    def filters(self) -> dict[str, str]:
        """What the selector takes."""
        return {
            "state": self.value("state") or ClaimState.APPROVED.value,
            "age": self.value("age"),
            "village_code": self.value("village"),
            "words": self.value("q"),
        }


class ClaimsForm(Form):
    """Several ticked claims."""

    claim = forms.TypedMultipleChoiceField(coerce=int, required=True, widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.data.getlist("claim") if hasattr(self.data, "getlist") else []
        self.fields["claim"].choices = [(one, one) for one in given if one.isdecimal()]
        self.fields["claim"].error_messages["required"] = gettext("请先勾选要办理的申报。")


class BulkTellingForm(ClaimsForm):
    """Several deductions told at the door; `person-<number of the claim>` says who was met there."""

    @property
    def proof(self) -> Proof:
        """What the service keeps: whom each household's deduction was told to."""
        return Proof(persons={one: self.data.get(f"person-{one}", "") for one in self.cleaned_data["claim"]})


class VerificationForm(Form):
    """A word of whoever verified, shown to the panel."""

    note = forms.CharField(
        label=gettext_lazy("核实情况"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("评议会上能看到，例如：已到现场，情况属实。"),
    )


class ReturnForm(Form):
    """Why a claim goes back."""

    reason = forms.CharField(
        label=gettext_lazy("退回理由"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("农户会看到这段话，请写清要补充什么。"),
    )


class ComparisonForm(Form):
    """Whether two claims are one act; a claim that goes back needs the reason."""

    verdict = forms.ChoiceField(
        choices=[(one.value, one.label) for one in Verdict],
        error_messages={"required": gettext_lazy("请选择是不是同一件事。")},
    )
    reason = forms.CharField(required=False, max_length=300)

    def __init__(self, *args: Any, other_id: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.other_id = other_id


class RefilingForm(Form):
    """A returned claim, amended."""

    act_date = forms.DateField(label=gettext_lazy("日期"), widget=DateInput())
    quantity = forms.DecimalField(label=gettext_lazy("数量"), required=False, min_value=0, max_digits=18)
    grade = forms.ChoiceField(label=gettext_lazy("档次"), required=False)
    words = forms.CharField(
        label=gettext_lazy("说明"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, needs: str, grades: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if needs != "quantity":
            del self.fields["quantity"]
        if needs == "grade":
            self.fields["grade"].choices = [("", gettext("由评议小组确定")), *grades]
        else:
            del self.fields["grade"]


class SheetForm(Form):
    """The head of a paper sheet: whose it is."""

    village = forms.ChoiceField(label=gettext_lazy("村（社区）"))
    code = forms.CharField(
        label=gettext_lazy("申报表编码"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("表上印的编码，可以扫码。没有编码的旧表空着。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    no = forms.CharField(label=gettext_lazy("户编号"), max_length=20)
    channel = forms.ChoiceField(
        label=gettext_lazy("来源"),
        widget=forms.RadioSelect,
        initial=Channel.PAPER.value,
    )
    speaker = forms.CharField(
        label=gettext_lazy("谁说的"), required=False, max_length=50,
        help_text=gettext_lazy("口头申报必填。"),
    )  # fmt: skip
    spoken_at = forms.DateTimeField(
        label=gettext_lazy("什么时候说的"), required=False, widget=MomentInput,
        help_text=gettext_lazy("不填就是现在。"),
    )  # fmt: skip
    read_back = forms.BooleanField(label=gettext_lazy("已念给对方听，对方认可"), required=False)
    photos = PhotosField(
        label=gettext_lazy("申报表照片"),
        required=False,
        help_text=gettext_lazy("可以拍下整张申报表，附在每一条后面。"),
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(
        self, *args: Any, villages: list[tuple[str, str]], of_households: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].choices = villages
        if len(villages) == 1:
            self.fields["village"].widget = forms.HiddenInput()
            self.fields["village"].initial = villages[0][0]
        if not of_households:
            self.fields["no"].label = gettext("编号")
            self.fields["no"].help_text = gettext("积分主体名册上的编号。")
        self.fields["channel"].choices = [
            (one.value, gettext(one.label)) for one in (Channel.PAPER, Channel.RECORDER, Channel.SPOKEN)
        ]
        self.fields["no"].widget.attrs |= {"autofocus": True, "autocomplete": "off"}


class RowForm(Form):
    """One line of the sheet: the day, the item (with its grade), how much, in which words."""

    act_date = forms.DateField(label=gettext_lazy("日期"), widget=DateInput())
    item = forms.ChoiceField(label=gettext_lazy("申报事项"))
    quantity = forms.DecimalField(
        label=gettext_lazy("数量"), required=False, min_value=0, max_digits=18, decimal_places=2
    )
    words = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=200)

    def __init__(self, *args: Any, items: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [("", gettext("请选择")), *items]


RowFormSet = forms.formset_factory(RowForm, extra=ROWS, max_num=40, absolute_max=40)


class UploadForm(Form):
    """A sheet of claims as a file."""

    village = forms.ChoiceField(label=gettext_lazy("村（社区）"))
    scheme = forms.ChoiceField(label=gettext_lazy("积分细则"), required=False)
    file = forms.FileField(
        label=gettext_lazy("表格文件"),
        help_text=gettext_lazy("Excel（.xlsx、.xls）或 .csv，不超过 10 兆。先检查，不会直接写入。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv,.xlsm"}),
    )

    def __init__(
        self,
        *args: Any,
        villages: list[tuple[str, str]],
        schemes: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].choices = villages
        if len(villages) == 1:
            self.fields["village"].widget = forms.HiddenInput()
            self.fields["village"].initial = villages[0][0]
        if len(schemes) > 1:
            self.fields["scheme"].choices = schemes
        else:
            del self.fields["scheme"]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > SHEET_BYTES_MAX:
            raise forms.ValidationError(gettext("文件太大：不能超过 10 兆。请拆成几个文件再导入。"))
        return file
