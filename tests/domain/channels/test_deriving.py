"""Facts that follow from records: a danger a household reported and that was removed, once, unless in confidence."""

from __future__ import annotations

import datetime as dt
from typing import Any

from jizhi.channels import services
from jizhi.channels.models import DerivedClaim
from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel, ClaimState
from jizhi.demo.month import moment
from jizhi.matters import services as matters
from jizhi.matters.rules import Channel as MatterChannel
from jizhi.matters.rules import ToldHow
from tests.county import County, decide

MAY = dt.date(2026, 5, 6)


def solved(
    county: County, kind: str = "safety", *, place: int = 0, rechecker: Any = None, **about: Any
) -> Any:
    """A matter from the household's report to the feedback; the committee handles it, the grid worker looks again."""
    subject, committee = county.subject(place), county.home.staff["committee"]
    worker, at = county.worker(subject), moment(MAY, 9)
    report = matters.Report(
        village=county.home.area, kind=kind, words="电线垂下来了", request_key=f"{kind}-{place}-{about}",
        area=subject.household.area, place="桥头", **about,
    )  # fmt: skip
    pk = matters.report_matter(
        report=report, channel=MatterChannel.HOUSEHOLD, by=county.user(subject), at=at
    ).pk
    matters.dispatch_matter(matter_id=pk, assignee=committee, by=committee, at=at + dt.timedelta(minutes=10))
    matters.start_matter(matter_id=pk, by=committee, at=at + dt.timedelta(minutes=20))
    matters.handle_matter(
        matter_id=pk, words="已请供电所处理", by=committee, at=at + dt.timedelta(minutes=30)
    )
    later = at + dt.timedelta(minutes=40)
    matters.recheck_matter(matter_id=pk, solved=True, words="看过了", by=rechecker or worker, at=later)
    return matters.close_matter(
        matter_id=pk, feedback="已修好", told_how=ToldHow.VISIT, by=worker, at=at + dt.timedelta(minutes=50)
    )


def derive(county: County, day: dt.date = MAY) -> int:
    return services.derive_claims(village=county.home.area, at=moment(day, 23))


def test_a_danger_removed_is_a_hazard_reported_once(county: County) -> None:
    matter = solved(county)
    assert derive(county) == 1
    claim = Claim.objects.get()
    assert (claim.item, claim.subject, claim.channel) == ("hazard-report", county.subject(), Channel.DERIVED)
    assert (claim.state, claim.act_date) == (ClaimState.VERIFIED, MAY)
    assert DerivedClaim.objects.get().matter == matter
    assert derive(county) == 0 and Claim.objects.count() == 1
    decide(county, claim, day=MAY + dt.timedelta(days=1))
    claim.refresh_from_db()
    assert claim.state == ClaimState.POSTED
    assert derive(county) == 0


def test_other_kinds_old_ones_and_those_in_confidence_give_nothing(county: County) -> None:
    solved(county, "hygiene")
    solved(county, "safety", place=1, confidential=True)
    assert derive(county) == 0
    solved(county, "safety", place=2)
    assert derive(county, MAY + dt.timedelta(days=90)) == 0
    assert not Claim.objects.exists()
