"""Words of the registers: what an audit verb is called. It decides nothing."""

from __future__ import annotations

from django import template

register = template.Library()
