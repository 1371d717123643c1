"""A scheme's numbers in plain words, Chinese or English: for the public page, claim forms and messages.

Presentation only: nothing here decides what a fact is worth.
"""

from __future__ import annotations

from decimal import Decimal

from jizhi.engine.document.base import Duration, Window
from jizhi.engine.document.item import Channel, Effect, Evidence, Item, Kind
from jizhi.engine.document.limit import Limit
from jizhi.engine.document.points import Bands, Between, Each, Fixed, Grades, Ladder
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.document.text import Text

WORDS: dict[str, tuple[str, str]] = {
    "hour": ("小时", "hour"),
    "day": ("天", "day"),
    "time": ("次", "time"),
    "act": ("次", "act"),
    "person": ("人", "person"),
    "member": ("人", "member of the household"),
    "yuan": ("元", "yuan"),
    "mu": ("亩", "mu"),
    "kg": ("公斤", "kg"),
    "tree": ("棵", "tree"),
    "piece": ("件", "piece"),
    "metre": ("米", "metre"),
    "activity": ("次活动", "activity"),
    "month": ("个月", "month"),
    "year": ("年", "year"),
    "household": ("户", "household"),
    "visit": ("次走访", "visit"),
    "case": ("件", "case"),
    "ton": ("吨", "ton"),
    "meeting": ("次会议", "meeting"),
    "session": ("场", "session"),
    "week": ("周", "week"),
    "square metre": ("平方米", "m²"),
}
WINDOWS: dict[str, tuple[str, str]] = {
    "day": ("每天", "a day"),
    "week": ("每周", "a week"),
    "month": ("每月", "a month"),
    "quarter": ("每季度", "a quarter"),
    "half": ("每半年", "a half-year"),
    "year": ("每年", "a year"),
    "term": ("每届", "a term of office"),
    "ever": ("累计", "ever"),
}
TIMES = {1: "once", 2: "twice"}
POINTS = Text(zh="分", en="points")
"""What is counted when a scheme names no other unit."""
EACH = {
    "day": "daily",
    "week": "weekly",
    "month": "monthly",
    "quarter": "quarterly",
    "half": "half-yearly",
    "year": "yearly",
    "term": "term's",
    "ever": "lifetime",
}
GRADES: dict[str, tuple[str, str]] = {
    "national": ("国家级", "national"),
    "province": ("省级", "province"),
    "city": ("市级", "city"),
    "county": ("县级", "county"),
    "township": ("乡镇级", "township"),
    "village": ("村级", "village"),
    "excellent": ("优秀", "excellent"),
    "good": ("良好", "good"),
    "fair": ("一般", "fair"),
    "poor": ("较差", "poor"),
}
UNITS: dict[str, tuple[str, str]] = {
    "day": ("天", "day"),
    "week": ("周", "week"),
    "month": ("个月", "month"),
    "quarter": ("个季度", "quarter"),
    "half": ("个半年", "half-year"),
    "year": ("年", "year"),
}
KINDS = {
    Kind.MERIT: ("加分", "merit"),
    Kind.FAULT: ("扣分", "fault"),
    Kind.VETO: ("一票否决", "veto"),
    Kind.RULING: ("直接定级", "ruling"),
}
CHANNELS: dict[str, tuple[str, str]] = {
    "self": ("本户申报", "the household itself"),
    "worker": ("网格员", "grid worker"),
    "leader": ("网格长", "grid leader"),
    "recorder": ("记录员", "recorder"),
    "supervisor": ("监督员", "supervisor"),
    "panel": ("评议小组", "panel"),
    "team": ("工作队", "work team"),
    "committee": ("村委会", "village committee"),
    "township": ("乡镇", "township"),
    "county": ("县", "county"),
    "system": ("系统联动", "linked records"),
}
EVIDENCE: dict[str, tuple[str, str]] = {
    "none": ("不需要", "none"),
    "photo": ("照片", "photo"),
    "document": ("文件", "document"),
    "certificate": ("证书", "certificate"),
    "receipt": ("票据", "receipt"),
    "register": ("台账", "register"),
    "list": ("名单", "list"),
    "witness": ("证人", "witness"),
    "signature": ("签字", "signature"),
    "record": ("记录", "record"),
}


def _english(language: str) -> bool:
    return language.startswith("en")


def _pick(pair: tuple[str, str], language: str) -> str:
    return pair[1] if _english(language) else pair[0]


