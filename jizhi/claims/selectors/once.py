"""One act counts once: what a record of the house gave already, and what somebody claimed before the record came.

Two claims are about one act where subject, scheme, item and the day of the act are the same (the month, where the item
is for a whole month). By hand is whatever `rules.BY_RECORD` does not name.
"""

import calendar
import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from jizhi.areas.models import Area
from jizhi.claims import models, rules
from jizhi.claims.rules import Channel, ClaimState
from jizhi.schemes import selectors as schemes

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Act:
    """What was done, by whom and when: all that says whether two claims are about the same."""

    subject_id: int
    scheme: str
    item: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class Given:
    """Which items of which schemes the records of a village give, and which of them for a whole month."""

    items: frozenset[tuple[str, str]]
    monthly: frozenset[tuple[str, str]]

    def days(self, act: Act) -> tuple[dt.date, dt.date]:
        """The first and the last day on which another claim is about the same act."""
        if (act.scheme, act.item) not in self.monthly:
            return act.day, act.day
        last = calendar.monthrange(act.day.year, act.day.month)[1]
        return act.day.replace(day=1), act.day.replace(day=last)


def given_in(village: Area) -> Given:
    """The pack's table of records, as far as it concerns what is claimed by hand."""
    table = schemes.claiming_in(village).derived
    return Given(
        frozenset((rule.scheme, rule.item) for rule in table),
        frozenset((rule.scheme, rule.item) for rule in table if rule.record.value == "visits_complete"),
    )


def act_of(claim: models.Claim) -> Act:
    """What a claim is about."""
    return Act(claim.subject_id, claim.scheme, claim.item, claim.act_date)


def given_by_records(acts: Collection[Act], given: Given) -> dict[Act, models.Claim]:
    """Of the acts, those for which a claim from a record stands, each with the first such claim; one query."""
    if not acts:
        return {}
    spans = {act: given.days(act) for act in acts}
    rows = _from_records(acts).filter(
        act_date__gte=min(first for first, _last in spans.values()),
        act_date__lte=max(last for _first, last in spans.values()),
    )
    standing: dict[tuple[int, str, str], list[models.Claim]] = {}
    for row in rows:
        standing.setdefault((row.subject_id, row.scheme, row.item), []).append(row)
    found: dict[Act, models.Claim] = {}
    for act, (first, last) in spans.items():
        for row in standing.get((act.subject_id, act.scheme, act.item), ()):
            if first <= row.act_date <= last:
                found.setdefault(act, row)
    return found


def standing_for(village: Area, acts: Collection[Act]) -> dict[Act, models.Claim]:
    """The same by the village's own table."""
    return given_by_records(acts, given_in(village)) if acts else {}


def claimed_by_hand(
    act: Act, given: Given, *, record: str = "", standing: Collection[int] = ()
) -> models.Claim | None:
    """A claim by hand that stands for the act and is not used up by other records yet; the first one.

    Of records of the kind `record` only those `standing` use it up: what was withdrawn leaves it to what came instead.
    """
    first, last = given.days(act)
    rows = models.Claim.objects.filter(
        subject=act.subject_id,
        scheme=act.scheme,
        item=act.item,
        act_date__range=(first, last),
        state__in=rules.LIVE,
    ).exclude(channel__in=rules.BY_RECORD)
    for claim in rows.select_related("village").prefetch_related("covered").order_by("pk"):
        used = [
            row.amount
            for row in claim.covered.all()
            if row.from_date <= last
            and row.to_date >= first
            and (row.record != record or row.number in standing)
        ]
        if sum(used) < (ONE if claim.quantity is None else claim.quantity):
            return claim
    return None


def given_since(claim: models.Claim, act: Act, given: Given) -> models.Claim | None:
    """A standing claim from a record about the same act as a claim by hand.

    Where the claim by hand stood for certain records it is about their acts alone.
    """
    first, last = given.days(act)
    rows = _from_records([act]).filter(act_date__range=(first, last))
    if stood_for := [f"{one.record}:{one.number}" for one in claim.covered.all()]:
        rows = rows.filter(act__in=stood_for)
    return rows.first()


def _from_records(acts: Collection[Act]) -> QuerySet[models.Claim]:
    rows = models.Claim.objects.filter(
        channel=Channel.DERIVED,
        state__in=rules.LIVE,
        subject__in={act.subject_id for act in acts},
        scheme__in={act.scheme for act in acts},
        item__in={act.item for act in acts},
    )
    return rows.select_related("village").order_by("pk")


def _holding(rows: QuerySet[models.CoveredRecord]) -> QuerySet[models.CoveredRecord]:
    """Those whose claim is still about the days of the record."""
    return rows.filter(from_date__lte=F("claim__act_date"), to_date__gte=F("claim__act_date"))


def covered_numbers(record: str, items: Collection[tuple[str, str]], numbers: Collection[int]) -> set[int]:
    """Of the records of a kind, those that claims by hand stand for, wherever their household lives now; one query.

    A claim that was withdrawn or not approved stands for nothing, nor does one in whose place another came.
    """
    about = Q(pk__in=[])
    for scheme, item in items:
        about |= Q(claim__scheme=scheme, claim__item=item)
    key = Cast(OuterRef("claim_id"), CharField())
    fact = Cast(OuterRef("claim__fact_id"), CharField())
    again = models.Claim.objects.filter(request_key=Concat(Value(rules.AGAIN), key))
    corrected = models.Claim.objects.filter(request_key=Concat(Value(rules.CORRECTION), fact))
    rows = models.CoveredRecord.objects.filter(about, record=record, number__in=numbers)
    rows = (
        _holding(rows).exclude(claim__state__in=rules.GONE).exclude(Exists(again)).exclude(Exists(corrected))
    )
    return set(rows.values_list("number", flat=True))


def words_of(claim: models.Claim) -> str:
    """Says that an act is claimed already, and by which claim."""
    item = schemes.item_of(
        schemes.versions_in_village(claim.village, claim.scheme), claim.item, claim.act_date
    )
    words = _("“%(item)s”%(day)s的这件事已有申报（第%(number)s号，%(channel)s，%(state)s），不能再报一次。")
    return words % {
        "item": item.title.zh,
        "day": claim.act_date.isoformat(),
        "number": claim.pk,
        "channel": _(Channel(claim.channel).label),
        "state": _(ClaimState(claim.state).label),
    }


@dataclass(frozen=True, slots=True)
class CoveredLine:
    """A record that a claim by hand stands for: its kind as the pack names it, its number, since when."""

    record: str
    number: int
    covered_at: dt.datetime


def covered_by(claim_id: int) -> list[CoveredLine]:
    """The records that a claim stands, or stood, for; for whoever may see the claim."""
    rows = models.CoveredRecord.objects.filter(claim=claim_id)
    return [CoveredLine(row.record, row.number, row.covered_at) for row in rows]


def covered_counts(village: Area, *, since: dt.date) -> dict[tuple[str, str, str], int]:
    """How many records of acts since a day are covered by claims by hand, by record, scheme and item; one query."""
    rows = models.CoveredRecord.objects.filter(claim__village=village, claim__act_date__gte=since)
    counted = (
        rows.order_by().values_list("record", "claim__scheme", "claim__item").annotate(every=Count("pk"))
    )
    return {(record, scheme, item): every for record, scheme, item, every in counted}
