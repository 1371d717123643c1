"""Verifying, returning, deciding, telling. A merit counts when it is decided, a fault when the household was told."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.claims import models, rules
from jizhi.claims.services import posting
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.engine.document.item import Item
from jizhi.people import selectors as people
from jizhi.people import services as people_services
from jizhi.people.models import Message
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.reviews import rules as reviewing
from jizhi.reviews import services as reviews
from jizhi.reviews.models import Meeting
from jizhi.schemes import selectors as schemes


class WrongState(DomainError):
    """The claim has moved on; what was asked for is no longer possible."""


class AmountMissing(DomainError):
    """The panel must say the grade or the points of an item that leaves them to it."""


@dataclass(frozen=True, slots=True)
class ClaimRuling:
    """What a meeting rules on one claim; `grade` and `given` where the item leaves them to the panel."""

    claim_id: int
    outcome: reviewing.Outcome
    reason: str = ""
    grade: str = ""
    given: Decimal | None = None
    choices: Mapping[int, reviewing.Choice] = field(default_factory=dict)


def _locked(claim_ids: Sequence[int]) -> list[models.Claim]:
    """The claims in the order of their numbers, locked."""
    return list(
        models.Claim.objects.select_for_update(of=("self",))
        .select_related("subject", "village", "area")
        .filter(pk__in=claim_ids)
        .order_by("pk")
    )


def _check_all(claims: Sequence[models.Claim], target: rules.ClaimState) -> None:
    for claim in claims:
        if not rules.can_move(rules.ClaimState(claim.state), target):
            raise WrongState(
                _("%(subject)s的这条申报现在是“%(state)s”，不能这样做。请刷新后再试。")
                % {"subject": claim.subject.label, "state": _(rules.ClaimState(claim.state).label)}
            )


@transaction.atomic
def verify_claims(
    *, claim_ids: Sequence[int], note: str = "", by: User, at: dt.datetime
) -> list[models.Claim]:
    """The grid worker has verified these claims: they wait for the panel. All or none."""
    claims = _locked(claim_ids)
    for area in {claim.area_id: claim.area for claim in claims}.values():
        posts.check_can(by, Action.VERIFY_CLAIM, area, clock.day_of(at))
    _check_all(claims, rules.ClaimState.VERIFIED)
    for village in {claim.village_id: claim.village for claim in claims}.values():
        fresh = [claim for claim in claims if claim.village_id == village.pk and claim.case_id is None]
        cases = reviews.open_cases(village=village, count=len(fresh), at=at)
        for claim, case in zip(fresh, cases, strict=True):
            claim.case = case
    for claim in claims:
        claim.state = rules.ClaimState.VERIFIED
        claim.verified_at, claim.verified_by, claim.note = at, by, note.strip()
    models.Claim.objects.bulk_update(
        claims, ["state", "case", "verified_at", "verified_by", "note"], batch_size=1000
    )
    _append_events(claims, "claim.verify", by, at)
    return claims


@transaction.atomic
def return_claim(*, claim_id: int, reason: str, by: User, at: dt.datetime) -> models.Claim:
    """Send a claim back to whoever filed it, with the reason; the household is told."""
    (claim,) = _locked([claim_id])
    posts.check_can(by, Action.VERIFY_CLAIM, claim.area, clock.day_of(at))
    _check_all([claim], rules.ClaimState.RETURNED)
    if not reason.strip():
        raise WrongState(_("退回须写明理由。"), place="reason")
    claim.state, claim.note = rules.ClaimState.RETURNED, reason.strip()
    claim.save(update_fields=["state", "note"])
    _append_events([claim], "claim.return", by, at)
    people_services.tell_subject(
        subject=claim.subject,
        kind="claim.returned",
        title=_("申报被退回，请补充"),
        body=claim.note,
        link=f"/my/claims/{claim.pk}/",
        at=at,
    )
    return claim


@transaction.atomic
def decide_claims(
    *, meeting: Meeting, rulings: Sequence[ClaimRuling], by: User, at: dt.datetime
) -> list[models.Claim]:
    """Decide claims in a meeting, one or many, all or none.

    An approved merit goes to the ledger at once; an approved fault or veto waits until the household was told.
    Raises WrongState, AmountMissing and what reviews.decide_cases raises.
    """
    by_claim = {ruling.claim_id: ruling for ruling in rulings}
    claims = _locked(list(by_claim))
    documents = posting.Documents()
    for claim in claims:
        _check_ruling(claim, by_claim[claim.pk], documents)
    decisions = reviews.decide_cases(
        meeting=meeting,
        rulings=[_case_ruling(claim, by_claim[claim.pk]) for claim in claims],
        by=by,
        at=at,
    )
    for claim in claims:
        ruling = by_claim[claim.pk]
        claim.state = _state_after(claim, ruling.outcome, documents)
        claim.note = ruling.reason.strip()
        claim.grade, claim.given = ruling.grade or claim.grade, ruling.given
    models.Claim.objects.bulk_update(claims, ["state", "note", "grade", "given"], batch_size=1000)
    numbers = {claim.pk: decisions[claim.case_id or 0].pk for claim in claims}
    counted = [claim for claim in claims if _counts_at_once(claim, documents)]
    posting.post_claims(claims=counted, decision_numbers=numbers, documents=documents, by=by, at=at)
    _append_events(claims, "claim.decide", by, at)
    people_services.tell_subjects(messages=[_news(claim, documents, at) for claim in claims])
    return claims


def _case_ruling(claim: models.Claim, ruling: ClaimRuling) -> reviews.Ruling:
    return reviews.Ruling(claim.case_id or 0, ruling.outcome, ruling.reason, ruling.choices)


def _check_ruling(claim: models.Claim, ruling: ClaimRuling, documents: posting.Documents) -> None:
    if claim.state != rules.ClaimState.VERIFIED or claim.case_id is None:
        _check_all([claim], rules.ClaimState.REJECTED)
        raise WrongState(_("%(subject)s的这条申报还没有核实。") % {"subject": claim.subject.label})
    if ruling.outcome is not reviewing.Outcome.APPROVE:
        return
    item = documents.item(claim)
    grade = ruling.grade or claim.grade
    if item.needs == "grade" and grade not in item.grades:
        raise AmountMissing(_("“%(item)s”须由评议小组确定档次。") % {"item": item.title.zh}, place="grade")
    if item.needs == "given" and not schemes.allows(item, ruling.given):
        raise AmountMissing(
            _("“%(item)s”须由评议小组在规定范围内确定分值。") % {"item": item.title.zh}, place="given"
        )


def _state_after(
    claim: models.Claim, outcome: reviewing.Outcome, documents: posting.Documents
) -> rules.ClaimState:
    if outcome is reviewing.Outcome.REJECT:
        return rules.ClaimState.REJECTED
    if outcome is reviewing.Outcome.RETURN:
        return rules.ClaimState.RETURNED
    # A merit stays `verified` for the moment: posting moves it on together with its fact.
    return rules.ClaimState.VERIFIED if documents.item(claim).kind == "merit" else rules.ClaimState.APPROVED


def _counts_at_once(claim: models.Claim, documents: posting.Documents) -> bool:
    return claim.state == rules.ClaimState.VERIFIED and documents.item(claim).kind == "merit"


_NEWS = {
    rules.ClaimState.POSTED: _("申报已认定记分"),
    rules.ClaimState.APPROVED: _("扣分告知：记分前请您核对"),
    rules.ClaimState.REJECTED: _("申报未予认定"),
    rules.ClaimState.RETURNED: _("申报被退回，请补充"),
}


def _news(claim: models.Claim, documents: posting.Documents, at: dt.datetime) -> Message:
    return people_services.new_message(
        subject=claim.subject,
        kind=f"claim.{claim.state}",
        title=_NEWS[rules.ClaimState(claim.state)],
        body=_Body(claim, documents.item(claim)),
        link=f"/my/claims/{claim.pk}/",
        at=at,
    )


class _Body:
    """The message's text, said in whichever language is active when it is asked for."""

    def __init__(self, claim: models.Claim, item: Item) -> None:
        self.claim, self.item = claim, item

    def __str__(self) -> str:
        title = self.item.title.say("en" if get_language() == "en" else "zh")
        return "\n".join(
            part for part in (f"{self.claim.act_date.isoformat()} {title}", self.claim.note) if part
        )


