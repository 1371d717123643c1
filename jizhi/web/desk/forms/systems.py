"""The form that registers another system: its name, its area, the items that it may push; and asking for a key."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from jizhi.web.forms import Form


class SystemForm(Form):
    """Another system."""

    name = forms.CharField(
        label=gettext_lazy("系统名称"), max_length=80, help_text=gettext_lazy("例如：县志愿服务平台。")
    )
    area = forms.ChoiceField(
        label=gettext_lazy("推送范围"), help_text=gettext_lazy("只能推送这个范围内的村。")
    )
    items = forms.MultipleChoiceField(
        label=gettext_lazy("可以推送的条目"), widget=forms.CheckboxSelectMultiple
    )
    per_minute = forms.IntegerField(
        label=gettext_lazy("每分钟最多请求次数"), min_value=1, max_value=600, initial=60
    )

    def __init__(
        self,
        *args: Any,
        areas: list[tuple[str, str]],
        items: list[tuple[str, list[tuple[str, str]]]],
        **kwargs: Any,
    ) -> None:
        """`items` stand under the titles of their schemes."""
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = areas
        self.fields["items"].choices = items


class KeyForm(Form):
    """One request for a key: sent twice, it gives no second one."""

    request_key = forms.CharField(widget=forms.HiddenInput, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"request_key": str(uuid.uuid4())}, **kwargs)
