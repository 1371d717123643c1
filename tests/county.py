"""The named county of the tests: one small village with its people, scheme, panel and goods, ready for June 2026.

It is set up through the demonstration's own services, so that tests, demonstration and screenshots share one cast.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel, ToldHow
from jizhi.demo import cast, setup
from jizhi.demo.month import moment
from jizhi.people.models import Subject
from jizhi.reviews import services as reviews
from jizhi.reviews.rules import Outcome

SPOKEN = claims.Proof(person="户主")
BEGIN = dt.date(2026, 1, 1)
SMALL = cast.Village("130699101201", "石桥村", "Shiqiao Village", "sq", 2, 4, "finalised")
OTHER = cast.Village("130699101202", "柳湾村", "Liuwan Village", "lw", 1, 3, "finalised")


@dataclass(frozen=True)
class County:
    """The cast: `home` is the village most tests live in, `other` the one whose people must see nothing of it."""

    operator: Any
    home: setup.VillageParts
    other: setup.VillageParts

    def subject(self, place: int = 0) -> Subject:
        return self.home.all_subjects[place]

    def user(self, subject: Subject) -> Any:
        return self.home.household_users[subject.pk]

    def worker(self, subject: Subject) -> Any:
        grid = next(grid for grid, rows in self.home.subjects.items() if subject in rows)
        return self.home.workers[grid]


def make_county() -> County:
    """Set the county up a few days before its first month."""
    at = moment(BEGIN - dt.timedelta(days=12), 10)
    operator, township = setup.make_root(at)
    taken: set[str] = set()
    home = setup.make_village(SMALL, township, operator, BEGIN, at, taken)
    other = setup.make_village(OTHER, township, operator, BEGIN, at, taken)
    return County(operator, home, other)


def file(
    county: County,
    item: str,
    day: dt.date,
    *,
    subject: Subject | None = None,
    quantity: str | None = None,
    grade: str = "",
    act: str = "",
    key: str = "",
    channel: Channel = Channel.WORKER,
) -> Claim:
    """File one claim on the evening of its day, by the grid worker unless another channel is named."""
    subject = subject or county.subject()
    by = {
        Channel.SELF: county.user(subject),
        Channel.WORKER: county.worker(subject),
    }.get(channel, county.home.staff["recorder"])
    draft = claims.Draft(
        subject=subject,
        item=item,
        act_date=day,
        request_key=key or str(uuid.uuid4()),
        quantity=Decimal(quantity) if quantity else None,
        grade=grade,
        act=act,
    )
    (claim,) = claims.file_claims(
        village=county.home.area,
        scheme=setup.SCHEME,
        drafts=[draft],
        channel=channel,
        by=by,
        at=moment(day, 20),
    )
    return claim


def verify(county: County, *rows: Claim) -> None:
    for claim in rows:
        worker = county.worker(claim.subject)
        claims.verify_claims(claim_ids=[claim.pk], by=worker, at=moment(claim.act_date, 21))


def decide(
    county: County, *rows: Claim, day: dt.date, outcome: Outcome = Outcome.APPROVE, **ruling: Any
) -> list[Claim]:
    """Decide verified claims in a meeting of all five members."""
    recorder, at = county.home.staff["recorder"], moment(day, 19)
    seats = list(county.home.panel.seats.values_list("pk", flat=True))
    meeting = reviews.open_meeting(
        panel=county.home.panel,
        held_on_date=day,
        case_ids=[Claim.objects.get(pk=claim.pk).case_id or 0 for claim in rows],
        seat_ids=seats,
        by=recorder,
        at=at,
    )
    return claims.decide_claims(
        meeting=meeting,
        rulings=[claims.ClaimRuling(claim.pk, outcome, **ruling) for claim in rows],
        by=recorder,
        at=at,
    )


def tell(county: County, *rows: Claim, day: dt.date) -> None:
    for claim in rows:
        worker = county.worker(claim.subject)
        claims.tell_faults(
            claim_ids=[claim.pk], how=ToldHow.VISIT, proof=SPOKEN, by=worker, at=moment(day, 9)
        )


def posted(county: County, item: str, day: dt.date, **about: Any) -> Claim:
    """A claim that went all the way to the ledger; a fault is told the day after its meeting."""
    claim = file(county, item, day, **about)
    verify(county, claim)
    (claim,) = decide(county, claim, day=day)
    if claim.state == "approved":
        tell(county, claim, day=day + dt.timedelta(days=1))
        claim.refresh_from_db()
    return claim
