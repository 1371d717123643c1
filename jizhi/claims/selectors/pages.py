"""Claims as pages need them: queues with filters, one claim with its way and its evidence, and counts of work."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.accounts.rules import UserKind
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.claims import models, rules
from jizhi.core import audit
from jizhi.core.errors import DomainError
from jizhi.engine import tables
from jizhi.engine.document.item import Item
from jizhi.ledger import selectors as ledger
from jizhi.participants import selectors as participants
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.reviews import selectors as reviews
from jizhi.schemes import selectors as schemes

if TYPE_CHECKING:
    from jizhi.ledger.models import Fact

HOUSEHOLD_SCHEME = participants.HOUSEHOLD_SCHEME
PAGE_SIZE = 30
_PHOTO = rules.EvidenceKind.PHOTO


class NoSuchClaim(DomainError):
    """The claim does not exist, or is not the user's to see."""


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim on a list, with its item from the version in force on the day of the act."""

    id: int
    subject_id: int
    subject_key: str
    subject_label: str
    village: str
    area: str
    scheme: str
    item: Item
    act_date: dt.date
    quantity: Decimal | None
    grade: str
    given: Decimal | None
    words: str
    channel: rules.Channel
    state: rules.ClaimState
    note: str
    filed_at: dt.datetime
    filed_by: str
    photos: int
    case_id: int | None
    fact_id: int | None

    @property
    def is_fault(self) -> bool:
        return self.item.kind != "merit"


@dataclass(frozen=True, slots=True)
class ClaimStep:
    """One step that a claim has taken: what, when, who."""

    verb: str
    at: dt.datetime
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of a claim; the page links to it by number, the file is served after the same check."""

    id: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a claim, downloaded under its name after the same check."""

    id: int
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """One claim with everything a page shows of it."""

    claim: models.Claim
    line: ClaimLine
    photos: list[Photo]
    documents: list[Document]
    steps: list[ClaimStep]
    decision: reviews.DecisionLine | None
    entries: list[ledger.EntryLine]
    told_at: dt.datetime | None
    told_how: rules.ToldHow | None
    correct_until_date: dt.date | None
    may_withdraw: bool
    may_refile: bool


@dataclass(frozen=True, slots=True)
class Work:
    """How much waits for a user's posts."""

    to_verify: int = 0
    to_decide: int = 0
    to_tell: int = 0
    returned: int = 0


def fact_row(fact: "Fact", subject_key: str) -> ledger.FactRow:
    """A fact that was appended just now, as the ledger would give it back."""
    return ledger.FactRow(
        fact.pk, fact.subject_id, subject_key, fact.item, fact.act_date,
        fact.quantity, fact.grade, fact.given, fact.act, False,
    )  # fmt: skip


def engine_fact(row: ledger.FactRow) -> tables.Fact:
    """A fact as the evaluators take it."""
    return tables.Fact(
        fact=row.id,
        subject=row.subject_key,
        item=row.item,
        date=row.act_date,
        quantity=row.quantity,
        grade=row.grade or None,
        given=row.given,
        act=row.act or None,
        reversed=row.reversed,
    )


def visible_claims(user: User, on: dt.date) -> QuerySet[models.Claim]:
    """A household sees its own claims; staff those in the areas of their posts, what they filed, and their own."""
    claims = models.Claim.objects.all()
    if user.kind == UserKind.HOUSEHOLD:
        return claims.filter(subject__in=participants.own_subject_ids(user, on=on))
    paths = posts.scope_paths(user, Action.VIEW_LEDGER, on)
    own = participants.subjects_of_account(user, on=on)
    return claims.filter(Q(area__path__within=paths) | Q(filed_by=user) | Q(subject__in=own))


def queue(
    user: User,
    *,
    on: dt.date,
    state: str = "",
    village_code: str = "",
    area_code: str = "",
    kind: str = "",
    channel: str = "",
    month: str = "",
    words: str = "",
    subject_key: str = "",
) -> QuerySet[models.Claim]:
    """Claims by filter, oldest act first while they wait, for a page or an export."""
    claims = visible_claims(user, on)
    exact = {
        "state": state,
        "village__code": village_code,
        "area__code": area_code,
        "channel": channel,
        "subject__key": subject_key,
        "item_kind": kind,
    }
    claims = claims.filter(**{name: value for name, value in exact.items() if value})
    if month:
        year, number = (int(part) for part in month.split("-"))
        claims = claims.filter(act_date__year=year, act_date__month=number)
    if words:
        claims = claims.filter(
            Q(subject__label__icontains=words) | Q(subject__key__icontains=words) | Q(words__icontains=words)
        )
    waiting = (rules.ClaimState.FILED, rules.ClaimState.VERIFIED, rules.ClaimState.APPROVED)
    return claims.order_by("act_date", "id") if state in waiting else claims.order_by("-id")


