"""Forms of staff and posts: search, a new account, a post given or ended, a new password."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.posts.rules import PostKind
from jizhi.web.desk.forms.search import every
from jizhi.web.forms import DateInput, Form, SearchForm
from jizhi.web.register.forms.store import ReasonForm as ReasonForm

Choices = Sequence[tuple[str, str]]
_LETTERS, _DIGITS = "abcdefghjkmnpqrstuvwxyz", "23456789"


def start_password() -> str:
    """Easy to read out and type: eight letters, four digits."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}-" + "".join(secrets.choice(_DIGITS) for _ in range(4))


class StaffSearch(SearchForm):
    """Words, area and post."""

    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("职务"), required=False)

    def __init__(self, *args: Any, areas: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = gettext("姓名、账号或工作电话")
        self.fields["area"].choices = [("", gettext("全部")), *areas]
        self.fields["kind"].choices = every(PostKind)

    def value(self, name: str) -> str:
        """What was chosen, or nothing."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "").strip()


class PostForm(Form):
    """A post in an area from a day on."""

    kind = forms.ChoiceField(
        label=gettext_lazy("职务"), choices=[(one.value, gettext_lazy(one.label)) for one in PostKind]
    )
    area = forms.ChoiceField(label=gettext_lazy("任职区域"))
    from_date = forms.DateField(label=gettext_lazy("开始日期"), widget=DateInput)
    to_date = forms.DateField(label=gettext_lazy("结束日期"), widget=DateInput, required=False)

    def __init__(self, *args: Any, areas: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = areas


class PasswordForm(Form):
    """The password to start with; it must be changed at the first sign-in."""

    password = forms.CharField(
        label=gettext_lazy("初始密码"),
        max_length=64,
        initial=start_password,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("至少8个字符，要有字母和数字。本人首次登录时必须改掉。"),
    )


class AccountForm(PostForm, PasswordForm):
    """A new member of staff with the first post."""

    display_name = forms.CharField(label=gettext_lazy("姓名"), max_length=50)
    username = forms.CharField(
        label=gettext_lazy("账号"),
        max_length=64,
        help_text=gettext_lazy("登录用，字母、数字和 _ . @ -"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    work_phone = forms.CharField(label=gettext_lazy("工作电话"), required=False, max_length=20)
    field_order = (
        "display_name",
        "username",
        "password",
        "work_phone",
        "kind",
        "area",
        "from_date",
        "to_date",
    )


class EndForm(Form):
    """A post's last day."""

    to_date = forms.DateField(label=gettext_lazy("最后一天"), widget=DateInput)


class ChoiceForm(Form):
    """One of those that were found."""

    one = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, *args: Any, choices: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["one"].choices = choices
