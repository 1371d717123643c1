"""Reads a village's rating table: one item a row, points and limits as people write them.

`扣2分`, `每小时2分`, `国家级30、省级20`, `1-10分`, `每月最多20分`, `每年3次` are understood; what is not is refused
with its place. What becomes of the rows is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jizhi.sheets.plain import Column, Kind, Refusal, open_table
from jizhi.sheets.values import clean_text

KINDS = {
    "merit": ("加分", "正向", "正面", "正面清单", "奖励", "加", "+", "merit"),
    "fault": ("扣分", "负向", "负面", "负面清单", "减分", "处罚", "扣", "-", "fault"),
}
CHANNELS = {
    "self": ("本户申报", "自主申报", "自行申报", "农户申报", "村民申报", "个人申报", "本户", "本人", "自报"),
    "worker": ("网格员", "网格员采集", "网格员申报"),
    "leader": ("网格长",),
    "recorder": ("记录员", "信息员"),
    "supervisor": ("监督员",),
    "panel": ("评议小组", "评议"),
    "team": ("工作队",),
    "committee": ("村委会", "村（居）委会", "居委会", "村两委", "村集体"),
    "township": ("乡镇", "镇", "街道"),
    "county": ("县", "县级"),
    "system": ("系统", "系统联动", "自动"),
}
EVIDENCE = {
    "none": ("不需要", "无需"),
    "photo": ("照片", "图片", "现场照片"),
    "document": ("文件", "材料"),
    "certificate": ("证书", "荣誉证书"),
    "receipt": ("票据", "收据", "发票"),
    "register": ("台账", "登记", "登记表"),
    "list": ("名单",),
    "witness": ("证人", "证明人", "旁证"),
    "signature": ("签字", "签到"),
    "record": ("记录",),
}
COLUMNS = (
    Column("id", "编号", "Id", Kind.CODE, synonyms=("条目编号", "代码"), longest=60, width=18),
    Column(
        "section", "章节", "Chapter", Kind.WORDS,
        synonyms=("类别", "分类", "板块", "类型", "项目类别", "一级指标", "积分类别", "大类"), longest=60,
    ),
    Column(
        "title", "条目", "Item", Kind.WORDS, required=True, longest=100, width=28,
        synonyms=(
            "事项", "积分事项", "内容", "积分内容", "项目", "指标", "二级指标", "积分项目", "条目名称", "评分项目",
            "具体内容",
        ),
    ),
    Column(
        "kind", "加扣分", "Kind", Kind.WORDS, longest=20, note="加分或扣分；不填的按分值有没有负号",
        synonyms=("性质", "正负", "加减分", "清单类型", "清单"),
    ),
    Column(
        "points", "分值", "Points", Kind.WORDS, required=True, longest=300, width=30,
        synonyms=(
            "分数", "积分", "计分标准", "评分标准", "积分标准", "标准", "赋分标准", "加分标准", "扣分标准", "赋分",
            "标准分",
        ),
        note="如 5、每小时2分、国家级30、省级20、1-10分",
    ),
    Column(
        "limits", "上限", "Limits", Kind.WORDS, longest=200, width=24,
        synonyms=("封顶", "最高分", "积分上限", "上限分值", "限额", "最高"),
        note="如 每月最多20分；每年最多3次；只写数的算每年",
    ),
    Column(
        "claim", "申报方式", "Claimed by", Kind.WORDS, longest=100, width=20,
        synonyms=("申报途径", "申报人", "采集方式", "申报主体", "责任人", "谁可以申报", "信息来源"),
    ),
    Column(
        "evidence", "佐证", "Evidence", Kind.WORDS, longest=100, width=18,
        synonyms=("佐证材料", "证明材料", "评分依据", "印证材料"),
    ),
    Column("spendable", "可兑换", "Spendable", Kind.YES_NO, synonyms=("能否兑换", "是否可兑换"), width=10),
    Column(
        "description", "说明", "Description", Kind.WORDS,
        synonyms=("备注", "解释", "具体说明"), longest=500, width=36,
    ),
    Column("reference", "依据", "Basis", Kind.WORDS, synonyms=("政策依据", "文件依据", "来源"), longest=500, width=30),
)  # fmt: skip
UNITS = {
    "小时": "hour", "天": "day", "次": "time", "人": "person", "元": "yuan", "亩": "mu", "公斤": "kg", "棵": "tree",
    "件": "piece", "米": "metre", "场": "session", "户": "household", "吨": "ton",
    "户内人口": "member",
}  # fmt: skip
WINDOWS = {
    "天": "day", "日": "day", "周": "week", "月": "month", "个月": "month", "季": "quarter", "季度": "quarter",
    "半年": "half", "年": "year", "年度": "year", "届": "term", "累计": "ever",
}  # fmt: skip
N = r"(\d+(?:\.\d+)?)"
SIGN = re.compile(r"^(?:每次)?(扣减?|减|[-−－])(?!\d+\s*[-~～—至到])")
PLAIN = re.compile(rf"^(?:每次|一次|每人次|加|计|奖)?[+＋]?{N}分?(?:/次|／次)?$")
EACH = re.compile(rf"^(?:每|一)个?(.{{1,6}}?)(?:加|计|得|奖|扣)?[+＋]?{N}分?$")
PER = re.compile(rf"^[+＋]?{N}分?[/／每](?:个)?(.{{1,6}})$")
RANGE = re.compile(rf"^{N}分?[-~～—至到]{N}分?$")
STEPS = re.compile(rf"^{N}分?(?:[/／、,，]{N}分?)+$")
GRADE = re.compile(rf"^([^\d每]+?)[:：]?[+＋-]?{N}分?$")
VERB = re.compile(r"(?<=..)(?<!参)[加计得奖扣]$")
LIMIT = re.compile(
    rf"^(?:每|一|单)?个?(天|日|周|月|季度|季|半年|年度|年|届|累计)(?:度|内)?(?:最多|最高|不超过|至多|上限|封顶|限)*[为]?{N}(分|次)?(?:封顶|为限|以内)?$"
)
LIMIT_PER = re.compile(
    rf"^(?:最多|最高|不超过|上限)?{N}(分|次)?[/／每](天|日|周|月|季度|季|半年|年度|年|届)$"
)
ONLY = re.compile(rf"^(?:最多|最高|不超过|上限|封顶)?{N}(分|次)?(?:封顶)?$")
JOINTS = re.compile(r"[、，,；;/／\s]+")


@dataclass(frozen=True)
class Rating:
    """An item of a rating table. `points` is a form of the rules language, `limits` its limits; numbers are texts."""

    sheet: str
    row: int
    values: dict[str, Any]
    kind: str
    points: Any
    limits: tuple[dict[str, str], ...]
    claim: tuple[str, ...]
    evidence: tuple[str, ...]

    @property
    def title(self) -> str:
        return str(self.values["title"])


@dataclass
class RatingTable:
    """All rows that can be used, those that cannot, and columns that nobody asked for."""

    rows: list[Rating] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)


def read_ratings(source: Path, filename: str) -> RatingTable:
    """A rating table; UnreadableFile without a header. A chapter stands for the rows below it that name none."""
    table = open_table(source, filename, COLUMNS)
    found, section, kind = RatingTable(), "", ""
    for line in table:
        section = line.values["section"] or section
        kind = line.values["kind"] or kind
        line.values["section"], line.values["kind"] = section, kind
        if line.problems:
            found.refused += line.problems
            continue
        try:
            found.rows.append(_rating(line.sheet, line.row, dict(line.values)))
        except Unclear as unclear:
            column = next(one for one in COLUMNS if one.key == unclear.column)
            shown = line.shown.get(unclear.column, "")
            found.refused.append(Refusal(line.sheet, line.row, column.title, shown, unclear.zh, unclear.en))
    found.unused = list(dict.fromkeys(table.unused))
    return found


class Unclear(ValueError):
    """A cell that says nothing the language knows."""

    def __init__(self, column: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.column, self.zh, self.en = column, zh, en


def _rating(sheet: str, row: int, values: dict[str, Any]) -> Rating:
    kind = _kind(values["kind"] or "")
    text = "".join(clean_text(values["points"]).split())
    fault = kind == "fault" or (not kind and bool(SIGN.match(text)))
    return Rating(
        sheet,
        row,
        values,
        "fault" if fault else "merit",
        points(SIGN.sub("", text)),
        tuple(limits(values["limits"] or "")),
        _words("claim", values["claim"] or "", CHANNELS),
        _words("evidence", values["evidence"] or "", EVIDENCE),
    )


def _kind(text: str) -> str:
    word = "".join(text.split())
    return next((key for key, names in KINDS.items() if word in names), "") or _kind_inside(word)


def _kind_inside(word: str) -> str:
    if any(mark in word for mark in ("扣", "减", "负")):
        return "fault"
    return "merit" if any(mark in word for mark in ("加", "正", "奖")) else ""


def points(text: str) -> Any:
    """`5`, `{each: …}`, `{grades: …}`, `{ladder: …}` or `{between: …}`; raises Unclear."""
    if found := PLAIN.match(text):
        return found[1]
    if found := RANGE.match(text):
        return {"between": [found[1], found[2]]}
    if STEPS.match(text):
        return {"ladder": re.findall(r"\d+(?:\.\d+)?", text)}
    if found := EACH.match(text):
        return {"each": found[2], "per": UNITS.get(found[1], found[1])}
    if found := PER.match(text):
        return {"each": found[1], "per": UNITS.get(found[2], found[2])}
    grades = [GRADE.match(one) for one in JOINTS.split(text) if one]
    if len(grades) > 1 and all(grades):
        return {
            "grades": {
                f"step-{n}": {"points": one[2], "title": VERB.sub("", one[1])}
                for n, one in enumerate(grades, 1)
                if one
            }
        }
    raise Unclear("points", "看不懂这样的分值", "these points are not understood")


def limits(text: str) -> Iterator[dict[str, str]]:
    """`{points: 20, per: month}` for each limit in the text; raises Unclear."""
    for one in re.split(r"[、，,；;\n]+", "".join(text.split())):
        if not one:
            continue
        if found := LIMIT.match(one):
            window, amount, measure = found[1], found[2], found[3]
        elif found := LIMIT_PER.match(one):
            amount, measure, window = found[1], found[2], found[3]
        elif found := ONLY.match(one):
            amount, measure, window = found[1], found[2], "年"
        else:
            raise Unclear("limits", "看不懂这样的上限", "this limit is not understood")
        if measure == "次" and "." in amount:
            raise Unclear("limits", "次数应为整数", "a whole number of times")
        yield {"times" if measure == "次" else "points": amount, "per": WINDOWS[window]}


def _words(column: str, text: str, known: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    found = []
    for word in JOINTS.split(clean_text(text)):
        if not word:
            continue
        key = next((key for key, names in known.items() if word in names or word == key), None)
        key = key or next((key for key, names in known.items() if any(name in word for name in names)), None)
        if key is None:
            raise Unclear(column, f"不认识“{word}”", f"unknown: {word}")
        found.append(key)
    return tuple(dict.fromkeys(found))
