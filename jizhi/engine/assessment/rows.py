"""The rows that go into an assessment's settlement and the rows that come out of it.

Points are integers in hundredths. Nothing here is read from or written to a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from jizhi.engine.document.text import Text
from jizhi.engine.tables import Outcome, Rejected


@dataclass(frozen=True, slots=True)
class Rating:
    """What one rater said about one subject on one indicator; `line` is its place in the file or list.

    `recused` says that the rater does not rate this subject; `returned` that the step sends the sheet back, with its
    reason. A row of the deciding step carries the decided `value` of an indicator, or, without an indicator, the grade.
    """

    line: int
    subject: str
    indicator: str
    rater_group: str
    rater: str
    value: Decimal | None = None
    grade: str = ""
    count: int | None = None
    period: str = ""
    step: str = ""
    recused: bool = False
    returned: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """One line of a subject's sheet: full mark, self-rating, rating, and what counts in the end.

    Points of a penalty are magnitudes. None means that nothing was given, or that a rater group is missing.
    """

    subject: str
    period: str
    indicator: str
    part: str
    full: int
    self_rating: int | None
    rating: int | None
    score: int | None
    note: Text


@dataclass(frozen=True, slots=True)
class Result:
    """One subject's round or year. Without a total (something is missing) there is no rank and no grade.

    `parts` holds the points of each part, in a year those of each round. `decision` is `confirmed` or `changed` once
    the deciding body has spoken, with its reason.
    """

    subject: str
    group: str
    klass: str
    period_kind: str
    period: str
    parts: tuple[tuple[str, int], ...]
    bonus: int
    penalty: int
    total: int | None
    rank: int | None = None
    grade: str = ""
    vetoes: tuple[str, ...] = ()
    decision: str = ""
    reason: str = ""

    @property
    def vetoed(self) -> bool:
        """Whether a veto has struck."""
        return bool(self.vetoes)


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a subject has no total: never a zero, always a name to ask."""

    subject: str
    period: str
    indicator: str
    rater_group: str
    reason: str


@dataclass(frozen=True, slots=True)
class Settled:
    """All that a round or a year yields, every list sorted by its key."""

    scores: list[Score] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
