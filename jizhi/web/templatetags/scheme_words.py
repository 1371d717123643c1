"""A scheme's numbers in plain words: what an item earns, its limits, its effects, and a worked example.

It reads the document's parts by their names and computes nothing that the engine decides.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext, ngettext

from jizhi.core.text import N_
from jizhi.web.templatetags.jizhi import in_english, points, say

register = template.Library()

WINDOWS = {
    "day": (N_("每天"), N_("当天")),
    "week": (N_("每周"), N_("当周")),
    "month": (N_("每月"), N_("当月")),
    "quarter": (N_("每季度"), N_("当季")),
    "half": (N_("每半年"), N_("当半年")),
    "year": (N_("每年"), N_("当年")),
    "term": (N_("每届任期"), N_("本届任期")),
    "ever": (N_("总共"), N_("所有时间")),
}
BARRED = {"awards": N_("评优评先"), "redeem": N_("积分兑换"), "levels": N_("星级评定"), "share": N_("分红")}
EVIDENCE = {
    "none": N_("不需要佐证"),
    "photo": N_("现场照片"),
    "document": N_("有关文件"),
    "certificate": N_("证书"),
    "receipt": N_("收据"),
    "register": N_("签到或登记表"),
    "list": N_("登记名单"),
    "witness": N_("证明人"),
    "signature": N_("签字确认"),
    "record": N_("有关记录"),
}
CHANNELS = {
    "self": N_("自己申报"),
    "worker": N_("网格员代报"),
    "leader": N_("网格长上报"),
    "recorder": N_("记录员登记"),
    "supervisor": N_("监督员登记"),
    "panel": N_("评议小组提出"),
    "team": N_("工作队上报"),
    "committee": N_("村（居）委会提出"),
    "township": N_("乡镇登记"),
    "county": N_("县里登记"),
    "system": N_("系统自动记入"),
}


def number(value: Decimal | int) -> str:
    """5 → "5", 0.50 → "0.5", with thousands separators."""
    text = f"{Decimal(value):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def points_words(item: Any) -> str:
    """What one act brings: 每小时 1 分, 按等级 …, 10–30 分（评议小组认定）."""
    if item.points is None:
        return effect_words(item.effect)
    describe = _FORMS[type(item.points).__name__]
    return describe(item.points)


def _fixed(form: Any) -> str:
    return gettext("每次 %(points)s 分") % {"points": number(form.fixed)}


def _each(form: Any) -> str:
    if form.per_member:
        return gettext("家中每人 %(points)s 分") % {"points": number(form.each)}
    return gettext("每%(unit)s %(points)s 分") % {"unit": say(form.per), "points": number(form.each)}


def _grades(form: Any) -> str:
    return _joined(
        gettext("%(grade)s %(points)s 分")
        % {"grade": say(grade.title) or key, "points": number(grade.points)}
        for key, grade in form.grades.items()
    )


def _ladder(form: Any) -> str:
    steps = " / ".join(number(step) for step in form.ladder)
    return gettext("视情节 %(steps)s 分，由评议小组认定") % {"steps": steps}


def _bands(form: Any) -> str:
    unit, parts, lowest = say(form.per), [], Decimal(0)
    for band in form.bands:
        words = {
            "unit": unit,
            "points": number(band.each),
            "from": number(lowest),
            "to": number(band.to or 0),
        }
        if band.to is None:
            parts.append(gettext("%(from)s 以上的部分，每%(unit)s %(points)s 分") % words)
        else:
            parts.append(gettext("%(from)s 到 %(to)s 的部分，每%(unit)s %(points)s 分") % words)
            lowest = band.to
    return _joined(parts)


def _between(form: Any) -> str:
    low, high = form.between
    return gettext("%(low)s 到 %(high)s 分，由评议小组认定") % {"low": number(low), "high": number(high)}


_FORMS: dict[str, Callable[[Any], str]] = {
    "Fixed": _fixed,
    "Each": _each,
    "Grades": _grades,
    "Ladder": _ladder,
    "Bands": _bands,
    "Between": _between,
}


@register.filter
def limit_words(limit: Any) -> str:
    """每月最多 20 分, 每年最多 3 次; by member where the household's size counts."""
    window = gettext(WINDOWS[str(limit.per)][0])
    if limit.times is not None:
        counted = ngettext("%(window)s最多 %(times)d 次", "%(window)s最多 %(times)d 次", limit.times)
        return counted % {"window": window, "times": limit.times}
    words = {"window": window, "points": points(limit.points)}
    if getattr(limit, "kind", "merit") == "fault":
        return gettext("%(window)s最多扣 %(points)s 分") % words
    if limit.per_member:
        return gettext("%(window)s最多每人 %(points)s 分") % words
    return gettext("%(window)s最多 %(points)s 分") % words


