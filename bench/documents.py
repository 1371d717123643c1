"""Reading a large scheme: loader and guard together, beside the plain parser and the bare models on the same text.

The scheme is made up; its items have the length, the forms and the limits of real rule tables. Times are of the
processor, so other work on the machine counts for little.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

import yaml

from bench.timing import heading, row
from jizhi.engine import guard, loader, reading
from jizhi.engine.document.scheme import Scheme

ITEMS, SECTIONS, ROUNDS = 2_000, 20, 5
DAY = dt.date(2026, 1, 1)
FORMS = (
    "5",
    "{each: 2, per: hour}",
    "{each: 1, per: member}",
    "{grades: {national: 100, province: 60, city: {points: 30, title: {zh: 市级, en: City}}, county: 20}}",
    "{ladder: [5, 10, 15, 20]}",
    "{bands: [{to: 1000, each: 0.01}, {to: 5000, each: 0.0025}, {each: 0.001}], per: yuan}",
    "{between: [1, 10]}",
)
KINDS = ("merit", "merit", "fault")


def run() -> None:
    """The measurements, as rows of a table."""
    text = scheme(ITEMS)
    heading(f"A scheme of {ITEMS:,} items")
    plain = best(lambda: yaml.load(text, Loader=yaml.CSafeLoader))
    loaded = reading.read(text).plain
    bare = best(lambda: Scheme.model_validate(loaded))
    lone = best(lambda: loader.load_scheme(text))
    both = best(lambda: guard.check(loader.load_scheme(text), DAY))
    row("size", f"{len(text) / 1000:,.0f} kB")
    row("plain parser (yaml.CSafeLoader)", f"{plain:.2f} s")
    row("bare models, from plain data", f"{bare:.2f} s")
    row("loader: lines, models, names, limits", f"{lone:.2f} s")
    row("loader and law guard", f"{both:.2f} s, {both / (plain + bare):.2f} times parser and bare models")


def best(work: Callable[[], object]) -> float:
    """Seconds of the processor, the best of some rounds."""
    spent = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        spent.append(time.process_time() - begun)
    return min(spent)


def scheme(items: int) -> str:
    """A scheme of that many items, as a document."""
    sections = "".join(
        f"  - {{id: s{n}, title: {{zh: 第{n}章, en: Chapter {n}}}, limits: [{{points: 60, per: year}}]}}\n"
        for n in range(SECTIONS)
    )
    return (
        "scheme: large\ntitle: {zh: 大型积分细则, en: A large scheme}\nbase: 100\n"
        f"limits:\n  - {{points: 30, per: month}}\n  - {{points: 30, per: month, kind: fault}}\n"
        f"sections:\n{sections}items:\n{''.join(_item(n) for n in range(items))}"
        "levels: {period: year, steps: [{level: 五星, over: 180}, {level: 四星, from: 150}, {level: 无星}]}\n"
        "outcomes:\n"
        "  - {id: star, title: 星级户, when: {period: year, level: [五星, 四星]}, then: honour, reference: 第九条}\n"
    )


def _item(n: int) -> str:
    kind = KINDS[n % len(KINDS)]
    claim, more = (
        ("[self, worker, recorder]", "spendable: true")
        if kind == "merit"
        else ("[recorder]", "repeat: {factor: 2, within: 1 year}")
    )
    return (
        f"  - {{id: item-{n}, section: s{n % SECTIONS}, kind: {kind},\n"
        f"     title: {{zh: 第{n}项积分事项, en: Matter number {n}}},\n"
        "     description: {zh: 由村里组织并记录在案的事项，一次一计，以登记表为准, en: Organised and recorded},\n"
        f"     aliases: [事项{n}, 第{n}项], points: {FORMS[n % len(FORMS)]},\n"
        f"     limits: [{{points: 8, per: month}}, {{points: 40, per: year}}], best_of: act,\n"
        f"     claim: {claim}, evidence: [photo, witness], {more},\n"
        f"     reference: {{zh: 村规民约第{n}条, en: Village rules article {n}, meeting: 2025年村民会议}}}}\n"
    )