def lines(claims: QuerySet[models.Claim]) -> list[ClaimLine]:
    """Claims as lines: one query for the claims, one for each village's versions."""
    rows = list(
        claims.select_related("subject", "village", "area", "filed_by").annotate(
            photos=Count("evidence", filter=Q(evidence__kind=_PHOTO))
        )
    )
    villages = {(row.village_id, row.scheme): row.village for row in rows}
    found = {key: schemes.versions_in_village(village, key[1]) for key, village in villages.items()}
    return [
        _line(row, schemes.item_of(found[row.village_id, row.scheme], row.item, row.act_date)) for row in rows
    ]


def _line(row: models.Claim, item: Item) -> ClaimLine:
    return ClaimLine(
        id=row.pk,
        subject_id=row.subject_id,
        subject_key=row.subject.key,
        subject_label=row.subject.label,
        village=areas.named(row.village),
        area=row.area.name,
        scheme=row.scheme,
        item=item,
        act_date=row.act_date,
        quantity=row.quantity,
        grade=row.grade,
        given=row.given,
        words=row.words,
        channel=rules.Channel(row.channel),
        state=rules.ClaimState(row.state),
        note=row.note,
        filed_at=row.filed_at,
        filed_by=row.filed_by.display_name,
        photos=getattr(row, "photos", 0),
        case_id=row.case_id,
        fact_id=row.fact_id,
    )


def claims_numbered(numbers: Sequence[int]) -> QuerySet[models.Claim]:
    """Claims by number, for a caller who has checked whose they are."""
    return models.Claim.objects.filter(pk__in=numbers)


def lines_of_cases(case_ids: Sequence[int]) -> dict[int, ClaimLine]:
    """The claims behind cases on an agenda, by case."""
    rows = lines(models.Claim.objects.filter(case_id__in=case_ids).order_by("id"))
    return {row.case_id: row for row in rows if row.case_id}


def concern(claim: models.Claim, *days: dt.date) -> reviews.Concern:
    """Whom the claim's case is about, who had a hand in it, and who leads the organisation on any of the days."""
    return _concern(claim, _led_by([claim.subject_id], days))


def _led_by(subject_ids: Collection[int], days: Iterable[dt.date]) -> dict[int, frozenset[int]]:
    found: dict[int, frozenset[int]] = {}
    for day in set(days):
        for subject, users in participants.led_by(subject_ids, day).items():
            found[subject] = found.get(subject, frozenset()) | users
    return found


def _concern(claim: models.Claim, led: Mapping[int, frozenset[int]]) -> reviews.Concern:
    users = frozenset(user for user in (claim.filed_by_id, claim.verified_by_id) if user is not None)
    leaders = led.get(claim.subject_id, frozenset())
    return reviews.Concern(claim.case_id or 0, claim.subject_id, users, leaders)


def concerns(case_ids: Iterable[int], *days: dt.date) -> list[reviews.Concern]:
    """The same for the claims behind many cases."""
    return concerns_of(list(models.Claim.objects.filter(case_id__in=list(case_ids))), *days)


def concerns_of(claims: Collection[models.Claim], *days: dt.date) -> list[reviews.Concern]:
    """The same for many claims, in their order."""
    led = _led_by({claim.subject_id for claim in claims}, days)
    return [_concern(claim, led) for claim in claims]


def cases_waiting(village: Area, until: dt.date | None = None) -> list[int]:
    """Cases of verified claims that lie before no open meeting, grid by grid and item by item.

    With `until`, of acts up to that day.
    """
    waiting = models.Claim.objects.filter(
        village=village, state=rules.ClaimState.VERIFIED, case__isnull=False
    ).order_by("area__path", "item", "act_date", "id")
    if until is not None:
        waiting = waiting.filter(act_date__lte=until)
    case_ids = list(waiting.values_list("case_id", flat=True))
    taken = reviews.cases_on_open_agenda(case_ids)
    return [case for case in case_ids if case not in taken]