@register.filter
def repeat_words(repeat: Any) -> str:
    """A repetition within a year counts twice."""
    words = {"within": duration_words(repeat.within), "factor": number(repeat.factor)}
    return gettext("%(within)s内再次发生，按 %(factor)s 倍计") % words


@register.filter
def effect_words(effect: Any) -> str:
    """What a veto does instead of points."""
    if effect is None:
        return ""
    parts = []
    if effect.zero is not None:
        parts.append(gettext("%(window)s积分清零") % {"window": gettext(WINDOWS[str(effect.zero)][1])})
    if effect.bar:
        what = _joined((gettext(BARRED.get(name, name)) for name in effect.bar), N_("、"))
        time = duration_words(effect.for_) if effect.for_ else ""
        words = {"what": what, "time": time}
        parts.append(
            gettext("取消%(what)s资格 %(time)s") % words if time else gettext("取消%(what)s资格") % words
        )
    if effect.level is not None:
        parts.append(gettext("直接定为“%(level)s”") % {"level": say(effect.level)})
    return _joined(parts)


@register.filter
def duration_words(duration: Any) -> str:
    """1 年, 6 个月, 30 天."""
    count = duration.count
    words = {
        "day": ngettext("%d 天", "%d 天", count),
        "week": ngettext("%d 周", "%d 周", count),
        "month": ngettext("%d 个月", "%d 个月", count),
        "quarter": ngettext("%d 个季度", "%d 个季度", count),
        "half": ngettext("%d 个半年", "%d 个半年", count),
        "year": ngettext("%d 年", "%d 年", count),
    }
    return str(words[duration.unit] % count)


@register.filter
def evidence_words(item: Any) -> str:
    """照片或证明人."""
    return _joined((gettext(EVIDENCE[str(one)]) for one in item.evidence), N_("或"))


@register.filter
def channel_words(item: Any) -> str:
    """自己申报、网格员代报."""
    return _joined((gettext(CHANNELS[str(one)]) for one in item.claim), N_("、"))


@register.filter
def example_words(item: Any) -> str:
    """One worked example, where a quantity or a size makes it worth showing."""
    form = item.points
    if type(form).__name__ != "Each":
        return ""
    words = {"each": number(form.each), "unit": say(form.per), "sum": number(form.each * 3)}
    if form.per_member:
        return gettext("例：3 口之家，%(each)s × 3 = %(sum)s 分") % words
    return gettext("例：3 %(unit)s，%(each)s × 3 = %(sum)s 分") % words


@register.filter
def step_words(step: Any) -> str:
    """The condition of one level: 超过 180 分, 前 30%, 其余."""
    if step.over is not None:
        return gettext("超过 %(points)s 分") % {"points": points(step.over)}
    if step.from_ is not None:
        return gettext("%(points)s 分及以上") % {"points": points(step.from_)}
    if step.top is not None:
        return gettext("前 %(top)s") % {"top": str(step.top)}
    return gettext("其余农户")


@register.filter
def basis(reference: Any) -> str:
    """Where a rule comes from, in one line."""
    return str(reference.say("en" if in_english() else "zh")) if reference is not None else ""


def _joined(parts: Any, joint: str = N_("；")) -> str:
    return gettext(joint).join(parts)
