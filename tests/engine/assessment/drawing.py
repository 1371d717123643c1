"""Random assessments and ratings: every mode, weights, steps, vetoes, quotas; most rows fit, some do not.

Documents are plain, as YAML would give them, so that the oracle can read them without the models.
"""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from jizhi.engine.assessment.rows import Rating
from jizhi.engine.tables import Subject

Plain = dict[str, Any]
JULY = dt.date(2022, 7, 1)
WEIGHTS = [["100%"], ["60%", "40%"], ["30%", "20%", "50%"], ["33.3%", "33.3%", "33.4%"], ["5%", "95%"]]
MODES = [
    "all-or-none",
    "target",
    "deduct",
    "faults",
    "class",
    "linear",
    "count",
    "rank",
    "order",
    "ballot",
    "panel",
    "veto",
]
AMOUNTS = ["0.5", "1", "2.5", "0.333333", "7", "12"]
GRADES = ["优", "良", "中", "差"]


def document(dice: random.Random, kind: str = "year") -> Plain:
    """A sheet whose full marks stay below those of its parts."""
    weights = dice.choice(WEIGHTS)
    groups: list[Plain] = [{"id": f"g{n}", "weight": weight} for n, weight in enumerate(weights)]
    names = [group["id"] for group in groups]
    plain: Plain = {
        "assessment": "x",
        "round": kind,
        "unit": {"places": dice.choice("0112")},
        "classes": ["A", "B"],
    }
    if dice.random() < 0.5:
        groups += [{"id": "town"}, {"id": "leaders"}]
        plain["steps"] = [
            {"id": "own", "by": ["self"]},
            {"id": "first", "by": ["town", names[0]]},
            {"id": "review", "by": names, "counts": "true"},
            {"id": "final", "by": ["leaders"], "decides": "true"},
        ]
    plain["rater_groups"] = groups
    number = iter(range(100))
    plain["parts"] = [
        {"id": f"p{n}", "full": "1000", "adds_up": "false", **raters(dice, names),
         "indicators": [indicator(dice, f"i{next(number)}", names) for _ in range(dice.randint(1, 3))]}
        for n in range(dice.randint(1, 2))
    ]  # fmt: skip
    for name in ("bonus", "penalty"):
        if dice.random() < 0.6:
            listed = [
                indicator(dice, f"i{next(number)}", names, extra=True) for _ in range(dice.randint(1, 2))
            ]
            plain[name] = {"indicators": listed, **raters(dice, names)}
            if dice.random() < 0.5:
                plain[name]["limit"] = dice.choice(["5", "20", "60"])
    if dice.random() < 0.5:
        plain["range"] = {"min": "0", "max": dice.choice(["20", "100"])}
    plain["rank"] = {"within": dice.choice([["group"], ["class"], ["all"], ["group", "class"]])}
    if dice.random() < 0.5:
        plain["rank"]["tie_break"] = dice.sample(["p0", "bonus", "penalty"], 2)
    if dice.random() < 0.8:
        plain["grades"] = grades(dice)
    else:
        for chapter in [*plain["parts"], plain.get("bonus", {}), plain.get("penalty", {})]:
            for one in chapter.get("indicators", []):
                if one["mode"] == "veto":
                    one["effect"] = {"zero": "total"}
    return plain


def raters(dice: random.Random, names: list[str]) -> Plain:
    """Sometimes a choice of groups, sometimes with weights of its own."""
    if len(names) == 1 or dice.random() < 0.6:
        return {}
    some = dice.sample(names, dice.randint(1, 2))
    if len(some) == 2 and dice.random() < 0.5:
        return {"raters": dict(zip(some, dice.choice([["90%", "10%"], ["50%", "50%"]]), strict=True))}
    return {"raters": some}


