"""How long the look at even-handedness takes in a village of 1,000 households, beside merely reading its claims.

`python -m bench fairness`. The village is the demonstration's, with a panel and its grids; households, claims, votes,
facts and photos are put in by the thousand. Measured twice, with a tenth of the claims and with all of them: what says
something on a busy machine is the ratio to the baseline of the same run, and that the queries do not become more.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.timing import heading, row, timed

HOUSEHOLDS = 1_000
FACTS = 20_000
TIMES = 5
BATCH = 5_000
BEGIN = dt.date(2025, 1, 1)
ZONE = dt.timezone(dt.timedelta(hours=8))


def run() -> None:
    """A line for each size: queries, milliseconds, and how many times the baseline that is."""
    heading(
        f"Even-handedness of a year, {HOUSEHOLDS:,} households, beside reading its claims (median of five)"
    )
    with tempfile.TemporaryDirectory(prefix="jizhi-bench-") as home:
        Path(home).chmod(0o755)
        os.environ["JIZHI_DATA"] = home
        from jizhi.cli import house

        with house.open_house():
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            _measure()


def _measure() -> None:
    from jizhi.demo import cast, setup

    at = dt.datetime(2024, 12, 20, 10, tzinfo=ZONE)
    operator, township = setup.make_root(at)
    village = cast.Village("130699101201", "石桥村", "Shiqiao Village", "sq", 2, 4, "finalised")
    part = setup.make_village(village, township, operator, BEGIN, at, set())
    subjects = make_households(part, HOUSEHOLDS)
    for first, last in ((0, FACTS // 10), (FACTS // 10, FACTS)):
        taken, _made = timed(lambda first=first, last=last: make_claims(part, subjects, first, last))
        row(f"putting in {last - first:,} claims", f"{taken:.0f} s")
        _look(part, operator)


def _look(part: Any, reader: Any) -> None:
    from django.db import connection

    from jizhi.fairness import selectors

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    today = dt.date(2025, 12, 31)
    span = selectors.Span(part.area, BEGIN, today)
    claims = selectors.claims_in(span)
    base, _queries = measured(lambda: list(claims.values_list("pk", "subject", "state", "filed_at")))
    taken, queries = measured(lambda: selectors.fairness_page(reader, span, on=today))
    row(
        f"{claims.count():,} claims",
        f"{queries} queries, {taken * 1000:.0f} ms; baseline {base * 1000:.0f} ms; **{taken / base:.1f} times**",
    )


def measured(work: Callable[[], Any]) -> tuple[float, int]:
    """Seconds (median), and how many queries the work asks."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        work()
    return statistics.median(timed(work)[0] for _n in range(TIMES)), len(asked)


def make_households(part: Any, count: int) -> list[Any]:
    """So many further households of the village; their subjects."""
    from jizhi.people.models import Household, Subject

    grids = list(part.workers)
    subjects = Subject.objects.bulk_create(
        Subject(
            kind="household", key=f"{part.area.code}:b{number:05d}", label=f"测{number}", village=part.area,
            group=part.area.code, from_date=BEGIN,
        )
        for number in range(count)
    )  # fmt: skip
    Household.objects.bulk_create(
        Household(
            no=f"b{number:05d}", head_name=subject.label, village=part.area, area_id=grids[number % len(grids)],
            from_date=BEGIN, subject=subject,
        )
        for number, subject in enumerate(subjects)
    )  # fmt: skip
    return subjects


def make_claims(part: Any, subjects: list[Any], first: int, last: int) -> None:
    """Posted claims with all that stands behind them; the same numbers give the same claims."""
    from jizhi.claims.models import Claim

    rng = random.Random(first)
    moments = _moments(rng, last - first)
    decisions = _decided(part, rng, moments)
    facts = _posted(part, [rng.choice(subjects) for _one in moments], decisions, rng, first)
    workers = list(part.workers.items())
    grids = [workers[n % len(workers)] for n in range(len(facts))]
    claims = Claim.objects.bulk_create(
        (
            Claim(
                subject_id=fact.subject_id, village=part.area, area_id=grids[n][0], scheme="household", item=fact.item,
                item_kind="merit", act_date=fact.act_date, quantity=fact.quantity, channel="worker",
                request_key=f"bench:{first + n}", state="posted", filed_at=moments[n], filed_by=grids[n][1],
                verified_at=moments[n], verified_by=grids[n][1], case=decisions[n].case, fact=fact,
            )
            for n, fact in enumerate(facts)
        ),
        batch_size=BATCH,
    )  # fmt: skip
    _photograph(claims[::5], rng)


