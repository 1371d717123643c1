"""A village with three seals: May with its notice, what came with its end, and a few days of July. Asserts nothing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from jizhi.claims import services as claims
from jizhi.demo.month import moment
from jizhi.demo.setup import SCHEME
from jizhi.ledger import services as ledger
from jizhi.ledger.models import Entry
from jizhi.notices import services as notices
from jizhi.seals import models, services
from tests.county import County, posted

MAY = dt.date(2026, 5, 6)


def night(county: County, day: dt.date) -> models.Seal | None:
    """What the worker does in the village ten minutes after midnight."""
    at = moment(day, 0) + dt.timedelta(minutes=10)
    return services.seal_village(village=county.home.area, by=None, at=at)


def post_may(county: County) -> Any:
    committee = county.home.staff["committee"]
    return notices.post_notice(
        village=county.home.area,
        scheme=SCHEME,
        period="2026-05",
        by=committee,
        at=moment(dt.date(2026, 6, 3), 10),
    )


def months(county: County) -> Any:
    """Returns the notice. Seal 1 holds May, seal 2 a reversal and the credits, seal 3 July's."""
    first = posted(county, "village-meeting", MAY)
    for who in (1, 2, 3):
        posted(county, "volunteering", MAY, subject=county.subject(who), quantity=str(who + 1), key=f"m{who}")
    posted(county, "littering", MAY, subject=county.subject(1))
    notice = post_may(county)
    committee = county.home.staff["committee"]
    claims.reverse_fact(
        fact_id=first.fact_id, reason="当天不在村里。", by=committee, at=moment(dt.date(2026, 6, 10), 9)
    )
    notices.finalise_notice(notice=notice, by=committee, at=moment(dt.date(2026, 6, 20), 9))
    ledger.spend(
        subject=county.subject(2), points=100, request_key="soap", by=county.home.staff["store"],
        at=moment(dt.date(2026, 6, 25), 9),
    )  # fmt: skip
    night(county, dt.date(2026, 7, 1))
    burn = dt.date(2026, 7, 2)
    posted(county, "village-meeting", burn, subject=county.subject(3))
    posted(county, "volunteering", burn, quantity="3")
    night(county, dt.date(2026, 7, 5))
    return notice


def another(county: County, day: dt.date, who: int = 0) -> Entry:
    """One more entry, not sealed yet."""
    claim = posted(county, "volunteering", day, subject=county.subject(who), quantity=str(Decimal(2)))
    return Entry.objects.get(fact_id=claim.fact_id)


def post_may_with_one(county: County) -> Any:
    """The shortest way to a seal."""
    posted(county, "village-meeting", MAY)
    return post_may(county)