def grades(dice: random.Random) -> Plain:
    """A quota, shares of the top, or thresholds."""
    ties = {"ties": dice.choice(["in", "out"])}
    kind = dice.choice(["quota", "top", "threshold"])
    if kind == "quota":
        return {
            "quota": dice.choice(["3:5:2:1", "1:1:1:1", "0:1:0:3"]),
            "steps": [{"grade": one} for one in GRADES],
            **ties,
        }
    if kind == "top":
        first: Plain = {"grade": "优", "top": dice.choice(["20%", "50%", "33.3%", "1"])}
        return {
            "steps": [first, {"grade": "良", "top": "70%", "from": "10"}, {"grade": "中"}, {"grade": "差"}],
            **ties,
        }
    marks = [
        {"grade": "优", "over": "60"},
        {"grade": "良", "from": "40"},
        {"grade": "中", "from": "20"},
        {"grade": "差"},
    ]
    return {"steps": marks, **ties}


def indicator(dice: random.Random, name: str, names: list[str], *, extra: bool = False) -> Plain:
    """A line of a random mode."""
    mode = dice.choice([one for one in MODES if not (extra and one in ("deduct", "faults"))])
    one: Plain = {"id": name, "mode": mode, "full": dice.choice(["10", "20", "60"]), **raters(dice, names)}
    if dice.random() < 0.2:
        one["classes"] = dice.choice([["A"], ["A", "B"]])
    if mode == "veto":
        del one["full"]
        effects: list[Plain] = [
            {"zero": "total"},
            {"zero": "p0"},
            {"grade": "差"},
            {"grade": "中", "zero": "p0"},
            {"zero": "year"},
        ]
        return one | {"effect": dice.choice(effects)}
    more: dict[str, Plain] = {
        "all-or-none": {},
        "target": {"mode": "all-or-none", "target": dice.choice(["5", "0.5"])},
        "deduct": {"each": dice.choice(AMOUNTS)},
        "faults": {"mode": "deduct", "faults": {"迟": "2", "漏": "5.5"}},
        "class": {"grades": {"一": "10", "二": "7", "三": "0"}},
        "linear": {"factor": dice.choice(["0.57", "2", "0.333333"]), **dice.choice([{}, {"full_from": "5"}])},
        "count": {"each": dice.choice(AMOUNTS)},
        "rank": {"places": {"1": "10", "2": "7", "3": "4"}, **dice.choice([{}, {"rest": "1"}])},
        "order": {
            "mode": "rank",
            "places": {"1": "10", "2": "7", "3": "4"},
            "order": dice.choice(["highest", "lowest"]),
        },
        "ballot": {"ballots": {"好": "100%", "中": "66.6%", "差": "0%"}},
        "panel": {**dice.choice([{}, {"out_of": "100"}, {"trim": "1"}])},
    }
    one |= more[mode]
    if mode in ("class", "rank", "order") and dice.random() < 0.5:
        del one["full"]
    return one


def subjects(dice: random.Random) -> list[Subject]:
    """A handful in two groups and two classes."""
    return [
        Subject(f"s{n}", dice.choice("gh"), dice.choice(["A", "A", "B", ""]))
        for n in range(dice.randint(1, 6))
    ]


def lines(plain: Plain) -> list[tuple[str, Plain]]:
    """Every indicator with the id of its part or list."""
    found = [(part["id"], one) for part in plain["parts"] for one in part["indicators"]]
    return found + [
        (name, one) for name in ("bonus", "penalty") for one in plain.get(name, {}).get("indicators", [])
    ]


def ratings(dice: random.Random, plain: Plain, people: list[Subject], period: str = "") -> list[Rating]:
    """Mostly full sheets, with holes, duplicates, decisions, recusals, returns and rows that cannot be used."""
    rows: list[Rating] = []
    weighted = [group["id"] for group in plain["rater_groups"] if "weight" in group]
    holes = dice.choice([0.0, 0.0, 0.02, 0.2])
    for one in people:
        for part, line in lines(plain):
            if (part in ("bonus", "penalty") or line["mode"] == "veto") and dice.random() < 0.6:
                continue
            for group in weighted:
                for rater in range(3 if "trim" in line else dice.choice([1, 1, 2])):
                    if dice.random() >= holes:
                        rows += said(dice, plain, line, one.subject, group, f"r{rater}")
            if dice.random() < 0.3:
                rows += said(dice, plain, line, one.subject, "self", one.subject)
        rows += decisions(dice, plain, one)
    rows += [noise(dice, plain, people) for _ in range(dice.choice([0, 2, 8]))]
    dice.shuffle(rows)
    return [numbered(row, place, period) for place, row in enumerate(rows, 1)]


