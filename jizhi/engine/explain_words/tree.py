"""A whole explanation as lines of text, the parts of each line indented below it."""

from __future__ import annotations

from jizhi.engine.document.text import Text
from jizhi.engine.explain.parts import Explanation, FactLine
from jizhi.engine.explain_words import sentences
from jizhi.engine.files import decimal

HEADINGS: dict[str, Text] = {
    "total": Text(zh="总分", en="Total"),
    "base": Text(zh="基础分", en="Base"),
    "awards": Text(zh="积分明细", en="Awards"),
    "rank": Text(zh="名次", en="Rank"),
    "level": Text(zh="等级", en="Level"),
    "vetoed": Text(zh="一票否决", en="Vetoed"),
    "outcomes": Text(zh="结果运用", en="Outcomes"),
    "share": Text(zh="分红", en="Share"),
    "refused": Text(zh="不能用的行", en="Rows that could not be used"),
    "basis": Text(zh="依据", en="Basis"),
    "scored": Text(zh="按", en="Under"),
}


def text(explanation: Explanation, language: str) -> str:
    """The whole reasoning as lines of text."""
    one, english = explanation, language.startswith("en")
    days = f"{one.start} – {one.end}"
    head = f"{one.title.say(language)} · {one.subject} · {one.period}"
    lines = [f"{head} ({days})" if english else f"{head}（{days}）"]
    lines.append(_pair("scored", sentences.version(one.version, one.file, language), language))
    if one.reference:
        lines.append(_pair("basis", one.reference.say(language), language))
    lines += _totals(one, language)
    if one.base_lines:
        lines.append(f"{_word('base', language)} {decimal(one.base, one.places)}")
        for base in one.base_lines:
            counted = decimal(base.counted, one.places)
            why = sentences.note(base, language)
            lines.append(f"  {base.period}  {sentences.with_reason(counted, why, language)}")
    lines.append(f"{_word('awards', language)} {decimal(one.awarded, one.places)}")
    for line in one.lines:
        lines += _fact(line, one, language)
    return "\n".join(lines + _after(one, language))


def _word(name: str, language: str) -> str:
    return HEADINGS[name].say(language)


def _pair(name: str, words: str, language: str) -> str:
    return (
        f"{_word(name, language)}: {words}"
        if language.startswith("en")
        else f"{_word(name, language)}：{words}"
    )


def _totals(one: Explanation, language: str) -> list[str]:
    places = one.places
    total = f"{_word('total', language)} {decimal(one.total, places)}"
    if one.base_lines or one.total != one.unclamped:
        total += f" = {decimal(one.base, places)} + {decimal(one.awarded, places)}"
    lines = [sentences.with_reason(total, sentences.clamp(one, language), language)]
    if one.rank_line:
        lines.append(_pair("rank", sentences.rank(one.rank_line, one, language), language))
    elif one.rank is not None:
        lines.append(_pair("rank", str(one.rank), language))
    if one.level_line:
        why = sentences.level(one.level_line, one, language)
        words = sentences.with_reason(one.level_line.level.say(language), why, language)
        lines.append(_pair("level", words, language))
    elif one.level:
        lines.append(_pair("level", sentences.level_name(one.level, one, language), language))
    if one.vetoed:
        lines.append(_word("vetoed", language))
    return lines


def _fact(line: FactLine, one: Explanation, language: str) -> list[str]:
    lines = [f"  #{line.fact} {line.date} {line.title.say(language)}  {decimal(line.awarded, one.places)}"]
    lines += [f"      {step}" for step in sentences.reckoning(line, one, language)]
    if line.document and (line.version, line.file) != (one.version, one.file):
        lines.append(
            f"      {_pair('scored', sentences.version(line.version, line.file, language), language)}"
        )
    if line.reference:
        lines.append(f"      {_pair('basis', line.reference.say(language), language)}")
    return lines


def _after(one: Explanation, language: str) -> list[str]:
    """What follows from the total, and what could not be used."""
    lines: list[str] = []
    if one.outcomes:
        lines.append(_word("outcomes", language))
    for outcome in one.outcomes:
        title = outcome.rule.title.say(language)
        name = sentences.with_reason(title, sentences.action(outcome, language), language)
        colon = ": " if language.startswith("en") else "："
        lines.append(f"  {name}{colon}{sentences.outcome(outcome, one, language)}")
        if outcome.rule.reference:
            lines.append(f"      {_pair('basis', outcome.rule.reference.say(language), language)}")
    if one.share:
        lines.append(_pair("share", sentences.share(one.share, one, language), language))
    if one.refused:
        lines.append(_word("refused", language))
    lines += [f"  #{row.fact} {row.date} {row.item}  {row.reason}" for row in one.refused]
    return lines
