"""Who should take part by the registers, and what that changes: who joins, who leaves. Nothing is written here.

Volunteers' lists are kept above this room; whoever asks brings their members along.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jizhi.areas.models import Area
from jizhi.core import scope
from jizhi.engine.document.scheme import Scheme
from jizhi.ledger import selectors as ledger
from jizhi.organisations.models import Organisation
from jizhi.participants.models import Participant
from jizhi.participants.rules import Source
from jizhi.participants.selectors.registers import Spell, spells_in
from jizhi.people.models import Person, Subject
from jizhi.people.rules import SubjectKind
from jizhi.schemes import selectors as schemes


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who should take part from a day on."""

    holder: int
    label: str
    from_date: dt.date
    source: Source


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody who takes part and is no longer in the register; `to_date` is the last day."""

    participant: Participant
    label: str
    to_date: dt.date


@dataclass(frozen=True, slots=True)
class Pending:
    """What following the registers would change on a day; `renamed` are participants whose name changed."""

    joining: tuple[Candidate, ...]
    leaving: tuple[Leaving, ...]
    renamed: tuple[tuple[Participant, str], ...]

    @property
    def nothing(self) -> bool:
        return not (self.joining or self.leaving or self.renamed)


def pending(village: Area, document: Scheme, on: dt.date, *, team_members: Sequence[Spell] = ()) -> Pending:
    """What the registers say of a scheme on a day against who takes part. Nothing where it enrols by hand."""
    if document.enrol is None:
        return Pending((), (), ())
    source = Source(document.enrol.source)
    first = schemes.first_days_in_force([village], document.id).get(village.pk, on)
    spells = spells_in(village, document.enrol, first, team_members)
    holding = _holding(spells, on)
    open_now = _open(village, document)
    earlier = _earlier(village, document)
    wanted = [holder for holder in holding if holder not in open_now]
    elsewhere = _elsewhere(village, document, wanted)
    joining = [
        Candidate(holder, holding[holder].label, begins, source)
        for holder in wanted
        if (begins := _begins(holding[holder], first, earlier.get(holder), elsewhere.get(holder))) is not None
        and begins <= on
    ]
    by_register = {
        holder: row
        for holder, row in open_now.items()
        if holder not in holding and row.source != Source.HAND.value
    }
    renamed = [
        (row, holding[holder].label)
        for holder, row in open_now.items()
        if holder in holding and row.subject.label != holding[holder].label
    ]
    return Pending(
        tuple(sorted(joining, key=lambda one: (one.from_date, one.holder))),
        tuple(_leaving(by_register, spells, on)),
        tuple(renamed),
    )


def _holding(spells: Iterable[Spell], on: dt.date) -> dict[int, Spell]:
    """The spells that last on the day; of several of one holder that of the earliest day."""
    found: dict[int, Spell] = {}
    for one in sorted(spells, key=lambda spell: (spell.from_date, spell.holder)):
        if one.from_date <= on and (one.to_date is None or one.to_date >= on):
            found.setdefault(one.holder, one)
    return found


def _open(village: Area, document: Scheme) -> dict[int, Participant]:
    """Who takes part without an end, by holder."""
    rows = Participant.objects.filter(
        village=village, subject__scheme=document.id, subject__to_date=None, subject__void=False
    ).select_related("subject")
    return {row.organisation_id or row.subject.person_id or 0: row for row in rows}


def _earlier(village: Area, document: Scheme) -> dict[int, Participant]:
    """The last participation of everybody whose participation has ended, by holder."""
    rows = Participant.objects.filter(
        village=village, subject__scheme=document.id, subject__to_date__isnull=False, subject__void=False
    ).select_related("subject")
    return {
        row.organisation_id or row.subject.person_id or 0: row for row in rows.order_by("subject__to_date")
    }


def _elsewhere(village: Area, document: Scheme, holders: Sequence[int]) -> dict[int, dt.date]:
    """The last day on which a person takes part in the scheme in another village; `date.max` where it is open.

    A person takes part in a scheme once at a time, wherever; an organisation lies in one village.
    """
    if SubjectKind(document.subject) is not SubjectKind.PERSON:
        return {}
    found: dict[int, dt.date] = {}
    with scope.beyond("whoever moved here may take part in the village that it left"):
        rows = Subject.objects.filter(person__in=holders, scheme=document.id, void=False)
        for person, last in rows.exclude(village=village).order_by().values_list("person_id", "to_date"):
            if person is not None:
                found[person] = max(last or dt.date.max, found.get(person, dt.date.min))
    return found


def _begins(
    spell: Spell, first: dt.date, earlier: Participant | None, elsewhere: dt.date | None
) -> dt.date | None:
    """The first day of a participation by a spell; none where it was ended by hand in the same spell, or where the
    person still takes part in another village: the night on which that ends lets it begin here."""
    if elsewhere == dt.date.max:
        return None
    begins = max(spell.from_date, first)
    if elsewhere is not None:
        begins = max(begins, elsewhere + dt.timedelta(days=1))
    if earlier is None or earlier.subject.to_date is None:
        return begins
    if earlier.ended_by_hand and spell.from_date <= earlier.subject.to_date:
        return None
    return max(begins, earlier.subject.to_date + dt.timedelta(days=1))


def _leaving(gone: dict[int, Participant], spells: Sequence[Spell], on: dt.date) -> Iterable[Leaving]:
    ends: dict[int, dt.date] = {}
    for one in spells:
        if one.to_date is not None and one.to_date < on:
            ends[one.holder] = max(one.to_date, ends.get(one.holder, one.to_date))
    acts = ledger.last_act_days([row.subject_id for row in gone.values()])
    for holder, row in gone.items():
        last = ends.get(holder, on - dt.timedelta(days=1))
        last = max(last, row.subject.from_date, acts.get(row.subject_id, last))
        yield Leaving(row, row.subject.label, last)


def name_of(kind: SubjectKind, holder: int) -> str:
    """What a candidate enrolled by hand is called."""
    if kind is SubjectKind.PERSON:
        return Person.objects.values_list("name", flat=True).get(pk=holder)
    return Organisation.objects.values_list("name", flat=True).get(pk=holder)
