"""The Chinese of what the models expect, beside the English in which they raise it.

`{}` stands for a part that is not translated. A test holds this table against every message of the models.
"""

from __future__ import annotations

import functools
import re

from jizhi.engine.document.text import Text

LIST, KEYS, WHOLE = "a list, such as [a, b]", "keys with values, such as {key: value}", "a whole number"

CHINESE = {
    "choices belong to a field of kind choice or choices, and it needs them": (
        "只有 choice 和 choices 才写 choices，且必须写"
    ),
    # forms
    LIST: "一个列表，如 [a, b]",
    KEYS: "键和值，如 {key: value}",
    "at least {}": "至少 {} 个",
    "at most {}": "至多 {} 个",
    "a number from {}": "不小于 {} 的数",
    "a number up to {}": "不大于 {} 的数",
    WHOLE: "整数",
    "true or false": "true 或 false",
    "text": "文字",
    "not empty": "不能为空",
    "a reason in words": "写明理由",
    "a name without spaces": "不带空格的名称",
    "one of {}": "下列之一：{}",
    # numbers, days, lengths of time
    "a number of points without sign, such as 5 or 0.25": "不带正负号的分值，如 5 或 0.25",
    "a number of points up to 1,000,000 with at most 6 decimals": "不超过 1000000 的分值，至多 6 位小数",
    "a number of points with at most 2 decimals": "至多 2 位小数的分值",
    "a day such as 2022-03-01": "日期，如 2022-03-01",
    "a month and a day from 1 to 28, such as 04-01": "月和 1 至 28 日，如 04-01",
    "a length of time such as '30 days', '6 months' or '1 year'": "时长，如 30 days、6 months 或 1 year",
    "a count such as 5 or a percentage such as 30%": "个数如 5，或百分比如 30%",
    "a count from 0, or a percentage from 0% to 100%": "不小于 0 的个数，或 0% 至 100% 的百分比",
    "a percentage with at most 6 decimals": "至多 6 位小数的百分比",
    "a whole count such as 5, or a percentage such as 30%": "整数个数如 5，或百分比如 30%",
    "a text, or {zh: …, en: …}": "文字，或 {zh: …, en: …}",
    # items
    "either `points` or `times`": "points 和 times 二者取一",
    "a whole number of times": "整数次数",
    "`per_member` with `points`: times are not multiplied": "per_member 只能配 points，次数不按人口相乘",
    "a `to` in every band but the last": "除最后一档外每档都要有 to",
    "bands with a rising `to`": "各档的 to 依次增大",
    "[lowest, highest]": "[最低, 最高]",
    "`points` in a {}": "{} 要有 points",
    "`effect` only in a veto or a ruling": "只有 veto 和 ruling 有 effect",
    "`effect` instead of `points` in a {}": "{} 用 effect，不用 points",
    "`effect` in a {}, such as {}": "{} 要有 effect，如 {}",
    "`level` in the effect of a ruling, and only there": "level 写在 ruling 的 effect 里，也只写在那里",
    "zero, bar or level": "zero、bar 或 level",
    "`from` instead of `claim`": "有 from 就不写 claim",
    "such as {scheme: household, level: 五星}": "如 {scheme: household, level: 五星}",
    "the name of the source": "来源的名称",
    "nothing beside the source": "来源之外不写别的",
    "one source out of {}": "来源取一：{}",
    # who takes part, what follows from records
    "`age_from` beside `residence` only": "age_from 只能配 residence",
    "no `enrol`: these take part by being registered": "不写 enrol：登记在册就参加",
    "`scheme` of persons beside such a record": "这种记录要写按个人计分的 scheme",
    "hours only of {}": "只有这些记录有小时数：{}",
    # levels, outcomes, redemption
    "a quota such as 3:5:2": "比例，如 3:5:2",
    "as many steps as the quota has parts": "等级数与比例的份数相同",
    "top or bottom": "top 或 bottom",
    "below, from, over or to": "below、from、over 或 to",
    "{fact: {scheme: …, item: …}}": "{fact: {scheme: …, item: …}}",
    "all, none, {at_most: 50} or {months: 12}": "all、none、{at_most: 50} 或 {months: 12}",
    "a min that is not above max": "min 不大于 max",
    # names
    "a smaller cap, or no limit here": "更小的上限，或不设上限",
    "none is declared under `{}`": "{} 下没有声明任何一个",
    # assessments
    "either `counts` or `decides`": "counts 和 decides 二者取一",
    "a step of its own for `self`, which neither counts nor decides": "self 自成一步，既不计分也不决定",
    "a percentage such as 30%": "百分比，如 30%",
    "`weights` with `by: weighted`, and only there": "weights 配 by: weighted，也只配它",
    "either `quota` or `top`": "quota 和 top 二者取一",
    "a place such as 1": "名次，如 1",
    "zero or grade, such as {zero: total}": "zero 或 grade，如 {zero: total}",
    "a number above 0": "大于 0 的数",
    "a key of mode {}: {}": "方式 {} 的键：{}",
    "`{}` in mode {}": "{} 是方式 {} 所需的",
    "`effect` instead of `full` in a veto": "veto 用 effect，不用 full",
    "`full` above 0 in mode {}": "方式 {} 的 full 要大于 0",
    # stars and pay
    "an amount in yuan without sign, such as 50580 or 50.50": "不带正负号的金额（元），如 50580 或 50.50",
    "a percentage such as 60% or 87.5%": "百分比，如 60% 或 87.5%",
    "each level once": "每个等级只写一次",
    "`standard` beside `base` or `performance`, such as 50580": "有 base 或 performance 就要有 standard，如 50580",
    "`base` or `performance` beside `standard`, such as 60%": "有 standard 就要有 base 或 performance，如 60%",
    "`standard` with `base` and `performance`, or `per_added_star`": (
        "standard 加 base、performance，或者 per_added_star"
    ),
    "`points`, such as 1 or {grades: {national: 3, city: 1}}": "points，如 1 或 {grades: {national: 3, city: 1}}",
    "no `kind` in the limits of a part": "部分的 limits 不写 kind",
    "either `points`, or `years` such as {3: 1, 6: 2}": "points 和 years 二者取一，years 如 {3: 1, 6: 2}",
    "either `points`, such as 1, or `takes: all`": "points（如 1）和 takes: all 二者取一",
}


def expected(english: str) -> str | Text:
    """What should stand there, in both languages; what is only names is the same in both."""
    chinese = _chinese(english)
    return english if chinese == english else Text(zh=chinese, en=english)


def _chinese(english: str) -> str:
    if english in CHINESE:
        return CHINESE[english]
    for pattern, chinese in _patterns():
        found = pattern.fullmatch(english)
        if found:
            return chinese.format(*found.groups())
    return english


@functools.cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The entries with parts; braces of examples are not parts."""
    return tuple(
        (re.compile(re.escape(english).replace(r"\{\}", "(.+)")), chinese)
        for english, chinese in CHINESE.items()
        if "{}" in english
    )