def number(amount: Decimal) -> str:
    """A decimal without needless zeros."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def hundredths(amount: int) -> str:
    """Points in hundredths, without needless zeros."""
    return number(Decimal(amount).scaleb(-2))


def word(text: Text | None, language: str) -> str:
    """The word of a unit: a known one is translated."""
    if text is None:
        return _pick(WORDS["piece"], language)
    return _pick(WORDS[text.zh], language) if text.zh in WORDS and not text.en else text.say(language)


def grade(key: str, title: Text | None, language: str) -> str:
    """The words of a grade."""
    if title is not None and (title.zh != key or title.en):
        return title.say(language)
    return _pick(GRADES[key], language) if key in GRADES else key


def grades(item: Item, language: str, unit: Text = POINTS) -> list[tuple[str, str]]:
    """The choices of a claim form: key, and words with their points."""
    points_ = item.points
    if isinstance(points_, Grades):
        return [
            (key, f"{grade(key, one.title, language)} · {_amount(one.points, language, unit)}")
            for key, one in points_.grades.items()
        ]
    if isinstance(points_, Ladder):
        return [
            (str(n), f"{Text(zh=f'第{n}档', en=f'Step {n}').say(language)} · {_amount(one, language, unit)}")
            for n, one in enumerate(points_.ladder, 1)
        ]
    return []


def _amount(amount: Decimal, language: str, unit: Text) -> str:
    if _english(language):
        words = unit.say(language)
        return f"{number(amount)} {words.removesuffix('s') if amount == 1 else words}"
    return f"{number(amount)}{unit.say(language)}"


def _range(first: Decimal, last: Decimal, language: str, unit: Text) -> str:
    if _english(language):
        return f"{number(first)}–{number(last)} {unit.say(language)}"
    return f"{number(first)}至{number(last)}{unit.say(language)}"


def points(item: Item, language: str, unit: Text = POINTS) -> str:
    """Points and limits of an item in one line, such as `每小时2分，每月最多20分`."""
    parts = [price(item, language, unit), *(limit(one, language, unit) for one in item.limits)]
    if item.repeat:
        parts.append(_repeat(item, language))
    if item.best_of:
        parts.append("only the largest for one act" if _english(language) else "同一行为只计最高一项")
    return (", " if _english(language) else "，").join(part for part in parts if part)


def price(item: Item, language: str, unit: Text = POINTS) -> str:
    """Points alone; a fault reads as a deduction."""
    text = _effect(item, language) if item.points is None else _price(item, language, unit)
    if item.kind != Kind.FAULT:
        return text
    if text[:1].isdigit():
        return f"minus {text}" if _english(language) else f"扣{text}"
    return f"deduction: {text}" if _english(language) else f"扣分：{text}"


def _price(item: Item, language: str, unit: Text) -> str:
    form, english = item.points, _english(language)
    if isinstance(form, Fixed):
        return _amount(form.fixed, language, unit)
    if isinstance(form, Each):
        each = word(form.per, language)
        return (
            f"{_amount(form.each, language, unit)} per {each}"
            if english
            else f"每{each}{_amount(form.each, language, unit)}"
        )
    if isinstance(form, Grades):
        joint = ", " if english else "、"
        return joint.join(
            f"{grade(key, one.title, language)} {number(one.points)}" for key, one in form.grades.items()
        ) + (f" {unit.say(language)}" if english else unit.say(language))
    if isinstance(form, Ladder):
        steps = (", " if english else "、").join(number(step) for step in form.ladder)
        words = unit.say(language)
        return f"{steps} {words} by severity" if english else f"按轻重{steps}{words}"
    if isinstance(form, Bands):
        return _bands(form, language, unit)
    if isinstance(form, Between):
        text = _range(*form.between, language, unit)
        return f"{text}, decided by the panel" if english else f"{text}，由评议小组确定"
    return ""


def _bands(form: Bands, language: str, unit: Text) -> str:
    parts, floor, of, words = [], Decimal(0), word(form.per, language), unit.say(language)
    for band in form.bands:
        share = number(band.each)
        if _english(language):
            part = f"from {number(floor)}" if band.to is None else f"{number(floor)}–{number(band.to)}"
            parts.append(f"{part}: {share} {words} per {of}")
        else:
            part = f"{number(floor)}{of}以上" if band.to is None else f"{number(floor)}–{number(band.to)}{of}"
            parts.append(f"{part}部分每{of}{share}{words}")
        floor = band.to or floor
    return ("; " if _english(language) else "；").join(parts)


def duration(length: Duration, language: str) -> str:
    """A length of time."""
    zh, en = UNITS[length.unit]
    if _english(language):
        return f"{length.count} {en}{'' if length.count == 1 else 's'}"
    return f"{length.count}{zh}"


def _repeat(item: Item, language: str) -> str:
    assert item.repeat
    within, factor = duration(item.repeat.within, language), number(item.repeat.factor)
    return (
        f"times {factor} when repeated within {within}"
        if _english(language)
        else f"{within}内再次发生按{factor}倍"
    )


def _effect(item: Item, language: str) -> str:
    effect, english, parts = item.effect, _english(language), []
    if effect is None:
        return ""
    if effect.zero:
        window = ZEROED[effect.zero]
        whole = "all points ever" if effect.zero == Window.EVER else f"all points of the {effect.zero}"
        parts.append(f"{whole} become zero" if english else f"{window}积分清零")
    if effect.level:
        parts.append(f"level: {effect.level.say(language)}" if english else f"直接定为{effect.level.zh}")
    if effect.bar:
        parts.append(_barred(effect, language))
    return ("; " if english else "，").join(parts)


def _barred(effect: Effect, language: str) -> str:
    english = _english(language)
    names = (", " if english else "、").join(_pick(BARS.get(one, (one, one)), language) for one in effect.bar)
    span = duration(effect.for_, language) if effect.for_ else ""
    if english:
        return f"barred from {names} for {span}" if span else f"barred from {names}"
    return f"{span}内取消{names}资格" if span else f"取消{names}资格"


ZEROED: dict[str, str] = {
    "day": "当天",
    "week": "当周",
    "month": "当月",
    "quarter": "当季度",
    "half": "当半年",
    "year": "当年",
    "term": "本届",
    "ever": "全部",
}
BARS: dict[str, tuple[str, str]] = {
    "awards": ("评优", "awards"),
    "honours": ("荣誉", "honours"),
    "redemption": ("兑换", "redemption"),
    "election": ("推荐", "nomination"),
}


def limits(item: Item, language: str, unit: Text = POINTS) -> str:
    """The limits alone, such as `每月最多20分`."""
    return (", " if _english(language) else "，").join(limit(one, language, unit) for one in item.limits)


def limit(one: Limit, language: str, unit: Text = POINTS) -> str:
    """One limit."""
    zh, en = WINDOWS[one.per]
    if one.counts_times:
        times = f"at most {TIMES.get(one.cap, f'{one.cap} times')} {en}"
        return times if _english(language) else f"{zh}最多{one.cap}次"
    if _english(language):
        return f"at most {hundredths(one.cap)}{' per member' if one.per_member else ''} {en}"
    return f"{zh}{'每人' if one.per_member else ''}最多{hundredths(one.cap)}{unit.say(language)}"


def limit_name(scheme: Scheme, names: str, language: str) -> str:
    """The `limit` column of an award in words."""
    joint = "; " if _english(language) else "；"
    return joint.join(_one_limit(scheme, one, language) for one in names.split("; ") if one)


def _one_limit(scheme: Scheme, name: str, language: str) -> str:
    english, parts = _english(language), name.split(" ")
    zh, en = WINDOWS.get(parts[-1], (parts[-1], ""))[0], EACH.get(parts[-1], parts[-1])
    times = ("次数上限", "limit of times") if "times" in parts[:-1] else ("上限", "limit")
    owner = "the whole scheme" if english else "全部条目"
    if parts[0] == "section":
        section = scheme.section(parts[1])
        owner = section.title.say(language) if section else parts[1]
    elif parts[0] != "scheme":
        owner = ""
    if not english:
        return f"{owner}{zh}{times[0]}"
    return f"{en} {times[1]} of {owner}" if owner else f"{en} {times[1]}"


def kind(item: Item, language: str) -> str:
    """merit, fault, veto or ruling."""
    return _pick(KINDS[item.kind], language)


def channel(one: Channel | str, language: str) -> str:
    """Who may bring it forward."""
    return _pick(CHANNELS[str(one)], language)


def evidence(one: Evidence | str, language: str) -> str:
    """What shows that it happened."""
    return _pick(EVIDENCE[str(one)], language)
