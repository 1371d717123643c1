"""What the phone and the desk share about the household book: its form, and values in the reader's words.

Which fields there are comes from the county's pack; whatever is checked here `visits.services` checks again.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext

from jizhi.visits import rules
from jizhi.web.forms import DateInput, Form
from jizhi.web.templatetags import jizhi as words

if TYPE_CHECKING:
    from jizhi.engine.document.gridwork import BookField, VisitClass
    from jizhi.visits.selectors import BookPage, ChangeLine


class BookForm(Form):
    """The fields that the reader may see, one control each; `version` is the one the page was opened with."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    request_key = forms.RegexField(r"^[0-9a-f]{32}$", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, page: BookPage, **kwargs: Any) -> None:
        initial = {f"field_{key}": value for key, value in page.values.items()}
        initial |= {"version": page.version, "request_key": uuid.uuid4().hex}
        super().__init__(*args, initial=initial, **kwargs)
        self.page = page
        for field in page.fields:
            self.fields[f"field_{field.key}"] = control(field)

    @property
    def values(self) -> dict[str, Any]:
        """What was given, by field key, as the service takes it."""
        return {
            field.key: _raw(self.cleaned_data.get(f"field_{field.key}"))
            for field in self.page.fields
            if f"field_{field.key}" in self.cleaned_data
        }

    def sections(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Headings with their controls, in the pack's order."""
        for section in self.page.sections:
            controls = [self[f"field_{line.field.key}"] for line in section.lines]
            yield (words.say(section.title) if section.title else gettext("基本情况")), controls


def _raw(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def control(field: BookField) -> forms.Field:
    """The control of a field: ticks and choices wherever nobody has to type."""
    label = words.say(field.title)
    if field.unit:
        label = (
            f"{label}（{words.say(field.unit)}）"
            if not words.in_english()
            else f"{label} ({words.say(field.unit)})"
        )
    more: dict[str, Any] = {"label": label, "required": False}
    if field.sensitive:
        more["help_text"] = gettext("敏感内容：只有这个网格的走访人员和村（居）委会看得到。")
    if field.kind == "choices":
        return forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, choices=_choices(field), **more)
    if field.kind == "choice":
        return forms.ChoiceField(
            widget=forms.RadioSelect, choices=[*_choices(field), ("", gettext("未填"))], **more
        )
    if field.kind == "yesno":
        choices = [(rules.YES, gettext("是")), (rules.NO, gettext("否")), ("", gettext("未填"))]
        return forms.ChoiceField(widget=forms.RadioSelect, choices=choices, **more)
    if field.kind == "number":
        return forms.DecimalField(
            widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}), **more
        )
    if field.kind == "date":
        return forms.DateField(widget=DateInput, **more)
    return forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 2}), **more)


def _choices(field: BookField) -> list[tuple[str, str]]:
    return [(choice.key, words.say(choice.title)) for choice in field.choices]


def said(field: BookField | None, value: Any) -> str:
    """A stored value in the reader's words; nothing for an empty one."""
    if rules.is_empty(value):
        return ""
    if field is None:
        return "、".join(value) if isinstance(value, list) else str(value)
    if field.kind in {"choice", "choices"}:
        known = dict(_choices(field))
        keys = value if isinstance(value, list) else [value]
        return (", " if words.in_english() else "、").join(known.get(str(key), str(key)) for key in keys)
    if field.kind == "yesno":
        return gettext("是") if value == rules.YES else gettext("否")
    if field.kind == "date":
        return words.day(dt.date.fromisoformat(str(value)))
    unit = words.say(field.unit) if field.unit else ""
    return f"{value} {unit}".strip() if unit else str(value)


def cell(field: BookField, value: Any) -> Any:
    """A stored value as a table holds it: in words that are understood when the table comes back."""
    if rules.is_empty(value):
        return None
    if field.kind == "number":
        return Decimal(value)
    return value if field.kind in {"date", "text"} else said(field, value)


@dataclass(frozen=True, slots=True)
class SaidChange:
    """A change of the book as a page shows it."""

    title: str
    before: str
    after: str
    by_name: str
    changed_at: dt.datetime


def changes_said(lines: Iterable[ChangeLine]) -> list[SaidChange]:
    """Changes in the reader's words, a dash for nothing; a field that the pack no longer has keeps its key."""
    return [
        SaidChange(
            title=words.say(line.field.title) if line.field else line.key,
            before=said(line.field, line.before) or "—",
            after=said(line.field, line.after) or "—",
            by_name=line.by_name,
            changed_at=line.changed_at,
        )
        for line in lines
    ]


def class_words(visit_class: VisitClass) -> str:
    """A class with how often it asks for a visit."""
    text = gettext("%(title)s（每月%(times)s次）")
    return text % {"title": words.say(visit_class.title), "times": visit_class.times_a_month}


def sections_said(page: BookPage) -> list[tuple[str, list[tuple[str, str]]]]:
    """The whole book as headings, labels and values, for pages that only show it and for print."""
    found = []
    for section in page.sections:
        heading = words.say(section.title) if section.title else gettext("基本情况")
        found.append(
            (heading, [(words.say(line.field.title), said(line.field, line.value)) for line in section.lines])
        )
    return found
