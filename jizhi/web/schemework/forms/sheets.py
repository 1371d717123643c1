"""Uploading a rating table, and consenting to what its rows would do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext, gettext_lazy

from jizhi.web.schemework.forms.steps import NumberForm

FILE_BYTES_MAX = 5 * 1024 * 1024
SALT = "schemework.ratings"
SECONDS_MAX = 3600


class UploadForm(NumberForm):
    """A workbook or a CSV file."""

    file = forms.FileField(
        label=gettext_lazy("评分表"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv,.ods"}),
        help_text=gettext_lazy("表头里有“条目”和“分值”就能认；先看每一行会变成什么，确认后才写入草稿。"),
    )

    def clean_file(self) -> Any:
        """Not larger than any rating table is."""
        file = self.cleaned_data["file"]
        if file.size > FILE_BYTES_MAX:
            raise forms.ValidationError(gettext("文件超过 5 MB，请确认是评分表。"))
        return file


class ConfirmForm(NumberForm):
    """The rows that were shown, signed, so that they come back as they went."""

    rows = forms.CharField(widget=forms.HiddenInput)

    def clean_rows(self) -> str:
        """Neither changed nor too old."""
        text = str(self.cleaned_data["rows"])
        try:
            signing.loads(text, salt=SALT, max_age=SECONDS_MAX)
        except signing.BadSignature as fault:
            raise forms.ValidationError(gettext("请重新上传表格。")) from fault
        return text