def claim_page(user: User, claim_id: int, *, on: dt.date) -> ClaimPage:
    """One claim with its way, evidence, decision and entries. Raises NoSuchClaim."""
    claim = visible_claims(user, on).select_related("subject", "village").filter(pk=claim_id).first()
    if claim is None:
        raise NoSuchClaim(_("没有这条申报，或者您无权查看。"))
    (line,) = lines(models.Claim.objects.filter(pk=claim.pk))
    own = participants.own_subject_ids(user, on=on)
    # A household may not take back what others recorded against it; it objects instead.
    is_own = claim.subject_id in own and not line.is_fault
    mine = claim.filed_by_id == user.pk or is_own
    evidence = list(claim.evidence.all())
    return ClaimPage(
        claim=claim,
        line=line,
        photos=[Photo(row.pk, row.width, row.height) for row in evidence if row.kind == _PHOTO],
        documents=[Document(row.pk, row.name, row.size) for row in evidence if row.kind != _PHOTO],
        steps=_steps(claim),
        decision=reviews.decision_of_case(claim.case_id) if claim.case_id else None,
        entries=ledger.entries_of_fact(claim.fact_id) if claim.fact_id else [],
        told_at=claim.told_at,
        told_how=rules.ToldHow(claim.told_how) if claim.told_how else None,
        correct_until_date=claim.correct_until_date,
        may_withdraw=mine and rules.can_move(line.state, rules.ClaimState.WITHDRAWN),
        may_refile=mine and line.state is rules.ClaimState.RETURNED,
    )


def _steps(claim: models.Claim) -> list[ClaimStep]:
    events = list(audit.events_of(claim))
    names = dict(
        User.objects.filter(pk__in={event.by_id for event in events}).values_list("pk", "display_name")
    )
    return [
        ClaimStep(
            event.verb,
            event.at,
            names.get(event.by_id or 0, event.by_name),
            str(event.detail.get("note", "")),
        )
        for event in events
    ]


def work(user: User, on: dt.date) -> Work:
    """What waits for the user, by the actions that their posts allow; one query."""
    verify = Q(
        state=rules.ClaimState.FILED, area__path__within=posts.scope_paths(user, Action.VERIFY_CLAIM, on)
    )
    meet = posts.scope_paths(user, Action.HOLD_MEETING, on)
    tell = posts.scope_paths(user, Action.TELL_FAULT, on)
    counts = models.Claim.objects.aggregate(
        to_verify=Count("pk", filter=verify),
        to_decide=Count("pk", filter=Q(state=rules.ClaimState.VERIFIED, village__path__within=meet)),
        to_tell=Count("pk", filter=Q(state=rules.ClaimState.APPROVED, area__path__within=tell)),
        returned=Count("pk", filter=Q(state=rules.ClaimState.RETURNED, filed_by=user)),
    )
    return Work(**counts)


def claims_of_subject(subject_id: int, *, limit: int | None = None) -> list[ClaimLine]:
    """A household's claims, newest first."""
    claims = models.Claim.objects.filter(subject_id=subject_id).order_by("-id")
    return lines(claims[:limit] if limit else claims)


def waiting_of_subject(*subject_ids: int) -> list[ClaimLine]:
    """A household's claims (or those of several subjects) on which somebody still works, and those returned to it."""
    states = [
        rules.ClaimState.FILED,
        rules.ClaimState.RETURNED,
        rules.ClaimState.VERIFIED,
        rules.ClaimState.APPROVED,
        rules.ClaimState.GRACE,
    ]
    return lines(models.Claim.objects.filter(subject_id__in=subject_ids, state__in=states).order_by("-id"))


def import_page(user: User, import_id: int, *, on: dt.date) -> models.ClaimImport:
    """An uploaded sheet of claims in the user's scope. Raises NoSuchClaim."""
    paths = posts.scope_paths(user, Action.KEY_IN_CLAIMS, on)
    row = (
        models.ClaimImport.objects.select_related("village")
        .filter(pk=import_id, village__path__within=paths)
        .first()
    )
    if row is None:
        raise NoSuchClaim(_("没有这次导入，或者您无权查看。"))
    return row
