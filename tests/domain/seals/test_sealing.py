"""Sealing through the services: when, what, once; who waits for whom; and receipts that households can have."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from jizhi.changes import services as changes
from jizhi.changes.rules import ShareRule
from jizhi.core.models import AuditEvent
from jizhi.demo.month import moment
from jizhi.ledger import services as ledger
from jizhi.ledger.models import Entry, Transfer
from jizhi.ledger.rules import Cause
from jizhi.notices import selectors as notices
from jizhi.seals import models, rules, selectors, services
from jizhi.seals.rules.chain import BEGINNING
from tests.county import County, make_county, posted
from tests.domain.changes import world as changing
from tests.domain.seals import world

JULY = dt.date(2026, 7, 8)


def test_each_seal_takes_what_came_since_the_one_before(county: County) -> None:
    assert world.night(county, dt.date(2026, 5, 1)) is None
    world.months(county)
    seals = list(models.Seal.objects.order_by("number"))
    assert [seal.number for seal in seals] == [1, 2, 3]
    assert seals[0].previous == BEGINNING
    assert [seal.previous for seal in seals[1:]] == [seal.hash for seal in seals[:-1]]
    assert [seal.day for seal in seals] == [dt.date(2026, 6, 3), dt.date(2026, 7, 1), dt.date(2026, 7, 5)]
    kept = models.SealedLeaf.objects.values_list("kind", "record")
    everything = [("entry", pk) for pk in Entry.objects.values_list("pk", flat=True)]
    everything += [("transfer", pk) for pk in Transfer.objects.values_list("pk", flat=True)]
    assert sorted(kept) == sorted(everything)
    assert world.night(county, JULY) is None, "a day without anything new makes no seal"
    assert AuditEvent.objects.filter(verb="seal.make").count() == 3


def test_a_notice_bears_a_seal_over_all_its_entries(county: County) -> None:
    notice = world.months(county)
    line = selectors.seal_on_notice(county.home.area, notice.posted_at)
    assert line is not None and line.number == 1
    noticed = notice.noticed_entries.values_list("entry_id", flat=True)
    assert set(selectors.sealed_entries(list(noticed)).values()) == {1}
    assert notices.notice_page(notice.pk).households == 8
    assert selectors.seal_on_notice(county.other.area, notice.posted_at) is None


def test_villages_have_chains_of_their_own(county: County) -> None:
    world.months(county)
    assert [village.pk for village in selectors.villages()] == [county.home.area.pk]
    assert list(services.seal_villages(at=moment(JULY, 1))) == []
    world.another(county, JULY)
    assert selectors.waits(county.home.area)
    assert not selectors.waits(county.home.area, before=moment(JULY, 0)), "nothing of an earlier day waits"
    (seal,) = services.seal_villages(at=moment(JULY, 23))
    assert (seal.number, seal.village) == (4, county.home.area)


def test_a_clock_that_was_put_back_does_not_turn_the_chain(county: County) -> None:
    world.months(county)
    world.another(county, JULY)
    seal = world.night(county, dt.date(2026, 1, 1))
    assert seal is not None and seal.day == dt.date(2026, 7, 5)
    assert selectors.check_village(county.home.area).findings == []


def test_a_split_that_was_sealed_and_taken_back_is_no_tampering(county: County) -> None:
    """The household that the split opened keeps its transfers; its number is free again and may be used anew."""
    home = changing.big_household(county)
    changing.credit(county, home, 900)
    members = changing.member_ids(home)
    order = changes.Split(
        household_id=home.pk, day=changing.DAY, person_ids=(members[1],), head_id=members[1], no="08888",
        old_head_id=members[0], share=ShareRule.GIVEN, points=300,
    )  # fmt: skip
    for _twice in range(2):
        change = changing.make(county, order)
        assert services.seal_village(village=county.home.area, by=None, at=changing.AT) is not None
        changing.undo(county, change)
        assert selectors.check_village(county.home.area).findings == []
    world.night(county, JULY)
    assert selectors.check_village(county.home.area).findings == []


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
@pytest.mark.parametrize("table", ["seals_seal", "seals_sealedleaf"])
def test_seals_stay(county: County, table: str, statement: str) -> None:
    world.post_may_with_one(county)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert models.Seal.objects.count() == 1


def test_a_receipt_of_every_entry_holds_and_names_nobody(county: County) -> None:
    world.months(county)
    names = {subject.label for subject in county.home.all_subjects}
    for entry in Entry.objects.order_by("pk"):
        found = selectors.receipt_of(entry.pk)
        assert found is not None
        verdict = selectors.verdict_on(rules.receipts.read(found.receipt.short()))
        assert verdict.holds and verdict.latest is not None and verdict.latest.number == 3
        text = found.receipt.file().decode()
        assert not any(name in text for name in names)
        assert "当天不在村里" not in text and "当天不在家" not in text
        assert len(found.receipt.short()) < 1400, "a code that a phone still reads"
    waiting = world.another(county, JULY)
    assert selectors.receipt_of(waiting.pk) is None


def test_a_receipt_of_a_village_nobody_knows_does_not_hold(county: County) -> None:
    world.months(county)
    found = selectors.receipt_of(Entry.objects.earliest("pk").pk)
    assert found is not None
    document = found.receipt.document()
    document["seal"] |= {"village": "110000000000"}
    verdict = selectors.verdict_on(rules.receipts._receipt(document))
    assert verdict.village is None and not verdict.holds


# Two connections -----------------------------------------------------------------------------------------------------


def _apart(pool: ThreadPoolExecutor, job: Callable[[], Any]) -> Future[Any]:
    def run() -> Any:
        try:
            return job()
        finally:
            connection.close()

    return pool.submit(run)


def _waits_for_a_lock() -> bool:
    """Whether any connection to this database waits for another's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