def _decided(part: Any, rng: random.Random, moments: list[dt.datetime]) -> list[Any]:
    """A case for each moment, decided by all the panel's members in twelve meetings."""
    from jizhi.reviews.models import Case, Decision, Meeting, Vote

    recorder, seats = part.staff["recorder"], list(part.panel.seats.filter(role__in=("chair", "member")))
    meetings = Meeting.objects.bulk_create(
        Meeting(
            panel=part.panel, held_on_date=BEGIN + dt.timedelta(days=30 * n), state="closed", opened_at=moments[0],
            opened_by=recorder, closed_at=moments[-1],
        )
        for n in range(12)
    )  # fmt: skip
    cases = Case.objects.bulk_create(
        (Case(village=part.area, opened_at=at) for at in moments), batch_size=BATCH
    )
    decisions = Decision.objects.bulk_create(
        (
            Decision(
                case=case, meeting=meetings[n * 12 // len(cases)], outcome="approve", votes_for=5, against=0, abstain=0,
                recused=0, decided_at=moments[n] + dt.timedelta(seconds=7), decided_by=recorder,
            )
            for n, case in enumerate(cases)
        ),
        batch_size=BATCH,
    )  # fmt: skip
    choices = ("for", "for", "for", "abstain")
    Vote.objects.bulk_create(
        (Vote(decision=one, seat=seat, choice=rng.choice(choices)) for one in decisions for seat in seats),
        batch_size=BATCH,
    )
    return decisions


def _posted(
    part: Any, subjects: list[Any], decisions: list[Any], rng: random.Random, first: int
) -> list[Any]:
    """A fact with its entry for each decision."""
    from jizhi.ledger.models import Entry, Fact

    recorder = part.staff["recorder"]
    facts = Fact.objects.bulk_create(
        (
            Fact(
                subject=subject, village=part.area, scheme="household", version_date=BEGIN, item="planting",
                act_date=decision.decided_at.date(), quantity=rng.randint(1, 20), spendable=True, published=True,
                decision_number=decision.pk, request_key=f"bench:{first + n}", posted_at=decision.decided_at,
                posted_by=recorder,
            )
            for n, (subject, decision) in enumerate(zip(subjects, decisions, strict=True))
        ),
        batch_size=BATCH,
    )  # fmt: skip
    Entry.objects.bulk_create(
        (
            Entry(
                fact=fact, subject_id=fact.subject_id, village=part.area, act_date=fact.act_date, cause="posted",
                price=100, points=100, held_back=0, posted_at=fact.posted_at, posted_by=recorder,
            )
            for fact in facts
        ),
        batch_size=BATCH,
    )  # fmt: skip
    return facts


def _photograph(claims: list[Any], rng: random.Random) -> None:
    """A photo for each, nearly all of them unlike any other."""
    from jizhi.claims.models import Evidence
    from jizhi.claims.rules import bands

    prints = [rng.getrandbits(63) for _claim in claims]
    Evidence.objects.bulk_create(
        (
            Evidence(
                claim=claim, file="x.jpg", digest=f"{claim.pk:064d}", fingerprint=look,
                bands=bands(look, claim.village_id), added_at=claim.filed_at, added_by=claim.filed_by,
            )
            for claim, look in zip(claims, prints, strict=True)
        ),
        batch_size=BATCH,
    )  # fmt: skip


def _moments(rng: random.Random, count: int) -> list[dt.datetime]:
    """Sorted moments of the year."""
    begin = dt.datetime(2025, 1, 2, tzinfo=ZONE)
    return sorted(begin + dt.timedelta(seconds=rng.randrange(360 * 86_400)) for _n in range(count))
