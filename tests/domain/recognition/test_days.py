"""Longwo's own sheet through a round: the day of an act is what the sheet says, so that monthly limits see months."""

from __future__ import annotations

import datetime as dt

import pytest

from jizhi.claims.models import Claim
from jizhi.ledger import selectors as ledger
from jizhi.recognition import rules, services
from jizhi.recognition.rules import Score
from tests.county import County
from tests.domain.recognition.test_recognition import LAST, by_self, by_team, decide, score, sheet_of
from tests.scored import HEZHANG, adopt

LONGWO = HEZHANG.parents[1] / "longwo" / "schemes"
FIRST = dt.date(2026, 1, 1)


def days(*written: tuple[int, int]) -> tuple[dt.date, ...]:
    return tuple(dt.date(2026, month, day) for month, day in written)


def on(amount: int, *written: tuple[int, int], grade: str = "") -> Score:
    said = score(amount, grade)
    return Score(said.amount, said.grade, "", days(*written))


@pytest.fixture
def longwo(county: County) -> County:
    adopt(county.home.area, "household", county.operator, folder=LONGWO)
    return county


def test_each_act_counts_in_the_month_that_the_sheet_says(longwo: County) -> None:
    sheet = sheet_of(longwo)
    by_self(longwo, sheet, {"home-clean": on(3, (1, 31), (2, 28), (3, 31)), "breeding": score(1, "half")})
    by_team(longwo, sheet, {"home-clean": on(3, (1, 30), (2, 27)), "breeding": score(1, "half")})
    decide(longwo, sheet, {"home-clean": score(3), "breeding": score(1, "half")})
    rows = Claim.objects.filter(subject=sheet.subject).order_by("item", "act_date")
    assert [(row.item, row.act_date) for row in rows] == [
        ("breeding", LAST),
        ("home-clean", dt.date(2026, 1, 30)),
        ("home-clean", dt.date(2026, 2, 27)),
        ("home-clean", LAST),
    ]
    entries = ledger.entries_of_subject(sheet.subject_id)
    assert sum(entry.points for entry in entries) == 3 * 1000 + 1000
    assert sum(entry.held_back for entry in entries) == 0


def test_where_the_team_says_no_day_the_household_does(longwo: County) -> None:
    sheet = sheet_of(longwo)
    by_self(longwo, sheet, {"clean-up": on(1, (4, 5))})
    by_team(longwo, sheet, {"clean-up": score(1)})
    decide(longwo, sheet, {"clean-up": score(1)})
    assert Claim.objects.get(subject=sheet.subject).act_date == dt.date(2026, 4, 5)


def test_days_outside_the_round_or_too_many_are_refused(longwo: County) -> None:
    sheet = sheet_of(longwo)
    outside = Score(score(1).amount, "", "", (FIRST - dt.timedelta(days=1),))
    for said in (outside, on(1, (4, 5), (4, 6))):
        with pytest.raises(services.BadScore) as refusal:
            by_self(longwo, sheet, {"clean-up": said})
        assert refusal.value.place == "clean-up"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("3.5 3.20", days((3, 5), (3, 20))),
        ("3月5日、5-6", days((3, 5), (5, 6))),
        ("2026-03-05，2026/4/1", days((3, 5), (4, 1))),
        ("6.1", None),
        ("2.30", None),
        ("2025-12-31", None),
        ("上周", None),
    ],
)
def test_days_are_read_as_people_write_them(text: str, found: object) -> None:
    assert rules.read_days(text, FIRST, LAST) == found
    assert rules.read_days("12.20", dt.date(2025, 7, 1), dt.date(2026, 1, 31)) == (dt.date(2025, 12, 20),)


def test_a_day_is_written_as_it_is_read_back() -> None:
    first, last = dt.date(2025, 7, 1), dt.date(2026, 8, 31)
    for day, written in (
        (dt.date(2025, 7, 20), "2025-07-20"),
        (dt.date(2026, 7, 20), "2026-07-20"),
        (dt.date(2025, 12, 5), "12.5"),
        (dt.date(2026, 3, 5), "3.5"),
    ):
        assert rules.written_day(day, first, last) == written
        assert rules.read_days(written, first, last) == (day,)
