"""Whatever is filed, answered, appealed, withdrawn, ordered, made final or redeemed, in any order: books balance."""

import contextlib
import datetime as dt
from typing import Any

from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from jizhi.core.errors import DomainError
from jizhi.demo.month import moment
from jizhi.demo.setup import SCHEME
from jizhi.ledger.models import Entry
from jizhi.notices import models, selectors, services
from jizhi.notices.rules import AppealState, Outcome
from jizhi.settlement import rules as periods
from jizhi.settlement import services as settlements
from tests.county import County, posted
from tests.domain.notices import world
from tests.examples import examples

ACTS = ("village-meeting", "public-cleaning", "littering")
STEPS = ("file", "answer", "appeal", "hear", "withdraw", "order", "post", "finalise", "redeem")
FIRST = dt.date(2026, 6, 3)


class Play:
    """One village and the steps that may come in any order; a refusal is an answer, too."""

    def __init__(self, county: County) -> None:
        self.county, self.day, self.number, self.settled = county, FIRST, 0, -1
        self.facts = [posted(county, item, world.MAY).fact_id or 0 for item in ACTS]
        world.post(county)

    def take(self, step: str, which: int, outcome: Outcome) -> None:
        self.number += 1
        self.day += dt.timedelta(days=1 + which % 3 * 4)
        with contextlib.suppress(DomainError), transaction.atomic():
            getattr(self, step)(which, outcome)
        self.check()

    def file(self, which: int, outcome: Outcome) -> None:
        notice = models.Notice.objects.order_by("period").last()
        assert notice is not None
        fact, who = self.facts[which % len(self.facts)], which % 2
        world.object_to(self.county, notice, fact, who=who, day=self.day, key=f"k{self.number}")

    def answer(self, which: int, outcome: Outcome) -> None:
        for row in self._pick(models.Objection.objects.filter(state__in=["filed", "escalated"]), which):
            who = "town" if row.state == "escalated" else "committee"
            world.answer(self.county, row, outcome, day=self.day, who=who)

    def appeal(self, which: int, outcome: Outcome) -> None:
        for row in self._pick(models.Objection.objects.filter(state="dismissed"), which):
            world.appeal(self.county, row, day=self.day, key=f"k{self.number}")

    def hear(self, which: int, outcome: Outcome) -> None:
        for row in self._pick(models.Appeal.objects.filter(state=AppealState.FILED), which):
            who = "supervisor" if row.body == "supervisors" else "town"
            world.hear(self.county, row, outcome, day=self.day, who=who)

    def withdraw(self, which: int, outcome: Outcome) -> None:
        for row in self._pick(models.Objection.objects.filter(state__in=["filed", "escalated"]), which):
            services.withdraw_objection(objection=row, by=row.filed_by, at=moment(self.day, 16))
        for appeal in self._pick(models.Appeal.objects.filter(state=AppealState.FILED), which):
            services.withdraw_appeal(appeal=appeal, by=appeal.filed_by, at=moment(self.day, 16))

    def order(self, which: int, outcome: Outcome) -> None:
        upheld = outcome is Outcome.UPHELD
        fact = self.facts[which % len(self.facts)]
        world.order(self.county, fact, upheld=upheld, day=self.day, number=str(self.number))

    def post(self, which: int, outcome: Outcome) -> None:
        period = f"2026-{5 + models.Notice.objects.count():02d}"
        if self.day > periods.parse_period(period).end:
            world.post(self.county, period, self.day)

    def finalise(self, which: int, outcome: Outcome) -> None:
        services.escalate_overdue_objections(at=moment(self.day, 2))
        for notice in models.Notice.objects.filter(state="posted").order_by("period")[:1]:
            world.finalise(self.county, notice, max(self.day, notice.window_to_date + dt.timedelta(days=1)))

    def redeem(self, which: int, outcome: Outcome) -> None:
        opening = self.day.replace(day=1)
        world.redeem(self.county, key=f"k{self.number}", day=opening)

    def _pick(self, rows: Any, which: int) -> list[Any]:
        found = list(rows.order_by("pk"))
        return [found[which % len(found)]] if found else []

    def check(self) -> None:
        world.check_books(self.county)
        waiting = {fact for fact in self.facts if selectors.has_open_hearing(fact)}
        assert waiting == selectors.disputed_facts(self.facts)
        entries = Entry.objects.count()
        if entries == self.settled:  # entries are only ever appended: what was equal before still is
            return
        self.settled = entries
        area = self.county.home.area
        computed = settlements.compute(village=area, scheme=SCHEME, period=periods.parse_period("2026-05"))
        assert computed.differences == [] and computed.awarded == computed.ledger_sum

    def end(self) -> None:
        """When every hearing has ended, nothing is held or left out any more."""
        for _round in range(3):
            for row in models.Objection.objects.filter(state__in=["filed", "escalated"]):
                self.day += dt.timedelta(days=1)
                who = "town" if row.state == "escalated" else "committee"
                world.answer(self.county, row, Outcome.DISMISSED, day=self.day, who=who)
            for row in models.Appeal.objects.filter(state=AppealState.FILED):
                who = "supervisor" if row.body == "supervisors" else "town"
                world.hear(self.county, row, Outcome.DISMISSED, day=self.day, who=who)
        assert world.held(self.county) == 0
        assert not models.Withholding.objects.filter(state="withheld").exists()


steps = st.lists(
    st.tuples(
        st.sampled_from(STEPS),
        st.integers(0, 5),
        st.sampled_from([Outcome.UPHELD, Outcome.DISMISSED, Outcome.DISMISSED]),
    ),
    min_size=6,
    max_size=16,
)


def test_any_order(county: County) -> None:
    @settings(max_examples=examples(8))
    @given(steps)
    def play(taken: list[tuple[str, int, Outcome]]) -> None:
        with transaction.atomic():
            game = Play(county)
            for step, which, outcome in taken:
                game.take(step, which, outcome)
            game.end()
            transaction.set_rollback(True)

    play()
