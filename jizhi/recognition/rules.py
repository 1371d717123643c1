"""Three parties look at one list: the household, the work team, the recognition group. States and plain checks only."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from jizhi.core import check_digits
from jizhi.core.text import N_, LabelledEnum

TIMES_MAX = 31  # an act a day is the most that one line can stand for
AMOUNT_MAX = Decimal(1_000_000)
NUMBER_DIGITS = 7


class SheetState(LabelledEnum):
    """How far a household's sheet has come."""

    OPEN = "open", N_("待自评")
    SELF_SCORED = "self_scored", N_("已自评")
    TEAM_SCORED = "team_scored", N_("工作组已评")
    DECIDED = "decided", N_("已认定")


_S = SheetState
SHEET_TRANSITIONS: dict[SheetState, frozenset[SheetState]] = {
    _S.OPEN: frozenset({_S.SELF_SCORED, _S.TEAM_SCORED}),
    _S.SELF_SCORED: frozenset({_S.TEAM_SCORED}),
    _S.TEAM_SCORED: frozenset({_S.DECIDED}),
    _S.DECIDED: frozenset(),
}


class Party(LabelledEnum):
    """Whose column a score stands in."""

    SELF = "self", N_("自评")
    TEAM = "team", N_("工作组")
    DECIDED = "decided", N_("认定小组")


class SelfChannel(LabelledEnum):
    """How the household's own score came in."""

    PHONE = "phone", N_("手机自评")
    PAPER = "paper", N_("纸质自评表")
    SPOKEN = "spoken", N_("口头自评，代为填写")


@dataclass(frozen=True, slots=True)
class Score:
    """What one party says of one item: how often or how much, the grade where the item has some, and on which days."""

    amount: Decimal = Decimal(0)
    grade: str = ""
    words: str = ""
    days: tuple[dt.date, ...] = ()

    @property
    def says_nothing(self) -> bool:
        return self.amount == 0

    def same(self, other: "Score | None") -> bool:
        """Whether two parties say the same; nothing said and nothing counted are one."""
        mine = (self.amount, self.grade if self.amount else "")
        theirs = (other.amount, other.grade if other.amount else "") if other else (Decimal(0), "")
        return mine == theirs


_DAY = re.compile(r"(?:(\d{4})\s*[-./年])?\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")


def read_days(text: str, first: dt.date, last: dt.date) -> tuple[dt.date, ...] | None:
    """Days as people write them, `3月5日、3.20` or `2026-03-05`, inside first…last; None where one is no such day.

    Without a year it is the latest such day that lies inside.
    """
    found = []
    for part in re.split(r"[\s,，、;；]+", text.strip()):
        match = _DAY.fullmatch(part)
        if not part:
            continue
        if match is None:
            return None
        years = [int(match[1])] if match[1] else range(last.year, first.year - 1, -1)
        days = [_day(year, int(match[2]), int(match[3])) for year in years]
        inside = [day for day in days if day is not None and first <= day <= last]
        if not inside:
            return None
        found.append(inside[0])
    return tuple(found)


def written_day(day: dt.date, first: dt.date, last: dt.date) -> str:
    """A day as `read_days` reads it back: `3.5`, or `2025-03-05` where first…last holds that day of several years."""
    years = range(first.year, last.year + 1)
    same = [one for year in years if (one := _day(year, day.month, day.day)) and first <= one <= last]
    return day.isoformat() if len(same) > 1 else f"{day.month}.{day.day}"


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def can_move(source: SheetState, target: SheetState) -> bool:
    return target in SHEET_TRANSITIONS[source]


def sheet_code(sheet_id: int) -> str:
    """The code printed on a household's sheet."""
    return check_digits.with_check(f"{sheet_id:0{NUMBER_DIGITS}d}")
