"""Words of seals in templates: hashes in groups that can be compared by eye, and answers in the reader's language."""

from __future__ import annotations

from django import template

from jizhi.seals.rules import words
from jizhi.seals.rules.checking import Answer, Finding
from jizhi.web.templatetags.jizhi import in_english

register = template.Library()


@register.filter
def grouped_hash(digits: str) -> str:
    """Sixty-four digits in eight groups."""
    return " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))


@register.filter
def answer_words(answer: Answer) -> str:
    """What the answer to one question about a receipt means."""
    return words.answer(answer, "en" if in_english() else "zh")


@register.filter
def finding_words(finding: Finding) -> str:
    """What a check found, and where."""
    return words.finding(finding, "en" if in_english() else "zh")
