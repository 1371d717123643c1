"""In whose name somebody objects: a household in its own and, once others ended in it, in theirs.

An ended household speaks through the one into which it was merged, to which it moved, or as which it came back; through
its own card, too, where that stays open for the points left behind.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from jizhi.changes import selectors as changes
from jizhi.claims import selectors as claims
from jizhi.ledger import selectors as ledger
from jizhi.notices import models, rules
from jizhi.people import selectors as people
from jizhi.people.models import Subject


@dataclass(frozen=True, slots=True)
class FormerEntry:
    """An entry of an ended household that stands on an open notice: its number, and the entry in words."""

    fact_id: int
    label: str
    row: claims.EntryRow


def spoken_for(user: Any, *, on: dt.date) -> frozenset[int]:
    """The subjects in whose name the card of a household objects, appeals and reads; none for staff."""
    own = people.subject_of_user(user, on=on)
    return frozenset() if own is None else frozenset({own.pk}) | changes.predecessors([own.pk])


def succeeded_owner(user: Any, fact_id: int, *, on: dt.date) -> Subject | None:
    """The ended household whose entry it is, for the card of whoever speaks for it today."""
    own = people.subject_of_user(user, on=on)
    former = spoken_for(user, on=on) - {own.pk if own else 0}
    rows = Subject.objects.filter(pk__in=former, facts=fact_id)
    return rows.select_related("village").first()


def former_entries(subject_ids: Collection[int], *, on: dt.date) -> list[FormerEntry]:
    """Entries of these ended households that can be objected to today, newest act first; few queries, however many."""
    shown = models.NoticedEntry.objects.filter(
        entry__fact__subject__in=subject_ids,
        notice__state=rules.NoticeState.POSTED,
        notice__window_to_date__gte=on,
    )
    labels = dict(shown.order_by().values_list("entry__fact_id", "entry__fact__subject__label"))
    standing = labels.keys() - ledger.reversed_facts(list(labels))
    first = ledger.first_entries(standing).values()
    newest = sorted(first, key=lambda one: (one.act_date, one.fact_id), reverse=True)
    return [FormerEntry(row.line.fact_id, labels[row.line.fact_id], row) for row in claims.entry_rows(newest)]
