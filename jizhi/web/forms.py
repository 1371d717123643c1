"""The base form of every page: Django's plain form, rendered with our field part.

In a template write `{{ form.phone.as_field_group }}` for one field or `{{ form }}` for all; labels, help, errors and
their `aria-` links come with it. It checks nothing about the domain: services do.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.template import loader
from django.utils.translation import gettext_lazy


class FieldRenderer(DjangoTemplates):
    """Our form and field templates from the project, the widgets' own from Django."""

    form_template_name = "web/parts/form.html"
    field_template_name = "web/parts/field.html"

    def get_template(self, template_name: str) -> Any:
        if template_name.startswith("web/"):
            return loader.get_template(template_name)
        return super().get_template(template_name)


class Form(forms.Form):
    """Plain form; errors stand at their field and, for the whole form, in a banner above it."""

    default_renderer = FieldRenderer
    error_css_class = "has-error"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def place_of(self, place: str) -> str | None:
        """The field at which a refusal about `place` stands; none where the whole form is meant."""
        return place if place in self.fields else None


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of day and time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class PhotoInput(forms.ClearableFileInput):
    """Photos from camera or album, several at once, with a preview where scripts run."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"accept": "image/*", "multiple": True, "data-preview": ""} | (attrs or {}))


class FilesInput(forms.ClearableFileInput):
    """Documents, several at once."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"accept": ".pdf,.doc,.docx,.xls,.xlsx", "multiple": True} | (attrs or {}))


class PhotosField(forms.FileField):
    """A list of uploaded files; empty when nothing was chosen."""

    widget = PhotoInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [super(PhotosField, self).clean(one, initial) for one in files]


class SearchForm(Form):
    """One search box; list pages add their own filters below it."""

    q = forms.CharField(
        label=gettext_lazy("搜索"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
