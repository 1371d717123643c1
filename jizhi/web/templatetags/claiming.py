"""Tags of the claim pages: what an item earns in words, a quantity with its unit, a state's badge.

They only present; the words come from the scheme's document.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from jizhi.claims import selectors as claims
from jizhi.recognition.rules import Party
from jizhi.web import claiming

register = template.Library()


@register.filter
def earns(item: Any) -> str:
    """Points and limits of an item in one line."""
    return claims.points_words(item, claiming.language())


@register.filter
def amount(line: Any) -> str:
    """The quantity with its unit, or the words of the grade; empty where the item needs neither."""
    if line.quantity is not None:
        joint = " " if claiming.language() == "en" else ""
        return f"{_plain(line.quantity)}{joint}{claims.unit_words(line.item, claiming.language())}"
    if line.grade:
        words = dict(claims.grade_choices(line.item, claiming.language()))
        return words.get(line.grade, str(line.grade))
    return ""


@register.filter
def of_party(totals: Any, party: Any) -> int:
    """A party's total on a recognition sheet."""
    return int(totals.get(party, 0))


@register.filter
def column_of(page: Any, party: Any) -> str:
    """The heading of a party's column on a recognition sheet."""
    return gettext("乡镇裁定") if party is Party.DECIDED and page.by_township else gettext(party.label)


@register.simple_tag
def claim_badge(state: Any) -> SafeString:
    """The state of a claim as a word on a tint."""
    tone = claiming.TONES.get(state, "plain")
    return format_html('<span class="badge badge--{}">{}</span>', tone, gettext(state.label))


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
