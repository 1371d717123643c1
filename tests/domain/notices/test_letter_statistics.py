"""Letters in numbers, worked out by hand: what became of each, how many days, who was late, what went up."""

from __future__ import annotations

import datetime as dt
from typing import Any

from jizhi.demo.month import moment
from jizhi.notices import models, selectors, services
from jizhi.notices.rules import LetterAbout, LetterState
from jizhi.schemes import selectors as schemes
from tests.county import County, posted
from tests.domain.notices import world
from tests.domain.notices.test_letters import write
from tests.domain.notices.world import MAY

JUNE, JULY = dt.date(2026, 6, 1), dt.date(2026, 7, 1)
TODAY = dt.date(2026, 7, 20)


def answer(
    county: County, letter: models.Letter, state: LetterState, day: dt.date, by: str = "committee"
) -> None:
    letter.refresh_from_db()
    services.answer_letter(
        letter=letter, state=state, answer="逐条核对过。", by=world.staff(county, by), at=moment(day, 15)
    )


def found(county: County, who: Any = None, **asked: Any) -> selectors.LetterStatistics:
    wanted: dict[str, Any] = {"on": TODAY, "since": JUNE, "until": TODAY} | asked
    return selectors.letter_statistics(who or world.staff(county, "town"), **wanted)


def test_answered_letters_their_days_and_the_appeal(county: County) -> None:
    """Three days to answer is the village's clock. 2, 3 and 5 days: the third is late; the second is appealed."""
    assert schemes.clocks(county.home.area).answer_days == 3
    first, _token = write(county, day=JUNE, about=LetterAbout.TOTAL)
    second, token = write(county, day=JUNE, about=LetterAbout.MISSING)
    third, _token = write(county, day=JULY, about=LetterAbout.TOTAL)
    answer(county, first, LetterState.UPHELD, dt.date(2026, 6, 3))
    answer(county, second, LetterState.DISMISSED, dt.date(2026, 6, 4))
    answer(county, third, LetterState.REFUSED, dt.date(2026, 7, 6))
    again = services.appeal_letter(
        village=county.home.area, token=token, grounds="没有说明理由。", request_key="again", by=None,
        at=moment(dt.date(2026, 6, 5), 9),
    )  # fmt: skip
    answer(county, again, LetterState.UPHELD, dt.date(2026, 6, 8), by="town")
    total = found(county).total
    assert (total.received, total.upheld, total.dismissed, total.refused) == (3, 1, 1, 1), (
        "the second letter is none more"
    )
    assert (total.waiting, total.admitted, total.escalated) == (0, 0, 0)
    assert (total.late, total.appealed, total.appeals_upheld) == (1, 1, 1)
    assert (total.days_median, total.days_max) == (3.0, 5)
    months = {line.key: line.tally for line in found(county).by_month}
    assert {key: (one.received, one.late, one.appealed) for key, one in months.items()} == {
        "2026-06": (2, 0, 1),
        "2026-07": (1, 1, 0),
    }
    assert [(line.key, line.tally.received) for line in found(county).by_kind] == [
        ("total", 2),
        ("missing", 1),
    ]
    assert [(line.title, line.tally.received) for line in found(county).by_village] == [("石桥村", 3)]


def test_handed_up_in_time_and_too_late_and_still_waiting(county: County) -> None:
    """Handed up by the village on the second day: not late. Because nobody answered: late. Open past its day: late."""
    in_time, _token = write(county, day=JUNE)
    too_late, _token = write(county, day=JULY)
    write(county, day=dt.date(2026, 7, 18), words="还在期限内")
    services.escalate_letter(
        letter=in_time,
        words="涉及村干部。",
        by=world.staff(county, "committee"),
        at=moment(dt.date(2026, 6, 2), 9),
    )
    services.escalate_overdue_letters(at=moment(dt.date(2026, 7, 17), 1))
    too_late.refresh_from_db()
    assert too_late.state == LetterState.ESCALATED
    answer(county, in_time, LetterState.DISMISSED, dt.date(2026, 6, 9), by="town")
    total = found(county).total
    assert (total.received, total.waiting, total.dismissed, total.escalated) == (3, 2, 1, 2)
    assert (total.days_median, total.days_max) == (8.0, 8)
    assert total.late == 1
    assert found(county, on=dt.date(2026, 8, 30)).total.late == 2, "the one in the village is late by then"


def test_what_became_an_objection_is_answered_there(county: County) -> None:
    fact = posted(county, "village-meeting", MAY).fact_id or 0
    notice = world.post(county)
    letter, _token = write(county)
    services.admit_letter(
        letter=letter, notice=notice, fact_id=fact, subject=county.subject(1),
        by=county.home.staff["recorder"], at=moment(world.FILED, 12),
    )  # fmt: skip
    total = found(county).total
    assert (total.received, total.admitted, total.waiting, total.late) == (1, 1, 0, 0)
    assert (total.days_median, total.days_max) == (None, None)


def test_counted_by_the_day_it_came_in_and_seen_where_one_serves(county: County) -> None:
    write(county, day=JUNE)
    write(county, day=dt.date(2026, 6, 30))
    assert found(county, until=dt.date(2026, 6, 29)).total.received == 1
    assert found(county, until=dt.date(2026, 6, 30)).total.received == 2
    assert found(county, since=dt.date(2026, 6, 2)).total.received == 1
    assert found(county, county.other.staff["committee"]).total.received == 0
    assert found(county, village_code=county.other.area.code).total.received == 0
    listed = selectors.letters(world.staff(county, "town"), on=TODAY, month="2026-06", about="entry")
    assert listed.count() == 2
    assert not selectors.letters(world.staff(county, "town"), on=TODAY, month="2026-07").exists()


def test_many_letters_cost_what_one_costs(county: County, django_assert_max_num_queries: Any) -> None:
    for number in range(6):
        write(county, day=JUNE + dt.timedelta(days=number))
    by = world.staff(county, "town")
    found(county, by)
    with django_assert_max_num_queries(6):
        assert found(county, by).total.received == 6
