"""Settling a period: the batch evaluator over all facts of a village, stored with a digest, checked with the ledger."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.claims import selectors as claims
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.engine import batch, tables
from jizhi.ledger import selectors as ledger
from jizhi.participants import selectors as participants
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
from jizhi.settlement import models, rules


class PeriodOpen(DomainError):
    """The period has not ended yet; only a preview is possible."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact on which ledger and batch evaluator differ; points in hundredths."""

    fact: int
    ledger: int
    batch: int


@dataclass(frozen=True, slots=True)
class Computed:
    """What the batch evaluator says of one period of one village."""

    period: rules.Period
    totals: list[tables.Total]
    awards: list[tables.Award]
    differences: list[Difference]
    ledger_sum: int

    @property
    def awarded(self) -> int:
        return sum(award.awarded for award in self.awards)


def compute(*, village: Area, scheme: str, period: rules.Period) -> Computed:
    """Settle a period without storing it, ended or not: the batch evaluator's totals and the check against the ledger.

    Raises schemes.NotInForce where the village has adopted no version.
    """
    versions = schemes.versions_in_village(village, scheme)
    # All facts, later ones too: a limit, an act of which the best counts or a veto may tie them to this period, and
    # the ledger has priced both together. The evaluator lists the period's own.
    rows = ledger.facts_of_village(village, scheme)
    result = batch.settle(
        versions,
        [schemes.engine_subject(subject) for subject in participants.subjects_in(village, scheme)],
        [claims.engine_fact(row) for row in rows],
        period.start,
        period.end,
    )
    awards = list(result.awards)
    worth = ledger.worth_in_period(village, scheme, period.start, period.end)
    return Computed(
        period=period,
        totals=[t for t in result.totals if t.period_kind == period.kind and t.period == period.key],
        awards=awards,
        differences=_differences(awards, worth),
        ledger_sum=sum(points for points, _held in worth.values()),
    )


def _differences(awards: Sequence[tables.Award], worth: dict[int, tuple[int, int]]) -> list[Difference]:
    """Facts whose entries do not add up to what the batch evaluator awards or holds back."""
    batch_worth = {award.fact: (award.awarded, award.held_back) for award in awards}
    numbers = sorted(batch_worth.keys() | worth.keys())
    nothing = (0, 0)
    return [
        Difference(number, worth.get(number, nothing)[0], batch_worth.get(number, nothing)[0])
        for number in numbers
        if worth.get(number, nothing) != batch_worth.get(number, nothing)
    ]


@transaction.atomic
def settle_period(
    *, village: Area, scheme: str, period: rules.Period, by: User, at: dt.datetime
) -> models.Settlement:
    """Settle an ended period and store the result; the same result again gives the settlement that is there.

    A changed result becomes a new revision beside the old one. Raises PeriodOpen.
    """
    posts.check_can(by, Action.SETTLE, village, clock.day_of(at))
    if clock.day_of(at) <= period.end:
        raise PeriodOpen(_("%(period)s还没有结束，只能预览，不能结算。") % {"period": period.key})
    Area.objects.select_for_update(no_key=True).get(pk=village.pk)
    computed = compute(village=village, scheme=scheme, period=period)
    digest = digest_of(computed.totals)
    latest = (
        models.Settlement.objects.filter(village=village, scheme=scheme, kind=period.kind, period=period.key)
        .order_by("-revision")
        .first()
    )
    if latest is not None and latest.digest == digest and latest.ledger == computed.ledger_sum:
        return latest
    settlement = _store(village, scheme, computed, digest, latest.revision + 1 if latest else 1, by, at)
    audit.record_event(
        by=by,
        at=at,
        verb="settlement.settle",
        target=settlement,
        area_path=village.path,
        detail={"period": period.key, "digest": digest, "differences": len(computed.differences)},
    )
    return settlement


def _store(
    village: Area,
    scheme: str,
    computed: Computed,
    digest: str,
    revision: int,
    by: User,
    at: dt.datetime,
) -> models.Settlement:
    settlement = models.Settlement.objects.create(
        village=village,
        scheme=scheme,
        kind=computed.period.kind,
        period=computed.period.key,
        revision=revision,
        from_date=computed.period.start,
        to_date=computed.period.end,
        subjects=len(computed.totals),
        facts=len(computed.awards),
        awarded=computed.awarded,
        ledger=computed.ledger_sum,
        differences=[[d.fact, d.ledger, d.batch] for d in computed.differences],
        digest=digest,
        settled_at=at,
        settled_by=by,
    )
    numbers = people.subject_ids_by_key([total.subject for total in computed.totals])
    models.Standing.objects.bulk_create(
        [
            models.Standing(
                settlement=settlement,
                subject_id=numbers[total.subject],
                base=total.base,
                awarded=total.awarded,
                total=total.total,
                rank=total.rank,
                level=total.level,
                vetoed=total.vetoed,
            )
            for total in computed.totals
        ],
        batch_size=2000,
    )
    return settlement


def digest_of(totals: Sequence[tables.Total]) -> str:
    """SHA-256 over the totals in a fixed order and spelling: the same results, the same digest."""
    rows = sorted(
        [t.subject, t.group, t.period_kind, t.period, t.base, t.awarded, t.total, t.rank, t.level, t.vetoed]
        for t in totals
    )
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Recheck:
    """A stored settlement held against the ledger and the rules as they are now."""

    period: str
    revision: int
    facts: int
    differences: int
    same_digest: bool

    @property
    def equal(self) -> bool:
        return self.same_digest and not self.differences

    def say(self) -> str:
        """One line for a terminal."""
        result = (
            "=" if self.equal else f"≠ ({self.differences} facts, digest {'=' if self.same_digest else '≠'})"
        )
        return f"{self.period:8} r{self.revision}  {self.facts:6} facts  {result}"


def recheck(*, village: Area, scheme: str) -> Iterator[Recheck]:
    """Settle the latest revision of every stored settlement again; nothing is written."""
    latest: dict[str, models.Settlement] = {}
    for row in models.Settlement.objects.filter(village=village, scheme=scheme).order_by(
        "to_date", "revision"
    ):
        latest[row.period] = row
    for row in latest.values():
        computed = compute(village=village, scheme=scheme, period=rules.parse_period(row.period))
        yield Recheck(
            period=row.period,
            revision=row.revision,
            facts=len(computed.awards),
            differences=len(computed.differences),
            same_digest=digest_of(computed.totals) == row.digest,
        )
