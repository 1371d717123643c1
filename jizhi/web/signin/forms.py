"""The two sign-in forms: account and password, card number and PIN. Whether they are right is asked by the views."""

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.accounts.rules import PIN_LENGTH
from jizhi.people.rules import clean_card_code
from jizhi.web.forms import Form


def _secret(autocomplete: str) -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": autocomplete})


def _pin(autocomplete: str) -> forms.PasswordInput:
    attrs = {"autocomplete": autocomplete, "inputmode": "numeric", "maxlength": PIN_LENGTH, "class": "pin"}
    return forms.PasswordInput(attrs=attrs)


class StaffForm(Form):
    """For people with a post."""

    username = forms.CharField(
        label=gettext_lazy("账号"),
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=gettext_lazy("密码"),
        strip=False,
        widget=_secret("current-password"),
    )


class HouseholdForm(Form):
    """For a household with its card."""

    username = forms.CharField(
        label=gettext_lazy("卡号"),
        max_length=64,
        help_text=gettext_lazy("印在积分卡二维码下面。用手机扫一扫二维码，可以不填卡号。"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=gettext_lazy("PIN 码"),
        strip=False,
        widget=_pin("current-password"),
    )

    def clean_username(self) -> str:
        """Hyphens, blanks and lower case are as good as what is printed."""
        code = clean_card_code(self.cleaned_data["username"])
        if not code:
            raise forms.ValidationError(gettext("卡号是 12 位字母和数字，请对照卡片再看一遍。"))
        return code


class PasswordForm(Form):
    """A member of staff changes the own password."""

    old = forms.CharField(label=gettext_lazy("原密码"), strip=False, widget=_secret("current-password"))
    new = forms.CharField(
        label=gettext_lazy("新密码"),
        strip=False,
        widget=_secret("new-password"),
        help_text=gettext_lazy("至少 8 个字符，同时有字母和数字。"),
    )
    again = forms.CharField(label=gettext_lazy("再输一次"), strip=False, widget=_secret("new-password"))

    def clean(self) -> dict[str, str]:
        typed: dict[str, str] = super().clean() or {}
        if typed.get("new") and typed.get("again") and typed["new"] != typed.pop("again"):
            self.add_error("again", gettext("两次输入不一样。"))
        typed.pop("again", None)
        return typed


class PinForm(PasswordForm):
    """A household changes the own PIN."""

    old = forms.CharField(label=gettext_lazy("现在的 PIN 码"), strip=False, widget=_pin("current-password"))
    new = forms.CharField(
        label=gettext_lazy("新 PIN 码"),
        strip=False,
        widget=_pin("new-password"),
        help_text=gettext_lazy("6 位数字，不要用生日或连号。"),
    )
    again = forms.CharField(label=gettext_lazy("再输一次"), strip=False, widget=_pin("new-password"))
