"""One sentence for each branch of an explanation, in Chinese and English side by side."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from jizhi.engine import describe
from jizhi.engine.document.base import Portion
from jizhi.engine.document.points import Bands, Each
from jizhi.engine.explain.parts import (
    BaseLine,
    Condition,
    Cut,
    Explanation,
    FactLine,
    LevelLine,
    OutcomeLine,
    RankLine,
    ShareLine,
    StreakPeriod,
    Wiped,
)
from jizhi.engine.explain_words.sayings import ACTIONS, COLUMNS, SAYINGS, WITHIN, say
from jizhi.engine.files import decimal


def joint(language: str) -> str:
    """What stands between two clauses."""
    return "; " if language.startswith("en") else "；"


def with_reason(words: str, why: str, language: str) -> str:
    """Words with their reason behind them, when there is one."""
    if not why:
        return words
    return f"{words} ({why})" if language.startswith("en") else f"{words}（{why}）"


def window(start: dt.date, end: dt.date, language: str) -> str:
    """The days of a window."""
    if start == dt.date.min:
        return SAYINGS["ever"].say(language)
    return say("days", language, first=start, last=end)


def version(day: dt.date | None, file: str, language: str) -> str:
    """Which version scored something, with its file when it came from one."""
    words = say("version", language, day=day) if day else say("first-version", language)
    return with_reason(words, file, language)


def wiped(one: Wiped, language: str) -> str:
    """Which veto wiped something out, and which days."""
    days = window(one.start, one.end, language)
    title = one.title.say(language)
    return say("wiped", language, fact=one.fact, title=title, date=one.date, window=days)


def unit(one: Explanation, language: str) -> str:
    """What is counted: points, stars."""
    return one.document.unit.title.say(language)


def note(line: FactLine | BaseLine, language: str) -> str:
    """Why a line gives nothing, or not all; empty when nothing was in the way."""
    if isinstance(line, BaseLine):
        if line.wiped:
            return wiped(line.wiped, language)
        return say("absent", language) if line.note == "absent" else ""
    if line.note == "unmatched":
        return say(line.unmatched, language)
    if line.note == "reversed":
        return say("reversed", language)
    if line.wiped:
        if line.wiped.fact == line.fact:
            return say("vetoes", language, window=window(line.wiped.start, line.wiped.end, language))
        return wiped(line.wiped, language)
    return ""


def reckoning(line: FactLine, explanation: Explanation, language: str) -> list[str]:
    """How one fact came to its points, step by step."""
    places, steps = explanation.places, []
    if line.document and line.note not in ("unmatched", "reversed"):
        steps.append(price(line, places, language))
    if line.repetition:
        one = line.repetition
        steps.append(
            say(
                "repeat",
                language,
                date=one.date,
                fact=one.fact,
                factor=describe.number(one.factor),
                price=decimal(line.price, places),
            )
        )
    if line.better:
        rival = line.better
        worth = decimal(rival.price, places)
        steps.append(
            say(
                "better",
                language,
                fact=rival.fact,
                title=rival.title.say(language),
                price=worth,
                unit=unit(explanation, language),
            )
        )
    steps += [cut(one, line, explanation, language) for one in line.cuts]
    reason = note(line, language)
    return [*steps, reason] if reason else steps


def cut(one: Cut, line: FactLine, explanation: Explanation, language: str) -> str:
    """What one limit took, its cap and what was used of it."""
    places = explanation.places
    scheme = line.scheme
    name = describe.limit_name(scheme, one.name, language) if scheme else ""
    caps = (
        (str(one.cap), str(one.used)) if one.times else (decimal(one.cap, places), decimal(one.used, places))
    )
    return say(
        "cut-times" if one.times else "cut",
        language,
        name=name,
        amount=decimal(abs(one.points), places),
        window=window(one.start, one.end, language),
        cap=caps[0],
        used=caps[1],
        unit=unit(explanation, language),
    )


def price(line: FactLine, places: int, language: str) -> str:
    """The rule, what was done, and the price before any repetition."""
    item = line.document
    if item is None:
        return ""
    words = line.scheme.unit.title if line.scheme else describe.POINTS
    rule = describe.price(item, language, words)
    if item.points is None:
        return rule
    once = decimal(line.repetition.once if line.repetition else line.price, places)
    colon = ": " if language.startswith("en") else "："
    if isinstance(item.points, Bands) and line.quantity is not None:
        return f"{rule}{colon}{_bands(item.points, line.quantity)} = {once}"
    if item.needs == "quantity" and line.quantity is not None:
        of = "" if language.startswith("en") else describe.word(item.unit_word, language)
        return f"{rule} × {describe.number(line.quantity)}{of} = {once}"
    if isinstance(item.points, Each):
        return f"{rule} × {line.size or 0} = {once}"
    if item.needs == "grade" and line.grade:
        return f"{rule}{colon}{describe.grade(line.grade, item.grades.get(line.grade), language)} = {once}"
    if item.needs == "given" and line.given is not None:
        return f"{rule}{colon}{describe.number(line.given)} = {once}"
    return f"{rule} = {once}"


def _bands(points: Bands, quantity: Decimal) -> str:
    """Each band's part of the quantity times its points."""
    parts: list[str] = []
    floor = Decimal(0)
    for band in points.bands:
        top = quantity if band.to is None else min(quantity, band.to)
        if top > floor or not parts:
            parts.append(f"{describe.number(max(top - floor, Decimal(0)))} × {describe.number(band.each)}")
        floor = max(floor, top)
    return " + ".join(parts)


