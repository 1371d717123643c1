"""Who objects for a household after it was split, merged or moved: one answer of service, page and database."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.urls import reverse

from jizhi.changes import rules, selectors, services
from jizhi.claims.models import Claim
from jizhi.demo.month import moment
from jizhi.notices import selectors as notice_pages
from jizhi.notices import services as notices
from jizhi.notices.models import Appeal, Objection
from jizhi.notices.rules import ObjectionChannel, ObjectionState
from jizhi.people import selectors as registers
from jizhi.people import services as people
from jizhi.people.models import Household, HouseholdCard
from tests.county import County, posted
from tests.domain.changes import world
from tests.domain.notices.world import answer, object_to, post

MAY = dt.date(2026, 5, 6)
DAY = dt.date(2026, 6, 8)
NOW = dt.date(2026, 6, 9)
OLD, OTHER, STRANGER = 0, 3, 5


@pytest.fixture
def clock(clock: Any) -> Any:
    clock.move_to(moment(NOW, 12))
    return clock


@pytest.fixture
def noticed(county: County, clock: Any) -> dict[str, Any]:
    """An entry of the old household on May's open notice, and another household's objection to it, answered."""
    claim = posted(county, "village-meeting", MAY, subject=county.subject(OLD))
    notice = post(county)
    return {"notice": notice, "fact": claim.fact_id, "claim": claim}


def change(county: County, kind: str) -> Household:
    """The change as ordered; returns the household whose pages are looked at afterwards."""
    home = county.subject(OLD).household
    if kind == "merge":
        into = county.subject(OTHER).household
        world.make(
            county,
            services.Merge(household_id=home.pk, into_id=into.pk, day=DAY),
            at=moment(NOW, 8),
        )
        return into
    if kind == "split":
        leaves = next(person for person in world.member_ids(home) if person != home.head_id)
        order: Any = services.Split(
            household_id=home.pk, day=DAY, person_ids=(leaves,), head_id=leaves, no="9001"
        )
        village = county.home.area
    else:
        carry = rules.CarryRule.STAYS if kind == "move_without_points" else rules.CarryRule.CARRIED
        village = county.other.area
        order = services.Move(household_id=home.pk, day=DAY, village=village, no="9001", carry=carry)
    world.make(county, order, at=moment(NOW, 8))
    return Household.objects.select_related("village", "subject").get(village=village, no="9001")


def user_of(county: County, household: Household) -> Any:
    """Whoever signs in with the household's card, made where it has none."""
    people.issue_cards(households=[household], by=county.operator, at=moment(NOW, 9))
    return HouseholdCard.objects.get(household=household, blocked_at=None).user


def sent(grounds: str = "不是我家") -> dict[str, str]:
    return {"grounds": grounds, "request_key": str(uuid.uuid4())}


SUCCEEDS = pytest.mark.parametrize("kind", ["merge", "move", "move_without_points"])


def test_the_list_of_a_former_household_takes_few_queries(
    county: County, clock: Any, django_assert_num_queries: Any
) -> None:
    old, items = county.subject(OLD), ("village-meeting", "public-cleaning", "mediation", "littering")
    facts = [posted(county, item, MAY, subject=old).fact_id for item in items]
    post(county)
    with django_assert_num_queries(5):
        listed = notice_pages.former_entries({old.pk}, on=NOW)
    assert [one.fact_id for one in listed] == sorted(facts, reverse=True)
    assert {one.label for one in listed} == {old.label}


@SUCCEEDS
def test_who_succeeded_objects_in_the_old_name_and_hears_of_it(
    county: County, noticed: dict[str, Any], client_as: Any, kind: str
) -> None:
    after = change(county, kind)
    user, old = user_of(county, after), county.subject(OLD)
    assert (
        selectors.predecessors([after.subject_id]) == {old.pk}
        and selectors.speaker_of(old.pk) == after.subject_id
    )
    client = client_as(user)
    listed = client.get(reverse("resident:objections")).content.decode()
    address = reverse("resident:entry_objection", args=[noticed["fact"]])
    assert address in listed
    assert client.get(reverse("resident:entry", args=[noticed["fact"]])).status_code == 200
    form = client.get(address, follow=True)
    assert form.status_code == 200
    assert client.post(form.request["PATH_INFO"], sent()).status_code == 302
    filed = Objection.objects.get()
    assert (filed.subject, filed.filed_by, filed.state) == (old, user, ObjectionState.FILED)
    again = client.post(form.request["PATH_INFO"], sent())
    assert again.status_code == 422 and "正在处理" in again.content.decode()
    answer(county, filed, day=NOW)
    titles = [message.title for message in registers.inbox(after.subject_id)]
    assert "异议已答复：不成立" in titles
    page = client.get(reverse("resident:objection", args=[filed.pk])).content.decode()
    assert "不服答复，申请复核" in page
    filed.refresh_from_db()
    assert filed.read_at is not None


