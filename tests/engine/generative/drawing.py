"""Random schemes, subjects and facts: everything the language allows, kept small so that windows collide often."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from jizhi.engine.document.scheme import Scheme
from jizhi.engine.loader import Versions
from jizhi.engine.tables import Fact, Subject

WINDOWS = ["day", "week", "month", "quarter", "half", "year", "term", "ever"]
FIRST, LAST = dt.date(2021, 11, 20), dt.date(2022, 12, 31)
DURATIONS = ["10 days", "2 weeks", "1 month", "6 months", "1 year", "2 years"]
PLACES = st.sampled_from([0, 1, 1, 2])
ITEMS = ["a", "b", "c", "d", "e", "f"]
CLASSES = ["A", "B"]
LEVELS = ["五星", "四星", "三星", "无星"]


def amounts(most: int = 30) -> st.SearchStrategy[str]:
    """Points as written, often with odd decimals."""
    return st.one_of(
        st.integers(0, most).map(str),
        st.sampled_from(["0.5", "0.05", "0.25", "1.15", "2.345", "0.0025", "7.005", "0.000125"]),
    )


@st.composite
def caps(draw: st.DrawFn, places: int, *, kinds: bool) -> dict[str, Any]:
    """A limit."""
    limit: dict[str, Any] = {"per": draw(st.sampled_from(WINDOWS))}
    if draw(st.integers(0, 2)) == 0:
        limit["times"] = str(draw(st.integers(0, 3)))
    else:
        number = Decimal(draw(st.integers(0, 400))).scaleb(-places) if places else draw(st.integers(0, 40))
        limit["points"] = str(number)
        limit["per_member"] = draw(st.booleans())
    if kinds:
        limit["kind"] = draw(st.sampled_from(["merit", "merit", "fault"]))
    return limit


@st.composite
def forms(draw: st.DrawFn) -> Any:
    """A points form."""
    form = draw(st.sampled_from(["fixed", "fixed", "each", "member", "grades", "ladder", "bands", "between"]))
    one = draw(amounts())
    if form == "fixed":
        return one
    if form in ("each", "member"):
        return {"each": one, "per": "hour" if form == "each" else "member"}
    if form == "grades":
        return {"grades": {"1": one, "2": draw(amounts())}}
    if form == "ladder":
        return {"ladder": [one, draw(amounts()), draw(amounts())]}
    if form == "between":
        return {"between": ["0.5", "10"]}
    bands: list[dict[str, str]] = [{"to": "10", "each": one}, {"to": "15.5", "each": draw(amounts(3))}]
    return {"bands": bands + ([{"each": draw(amounts(2))}] if draw(st.booleans()) else [])}


@st.composite
def items(draw: st.DrawFn, name: str, places: int) -> dict[str, Any]:
    """An item."""
    kind = draw(st.sampled_from(["merit", "merit", "merit", "fault", "fault", "veto", "ruling"]))
    item: dict[str, Any] = {"id": name, "kind": kind, "title": name}
    if draw(st.booleans()):
        item["section"] = draw(st.sampled_from(["s", "t"]))
    if draw(st.integers(0, 4)) == 0:
        item["classes"] = draw(st.sampled_from([["A"], ["A", "B"]]))
    if kind == "veto":
        return item | {"effect": {"zero": draw(st.sampled_from(WINDOWS))}}
    if kind == "ruling":
        effect = {"level": draw(st.sampled_from(LEVELS))}
        return item | {
            "effect": effect | ({"for": draw(st.sampled_from(DURATIONS))} if draw(st.booleans()) else {})
        }
    item["points"] = draw(forms())
    item["limits"] = draw(st.lists(caps(places, kinds=False), max_size=3))
    if draw(st.integers(0, 2)) == 0:
        factor = draw(st.sampled_from(["2", "1.5", "0.333", "0"]))
        item["repeat"] = {"factor": factor, "within": draw(st.sampled_from(DURATIONS))}
    if draw(st.integers(0, 2)) == 0:
        item["best_of"] = "act"
    item["spendable"] = draw(st.booleans())
    if draw(st.integers(0, 4)) == 0:
        item["valid"] = draw(st.sampled_from(DURATIONS))
    return item


@st.composite
def levels(draw: st.DrawFn) -> dict[str, Any]:
    """Steps with thresholds, quotas and a rest."""

    def step(level: str) -> dict[str, Any]:
        how = draw(st.sampled_from(["over", "from", "top", "top"]))
        if how == "top":
            top = draw(st.sampled_from(["1", "2", "30%", "50%", "33.3%"]))
            return {"level": level, "top": top, "ties": draw(st.sampled_from(["in", "out"]))}
        return {"level": level, how: str(draw(st.integers(-20, 120)))}

    steps = [step(level) for level in LEVELS[: draw(st.integers(1, 3))]]
    period = draw(st.sampled_from(["month", "quarter", "half", "year", "standing"]))
    return {"period": period, "steps": [*steps, *([{"level": "无星"}] if draw(st.booleans()) else [])]}


@st.composite
def outcomes(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """Conditions that hold together."""
    when: dict[str, Any] = {"period": draw(st.sampled_from(["month", "quarter", "half", "year", "standing"]))}
    if draw(st.booleans()):
        portion = st.sampled_from(["0", "1", "2", "40%"])
        when["rank"] = {draw(st.sampled_from(["top", "bottom"])): draw(portion)}
    if draw(st.booleans()):
        bound = st.sampled_from(["below", "from", "over", "to"])
        when["total"] = {draw(bound): str(draw(st.integers(-10, 110)))}
    if draw(st.integers(0, 3)) == 0:
        when["level"] = draw(st.sampled_from([["五星"], ["四星", "无星"]]))
    if draw(st.integers(0, 3)) == 0:
        when["vetoed"] = draw(st.booleans())
    return {"id": name, "title": name, "when": when | {"running": draw(st.integers(1, 3))}, "then": "talk"}


def schemes(places: int, starts: str) -> st.SearchStrategy[Scheme]:
    """A version."""
    return written_schemes(places, starts).map(Scheme.model_validate)


@st.composite
def written_schemes(draw: st.DrawFn, places: int, starts: str) -> dict[str, Any]:
    """A version as it would be written."""
    plain: dict[str, Any] = {
        "scheme": "x",
        "unit": {"places": places},
        "year": {"starts": starts},
        "classes": {"A": "甲", "B": "乙"},
        "sections": [
            {"id": one, "limits": draw(st.lists(caps(places, kinds=True), max_size=2))} for one in "st"
        ],
        "limits": draw(st.lists(caps(places, kinds=True), max_size=2)),
        "items": [draw(items(name, places)) for name in ITEMS if draw(st.integers(0, 4))],
        "periods": {
            "publish": "month",
            "summarise": draw(st.sampled_from(["quarter", "half"])),
            "appraise": "year",
        },
        "rank": {
            "within": draw(st.sampled_from(["group", "class", "all", ["group", "class"]])),
            "tie_break": draw(st.sampled_from([[], [], ["awarded"], ["size", "base"]])),
        },
        "outcomes": [draw(outcomes(name)) for name in "op"[: draw(st.integers(0, 2))]],
        "share": {
            "period": draw(st.sampled_from(["quarter", "year"])),
            "within": draw(st.sampled_from(["group", "all"])),
            "from": draw(st.sampled_from(["0", "30", "-5"])),
        },
    }
    if draw(st.booleans()):
        per = draw(st.sampled_from(["day", "week", "month", "quarter", "half", "year"]))
        plain["base"] = {"points": str(draw(st.integers(0, 100))), "per": per}
    if draw(st.booleans()):
        plain["levels"] = draw(levels())
    if draw(st.integers(0, 2)) == 0:
        plain["range"] = {"min": "0", "max": "100"}
    if draw(st.integers(0, 3)) == 0:
        plain["periods"]["appraise"] = draw(st.sampled_from(["quarter", "half", "day"]))
    return plain


@st.composite
def versions(draw: st.DrawFn) -> Versions:
    """One version that applies always, or two that follow each other."""
    places, starts = draw(PLACES), draw(st.sampled_from(["01-01", "01-01", "04-01", "03-15"]))
    if draw(st.booleans()):
        return Versions.of(draw(schemes(places, starts)))
    days = draw(st.sampled_from([(None, dt.date(2022, 2, 10)), (dt.date(2021, 12, 1), dt.date(2022, 7, 1))]))
    return Versions.of(*((day, draw(schemes(places, starts))) for day in days))


DAYS = st.one_of(
    st.dates(FIRST, LAST), st.dates(dt.date(2022, 1, 28), dt.date(2022, 2, 12)), st.just(dt.date(2022, 2, 28))
)
QUANTITIES = st.sampled_from(["0", "0.5", "1", "3", "10", "12.345678", "15.5", "100", "1000000000"]).map(
    Decimal
)


@st.composite
def subjects(draw: st.DrawFn) -> list[Subject]:
    """A handful in two groups."""
    return [
        Subject(
            f"s{number}",
            draw(st.sampled_from(["g", "h"])),
            draw(st.sampled_from(["A", "B", ""])),
            draw(st.sampled_from([None, 0, 1, 3])),
            draw(st.sampled_from([None, None, dt.date(2022, 2, 1)])),
            draw(st.sampled_from([None, None, dt.date(2022, 8, 15)])),
        )
        for number in range(draw(st.integers(1, 5)))
    ]


@st.composite
def facts(draw: st.DrawFn, names: list[str]) -> list[Fact]:
    """Facts of any kind, some of them unusable."""
    count = draw(st.sampled_from([2, 8, 20, 40]))
    numbers = draw(st.lists(st.integers(1, 60), min_size=count, max_size=count, unique=True))
    return [
        Fact(
            number,
            draw(st.sampled_from(names)),
            draw(st.sampled_from(ITEMS)),
            draw(DAYS),
            draw(QUANTITIES),
            draw(st.sampled_from(["1", "2", "2", "3"])),
            draw(st.sampled_from(["0.5", "1", "3.15", "10"]).map(Decimal)),
            draw(st.sampled_from([None, None, "x", "y"])),
            draw(st.integers(0, 9)) == 0,
        )
        for number in numbers
    ]
