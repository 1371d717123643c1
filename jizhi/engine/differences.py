"""What one version says otherwise than another, by meaning: items, limits, levels and outcomes added, gone or changed.

Each difference names the part and gives the values in words, from and to. Spelling, order of keys and comments make no
difference here; nothing is said about what a change costs, see `simulate`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from jizhi.engine import describe
from jizhi.engine.document.base import Model
from jizhi.engine.document.item import Item
from jizhi.engine.document.level import Step
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.document.text import Text
from jizhi.engine.editing import written

Fate = Literal["added", "removed", "changed", "moved"]
WORDS: dict[str, tuple[str, str]] = {
    "title": ("名称", "Title"), "description": ("说明", "Description"), "section": ("章节", "Chapter"),
    "kind": ("类别", "Kind"), "points": ("分值", "Points"), "effect": ("效力", "Effect"),
    "limits": ("上限", "Limits"), "repeat": ("重复发生", "Repetition"), "best_of": ("同一行为", "Same act"),
    "valid": ("有效期", "Valid for"), "classes": ("适用类别", "Classes"), "claim": ("申报方式", "Claimed by"),
    "evidence": ("佐证", "Evidence"), "from": ("自动来源", "Comes from"), "spendable": ("可兑换", "Spendable"),
    "published": ("公示", "Posted"), "notify": ("告知本人", "Told"), "aliases": ("别名", "Also called"),
    "reasons": ("放行理由", "Reasons"), "reference": ("依据", "Basis"), "levels": ("等级", "Levels"),
    "rank": ("排名", "Ranking"), "base": ("基础分", "Base"), "range": ("总分范围", "Range of totals"),
    "periods": ("周期", "Periods"), "year": ("年度起始", "Year starts"), "term": ("任期", "Term"),
    "unit": ("计量单位", "Unit"), "subject": ("积分主体", "Subject"),
    "enrol": ("参加范围", "Who takes part"), "redeem": ("兑换", "Redemption"),
    "share": ("分红", "Dividend"), "when": ("条件", "Condition"), "then": ("措施", "Measure"),
}  # fmt: skip
YES = ("是", "yes")
NO = ("否", "no")
FRAME = (
    "title", "description", "subject", "enrol", "unit", "classes", "base", "range", "periods", "year", "term", "rank",
    "redeem", "share", "reasons", "reference",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One value in words; empty where there is none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that differs. `part` is items, sections, outcomes, levels, limits or frame."""

    part: str
    id: str
    title: Text
    fate: Fate
    lines: tuple[Line, ...] = ()


def between(old: Scheme, new: Scheme, language: str) -> list[Difference]:
    """Everything that differs, in the order of the newer document; words in `zh…` or `en…`."""
    found: list[Difference] = list(_frame(old, new, language))
    limits = [
        ", ".join(describe.limit(one, language) + _kind(one, language) for one in side.limits)
        for side in (old, new)
    ]
    if old.limits != new.limits:
        line = Line(_word("limits", language), *limits)
        found.append(
            Difference(
                "limits", "", Text(zh="全部条目的上限", en="Limits of the whole scheme"), "changed", (line,)
            )
        )
    found += _parts("sections", old.sections, new.sections, language, _section)
    found += _parts("items", old.items, new.items, language, _item(old, new))
    found += _levels(old, new, language)
    found += _parts(
        "outcomes", old.outcomes, new.outcomes, language, lambda one, side, lang: _plain(written.outcome(one))
    )
    return found


def _parts(
    part: str,
    old: Sequence[Any],
    new: Sequence[Any],
    language: str,
    words: Callable[[Any, int, str], dict[str, str]],
) -> Iterator[Difference]:
    """Rows with ids: gone, added, changed."""
    before, after = {one.id: one for one in old}, {one.id: one for one in new}
    for key, one in after.items():
        if key not in before:
            said = words(one, 1, language)
            yield Difference(part, key, one.title, "added", tuple(_lines({}, said, language)))
        elif before[key] != one:
            said, had = words(one, 1, language), words(before[key], 0, language)
            yield Difference(part, key, one.title, "changed", tuple(_lines(had, said, language)))
    for key, one in before.items():
        if key not in after:
            had = words(one, 0, language)
            yield Difference(part, key, one.title, "removed", tuple(_lines(had, {}, language)))
    if (ids := [key for key in before if key in after]) != [key for key in after if key in before]:
        order = Line("", ", ".join(ids), ", ".join(key for key in after if key in before))
        yield Difference(part, "", Text(zh="顺序", en="Order"), "moved", (order,))


def _lines(before: dict[str, str], after: dict[str, str], language: str) -> Iterator[Line]:
    for key in {**after, **before}:
        had, has = before.get(key, ""), after.get(key, "")
        if had != has:
            yield Line(_word(key, language), had, has)


