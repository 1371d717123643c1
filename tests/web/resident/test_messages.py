"""The inbox: reading marks as read; a deduction stays sealed until the household presses Open, and counts only then."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from jizhi.claims import selectors as claims
from jizhi.claims.rules import ClaimState, ToldHow
from jizhi.ledger import selectors as ledger
from jizhi.people import selectors as people
from tests.web import shiqiao


def _message(place: shiqiao.Village, kind: str, no: str = "001") -> Any:
    return next(line for line in people.inbox(place.households[no].subject.pk) if line.kind == kind)


def _page(place: shiqiao.Village, key: str) -> claims.ClaimPage:
    return claims.claim_page(place.household_user("001"), place.made[key].pk, on=place.today)


def test_looking_at_the_envelope_tells_nothing(mine: Any, place: shiqiao.Village) -> None:
    message = _message(place, "claim.approved")
    page = mine.get(reverse("resident:message", args=[message.id])).content.decode()
    for words in ("意味着", "养犬不文明", "6月5日", "依据", "异议", "网格员会打电话或上门"):
        assert words in page
    mine.get(reverse("resident:claim", args=[place.made["fault"].pk]))
    assert _page(place, "fault").line.state is ClaimState.APPROVED
    assert not _message(place, "claim.approved").is_read


def test_opening_is_being_told_and_then_it_counts(mine: Any, place: shiqiao.Village) -> None:
    subject = place.households["001"].subject
    before = len(ledger.entries_of_subject(subject.pk))
    unread = people.unread_count(subject.pk)
    address = reverse("resident:claim_telling", args=[place.made["fault"].pk])
    answer = mine.post(address, follow=True)
    page = _page(place, "fault")
    assert (page.line.state, page.told_how) == (ClaimState.POSTED, ToldHow.MESSAGE)
    assert "已告知您" in answer.content.decode()
    assert ledger.entries_of_subject(subject.pk)[0].points == -200
    assert people.unread_count(subject.pk) == unread - 1
    mine.post(address)
    assert len(ledger.entries_of_subject(subject.pk)) == before + 1


def test_telling_needs_a_press(mine: Any, place: shiqiao.Village) -> None:
    assert mine.get(reverse("resident:claim_telling", args=[place.made["fault"].pk])).status_code == 405


def test_an_ordinary_message_is_read_by_opening_it(mine: Any, theirs: Any, place: shiqiao.Village) -> None:
    message = _message(place, "claim.returned")
    address = reverse("resident:message", args=[message.id])
    assert "请补一张现场照片" in mine.get(address).content.decode()
    assert _message(place, "claim.returned").is_read
    assert theirs.get(address).status_code == 404


def test_the_inbox_in_english(mine: Any) -> None:
    mine.cookies["django_language"] = "en"
    assert "A deduction, for you to check" in mine.get("/my/messages/").content.decode()
