"""The language's manual: the chapters of `tests/engine/spec/features` as pages, Chinese and English.

Every table on them is settled by the tests on every evaluator, so the manual cannot say what the engine does not do.
Written by `jizhi docs`; nothing here decides what a rule means.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from config import environment
from jizhi.engine import features
from jizhi.engine.document.text import Text
from jizhi.engine.features import Example, Feature, Table

PLACE = environment.CHECKOUT / "tests" / "engine" / "spec" / "features"
HEAD = Text(
    zh="""# 细则语言

每一章讲一条规定，用表格说明：细则怎么写、有哪些事实、结算出什么。每个例子都在每一种计算方式上跑过，与表中一字不差。

表的栏目就是 `jizhi settle` 的文件的栏目，只列出要紧的几栏。例子省去细则的第一行 `scheme: household`；不写起止日时结算
2022 年全年；`fact` 是台账序号，不写时从 1 数起；事实不写主体时属于第一个主体。""",
    en="""# The rules language

Each chapter is one rule, shown in tables: what the scheme says, which facts there are, what a settlement yields. Every
example is settled by every evaluator and comes out to the letter as shown.

Columns are those of the files of `jizhi settle`; only those that matter are shown. The examples leave out the
first line of the scheme, `scheme: household`. Without days they settle the year 2022; `fact` is the place in
the ledger, counted from 1 when it is left out; facts without a subject belong to the first one.""",
)
WORDS: dict[str, Text] = {
    "subjects": Text(zh="主体", en="Subjects"),
    "facts": Text(zh="事实", en="Facts"),
    "awards": Text(zh="得分", en="Awards"),
    "totals": Text(zh="总分", en="Totals"),
    "outcomes": Text(zh="结果运用", en="Outcomes"),
    "shares": Text(zh="分红", en="Shares"),
    "rejected": Text(zh="不能用的行", en="Rejected"),
    "problems": Text(zh="报告的错误", en="Problems"),
    "scheme": Text(zh="本章的细则", en="The scheme of this chapter"),
    "everybody": Text(zh="本章的主体", en="The subjects of this chapter"),
    "from": Text(zh="施行日", en="In force from"),
    "settled": Text(zh="结算", en="Settled"),
    "pool": Text(zh="可分的钱（分）", en="Pool in fen"),
    "periods": Text(zh="有总分的周期", en="Periods with totals"),
    "none": Text(zh="没有行。", en="No rows."),
}
YEAR = (dt.date(2022, 1, 1), dt.date(2022, 12, 31))


def page(language: str) -> str:
    """The whole manual in one language."""
    chapters = features.load(PLACE)
    lines = [HEAD.say(language), ""]
    for number, (name, feature) in enumerate(chapters.items(), 1):
        lines.append(f"{number}. [{feature.title.say(language)}](#{name})")
    for number, (name, feature) in enumerate(chapters.items(), 1):
        lines += ["", f'<a id="{name}"></a>', "", f"## {number}. {feature.title.say(language)}", ""]
        lines += _chapter(feature, language)
    return "\n".join(lines)


def _chapter(feature: Feature, language: str) -> Iterator[str]:
    yield _joined(feature.text.say(language), language)
    if feature.scheme:
        yield from _labelled("scheme", language, _code(feature.scheme))
    if feature.subjects:
        yield from _labelled("everybody", language, _rows(feature.subjects))
    for example in feature.examples:
        yield from ("", f"### {example.name.say(language)}")
        yield from _example(example, language)


def _example(example: Example, language: str) -> Iterator[str]:
    if example.scheme:
        yield from ("", *_code(example.scheme))
    for day, text in example.versions.items():
        yield from ("", f"{WORDS['from'].say(language)} {day}", "", *_code(text))
    for name in features.INPUT:
        if table := getattr(example, name):
            yield from _labelled(name, language, _rows(table))
    said = []
    if (example.from_, example.to) != YEAR:
        said.append(f"{WORDS['settled'].say(language)} {example.from_} – {example.to}")
    if example.pool is not None:
        said.append(f"{WORDS['pool'].say(language)} {example.pool}")
    if example.periods:
        said.append(f"{WORDS['periods'].say(language)}: {', '.join(example.periods.split())}")
    for line in said:
        yield from ("", f"{line}{'。' if language == 'zh' else '.'}")
    for name, table in example.outputs():
        none = [WORDS["none"].say(language)]
        yield from _labelled(name, language, _rows(table) if table.rows else none)


def _joined(text: str, language: str) -> str:
    return ("" if language == "zh" else " ").join(line.strip() for line in text.splitlines())


def _labelled(name: str, language: str, lines: list[str]) -> Iterator[str]:
    yield from ("", f"**{WORDS[name].say(language)}**", "", *lines)


def _code(text: str) -> list[str]:
    return ["```yaml", *text.rstrip().splitlines(), "```"]


def _rows(table: Table) -> list[str]:
    lines = [table.columns, ("---",) * len(table.columns), *table.rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]
