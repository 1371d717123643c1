"""From having taken part to the panel: hours on a confirmed list become claims, verified by that list."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from jizhi.accounts.models import User
from jizhi.activities import selectors
from jizhi.areas.models import Area
from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel
from jizhi.claims.selectors import HOUSEHOLD_SCHEME
from jizhi.people.models import Subject


@dataclass(frozen=True, slots=True)
class Done:
    """Somebody did something for so many hours; `key` tells one deed from another for good."""

    key: str
    subject: Subject
    name: str
    hours: Decimal


def claim_for(
    *, village: Area, item: str, date: dt.date, title: str, done: list[Done], by: User, at: dt.datetime
) -> Mapping[str, Claim]:
    """File and verify a claim for each deed under the item; the same deeds again give the same claims.

    Items counted by quantity get the hours, all others one time. Two people of a household are two deeds
    and two acts.
    Raises claims.UnusableClaim with what the item does not allow.
    """
    if not done or not item:
        return {}
    by_hours = selectors.counts_hours(village, item, date)
    drafts = [
        claims.Draft(
            subject=one.subject,
            item=item,
            act_date=date,
            request_key=one.key,
            quantity=one.hours if by_hours else None,
            act=one.key,
            words=f"{title} · {one.name}",
        )
        for one in done
    ]
    filed = claims.file_claims(
        village=village, scheme=HOUSEHOLD_SCHEME, drafts=drafts, channel=Channel.ACTIVITY, by=by, at=at
    )
    fresh = [claim.pk for claim in filed if claim.state == "filed"]
    if fresh:
        claims.verify_claims(claim_ids=fresh, note=title, by=by, at=at)
    return {one.key: claim for one, claim in zip(done, filed, strict=True)}
