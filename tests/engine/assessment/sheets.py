"""Small sheets for the tests: a document around given parts, subjects, and ratings from a table written with `|`."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from jizhi.engine import cases
from jizhi.engine.assessment.rows import Rating, Result, Score, Settled
from jizhi.engine.assessment.settle import settle
from jizhi.engine.assessment.versions import Versions
from jizhi.engine.document.assessment.assessment import Assessment
from jizhi.engine.tables import Subject

TEAM = [{"id": "team", "title": "专班"}]
FOUR = [
    {"id": "team", "title": "专班评价", "weight": "30%"},
    {"id": "mass", "title": "群众评议", "weight": "20%"},
    {"id": "supervision", "title": "督导组评分", "weight": "20%"},
    {"id": "online", "title": "线上评审", "weight": "30%"},
]


def document(*indicators: dict[str, Any], **more: Any) -> Assessment:
    """A sheet of one part with the given indicators, rated by one team unless `more` says otherwise."""
    plain: dict[str, Any] = {
        "assessment": "x",
        "unit": {"places": "1"},
        "rater_groups": TEAM,
        "parts": [
            {
                "id": "work",
                "title": "工作",
                "full": "1000",
                "adds_up": "false",
                "indicators": list(indicators),
            }
        ],
    }
    return Assessment.model_validate(plain | more)


def indicator(**more: Any) -> dict[str, Any]:
    """An indicator called `one` with a full mark of 60."""
    return {"id": "one", "title": "一", "mode": "panel", "full": "60"} | more


def subjects(*names: str, group: str = "g", klass: str = "") -> list[Subject]:
    """Subjects in one group."""
    return [Subject(name, group, klass) for name in names]


def ratings(table: str) -> list[Rating]:
    """Rows written with `|`; empty cells are nothing, the line is the place in the table."""
    return [rating(line, row) for line, row in enumerate(cases.table(table), 1)]


def rating(line: int, row: dict[str, str]) -> Rating:
    """One row from its cells; the indicator is `one`, the group `team` and the rater `r` unless given."""
    return Rating(
        line,
        row.get("subject", "zhao"),
        row.get("indicator", "one"),
        row.get("rater_group") or "team",
        row.get("rater") or "r",
        Decimal(row["value"]) if row.get("value") else None,
        row.get("grade", ""),
        int(row["count"]) if row.get("count") else None,
        row.get("period", ""),
        row.get("step", ""),
        row.get("recused", "") == "yes",
        row.get("returned", "") == "yes",
        row.get("reason", ""),
    )


def settled(
    paper: Assessment, table: str, who: Iterable[Subject] | None = None, period: str = "2022"
) -> Settled:
    """A settlement of a table; without subjects, of everybody in the table, in one group."""
    rows = ratings(table)
    people = list(who) if who is not None else subjects(*sorted({row.subject for row in rows}))
    return settle(Versions.of(paper), people, rows, period)


def score(found: Settled, subject: str = "zhao", name: str = "one") -> Score:
    """The score of a subject on an indicator."""
    return next(row for row in found.scores if (row.subject, row.indicator) == (subject, name))


def result(found: Settled, subject: str = "zhao", period: str = "2022") -> Result:
    """The result of a subject in a period."""
    return next(row for row in found.results if (row.subject, row.period) == (subject, period))


def reasons(found: Settled) -> list[tuple[int, str]]:
    """Refused rows of ratings with their reason."""
    return [(row.line, row.reason) for row in found.rejected if row.table == "ratings"]
