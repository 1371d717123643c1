"""What a page tells the phone about itself: whose it is, and where a household's name stands.

The scripts of `static/field/offline/` read these marks; readers see none of them.
"""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def household_mark(name: str) -> SafeString:
    """A household's name in a page that the phone may show for another household of the village: see `keep.js`."""
    return format_html("<bdi data-household>{}</bdi>", name)
