"""Forms of the household's pages besides the claim itself: photos, an objection, a search in a notice."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy

from jizhi.web.forms import Form, PhotosField, SearchForm


class PhotosForm(Form):
    """More photos for a claim."""

    photos = PhotosField(label=gettext_lazy("照片"))


class ObjectionForm(Form):
    """Why an entry is wrong, in the household's own words."""

    grounds = forms.CharField(
        label=gettext_lazy("为什么不对"),
        max_length=1000,
        help_text=gettext_lazy("写明哪里不对、有什么依据。没有格式要求。"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class NoticeSearch(SearchForm):
    """Finds a household on a notice."""

    q = forms.CharField(
        label=gettext_lazy("找农户"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("户号或姓氏")}),
    )
