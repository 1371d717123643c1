"""Appending facts and entries. Prices come from the caller, who asked the engine under the lock taken here."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.ledger import models, rules
from jizhi.ledger.services.holding import hold_for_posting
from jizhi.people.models import Subject


@dataclass(frozen=True, slots=True)
class FactDraft:
    """A decided act, ready to be appended. `request_key` makes a repeat harmless."""

    subject_id: int
    village_id: int
    scheme: str
    version_date: dt.date
    item: str
    act_date: dt.date
    quantity: Decimal | None
    grade: str
    given: Decimal | None
    act: str
    spendable: bool
    published: bool
    decision_number: int | None
    request_key: str


@dataclass(frozen=True, slots=True)
class PricedEntry:
    """A change of what a fact is worth; points in hundredths, as differences from what stood before."""

    fact: models.Fact
    cause: rules.Cause
    price: int
    points: int
    held_back: int
    limit: str
    note: str
    reason: str = ""


def lock_villages(village_ids: Collection[int]) -> None:
    """Lock the villages' rows, in the order of their numbers: before subjects and wallets where those are taken, too.

    Rows that refer to the village can still be written meanwhile.
    """
    rows = Area.objects.select_for_update(no_key=True).filter(pk__in=village_ids).order_by("pk")
    list(rows.values_list("pk"))


def lock_subjects(subject_ids: Collection[int]) -> list[Subject]:
    """Lock the subjects' rows, in the order of their numbers so that two callers never wait for each other."""
    return list(Subject.objects.select_for_update(of=("self",)).filter(pk__in=subject_ids).order_by("pk"))


@transaction.atomic
def post_facts(*, drafts: Sequence[FactDraft], by: User, at: dt.datetime) -> list[models.Fact]:
    """Append facts in the order given; their numbers are the order of the ledger. The subjects are locked."""
    hold_for_posting(draft.village_id for draft in drafts)
    return models.Fact.objects.bulk_create(
        [
            models.Fact(
                subject_id=draft.subject_id,
                village_id=draft.village_id,
                scheme=draft.scheme,
                version_date=draft.version_date,
                item=draft.item,
                act_date=draft.act_date,
                quantity=draft.quantity,
                grade=draft.grade,
                given=draft.given,
                act=draft.act,
                spendable=draft.spendable,
                published=draft.published,
                decision_number=draft.decision_number,
                request_key=draft.request_key,
                posted_at=at,
                posted_by=by,
            )
            for draft in drafts
        ]
    )


@transaction.atomic
def post_entries(*, entries: Sequence[PricedEntry], by: User | None, at: dt.datetime) -> list[models.Entry]:
    """Append entries in the order given. The caller holds the lock of their subjects."""
    hold_for_posting(entry.fact.village_id for entry in entries)
    return models.Entry.objects.bulk_create(
        [
            models.Entry(
                fact=entry.fact,
                subject_id=entry.fact.subject_id,
                village_id=entry.fact.village_id,
                act_date=entry.fact.act_date,
                cause=entry.cause,
                price=entry.price,
                points=entry.points,
                held_back=entry.held_back,
                limit=entry.limit,
                note=entry.note,
                reason=entry.reason,
                posted_at=at,
                posted_by=by,
            )
            for entry in entries
        ]
    )
