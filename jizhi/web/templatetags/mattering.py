"""Tags of the matters' pages: a state's badge, how far its deadline is, words of a step. They only present."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.web import mattering
from jizhi.web.templatetags import jizhi as words

register = template.Library()


@register.simple_tag
def matter_badge(state: Any) -> SafeString:
    """The state of a matter as a word on a tint."""
    tone = mattering.TONES.get(state, "plain")
    return format_html('<span class="badge badge--{}">{}</span>', tone, gettext(state.label))


@register.simple_tag(takes_context=True)
def matter_due(context: template.Context, line: Any) -> SafeString:
    """The deadline as a word: red once it has passed, amber on its last day."""
    if line.due_date is None:
        return SafeString("")
    at: dt.datetime = context["request"].at
    left = (line.due_date - localdate(at)).days
    tone = "bad" if left < 0 else "wait" if left <= 1 else "plain"
    return format_html('<span class="badge badge--{}">{}</span>', tone, words.days_left(line.due_date, at))


@register.filter
def where(line: Any) -> str:
    """Grid and place of a matter in one line."""
    return " · ".join(part for part in (line.area, line.place) if part)


@register.simple_tag(takes_context=True)
def list_address(context: template.Context, name: str, row: Any, area: Any) -> str:
    """The list behind a row of the coverage, with the page's own filters kept."""
    given = context["request"].GET
    asked = {key: given[key] for key in ("since", "until", "kind") if given.get(key)}
    asked |= {"area": area.code, name: row.key}
    if name == "age":
        asked["state"] = "open"
    return f"{reverse('gridwork:matters')}?{urlencode(asked)}"
