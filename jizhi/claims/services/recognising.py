"""What a recognition group decides becomes claims in the names of those who scored, not of whoever keys the sheet in.

So recusal finds the household and the work team, and a meeting held before the team had scored cannot decide.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.claims import models, rules
from jizhi.claims.services import filing, once
from jizhi.core import audit, clock
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.reviews import services as reviews
from jizhi.schemes import selectors as schemes


@dataclass(frozen=True, slots=True)
class Hands:
    """Who brought the lines of a sheet forward, who looked at them, and when."""

    filed_by: User
    filed_at: dt.datetime
    verified_by: User
    verified_at: dt.datetime


@transaction.atomic
def file_recognised(
    *,
    village: Area,
    scheme: str,
    drafts: Sequence[filing.Draft],
    hands: Hands,
    note: str,
    action: Action = Action.HOLD_MEETING,
    by: User,
    at: dt.datetime,
) -> list[models.Claim]:
    """File the lines of a sheet as verified claims with their cases, ready for the agenda; one for each draft.

    `by` keys them in with the right to decide on them: to hold the village's meetings, or to rule. Raises
    UnusableClaim and posts.NotAllowed.
    """
    today = clock.day_of(at)
    posts.check_can(by, action, village, today)
    grids = people.areas_of_subjects({draft.subject.pk for draft in drafts})
    versions = schemes.versions_in_village(village, scheme)
    channel = rules.Channel.RECOGNITION
    acts = {filing.act_of(draft, scheme) for draft in drafts}
    for words in once.refused_acts(village, channel, acts).values():
        raise filing.UnusableClaim(words)
    claims = [
        filing.new_claim(
            draft, filing.checked_item(versions, draft, channel, today=today), scheme, channel,
            area=grids.get(draft.subject.pk, village), by=hands.filed_by, at=hands.filed_at,
        )
        for draft in drafts
    ]  # fmt: skip
    cases = reviews.open_cases(village=village, count=len(claims), at=hands.verified_at)
    for claim, case in zip(claims, cases, strict=True):
        claim.state, claim.case, claim.note = rules.ClaimState.VERIFIED, case, note.strip()
        claim.verified_by, claim.verified_at = hands.verified_by, hands.verified_at
    made = models.Claim.objects.bulk_create(claims, batch_size=1000)
    audit.append_events(
        [
            audit.new_event(
                by=by, at=at, verb="claim.file", target=claim, area_path=village.path,
                detail={"channel": channel, "item": claim.item, "note": claim.note},
            )
            for claim in made
        ]
    )  # fmt: skip
    return made
