"""From a decided claim to the ledger: the engine prices the fact under the subject's lock, the ledger appends.

A subject's book is rebuilt from the ledger's own facts each time, so that what is appended is always the
difference between what the rules say now and what the ledger says so far.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.claims import models, rules, selectors
from jizhi.core import audit
from jizhi.core.errors import DomainError
from jizhi.engine import incremental, loader, tables
from jizhi.engine.document.item import Item
from jizhi.ledger import rules as ledger_rules
from jizhi.ledger import selectors as ledger
from jizhi.ledger import services as ledger_services
from jizhi.ledger.services import FactDraft, PricedEntry
from jizhi.people.models import Subject
from jizhi.reviews import selectors as reviews
from jizhi.schemes import selectors as schemes

if TYPE_CHECKING:
    from jizhi.ledger.models import Fact


class AlreadyReversed(DomainError):
    """The fact was reversed before."""


class Documents:
    """The versions in force, read once per village and scheme for as long as one service call runs."""

    def __init__(self) -> None:
        self._versions: dict[tuple[int, str], loader.Versions] = {}

    def versions(self, claim: models.Claim) -> loader.Versions:
        key = (claim.village_id, claim.scheme)
        if key not in self._versions:
            self._versions[key] = schemes.versions_in_village(claim.village, claim.scheme)
        return self._versions[key]

    def item(self, claim: models.Claim) -> Item:
        """The item of a filed claim; it was checked when the claim was filed."""
        return schemes.item_of(self.versions(claim), claim.item, claim.act_date)


class _Books:
    """One incremental book per subject, with what the ledger says of each fact so far."""

    def __init__(self, subjects: Sequence[Subject], scheme: str, versions: loader.Versions) -> None:
        history = ledger.facts_of_subjects([subject.pk for subject in subjects], scheme)
        self.worth = ledger.worth_of_facts([row.id for row in history])
        facts: dict[str, list[tables.Fact]] = {subject.key: [] for subject in subjects}
        for row in history:
            facts[row.subject_key].append(selectors.engine_fact(row))
        self.books = {
            subject.key: incremental.Book(versions, schemes.engine_subject(subject), facts[subject.key])
            for subject in subjects
        }

    def difference(self, fact_id: int, award: tables.Award) -> tuple[int, int]:
        """What must be added to the ledger so that it says what the award says."""
        points, held_back = self.worth.get(fact_id, (0, 0))
        self.worth[fact_id] = (award.awarded, award.held_back)
        return award.awarded - points, award.held_back - held_back


@transaction.atomic
def post_claims(
    *,
    claims: Sequence[models.Claim],
    decision_numbers: Mapping[int, int],
    documents: Documents,
    by: User,
    at: dt.datetime,
) -> None:
    """Append the decided claims' facts and entries; the claims become `posted`. They are locked by the caller."""
    groups: dict[tuple[int, str], list[models.Claim]] = {}
    for claim in claims:
        groups.setdefault((claim.village_id, claim.scheme), []).append(claim)
    for group in groups.values():
        _post_group(group, decision_numbers, documents, by, at)


def _post_group(
    claims: list[models.Claim],
    decision_numbers: Mapping[int, int],
    documents: Documents,
    by: User,
    at: dt.datetime,
) -> None:
    subjects = ledger_services.lock_subjects({claim.subject_id for claim in claims})
    books = _Books(subjects, claims[0].scheme, documents.versions(claims[0]))
    drafts = [_draft(claim, decision_numbers.get(claim.pk), documents) for claim in claims]
    facts = ledger_services.post_facts(drafts=drafts, by=by, at=at)
    keys = {subject.pk: subject.key for subject in subjects}
    entries: list[PricedEntry] = []
    known = {fact.pk: fact for fact in facts}
    for claim, fact in zip(claims, facts, strict=True):
        book = books.books[keys[fact.subject_id]]
        changes = book.post(selectors.engine_fact(selectors.fact_row(fact, keys[fact.subject_id])))
        entries += _entries(changes, books, known, fact.pk, ledger_rules.Cause.POSTED, "")
        claim.fact, claim.state = fact, rules.ClaimState.POSTED
    ledger_services.post_entries(entries=entries, by=by, at=at)
    models.Claim.objects.bulk_update(claims, ["fact", "state"], batch_size=1000)


