"""Participants for lists and pages, and what an account's own ones have earned."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas import selectors as areas
from jizhi.core.errors import DomainError
from jizhi.core.periods import not_over_before
from jizhi.ledger import selectors as ledger
from jizhi.participants.models import Participant
from jizhi.participants.rules import Source, Standing
from jizhi.people.models import Membership, Subject
from jizhi.people.rules import SubjectKind
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action

PAGE_SIZE = 30


class NoSuchParticipant(DomainError):
    """The participant does not exist, or lies outside the user's scope."""


@dataclass(frozen=True, slots=True)
class ParticipantLine:
    """A participant on the list."""

    id: int
    subject_id: int
    no: str
    label: str
    kind: SubjectKind
    scheme: str
    village: str
    village_code: str
    from_date: dt.date
    to_date: dt.date | None
    source: Source
    reason: str
    person_id: int | None
    organisation_id: int | None


@dataclass(frozen=True, slots=True)
class ParticipantPage:
    """A participant with its row, points this month and in all (hundredths), and its wallet."""

    line: ParticipantLine
    participant: Participant
    month_points: int
    all_points: int
    balance: int


@dataclass(frozen=True, slots=True)
class Share:
    """What a subject for which the reader acts has earned: this month, and spendable; hundredths."""

    subject: Subject
    no: str
    label: str
    scheme: str
    kind: SubjectKind
    month_points: int
    balance: int
    to_date: dt.date | None


def participants(
    user: User,
    *,
    on: dt.date,
    village_code: str = "",
    scheme: str = "",
    standing: str = "",
    source: str = "",
    words: str = "",
) -> QuerySet[Participant]:
    """The participants whose ledgers the user reads, by filter; `lines` makes lines of them.

    Whoever reads a grid alone reads the persons who live there and the organisations that lie there.
    """
    paths = posts.scope_paths(user, Action.VIEW_LEDGER, on)
    lives = Membership.objects.filter(not_over_before(on), household__area__path__within=paths)
    there = (
        Q(village__path__within=paths)
        | Q(organisation__area__path__within=paths)
        | Q(subject__person__in=lives.values("person"))
    )
    rows = Participant.objects.filter(there, subject__void=False)
    exact = {"village__code": village_code, "subject__scheme": scheme, "source": source}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if standing == Standing.NOW.value:
        rows = rows.filter(not_over_before(on, "subject__"))
    elif standing == Standing.PAST.value:
        rows = rows.exclude(not_over_before(on, "subject__"))
    if words:
        rows = rows.filter(Q(subject__label__icontains=words) | Q(subject__key__icontains=words))
    return rows.order_by("subject__scheme", "subject__key")


def lines(rows: QuerySet[Participant] | Iterable[Participant]) -> list[ParticipantLine]:
    """Participants as lines; one query."""
    if isinstance(rows, QuerySet):
        rows = rows.select_related("subject", "village")
    return [_line(row) for row in rows]


def _line(row: Participant) -> ParticipantLine:
    subject = row.subject
    return ParticipantLine(
        id=row.pk,
        subject_id=subject.pk,
        no=subject.key.rpartition("-")[2],
        label=subject.label,
        kind=SubjectKind(subject.kind),
        scheme=subject.scheme,
        village=areas.named(row.village),
        village_code=row.village.code,
        from_date=subject.from_date,
        to_date=subject.to_date,
        source=Source(row.source),
        reason=row.reason,
        person_id=subject.person_id,
        organisation_id=row.organisation_id,
    )


def participant_page(user: User, participant_id: int, *, on: dt.date) -> ParticipantPage:
    """One participant. Raises NoSuchParticipant."""
    rows = participants(user, on=on).select_related("subject__village", "village")
    row = rows.filter(pk=participant_id).first()
    if row is None:
        raise NoSuchParticipant(_("没有这个积分主体，或者您无权查看。"))
    begin = on.replace(day=1)
    return ParticipantPage(
        line=_line(row),
        participant=row,
        month_points=ledger.awarded_in_period(row.subject_id, begin, on),
        all_points=ledger.awarded_in_period(row.subject_id, row.subject.from_date, dt.date.max),
        balance=ledger.wallet_of(row.subject_id, moves=0).balance,
    )


def shares_of(subject_ids: Collection[int], *, on: dt.date) -> list[Share]:
    """Persons and organisations among the subjects with what they have earned, by scheme. Three queries."""
    rows = list(
        Subject.objects.filter(pk__in=subject_ids, void=False)
        .exclude(scheme="")
        .select_related("village")
        .order_by("scheme", "key")
    )
    numbers = [row.pk for row in rows]
    month = ledger.awarded_of_subjects(numbers, on.replace(day=1), on)
    wallets = ledger.lots_of_subjects(numbers, today=on)
    return [
        Share(
            subject=row,
            no=row.key.rpartition("-")[2],
            label=row.label,
            scheme=row.scheme,
            kind=SubjectKind(row.kind),
            month_points=month.get(row.pk, 0),
            balance=sum(points for _day, points in wallets.get(row.pk, ())),
            to_date=row.to_date,
        )
        for row in rows
    ]
