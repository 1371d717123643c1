"""Tags and filters of the templates: labels, points, dates, icons, links to sort and page.

They only present values; anything that decides or queries belongs to rules and selectors.
"""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from jizhi.core import names
from jizhi.core import points as core_points
from jizhi.web import navigation, pager

register = template.Library()

ICONS = Path(__file__).parent.parent / "static/web/vendor/tabler-icons-3.51.0"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MINUS = "−"


def in_english() -> bool:
    """Whether the reader's language is English; everything else reads Chinese."""
    return (get_language() or "").startswith("en")


@register.simple_tag(takes_context=True)
def open_url(context: Any, url_name: str, *args: Any) -> str:
    """`{% open_url "desk:claim" id as address %}`: the address if the reader's posts open that page, else nothing."""
    return navigation.open_address(context["request"], url_name, *args)


# Words


@register.filter
def label(value: Any) -> str:
    """A `LabelledEnum` member (or anything with `.label`) in the reader's language; "—" for nothing."""
    if value is None or value == "":
        return "—"
    return gettext(str(getattr(value, "label", value)))


@register.filter
def say(text: Any) -> str:
    """An engine `Text` in the reader's language, Chinese where no English is written."""
    if text is None:
        return ""
    chinese = str(getattr(text, "zh", text))
    return str(getattr(text, "en", "") or chinese) if in_english() else chinese


@register.filter
def named(thing: Any) -> str:
    """The name of an area or of anything with `name` and `name_en`."""
    if in_english() and getattr(thing, "name_en", ""):
        return str(thing.name_en)
    return str(getattr(thing, "name", thing) or "")


@register.filter
def masked(name: str) -> str:
    """A person's name as notices print it."""
    return names.mask_name(name)


# Figures


@register.filter
def points(value: int | None, places: int | None = None) -> str:
    """Hundredths as people write them: 120 → "1.2", 12300 → "123"; `|points:1` keeps one decimal."""
    if value is None:
        return "—"
    return _grouped(int(value), places)


@register.filter
def signed_points(value: int | None, places: int | None = None) -> str:
    """As `points`, always with its sign; a true minus sign, so that columns align."""
    if value is None:
        return "—"
    sign = "+" if value > 0 else MINUS if value < 0 else ""
    return sign + _grouped(abs(int(value)), places)


@register.simple_tag
def figure(value: int | None, unit: bool = False, places: int | None = None) -> SafeString:
    """Signed points as an element: sign, colour, and the word for readers who hear the page."""
    if value is None:
        return SafeString("—")
    kind = "plus" if value > 0 else "minus" if value < 0 else "zero"
    word = {"plus": gettext("加分"), "minus": gettext("扣分"), "zero": ""}[kind]
    tail = format_html(' <span class="points__unit">{}</span>', gettext("分")) if unit else ""
    return format_html(
        '<span class="points points--{}"><span class="sr-only">{} </span>{}{}</span>',
        kind,
        word,
        signed_points(value, places),
        tail,
    )


@register.filter
def fen(value: int | None) -> str:
    """Money: 124280 → "¥1,242.80"."""
    if value is None:
        return "—"
    sign = MINUS if value < 0 else ""
    return f"{sign}¥{abs(value) // 100:,}.{abs(value) % 100:02d}"


@register.filter
def grouped(value: int | None) -> str:
    """A whole number with thousands separators."""
    return "—" if value is None else f"{value:,}"


def _grouped(hundredths: int, places: int | None) -> str:
    text = core_points.format_points(abs(hundredths), places=2 if places is None else places)
    whole, _, rest = text.partition(".")
    if places is None:
        rest = rest.rstrip("0")
    sign = MINUS if hundredths < 0 else ""
    return f"{sign}{int(whole):,}" + (f".{rest}" if rest else "")


# Dates


@register.filter
def day(value: datetime.date | datetime.datetime | None) -> str:
    """2026年11月22日 / 22 Nov 2026."""
    if value is None:
        return "—"
    date = _local(value)
    if in_english():
        return f"{date.day} {MONTHS[date.month - 1]} {date.year}"
    return f"{date.year}年{date.month}月{date.day}日"


