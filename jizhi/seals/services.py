"""Sealing: a village's new entries and transfers become the leaves of a tree, its root a link of the chain."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator

from django.db import transaction

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import audit, clock, nights, scope
from jizhi.core.inserting import insert_rows
from jizhi.ledger import services as ledger
from jizhi.seals import models, rules, selectors
from jizhi.seals.rules import canonical, merkle
from jizhi.seals.rules.chain import BEGINNING

ROWS = 5_000
LEAF_COLUMNS = ("seal_id", "village_id", "subject_id", "position", "kind", "record", "salt", "hash")


@transaction.atomic
def seal_village(*, village: Area, by: User | None, at: dt.datetime) -> models.Seal | None:
    """Seal what the village's ledger got since its last seal; None where that is nothing. `by=None` is the worker.

    Posting waits until the transaction ends, so that no number below the last one sealed can appear afterwards.
    Whoever calls it has checked that the user may do what makes the seal necessary.
    """
    ledger.hold_for_sealing(village)
    with scope.beyond("a seal holds all that a village's ledger got, whoever makes it necessary"):
        last = models.Seal.objects.filter(village=village).order_by("-number").first()
        rows = list(selectors.waiting_rows(village))
        if not rows:
            return None
        seal = _append(village, last, rows, at)
    audit.record_event(
        by=by,
        at=at,
        verb="seal.make",
        target=seal,
        area_path=village.path,
        detail={"number": seal.number, "records": len(rows), "root": seal.root, "hash": seal.hash},
    )
    return seal


def _append(
    village: Area, last: models.Seal | None, rows: list[rules.SealableRow], at: dt.datetime
) -> models.Seal:
    salts = [secrets.token_bytes(canonical.SALT_BYTES) for _row in rows]
    hashes = [
        merkle.leaf_hash(canonical.canonical(row.leaf(salt))) for row, salt in zip(rows, salts, strict=True)
    ]
    seal = _new_seal(village, last, rows, merkle.root(hashes).hex(), at)
    leaves = [
        (seal.pk, village.pk, row.subject_id, place, row.kind, row.number, salt, value)
        for place, (row, salt, value) in enumerate(zip(rows, salts, hashes, strict=True))
    ]
    for start in range(0, len(leaves), ROWS):
        insert_rows(models.SealedLeaf, LEAF_COLUMNS, leaves[start : start + ROWS])
    return seal


def _new_seal(
    village: Area, last: models.Seal | None, rows: list[rules.SealableRow], root: str, at: dt.datetime
) -> models.Seal:
    """The next link. A clock that was put back does not make the chain go backwards."""
    made_at = max(at, last.made_at) if last else at
    spans = {
        kind: rules.Span.over([row.number for row in rows if row.kind is kind]) for kind in rules.RecordKind
    }
    entries, transfers = spans[rules.RecordKind.ENTRY], spans[rules.RecordKind.TRANSFER]
    seal = models.Seal(
        village=village,
        number=last.number + 1 if last else 1,
        day=clock.day_of(made_at),
        made_at=made_at,
        entry_count=entries.count,
        first_entry=entries.first,
        last_entry=entries.last,
        transfer_count=transfers.count,
        first_transfer=transfers.first,
        last_transfer=transfers.last,
        root=root,
        previous=last.hash if last else BEGINNING,
    )
    seal.hash = selectors.as_rule(seal).own_hash()
    seal.save(force_insert=True)
    return seal


def seal_villages(*, at: dt.datetime, only: list[Area] | None = None) -> Iterator[models.Seal]:
    """Seal every village in which something waits (of `only` those), each on its own; what fails is logged."""
    for village in selectors.villages() if only is None else only:
        seal = None
        with nights.alone("seal of village", village.code):
            if selectors.waits(village):
                seal = seal_village(village=village, by=None, at=at)
        if seal is not None:
            yield seal