def _draft(claim: models.Claim, decision: int | None, documents: Documents) -> FactDraft:
    item = documents.item(claim)
    if decision is None and claim.case_id is not None:
        decided = reviews.decision_of_case(claim.case_id)
        decision = decided.id if decided else None
    return FactDraft(
        subject_id=claim.subject_id,
        village_id=claim.village_id,
        scheme=claim.scheme,
        version_date=schemes.day_in_force(documents.versions(claim), claim.act_date),
        item=claim.item,
        act_date=claim.act_date,
        quantity=claim.quantity,
        grade=claim.grade,
        given=claim.given,
        act=claim.act,
        spendable=item.spendable,
        published=item.published,
        decision_number=decision,
        request_key=f"claim:{claim.pk}",
    )


def _entries(
    changes: Sequence[incremental.Change],
    books: _Books,
    known: "dict[int, Fact]",
    fact_id: int,
    cause: ledger_rules.Cause,
    reason: str,
) -> list[PricedEntry]:
    """The entries that bring the ledger to what the changes say; the fact itself always gets one."""
    entries = []
    for change in changes:
        award = change.after
        points, held_back = books.difference(award.fact, award)
        if award.fact != fact_id and points == 0 and held_back == 0:
            continue
        if award.fact not in known:
            known[award.fact] = ledger.fact(award.fact)
        entries.append(
            PricedEntry(
                fact=known[award.fact],
                cause=cause if award.fact == fact_id else ledger_rules.Cause.REPRICED,
                price=award.price,
                points=points,
                held_back=held_back,
                limit=award.limit,
                note=award.note,
                reason=reason,
            )
        )
    return entries


@transaction.atomic
def reverse_fact(*, fact_id: int, reason: str, by: User | None, at: dt.datetime) -> None:
    """Take a fact out of the ledger by a reversing entry and re-price what it had displaced.

    Who may ask for it, and on which grounds, the caller has checked; `by=None` is the nightly work.
    Raises AlreadyReversed.
    """
    fact = ledger.fact(fact_id)
    (subject,) = ledger_services.lock_subjects([fact.subject_id])
    if ledger.is_reversed(fact_id):
        raise AlreadyReversed(_("这条积分已经撤销过了。"))
    versions = schemes.versions_in_village(fact.village, fact.scheme)
    books = _Books([subject], fact.scheme, versions)
    changes = books.books[subject.key].reverse(fact_id)
    entries = _entries(changes, books, {fact_id: fact}, fact_id, ledger_rules.Cause.REVERSED, reason)
    ledger_services.post_entries(entries=entries, by=by, at=at)
    models.Claim.objects.filter(fact_id=fact_id, state=rules.ClaimState.POSTED).update(
        state=rules.ClaimState.REVERSED
    )
    audit.record_event(
        by=by, at=at, verb="fact.reverse", target=fact, area_path=fact.village.path, detail={"reason": reason}
    )


@transaction.atomic
def reprice_subjects(
    *, subject_ids: Collection[int], scheme: str, reason: str, by: User | None, at: dt.datetime
) -> int:
    """Bring the ledger to what the rules say after a subject's size or dates changed. Returns the entries appended.

    Subjects without a fact are left alone; `by=None` is the operator at the machine's console.
    """
    appended = 0
    for subject in ledger_services.lock_subjects(ledger.subjects_with_facts(subject_ids, scheme)):
        versions = schemes.versions_in_village(subject.village, scheme)
        books = _Books([subject], scheme, versions)
        book = books.books[subject.key]
        awards = [incremental.Change(None, book.award(number)) for number in sorted(books.worth)]
        entries = _entries(awards, books, {}, -1, ledger_rules.Cause.REPRICED, reason)
        appended += len(ledger_services.post_entries(entries=entries, by=by, at=at))
    return appended
