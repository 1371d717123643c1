"""How evenly points are given in a place and a period. A figure is a condition on claims; its list uses the same.

What is filed is counted once: a claim that stands in place of an earlier one (decided anew, corrected) is no filing of
its own. Points and decisions are those of every claim.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Window
from django.db.models.functions import Coalesce, ExtractHour, Mod, TruncMinute

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.claims import selectors as claims
from jizhi.claims.models import CORRECTED, FIRST_FILED, Claim, ClaimQuerySet
from jizhi.claims.rules import ClaimState
from jizhi.core import clock
from jizhi.fairness import rules
from jizhi.fairness.rules import Chance, Figure, Reading
from jizhi.people.models import Household
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.reviews import selectors as reviews
from jizhi.reviews.models import Decision, Participation, Vote
from jizhi.reviews.rules import Choice, Procedure

APPROVED = (ClaimState.APPROVED, ClaimState.GRACE, ClaimState.CORRECTED, ClaimState.POSTED)
DECIDED = (*APPROVED, ClaimState.REJECTED, ClaimState.REVERSED)


@dataclass(frozen=True, slots=True)
class Span:
    """Where and when: an area with everything below it, and the days on which claims were filed."""

    area: Area
    from_date: dt.date
    to_date: dt.date


@dataclass(frozen=True, slots=True)
class Tally:
    """How many claims show a pattern, of how many."""

    figure: Figure
    meaning: str
    count: int
    of: int


@dataclass(frozen=True, slots=True)
class Rate:
    """How often somebody said yes, with the interval of the true rate in percent."""

    user_id: int
    name: str
    yes: int
    trials: int
    low: int
    high: int
    reading: Reading

    @property
    def percent(self) -> int:
        return round(self.yes * 100 / self.trials) if self.trials else 0


@dataclass(frozen=True, slots=True)
class Share:
    """Points (hundredths) of the households of deciders and verifiers against their share of households."""

    households: int
    close: int
    points: int
    close_points: int
    chance: Chance
    reading: Reading

    @property
    def percent_of_households(self) -> float:
        return round(self.close * 100 / self.households, 1) if self.households else 0.0

    @property
    def percent_of_points(self) -> float:
        return round(self.close_points * 100 / self.points, 1) if self.points else 0.0


@dataclass(frozen=True, slots=True)
class FairnessPage:
    """Everything about a span."""

    span: Span
    claims: int
    share: Share
    counts: list[Tally]
    seats: list[Rate]
    verifiers: list[Rate]


def claims_in(span: Span) -> ClaimQuerySet:
    """The claims filed in the span; whoever asks was let in before."""
    begin, end = clock.span(span.from_date, span.to_date)
    return Claim.objects.filter(
        village__path__descendant_of=span.area.path, filed_at__gte=begin, filed_at__lt=end
    )


def close_subjects(user_ids: Collection[int], on: dt.date) -> set[int]:
    """The subjects of the households in which these accounts' persons and their close relatives live on that day."""
    return {subject for homes in reviews.related_subjects(user_ids, on).values() for subject in homes}


def deciders_and_verifiers(span: Span) -> set[int]:
    """Accounts that voted, openly or in secret, or ruled on a claim of the span, or verified one."""
    rows = claims_in(span)
    votes = Vote.objects.filter(decision__case__claim__in=rows).exclude(choice=Choice.RECUSED)
    unseen = Participation.objects.filter(decision__case__claim__in=rows)
    ruled = Decision.objects.filter(case__claim__in=rows, meeting__procedure=Procedure.RULING)
    verified = rows.without_corrections().exclude(verified_by=None)
    users = [
        votes.values_list("seat__user", flat=True),
        unseen.values_list("seat__user", flat=True),
        ruled.values_list("decided_by", flat=True),
        verified.values_list("verified_by", flat=True),
    ]
    return {user for found in users for user in found.order_by().distinct()}


def condition(figure: Figure, span: Span, close: Collection[int]) -> Q:
    """What makes a claim show the pattern."""
    if figure is Figure.CLOSE:
        return Q(subject__in=close, state=ClaimState.POSTED)
    if figure is Figure.OWN:
        own = {"decision__case": OuterRef("case"), "seat__user": OuterRef("filed_by")}
        votes = Vote.objects.filter(**own).exclude(choice=Choice.RECUSED)
        return FIRST_FILED & (Q(Exists(votes)) | Q(Exists(Participation.objects.filter(**own))))
    if figure is Figure.NIGHT:
        return FIRST_FILED & (Q(hour__gte=rules.NIGHT_FROM) | Q(hour__lt=rules.NIGHT_TO))
    if figure is Figure.ROUND:
        return FIRST_FILED & (Q(quantity__gt=0, quantity_rest=0) | Q(given__gt=0, given_rest=0))
    if figure is Figure.PHOTO:
        pictured = claims_in(span).first_filed().filter(evidence__isnull=False).distinct()
        same = claims.same_photos(list(pictured.values_list("pk", flat=True)))
        return Q(pk__in={row.claim_id for row in same})
    decided = Decision.objects.filter(case__claim__in=claims_in(span)).annotate(
        together=Window(Count("id"), partition_by=[F("meeting"), TruncMinute("decided_at")])
    )
    return Q(case__in=decided.filter(together__gte=rules.BULK).values("case"))


