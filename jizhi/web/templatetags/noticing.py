"""What a notice is called, how it stands, and the colour of that. Its content in words is `jizhi.web.noticing`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.core.text import N_
from jizhi.notices.rules import NoticeKind, NoticeStanding
from jizhi.web.templatetags import jizhi as words

register = template.Library()

TITLES = {
    NoticeKind.MONTH: N_("%(period)s积分公示"),
    NoticeKind.QUARTER: N_("%(period)s积分小结公示"),
    NoticeKind.YEAR: N_("%(period)s积分评定公示"),
    NoticeKind.HONOURS: N_("%(period)s表彰公示"),
    NoticeKind.REDEMPTIONS: N_("%(period)s积分兑换公示"),
}
TONES = {
    NoticeStanding.OPEN: "wait",
    NoticeStanding.RIPE: "wait",
    NoticeStanding.CLOSED: "plain",
    NoticeStanding.FINALISED: "good",
    NoticeStanding.WITHDRAWN: "bad",
}


def period_words(key: str) -> str:
    """A period as people say it: 2026年5月, 2026年第2季度, 2026年."""
    year, _, rest = key.partition("-")
    if not rest:
        return year if words.in_english() else f"{year}年"
    if rest[0] in "QH":
        said = {"Q": gettext("%(year)s年第%(number)s季度"), "H": gettext("%(year)s年第%(number)s个半年")}
        return said[rest[0]] % {"year": year, "number": rest[1:]}
    return words.month(key)


register.filter("period_words", period_words)


def title(kind: NoticeKind, period: str) -> str:
    """What a notice is called: 2026年5月积分公示."""
    return gettext(TITLES[kind]) % {"period": period_words(period)}


@register.filter
def notice_title(notice: Any) -> str:
    """What a notice (line or page) is called; one of persons or organisations under the title of its scheme."""
    plain = title(notice.kind, notice.period)
    if notice.of_households:
        return plain
    scheme = (words.in_english() and notice.scheme_title_en) or notice.scheme_title
    return f"{scheme} · {plain}"


@register.filter
def posting_address(one: Any) -> str:
    """Where a notice that waits is previewed."""
    address = reverse("desk:notice_new", args=[one.village.code, one.kind.value, one.period])
    return address if one.of_households else f"{address}?scheme={one.scheme}"


@register.filter
def standing(line: Any, at: dt.datetime) -> NoticeStanding:
    """How a notice stands at a moment: `{{ line|standing:request.at|label }}`."""
    return NoticeStanding(line.standing(localdate(at)))


@register.filter
def standing_tone(found: NoticeStanding) -> str:
    """The badge's colour of a standing."""
    return TONES[found]