def _item(old: Scheme, new: Scheme) -> Callable[[Item, int, str], dict[str, str]]:
    """An item in words; sections by their titles."""

    def words(one: Item, side: int, language: str) -> dict[str, str]:
        scheme = new if side else old
        unit, joint = scheme.unit.title, "、" if not language.startswith("en") else ", "
        chapter = scheme.section(one.section)
        said = {
            "title": one.title.say(language),
            "section": chapter.title.say(language) if chapter else one.section,
            "kind": describe.kind(one, language),
            "points" if one.points is not None else "effect": describe.price(one, language, unit),
            "limits": describe.limits(one, language, unit),
            "valid": describe.duration(one.valid, language) if one.valid else "",
            "claim": joint.join(describe.channel(each, language) for each in one.claim),
            "evidence": joint.join(describe.evidence(each, language) for each in one.evidence),
            "spendable": _yes(one.spendable, language),
            "published": _yes(one.published, language),
            "notify": _yes(one.notify, language),
            "best_of": _yes(one.best_of is not None, language),
            "description": one.description.say(language) if one.description else "",
            "reference": one.reference.say(language) if one.reference else "",
        }
        rest = _plain(written.item(one))
        for key in ("repeat", "classes", "from", "reasons", "aliases"):
            said[key] = rest.get(key, "")
        return said

    return words


def _section(one: Any, side: int, language: str) -> dict[str, str]:
    limits = ", ".join(describe.limit(each, language) + _kind(each, language) for each in one.limits)
    return {"title": one.title.say(language), "limits": limits}


def _levels(old: Scheme, new: Scheme, language: str) -> Iterator[Difference]:
    if old.levels == new.levels:
        return
    said = [
        ", ".join(_step(step, language) for step in side.levels.steps) if side.levels else ""
        for side in (old, new)
    ]
    period = [str(side.levels.period) if side.levels else "" for side in (old, new)]
    lines = [Line(_word("levels", language), *said)] if said[0] != said[1] else []
    lines += [Line(_word("periods", language), *period)] if period[0] != period[1] else []
    fate: Fate = "added" if old.levels is None else "removed" if new.levels is None else "changed"
    yield Difference("levels", "", Text(zh="等级", en="Levels"), fate, tuple(lines))


def _step(step: Step, language: str) -> str:
    english = language.startswith("en")
    if step.over is not None:
        said = f"> {describe.hundredths(step.over)}"
    elif step.from_ is not None:
        said = f"≥ {describe.hundredths(step.from_)}"
    elif step.top is not None:
        said = f"top {step.top}" if english else f"前 {step.top}"
    else:
        said = "the rest" if english else "其余"
    return f"{step.level.say(language)} ({said})" if english else f"{step.level.say(language)}（{said}）"


def _frame(old: Scheme, new: Scheme, language: str) -> Iterator[Difference]:
    """Everything about the scheme as a whole."""
    lines = []
    for name in FRAME:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            lines.append(Line(_word(name, language), _say(before, language), _say(after, language)))
    if lines:
        yield Difference("frame", "", Text(zh="总则", en="General rules"), "changed", tuple(lines))


def _say(value: Any, language: str) -> str:
    """Any value of the frame, short."""
    if value is None:
        return ""
    if isinstance(value, Text):
        return value.say(language)
    if hasattr(value, "say"):
        return str(value.say(language))
    if isinstance(value, Model):
        given = value.model_dump(exclude_defaults=True, by_alias=True)
        return ", ".join(f"{key}: {_short(key, one)}" for key, one in given.items())
    if isinstance(value, dict):
        return ", ".join(f"{key}: {one}" for key, one in value.items())
    return str(value)


def _short(key: str, value: Any) -> str:
    if key in ("points", "min", "max", "at_most", "from") and isinstance(value, int):
        return describe.hundredths(value)
    return str(value)


def _plain(data: dict[str, Any]) -> dict[str, str]:
    return {key: _flat(value) for key, value in data.items() if key != "id"}


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        if set(value) == {"zh", "en"}:
            return str(value["zh"])
        return ", ".join(f"{key}: {_flat(one)}" for key, one in value.items())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(_flat(one) for one in value)
    return str(value)


def _kind(limit: Any, language: str) -> str:
    if limit.kind == "merit":
        return ""
    return " (faults)" if language.startswith("en") else "（扣分）"


def _yes(value: bool, language: str) -> str:
    return (YES if value else NO)[1 if language.startswith("en") else 0]


def _word(key: str, language: str) -> str:
    zh, en = WORDS.get(key, (key, key))
    return en if language.startswith("en") else zh
