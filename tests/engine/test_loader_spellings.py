"""Every spelling of the language loads, and its misspelling is told: code, line, what was found, the nearest name.

A case is one document; `>` marks the line that a problem must name.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import jizhi
from jizhi.engine import loader
from jizhi.engine.document.problem import DocumentError, Problem
from jizhi.engine.reading import words

LEVELS = "levels: {period: year, steps: [{level: 五星, over: 180}, {level: 无星}]}\n"


def load(text: str) -> None:
    loader.load_scheme(f"scheme: x\n{text}\n")


def problems(text: str) -> list[Problem]:
    with pytest.raises(DocumentError) as caught:
        load(text)
    return caught.value.problems


def item(text: str) -> str:
    return f"{LEVELS}items:\n  - {{id: a, title: 甲,\n     {text}}}\n"


def outcome(text: str) -> str:
    return f"{LEVELS}outcomes:\n  - {{id: o, title: 甲,\n     {text}}}\n"


@pytest.mark.parametrize(
    "text",
    [
        "title: 甲",
        "title: {zh: 甲, en: A}",
        "title: {en: A}",
        *(f"subject: {one}" for one in ("household", "person", "organisation", "area")),
        "unit: star",
        "unit: {id: point, places: 0}",
        "unit: {id: star, places: 2, title: {zh: 星, en: stars}}",
        "classes: {A: 甲, B: {zh: 乙, en: B}}",
        "classes: [A, B]",
        "base: 100",
        "base: 0.5",
        *(f"base: {{points: 100, per: {one}}}" for one in ("month", "quarter", "half", "year")),
        "range: {min: 0}",
        "range: {min: -5.5, max: 100}",
        "periods: {record: day, report: week, publish: month, summarise: quarter, appraise: year, redeem: quarter}",
        "periods: {appraise: half}",
        "year: {starts: 04-01}",
        "year: {starts: '4-1'}",
        "term: {starts: 2021-03-01, years: 3}",
        "sections: [{id: s, title: 甲, limits: [{points: 60, per: year}]}, {id: t}]",
        "limits: [{points: 30, per: month}, {points: 30, per: month, kind: fault}]",
        *(f"rank: {{within: {one}}}" for one in ("group", "village", "grid", "class", "kind", "all")),
        "rank: {within: [village, class], tie_break: [awarded, base, size]}",
        "levels: {period: year, steps: [{level: 五星, over: 1060}, {level: 四星, from: -5}, {level: 无星}]}",
        "levels: {period: quarter, ties: out, steps: [{level: 甲, top: 30%}, {level: 乙, top: 5}, {level: 丙}]}",
        "levels: {period: year, steps: [{level: 甲, top: 20 %, ties: in}, {level: 乙}]}",
        "levels: {period: half, quota: 3:5:2, steps: [{level: 甲}, {level: 乙}, {level: 丙}]}",
        "levels: {period: month, quota: [3, 5, 2], steps: [{level: 甲}, {level: 乙}, {level: 丙}]}",
        "levels: {period: standing, steps: [{level: {zh: 甲, en: A}, from: 1}]}",
        "redeem: {fen_per_point: 100, every: quarter, day: 1, carry: all}",
        "redeem: {carry: none}",
        "redeem: {carry: {at_most: 50}}",
        "redeem: {carry: {months: 12}}",
        "share: {period: year, within: group, from: 0}",
        "share: {period: quarter, within: village, from: -10, pool: 1000000}",
        "reference: {zh: 甲, en: A, article: 第三条, meeting: 村民会议, source: 文件, expires: 2030-12-31}",
        "items: [&a {id: a, kind: merit, points: 5, limits: [{times: 1, per: day}]}]",
    ],
)
def test_a_scheme_may_say(text: str) -> None:
    load(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            f"kind: merit, points: {one}"
            for one in (
                "5",
                "0.25",
                "'5'",
                "{each: 2, per: hour}",
                "{each: 1, per: member}",
                "{each: 2, per: {zh: 半天, en: half day}}",
                "{grades: {national: 100, province: 60}}",
                "{grades: {national: {points: 100, title: {zh: 国家级, en: National}}}}",
                "{ladder: [5, 10, 15, 20]}",
                "{bands: [{to: 1000, each: 0.01}, {to: 5000, each: 0.0025}]}",
                "{bands: [{to: 1000, each: 0.01}, {each: 0.0025}], per: yuan}",
                "{between: [1, 10]}",
            )
        ),
        *(
            f"kind: merit, points: 5, limits: [{{times: 2, per: {one}}}]"
            for one in ("day", "week", "month", "quarter", "half", "year", "term", "ever")
        ),
        "kind: merit, points: 5, limits: [{points: 20, per: year, per_member: true}]",
        "kind: fault, points: 5, limits: [{points: 20, per: year, kind: fault}]",
        "kind: fault, points: 5, repeat: {factor: 2, within: 1 year}",
        "kind: fault, points: 5, repeat: {factor: 1.5, within: 30 days}, best_of: act",
        "kind: merit, points: 5, valid: 2 years",
        "kind: merit, points: 5, valid: 18 months, published: false, spendable: true",
        "kind: merit, points: 5, claim: [self, worker, recorder], evidence: photo",
        "kind: merit, points: 5, claim: self, evidence: [photo, witness], notify: true",
        "kind: merit, points: 5, from: {assessment: village-secretary, grade: excellent}",
        "kind: merit, points: 5, from: {register: training, attended: true}",
        "kind: merit, points: 5, from: {scheme: household, level: 五星}",
        "kind: merit, points: 5, from: {visits: month-complete}",
        "kind: merit, points: 5, reasons: {custom: 村民会议通过, stale: 换发中}",
        "kind: merit, points: 5, reference: 第三条",
        "kind: veto, effect: {zero: quarter}",
        "kind: veto, effect: {zero: ever, bar: awards, for: 1 year}, claim: [recorder]",
        "kind: veto, effect: {bar: [awards, posts], for: 6 months}",
        "kind: ruling, effect: {level: 五星, for: 2 years}",
        "kind: ruling, level: 五星",
    ],
)
def test_an_item_may_say(text: str) -> None:
    load(item(text))


@pytest.mark.parametrize(
    "text",
    [
        *(
            f"when: {{period: month}}, then: {one}"
            for one in (
                "honour",
                "recommend",
                "talk",
                "rectify",
                "reward",
                "bar",
                "{bar: [awards], for: 1 year}",
                "{reward: {zh: 奖品, en: Prize}}",
                "{fact: {scheme: village, item: star-household, grade: high}}",
            )
        ),
        *(
            f"when: {{period: {one}, running: 4, vetoed: false}}, then: honour"
            for one in ("month", "quarter", "half", "year", "standing")
        ),
        "when: {period: quarter, rank: {top: 5}}, then: honour",
        "when: {period: quarter, rank: {bottom: 10%}}, then: talk",
        "when: {period: month, total: {below: 60, from: 0}}, then: talk",
        "when: {period: month, total: {over: 0.5, to: 60}}, then: talk",
        "when: {period: year, level: 五星}, then: honour",
        "when: {period: year, level: [五星, 无星], vetoed: true}, then: talk, reference: {article: 第二条}",
    ],
)
def test_an_outcome_may_say(text: str) -> None:
    load(outcome(text))


MISTAKES: list[tuple[str, int, str, str | None, str]] = [
    # document, line, code, found, nearest
    ("titel: 甲", 2, "unknown-key", "titel", "title"),
    ("title: {zh: 甲, cn: 乙}", 2, "unknown-key", "cn", "en"),
    ("subject: houshold", 2, "unknown-name", "houshold", "household"),
    ("unit: {place: 1}", 2, "unknown-key", "place", "places"),
    ("unit: {places: 3}", 2, "invalid-value", "3", ""),
    ("base: {points: 100, pre: year}", 2, "unknown-key", "pre", "per"),
    ("base: -5", 2, "invalid-value", "-5", ""),
    ("base: 1.25", 2, "places", "1.25", ""),
    ("range: {mn: 0}", 2, "unknown-key", "mn", "min"),
    ("range: {min: 5, max: 1}", 2, "invalid-value", "5 > 1", ""),
    ("periods: {summarize: quarter}", 2, "unknown-key", "summarize", "summarise"),
    ("periods: {publish: monht}", 2, "unknown-name", "monht", "month"),
    ("year: {start: 04-01}", 2, "unknown-key", "start", "starts"),
    ("year: {starts: 02-30}", 2, "invalid-value", "02-30", ""),
    ("sections: [{id: s}, {id: s}]", 2, "duplicate-id", "s", ""),
    ("limits: [{point: 5, per: month}]", 2, "unknown-key", "point", "points"),
    ("limits: [{points: 5, per: month, kind: falut}]", 2, "unknown-name", "falut", "fault"),
    ("limits: [{points: 5, times: 5, per: month}]", 2, "invalid-value", "both", ""),
    ("limits: [{per: month}]", 2, "invalid-value", "neither", ""),
    ("limits: [{times: 5, per: month, per_member: true}]", 2, "invalid-value", "times", ""),
    ("rank: {within: vilage}", 2, "invalid-value", "vilage", "village"),
    ("rank: {tie_break: awrded}", 2, "unknown-name", "awrded", "awarded"),
    ("levels: {period: year, step: [{level: 甲}]}", 2, "unknown-key", "step", "steps"),
    ("levels: {period: year, qouta: 3:5, steps: [{level: 甲}]}", 2, "unknown-key", "qouta", "quota"),
    ("levels: {period: year, quota: 3:5, steps: [{level: 甲}]}", 2, "invalid-value", "3:5", ""),
    ("levels:\n  period: year\n  steps: [{level: 甲}, {level: 甲}]", 4, "duplicate-id", "甲", ""),
    ("levels: {period: year, steps: [{level: 甲, abov: 1}]}", 2, "unknown-key", "abov", "over"),
    ("levels: {period: year, steps: [{level: 甲, top: 130%}]}", 2, "invalid-value", "130%", ""),
    ("levels: {period: week, steps: [{level: 甲}]}", 2, "unknown-name", "week", ""),
    ("redeem: {carry: {at_mots: 50}}", 2, "invalid-value", "at_mots", "at_most"),
    ("redeem: {carry: non}", 2, "unknown-name", "non", "none"),
    ("redeem: {fen_per_points: 100}", 2, "unknown-key", "fen_per_points", "fen_per_point"),
    ("share: {form: 0}", 2, "unknown-key", "form", "from"),
    ("reference: {articel: 第三条}", 2, "unknown-key", "articel", "article"),
    ("reasons: {custm: 甲}", 2, "unknown-key", "custm", "custom"),
    ("reasons: {custom: ' '}", 2, "invalid-value", " ", ""),
    ("base: 100\nbase: 50", 3, "duplicate-key", "base", ""),
    ("description: *a", 2, "unknown-name", "*a", ""),
    ("classes: {A: 甲, {B: 1}: 乙}", 2, "yaml", "{'B': '1'}", ""),
    ("---\nscheme: y", 2, "yaml", "---", ""),
    # items: the third line of `item` is line 4
    *(
        (item(text), 5, code, found, near)
        for text, code, found, near in (
            ("knd: merit, points: 5", "unknown-key", "knd", "kind"),
            ("kind: merrit, points: 5", "unknown-name", "merrit", "merit"),
            ("kind: fault, points: -5", "invalid-value", "-5", ""),
            ("kind: merit, points: 1e3", "invalid-value", "1e3", ""),
            ("kind: merit, points: {grade: {a: 1}}", "unknown-key", "grade", "grades"),
            ("kind: merit, points: {each: 2, pre: hour}", "unknown-key", "pre", "per"),
            ("kind: merit, points: {bands: [{to: 5, eahc: 1}]}", "unknown-key", "eahc", "each"),
            ("kind: merit, points: {bands: [{each: 1}, {to: 5, each: 1}]}", "invalid-value", None, ""),
            ("kind: merit, points: {between: [1, 2, 3]}", "invalid-value", "[1, 2, 3]", ""),
            ("kind: merit, points: {ladder: [5, x]}", "invalid-value", "x", ""),
            ("kind: merit, points: 5, limits: [{times: 1, per: months}]", "unknown-name", "months", "month"),
            ("kind: merit, points: 5, limits: [{points: 9, per: day, kind: fault}]", "idle-limit", None, ""),
            (
                "kind: merit, points: 5, repeat: {factor: 2, within: 1 yaer}",
                "invalid-value",
                "1 yaer",
                "1 year",
            ),
            ("kind: merit, points: 5, best_of: acts", "unknown-name", "acts", "act"),
            ("kind: merit, points: 5, valid: two years", "invalid-value", "two years", ""),
            ("kind: merit, points: 5, published: maybe", "invalid-value", "maybe", ""),
            ("kind: merit, points: 5, claim: [slef]", "unknown-name", "slef", "self"),
            ("kind: merit, points: 5, evidence: foto", "unknown-name", "foto", "photo"),
            ("kind: merit, points: 5, section: none", "unknown-name", "none", ""),
            ("kind: merit, points: 5, classes: [A]", "unknown-name", "A", ""),
            ("kind: merit, points: 5, from: {visit: month-complete}", "invalid-value", "visit", "visits"),
            ("kind: merit, points: 5, from: {scheme: y, levle: 五星}", "invalid-value", "levle", "level"),
            ("kind: merit, points: 5, from: {visits: }", "invalid-value", "visits", ""),
            ("kind: merit, points: 5, from: {visits: y, levl: 1}", "invalid-value", "levl", ""),
            ("kind: merit, points: 5, from: {register: y}, claim: self", "invalid-value", "both", ""),
            ("kind: merit, points: 5, effect: {zero: year}", "invalid-value", "kind: merit", ""),
            ("kind: veto, points: 5", "invalid-value", "kind: veto", ""),
            ("kind: veto, effect: {zero: quater}", "unknown-name", "quater", "quarter"),
            ("kind: veto, effect: {for: 1 year}", "invalid-value", "none of them", ""),
            ("kind: veto, effect: {zero: year}, limits: [{times: 1, per: year}]", "idle-limit", None, ""),
            ("kind: ruling, level: 五級", "unknown-name", "五級", "五星"),
            ("kind: ruling, effect: {zero: year}", "invalid-value", "kind: ruling", ""),
        )
    ),
    *(
        (outcome(text), 5, code, found, near)
        for text, code, found, near in (
            ("wen: {period: month}, then: talk", "unknown-key", "wen", "when"),
            ("when: {period: weekly}, then: talk", "unknown-name", "weekly", ""),
            ("when: {period: month, rank: {botom: 5}}, then: talk", "unknown-key", "botom", "bottom"),
            ("when: {period: month, total: {}}, then: talk", "invalid-value", "none of them", ""),
            ("when: {period: month, total: {belo: 5}}, then: talk", "unknown-key", "belo", "below"),
            ("when: {period: year, level: 五级}, then: talk", "unknown-name", "五级", "五星"),
            ("when: {period: month, level: 五星}, then: talk", "unknown-name", "month", ""),
            ("when: {period: month, running: 0}, then: talk", "invalid-value", "0", ""),
            ("when: {period: month}, then: honor", "invalid-value", "honor", "honour"),
            ("when: {period: month}, then: {bar: [awards], fro: 1 year}", "unknown-key", "fro", "for"),
            ("when: {period: month}, then: {barr: [awards]}", "invalid-value", "barr", "bar"),
            ("when: {period: month}, then: {fact: {scheme: x, item: a}}", "unknown-name", "a", ""),
            ("when: {period: month}, then: fact", "invalid-value", "fact", ""),
        )
    ),
]


@pytest.mark.parametrize(("text", "line", "code", "found", "nearest"), MISTAKES)
def test_a_misspelling_is_told(text: str, line: int, code: str, found: str | None, nearest: str) -> None:
    told = problems(text)
    assert [(one.code, one.line, one.nearest) for one in told] == [(code, line, nearest)]
    assert found in (None, told[0].found)
    if code not in ("duplicate-id", "duplicate-key", "places", "yaml") and found != "*a":
        assert told[0].expected


@pytest.mark.parametrize("key", ["scheme", "kind", "id", "per", "within", "when", "then", "period"])
def test_a_missing_key_is_named(key: str) -> None:
    whole = {
        "scheme": "title: 甲\n",
        "kind": "scheme: x\nitems: [{id: a, points: 5}]\n",
        "id": "scheme: x\nitems: [{kind: merit, points: 5}]\n",
        "per": "scheme: x\nlimits: [{points: 5}]\n",
        "within": "scheme: x\nitems: [{id: a, kind: fault, points: 5, repeat: {factor: 2}}]\n",
        "when": "scheme: x\noutcomes: [{id: o, then: talk}]\n",
        "then": "scheme: x\noutcomes: [{id: o, when: {period: month}}]\n",
        "period": "scheme: x\nlevels: {steps: [{level: 甲}]}\n",
    }
    with pytest.raises(DocumentError) as caught:
        loader.load_scheme(whole[key])
    assert [(one.code, one.expected) for one in caught.value.problems] == [("missing-key", key)]


def test_every_expectation_is_said_in_chinese_too() -> None:
    """Each message that a model raises stands in the table of `words`."""
    folder = Path(jizhi.__file__).parent / "engine" / "document"
    raised = {message for file in folder.rglob("*.py") for message in _raised(file)}
    assert len(raised) > 30
    assert not {
        one for one in raised if " " in one and words.expected(one) == one and one not in words.CHINESE
    }


def _raised(file: Path) -> list[str]:
    """The first text of every ValueError and Wrong in a file, its parts as `{}`."""
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", "") in ("ValueError", "Wrong")
            and node.args
        ):
            text = node.args[0]
            if isinstance(text, ast.Constant):
                found.append(str(text.value))
            elif isinstance(text, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in text.values]
                found.append("".join(str(part) for part in parts))
    return found
