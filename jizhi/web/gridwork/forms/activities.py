"""Forms of activities, needs and teams at the desk, and the searches over their lists."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from jizhi.activities import rules
from jizhi.activities.selectors import Choice, TakingLine
from jizhi.web.desk.forms.search import VillageSearch, every, months
from jizhi.web.forms import DateInput, Form
from jizhi.web.templatetags import jizhi as words

if TYPE_CHECKING:
    from jizhi.areas.models import Area


class DateTimeInput(forms.DateTimeInput):
    """The browser's own picker of day and time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


class ActivitySearch(VillageSearch):
    """Words, village, kind, state and month."""

    kind = forms.ChoiceField(label=gettext_lazy("种类"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    month = forms.ChoiceField(label=gettext_lazy("月份"), required=False)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = every(rules.ActivityKind)
        self.fields["state"].choices = every(rules.ActivityState)
        self.fields["month"].choices = months(today)

    @property
    def filters(self) -> dict[str, Any]:
        """What the selector takes."""
        month = self.value("month")
        return {
            "words": self.value("q"),
            "village_code": self.value("village"),
            "kind": self.value("kind"),
            "state": self.value("state"),
            "month": dt.date.fromisoformat(f"{month}-01") if month else None,
        }


class NeedSearch(VillageSearch):
    """Words, village, kind and state."""

    kind = forms.ChoiceField(label=gettext_lazy("种类"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = every(rules.NeedKind)
        self.fields["state"].choices = every(rules.NeedState)

    @property
    def filters(self) -> dict[str, Any]:
        """What the selector takes."""
        return {
            "words": self.value("q"),
            "village_code": self.value("village"),
            "kind": self.value("kind"),
            "state": self.value("state"),
        }


class TeamSearch(VillageSearch):
    """Words, village, kind, and whether closed teams are looked for."""

    kind = forms.ChoiceField(label=gettext_lazy("种类"), required=False)
    closed = forms.BooleanField(label=gettext_lazy("已解散的"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = every(rules.TeamKind)

    @property
    def filters(self) -> dict[str, Any]:
        """What the selector takes."""
        return {
            "words": self.value("q"),
            "village_code": self.value("village"),
            "kind": self.value("kind"),
            "closed": bool(self.value("closed")),
        }


def _item_field(choices: Sequence[Choice]) -> list[tuple[str, str]]:
    items = [(one.id, f"{words.say(one.title)}（{one.points}）") for one in choices]
    return [("", gettext("不计积分")), *items]


class ActivityForm(Form):
    """An activity: what, where, when, who runs it, and under which item it counts."""

    kind = forms.ChoiceField(label=gettext_lazy("种类"))
    title = forms.CharField(label=gettext_lazy("活动名称"), max_length=80)
    area = forms.ChoiceField(label=gettext_lazy("范围"))
    place = forms.CharField(label=gettext_lazy("地点"), max_length=120)
    starts_at = forms.DateTimeField(label=gettext_lazy("开始"), widget=DateTimeInput())
    ends_at = forms.DateTimeField(label=gettext_lazy("结束"), widget=DateTimeInput())
    hours = forms.DecimalField(
        label=gettext_lazy("计几小时"),
        required=False,
        min_value=Decimal("0.5"),
        max_value=24,
        decimal_places=1,
        help_text=gettext_lazy("不填就按起止时间算"),
    )
    item = forms.ChoiceField(
        label=gettext_lazy("积分条目"),
        required=False,
        help_text=gettext_lazy("名单确认后按这一条申报，交评议会认定"),
    )
    team = forms.ChoiceField(label=gettext_lazy("志愿队"), required=False)
    words = forms.CharField(
        label=gettext_lazy("说明"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        areas: Iterable[Area],
        teams: Iterable[tuple[str, str]],
        items: Sequence[Choice],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(one.value, gettext(one.label)) for one in rules.ActivityKind]
        self.fields["area"].choices = [(one.code, words.named(one)) for one in areas]
        self.fields["team"].choices = [("", gettext("不限")), *teams]
        self.fields["item"].choices = _item_field(items)


def activity_initial(found: Any) -> dict[str, Any]:
    """An activity as its form shows it."""
    names = ("kind", "title", "place", "hours", "item", "words", "version")
    return {name: getattr(found, name) for name in names} | {
        "area": found.area.code,
        "starts_at": timezone.localtime(found.starts_at),
        "ends_at": timezone.localtime(found.ends_at),
        "team": str(found.team_id or ""),
    }


class ReasonForm(Form):
    """Why something is cancelled or refused."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)


class OpenNeedForm(Form):
    """Under which item the help counts."""

    item = forms.ChoiceField(label=gettext_lazy("帮忙的人按哪一条计积分"), required=False)

    def __init__(self, *args: Any, items: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = _item_field(items)


class VillageNeedForm(Form):
    """A need that staff post: for a household without a phone, or for the village."""

    household = forms.CharField(
        label=gettext_lazy("户编号"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("村集体的需求不填"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("种类"))
    title = forms.CharField(label=gettext_lazy("需要什么"), max_length=60)
    words = forms.CharField(
        label=gettext_lazy("说明"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    wanted_date = forms.DateField(label=gettext_lazy("最晚哪一天"), widget=DateInput())
    places = forms.IntegerField(label=gettext_lazy("需要几个人"), min_value=1, max_value=1000, initial=1)
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(one.value, gettext(one.label)) for one in rules.NeedKind]


class TakeForForm(Form):
    """A volunteer household without a phone."""

    household = forms.CharField(label=gettext_lazy("志愿者户编号"), max_length=20)
    name = forms.CharField(label=gettext_lazy("姓名"), required=False, max_length=50)


class HoursForm(Form):
    """For each volunteer the hours of help; 0 for not having come."""

    def __init__(self, *args: Any, takings: Sequence[TakingLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.takings = takings
        for one in takings:
            self.fields[f"hours-{one.id}"] = forms.DecimalField(
                label=one.name,
                min_value=0,
                max_value=24,
                decimal_places=1,
                help_text=gettext("没有来的填 0。"),
            )

    @property
    def hours(self) -> dict[int, Decimal | None]:
        """Taking → hours, None for not having come."""
        return {one.id: self.cleaned_data[f"hours-{one.id}"] or None for one in self.takings}


class TeamForm(Form):
    """A volunteer team."""

    area = forms.ChoiceField(label=gettext_lazy("哪里的队"))
    kind = forms.ChoiceField(label=gettext_lazy("种类"))
    name = forms.CharField(label=gettext_lazy("队名"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), required=False, max_length=80)
    leader = forms.CharField(label=gettext_lazy("队长"), required=False, max_length=50)
    phone = forms.CharField(
        label=gettext_lazy("联系电话"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("工作电话，全村可见"),
    )
    purpose = forms.CharField(
        label=gettext_lazy("做什么"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    from_date = forms.DateField(label=gettext_lazy("成立日期"), widget=DateInput())
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, areas: Iterable[Area] = (), change: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(one.value, gettext(one.label)) for one in rules.TeamKind]
        if change:
            del self.fields["area"], self.fields["from_date"]
        else:
            self.fields["area"].choices = [(one.code, words.named(one)) for one in areas]


class MemberForm(Form):
    """Somebody joins a team."""

    household = forms.CharField(label=gettext_lazy("户编号"), max_length=20)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=50)
    from_date = forms.DateField(label=gettext_lazy("入队日期"), widget=DateInput())


class DayForm(Form):
    """The last day."""

    to_date = forms.DateField(label=gettext_lazy("最后一天"), widget=DateInput())
