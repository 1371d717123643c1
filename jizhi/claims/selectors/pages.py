"""Claims as pages need them: queues with filters, one claim with its way and its evidence, and counts of work."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.claims import models, rules
from jizhi.core import audit
from jizhi.core.errors import DomainError
from jizhi.engine import tables
from jizhi.engine.document.item import Item
from jizhi.ledger import selectors as ledger
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.reviews import selectors as reviews
from jizhi.schemes import selectors as schemes

if TYPE_CHECKING:
    from jizhi.ledger.models import Fact

HOUSEHOLD_SCHEME = "household"
PAGE_SIZE = 30


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
class ClaimPage:
    """One claim with everything a page shows of it."""

    claim: models.Claim
    line: ClaimLine
    photos: list[Photo]
    steps: list[ClaimStep]
    decision: reviews.DecisionLine | None
    entries: list[ledger.EntryLine]
    told_at: dt.datetime | None
    told_how: rules.ToldHow | None
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
    """A household sees its own claims; staff those in the areas of their posts, and what they filed themselves."""
    claims = models.Claim.objects.all()
    own = people.subject_of_user(user, on=on)
    if own is not None:
        return claims.filter(subject=own)
    paths = posts.scope_paths(user, Action.VIEW_LEDGER, on)
    return claims.filter(Q(area__path__within=paths) | Q(filed_by=user))


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
    }
    claims = claims.filter(**{name: value for name, value in exact.items() if value})
    if month:
        year, number = (int(part) for part in month.split("-"))
        claims = claims.filter(act_date__year=year, act_date__month=number)
    if words:
        claims = claims.filter(
            Q(subject__label__icontains=words) | Q(subject__key__icontains=words) | Q(words__icontains=words)
        )
    if kind:
        claims = claims.filter(item__in=_items_of_kind(claims, kind))
    waiting = (rules.ClaimState.FILED, rules.ClaimState.VERIFIED, rules.ClaimState.APPROVED)
    return claims.order_by("act_date", "id") if state in waiting else claims.order_by("-id")


def _items_of_kind(claims: QuerySet[models.Claim], kind: str) -> list[str]:
    wanted = set()
    for village in Area.objects.filter(pk__in=claims.order_by().values("village").distinct()):
        versions = schemes.versions_in_village(village, HOUSEHOLD_SCHEME)
        for version in versions.entries:
            wanted |= {item.id for item in version.scheme.items if item.kind == kind}
    return sorted(wanted)


def lines(claims: QuerySet[models.Claim]) -> list[ClaimLine]:
    """Claims as lines: one query for the claims, one for each village's versions."""
    rows = list(
        claims.select_related("subject", "village", "area", "filed_by").annotate(photos=Count("evidence"))
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
        village=row.village.name,
        area=row.area.name,
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


def lines_of_cases(case_ids: Sequence[int]) -> dict[int, ClaimLine]:
    """The claims behind cases on an agenda, by case."""
    rows = lines(models.Claim.objects.filter(case_id__in=case_ids).order_by("id"))
    return {row.case_id: row for row in rows if row.case_id}


def claim_ids_of_cases(case_ids: Iterable[int]) -> dict[int, int]:
    return dict(models.Claim.objects.filter(case_id__in=list(case_ids)).values_list("case_id", "id"))


def cases_waiting(village: Area) -> list[int]:
    """Cases of verified claims that lie before no open meeting, oldest act first."""
    waiting = models.Claim.objects.filter(
        village=village, state=rules.ClaimState.VERIFIED, case__isnull=False
    ).order_by("act_date", "id")
    case_ids = list(waiting.values_list("case_id", flat=True))
    taken = reviews.cases_on_open_agenda(case_ids)
    return [case for case in case_ids if case not in taken]


def claim_page(user: User, claim_id: int, *, on: dt.date) -> ClaimPage:
    """One claim with its way, evidence, decision and entries. Raises NoSuchClaim."""
    claim = visible_claims(user, on).select_related("subject", "village").filter(pk=claim_id).first()
    if claim is None:
        raise NoSuchClaim(_("没有这条申报，或者您无权查看。"))
    (line,) = lines(models.Claim.objects.filter(pk=claim.pk))
    own = people.subject_of_user(user, on=on)
    # A household may not take back what others recorded against it; it objects instead.
    is_own = own is not None and own.pk == claim.subject_id and not line.is_fault
    mine = claim.filed_by_id == user.pk or is_own
    return ClaimPage(
        claim=claim,
        line=line,
        photos=[Photo(row.pk, row.width, row.height) for row in claim.evidence.all()],
        steps=_steps(claim),
        decision=reviews.decision_of_case(claim.case_id) if claim.case_id else None,
        entries=ledger.entries_of_fact(claim.fact_id) if claim.fact_id else [],
        told_at=claim.told_at,
        told_how=rules.ToldHow(claim.told_how) if claim.told_how else None,
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


def check_can_add_evidence(claim: models.Claim, user: User, on: dt.date) -> None:
    """The household, whoever filed it, or the verifying grid worker, until the panel has decided."""
    open_states = (rules.ClaimState.FILED, rules.ClaimState.RETURNED, rules.ClaimState.VERIFIED)
    if claim.state not in open_states:
        raise NoSuchClaim(_("这条申报已经有了结果，不能再补充照片。"))
    own = people.subject_of_user(user, on=on)
    if claim.filed_by_id == user.pk or (own is not None and own.pk == claim.subject_id):
        return
    posts.check_can(user, Action.VERIFY_CLAIM, claim.area, on)


def photo_of(user: User, photo_id: int, *, on: dt.date) -> models.Evidence:
    """A photo whose claim the user may see. Raises NoSuchClaim."""
    photo = models.Evidence.objects.filter(pk=photo_id, claim__in=visible_claims(user, on)).first()
    if photo is None:
        raise NoSuchClaim(_("没有这张照片，或者您无权查看。"))
    return photo


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


def waiting_of_subject(subject_id: int) -> list[ClaimLine]:
    """A household's claims on which somebody still works, and those returned to it."""
    states = [
        rules.ClaimState.FILED,
        rules.ClaimState.RETURNED,
        rules.ClaimState.VERIFIED,
        rules.ClaimState.APPROVED,
    ]
    return lines(models.Claim.objects.filter(subject_id=subject_id, state__in=states).order_by("-id"))


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
