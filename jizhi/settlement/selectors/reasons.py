"""Why a period's number is what it is, in the reader's words: one reckoning for the household's phone and the desk.

The engine explains; here its explanation is fetched for a subject and laid out for pages. No number is made here.
"""

import datetime as dt
from dataclasses import dataclass, replace

from django.utils.translation import get_language

from jizhi.claims import selectors as claims
from jizhi.engine import explain, explain_words
from jizhi.engine.document.text import Text
from jizhi.engine.tables import Result, Total
from jizhi.ledger import selectors as ledger
from jizhi.participants import selectors as participants
from jizhi.people.models import Subject
from jizhi.schemes import selectors as schemes
from jizhi.settlement import models, rules


@dataclass(frozen=True, slots=True)
class ReckonedFact:
    """One fact of a period: what it was worth, what is left, and every step between as a sentence; in hundredths."""

    fact_id: int
    act_date: dt.date
    title: Text
    price: int
    awarded: int
    held_back: int
    steps: list[str]
    reference: str


@dataclass(frozen=True, slots=True)
class ReckonedBase:
    """The base points of one base period, and why they do not count when they do not."""

    period: str
    counted: int
    why: str


@dataclass(frozen=True, slots=True)
class ReckonedOutcome:
    """One outcome of the scheme for such periods: does it follow, and why."""

    title: Text
    met: bool
    why: str


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A subject's period from its facts to its total; points in hundredths, sentences in the reader's language.

    `place`, `level` and `outcomes` need a settlement. `settled` says that the facts still come to what was settled.
    """

    base: int
    bases: list[ReckonedBase]
    facts: list[ReckonedFact]
    awarded: int
    held_back: int
    total: int
    clamp: str
    vetoed: bool
    version: str
    place: str
    level: str
    outcomes: list[ReckonedOutcome]
    settled: bool


def reckoning(subject: Subject, scheme: str, period: rules.Period) -> Reckoning:
    """The subject's period from its facts as they stand. The caller has checked the scope."""
    return _laid_out(_explained(subject, scheme, period), settled=False)


def reckoned_fact(fact_id: int) -> ReckonedFact:
    """How one fact of the ledger comes to its points as things stand. The caller has checked the scope."""
    fact = ledger.fact(fact_id)
    month = rules.period_of(rules.PeriodKind.MONTH, fact.act_date)
    found = reckoning(fact.subject, fact.scheme, month)
    return next(one for one in found.facts if one.fact_id == fact_id)


def settled_reckoning(settlement_id: int, subject_id: int) -> Reckoning | None:
    """A settled standing with place, level and outcomes; None when the settlement has no such subject.

    The caller has checked the scope. When the ledger has moved on since, the facts are shown as they stand now.
    """
    standing = (
        models.Standing.objects.filter(settlement_id=settlement_id, subject_id=subject_id)
        .select_related("settlement__village", "subject__village")
        .first()
    )
    if standing is None:
        return None
    settlement, subject = standing.settlement, standing.subject
    period = rules.parse_period(settlement.period)
    row = _total(standing, settlement)
    plain = _explained(subject, settlement.scheme, period)
    if (plain.base, plain.awarded, plain.total, plain.vetoed) != (
        row.base,
        row.awarded,
        row.total,
        row.vetoed,
    ):
        return _laid_out(plain, settled=False)
    start, totals = _settled_before(settlement, period)
    found = _explained(subject, settlement.scheme, period, start=start, result=Result(totals=totals))
    if found.rank_line:
        found = replace(found, rank_line=replace(found.rank_line, group=settlement.village.name))
    return _laid_out(found, settled=True)


def _explained(
    subject: Subject,
    scheme: str,
    period: rules.Period,
    *,
    start: dt.date | None = None,
    result: Result | None = None,
) -> explain.Explanation:
    facts = [claims.engine_fact(row) for row in ledger.facts_of_subjects([subject.pk], scheme)]
    others = participants.subjects_in(subject.village, scheme) if result is not None else ()
    return explain.explain(
        schemes.versions_in_village(subject.village, scheme),
        schemes.engine_subject(subject),
        facts,
        period.kind,
        period.key,
        result=result,
        subjects=[schemes.engine_subject(one) for one in others],
        start=start,
        end=period.end,
    )


def _settled_before(settlement: models.Settlement, period: rules.Period) -> tuple[dt.date, list[Total]]:
    """The first day of the unbroken row of settled periods that ends with this one, and all their totals."""
    versions = schemes.versions_in_village(settlement.village, settlement.scheme)
    longest = explain.first_day(versions, period.kind, period.key)
    before = models.Settlement.objects.filter(
        village=settlement.village,
        scheme=settlement.scheme,
        kind=settlement.kind,
        from_date__gte=longest,
        to_date__lt=period.start,
    )
    latest = {one.period: one for one in before.order_by("revision")}
    chain, start = [settlement], period.start
    while (earlier := latest.get(rules.period_of(period.kind, start - dt.timedelta(days=1)).key)) is not None:
        chain.append(earlier)
        start = earlier.from_date
    rows = models.Standing.objects.filter(settlement__in=chain).select_related("subject", "settlement")
    return start, [_total(row, row.settlement) for row in rows.order_by("pk")]


def _total(row: models.Standing, settlement: models.Settlement) -> Total:
    """A stored standing as a row of the engine's totals."""
    return Total(
        row.subject.key,
        row.subject.group,
        str(settlement.kind),
        settlement.period,
        row.base,
        row.awarded,
        row.total,
        row.rank,
        row.level,
        row.vetoed,
    )


def _laid_out(one: explain.Explanation, *, settled: bool) -> Reckoning:
    language = get_language() or "zh"
    level = ""
    if one.level_line:
        why = explain_words.level(one.level_line, one, language)
        level = explain_words.with_reason(one.level_line.level.say(language), why, language)
    return Reckoning(
        base=one.base,
        bases=[
            ReckonedBase(line.period, line.counted, explain_words.note(line, language))
            for line in one.base_lines
        ],
        facts=[
            ReckonedFact(
                line.fact,
                line.date,
                line.title,
                line.price,
                line.awarded,
                line.held_back,
                explain_words.reckoning(line, one, language),
                line.reference.say(language) if line.reference else "",
            )
            for line in one.lines
        ],
        awarded=one.awarded,
        held_back=sum(line.held_back for line in one.lines),
        total=one.total,
        clamp=explain_words.clamp(one, language),
        vetoed=one.vetoed,
        version=explain_words.version(one.version, "", language),
        place=explain_words.rank(one.rank_line, one, language) if one.rank_line else "",
        level=level,
        outcomes=[
            ReckonedOutcome(line.rule.title, line.met, explain_words.outcome(line, one, language))
            for line in one.outcomes
        ],
        settled=settled,
    )
