"""What a household reads about one act of its own: its entries, what cut them, who decided, where to object.

Only the household's own; what others may see of it stands on the notices, masked.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from jizhi.claims import selectors as claims
from jizhi.core.errors import DomainError
from jizhi.ledger import rules as ledger_rules
from jizhi.ledger import selectors as ledger
from jizhi.notices import models
from jizhi.notices.selectors import disputes, hearings
from jizhi.people.models import Subject
from jizhi.reviews import selectors as reviews
from jizhi.schemes import selectors as schemes


class NoSuchEntry(DomainError):
    """The household has no such entry."""


@dataclass(frozen=True, slots=True)
class FactPage:
    """One decided act: its entries in order, what they add up to, who decided, where it can be objected to."""

    fact_id: int
    item: Any
    section: Any
    scheme_title: Any
    first: ledger.EntryLine
    entries: list[claims.EntryRow]
    awarded: int
    held_back: int
    ruling: reviews.Ruling | None
    claim_id: int | None
    open_notice: models.Notice | None
    objections: list[hearings.ObjectionLine]
    is_disputed: bool
    is_answered: bool

    @property
    def is_reversed(self) -> bool:
        return any(entry.line.cause is ledger_rules.Cause.REVERSED for entry in self.entries)

    @property
    def may_object(self) -> bool:
        """Whether the household can object today: a notice is open, and it neither waits for an answer nor had one."""
        waiting = any(line.is_open for line in self.objections)
        settled = waiting or self.is_answered or self.is_reversed
        return self.open_notice is not None and not settled


def fact_page(subject: Subject, fact_id: int, *, on: dt.date, also: Collection[int] = ()) -> FactPage:
    """One act of the subject's own, or of `also`: for whom it acts or speaks. Raises NoSuchEntry."""
    lines, own = ledger.entries_of_fact(fact_id), {subject.pk, *also}
    if not lines or lines[0].subject_id not in own:
        raise NoSuchEntry(_("没有这条积分，或者不是您家的。"))
    entries = claims.entry_rows(lines)
    first, item = lines[0], entries[0].item
    owner = subject
    if first.subject_id != subject.pk:
        owner = Subject.objects.select_related("village").get(pk=first.subject_id)
    document = schemes.scheme_on(owner.village, first.scheme, first.act_date)
    filed = models.Objection.objects.filter(fact_id=fact_id).order_by("id")
    open_notice = hearings.open_notice_of_fact(fact_id, on=on)
    return FactPage(
        fact_id=fact_id,
        item=item,
        section=document.section(item.section),
        scheme_title=document.title,
        first=first,
        entries=entries,
        awarded=sum(line.points for line in lines),
        held_back=sum(line.held_back for line in lines),
        ruling=reviews.ruling(first.decision_number) if first.decision_number else None,
        claim_id=claims.claim_of_fact(fact_id),
        open_notice=open_notice,
        objections=[line for line in hearings.lines(filed) if line.subject_id in own],
        is_disputed=bool(disputes.disputed_facts([fact_id])),
        is_answered=open_notice is not None and hearings.is_answered(open_notice, fact_id, own),
    )
