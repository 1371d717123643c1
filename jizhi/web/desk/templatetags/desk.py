"""Words and tones of the desk: the colour of a state, how much was claimed, how far a limit cut. It decides nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext

from jizhi.activities.rules import ActivityKind, NeedKind
from jizhi.channels.rules import Record, SheetState
from jizhi.claims import selectors as claims
from jizhi.claims.rules import ClaimState, Verdict
from jizhi.core.text import N_
from jizhi.notices.rules import AppealState, LetterState, NoticeStanding, ObjectionState
from jizhi.oversight.rules import ReportState
from jizhi.recognition.rules import SheetState as Recognised
from jizhi.reviews.rules import MeetingState, Outcome, PanelState
from jizhi.web.templatetags.jizhi import in_english, label, say
from jizhi.web.templatetags.noticing import TONES as NOTICE_TONES
from jizhi.web.templatetags.noticing import period_words

register = template.Library()

TONES: dict[Any, str] = {
    (Recognised, Recognised.SELF_SCORED): "wait",
    (Recognised, Recognised.TEAM_SCORED): "info",
    (Recognised, Recognised.DECIDED): "good",
    (SheetState, SheetState.PRINTED): "wait",
    (SheetState, SheetState.USED): "good",
    (SheetState, SheetState.MISSING): "bad",
    (ClaimState, ClaimState.FILED): "wait",
    (ClaimState, ClaimState.VERIFIED): "info",
    (ClaimState, ClaimState.APPROVED): "wait",
    (ClaimState, ClaimState.GRACE): "wait",
    (ClaimState, ClaimState.POSTED): "good",
    (ClaimState, ClaimState.CORRECTED): "good",
    (ClaimState, ClaimState.RETURNED): "bad",
    (ClaimState, ClaimState.REJECTED): "bad",
    (MeetingState, MeetingState.OPEN): "wait",
    (MeetingState, MeetingState.CLOSED): "good",
    (ReportState, ReportState.SENT): "good",
    (ReportState, ReportState.NONE): "info",
    (ReportState, ReportState.LATE): "bad",
    (PanelState, PanelState.IN_OFFICE): "good",
    (PanelState, PanelState.COMING): "info",
    (Outcome, Outcome.APPROVE): "good",
    (Outcome, Outcome.REJECT): "bad",
    (Outcome, Outcome.RETURN): "wait",
    **{(NoticeStanding, one): tone for one, tone in NOTICE_TONES.items()},
    (ObjectionState, ObjectionState.FILED): "wait",
    (ObjectionState, ObjectionState.UPHELD): "good",
    (ObjectionState, ObjectionState.DISMISSED): "plain",
    (Verdict, Verdict.SAME): "bad",
    (Verdict, Verdict.DIFFERENT): "good",
    (ObjectionState, ObjectionState.ESCALATED): "wait",
    (ObjectionState, ObjectionState.PARTLY): "good",
    (AppealState, AppealState.FILED): "wait",
    (AppealState, AppealState.UPHELD): "good",
    (AppealState, AppealState.PARTLY): "good",
    (LetterState, LetterState.RECEIVED): "wait",
    (LetterState, LetterState.ESCALATED): "wait",
    (LetterState, LetterState.ADMITTED): "info",
    (LetterState, LetterState.UPHELD): "good",
}
STEPS = {
    "claim.file": N_("申报"),
    "claim.refile": N_("补充后重新申报"),
    "claim.verify": N_("核实"),
    "claim.return": N_("退回补充"),
    "claim.decide": N_("评议会决定"),
    "claim.tell": N_("告知扣分"),
    "claim.attempt": N_("没有联系上"),
    "claim.correct": N_("确认已改正"),
    "claim.count": N_("逾期未改正，记分"),
    "claim.withdraw": N_("撤回"),
    "claim.attach": N_("补充佐证"),
    "claim.compare": N_("比对是否重复"),
    "claim.reopen": N_("乡镇退回重新评议"),
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
def record_kind(kind: str, record: Record) -> str:
    """A kind to which a rule is narrowed, in words: of activities and needs; a matter's kinds are the pack's own."""
    of = {Record.ACTIVITY_ATTENDED: ActivityKind, Record.NEED_SERVED: NeedKind}.get(record)
    return label(of(kind)) if of is not None and kind in set(of) else kind


@register.filter
def household_no(key: str) -> str:
    """The household's number out of its key."""
    return key.rpartition("-")[2]


@register.filter
def period(key: str) -> str:
    """A period as people say it: 2026年5月, 2026年第2季度, 2026年."""
    return period_words(key)


@register.filter
def of(mapping: Any, key: Any) -> Any:
    """A value out of a mapping, nothing where it has none."""
    return mapping.get(key)


@register.filter
def grade_choices(item: Any) -> list[tuple[str, str]]:
    """The grades of an item with what each is worth, as choices."""
    return claims.grade_choices(item, "en" if in_english() else "zh")