@transaction.atomic
def tell_faults(
    *, claim_ids: Sequence[int], how: rules.ToldHow, by: User, at: dt.datetime
) -> list[models.Claim]:
    """The households were told of these deductions: now they count. All or none.

    Staff say how they told (call, visit, slip); a household that opens the message tells itself.
    """
    claims = _locked(claim_ids)
    _check_teller(claims, how, by, clock.day_of(at))
    _check_all(claims, rules.ClaimState.POSTED)
    if any(claim.state != rules.ClaimState.APPROVED for claim in claims):
        raise WrongState(_("只有待告知的扣分可以登记告知。"))
    for claim in claims:
        claim.told_at, claim.told_by, claim.told_how = at, by, how
    models.Claim.objects.bulk_update(claims, ["told_at", "told_by", "told_how"], batch_size=1000)
    documents = posting.Documents()
    posting.post_claims(claims=claims, decision_numbers={}, documents=documents, by=by, at=at)
    _append_events(claims, "claim.tell", by, at)
    return claims


def _check_teller(claims: Sequence[models.Claim], how: rules.ToldHow, by: User, today: dt.date) -> None:
    if how is rules.ToldHow.MESSAGE:
        own = people.subject_of_user(by, on=today)
        if own is None or any(claim.subject_id != own.pk for claim in claims):
            raise WrongState(_("只有本户阅读消息才算告知。"))
        return
    for area in {claim.area_id: claim.area for claim in claims}.values():
        posts.check_can(by, Action.TELL_FAULT, area, today)


def _append_events(claims: Sequence[models.Claim], verb: str, by: User, at: dt.datetime) -> None:
    audit.append_events(
        [
            audit.new_event(
                by=by,
                at=at,
                verb=verb,
                target=claim,
                area_path=claim.village.path,
                detail={"state": claim.state, "note": claim.note},
            )
            for claim in claims
        ]
    )