def numbered(row: Rating, line: int, period: str) -> Rating:
    """The row at its place in the file."""
    return Rating(
        line, row.subject, row.indicator, row.rater_group, row.rater, row.value, row.grade, row.count, period,
        row.step, row.recused, row.returned, row.reason,
    )  # fmt: skip


def said(
    dice: random.Random, plain: Plain, line: Plain, subject: str, group: str, rater: str
) -> list[Rating]:
    """What a rater says that fits the mode."""

    def row(value: str | None = None, grade: str = "", count: int | None = None) -> Rating:
        number = None if value is None else Decimal(value)
        return Rating(0, subject, line["id"], group, rater, number, grade, count)

    mode = line["mode"]
    if mode == "veto":
        return [dice.choice([row(count=0), row(count=1), row(grade="否"), row(grade="否")])]
    if mode == "all-or-none" and "target" not in line:
        return [row(grade=dice.choice(["met", "达标", "unmet", "否"]))]
    if mode == "class":
        return [row(grade=dice.choice(["一", "二", "三"]))]
    if mode == "ballot":
        if dice.random() < 0.5:
            return [row(grade=dice.choice(["好", "中", "差"]))]
        return [
            row(grade=name, count=dice.randint(0, 9)) for name in ("好", "中", "差") if dice.random() < 0.9
        ]
    if mode == "deduct" and "faults" in line:
        faults = [
            row(grade=name, count=dice.choice([None, 0, 1, 2]))
            for name in ("迟", "漏")
            if dice.random() < 0.5
        ]
        return faults or [row(count=0)]
    if mode in ("deduct", "count") or (mode == "rank" and "order" not in line):
        return [row(count=dice.randint(1, 5))]
    most = Decimal(str(line.get("out_of") or line["full"])) if mode == "panel" else Decimal(12)
    return [
        row(
            value=str((most * dice.randint(0, 40) / 40).quantize(Decimal(dice.choice(["1", "0.1", "0.001"]))))
        )
    ]


def decisions(dice: random.Random, plain: Plain, one: Subject) -> list[Rating]:
    """What the deciding body says, with and without reasons."""
    if "steps" not in plain or dice.random() < 0.6:
        return []
    reason = dice.choice(["", "理由", "理由"])
    grade = dice.choice(["", "优", "差", "奇"])
    whole = Rating(0, one.subject, "", "leaders", "m", None, grade, reason=reason)
    _, line = dice.choice(lines(plain))
    value = Decimal(dice.choice(["0", "1", "5", "7.5", "9.99", "70"]))
    return [whole, Rating(0, one.subject, line["id"], "leaders", "m", value, reason=reason)]


def noise(dice: random.Random, plain: Plain, people: list[Subject]) -> Rating:
    """A row of anything."""
    names = [line["id"] for _, line in lines(plain)]
    groups = [group["id"] for group in plain["rater_groups"]]
    return Rating(
        0,
        dice.choice([*(one.subject for one in people), "nobody"]),
        dice.choice([*names, "zz", ""]),
        dice.choice([*groups, "self", "zz"]),
        dice.choice(["r0", "r1", "r9", people[0].subject]),
        dice.choice([None, None, Decimal("1.5"), Decimal("-3"), Decimal("1e10"), Decimal("0.1234567")]),
        dice.choice(["", "", "一", "好", "迟", "met"]),
        dice.choice([None, None, 0, 3, -1, 10**10]),
        step=dice.choice(["", "", "", "first", "review", "own", "zz"]),
        recused=dice.random() < 0.2,
        returned=dice.random() < 0.05,
        reason=dice.choice(["", "理由"]),
    )