@register.filter
def short_day(value: datetime.date | datetime.datetime | None) -> str:
    """11月22日 / 22 Nov: for lists whose year is plain."""
    if value is None:
        return "—"
    date = _local(value)
    return f"{date.day} {MONTHS[date.month - 1]}" if in_english() else f"{date.month}月{date.day}日"


@register.filter
def moment(value: datetime.datetime | None) -> str:
    """2026年11月22日 14:05 / 22 Nov 2026, 14:05."""
    if value is None:
        return "—"
    joint = ", " if in_english() else " "
    return f"{day(value)}{joint}{timezone.localtime(value):%H:%M}"


@register.filter
def month(value: datetime.date | str | None) -> str:
    """2026年11月 / Nov 2026, from a date or "2026-11"."""
    if not value:
        return "—"
    year, number = (
        (value.year, value.month) if isinstance(value, datetime.date) else map(int, value.split("-")[:2])
    )
    return f"{MONTHS[number - 1]} {year}" if in_english() else f"{year}年{number}月"


@register.filter
def days_left(until: datetime.date | datetime.datetime | None, at: datetime.datetime) -> str:
    """How far a deadline is: 还有3天 / 3 days left, 今天截止, 已过2天."""
    if until is None:
        return "—"
    days = (_local(until) - _local(at)).days
    if days == 0:
        return gettext("今天截止")
    if days < 0:
        return ngettext("已过%(days)d天", "已过%(days)d天", -days) % {"days": -days}
    return ngettext("还有%(days)d天", "还有%(days)d天", days) % {"days": days}


def _local(value: datetime.date | datetime.datetime) -> datetime.date:
    return timezone.localtime(value).date() if isinstance(value, datetime.datetime) else value


# Elements


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """One outline icon drawn inline; decorative, so hidden from screen readers."""
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', extra, _drawing(name)
    )


@cache
def _drawing(name: str) -> SafeString:
    """The paths inside the vendored file. A misspelt name fails loudly here."""
    text = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    inside = text[text.index(">") + 1 : text.rindex("</svg>")]
    return mark_safe(" ".join(line for line in inside.split("\n") if 'stroke="none"' not in line))  # noqa: S308


@register.simple_tag(takes_context=True)
def narrowed(context: Any) -> bool:
    """Whether anything but the page narrows the list: then an empty one says so, instead of "nothing yet"."""
    return any(value.strip() for name, value in context["request"].GET.items() if not name.endswith("page"))


@register.inclusion_tag("web/parts/pager.html", takes_context=True)
def paginate(context: template.Context, page: Any, target: str = "", param: str = "page") -> dict[str, Any]:
    """Page links for anything `pager.describe` understands; `target` is the id htmx should replace.

    A second list on the same page has a `param` of its own.
    """
    described, asked = pager.describe(page), context["request"].GET

    def address(number: int | None) -> str:
        query = asked.copy()
        query[param] = str(number)
        return f"?{query.urlencode()}"

    return {
        "pager": described,
        "numbers": [(number, address(number)) for number in described.numbers],
        "previous": address(described.previous) if described.previous else "",
        "next": address(described.next) if described.next else "",
        "target": target,
    }


@register.inclusion_tag("web/parts/sort_link.html", takes_context=True)
def sort_link(context: template.Context, key: str, title: str, target: str = "") -> dict[str, Any]:
    """A column heading that sorts by `key` (`?sort=key`, again `?sort=-key`)."""
    request: HttpRequest = context["request"]
    current = request.GET.get("sort", "")
    direction = {key: "up", f"-{key}": "down"}.get(current, "")
    wanted = f"-{key}" if current == key else key
    return {"title": title, "wanted": wanted, "direction": direction, "request": request, "target": target}


@register.simple_tag(takes_context=True)
def nav_links(context: template.Context, audience: str) -> list[navigation.Link]:
    """The audience's entries this reader can open: `{% nav_links "desk" as entries %}`."""
    return navigation.links(context["request"], audience)
