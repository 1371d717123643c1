"""Clocks: set by the county within the pack's bounds, for what is posted afterwards; who is late by them."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from jizhi.demo.month import moment
from jizhi.notices import selectors
from jizhi.notices.rules import NoticeKind, days_late, due_date, public_to
from jizhi.posts.selectors import NotAllowed
from jizhi.schemes import rules, services
from jizhi.schemes import selectors as schemes
from tests.county import County
from tests.domain.notices.test_notices import post

JUNE = moment(dt.date(2026, 6, 10), 9)


def change(county: County, **clocks: int) -> Any:
    pack = schemes.pack_of(county.home.area)
    assert pack is not None
    wanted = replace(schemes.clocks(county.home.area), **clocks)
    return services.change_clocks(
        pack=pack, clocks=wanted, reason="省厅〔2026〕8号", by=county.operator, at=JUNE
    )


@pytest.mark.parametrize(
    ("name", "days"),
    [("window_days", 9), ("post_by_day", 16), ("answer_days", 4), ("public_days", 181), ("public_days", 9)],
)
def test_a_clock_never_gives_villagers_less_than_the_pack(county: County, name: str, days: int) -> None:
    with pytest.raises(services.ClocksOutOfBounds) as refused:
        change(county, **{name: days})
    assert refused.value.place == name


def test_a_change_holds_for_what_is_posted_afterwards(county: County) -> None:
    before = post(county, "2026-04", dt.date(2026, 5, 3))
    assert (before.window_to_date, before.answer_days) == (dt.date(2026, 5, 13), 3)
    assert before.public_to_date == dt.date(2026, 10, 30)
    change(county, window_days=15, answer_days=2, public_days=30)
    after = post(county, "2026-05", dt.date(2026, 6, 11))
    assert (after.window_to_date, after.answer_days) == (dt.date(2026, 6, 26), 2)
    assert after.public_to_date == dt.date(2026, 7, 11)
    before.refresh_from_db()
    assert (before.window_to_date, before.answer_days) == (dt.date(2026, 5, 13), 3)
    change(county, window_days=12)
    pack = schemes.pack_of(county.home.area)
    assert pack is not None
    steps = [[(step.before, step.after) for step in line.steps] for line in selectors.clock_changes(pack)]
    assert steps == [[(15, 12)], [(10, 15), (3, 2), (180, 30)]]
    assert schemes.clocks_of([county.home.area])[county.home.area.pk].window_days == 12
    with pytest.raises(services.ClocksOutOfBounds, match="没有改动"):
        change(county)


def test_only_the_county_sets_clocks(county: County) -> None:
    pack = schemes.pack_of(county.home.area)
    assert pack is not None
    with pytest.raises(NotAllowed):
        services.change_clocks(
            pack=pack, clocks=rules.Clocks(), reason="想改", by=county.home.staff["committee"], at=JUNE
        )


def test_who_is_late_and_by_how_many_days(county: County) -> None:
    post(county, "2026-01", dt.date(2026, 2, 20))
    post(county, "2026-02", dt.date(2026, 3, 10))
    on = dt.date(2026, 4, 20)
    found = selectors.late_notices(county.operator, on=on, village_code=county.home.area.code)
    assert [(one.kind, one.period, one.posted_date, one.days) for one in found] == [
        (NoticeKind.MONTH, "2026-03", None, 5),
        (NoticeKind.MONTH, "2026-01", dt.date(2026, 2, 20), 5),
    ]
    missing = selectors.late_notices(county.operator, on=on, missing=True)
    assert {(one.village_code, one.period) for one in missing} == {
        (county.home.area.code, "2026-03"),
        *((county.other.area.code, f"2026-0{month}") for month in (1, 2, 3)),
    }
    (sums,) = selectors.late_sums(missing)
    assert (sums.villages, sums.missing, sums.late, sums.days_most) == (2, 4, 0, 64)
    later = selectors.late_notices(
        county.operator, on=dt.date(2026, 5, 16), kind=NoticeKind.QUARTER, missing=True
    )
    assert [(one.period, one.days) for one in later] == [("2026-Q1", 1)] * 2
    stranger = county.other.staff["committee"]
    assert {one.village_code for one in selectors.late_notices(stranger, on=on)} == {county.other.area.code}


def test_dates_of_the_clocks() -> None:
    end = dt.date(2026, 3, 31)
    assert due_date(NoticeKind.MONTH, end, post_by_day=15, summary_days=45) == dt.date(2026, 4, 15)
    assert due_date(NoticeKind.YEAR, end, post_by_day=15, summary_days=45) == dt.date(2026, 5, 15)
    assert due_date(NoticeKind.HONOURS, end, post_by_day=15, summary_days=45) is None
    assert public_to(end, dt.date(2026, 4, 10), 5) == dt.date(2026, 4, 10)
    assert days_late(end, end, dt.date(2027, 1, 1)) == 0
    assert days_late(end, None, dt.date(2026, 4, 2)) == 2
