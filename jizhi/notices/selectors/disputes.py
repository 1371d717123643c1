"""Which entries are disputed, what a notice credits without them, and what wallets still owe."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet, Sum

from jizhi.changes import selectors as change_selectors
from jizhi.ledger import rules as ledger_rules
from jizhi.ledger import selectors as ledger
from jizhi.notices import models, rules
from jizhi.notices.selectors import counting


def disputed_facts(fact_ids: Collection[int] | None = None) -> frozenset[int]:
    """Facts under an open objection or appeal, of these or of all that the reader sees."""
    rows = models.Dispute.objects.filter(ended_at=None)
    if fact_ids is not None:
        rows = rows.filter(fact_id__in=fact_ids)
    return frozenset(rows.values_list("fact_id", flat=True))


def disputed_on(notice: models.Notice) -> frozenset[int]:
    """Facts on a notice that are under an open objection or appeal."""
    rows = models.Dispute.objects.filter(ended_at=None, fact__entries__noticed__notice=notice)
    return frozenset(rows.values_list("fact_id", flat=True))


def has_open_hearing(fact_id: int) -> bool:
    """Whether an objection to the fact, or an appeal about one, waits for its answer."""
    filed = models.Objection.objects.filter(fact_id=fact_id, state__in=rules.OPEN_OBJECTION)
    appealed = models.Appeal.objects.filter(objection__fact_id=fact_id, state=rules.AppealState.FILED)
    return filed.exists() or appealed.exists()


@dataclass(frozen=True, slots=True)
class FactSum:
    """What a fact's spendable entries on one notice add up to, in hundredths."""

    fact_id: int
    subject_id: int
    points: int


def sums_on(notice: models.Notice) -> list[FactSum]:
    """Every fact with spendable entries on a notice."""
    rows = (
        notice.noticed_entries.filter(entry__fact__spendable=True)
        .values_list("entry__fact_id", "entry__subject_id")
        .annotate(points=Sum("entry__points"))
        .order_by("entry__fact_id")
    )
    return [FactSum(*row) for row in rows]


def reversed_on(notice: models.Notice) -> frozenset[int]:
    """Facts whose reversing entry stands on the notice."""
    rows = notice.noticed_entries.filter(entry__cause=ledger_rules.Cause.REVERSED)
    return frozenset(rows.values_list("entry__fact_id", flat=True))


def still_owed(fact_ids: Collection[int]) -> dict[int, int]:
    """What was revoked of a fact's credited points but could not be held, by fact; only facts once withheld."""
    rows = models.Withholding.objects.filter(fact_id__in=fact_ids, state=rules.WithholdingState.REVOKED)
    owed = rows.order_by().values_list("fact_id").annotate(owed=Sum(F("due") - F("held")))
    return dict(owed)


def owing(subject_ids: Iterable[int]) -> QuerySet[models.Withholding]:
    """Withholdings of these subjects that their wallets could not fill yet, the oldest first."""
    rows = models.Withholding.objects.filter(subject_id__in=list(subject_ids))
    short = Q(notice=None, state=rules.WithholdingState.WITHHELD, held__lt=F("due"))
    return rows.filter(short).select_related("subject__village").order_by("id")


def withheld_of(subject_id: int) -> int:
    """Points that a dispute keeps from a household's wallet now, hundredths: what it would have more without.

    Those of ended households whose points it has now are among them.
    """
    everybody = change_selectors.carried_into([subject_id])
    waiting = models.Withholding.objects.filter(
        subject_id__in=everybody, state=rules.WithholdingState.WITHHELD
    ).order_by("id")
    rows = list(waiting)
    found = counting.counted(everybody) if any(row.notice_id for row in rows) else counting.Counted()
    total = 0
    for row in rows:
        if row.notice_id is None:
            total += row.held
        else:
            total += found.worth(row.fact_id)
            found.nets[found.owner[row.fact_id], found.home[row.fact_id]] += found.values[row.fact_id]
    return total


def longer(day: dt.date | None, since: dt.date, today: dt.date) -> dt.date | None:
    """A day of expiry, moved by as many days as were lost."""
    return None if day is None else day + (today - since)


def disputed_of(subject_id: int) -> frozenset[int]:
    """A household's facts under an open objection or appeal."""
    rows = models.Dispute.objects.filter(ended_at=None, fact__subject_id=subject_id)
    return frozenset(rows.values_list("fact_id", flat=True))


def open_entries(subject_id: int, *, on: dt.date) -> list[tuple[int, ledger.EntryLine]]:
    """A household's entries that can be objected to on a day, each once, with the notice they stand on."""
    rows = models.NoticedEntry.objects.filter(
        entry__subject_id=subject_id,
        notice__state=rules.NoticeState.POSTED,
        notice__window_to_date__gte=on,
    )
    found = dict(rows.order_by("entry_id").values_list("entry__fact_id", "notice_id"))
    lines = ledger.first_entries(list(found))
    return [(notice, lines[fact]) for fact, notice in found.items()]
