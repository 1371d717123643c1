"""The demonstration's organisations go through the services and leave every list with something to show."""

from __future__ import annotations

from jizhi.demo import organisations
from jizhi.demo.month import moment
from jizhi.organisations import selectors
from jizhi.posts import selectors as posts
from tests import factories
from tests.county import BEGIN, County


def test_a_village_of_the_demonstration(county: County) -> None:
    at = moment(factories.TODAY, 10)
    for part in (county.home, county.other):
        founded = organisations.found_organisations(part, county.operator, BEGIN)
        organisations.make_organisations(part, founded, county.operator, BEGIN, at)
    on = factories.TODAY
    (tree, *_others) = selectors.party_tree(county.operator, on=on, area=county.home.area)
    assert len(tree.children) == 2
    assert selectors.village_bodies(county.home.area, "1+6", on=on).present == 6
    counts = selectors.report_counts(county.operator, on=on, period=selectors.year_of(on))
    assert (counts.units, counts.members, counts.waiting) == (2, 4, 4)
    assert posts.attention(county.operator, on=on).deputies == 2
