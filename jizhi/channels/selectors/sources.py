"""Records of the house as sources of claims: whose each is, on which day, how much, and who confirmed it."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from jizhi.accounts.models import User
from jizhi.activities import selectors as activities
from jizhi.areas.models import Area
from jizhi.channels.rules import Record
from jizhi.core.text import N_
from jizhi.matters import selectors as matters
from jizhi.organisations import selectors as organisations
from jizhi.participants import selectors as participants
from jizhi.people import selectors as people
from jizhi.people.models import Subject
from jizhi.reviews import selectors as reviews
from jizhi.visits import selectors as visits

if TYPE_CHECKING:
    from jizhi.engine.document.claiming import Derived


@dataclass(frozen=True, slots=True)
class Source:
    """One record that gives a claim. `by` confirmed it; `by_two` says that nobody needs to look at it again."""

    record: Record
    number: int
    subject: Subject
    day: dt.date
    hours: Decimal | None
    words: str
    by: User
    by_two: bool


@dataclass(frozen=True, slots=True)
class Records:
    """What the records of a rule say now: `standing` are the numbers of all that are in order, `sources` those that
    give a claim by the registers of today. A record outside `standing` was withdrawn or put right."""

    standing: frozenset[int]
    sources: tuple[Source, ...]


def sources(village: Area, rule: "Derived", *, since: dt.date, on: dt.date) -> Records:
    """The records since a day that a rule of the pack turns into claims; whoever is not scored gives none."""
    return _READERS[Record(rule.record.value)](village, rule, since, on)


def _records(standing: Iterable[int], found: Iterable[Source]) -> Records:
    return Records(frozenset(standing), tuple(found))


def _matters(village: Area, rule: "Derived", since: dt.date, on: dt.date) -> Records:
    found = matters.solved_for_reporters(village, since=since, kinds=rule.kinds)
    return _records(
        (one.id for one in found),
        (
            Source(
                Record.MATTER_SOLVED, one.id, one.reporter, one.reported_date, None,
                N_("事件%(number)s已办结") % {"number": one.number}, one.confirmed_by, one.by_two,
            )
            for one in found
            if rule.scheme == participants.HOUSEHOLD_SCHEME
        ),
    )  # fmt: skip


def _visits(village: Area, rule: "Derived", since: dt.date, on: dt.date) -> Records:
    found = visits.visits_done(village, since=since)
    persons = organisations.persons_of_staff({one.visitor.pk for one in found})
    scored = people.person_subjects(village, rule.scheme, persons.values())
    made = []
    for one in found:
        subject = _of(scored, persons.get(one.visitor.pk), one.day)
        if subject is not None:
            words = N_("走访%(household)s户") % {"household": one.household}
            made.append(Source(Record.VISIT_DONE, one.id, subject, one.day, None, words, one.visitor, False))
    return _records((one.id for one in found), made)


def _complete(village: Area, rule: "Derived", since: dt.date, on: dt.date) -> Records:
    found = visits.complete_months(village, since=since, on=on)
    persons = organisations.persons_of_staff({one.visitor.pk for one in found if one.visitor})
    scored = people.person_subjects(village, rule.scheme, persons.values())
    made = []
    for one in found:
        subject = _of(scored, persons.get(one.visitor.pk), one.day) if one.visitor else None
        if subject is not None and one.visitor is not None:
            words = N_("当月应走访%(count)s次，全部完成") % {"count": one.planned}
            made.append(
                Source(Record.VISITS_COMPLETE, one.id, subject, one.day, None, words, one.visitor, False)
            )
    return _records((one.id for one in found), made)


def _attended(village: Area, rule: "Derived", since: dt.date, on: dt.date) -> Records:
    return _deeds(
        village, rule, Record.ACTIVITY_ATTENDED, activities.attended(village, since=since, kinds=rule.kinds)
    )


def _helped(village: Area, rule: "Derived", since: dt.date, on: dt.date) -> Records:
    return _deeds(
        village, rule, Record.NEED_SERVED, activities.helped(village, since=since, kinds=rule.kinds)
    )


def _deeds(village: Area, rule: "Derived", record: Record, found: Collection[activities.Deed]) -> Records:
    """A household's own, unless its list counted it under that item already; else whoever of it is named."""
    if rule.scheme == participants.HOUSEHOLD_SCHEME:
        whose = {one.id: one.subject for one in found if one.item != rule.item}
        standing = set(whose)
    else:
        persons = people.persons_named({(one.subject.pk, one.name, one.day) for one in found})
        scored = people.person_subjects(village, rule.scheme, persons.values())
        whose, standing = {}, {one.id for one in found}
        for one in found:
            subject = _of(scored, persons.get((one.subject.pk, one.name, one.day)), one.day)
            if subject is not None:
                whose[one.id] = subject
    made = (
        Source(record, one.id, whose[one.id], one.day, one.hours, one.words, one.by, True)
        for one in found
        if one.id in whose
    )
    return _records(standing, made)


def _present(village: Area, rule: "Derived", since: dt.date, on: dt.date) -> Records:
    found = reviews.present_since(village, since=since)
    persons = organisations.persons_of_staff({one.member.pk for one in found})
    scored = people.person_subjects(village, rule.scheme, persons.values())
    made = []
    for one in found:
        subject = _of(scored, persons.get(one.member.pk), one.day)
        if subject is not None:
            by_two = one.opened_by.pk != one.member.pk
            words = N_("出席评议会")
            made.append(
                Source(Record.MEETING_ATTENDED, one.id, subject, one.day, None, words, one.opened_by, by_two)
            )
    return _records((one.id for one in found), made)


def _served(village: Area, rule: "Derived", since: dt.date, on: dt.date) -> Records:
    found = organisations.services_confirmed(village, since=since)
    scored = people.person_subjects(village, rule.scheme, {one.person_id for one in found if one.person_id})
    made = []
    for one in found:
        subject = _of(scored, one.person_id, one.day)
        if subject is not None:
            hours = (Decimal(one.minutes) / 60).quantize(Decimal("0.01"))
            made.append(
                Source(Record.SERVICE_CONFIRMED, one.id, subject, one.day, hours, one.words, one.by, True)
            )
    return _records((one.id for one in found), made)


def _of(scored: dict[int, list[Subject]], person: int | None, day: dt.date) -> Subject | None:
    """The subject with which a person took part on a day."""
    for subject in scored.get(person or 0, ()):
        if subject.from_date <= day and (subject.to_date is None or day <= subject.to_date):
            return subject
    return None


_READERS: dict[Record, Callable[[Area, "Derived", dt.date, dt.date], Records]] = {
    Record.MATTER_SOLVED: _matters,
    Record.VISIT_DONE: _visits,
    Record.VISITS_COMPLETE: _complete,
    Record.ACTIVITY_ATTENDED: _attended,
    Record.NEED_SERVED: _helped,
    Record.MEETING_ATTENDED: _present,
    Record.SERVICE_CONFIRMED: _served,
}
