"""Keeping that one act counts once, whichever comes first: the claim by hand or the record of the house.

Whoever files by hand and the nightly work hold the subject first, so that neither misses what the other is about to
write. Callers raise their own refusals with the words of `refusal`.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from decimal import Decimal

from django.db import connection

from jizhi.areas.models import Area
from jizhi.claims import models, rules
from jizhi.claims.selectors import once
from jizhi.claims.selectors.once import Act, Given, act_of

__all__ = ["Act", "Given", "act_of", "carry_covered", "cover_record", "hold_acts", "refusal", "refused_acts"]


def hold_acts(subject_ids: Iterable[int]) -> None:
    """One filing at a time about what records give to a subject, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('jizhi.once:' || subject, 0))"
            " FROM unnest(%s::bigint[]) AS subject",
            [sorted(set(subject_ids))],
        )


def refused_acts(village: Area, channel: rules.Channel, acts: Collection[Act]) -> dict[Act, str]:
    """Of the acts that somebody claims by hand, those that a record gave already, each with the reason in words."""
    if channel in rules.BY_RECORD or not acts:
        return {}
    given = once.given_in(village)
    hold_acts(act.subject_id for act in acts if (act.scheme, act.item) in given.items)
    found = once.given_by_records(acts, given)
    return {act: once.words_of(claim) for act, claim in found.items()}


def refusal(before: models.Claim, act: Act) -> str:
    """Why a claim may not stand again, for another day or another subject, in words; empty where it may."""
    given = once.given_in(before.village)
    first, last = given.days(act)
    same = before.subject_id == act.subject_id and first <= before.act_date <= last
    if (same and before.state in rules.LIVE) or before.channel == rules.Channel.ACTIVITY:
        return ""
    if (act.scheme, act.item) in given.items:
        hold_acts([act.subject_id])
    if before.channel == rules.Channel.DERIVED:
        other = once.claimed_by_hand(act, given)
    else:
        other = once.given_since(before, act, given)
    return once.words_of(other) if other is not None else ""


def cover_record(
    *,
    act: Act,
    given: Given,
    record: str,
    number: int,
    standing: Collection[int],
    amount: Decimal | None,
    at: dt.datetime,
) -> models.Claim | None:
    """Let a claim by hand stand for the record, where there is one; the record gives no claim then.

    `standing` are the numbers of all records of the kind that are in order.
    """
    claim = once.claimed_by_hand(act, given, record=record, standing=standing)
    if claim is None:
        return None
    first, last = given.days(act)
    models.CoveredRecord.objects.get_or_create(
        claim=claim,
        record=record,
        number=number,
        defaults={"from_date": first, "to_date": last, "amount": amount or once.ONE, "covered_at": at},
    )
    return claim


def carry_covered(source: models.Claim, target: models.Claim, at: dt.datetime) -> None:
    """A claim filed in place of another stands for the same records."""
    models.CoveredRecord.objects.bulk_create(
        [
            models.CoveredRecord(
                claim=target,
                record=row.record,
                number=row.number,
                from_date=row.from_date,
                to_date=row.to_date,
                amount=row.amount,
                covered_at=at,
            )
            for row in source.covered.all()
        ]
    )
