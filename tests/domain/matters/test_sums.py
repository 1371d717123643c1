"""Coverage, lists from elsewhere, and random handling: whatever is tried, the file stays whole and the rules hold."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from jizhi.core.errors import DomainError
from jizhi.demo.month import moment
from jizhi.matters import rules, selectors, services
from jizhi.matters.models import Matter
from jizhi.matters.rules import AgeBand, Clocks, MatterState, ToldHow, Verb
from jizhi.matters.services import Fate, ImportRow
from tests.county import make_county
from tests.domain.matters import world
from tests.domain.matters.world import AT, DAY, Place
from tests.examples import examples

ROW = ImportRow(
    "热线", 2, "HL-1", "环境卫生", "虚构来电：河边有垃圾", "河边", DAY, "假设来电人", "19900001111"
)


def test_coverage_counts_and_leads_down(place: Place) -> None:
    world.closed(place, world.report(place))
    world.report(place, kind="facility", words="井盖松动", at=moment(DAY - dt.timedelta(days=40), 9))
    found = selectors.coverage(place.above, on=DAY)
    assert (found.whole.total, found.whole.open, found.whole.closed, found.whole.late_now) == (2, 1, 1, 1)
    assert {row.key: row.total for row in found.kinds} == {"hygiene": 1, "facility": 1}
    assert {row.key: row.total for row in found.ages if row.total} == {"quarter": 1}
    (township,) = [row for row in found.places if row.total]
    below = selectors.coverage(place.above, on=DAY, code=township.key)
    (village,) = [row for row in below.places if row.total]
    assert village.key == place.village.code and village.has_below
    grids = selectors.coverage(place.committee, on=DAY, code=village.key).places
    assert {row.key: row.total for row in grids if row.total} == {place.grid.code: 2}
    listed = selectors.queue(place.above, on=DAY, area=place.grid.code, age=AgeBand.QUARTER, state="open")
    assert listed.count() == 1
    with pytest.raises(selectors.NoSuchMatter):
        selectors.coverage(place.stranger, on=DAY, code=place.village.code)


def test_coverage_asks_as_often_for_two_as_for_thirty(place: Place) -> None:
    counts = []
    selectors.coverage(place.above, on=DAY)  # reads the user's posts once
    for amount in (2, 30):
        for number in range(amount):
            world.report(place, words=f"第{number}处")
        with CaptureQueriesContext(connection) as queries:
            selectors.coverage(place.above, on=DAY)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_a_list_from_elsewhere_is_planned_then_written_once(place: Place) -> None:
    rows = [
        ROW,
        replace(ROW, row=3, number="HL-2", kind="外星人", words=" "),
        replace(ROW, row=4),
    ]
    there = {"village": place.village, "at": AT}
    plan = services.plan_matters(rows, by=place.committee, **there)
    assert [line.fate for line in plan] == [Fate.NEW, Fate.REFUSED, Fate.REFUSED]
    assert {line.fate for line in services.plan_matters(rows, by=place.stranger, **there)} == {Fate.REFUSED}
    assert [(p.sheet, p.row, p.column, p.value) for p in plan[1].problems] == [
        ("热线", 3, "种类", "外星人"), ("热线", 3, "说明", ""),
    ]  # fmt: skip
    assert services.apply_matters(plan, by=place.committee, at=AT) == 1
    assert services.apply_matters(plan, by=place.committee, at=AT) == 0
    again = services.plan_matters(rows[:1], by=place.committee, **there)
    assert again[0].fate is Fate.KNOWN
    matter = Matter.objects.get()
    assert (matter.external_no, matter.channel, matter.steps.count()) == ("HL-1", "import", 1)


def test_before_eight_in_the_morning_a_day_of_the_list_stays_that_day(place: Place) -> None:
    at = moment(DAY, 3).astimezone(dt.UTC)  # the day before, in Greenwich
    rows = [replace(ROW, number=str(day), day=day) for day in (DAY, DAY - dt.timedelta(days=3))]
    given = {"by": place.committee, "at": at}
    services.apply_matters(services.plan_matters(rows, village=place.village, **given), **given)
    for matter in Matter.objects.all():
        assert matter.reported_date.isoformat() == matter.external_no and matter.reported_at <= at


def test_working_days_leave_the_weekend_out() -> None:
    friday, clocks = dt.date(2026, 6, 12), Clocks(working_days=True)
    assert clocks.after(friday, 1) == dt.date(2026, 6, 15)
    assert clocks.after(friday, 7) == dt.date(2026, 6, 23)
    assert clocks.after(dt.date(2026, 6, 15), -1) == friday
    assert Clocks().after(friday, 1) == dt.date(2026, 6, 13)


@given(st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)), st.integers(0, 60), st.booleans())
def test_days_counted_forward_are_counted_back(day: dt.date, days: int, working: bool) -> None:
    clocks = Clocks(working_days=working)
    assert clocks.between(day, clocks.after(day, days)) == days


@given(st.dates(dt.date(2025, 1, 1), dt.date(2026, 6, 15)))
def test_every_age_lies_in_one_band(day: dt.date) -> None:
    spans = [rules.band_days(band, DAY) for band in rules.AgeBand]
    assert sum(day <= last and (first is None or first <= day) for first, last in spans) == 1


STEPS = {
    Verb.ASK_BACK: services.ask_back, Verb.SUPPLEMENT: services.supplement_matter, Verb.START: services.start_matter,
    Verb.NOTE: services.note_progress, Verb.HANDLE: services.handle_matter, Verb.REFUSE: services.refuse_matter,
    Verb.WITHDRAW: services.withdraw_matter, Verb.REOPEN: services.reopen_matter,
    Verb.ESCALATE: services.escalate_matter, Verb.SEND_DOWN: services.send_down,
}  # fmt: skip
MOVES = st.lists(
    st.tuples(
        st.sampled_from([*STEPS, Verb.DISPATCH, Verb.CONFIRM, Verb.NOT_SOLVED, Verb.CLOSE, Verb.RATE]),
        st.sampled_from(["worker", "leader", "committee", "township", "above", "stranger", "home"]),
        st.integers(0, 4),
    ),
    max_size=25,
)


def _try(place: Place, matter: Matter, verb: Verb, who: str, at: dt.datetime) -> bool:
    user = place.county.user(place.subject) if who == "home" else getattr(place, who)
    common = {"matter_id": matter.pk, "by": user, "at": at}
    try:
        with transaction.atomic():
            if verb is Verb.DISPATCH:
                services.dispatch_matter(assignee=place.committee, **common)
            elif verb in (Verb.CONFIRM, Verb.NOT_SOLVED):
                services.recheck_matter(solved=verb is Verb.CONFIRM, words="看过", **common)
            elif verb is Verb.CLOSE:
                services.close_matter(feedback="已答复", told_how=ToldHow.CALL, **common)
            elif verb is Verb.RATE:
                services.rate_matter(satisfied=False, words="不满意", **common)
            else:
                STEPS[verb](words="说明", **common)
    except DomainError:
        return False
    return True


def _holds(matter: Matter, steps: list) -> None:
    """What must hold after each step."""
    last = steps[-1]
    assert [step.no for step in steps] == list(range(1, matter.version + 1))
    assert last.to_state == matter.state and last.storey == matter.storey
    for before, after in zip(steps, steps[1:], strict=False):
        assert after.from_state == before.to_state and before.at <= after.at
        assert after.to_state in rules.TRANSITIONS[after.from_state] | {after.from_state}
    runs = matter.state in rules.OPEN and matter.state != MatterState.RETURNED
    assert (matter.due_date is not None) == runs
    if matter.state == MatterState.CLOSED:
        verbs = [step.verb for step in steps]
        assert matter.feedback and verbs[: len(verbs) - verbs[::-1].index(Verb.CLOSE)][-2] == Verb.CONFIRM
    assert matter.reopened <= 1


@pytest.mark.django_db
def test_whatever_is_tried_the_file_stays_whole(db: None) -> None:
    place = world.make_place(make_county())

    @settings(max_examples=examples(10))
    @given(MOVES)
    def run(moves: list) -> None:
        matter, at, taken = world.by_household(place), AT, 1
        for verb, who, days in moves:
            at += dt.timedelta(days=days, minutes=1)
            count = matter.steps.count()
            if not _try(place, matter, verb, who, at):
                assert matter.steps.count() == count
                continue
            assert who != "stranger"
            matter.refresh_from_db()
            steps = list(matter.steps.order_by("no"))
            taken += 1
            assert len(steps) >= taken
            _holds(matter, steps)

    run()