@SUCCEEDS
def test_who_succeeded_goes_on_with_what_was_answered_before(
    county: County, noticed: dict[str, Any], client_as: Any, kind: str
) -> None:
    filed = object_to(county, noticed["notice"], noticed["fact"], who=OLD)
    answer(county, filed)
    client = client_as(user_of(county, change(county, kind)))
    assert reverse("resident:objection", args=[filed.pk]) in client.get(
        reverse("resident:objections")
    ).content.decode()  # fmt: skip
    appeal = reverse("resident:objection_appeal", args=[filed.pk])
    assert client.get(appeal).status_code == 200
    assert client.post(appeal, sent("再看")).status_code == 302
    made = Appeal.objects.get()
    withdrawal = reverse("resident:appeal_withdrawal", args=[made.pk])
    assert client.post(withdrawal).status_code == 302
    made.refresh_from_db()
    assert made.state == "withdrawn"
    renewed = client.post(
        reverse("resident:notice_objection", args=[noticed["notice"].pk, noticed["fact"]]), sent()
    )
    assert renewed.status_code == 422 and "已经答复" in renewed.content.decode()


@SUCCEEDS
def test_who_succeeded_reads_what_neighbours_say_of_the_old_entries(
    county: County, noticed: dict[str, Any], client_as: Any, kind: str
) -> None:
    theirs = object_to(county, noticed["notice"], noticed["fact"], who=STRANGER)
    answer(county, theirs)
    client = client_as(user_of(county, change(county, kind)))
    page = client.get(reverse("resident:objection", args=[theirs.pk]))
    assert page.status_code == 200
    assert "申请复核" not in page.content.decode(), "it is not the household's own"
    assert client.get(reverse("resident:objection_appeal", args=[theirs.pk])).status_code == 404


@pytest.mark.parametrize("kind", ["merge", "move", "move_without_points", "split"])
def test_nobody_else_speaks_for_it(
    county: County, noticed: dict[str, Any], client_as: Any, kind: str
) -> None:
    filed = object_to(county, noticed["notice"], noticed["fact"], who=OLD)
    answer(county, filed)
    after, old = change(county, kind), county.subject(OLD)
    strangers = [
        county.user(county.subject(STRANGER)),
        county.other.household_users[county.other.all_subjects[0].pk],
    ]
    if kind == "split":
        strangers.append(user_of(county, after))
    for user in strangers:
        client = client_as(user)
        for name in ("objection", "objection_appeal", "objection_withdrawal"):
            assert client.get(reverse(f"resident:{name}", args=[filed.pk])).status_code == 404, name
        assert client.get(reverse("resident:entry", args=[noticed["fact"]])).status_code == 404
        assert old.pk not in notice_pages.spoken_for(user, on=NOW)
        with pytest.raises(notices.ObjectionClosed, match="自己家"):
            notices.file_objection(
                notice=noticed["notice"], fact_id=noticed["fact"], subject=old, grounds="不对",
                channel=ObjectionChannel.PHONE_PAGE, request_key=str(uuid.uuid4()), by=user, at=moment(NOW, 12),
            )  # fmt: skip


def test_after_a_split_the_old_household_speaks_for_itself(
    county: County, noticed: dict[str, Any], client_as: Any
) -> None:
    after = change(county, "split")
    assert selectors.predecessors([after.subject_id]) == frozenset()
    client = client_as(county.user(county.subject(OLD)))
    address = reverse("resident:notice_objection", args=[noticed["notice"].pk, noticed["fact"]])
    assert client.post(address, sent()).status_code == 302
    assert Objection.objects.get().subject == county.subject(OLD)


def test_what_was_undone_gives_no_voice(county: County, noticed: dict[str, Any]) -> None:
    home, into = county.subject(OLD).household, county.subject(OTHER).household
    order = services.Merge(household_id=home.pk, into_id=into.pk, day=DAY)
    made = world.make(county, order, at=moment(NOW, 8))
    world.undo(county, made, at=moment(NOW, 9))
    assert selectors.predecessors([into.subject_id]) == frozenset()
    assert selectors.speaker_of(home.subject_id) == home.subject_id


def test_voices_go_on_over_several_changes(county: County, noticed: dict[str, Any], client_as: Any) -> None:
    """Moved, then merged in the new village: the last one speaks."""
    moved = change(county, "move")
    into = county.other.all_subjects[0].household
    world.make(county, services.Merge(household_id=moved.pk, into_id=into.pk, day=NOW), at=moment(NOW, 10))
    assert selectors.predecessors([into.subject_id]) == {county.subject(OLD).pk, moved.subject_id}
    assert selectors.one_voice(county.subject(OLD).pk) == {
        county.subject(OLD).pk,
        moved.subject_id,
        into.subject_id,
    }
    client = client_as(county.other.household_users[into.subject_id])
    address = reverse("resident:notice_objection", args=[noticed["notice"].pk, noticed["fact"]])
    assert client.post(address, sent()).status_code == 302
    assert Claim.objects.get(fact=noticed["fact"]).subject == county.subject(OLD)


def test_whoever_lives_with_the_successor_answers_nothing(county: County, noticed: dict[str, Any]) -> None:
    """An official of the household into which it was merged is as close to the entry as one of the old household."""
    from tests.domain.reviews.world import is_person

    filed = object_to(county, noticed["notice"], noticed["fact"], who=STRANGER)
    committee = county.home.staff["committee"]
    is_person(county, committee, county.subject(OTHER))
    change(county, "merge")
    with pytest.raises(notices.Conflicted):
        answer(county, filed, day=NOW)
