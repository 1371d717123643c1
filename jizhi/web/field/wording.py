"""Values of a form in words: what is there now beside what was entered, for the conflict screen.

Labels and choices are the form's own, so both sides read alike. Nothing is compared with the database here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.forms import BaseForm, Field, FileField
from django.utils.translation import gettext, ngettext

from jizhi.web.templatetags import jizhi as tags

NOTHING = "—"


def side_by_side(form: BaseForm | None, now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row for each visible field and for each label in `now` that the form does not ask."""
    rows, asked = [], set()
    for bound in form.visible_fields() if form is not None else []:
        yours = getattr(form, "cleaned_data", {}).get(bound.name)
        if bound.name not in now and not yours:
            continue  # neither side says anything
        asked.add(bound.name)
        there = words_of(now[bound.name], bound.field) if bound.name in now else NOTHING
        rows.append(_row(bound.label, there, words_of(yours, bound.field)))
    rows += [_row(label, words_of(value), "") for label, value in now.items() if label not in asked]
    return rows


def words_of(value: Any, field: Field | None = None) -> str:
    """One value as a person reads it: choices by their words, dates as dates, files as a number of photos."""
    if isinstance(field, FileField):
        count = len(value) if isinstance(value, list | tuple) else int(bool(value))
        return ngettext("照片 %(n)d 张", "照片 %(n)d 张", count) % {"n": count} if count else NOTHING
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    choices = getattr(field, "choices", None)
    if choices is not None:
        return _chosen(value, choices)
    if isinstance(value, dt.datetime):
        return tags.moment(value)
    if isinstance(value, dt.date):
        return tags.day(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def _chosen(value: Any, choices: Any) -> str:
    words: dict[str, str] = {}
    for key, label in choices:
        pairs = label if isinstance(label, list | tuple) else [(key, label)]
        words |= {str(one): str(text) for one, text in pairs}
    picked = value if isinstance(value, list | tuple | set) else [value]
    return gettext("、").join(words.get(str(one), str(one)) for one in picked)


def _row(label: Any, now: str, yours: str) -> dict[str, Any]:
    return {"label": str(label), "now": now, "yours": yours, "differs": now != (yours or now)}
