"""The ledger's rows in full, for sealing and for checking seals: every column, read without trusting any other table.

Whoever tampers may have torn rows apart. So nothing is joined: a row that points at nothing is still told, as broken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, TextField
from django.db.models.functions import Cast

from jizhi.areas.models import Area
from jizhi.ledger import models
from jizhi.people import rules as people
from jizhi.people.models import Subject

ROWS = 5_000


@dataclass(frozen=True, slots=True)
class CanonicalRow:
    """One entry or transfer. `content` holds plain values, days and moments; `texts` what people wrote themselves."""

    kind: str
    number: int
    subject_id: int | None
    content: dict[str, Any]
    texts: dict[str, str]
    broken: str = ""


def canonical_entries(
    village: Area, *, above: int | None = None, only: Sequence[int] | None = None
) -> Iterator[CanonicalRow]:
    """A village's entries (those with a number greater than `above`, or `only` those), in order."""
    entries = models.Entry.objects.filter(village=village).order_by("pk")
    if above is not None:
        entries = entries.filter(pk__gt=above)
    if only is not None:
        entries = entries.filter(pk__in=only)
    # The word as it stands: one that no enum knows is to be found out, not to be stumbled over
    entries = entries.defer("cause").annotate(cause_said=Cast("cause", TextField()))
    rows = entries.iterator(chunk_size=ROWS)
    while part := list(islice(rows, ROWS)):
        facts = models.Fact.objects.in_bulk({row.fact_id for row in part})
        subjects = {row.subject_id for row in part} | {fact.subject_id for fact in facts.values()}
        keys = _keys(subjects)
        codes = _codes({row.village_id for row in part} | {fact.village_id for fact in facts.values()})
        for row in part:
            yield _entry(row, facts.get(row.fact_id), keys, codes)


def _keys(subject_ids: set[int]) -> dict[int | None, str]:
    """The keys under which they were sealed: whose registration was taken back may have got a mark since."""
    rows = Subject.objects.filter(pk__in=subject_ids).values_list("pk", "key", "void", "household")
    return {
        number: key.removesuffix(people.void_mark(household)) if void else key
        for number, key, void, household in rows
    }


def _codes(area_ids: set[int]) -> dict[int, str]:
    return dict(Area.objects.filter(pk__in=area_ids).values_list("pk", "code"))


def _entry(
    row: Any, fact: models.Fact | None, keys: dict[int | None, str], codes: dict[int, str]
) -> CanonicalRow:
    broken = ""
    if fact is None:
        broken = f"fact {row.fact_id}"
    elif row.subject_id not in keys or fact.subject_id not in keys:
        broken = f"subject {row.subject_id}"
    elif row.village_id not in codes or fact.village_id not in codes:
        broken = f"village {row.village_id}"
    content: dict[str, Any] = {
        "kind": "entry",
        "number": row.pk,
        "village": codes.get(row.village_id),
        "subject": keys.get(row.subject_id),
        "act_date": row.act_date,
        "cause": row.cause_said,
        "price": row.price,
        "points": row.points,
        "held_back": row.held_back,
        "limit": row.limit,
        "note": row.note,
        "posted_at": row.posted_at,
        "posted_by": row.posted_by_id,
        "fact": _fact(fact, keys, codes) if fact else None,
    }
    texts = {"reason": row.reason, "act": fact.act if fact else ""}
    return CanonicalRow("entry", row.pk, row.subject_id, content, texts, broken)


def _fact(fact: models.Fact, keys: dict[int | None, str], codes: dict[int, str]) -> dict[str, Any]:
    return {
        "number": fact.pk,
        "village": codes.get(fact.village_id),
        "subject": keys.get(fact.subject_id),
        "scheme": fact.scheme,
        "version_date": fact.version_date,
        "item": fact.item,
        "act_date": fact.act_date,
        "quantity": None if fact.quantity is None else f"{fact.quantity:.6f}",
        "grade": fact.grade,
        "given": None if fact.given is None else int(fact.given * Decimal(100)),
        "spendable": fact.spendable,
        "published": fact.published,
        "decision": fact.decision_number,
        "request": fact.request_key,
        "posted_at": fact.posted_at,
        "posted_by": fact.posted_by_id,
    }


def canonical_transfers(village: Area, *, above: int | None = None) -> Iterator[CanonicalRow]:
    """The transfers out of a village's accounts (with a number greater than `above`), in order.

    Both sides of a transfer lie in one village; what leaves it passes the clearing accounts.
    """
    found = models.Account.objects.filter(village=village).order_by("pk")
    sides = list(found.annotate(said=Cast("kind", TextField())).values_list("pk", "said", "subject_id"))
    keys = _keys({subject for _number, _kind, subject in sides if subject})
    accounts = {number: _side(kind, subject, keys) for number, kind, subject in sides}
    transfers = models.Transfer.objects.filter(source__village=village).order_by("pk")
    if above is not None:
        transfers = transfers.filter(pk__gt=above)
    transfers = transfers.defer("reason").annotate(reason_said=Cast("reason", TextField()))
    for row in transfers.iterator(chunk_size=ROWS):
        yield _transfer(row, accounts.get(row.source_id), accounts.get(row.target_id), village.code)


def _side(kind: str, subject: int | None, keys: dict[int | None, str]) -> dict[str, Any] | None:
    """One side of a transfer; None where its subject is gone."""
    if subject is not None and subject not in keys:
        return None
    return {"account": kind, "subject": keys.get(subject)}


def _transfer(
    row: Any, source: dict[str, Any] | None, target: dict[str, Any] | None, code: str
) -> CanonicalRow:
    content: dict[str, Any] = {
        "kind": "transfer",
        "number": row.pk,
        "village": code,
        "source": source,
        "target": target,
        "points": row.points,
        "reason": row.reason_said,
        "period": row.period,
        "request": row.request_key,
        "made_at": row.made_at,
        "made_by": row.made_by_id,
    }
    return CanonicalRow("transfer", row.pk, None, content, {}, "" if source and target else "account")


def facts_without_entries(village: Area) -> list[int]:
    """Facts that no entry is about; every fact got one in the transaction that appended it."""
    entries = models.Entry.objects.filter(fact=OuterRef("pk"))
    facts = models.Fact.objects.filter(~Exists(entries), village=village).order_by("pk")
    return list(facts.values_list("pk", flat=True))


def village_ids_in_ledger() -> set[int]:
    """Every village that the ledger knows, closed ones too."""
    entries = models.Entry.objects.order_by().values_list("village_id", flat=True).distinct()
    accounts = models.Account.objects.order_by().values_list("village_id", flat=True).distinct()
    return set(entries) | set(accounts)


def oldest_above(village: Area, *, entry: int, transfer: int) -> dt.datetime | None:
    """The moment of the village's first entry or transfer with a higher number; None where there is none."""
    entries = models.Entry.objects.filter(village=village, pk__gt=entry).order_by("pk")
    transfers = models.Transfer.objects.filter(source__village=village, pk__gt=transfer).order_by("pk")
    firsts = [
        entries.values_list("posted_at", flat=True).first(),
        transfers.values_list("made_at", flat=True).first(),
    ]
    return min((one for one in firsts if one is not None), default=None)
