"""Words and tones of the desk: the colour of a state, how much was claimed, how far a limit cut. It decides nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext

from jizhi.claims import selectors as claims
from jizhi.claims.rules import ClaimState
from jizhi.core.text import N_
from jizhi.notices.rules import NoticeState, ObjectionState
from jizhi.reviews.rules import MeetingState, Outcome
from jizhi.web.templatetags.jizhi import in_english, month, say

register = template.Library()

TONES: dict[Any, str] = {
    (ClaimState, ClaimState.FILED): "wait",
    (ClaimState, ClaimState.VERIFIED): "info",
    (ClaimState, ClaimState.APPROVED): "wait",
    (ClaimState, ClaimState.POSTED): "good",
    (ClaimState, ClaimState.RETURNED): "bad",
    (ClaimState, ClaimState.REJECTED): "bad",
    (MeetingState, MeetingState.OPEN): "wait",
    (MeetingState, MeetingState.CLOSED): "good",
    (Outcome, Outcome.APPROVE): "good",
    (Outcome, Outcome.REJECT): "bad",
    (Outcome, Outcome.RETURN): "wait",
    (NoticeState, NoticeState.POSTED): "info",
    (NoticeState, NoticeState.FINALISED): "good",
    (ObjectionState, ObjectionState.FILED): "wait",
    (ObjectionState, ObjectionState.UPHELD): "good",
    (ObjectionState, ObjectionState.DISMISSED): "plain",
}
STEPS = {
    "claim.file": N_("申报"),
    "claim.refile": N_("补充后重新申报"),
    "claim.verify": N_("核实"),
    "claim.return": N_("退回补充"),
    "claim.decide": N_("评议会决定"),
    "claim.tell": N_("告知扣分"),
    "claim.withdraw": N_("撤回"),
    "claim.attach": N_("补充照片"),
}


MEASURES = {"", "yuan", "mu", "kg", "m²", "people"}


@register.filter
def tone(state: Any) -> str:
    """The badge's colour of a state."""
    return TONES.get((type(state), state), "plain")


@register.filter
def step_title(verb: str) -> str:
    """What a step of a claim is called."""
    return gettext(STEPS.get(verb, verb))


@register.filter
def plain(number: Decimal | None) -> str:
    """A decimal without needless zeros."""
    if number is None:
        return ""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def unit(item: Any) -> str:
    """What one unit of the item's quantity is called."""
    return claims.unit_words(item, "en" if in_english() else "zh")


@register.filter
def amount(line: Any) -> str:
    """How much was claimed or decided: 4 小时, 出机具, 12 分. Empty where the item needs no amount."""
    if line.given is not None:
        return gettext("%(points)s 分") % {"points": plain(line.given)}
    if line.grade:
        words = line.item.grades.get(line.grade)
        return say(words) if words else line.grade
    if line.quantity is not None:
        return _counted(line.quantity, unit(line.item))
    return ""


def _counted(quantity: Decimal, word: str) -> str:
    """A quantity with its unit; English counts more than one with an s, save for measures."""
    if word.isascii() and quantity != 1:
        word = {"person": "people"}.get(word, word if word in MEASURES or word.endswith("s") else f"{word}s")
    return f"{plain(quantity)} {word}".strip()


@register.filter
def household_no(key: str) -> str:
    """The household's number out of its key."""
    return key.rpartition("-")[2]


@register.filter
def period(key: str) -> str:
    """A period as people say it: 2026年5月, 2026年第2季度, 2026年."""
    year, _, rest = key.partition("-")
    if not rest:
        return year if in_english() else f"{year}年"
    if rest[0] in "QH":
        words = {"Q": gettext("%(year)s年第%(number)s季度"), "H": gettext("%(year)s年第%(number)s个半年")}
        return words[rest[0]] % {"year": year, "number": rest[1:]}
    return month(key)


@register.filter
def of(mapping: Any, key: Any) -> Any:
    """A value out of a mapping, nothing where it has none."""
    return mapping.get(key)


@register.filter
def minutes_lines(text: str) -> int:
    """How many lines a box needs to show the text."""
    return max(6, text.count("\n") + len(text) // 40 + 2)


@register.filter
def grade_choices(item: Any) -> list[tuple[str, str]]:
    """The grades of an item with what each is worth, as choices."""
    return claims.grade_choices(item, "en" if in_english() else "zh")
