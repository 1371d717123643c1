"""What nobody learns from a notice: unpublished acts, by name or by difference; minors; small groups."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jizhi.demo.month import moment
from jizhi.demo.setup import SCHEME
from jizhi.ledger import services as ledger_services
from jizhi.ledger.rules import Cause
from jizhi.notices import rules, selectors
from jizhi.people.models import Household, Membership, Person
from jizhi.settlement import rules as periods
from jizhi.store.selectors import kept_apart
from tests.county import BEGIN, County
from tests.examples import examples

MAY = periods.parse_period("2026-05")
ON = dt.date(2026, 6, 3)
# With what they share: a section with a limit, a fault, a veto that takes the whole quarter away.
ITEMS = ("public-cleaning", "clean-courtyard", "littering", "elder-neglect", "village-meeting")
Act = tuple[int, str, int, bool]
acts = st.lists(
    st.tuples(st.integers(0, 7), st.sampled_from(ITEMS), st.integers(1, 31), st.booleans()), max_size=14
)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def post(county: County, drawn: Sequence[Act], *, month: int = 5) -> None:
    """Facts in the ledger, each with an entry of 5 points; `published` goes with the act, whatever its item."""
    by, at = county.home.staff["recorder"], moment(ON, 8)
    drafts = [
        ledger_services.FactDraft(
            subject_id=county.subject(place).pk, village_id=county.home.area.pk, scheme=SCHEME, version_date=BEGIN,
            item=item, act_date=dt.date(2026, month, day), quantity=None, grade="1" if item == "littering" else "",
            given=None, act="", spendable=True, published=published, decision_number=None,
            request_key=f"{month}-{number}",
        )
        for number, (place, item, day, published) in enumerate(drawn)
    ]  # fmt: skip
    facts = ledger_services.post_facts(drafts=drafts, by=by, at=at)
    entries = [ledger_services.PricedEntry(fact, Cause.POSTED, 500, 500, 0, "", "") for fact in facts]
    ledger_services.post_entries(entries=entries, by=by, at=at)


def said(county: County) -> dict[str, Any]:
    """May's content, without the running numbers of the ledger, which two tries cannot share."""
    content = selectors.content_for(village=county.home.area, scheme=SCHEME, month=MAY, on=ON)
    for row in content["rows"]:
        for entry in row["entries"]:
            del entry["fact"]
    return content


@settings(max_examples=examples(8), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=acts)
def test_whoever_knows_all_that_is_published_learns_nothing_about_a_household(
    county: County, drawn: list[Act]
) -> None:
    """The households' rows are the same with the unpublished acts and without, limits and vetoes notwithstanding."""
    with undone():
        post(county, [act for act in drawn if act[3]])
        alone = said(county)
    with undone():
        post(county, drawn)
        together = said(county)
    assert together["rows"] == alone["rows"]
    owners = {act[0] for act in drawn if not act[3]}
    told = together["unpublished"]
    if not 3 <= len(owners) <= 5:
        assert told is None
    else:
        count = sum(not act[3] for act in drawn)
        assert told == {"households": len(owners), "points": 500 * count}


def test_a_quarter_sums_its_own_acts_and_the_year_so_far(county: County) -> None:
    """A later quarter's total holds the earlier ones'; a secret veto changes neither."""
    post(county, [(0, "public-cleaning", 4, True), (0, "elder-neglect", 6, False)])
    quarter = periods.parse_period("2026-Q2")
    post(county, [(0, "public-cleaning", 5, True)], month=2)
    content = selectors.build(
        village=county.home.area, scheme=SCHEME, kind=rules.NoticeKind.QUARTER, period=quarter, on=ON
    )
    (row,) = [row for row in content["rows"] if row["awarded"]]
    assert (row["merits"], row["awarded"], row["total"]) == (200, 200, 10400)
    assert content["levels"] == []


def test_a_secret_veto_takes_nothing_away_on_the_notice(county: County) -> None:
    post(county, [(0, "public-cleaning", 4, True), (0, "elder-neglect", 6, False)])
    (row,) = [row for row in said(county)["rows"] if row["entries"]]
    assert [entry["points"] for entry in row["entries"]] == [200]
    assert row["awarded"] == 200
    assert "赡养" not in str(row)


@given(
    sums=st.dictionaries(st.integers(0, 30), st.integers(-900, 900), max_size=20), among=st.integers(0, 31)
)
def test_the_villages_line_needs_a_small_group_inside_and_outside(sums: dict[int, int], among: int) -> None:
    told = selectors.unpublished(sums, among=among)
    if len(sums) < rules.SMALL_GROUP or among - len(sums) < rules.SMALL_GROUP:
        assert told is None
    else:
        assert told == {"households": len(sums), "points": sum(sums.values())}


@given(
    points=st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(1, 900), max_size=12),
    secret=st.sets(st.text("abcdefgh", min_size=1, max_size=2), max_size=4),
)
def test_whoever_spent_secret_points_stands_among_as_many_who_did_not(
    points: dict[str, int], secret: set[str]
) -> None:
    apart = kept_apart(points, secret & points.keys(), possible=True)
    hidden = secret & points.keys()
    assert hidden <= apart
    if apart and apart != set(points):
        assert len(apart - hidden) >= max(len(hidden), rules.SMALL_GROUP)
    if len(points) < 2 * rules.SMALL_GROUP:
        assert apart == set(points)
    assert kept_apart(points, set(), possible=False) == set()


@pytest.mark.parametrize(
    ("lists", "agreed", "secrets", "stand"),
    [
        ([["a"]], True, False, True),
        ([[], []], True, True, True),
        ([[]], False, True, False),
        ([["a"]], True, True, False),
        ([["a", "b"], ["b", "c"]], True, True, True),
        ([["a", "b", "c", "d"]], False, True, False),
    ],
)
def test_lists_of_names_stand_whole_or_not_at_all(
    lists: list[list[str]], agreed: bool, secrets: bool, stand: bool
) -> None:
    assert selectors.names_may_stand(lists, agreed=agreed, secrets=secrets) is stand


def test_a_minor_head_is_called_by_number(county: County) -> None:
    household = Household.objects.get(subject=county.subject())
    other = Household.objects.get(subject=county.subject(1))
    minor = Person.objects.create(name="江小穗", birth_date=dt.date(2010, 6, 4))
    Household.objects.filter(pk=household.pk).update(head=minor, head_name=minor.name)
    Membership.objects.filter(household=other).delete()
    Household.objects.filter(pk=other.pk).update(head=None)
    Membership.objects.create(
        household=other,
        person=Person.objects.create(name="江小麦", birth_date=dt.date(2015, 1, 1)),
        from_date=BEGIN,
    )
    names = selectors.names(county.home.area, on=ON)
    assert names[household.subject.key] == (household.no, "")
    assert names[other.subject.key] == (other.no, "")
    assert all(
        head for key, (_no, head) in names.items() if key not in {household.subject.key, other.subject.key}
    )
    assert selectors.names(county.home.area, on=dt.date(2028, 6, 4))[household.subject.key][1] == "江**"