def _marked(span: Span) -> QuerySet[Claim]:
    return claims_in(span).annotate(
        hour=ExtractHour("filed_at"),
        quantity_rest=Mod("quantity", rules.ROUND),
        given_rest=Mod("given", rules.ROUND),
    )


def claims_showing(span: Span, *, figure: str = "", voter: int = 0, verifier: int = 0) -> QuerySet[Claim]:
    """The claims behind a figure, or behind somebody's rate."""
    rows = _marked(span)
    if figure:
        close = close_subjects(deciders_and_verifiers(span), span.to_date) if figure == Figure.CLOSE else ()
        rows = rows.filter(condition(Figure(figure), span, close))
    if voter:
        votes = Vote.objects.filter(decision__case=OuterRef("case"), seat__user=voter)
        rows = rows.filter(Exists(votes.exclude(choice=Choice.RECUSED)))
    if verifier:
        rows = rows.exclude(CORRECTED).filter(verified_by=verifier, state__in=DECIDED)
    return rows.order_by("-filed_at", "-id")


def name_of_voter(span: Span, user_id: int) -> str:
    """Who that is, if he or she voted on a claim of the span; nothing otherwise."""
    votes = Vote.objects.filter(decision__case__claim__in=claims_in(span), seat__user=user_id)
    return votes.order_by("id").values_list("seat__user__display_name", flat=True).first() or ""


def name_of_verifier(span: Span, user_id: int) -> str:
    """Who that is, if he or she verified a claim of the span; nothing otherwise."""
    rows = claims_in(span).without_corrections().filter(verified_by=user_id).order_by("id")
    return rows.values_list("verified_by__display_name", flat=True).first() or ""


def fairness_page(user: User, span: Span, *, on: dt.date) -> FairnessPage:
    """Every figure of a span. Raises NotAllowed."""
    posts.check_can(user, Action.VIEW_FAIRNESS, span.area, on)
    close = close_subjects(deciders_and_verifiers(span), span.to_date)
    named = {f"n_{one.value}": Count("pk", filter=condition(one, span, close)) for one in Figure}
    sums = _marked(span).aggregate(
        filed=Count("pk", filter=FIRST_FILED),
        every=Count("pk"),
        posted=Count("pk", filter=Q(state=ClaimState.POSTED)),
        **named,
    )
    among = {Figure.CLOSE: "posted", Figure.BULK: "every"}
    counts = [
        Tally(one, rules.MEANING[one], sums[f"n_{one.value}"], sums[among.get(one, "filed")])
        for one in Figure
    ]
    return FairnessPage(span, sums["filed"], _share(span, close), counts, _seats(span), _verifiers(span))


def _share(span: Span, close: set[int]) -> Share:
    """Points awarded for merits of the span, household by household; households without any count as well."""
    here = Household.objects.registered_on(span.to_date).filter(village__path__descendant_of=span.area.path)
    subjects = sorted(here.values_list("subject_id", flat=True))
    sums = dict(
        claims_in(span)
        .filter(state=ClaimState.POSTED, fact__entries__points__gt=0)
        .order_by("subject")
        .values_list("subject")
        .annotate(points=Coalesce(Sum("fact__entries__points"), 0))
    )
    values = [sums.get(subject, 0) for subject in subjects]
    chosen = [place for place, subject in enumerate(subjects) if subject in close]
    found = rules.chance(values, chosen)
    return Share(
        households=len(subjects),
        close=len(chosen),
        points=sum(values),
        close_points=sum(values[place] for place in chosen),
        chance=found,
        reading=rules.read_chance(found, len(subjects), len(chosen)),
    )


def _seats(span: Span) -> list[Rate]:
    votes = Vote.objects.filter(decision__case__claim__in=claims_in(span)).exclude(choice=Choice.RECUSED)
    rows = votes.values_list("seat__user", "seat__user__display_name").annotate(
        trials=Count("pk"), yes=Count("pk", filter=Q(choice=Choice.FOR))
    )
    return _rates(rows.order_by("seat__user"))


def _verifiers(span: Span) -> list[Rate]:
    rows = (
        claims_in(span)
        .without_corrections()
        .filter(state__in=DECIDED)
        .exclude(verified_by=None)
        .values_list("verified_by", "verified_by__display_name")
        .annotate(trials=Count("pk"), yes=Count("pk", filter=Q(state__in=APPROVED)))
    )
    return _rates(rows.order_by("verified_by"))


def _rates(rows: Any) -> list[Rate]:
    found = list(rows)
    trials, yes = sum(row[2] for row in found), sum(row[3] for row in found)
    rates = []
    for user_id, name, tried, agreed in found:
        low, high = rules.wilson(agreed, tried)
        reading = rules.read_rate(agreed, tried, yes, trials)
        rates.append(Rate(user_id, name, agreed, tried, round(low * 100), round(high * 100), reading))
    return sorted(rates, key=lambda one: (one.reading is not Reading.LOOK, -one.trials, one.user_id))
