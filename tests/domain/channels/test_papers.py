"""Sheets of paper: numbered and checked codes, keyed in once however many try, spoiled and missing ones."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from jizhi.channels import rules, selectors, services
from jizhi.channels.models import PaperSheet
from jizhi.channels.rules import SheetState
from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel
from jizhi.claims.services import Draft, UnusableClaim
from jizhi.core import check_digits
from jizhi.demo.month import moment
from jizhi.people.models import Subject
from jizhi.posts.selectors import NotAllowed
from tests.county import County, make_county

MAY = dt.date(2026, 5, 6)
AT = moment(MAY, 20)


def printed(county: County, count: int = 3, subjects: Any = (), key: str = "batch") -> list[PaperSheet]:
    batch = services.print_sheets(
        village=county.home.area, scheme="household", count=count, subjects=subjects,
        request_key=key, by=county.home.staff["recorder"], at=AT,
    )  # fmt: skip
    return list(batch.sheets.order_by("number"))


def drafts(subject: Subject, *items: str) -> list[Draft]:
    return [Draft(subject, item, MAY, f"line-{item}") for item in items]


def key_in(county: County, code: str, subject: Subject, *items: str, by: Any = None) -> list[Claim]:
    by = by or county.home.staff["recorder"]
    return services.key_in_sheet(code=code, subject=subject, drafts=drafts(subject, *items), by=by, at=AT)


@given(st.integers(1, 99999), st.integers(1, 999999), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(village: int, number: int, place: int, more: int) -> None:
    code = rules.sheet_code(village, number)
    assert check_digits.is_right(code) and check_digits.digits(rules.written(code)) == code
    assert check_digits.digits(f"https://example.org/desk/papers/{code}/?x=1") == code
    wrong = code[:place] + str((int(code[place]) + more) % 10) + code[place + 1 :]
    assert not check_digits.is_right(wrong)


def test_codes_are_numbered_through_and_printing_twice_is_one_batch(county: County) -> None:
    first, again = printed(county, 2), printed(county, 2)
    assert [sheet.code for sheet in first] == [sheet.code for sheet in again]
    more = printed(county, 1, subjects=[county.subject(0)], key="next")
    assert [sheet.number for sheet in [*first, *more]] == [1, 2, 3, 4]
    assert more[0].subject == county.subject(0) and more[1].subject is None
    page = selectors.batch_page(county.home.staff["recorder"], more[0].batch_id, on=MAY)
    assert [line.number for line in page.sheets] == [3, 4]


@pytest.mark.parametrize("count", [0, rules.SHEETS_A_BATCH_MAX + 1])
def test_a_batch_has_bounds_and_a_recorder(county: County, count: int) -> None:
    with pytest.raises(services.BadBatch):
        printed(county, count)
    with pytest.raises(services.BadBatch, match="不属于"):
        printed(county, 0, subjects=[county.other.all_subjects[0]])
    with pytest.raises(NotAllowed):
        services.print_sheets(
            village=county.home.area, scheme="household", count=1, request_key="k",
            by=county.worker(county.subject()), at=AT,
        )  # fmt: skip


def test_a_sheet_is_keyed_in_once(county: County) -> None:
    sheet = printed(county)[0]
    claims = key_in(county, rules.written(sheet.code), county.subject(), "public-cleaning", "village-meeting")
    assert {claim.channel for claim in claims} == {Channel.PAPER}
    assert selectors.sheet_of_claim(claims[1].pk) == sheet.code
    with pytest.raises(services.SheetSettled, match="已录入") as caught:
        key_in(county, sheet.code, county.subject(1), "public-cleaning")
    assert county.home.staff["recorder"].display_name in str(caught.value) and caught.value.place == "code"
    page = selectors.sheet_page(county.home.staff["recorder"], sheet.code, on=MAY)
    assert [line.item.id for line in page.claims] == ["public-cleaning", "village-meeting"]
    assert page.line.subject_label == county.subject().label
    assert Claim.objects.count() == 2


def test_what_cannot_be_filed_leaves_the_code_unused(county: County) -> None:
    sheet = printed(county)[0]
    with pytest.raises(UnusableClaim):
        key_in(county, sheet.code, county.subject(), "public-cleaning", "nonsense")
    with pytest.raises(UnusableClaim):
        key_in(county, sheet.code, county.subject())
    sheet.refresh_from_db()
    assert sheet.state == SheetState.PRINTED and not Claim.objects.exists()


def test_a_named_sheet_is_for_its_household_alone(county: County) -> None:
    (sheet,) = printed(county, 0, subjects=[county.subject(0)])
    with pytest.raises(UnusableClaim, match="印给"):
        key_in(county, sheet.code, county.subject(1), "public-cleaning")
    assert key_in(county, sheet.code, county.subject(0), "public-cleaning")


def test_mistyped_and_foreign_codes_are_not_found(county: County) -> None:
    sheet = printed(county)[0]
    wrong = sheet.code[:-1] + str((int(sheet.code[-1]) + 1) % 10)
    with pytest.raises(selectors.NoSuchSheet, match="核对"):
        key_in(county, wrong, county.subject(), "public-cleaning")
    stranger = county.other.staff["recorder"]
    with pytest.raises(selectors.NoSuchSheet):
        key_in(county, sheet.code, county.subject(), "public-cleaning", by=stranger)
    assert not selectors.sheets(stranger, on=MAY).exists()


def test_spoiled_is_the_end_and_missing_may_turn_up(county: County) -> None:
    by, (spoiled, missing, _rest) = county.home.staff["recorder"], printed(county)

    def settle(sheet: PaperSheet, target: SheetState, reason: str = "") -> None:
        services.settle_sheets(codes=[sheet.code], target=target, reason=reason, by=by, at=AT)

    with pytest.raises(services.BadBatch, match="原因"):
        settle(spoiled, SheetState.SPOILED)
    with pytest.raises(services.BadBatch):
        settle(spoiled, SheetState.USED)
    settle(spoiled, SheetState.SPOILED, "写错了")
    settle(missing, SheetState.MISSING)
    with pytest.raises(services.SheetSettled, match="已作废"):
        key_in(county, spoiled.code, county.subject(), "public-cleaning")
    assert key_in(county, missing.code, county.subject(), "public-cleaning")
    counts = selectors.counts_by_state(selectors.sheets(by, on=MAY))
    assert counts == {SheetState.PRINTED: 1, SheetState.SPOILED: 1, SheetState.USED: 1}
    with pytest.raises(DatabaseError), transaction.atomic():
        PaperSheet.objects.filter(pk=spoiled.pk).update(state=SheetState.USED, subject=county.subject())


def test_two_recorders_at_once_make_one_claim(committed_db: None) -> None:
    county = make_county()
    sheet, outcomes = printed(county)[0], []

    def try_it(place: int) -> None:
        try:
            outcomes.append(len(key_in(county, sheet.code, county.subject(place), "public-cleaning")))
        except services.SheetSettled as refused:
            outcomes.append(str(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it, args=(place,)) for place in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=str)[0] == 1 and "已录入" in sorted(outcomes, key=str)[1]
    assert Claim.objects.count() == 1
