"""Words of the registers: what an audit verb is called. It decides nothing."""

from __future__ import annotations

from typing import Any

from django import template

from jizhi.web.register.exports import rosters as exports

register = template.Library()


@register.filter
def said(cell: Any, field: str) -> str:
    """A report cell's explanation in the reader's language: `cell|said:"reason"`."""
    return exports.said(cell, field)
