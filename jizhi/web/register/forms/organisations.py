"""Forms of organisations, their members, and double reporting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.organisations import rules
from jizhi.organisations.rules import OrganisationKind, Role, ServiceState
from jizhi.web.desk.forms.search import every
from jizhi.web.forms import DateInput, Form
from jizhi.web.register.forms.posts import AreaSearch

Choices = Sequence[tuple[Any, str]]


def labelled(members: Any) -> list[tuple[str, Any]]:
    """Enum members as choices in the reader's language."""
    return [(one.value, gettext_lazy(one.label)) for one in members]


class OrganisationSearch(AreaSearch):
    """Words, area, kind."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = gettext("名称、拼音、编号或负责人")
        self.fields["kind"].choices = every(OrganisationKind)


class ServiceSearch(AreaSearch):
    """Words, area, state."""

    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = every(ServiceState)


class OrganisationForm(Form):
    """An organisation; `version` tells a stale form."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=labelled(OrganisationKind))
    name = forms.CharField(label=gettext_lazy("组织名称"), max_length=100)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=100, required=False)
    code = forms.CharField(label=gettext_lazy("组织编号"), max_length=40, required=False)
    area = forms.CharField(
        label=gettext_lazy("所在区域"),
        max_length=120,
        help_text=gettext_lazy("区划代码，或“村/网格”，如 石桥村/第一网格"),
    )
    parent = forms.CharField(
        label=gettext_lazy("上级组织"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("上级的名称或编号；没有上级的不填"),
    )
    leader = forms.CharField(
        label=gettext_lazy("负责人"),
        max_length=50,
        required=False,
        help_text=gettext_lazy("负责人已登记为成员的不用填"),
    )
    contact = forms.CharField(label=gettext_lazy("联系电话"), max_length=40, required=False)
    from_date = forms.DateField(label=gettext_lazy("成立日期"), widget=DateInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, existing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if existing:
            del self.fields["from_date"]


class ClosingForm(Form):
    """The last day, and why."""

    to_date = forms.DateField(label=gettext_lazy("最后一天"), widget=DateInput)
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=120)


class PersonForm(Form):
    """Find a person by name before anything else is asked."""

    person = forms.ChoiceField(label=gettext_lazy("人员"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, persons: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = persons


class BelongingForm(PersonForm):
    """A person, a role, from when."""

    role = forms.ChoiceField(label=gettext_lazy("担任"))
    keeps_file = forms.BooleanField(label=gettext_lazy("组织关系在这里"), required=False)
    from_date = forms.DateField(label=gettext_lazy("加入日期"), widget=DateInput)

    def __init__(self, *args: Any, kind: OrganisationKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = labelled(role for role in Role if rules.may_have_role(kind, role))
        if not rules.may_keep_file(kind):
            del self.fields["keeps_file"]


class TransferForm(Form):
    """Where a full membership goes, from which day on."""

    to = forms.CharField(
        label=gettext_lazy("转入的党组织"), max_length=100, help_text=gettext_lazy("名称或编号")
    )
    on_day = forms.DateField(label=gettext_lazy("转入日期"), widget=DateInput)
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=100, required=False)


class ReportForm(Form):
    """A unit, where it reports, whom to call."""

    unit = forms.CharField(label=gettext_lazy("单位"), max_length=100, help_text=gettext_lazy("名称或编号"))
    area = forms.ChoiceField(label=gettext_lazy("报到的村（社区）"))
    contact_name = forms.CharField(label=gettext_lazy("联络员"), max_length=50, required=False)
    contact_phone = forms.CharField(label=gettext_lazy("联系电话"), max_length=20, required=False)
    from_date = forms.DateField(label=gettext_lazy("报到日期"), widget=DateInput)

    def __init__(self, *args: Any, villages: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = villages


class GridForm(Form):
    """In which grid a reporter serves, and with which duty."""

    grid = forms.ChoiceField(label=gettext_lazy("服务网格"), required=False)
    duty = forms.CharField(
        label=gettext_lazy("认领岗位"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("如 政策宣传员、治安巡逻员"),
    )

    def __init__(self, *args: Any, grids: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grid"].choices = [("", gettext("未定")), *grids]


class ReporterForm(GridForm):
    """A member who reports."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=50)
    phone = forms.CharField(label=gettext_lazy("联系电话"), max_length=20, required=False)
    from_date = forms.DateField(label=gettext_lazy("报到日期"), widget=DateInput)
    request_key = forms.CharField(widget=forms.HiddenInput, max_length=80)
    field_order = ("name", "phone", "grid", "duty", "from_date")


class ServiceForm(Form):
    """What was done on which day, for how long."""

    day = forms.DateField(label=gettext_lazy("服务日期"), widget=DateInput)
    hours = forms.DecimalField(
        label=gettext_lazy("时长（小时）"), min_value=0, max_value=16, max_digits=4, decimal_places=2
    )
    words = forms.CharField(label=gettext_lazy("做了什么"), max_length=200)
    place = forms.CharField(label=gettext_lazy("地点"), max_length=80, required=False)
    request_key = forms.CharField(widget=forms.HiddenInput, max_length=80)


class ReasonForm(Form):
    """Why a service is not confirmed, or taken back."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)
