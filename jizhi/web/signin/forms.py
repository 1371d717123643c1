"""The two sign-in forms: account and password, card number and PIN. Whether they are right is asked by the views."""

from django import forms
from django.utils.translation import gettext_lazy

from jizhi.web.forms import Form


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
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
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
        widget=forms.PasswordInput(
            attrs={"autocomplete": "current-password", "inputmode": "numeric", "maxlength": 6, "class": "pin"}
        ),
    )
