"""Forms of the register of posts: search, standing in, handing over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.posts.rules import DEPUTY_DAYS_MAX, PostKind, PostState
from jizhi.web.desk.forms.search import every
from jizhi.web.forms import DateInput, Form, SearchForm

Choices = Sequence[tuple[str, str]]


class AreaSearch(SearchForm):
    """Words and an area with everything below it."""

    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)

    def __init__(self, *args: Any, areas: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", gettext("全部")), *areas]

    def value(self, name: str) -> str:
        """What was chosen, or nothing."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "").strip()


class PostSearch(AreaSearch):
    """Words, area, kind of post and how it stands."""

    kind = forms.ChoiceField(label=gettext_lazy("职务"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = gettext("姓名、账号、电话或区域")
        self.fields["kind"].choices = every(PostKind)
        self.fields["state"].choices = [(one.value, gettext(one.label)) for one in PostState]


class AccountField(forms.CharField):
    """A member of staff by account; the page offers those it knows as suggestions."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", gettext_lazy("填账号；在“工作人员”里可以查到，没有的先设立账号。"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}))
        super().__init__(max_length=64, **kwargs)


class DeputyForm(Form):
    """Who stands in, and until when."""

    username = AccountField(label=gettext_lazy("代理人"))
    from_date = forms.DateField(label=gettext_lazy("开始日期"), widget=DateInput)
    to_date = forms.DateField(label=gettext_lazy("结束日期"), widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_date"].help_text = gettext("必填，最多%(days)d天。") % {"days": DEPUTY_DAYS_MAX}


class HandOverForm(Form):
    """Who follows, and the last day of whoever leaves."""

    username = AccountField(label=gettext_lazy("接任人"))
    last_day = forms.DateField(
        label=gettext_lazy("最后一天"), widget=DateInput, help_text=gettext_lazy("接任人从第二天起任职。")
    )
