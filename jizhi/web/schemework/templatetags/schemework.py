"""Words of the editor: parts, fates of differences, results of cases, outcomes, and what a change costs."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from jizhi.core.text import N_
from jizhi.web.templatetags import jizhi as words

register = template.Library()

PARTS = {
    "items": N_("条目"), "sections": N_("章节"), "limits": N_("总上限"), "levels": N_("等级"),
    "outcomes": N_("结果运用"), "frame": N_("总则"),
}  # fmt: skip
FATES = {"added": N_("新增"), "removed": N_("删去"), "changed": N_("有改动"), "moved": N_("换了顺序")}
TONES = {"added": "good", "removed": "bad", "changed": "wait", "moved": "wait"}
RESULTS = {
    "total": N_("总分"), "awarded": N_("得分"), "base": N_("基础分"), "held_back": N_("超限未计"),
    "rank": N_("名次"), "level": N_("等级"), "vetoed": N_("一票否决"), "outcomes": N_("结果运用"),
    "fen": N_("分红（分钱）"), "rejected": N_("不能用"),
}  # fmt: skip
PERIODS = {
    "month": N_("每月"), "quarter": N_("每季度"), "half": N_("每半年"), "year": N_("每年"),
    "standing": N_("现行总分"),
}  # fmt: skip
ACTIONS = {
    "honour": N_("表彰"), "recommend": N_("推荐"), "talk": N_("谈心谈话"), "rectify": N_("限期整改"),
    "reward": N_("奖励"), "bar": N_("取消资格"), "fact": N_("计入另一个细则"), "list": N_("列入名单"),
}  # fmt: skip


@register.filter
def draft_title(line: Any) -> str:
    """The draft's title in the reader's language."""
    return str(line.title_en if words.in_english() and line.title_en else line.title)


@register.filter
def part_word(part: str) -> str:
    """A part of a document."""
    return gettext(PARTS.get(part, part))


@register.filter
def fate_word(fate: str) -> str:
    """Added, removed, changed."""
    return gettext(FATES[fate])


@register.filter
def fate_tone(fate: str) -> str:
    """The badge's colour."""
    return TONES[fate]


@register.filter
def result_word(name: str) -> str:
    """A result that a case asks for."""
    return gettext(RESULTS.get(name, name))


@register.filter
def item_title(line: Any) -> str:
    """An item of a simulation in the reader's language."""
    return str(line.title_en if words.in_english() and line.title_en else line.title)


@register.filter
def outcome_period(outcome: Any) -> str:
    """每年."""
    return gettext(PERIODS[outcome.when.period])


@register.filter
def outcome_when(outcome: Any) -> str:
    """All conditions of an outcome."""
    when, said = outcome.when, []
    if when.level:
        said.append(gettext("等级为%(levels)s") % {"levels": "、".join(when.level)})
    if when.rank and when.rank.top is not None:
        said.append(gettext("排在前 %(top)s") % {"top": when.rank.top})
    if when.rank and when.rank.bottom is not None:
        said.append(gettext("排在后 %(bottom)s") % {"bottom": when.rank.bottom})
    if when.total:
        texts = {
            "from_": gettext("总分不低于 %(points)s"), "over": gettext("总分超过 %(points)s"),
            "below": gettext("总分低于 %(points)s"), "to": gettext("总分不超过 %(points)s"),
        }  # fmt: skip
        for name, text in texts.items():
            if (value := getattr(when.total, name)) is not None:
                said.append(text % {"points": words.points(value)})
    if when.vetoed is not None:
        said.append(gettext("有一票否决") if when.vetoed else gettext("没有一票否决"))
    if when.running > 1:
        said.append(gettext("连续 %(count)s 期") % {"count": when.running})
    return gettext("，").join(said) or gettext("所有")


@register.filter
def outcome_then(outcome: Any) -> str:
    """What is done."""
    then = outcome.then
    text = gettext(ACTIONS[then.action])
    if then.reward:
        text = f"{text}{gettext('：')}{words.say(then.reward)}"
    elif then.bar:
        text = f"{text}{gettext('：')}{'、'.join(then.bar)}"
    elif then.fact:
        text = f"{text}{gettext('：')}{then.fact.scheme} / {then.fact.item}"
    return text


@register.filter
def cost_change(result: Any) -> str:
    """+12.50, with its sign."""
    return _signed(result.new_fen - result.old_fen)


@register.simple_tag
def group_cost(group: Any, result: Any) -> SafeString | str:
    """What a group costs more or less, in yuan."""
    return _signed((group.new_spendable - group.old_spendable) * result.fen_per_point // 100)


def _signed(fen: int) -> str:
    if not fen:
        return "0"
    return f"{'+' if fen > 0 else '−'}{words.fen(abs(fen))}"


IMPORT_FATES = {"new": N_("新增"), "changed": N_("有改动"), "same": N_("不变"), "refused": N_("不能用")}
IMPORT_TONES = {"new": "good", "changed": "wait", "same": "plain", "refused": "bad"}
KEYS = {
    "section": N_("章节"), "kind": N_("类别"), "points": N_("分值"), "limits": N_("上限"),
    "claim": N_("谁可以申报"), "evidence": N_("佐证"), "spendable": N_("可兑换"), "description": N_("说明"),
    "reference": N_("依据"), "title": N_("名称"),
}  # fmt: skip


@register.filter
def import_word(fate: Any) -> str:
    """What becomes of a row."""
    return gettext(IMPORT_FATES[str(fate)])


@register.filter
def import_tone(fate: Any) -> str:
    """The badge's colour."""
    return IMPORT_TONES[str(fate)]


@register.filter
def why_words(row: Any) -> str:
    """Why a row is refused."""
    return str(row.why_en if words.in_english() and row.why_en else row.why)


@register.filter
def refusal_words(refusal: Any) -> str:
    """Why a cell is refused."""
    return str(refusal.reason_en if words.in_english() and refusal.reason_en else refusal.reason)


@register.filter
def keys_words(keys: Any) -> str:
    """The keys of an item that a row changes."""
    return gettext("、").join(gettext(KEYS.get(key, key)) for key in keys)
