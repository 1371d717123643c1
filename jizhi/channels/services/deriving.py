"""What follows from the house's own records, as the pack's table says: enter once, and nobody claims it again.

What two people confirmed in the record needs no further look; the panel decides all the same. A record that no longer
stands takes its claim back with it, also out of the ledger. What was reported in confidence gives nothing away.
"""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from jizhi.areas.models import Area
from jizhi.channels import models
from jizhi.channels.rules import RECORD_BACK_DAYS, Record
from jizhi.channels.selectors.sources import Source, sources
from jizhi.claims import selectors as claims_read
from jizhi.claims import services as claims
from jizhi.claims.rules import Channel
from jizhi.core import clock
from jizhi.core.errors import DomainError
from jizhi.core.text import N_
from jizhi.schemes import selectors as schemes

if TYPE_CHECKING:
    from jizhi.engine.document.claiming import Derived


def derive_claims(*, village: Area, at: dt.datetime) -> int:
    """File what followed from the records of the last two months. Returns how many claims are new.

    A record of an act that somebody claimed by hand is covered by that claim, and gives none for as long as it stands.
    Claims of records that no longer stand are taken back; what the registers say otherwise since then takes nothing
    back. Running it again changes nothing. A record that no item takes on its day is left aside.
    """
    today = clock.day_of(at)
    since, filed = today - dt.timedelta(days=RECORD_BACK_DAYS), 0
    table, given = schemes.claiming_in(village).derived, claims_read.given_in(village)
    for rule in table:
        found = sources(village, rule, since=since, on=today)
        known = _known(village, rule)
        fresh = [one for one in found.sources if one.number not in known]
        numbers = {one.number for one in fresh}
        covered = claims_read.covered_numbers(rule.record.value, _items_of(table, rule), numbers)
        fresh = [one for one in fresh if one.number not in covered]
        filed += sum(_derive(village, rule, one, given, found.standing, at) for one in fresh)
        _take_back(village, rule, found.standing, since, at)
    return filed


def _known(village: Area, rule: "Derived") -> set[int]:
    """Numbers of the records that gave a claim of the rule before; a matter gives one claim, of whatever item."""
    rows = models.DerivedClaim.objects.filter(claim__village=village, record=rule.record.value)
    if rule.record.value == Record.MATTER_SOLVED.value:
        return {number for number in rows.values_list("matter_id", flat=True) if number is not None}
    of_rule = rows.filter(scheme=rule.scheme, item=rule.item, number__isnull=False)
    return {number for number in of_rule.values_list("number", flat=True) if number is not None}


def _items_of(table: Collection["Derived"], rule: "Derived") -> set[tuple[str, str]]:
    """Under which items a record of the rule's kind counts as known: a matter under any, others under its own."""
    if rule.record.value == Record.MATTER_SOLVED.value:
        return {(one.scheme, one.item) for one in table if one.record is rule.record}
    return {(rule.scheme, rule.item)}


@transaction.atomic
def _derive(
    village: Area,
    rule: "Derived",
    one: Source,
    given: claims_read.Given,
    standing: Collection[int],
    at: dt.datetime,
) -> int:
    claims.hold_acts([one.subject.pk])
    of_matter = one.number if one.record.value == "matter_solved" else None
    known = models.DerivedClaim.objects.filter(record=one.record, scheme=rule.scheme, item=rule.item)
    if known.filter(number=one.number).exists() or (
        of_matter is not None and models.DerivedClaim.objects.filter(matter_id=of_matter).exists()
    ):
        return 0
    act = claims_read.Act(one.subject.pk, rule.scheme, rule.item, one.day)
    covering = claims.cover_record(
        act=act,
        given=given,
        record=one.record.value,
        number=one.number,
        standing=standing,
        amount=_quantity(rule, one),
        at=at,
    )
    if covering is not None:
        return 0
    draft = claims.Draft(
        subject=one.subject,
        item=rule.item,
        act_date=one.day,
        request_key=_key(rule, one),
        quantity=_quantity(rule, one),
        act=f"{one.record.value}:{one.number}",
        words=one.words,
    )
    try:
        (claim,) = claims.file_claims(
            village=village,
            scheme=rule.scheme,
            drafts=[draft],
            channel=Channel.DERIVED,
            by=one.by,
            at=at,
        )
    except (claims.UnusableClaim, schemes.NotInForce):
        return 0
    models.DerivedClaim.objects.create(
        claim=claim,
        record=one.record,
        number=one.number,
        scheme=rule.scheme,
        item=rule.item,
        matter_id=of_matter,
    )
    if one.by_two:
        claims.verify_claims(claim_ids=[claim.pk], note=draft.words, record_by_two=True, by=one.by, at=at)
    return 1


def _key(rule: "Derived", one: Source) -> str:
    """Matters keep the keys that they always had."""
    if one.record.value == "matter_solved":
        return f"derived:matter:{one.number}"
    return f"derived:{one.record.value}:{one.number}:{rule.scheme}:{rule.item}"[:80]


def _quantity(rule: "Derived", one: Source) -> Decimal | None:
    if rule.quantity == "hours":
        return one.hours
    return Decimal(1) if rule.quantity == "one" else None


def _take_back(
    village: Area, rule: "Derived", standing: Collection[int], since: dt.date, at: dt.datetime
) -> None:
    """Claims of the rule whose record was withdrawn or put right; by nobody, as all that the night does."""
    rows = models.DerivedClaim.objects.filter(
        claim__village=village,
        record=rule.record.value,
        scheme=rule.scheme,
        item=rule.item,
        number__isnull=False,
        claim__act_date__gte=since,
        claim__state__in=claims.TAKEN_BACK_FROM,
    ).exclude(number__in=standing)
    for row in rows.order_by("id"):
        try:
            claims.take_back_derived(
                claim_id=row.claim_id, reason=N_("所依据的记录已撤回或更正"), by=None, at=at
            )
        except DomainError:  # decided meanwhile; the next run looks again
            continue