def _until_somebody_waits() -> None:
    pause = threading.Event()
    for _try in range(600):
        if _waits_for_a_lock():
            return
        pause.wait(0.05)
    raise AssertionError("nobody waits")


def _append(county: County, fact: Any) -> int:
    priced = ledger.PricedEntry(fact, Cause.REPRICED, 0, 0, 0, "", "", reason="x")
    (entry,) = ledger.post_entries(entries=[priced], by=county.home.staff["committee"], at=moment(JULY, 9))
    return int(entry.pk)


@pytest.mark.usefixtures("committed_db")
def test_a_number_drawn_before_the_seal_and_committed_after_it_cannot_be_missed() -> None:
    """One posts and does not commit yet; the other seals: it waits, and then seals that entry too."""
    county = make_county()
    claim = posted(county, "village-meeting", world.MAY)
    appended, go_on = threading.Event(), threading.Event()

    def post_slowly() -> int:
        with transaction.atomic():
            number = _append(county, claim.fact)
            appended.set()
            assert go_on.wait(60)
            return number

    with ThreadPoolExecutor(2) as pool:
        slow = _apart(pool, post_slowly)
        assert appended.wait(60)
        sealing = _apart(pool, lambda: world.night(county, JULY))
        _until_somebody_waits()
        assert not sealing.done() and not models.Seal.objects.exists()
        go_on.set()
        seal = sealing.result(60)
        assert (seal.entry_count, seal.last_entry) == (2, slow.result(60))
    assert selectors.check_village(county.home.area).findings == []


@pytest.mark.usefixtures("committed_db")
def test_whoever_posts_while_a_seal_is_made_gets_a_higher_number() -> None:
    county = make_county()
    claim = posted(county, "village-meeting", world.MAY)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            seal = world.night(county, JULY)
            assert seal is not None
            posting = _apart(pool, lambda: _append(county, claim.fact))
            _until_somebody_waits()
            other = posted(
                county, "village-meeting", world.MAY, subject=county.subject(1), key="own transaction"
            )
            mine = Entry.objects.get(fact_id=other.fact_id)
            assert not posting.done()
        late = posting.result(60)
    assert late > seal.last_entry and mine.pk > seal.last_entry
    checked = selectors.check_village(county.home.area)
    assert (checked.findings, checked.waiting) == ([], 2)


@pytest.mark.usefixtures("committed_db")
def test_posting_sealing_and_checking_at_once_end_well() -> None:
    """A short rush: nobody waits in a circle, nothing is sealed twice or left out."""
    county = make_county()
    claim = posted(county, "village-meeting", world.MAY)
    start = threading.Barrier(4)

    def rush(job: Callable[[], Any]) -> list[Any]:
        start.wait(60)
        return [job() for _turn in range(8)]

    jobs: list[Callable[[], Any]] = [
        lambda: _append(county, claim.fact),
        lambda: _append(county, claim.fact),
        lambda: world.night(county, JULY),
        lambda: selectors.check_village(county.home.area).findings,
    ]
    with ThreadPoolExecutor(4) as pool:
        done = [_apart(pool, lambda job=job: rush(job)) for job in jobs]
        results = [one.result(120) for one in done]
    assert results[3] == [[]] * 8
    world.night(county, JULY)
    assert models.SealedLeaf.objects.count() == Entry.objects.count() == 17
    assert selectors.check_village(county.home.area).findings == []
