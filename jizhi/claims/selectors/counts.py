"""Ledger entries with their items in words, and how many claims stand where. No page, no permission beyond the rows."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.claims import models, rules
from jizhi.claims.selectors import pages
from jizhi.claims.selectors.pages import visible_claims
from jizhi.engine import describe
from jizhi.engine.document.item import Item
from jizhi.engine.document.text import Text
from jizhi.engine.loader import Versions
from jizhi.ledger import selectors as ledger
from jizhi.schemes import selectors as schemes


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A ledger entry with its item, and the words of the limits that cut it."""

    line: ledger.EntryLine
    item: Item
    limit: Text | None


def entry_rows(entries: Sequence[ledger.EntryLine]) -> list[EntryRow]:
    """Ledger entries with their items as they read on the day of the act: one query for each village."""
    villages = Area.objects.in_bulk({line.village_id for line in entries})
    places = {(line.village_id, line.scheme) for line in entries}
    found = {place: schemes.versions_in_village(villages[place[0]], place[1]) for place in places}
    return [_entry_row(line, found[line.village_id, line.scheme]) for line in entries]


def _entry_row(line: ledger.EntryLine, versions: Versions) -> EntryRow:
    document = versions.on(line.act_date)
    words = None
    if document and line.limit:
        said = {language: describe.limit_name(document, line.limit, language) for language in ("zh", "en")}
        words = Text(zh=said["zh"], en=said["en"])
    return EntryRow(line, schemes.item_of(versions, line.item, line.act_date), words)


def counts_by_state(claims: QuerySet[models.Claim]) -> dict[rules.ClaimState, int]:
    """How many of the claims stand in each state; one query."""
    rows = claims.order_by("state").values_list("state").annotate(count=Count("pk"))
    return {rules.ClaimState(state): count for state, count in rows}


def counts_by_village(user: User, *, on: dt.date) -> dict[int, dict[rules.ClaimState, int]]:
    """How many claims stand in each state, village by village; one query."""
    found: dict[int, dict[rules.ClaimState, int]] = {}
    rows = visible_claims(user, on).order_by("village_id", "state").values_list("village_id", "state")
    for village_id, state, count in rows.annotate(count=Count("pk")):
        found.setdefault(village_id, {})[rules.ClaimState(state)] = count
    return found


_WAITING = (
    rules.ClaimState.FILED,
    rules.ClaimState.RETURNED,
    rules.ClaimState.VERIFIED,
    rules.ClaimState.APPROVED,
    rules.ClaimState.GRACE,
)


def waiting_counts(subject_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """By subject: claims on which somebody still works, and how many of them are faults not told yet."""
    rows = models.Claim.objects.filter(subject_id__in=subject_ids, state__in=_WAITING)
    untold = Count("pk", filter=Q(state=rules.ClaimState.APPROVED))
    counts = rows.order_by().values_list("subject_id").annotate(number=Count("pk"), untold=untold)
    return {subject: (number, faults) for subject, number, faults in counts}


def waiting_of_subjects(subject_ids: Collection[int]) -> list[pages.ClaimLine]:
    """The claims themselves, oldest act first."""
    rows = models.Claim.objects.filter(subject_id__in=subject_ids, state__in=_WAITING)
    return pages.lines(rows.order_by("act_date", "id"))
