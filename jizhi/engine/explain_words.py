"""An explanation in words, Chinese or English, as text for a terminal or a letter and as data for JSON.

Sentences only: every number comes from `explain.py`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from jizhi.engine import describe
from jizhi.engine.document.text import Text
from jizhi.engine.explain import BaseLine, Explanation, FactLine
from jizhi.engine.files import decimal

NOTES: dict[str, Text] = {
    "repeat": Text(zh="再次发生，加倍计算", en="repeated, counted at the higher rate"),
    "best_of": Text(zh="同一行为已按更高的一项计分", en="the same act is counted under a larger item"),
    "reversed": Text(zh="已撤销", en="taken back"),
    "unmatched": Text(
        zh="当天不在计分范围内（未生效、不在册或类别不符）",
        en="outside the scheme on that day (not in force, not a member, or another class)",
    ),
    "veto": Text(zh="一票否决，期内积分清零", en="wiped out by a veto"),
    "absent": Text(zh="期内不在册", en="did not take part"),
}


def note(line: FactLine | BaseLine, language: str) -> str:
    """The note of a line in words."""
    return NOTES[line.note].say(language) if line.note in NOTES else ""


def reckoning(line: FactLine, explanation: Explanation, language: str) -> list[str]:
    """How one fact came to its points, step by step."""
    places = explanation.places
    steps = [_price(line, places, language)] if line.price else []
    if line.repeated:
        steps.append(NOTES["repeat"].say(language))
    for cut in line.cuts:
        name = describe.limit_name(explanation.document, cut.name, language)
        amount = decimal(abs(cut.points), places)
        steps.append(
            f"{name} keeps back {amount}" if language.startswith("en") else f"{name}：不计{amount}分"
        )
    if line.note in NOTES and line.note != "repeat":
        steps.append(NOTES[line.note].say(language))
    return steps


def _price(line: FactLine, places: int, language: str) -> str:
    rule = describe.price(line.document, language) if line.document else ""
    parts = [rule]
    if line.document and line.document.needs == "quantity" and line.quantity is not None:
        unit = describe.word(line.document.unit_word, language)
        space = " " if language.startswith("en") else ""
        parts.append(f"{describe.number(line.quantity)}{space}{unit}")
    if line.document and line.document.needs == "grade" and line.grade:
        parts.append(describe.grade(line.grade, line.document.grades.get(line.grade), language))
    return f"{' × '.join(parts)} = {decimal(line.price, places)}"


def text(explanation: Explanation, language: str) -> str:
    """The whole reasoning as lines of text."""
    one, english = explanation, language.startswith("en")
    places = one.places
    lines = [
        f"{one.title.say(language)} · {one.subject} · {one.period}（{one.start} – {one.end}）"
        if not english
        else f"{one.title.say(language)} · {one.subject} · {one.period} ({one.start} – {one.end})"
    ]
    lines.append(_sum_line(one, english))
    if one.base_lines:
        lines.append(f"{'Base' if english else '基础分'} {decimal(one.base, places)}")
        lines += [
            f"  {line.period}  {decimal(line.counted, places)}{_because(note(line, language), english)}"
            for line in one.base_lines
        ]
    lines.append(f"{'Awards' if english else '积分明细'} {decimal(one.awarded, places)}")
    for line in one.lines:
        lines.append(
            f"  #{line.fact} {line.date} {line.title.say(language)}  {decimal(line.awarded, places)}"
        )
        lines += [f"      {step}" for step in reckoning(line, one, language)]
        if line.reference:
            lines.append(f"      {'Basis' if english else '依据'}: {line.reference.say(language)}")
    return "\n".join(lines)


def _because(words: str, english: bool) -> str:
    if not words:
        return ""
    return f" ({words})" if english else f"（{words}）"


def _sum_line(one: Explanation, english: bool) -> str:
    places = one.places
    words = f"{decimal(one.base, places)} + {decimal(one.awarded, places)} = {decimal(one.unclamped, places)}"
    if one.total != one.unclamped:
        bound = one.floor if one.total > one.unclamped else one.ceiling
        kept = decimal(bound or 0, places)
        words += f" → {kept} ({'bound of the range' if english else '超出范围，按上下限计'})"
    parts = [f"{'Total' if english else '总分'} {words}"]
    if one.rank is not None:
        parts.append(f"{'rank' if english else '排名'} {one.rank}")
    if one.level:
        parts.append(f"{'level' if english else '等级'} {one.level}")
    if one.vetoed:
        parts.append("vetoed" if english else "一票否决")
    return (", " if english else "，").join(parts)


def as_data(explanation: Explanation, language: str) -> dict[str, Any]:
    """The whole reasoning for JSON: points as decimals in text."""
    one, places = explanation, explanation.places

    def points(amount: int | None) -> str | None:
        return None if amount is None else decimal(amount, places)

    return {
        "scheme": one.scheme,
        "title": one.title.say(language),
        "subject": one.subject,
        "group": one.group,
        "period_kind": one.period_kind,
        "period": one.period,
        "from": one.start.isoformat(),
        "to": one.end.isoformat(),
        "version": one.version.isoformat() if one.version else None,
        "base": points(one.base),
        "awarded": points(one.awarded),
        "total": points(one.total),
        "range": {"min": points(one.floor), "max": points(one.ceiling)},
        "vetoed": one.vetoed,
        "rank": one.rank,
        "level": one.level,
        "base_lines": [
            {
                "period": line.period,
                "points": points(line.points),
                "counted": points(line.counted),
                "note": line.note,
                "reason": note(line, language),
            }
            for line in one.base_lines
        ],
        "lines": [_line_data(line, one, language) for line in one.lines],
    }


def _line_data(line: FactLine, one: Explanation, language: str) -> dict[str, Any]:
    def number(amount: Decimal | None) -> str | None:
        return None if amount is None else describe.number(amount)

    return {
        "fact": line.fact,
        "date": line.date.isoformat(),
        "item": line.item,
        "title": line.title.say(language),
        "section": line.section.say(language) if line.section else None,
        "kind": line.kind,
        "quantity": number(line.quantity),
        "grade": line.grade,
        "given": number(line.given),
        "act": line.act,
        "price": decimal(line.price, one.places),
        "awarded": decimal(line.awarded, one.places),
        "held_back": decimal(line.held_back, one.places),
        "note": line.note,
        "cuts": [{"limit": cut.name, "points": decimal(cut.points, one.places)} for cut in line.cuts],
        "reasoning": reckoning(line, one, language),
        "version": line.version.isoformat() if line.version else None,
        "reference": line.reference.say(language) if line.reference else None,
    }
