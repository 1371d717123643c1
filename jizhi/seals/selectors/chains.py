"""A village's chain of seals: as a list, as the published file, and held against the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet, TextField
from django.db.models.functions import Cast

from jizhi.areas.models import Area
from jizhi.core import scope
from jizhi.ledger import selectors as ledger
from jizhi.ledger import services as ledger_services
from jizhi.seals import models, rules
from jizhi.seals.rules import canonical, checking


@dataclass(frozen=True, slots=True)
class SealLine:
    """A seal on a list or at the foot of a notice."""

    number: int
    day: dt.date
    made_at: dt.datetime
    entries: int
    transfers: int
    root: str
    hash: str
    previous: str

    @property
    def count(self) -> int:
        return self.entries + self.transfers


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of a village found; `waiting` records have no seal yet."""

    village: Area
    seals: int
    records: int
    waiting: int
    findings: list[checking.Finding]


def seals_of(village: Area, *, words: str = "") -> QuerySet[models.Seal]:
    """The village's seals, newest first; `words` is a number, the beginning of a day or of a root or hash."""
    found = models.Seal.objects.filter(village=village).order_by("-number")
    wanted = "".join(words.split()).lower()
    if not wanted:
        return found
    fits = Q(root__startswith=wanted) | Q(hash__startswith=wanted)
    if wanted.isdecimal() and len(wanted) < 10:
        fits |= Q(number=int(wanted))
    dated = found.annotate(day_said=Cast("day", TextField()))
    return dated.filter(fits | Q(day_said__startswith=wanted))


def lines(seals: Iterable[models.Seal]) -> list[SealLine]:
    return [
        SealLine(
            number=row.number,
            day=row.day,
            made_at=row.made_at,
            entries=row.entry_count,
            transfers=row.transfer_count,
            root=row.root,
            hash=row.hash,
            previous=row.previous,
        )
        for row in seals
    ]


def seal_on_notice(village: Area, posted_at: dt.datetime) -> SealLine | None:
    """The seal that a notice posted then shows: the last one made by that moment."""
    found = lines(seals_of(village).filter(made_at__lte=posted_at)[:1])
    return found[0] if found else None


def villages() -> list[Area]:
    """Every village that has something to seal or a seal, in tree order."""
    known = ledger.village_ids_in_ledger()
    known |= set(models.Seal.objects.order_by().values_list("village_id", flat=True).distinct())
    return list(Area.objects.filter(pk__in=known).order_by("path"))


def _highest(village: Area) -> tuple[int, int]:
    found = models.Seal.objects.filter(village=village).aggregate(
        entry=Max("last_entry"), transfer=Max("last_transfer")
    )
    return found["entry"] or 0, found["transfer"] or 0


def waits(village: Area, *, before: dt.datetime | None = None) -> bool:
    """Whether the village has something unsealed; with `before`, something older than that."""
    entry, transfer = _highest(village)
    oldest = ledger.oldest_above(village, entry=entry, transfer=transfer)
    return oldest is not None and (before is None or oldest < before)


def waiting_rows(village: Area) -> Iterator[rules.SealableRow]:
    """What came after the last seal: entries by number, then transfers by number."""
    entry, transfer = _highest(village)
    yield from _rows(ledger.canonical_entries(village, above=entry))
    yield from _rows(ledger.canonical_transfers(village, above=transfer))


def _rows(found: Iterable[ledger.CanonicalRow]) -> Iterator[rules.SealableRow]:
    for row in found:
        yield rules.SealableRow(
            kind=rules.RecordKind(row.kind),
            number=row.number,
            subject_id=row.subject_id,
            content=row.content,
            texts=row.texts,
            broken=row.broken,
        )


def row_of_entry(village: Area, number: int) -> rules.SealableRow | None:
    """One entry as the ledger has it now."""
    return next(_rows(ledger.canonical_entries(village, only=[number])), None)


def as_rule(seal: models.Seal) -> rules.Seal:
    """The row as the rules know it."""
    return rules.Seal(
        village=seal.village.code,
        number=seal.number,
        day=seal.day.isoformat(),
        made_at=canonical.moment(seal.made_at),
        entries=rules.Span(seal.entry_count, seal.first_entry, seal.last_entry),
        transfers=rules.Span(seal.transfer_count, seal.first_transfer, seal.last_transfer),
        root=seal.root,
        previous=seal.previous,
        hash=seal.hash,
    )


def chain_of(village: Area, *, leaves: bool = False) -> rules.Chain:
    """The village's whole chain, for the published file. With `leaves`, all fingerprints: they tell nothing."""
    rows = list(models.Seal.objects.filter(village=village).select_related("village").order_by("number"))
    numbers = {row.pk: row.number for row in rows}
    held: dict[int, list[rules.Leaf]] = {row.number: [] for row in rows} if leaves else {}
    if leaves:
        with scope.beyond("fingerprints are published: they are salted and tell nothing of anybody"):
            for seal_id, leaf in _stored_leaves(village):
                if seal_id in numbers:
                    held[numbers[seal_id]].append(leaf)
    seals = tuple(as_rule(row) for row in rows)
    return rules.Chain(village.code, seals, {number: tuple(found) for number, found in held.items()})


def _stored_leaves(village: Area) -> Iterator[tuple[int, rules.Leaf]]:
    stored = models.SealedLeaf.objects.filter(village=village).order_by("seal_id", "position")
    columns = stored.values_list("seal_id", "kind", "record", "hash", "salt", "subject_id", "position")
    for seal_id, kind, number, value, salt, subject, place in columns.iterator(chunk_size=20_000):
        yield seal_id, rules.Leaf(rules.RecordKind(kind), number, bytes(value), bytes(salt), subject, place)


@contextmanager
def alone() -> Iterator[bool]:
    """Whether nobody else has a whole chain or ledger read for strangers right now; asked, never waited for."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('jizhi.seals.public'))")
        yield cursor.fetchone()[0]


@transaction.atomic
def check_village(village: Area, *, copy: rules.Chain | None = None) -> Checked:
    """Hold the ledger against every seal, and the seals against a copy kept elsewhere. Nobody seals meanwhile."""
    ledger_services.hold_for_posting([village.pk])
    own = chain_of(village, leaves=True)
    known = set(models.Seal.objects.filter(village=village).values_list("pk", flat=True))
    with scope.beyond(
        "whoever asks whether a ledger fits its seals is told numbers of records, nothing else"
    ):
        orphans = [leaf for seal_id, leaf in _stored_leaves(village) if seal_id not in known]
        rows = [*_rows(ledger.canonical_entries(village)), *_rows(ledger.canonical_transfers(village))]
        lonely = ledger.facts_without_entries(village)
    findings = checking.check_ledger(own, orphans, rows, lonely)
    if copy is not None:
        findings += checking.compare(own, copy)
    highest = dict(zip(rules.RecordKind, _highest(village), strict=True))
    return Checked(
        village=village,
        seals=len(own.seals),
        records=len(rows),
        waiting=sum(row.number > highest[row.kind] for row in rows),
        findings=findings,
    )
