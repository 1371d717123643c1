"""One village, every way in and every way on, in any order: the promises of the ledger hold after each step."""

from __future__ import annotations

import datetime as dt
import os

import pytest
from django.db import connection, transaction
from hypothesis import Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from jizhi.claims.rules import Channel
from tests.county import County, decide, file, posted, verify
from tests.domain.notices import world
from tests.domain.reviews.world import are_kin, head, is_person
from tests.domain.routes import promises
from tests.domain.routes.filing import ITEMS
from tests.domain.routes.living import STEPS, Living
from tests.examples import examples

LENGTH = int(os.environ.get("JIZHI_STEPS", "40"))
APRIL, MAY = dt.date(2026, 4, 8), dt.date(2026, 5, 6)
SPREAD = 2654435761  # small numbers are drawn more often; steps should not be
PHASES = [Phase.generate, *([Phase.shrink] if "JIZHI_SHRINK" in os.environ else [])]


@pytest.fixture
def lived(county: County) -> County:
    """The village with April in its wallets and a May ready to be posted: merits, a fault, an unpublished veto, kin."""
    person = is_person(county, county.home.staff["panel1"], county.subject(0))
    are_kin(county, person, head(county.subject(1)))
    live(county, APRIL)
    notice = world.post(county, "2026-04", dt.date(2026, 5, 2))
    world.finalise(county, notice, notice.window_to_date + dt.timedelta(days=1))
    live(county, MAY)
    posted(county, "littering", MAY, subject=county.subject(2))
    posted(county, "elder-neglect", MAY, subject=county.subject(5), channel=Channel.RECORDER)
    return county


def live(county: County, day: dt.date) -> None:
    """A good deed of every household, all decided in one meeting."""
    rows = [
        file(county, ITEMS[place % 4], day, subject=subject, quantity="7.5" if place % 4 == 1 else None)
        for place, subject in enumerate(county.home.all_subjects)
    ]
    verify(county, *rows)
    decide(county, *rows, day=day)


class AnyOrder(RuleBasedStateMachine):
    """Draws the next step among those that may find something to do."""

    def __init__(self, county: County) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.life, self.sound = Living(county), True
        self.ready = self.life.ready()

    @rule(which=st.integers(0, 2**32 - 1), one=st.integers(0, 7), two=st.integers(0, 11))
    def take(self, which: int, one: int, two: int) -> None:
        name = self.ready[which * SPREAD % 2**32 % len(self.ready)]
        note(f"{self.life.day}: {name}({one}, {two})")
        self.step(name, one, two)

    def step(self, name: str, one: int, two: int) -> None:
        self.sound = False
        self.life.take(name, one, two)
        promises.check_always(self.life)
        self.ready = self.life.ready()
        self.sound = True

    def teardown(self) -> None:
        try:
            if self.sound:
                promises.check_end(self.life)
                connection.check_constraints()
        finally:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)


def test_any_order(lived: County) -> None:
    run_state_machine_as_test(
        lambda: AnyOrder(lived),
        settings=settings(max_examples=examples(4), stateful_step_count=LENGTH, phases=PHASES),
    )


# One life in which each step is surely taken, so that none of them is refused wherever it is drawn.
TOUR = """
    phone 0 0, grid_worker 1 6, grid_worker 1 9, neighbour 2 0, paper 3 0, spoken 0 1, recorder 4 7, pushed 5 3
    attended 0 1, derived 1 0, derived 4 1, recognised 2 1, excel 1 0, list_imported 2 1, pushed_over_http 3 3
    amend 1 0, verify 1 0, verify 1 0, verify 1 0, verify 1 0, verify 1 0
    circulate 0 0, answer_circulation 0 0, meet 0 0, meet 0 0, meet 0 0, meet 0 0, send_back 0 0
    tell 2 0, tell 2 0, tell 2 0, mend 0 0, redeem 1 0, undo 0 0, split 0 0, undo_change 0 0, grow 0 0
    post 0 0, object 1 0, take_back 0 0, take_down 0 0, post 0 0, extend 0 0, object 1 0, hand_up 0 0
    answer 0 0, object 2 2, answer 0 0, appeal 0 1, hear 0 0, write 0 0, settle_letter 0 0
    object_on_paper 3 1, answer 0 0, write 2 1, settle_letter 0 0, appeal_letter 0 0, settle_letter 0 0, merge 4 0
    days 6 0, days 6 0, finalise 0 0, order 0 0, days 0 5, post_sums 2 1, days 0 0
"""


def test_each_step_can_be_taken(lived: County) -> None:
    life = Living(lived)
    for step in TOUR.replace(",", "\n").split("\n"):
        if step.strip():
            name, one, two = step.split()
            life.take(name, int(one), int(two))
            promises.check_always(life)
    assert life.done == set(STEPS)
    promises.check_end(life)
