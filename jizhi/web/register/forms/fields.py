"""Fields that several forms of the registers share; what a number means is checked by the services."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy


def id_number_field() -> forms.RegexField:
    """An ID number of eighteen digits, or an old one of fifteen; may stay empty."""
    return forms.RegexField(
        r"^([0-9]{17}[0-9Xx]|[0-9]{15})$",
        label=gettext_lazy("身份证号码"),
        required=False,
        error_messages={"invalid": gettext_lazy("身份证号码是18位（旧号15位），最后一位可以是X。")},
    )
