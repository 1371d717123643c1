"""What the demonstration resolves shows every state: in use, with the township, not carried; signed, open, not met."""

import datetime as dt

from jizhi.assemblies import models, selectors
from jizhi.assemblies.rules import Answer, FilingState
from jizhi.changes.services import Merge
from jizhi.demo import assemblies
from jizhi.demo.month import moment
from tests.county import BEGIN, County
from tests.domain.changes import world

NOW = moment(dt.date(2026, 6, 15), 10)


def test_a_village_resolves_spends_and_signs(county: County) -> None:
    assemblies.play(county.home, county.operator, BEGIN, NOW)
    states = {(row.carried, row.state) for row in models.Assembly.objects.all()}
    assert states == {
        (True, FilingState.ACKNOWLEDGED),
        (True, FilingState.FILED),
        (False, FilingState.RECORDED),
    }
    (fund,) = selectors.funds_of_village(county.home.area)
    assert fund.balance == 300_000 - 32_000 - 18_650 - 9_800
    (line,) = selectors.pledges(county.operator, on=NOW.date())
    assert 0 < line.signed < line.households == len(county.home.all_subjects)
    page = selectors.pledge_page(county.operator, line.id, on=NOW.date())
    assert sum(row.answer is Answer.SIGNED and row.has_picture for row in page.rows) == line.signed
    assert not models.Dividend.objects.exists()  # nothing is settled yet, and that is said instead of failing


def test_a_household_that_was_merged_meanwhile_signs_nothing(county: County) -> None:
    """The demonstration merges one on the visitor's day, before the year's pledges are written."""
    gone, into = county.subject(1), county.subject(0)
    order = Merge(household_id=gone.household.pk, into_id=into.household.pk, day=NOW.date())
    world.make(county, order, at=NOW)
    assemblies.play(county.home, county.operator, BEGIN, NOW)
    (line,) = selectors.pledges(county.operator, on=NOW.date())
    page = selectors.pledge_page(county.operator, line.id, on=NOW.date())
    assert line.signed > 0
    assert gone.household.no not in {row.no for row in page.rows if row.answer is Answer.SIGNED}
