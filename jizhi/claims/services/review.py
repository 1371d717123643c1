"""Verifying, returning, deciding. A merit counts when it is decided, a fault when the household was told."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.claims import models, rules, selectors
from jizhi.claims.services import posting
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.engine.document.item import Item
from jizhi.participants import selectors as participants
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
    count: reviewing.Tally | None = None


def locked(claim_ids: Sequence[int]) -> list[models.Claim]:
    """The claims in the order of their numbers, locked."""
    return list(
        models.Claim.objects.select_for_update(of=("self",))
        .select_related("subject", "village", "area")
        .filter(pk__in=claim_ids)
        .order_by("pk")
    )


def lock_cases(case_ids: Sequence[int]) -> None:
    """Hold the claims behind these cases as they are until the transaction ends, in the order of their numbers."""
    rows = models.Claim.objects.select_for_update().filter(case_id__in=case_ids).order_by("pk")
    list(rows.values_list("pk", flat=True))


def check_all(claims: Sequence[models.Claim], target: rules.ClaimState) -> None:
    for claim in claims:
        if not rules.can_move(rules.ClaimState(claim.state), target):
            raise WrongState(
                _("%(subject)s的这条申报现在是“%(state)s”，不能这样做。请刷新后再试。")
                % {"subject": claim.subject.label, "state": _(rules.ClaimState(claim.state).label)}
            )


@transaction.atomic
def verify_claims(
    *, claim_ids: Sequence[int], note: str = "", record_by_two: bool = False, by: User, at: dt.datetime
) -> list[models.Claim]:
    """The grid worker has verified these claims: they wait for the panel. All or none.

    For attendance the list of the activity is the proof: whoever may run activities there confirms it. What the
    recognition group decides the work team has looked at before. What follows from a record somebody else looks at
    than who made the record, unless two people stand in it already (`record_by_two`, said by the nightly work alone).
    """
    claims = locked(claim_ids)
    today = clock.day_of(at)
    attended = [claim for claim in claims if claim.channel == rules.Channel.ACTIVITY]
    for village in {claim.village_id: claim.village for claim in attended}.values():
        posts.check_can_somewhere_in(by, Action.MANAGE_ACTIVITIES, village, today)
    recognised = [claim for claim in claims if claim.channel == rules.Channel.RECOGNITION]
    for village in {claim.village_id: claim.village for claim in recognised}.values():
        posts.check_can(by, Action.HOLD_MEETING, village, today)
    proven = {rules.Channel.ACTIVITY, rules.Channel.RECOGNITION}
    if record_by_two:
        proven.add(rules.Channel.DERIVED)
    _check_verifier([claim for claim in claims if claim.channel not in proven], by, today)
    check_all(claims, rules.ClaimState.VERIFIED)
    reviews.put_again(case_ids=[claim.case_id for claim in claims if claim.case_id is not None], at=at)
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
    append_events(claims, "claim.verify", by, at)
    return claims


def _check_verifier(claims: Sequence[models.Claim], by: User, today: dt.date) -> None:
    """Whoever verifies has the post for the place, and neither gets the points nor made the record."""
    for area in {claim.area_id: claim.area for claim in claims}.values():
        posts.check_can(by, Action.VERIFY_CLAIM, area, today)
    own = participants.own_subject_ids(by, on=today) if claims else frozenset()
    if any(claim.subject_id in own for claim in claims):
        raise WrongState(_("不能核实自己或自己负责的组织的申报，请别的网格员或网格长核实。"))
    if any(claim.channel == rules.Channel.DERIVED and claim.filed_by_id == by.pk for claim in claims):
        raise WrongState(_("这条申报由您自己的记录生成，请别的网格员或网格长核实。"))


@transaction.atomic
def return_claim(*, claim_id: int, reason: str, by: User, at: dt.datetime) -> models.Claim:
    """Send a claim back to whoever filed it, with the reason; the household is told."""
    (claim,) = locked([claim_id])
    posts.check_can(by, Action.VERIFY_CLAIM, claim.area, clock.day_of(at))
    check_all([claim], rules.ClaimState.RETURNED)
    if not reason.strip():
        raise WrongState(_("退回须写明理由。"), place="reason")
    claim.state, claim.note = rules.ClaimState.RETURNED, reason.strip()
    claim.save(update_fields=["state", "note"])
    append_events([claim], "claim.return", by, at)
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
    *, meeting: Meeting, rulings: Sequence[ClaimRuling], by: User | None, at: dt.datetime
) -> list[models.Claim]:
    """Decide claims in a meeting, one or many, all or none.

    An approved merit goes to the ledger at once; an approved fault or veto waits until the household was told. Only a
    circulation is decided without a user: by the nightly work, in the name of whoever began it.
    Raises WrongState, AmountMissing and what reviews.decide_cases raises.
    """
    by_claim = {ruling.claim_id: ruling for ruling in rulings}
    claims = locked(list(by_claim))
    documents = posting.Documents()
    for claim in claims:
        check_ruling(claim, by_claim[claim.pk], documents)
    days = (meeting.held_on_date, clock.day_of(at))
    asked = case_rulings(claims, by_claim, *days)
    if meeting.procedure == reviewing.Procedure.CIRCULATION:
        decisions = reviews.decide_circulated(meeting=meeting, rulings=asked, by=by, at=at)
    elif by is not None:
        decisions = reviews.decide_cases(meeting=meeting, rulings=asked, by=by, at=at)
    else:
        raise WrongState(_("评议会上的决定须由主持会议的人登记。"))
    numbers = {claim.pk: decisions[claim.case_id or 0].pk for claim in claims}
    carry_out(claims, by_claim, numbers, documents, by or meeting.opened_by, at)
    append_events(claims, "claim.decide", by, at)
    return claims


def carry_out(
    claims: Sequence[models.Claim],
    rulings: Mapping[int, ClaimRuling],
    decisions: Mapping[int, int],
    documents: posting.Documents,
    by: User,
    at: dt.datetime,
) -> None:
    """Do what was decided, by the numbers of the decisions: merits are posted, and every household is told."""
    for claim in claims:
        ruling = rulings[claim.pk]
        claim.state = _state_after(claim, ruling.outcome, documents)
        claim.note = ruling.reason.strip()
        claim.grade, claim.given = ruling.grade or claim.grade, ruling.given
    models.Claim.objects.bulk_update(claims, ["state", "note", "grade", "given"], batch_size=1000)
    counted = [claim for claim in claims if _counts_at_once(claim, documents)]
    posting.post_claims(claims=counted, decision_numbers=decisions, documents=documents, by=by, at=at)
    people_services.tell_subjects(messages=[_news(claim, documents, at) for claim in claims])


def case_rulings(
    claims: Sequence[models.Claim], rulings: Mapping[int, ClaimRuling], *days: dt.date
) -> list[reviews.Ruling]:
    """What is ruled on each claim, as a ruling on its case; who is concerned, by the registers of the days."""
    asked = []
    for claim, concern in zip(claims, selectors.concerns_of(claims, *days), strict=True):
        ruling = rulings[claim.pk]
        words = (ruling.outcome, ruling.reason, ruling.choices, ruling.count)
        asked.append(reviews.Ruling(concern.case_id, *words, concern))
    return asked


def check_ruling(claim: models.Claim, ruling: ClaimRuling, documents: posting.Documents) -> None:
    """The claim waits for a decision, and whoever decides says what the item leaves open.

    Raises WrongState and AmountMissing.
    """
    if claim.state != rules.ClaimState.VERIFIED or claim.case_id is None:
        check_all([claim], rules.ClaimState.REJECTED)
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
        body=Body(claim, documents.item(claim)),
        link=f"/my/claims/{claim.pk}/",
        at=at,
    )


class Body:
    """The message's text, said in whichever language is active when it is asked for."""

    def __init__(self, claim: models.Claim, item: Item) -> None:
        self.claim, self.item = claim, item

    def __str__(self) -> str:
        title = self.item.title.say("en" if get_language() == "en" else "zh")
        return "\n".join(
            part for part in (f"{self.claim.act_date.isoformat()} {title}", self.claim.note) if part
        )


def append_events(claims: Sequence[models.Claim], verb: str, by: User | None, at: dt.datetime) -> None:
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
