"""Words of the registers: what an audit verb is called. It decides nothing."""

from __future__ import annotations

from typing import Any

from django import template

from jizhi.web.register.exports import rosters as exports
from jizhi.web.templatetags.jizhi import in_english

register = template.Library()


@register.filter
def said(cell: Any, field: str) -> str:
    """A report cell's explanation in the reader's language: `cell|said:"reason"`."""
    return exports.said(cell, field)


@register.filter
def titled(line: Any) -> str:
    """The title of a scheme's version in the reader's language."""
    return line.title_en if in_english() and line.title_en else line.title
