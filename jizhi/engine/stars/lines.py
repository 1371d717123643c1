"""The lines of a star sheet and their sum: what each fact is worth, how long it counts, what a removal takes.

Prices and limits come from the book; here is only what is in force on the sheet's day. An award counts from its own
day to the last of its validity, without one to the end of its year, as in a scheme's standing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from jizhi.engine.document.item import Item, Kind
from jizhi.engine.document.star import UNRATED, Stars
from jizhi.engine.document.text import Text
from jizhi.engine.incremental import Book
from jizhi.engine.pay.lines import written
from jizhi.engine.stars.rows import StarLine, StarSheet
from jizhi.engine.stars.versions import Versions
from jizhi.engine.tables import Award, Fact, Subject
from jizhi.engine.windows import Calendar

NOTES = {
    "reversed": Text(zh="已撤销", en="reversed"),
    "unmatched": Text(zh="当日不在任，或条目不适用", en="not in post that day, or the item does not apply"),
    "best_of": Text(zh="同一行为只取最高", en="only the highest of one act counts"),
    "repeat": Text(zh="重复发生", en="a repetition"),
    "lapsed": Text(zh="已失效", en="lapsed"),
}


def line(versions: Versions, book: Book, fact: Fact, on: dt.date, since: dt.date | None = None) -> StarLine:
    """The line of one fact on a day; `since` is the first day in post where the fact is years completed."""
    award, scheme = book.award(fact.fact), versions.pricing.on(fact.date)
    item = scheme.item(fact.item) if scheme else None
    until, note = None, award.note
    if item is not None and note not in ("reversed", "unmatched"):
        year = Calendar.of(versions.pricing.latest).span("year", fact.date)
        until = item.valid.after(fact.date) if item.valid else year.end
        note = "lapsed" if until < on else note
    return StarLine(
        part=item.section if item else "",
        item=fact.item,
        title=item.title if item else Text(zh=fact.item),
        fact=None if since else fact.fact,
        date=since or fact.date,
        until=until,
        price=award.price,
        held_back=award.held_back,
        limit=award.limit,
        counted=0 if note == "lapsed" else award.awarded,
        takes_all=item is not None and item.kind == Kind.VETO,
        note=note,
        reason=_reason(fact, award, item, until, note, since),
        reference=item.reference if item else None,
    )


def _reason(
    fact: Fact, award: Award, item: Item | None, until: dt.date | None, note: str, since: dt.date | None
) -> Text:
    """One sentence: when, what, how many stars, what a limit kept, how long it counts."""
    what = _what(fact, item)
    takes_all = item is not None and item.kind == Kind.VETO
    if takes_all:
        worth = Text(zh="摘去全部星", en="all stars removed")
    else:
        worth = Text(zh=f"{written(award.price)} 星", en=counted(award.price))
    zh = [f"{since} 到任，{what.zh}：{worth.zh}" if since else f"{fact.date} {what.zh}：{worth.zh}"]
    en = [f"in post since {since}, {what.en}: {worth.en}" if since else f"{fact.date} {what.en}: {worth.en}"]
    if award.held_back:
        zh.append(f"上限（{award.limit}）扣减 {written(award.held_back)} 星")
        en.append(f"limit ({award.limit}) kept back {written(award.held_back)}")
    if note in NOTES:
        zh.append(NOTES[note].zh)
        en.append(NOTES[note].en)
    if until and not since:
        forever = until == dt.date.max
        zh.append("长期有效" if forever else f"有效至 {until}")
        en.append("for good" if forever else f"valid until {until}")
    return Text(zh="，".join(zh), en=", ".join(en))


def _what(fact: Fact, item: Item | None) -> Text:
    """The item's words, with the grade where there is one."""
    title = item.title if item else Text(zh=fact.item)
    grade = item.grades.get(fact.grade or "") if item else None
    if grade is None:
        return Text(zh=title.zh, en=title.say("en"))
    return Text(zh=f"{title.zh}（{grade.zh}）", en=f"{title.say('en')} ({grade.say('en')})")


def counted(hundredths: int) -> str:
    """So many stars, in English."""
    return f"{written(hundredths)} star{'' if abs(hundredths) == 100 else 's'}"


TIMES = {"day": "天", "week": "周", "month": "个月", "quarter": "个季度", "half": "个半年", "year": "年"}


def unrated(stars: Stars, person: Subject, on: dt.date) -> StarSheet:
    """The sheet of somebody who has not been in post for long enough."""
    after = stars.rated_after
    span = f"{after.count}{TIMES[after.unit]}" if after else ""
    zh = f"{person.from_date} 到任，任职不满{span}，不定星级"
    en = f"in post since {person.from_date}, not for {after} yet: not rated"
    return StarSheet(
        person.subject, person.group, on, False, 0, 0, 0, 0, 0, 0, 0, UNRATED, (), Text(zh=zh, en=en)
    )


def added_up(stars: Stars, person: Subject, on: dt.date, lines: tuple[StarLine, ...]) -> StarSheet:
    """The sheet: four sums, what a removal of all takes, then floor and ceiling."""
    base, raised, dropped, removed = (_sum(lines, part) for part in ("base", "raise", "drop", "removal"))
    whole = base + raised + dropped + removed
    if whole > 0 and any(one.takes_all and one.until is not None and one.until >= on for one in lines):
        removed, whole = removed - whole, 0
    total = min(max(whole, 0), stars.ceiling)
    lift, cut = max(0, -whole), min(0, stars.ceiling - max(whole, 0))
    return StarSheet(
        person.subject,
        person.group,
        on,
        True,
        base,
        raised,
        dropped,
        removed,
        lift,
        cut,
        total,
        stars.level(total),
        lines,
        _sum_reason((base, raised, dropped, removed, lift, cut), total),
    )


def _sum(lines: Iterable[StarLine], part: str) -> int:
    return sum(one.counted for one in lines if one.part == part)


def _sum_reason(parts: tuple[int, int, int, int, int, int], total: int) -> Text:
    """The six sums as one formula; those that are nothing are left out, but for the base."""
    zh = ("基础", "增星", "降星", "摘星", "不低于 0 补", "超过上限扣")
    en = ("base", "raised", "dropped", "removed", "lifted to the floor", "cut to the ceiling")
    kept = [place for place, amount in enumerate(parts) if amount or place == 0]

    def formula(names: tuple[str, ...]) -> str:
        signed = [f"{'+' if parts[n] >= 0 else '-'} {names[n]} {written(abs(parts[n]))}" for n in kept]
        return f"{' '.join(signed).removeprefix('+ ')} = {written(total)}"

    return Text(zh=f"{formula(zh)} 星", en=f"{formula(en)} {'star' if total == 100 else 'stars'}")
