"""Forms of the records of meetings: the search, the record itself, the township's answer."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.assemblies.rules import About, FilingState
from jizhi.schemes.rules import MeetingKind
from jizhi.web.desk.forms.search import VillageSearch, every
from jizhi.web.forms import DateInput, Form

PEOPLE_MAX = 100_000
YUAN_MAX = 100_000_000
Choices = Sequence[tuple[Any, str]]


class AssemblySearch(VillageSearch):
    """What it is about, and how far it has come."""

    about = forms.ChoiceField(label=gettext_lazy("议题"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = every(About)
        self.fields["state"].choices = [*every(FilingState), ("lost", gettext("未通过"))]


class YuanField(forms.DecimalField):
    """Money typed in yuan, given on in fen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(decimal_places=2, max_value=YUAN_MAX, **kwargs)

    def clean(self, value: Any) -> int | None:
        yuan: Decimal | None = super().clean(value)
        return None if yuan is None else int(yuan * 100)


def _count(label: Any, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=PEOPLE_MAX, **kwargs)


class AssemblyForm(Form):
    """What was put to the meeting, who came, how they voted."""

    village = forms.ChoiceField(label=gettext_lazy("村（社区）"))
    title = forms.CharField(label=gettext_lazy("议题名称"), max_length=120)
    text = forms.CharField(
        label=gettext_lazy("表决的内容"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("照会上宣读的文字写。"),
    )
    version = forms.ChoiceField(label=gettext_lazy("细则版本"))
    fen = YuanField(label=gettext_lazy("金额（元）"), min_value=Decimal("0.01"))
    source = forms.CharField(label=gettext_lazy("资金来源"), max_length=200)
    from_date = forms.DateField(label=gettext_lazy("使用期从"), widget=DateInput)
    to_date = forms.DateField(label=gettext_lazy("使用期到"), widget=DateInput)
    period = forms.CharField(
        label=gettext_lazy("依据的积分周期"),
        max_length=10,
        help_text=gettext_lazy("例如 2026、2026-Q2 或 2026-05"),
    )
    per_member = forms.BooleanField(label=gettext_lazy("按家庭人口加权"), required=False)
    floor_fen = YuanField(label=gettext_lazy("每户保底（元）"), required=False, min_value=Decimal(0))
    cap_fen = YuanField(label=gettext_lazy("每户封顶（元）"), required=False, min_value=Decimal(0))
    own_pool = forms.BooleanField(
        label=gettext_lazy("这笔钱是单列的资金"),
        required=False,
        help_text=gettext_lazy("积分分红不动用、不改变集体收益分配份额（农村集体经济组织法第四十二条）。"),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("会议"),
        widget=forms.RadioSelect,
        choices=[(one.value, gettext_lazy(one.label)) for one in MeetingKind],
        initial=MeetingKind.REPRESENTATIVES.value,
        help_text=gettext_lazy(
            "村民代表会议须三分之二以上代表到会；村民会议须过半数村民或三分之二以上的户代表到会。"
        ),
    )
    announced_date = forms.DateField(label=gettext_lazy("通知日期"), widget=DateInput)
    held_on_date = forms.DateField(label=gettext_lazy("会议日期"), widget=DateInput)
    place = forms.CharField(label=gettext_lazy("地点"), required=False, max_length=80)
    chair = forms.CharField(label=gettext_lazy("主持人"), max_length=40)
    recorder = forms.CharField(label=gettext_lazy("记录人"), max_length=40)
    members = _count(gettext_lazy("应到人数"))
    present = _count(gettext_lazy("到会人数"))
    votes_for = _count(gettext_lazy("赞成票"))
    against = _count(gettext_lazy("反对票"))
    abstain = _count(gettext_lazy("弃权票"))

    NEEDS = {
        About.SCHEME: {"version"},
        About.FUND: {"fen", "source", "from_date", "to_date"},
        About.DIVIDEND: {"fen", "source", "period", "per_member", "floor_fen", "cap_fen", "own_pool"},
        About.OTHER: set[str](),
    }

    def __init__(
        self, *args: Any, about: About, villages: Choices, versions: Choices = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].choices = villages
        if len(villages) == 1:
            self.fields["village"].widget = forms.HiddenInput()
            self.fields["village"].initial = villages[0][0]
        self.fields["version"].choices = versions
        for name in set().union(*self.NEEDS.values()) - self.NEEDS[about]:
            del self.fields[name]


class FilingForm(Form):
    """The village's own number."""

    filing_number = forms.CharField(label=gettext_lazy("报送编号"), max_length=60)
    note = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=200)


class AcknowledgementForm(Form):
    """The township's number."""

    receipt = forms.CharField(label=gettext_lazy("乡镇备案编号"), max_length=60)


class ReturnForm(Form):
    """Why it goes back."""

    reason = forms.CharField(
        label=gettext_lazy("退回的理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class KeyedForm(Form):
    """A form whose repeat is harmless."""

    request_key = forms.CharField(widget=forms.HiddenInput, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"request_key": str(uuid.uuid4())} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
