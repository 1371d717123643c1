"""Outcomes, rank, share and term of a draft as their forms begin with them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from jizhi.drafting.selectors import reading
from jizhi.drafting.selectors.drafts import DraftPage
from jizhi.drafting.selectors.items import NoSuchItem
from jizhi.engine import editing
from jizhi.engine.document.outcome import Outcome
from jizhi.engine.document.problem import Problem
from jizhi.engine.document.section import Term
from jizhi.engine.editing import written

OUTCOMES = "outcomes"
USUAL_TERM = Term()


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """A row of the outcomes; `outcome` is missing where the row cannot be understood."""

    id: str
    outcome: Outcome | None
    marks: tuple[Problem, ...]


def outcome_lines(page: DraftPage) -> list[OutcomeLine]:
    """The outcomes in the document's order, with what the checks say of each."""
    marks = [*page.problems, *page.findings]
    return [
        OutcomeLine(
            id=str(row.get("id", "")),
            outcome=reading.outcome_alone(row),
            marks=tuple(one for one in marks if one.item == row.get("id")),
        )
        for row in page.document.rows_of(OUTCOMES)
    ]


def outcome_values(page: DraftPage, outcome_id: str) -> tuple[dict[str, Any], Outcome | None]:
    """What the form of an outcome begins with: its keys as written. Raises NoSuchItem."""
    for row in page.document.rows_of(OUTCOMES):
        if str(row.get("id", "")) == outcome_id:
            outcome = reading.outcome_alone(row)
            return (written.outcome(outcome) if outcome else dict(row)), outcome
    raise NoSuchItem(_("草稿里没有这一条结果运用。"))


def outcome_text(page: DraftPage, outcome_id: str) -> str:
    """One outcome's row on lines of its own."""
    row = next((one for one in page.document.rows_of(OUTCOMES) if str(one.get("id", "")) == outcome_id), None)
    return editing.writing.row(row, 0) if row else ""


def level_names(page: DraftPage, language: str) -> list[tuple[str, str]]:
    """The levels that a condition may name: as they are written, and as they are said."""
    scheme = page.document.scheme
    steps = scheme.levels.steps if scheme and scheme.levels else ()
    return [(step.level.zh, step.level.say(language)) for step in steps]


def rank_values(page: DraftPage) -> dict[str, Any]:
    """Inside what subjects are compared, and what parts equal totals."""
    scheme = page.document.scheme
    assert scheme is not None  # a form is shown of what can be read
    return {"within": list(scheme.rank.within), "tie_break": list(scheme.rank.tie_break)}


def share_values(page: DraftPage) -> dict[str, Any] | None:
    """The pool that is split by points; points as written, money in fen. None where there is none."""
    scheme = page.document.scheme
    if scheme is None or scheme.share is None:
        return None
    share = scheme.share
    return {
        "period": share.period,
        "within": list(share.within),
        "from": written.hundredths(share.from_) if share.from_ else "",
        "pool": share.pool,
    }


def term_values(page: DraftPage) -> dict[str, Any]:
    """The first day of the terms of office, and how many years each has."""
    scheme = page.document.scheme
    assert scheme is not None
    return {"starts": scheme.term.starts, "years": scheme.term.years}
