"""The lines of a pay sheet: each a sum of the table and the person, rounded once, with the numbers it was made of.

Fractions until the last step, half a fen rounds up. Reasons are written so that the formula can be worked out again
from them. Which lines a person gets is decided in the package itself.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from jizhi.engine.document.pay import Leaving, Pay, Performance, level_key
from jizhi.engine.document.problem import nearest
from jizhi.engine.document.text import Text
from jizhi.engine.pay.rows import Line, Month, Person, Unpayable


def served(months: list[Month]) -> Fraction:
    """The part of the year in post: every month counts a twelfth by its days."""
    return sum((Fraction(month.served, month.days) for month in months), Fraction(0)) / 12


def salary(table: Pay, person: Person, months: list[Month]) -> list[Line]:
    """Base and performance pay."""
    if table.standard is None:
        return []
    lines, standard, part, factor = [], yuan(table.standard), _part_of_year(months), served(months)
    if table.base is not None:
        exact = table.standard * _ratio(table.base) * factor
        zh = f"年薪标准 {standard} 元 × 基础 {percent(table.base)}{part.zh}"
        en = f"standard {standard} yuan × base {percent(table.base)}{part.en}"
        lines.append(_line("base", exact, zh, en))
    if table.performance is not None:
        level, earned = _earned(table.performance, person)
        share = table.performance.share
        exact = table.standard * _ratio(share) * _ratio(earned) * factor
        zh = f"年薪标准 {standard} 元 × 绩效 {percent(share)} × “{level}”级 {percent(earned)}{part.zh}"
        en = f"standard {standard} yuan × performance {percent(share)} × level “{level}” {percent(earned)}{part.en}"
        lines.append(_line("performance", exact, zh, en))
    return lines


def for_stars(table: Pay, person: Person) -> list[Line]:
    """Reward and pension contribution for stars added against the previous year, else the first rating."""
    rules = [("added_stars", table.per_added_star), ("pension", table.pension_per_added_star)]
    paid = [(kind, each) for kind, each in rules if each is not None]
    before = person.previous_stars if person.previous_stars is not None else person.first_stars
    if before is None:
        zh, en = (
            "没有上年星级也没有初评可比 = 0.00 元",
            "no previous year or first rating to compare with = 0.00 yuan",
        )
        return [Line(kind, 0, Text(zh=zh, en=en)) for kind, _ in paid]
    against = Text(zh="上年", en="previous year")
    if person.previous_stars is None:
        against = Text(zh="初评", en="first rating")
    lines = []
    for kind, each in paid:
        now = _known_stars(person)
        added = max(0, now - before)
        zh = f"{written(now)} 星，{against.zh} {written(before)} 星：增加 {written(added)} 星"
        en = f"{written(now)} stars, {against.en} {written(before)}: added {written(added)}"
        exact = Fraction(each * added, 100)
        lines.append(_line(kind, exact, f"{zh} × {yuan(each)} 元", f"{en} × {yuan(each)} yuan"))
    return lines


def leaving(rule: Leaving, person: Person, months: list[Month]) -> Line:
    """The monthly allowance for whole months after leaving, when enough stars were added since the first rating."""
    needed = written(rule.added_since_first)
    if not person.left_normally:
        return _nothing("不是正常离任", "did not leave in the normal way")
    if person.first_stars is None:
        return _nothing("没有初评星级可比", "no first rating to compare with")
    added = _known_stars(person) - person.first_stars
    if added < rule.added_since_first:
        return _nothing(
            f"离任时比初评增加 {written(added)} 星，不到 {needed} 星",
            f"{written(added)} stars added since the first rating, {needed} are needed",
        )
    count = sum(person.to_date is not None and month.start > person.to_date for month in months)
    zh = f"离任时比初评增加 {written(added)} 星，达到 {needed} 星：离任后 {count} 个月 × {yuan(rule.monthly)} 元"
    en = f"{written(added)} stars added since the first rating, {needed} needed: {count} months after leaving"
    return _line("leaving", Fraction(count * rule.monthly), zh, f"{en} × {yuan(rule.monthly)} yuan")


def _line(kind: str, exact: Fraction, zh: str, en: str) -> Line:
    """A line whose reason ends in the amount; `≈` says that a part of a fen was rounded."""
    fen = int(exact + Fraction(1, 2))
    sign = "=" if fen == exact else "≈"
    return Line(kind, fen, Text(zh=f"{zh} {sign} {_two(fen)} 元", en=f"{en} {sign} {_two(fen)} yuan"))


def _nothing(zh: str, en: str) -> Line:
    return Line("leaving", 0, Text(zh=f"{zh} = 0.00 元", en=f"{en} = 0.00 yuan"))


def _part_of_year(months: list[Month]) -> Text:
    """The factor for part of a year, empty for a whole one."""
    if all(month.served == month.days for month in months):
        return Text(zh="", en="")
    whole = sum(month.served == month.days for month in months)
    parts = [f"{month.served}/{month.days}" for month in months if 0 < month.served < month.days]
    words = " + ".join([*([str(whole)] if whole else []), *parts])
    words = f"({words})" if parts else words
    return Text(zh=f" × 在任 {words} ÷ 12 个月", en=f" × in post {words} ÷ 12 months")


def _earned(rule: Performance, person: Person) -> tuple[str, Decimal]:
    """The person's level and the percentage that it earns."""
    level = level_key(person.level)
    if not level and person.stars is not None and person.stars % 100 == 0:
        level = str(person.stars // 100)
    if not level:
        raise Unpayable("level", "没有填写", "missing")
    if level not in rule.by_level:
        known = ", ".join(rule.by_level)
        near = "" if level.isdigit() else nearest(level, rule.by_level)
        raise Unpayable(
            "level",
            f"绩效表里没有“{level}”级（有：{known}）{f'，是否想写 {near}' if near else ''}",
            f"not in by_level: {level} (there are: {known}){f'; did you mean {near}' if near else ''}",
        )
    return level, rule.by_level[level]


def _known_stars(person: Person) -> int:
    """The stars in hundredths: as given, or the level where it is a number."""
    if person.stars is not None:
        return person.stars
    level = level_key(person.level)
    if not (level.isascii() and level.isdigit()):
        raise Unpayable("stars", "没有填写", "missing")
    return int(level) * 100


def _ratio(number: Decimal) -> Fraction:
    return Fraction(number) / 100


def percent(number: Decimal) -> str:
    """A percentage as people write it."""
    return f"{number.normalize():f}%"


def yuan(fen: int) -> str:
    """Fen in yuan, without zeros that say nothing."""
    return str(fen // 100) if fen % 100 == 0 else _two(fen)


def _two(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


def written(hundredths: int) -> str:
    """Stars without zeros that say nothing."""
    return f"{(Decimal(hundredths) / 100).normalize():f}"
