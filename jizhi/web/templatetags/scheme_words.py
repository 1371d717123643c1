"""A scheme's numbers in plain words, in the reader's language: what an item earns, its limits, a worked example.

The words of items and limits are the engine's, through the selectors of schemes; nothing here prices anything.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext, ngettext

from jizhi.schemes import selectors as schemes
from jizhi.web.templatetags.jizhi import in_english, points

register = template.Library()


def language() -> str:
    """What the selectors are asked for."""
    return "en" if in_english() else "zh"


@register.filter
def points_words(item: Any) -> str:
    """What one act brings or costs: 每小时1分, 扣5分, 当季度积分清零."""
    return schemes.item_words(item, language()).price


@register.filter
def limit_words(limit: Any) -> str:
    """每月最多20分; 扣分每月最多30分 where the limit is on faults."""
    (words,) = schemes.limit_words([limit], language())
    return gettext("扣分%(limit)s") % {"limit": words} if limit.kind == "fault" else words


@register.filter
def repeat_words(repeat: Any) -> str:
    """A repetition within a year counts twice."""
    words = {"within": duration_words(repeat.within), "factor": number(repeat.factor)}
    return gettext("%(within)s内再次发生，按 %(factor)s 倍计") % words


@register.filter
def duration_words(duration: Any) -> str:
    """1 年, 6 个月, 30 天."""
    count = duration.count
    words = {
        "day": ngettext("%d 天", "%d 天", count),
        "week": ngettext("%d 周", "%d 周", count),
        "month": ngettext("%d 个月", "%d 个月", count),
        "quarter": ngettext("%d 个季度", "%d 个季度", count),
        "half": ngettext("%d 个半年", "%d 个半年", count),
        "year": ngettext("%d 年", "%d 年", count),
    }
    return str(words[duration.unit] % count)


@register.filter
def evidence_words(item: Any) -> str:
    """照片或证人."""
    return gettext("或").join(schemes.item_words(item, language()).evidence)


@register.filter
def channel_words(item: Any) -> str:
    """本户申报、网格员."""
    return gettext("、").join(schemes.item_words(item, language()).channels)


@register.filter
def example_words(item: Any) -> str:
    """One worked example, where a quantity or a size makes it worth showing."""
    each = getattr(item.points, "each", None)
    if each is None:
        return ""
    words = {"each": number(each), "sum": number(each * 3), "unit": schemes.item_words(item, language()).unit}
    if item.points.per_member:
        return gettext("例：3 口之家，%(each)s × 3 = %(sum)s 分") % words
    return gettext("例：3 %(unit)s，%(each)s × 3 = %(sum)s 分") % words


@register.filter
def step_words(step: Any) -> str:
    """The condition of one level: 超过 180 分, 前 30%, 其余."""
    if step.over is not None:
        return gettext("超过 %(points)s 分") % {"points": points(step.over)}
    if step.from_ is not None:
        return gettext("%(points)s 分及以上") % {"points": points(step.from_)}
    if step.top is not None:
        return gettext("前 %(top)s") % {"top": str(step.top)}
    return gettext("其余农户")


@register.filter
def basis(reference: Any) -> str:
    """Where a rule comes from, in one line."""
    return str(reference.say(language())) if reference is not None else ""


def number(value: Decimal) -> str:
    """5 → "5", 0.50 → "0.5"."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