def clamp(one: Explanation, language: str) -> str:
    """What the range added or took off, or nothing."""
    if one.total == one.unclamped:
        return ""
    name, bound = ("floor", one.floor) if one.total > one.unclamped else ("ceiling", one.ceiling)
    moved = decimal(abs(one.total - one.unclamped), one.places)
    return say(name, language, bound=decimal(bound or 0, one.places), amount=moved, unit=unit(one, language))


def rank(line: RankLine, one: Explanation, language: str) -> str:
    """The place in the group."""
    klass = one.document.classes.get(line.klass)
    names = {"group": line.group, "klass": klass.say(language) if klass else line.klass}
    parts = [_within(part, line) for part in (("all",) if "all" in line.within else line.within)]
    space = " " if language.startswith("en") else ""
    within = space.join(WITHIN[part].say(language).format(**names) for part in parts)
    words = say("rank", language, within=within, members=line.members, rank=line.rank)
    if line.same > 1:
        words += say("ties", language, same=line.same)
    if line.tie_break:
        comma = ", " if language.startswith("en") else "、"
        columns = comma.join(COLUMNS[column].say(language) for column in line.tie_break)
        words += say("tie-break", language, columns=columns)
    return words


def _within(part: str, line: RankLine) -> str:
    """Groups and classes without a name are said differently."""
    if part == "group" and not line.group:
        return "one-group"
    return "no-class" if part == "class" and not line.klass else part


def level(line: LevelLine, one: Explanation, language: str) -> str:
    """What set the level."""
    if line.ruling:
        title = line.ruling.title.say(language)
        return say("ruling", language, fact=line.ruling.fact, title=title, date=line.ruling.date)
    found, total = [], decimal(one.total, one.places)
    if line.over is not None:
        found.append(say("level-over", language, total=total, bound=decimal(line.over, one.places)))
    if line.from_ is not None:
        found.append(say("level-from", language, total=total, bound=decimal(line.from_, one.places)))
    if line.top is not None and one.rank_line:
        found.append(
            say(
                "level-top",
                language,
                rank=one.rank_line.rank,
                top=portion(line.top),
                members=one.rank_line.members,
                places=line.places,
            )
        )
    return joint(language).join(found) or say("level-rest", language)


def portion(amount: Portion) -> str:
    """`5`, or `30%`; the thirds of a quota are cut to two decimals."""
    if not amount.percent:
        return str(amount)
    return f"{describe.number(amount.number.quantize(Decimal('0.01')))}%"


def outcome(line: OutcomeLine, one: Explanation, language: str) -> str:
    """Whether an outcome follows, and every condition that was looked at."""
    parts = [condition(each, one, language) for each in line.conditions]
    if line.rule.when.running > 1:
        comma = ", " if language.startswith("en") else "、"
        periods = [streak(each, language) for each in line.streak]
        if len(periods) < line.rule.when.running:
            periods.insert(0, say("unsettled", language))
        parts.append(say("running", language, count=line.rule.when.running, periods=comma.join(periods)))
    verdict = say("met" if line.met else "unmet", language)
    return joint(language).join([verdict, *parts])


def action(line: OutcomeLine, language: str) -> str:
    """What is then done."""
    return ACTIONS[line.rule.then.action].say(language)


def condition(one: Condition, explanation: Explanation, language: str) -> str:
    """What was asked and what was found."""
    name, found, wanted = one.name, str(one.found), ""
    if isinstance(one.wanted, Portion):
        wanted = portion(one.wanted)
    elif isinstance(one.wanted, bool):
        name_found = "vetoed" if one.found else "not-vetoed"
        return say(
            name_found, language, wanted=say("want-vetoed" if one.wanted else "want-not-vetoed", language)
        )
    elif isinstance(one.wanted, tuple):
        comma = ", " if language.startswith("en") else "、"
        wanted = comma.join(level_name(each, explanation, language) for each in one.wanted)
        found = level_name(found, explanation, language)
    else:
        wanted, found = decimal(one.wanted, explanation.places), decimal(int(one.found), explanation.places)
    return say(name, language, found=found, wanted=wanted)


def level_name(key: str, one: Explanation, language: str) -> str:
    """The words of a level kept under its Chinese name."""
    steps = one.document.levels.steps if one.document.levels else ()
    found = next((step.level.say(language) for step in steps if step.level.zh == key), key)
    return found or say("no-level", language)


def streak(one: StreakPeriod, language: str) -> str:
    """One period of a streak."""
    if not one.listed:
        return say("not-listed", language, period=one.period)
    if not one.present:
        return say("not-there", language, period=one.period)
    return say("held" if one.held else "not-held", language, period=one.period)


def share(line: ShareLine, one: Explanation, language: str) -> str:
    """How the part of the pool came about."""
    words = say(
        "share",
        language,
        above=decimal(line.above, one.places),
        points=decimal(line.points, one.places),
        whole=decimal(line.whole, one.places),
        pool=line.pool,
        exact=line.exact,
        unit=unit(one, language),
    )
    return words + (
        say("remainder", language, remainder=line.remainder, fen=line.fen) if line.remainder else ""
    )
