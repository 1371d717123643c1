"""A fact that was right in part: never a heavier deduction, and whoever had a hand in it stays known."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from jizhi.claims import selectors, services
from jizhi.claims.models import Claim
from jizhi.demo.month import moment
from jizhi.ledger import selectors as ledger
from tests.county import County, decide, file, tell, verify

MAY = dt.date(2026, 5, 6)
DAY = dt.timedelta(days=1)


def counted(county: County, item: str, *, grade: str = "", day: dt.date = MAY, **about: str) -> Claim:
    claim = file(county, item, day, **about)
    verify(county, claim)
    decide(county, claim, day=day, grade=grade)
    if claim.item_kind != "merit":
        tell(county, claim, day=day + DAY)
    claim.refresh_from_db()
    return claim


def correct(county: County, claim: Claim, **what: object) -> Claim:
    return services.correct_fact(
        fact_id=claim.fact_id or 0, correction=services.Correction(**what), reason="经核查",  # type: ignore[arg-type]
        by=county.home.staff["committee"], at=moment(MAY + 10 * DAY, 9),
    )  # fmt: skip


def worth(claim: Claim) -> int:
    return sum(entry.points for entry in ledger.entries_of_subject(claim.subject_id))


def test_a_correction_never_makes_a_deduction_heavier(county: County) -> None:
    claim = counted(county, "piling", grade="2")
    before = worth(claim)
    assert before < 0
    with pytest.raises(services.UnusableClaim, match="更重") as caught:
        correct(county, claim, grade="3")
    assert caught.value.place == "outcome"
    claim.refresh_from_db()
    assert (claim.state, worth(claim)) == ("posted", before)
    lighter = correct(county, claim, grade="1")
    assert before < worth(lighter) < 0


def test_what_a_repeat_makes_of_it_counts_as_well(county: County) -> None:
    """On another day the same act would be a repeat: its price stays, what is deducted doubles."""
    counted(county, "dogs", day=dt.date(2026, 1, 2))
    claim = counted(county, "dogs", day=dt.date(2026, 7, 20))
    before = worth(claim)
    correction = {
        "fact_id": claim.fact_id or 0, "reason": "日期记错", "by": county.home.staff["committee"],
        "at": moment(dt.date(2026, 8, 3), 9),
    }  # fmt: skip
    with pytest.raises(services.UnusableClaim, match="更重"):
        services.correct_fact(correction=services.Correction(act_date=dt.date(2026, 6, 20)), **correction)
    claim.refresh_from_db()
    assert (claim.state, worth(claim)) == ("posted", before)
    services.correct_fact(correction=services.Correction(act_date=dt.date(2026, 7, 19)), **correction)
    assert worth(claim) == before


def test_a_merit_may_be_corrected_downwards(county: County) -> None:
    claim = counted(county, "planting", quantity="5")
    assert worth(correct(county, claim, quantity=Decimal(3))) > 0


def test_whoever_decided_and_brought_forward_the_first_fact_acted_in_the_corrected_one(
    county: County,
) -> None:
    claim = counted(county, "planting", quantity="5")
    first = selectors.who_acted(claim.fact_id or 0)
    corrected = correct(county, claim, quantity=Decimal(3))
    again = services.correct_fact(
        fact_id=corrected.fact_id or 0, correction=services.Correction(quantity=Decimal(2)), reason="再核",
        by=county.operator, at=moment(MAY + 12 * DAY, 9),
    )  # fmt: skip
    acted = selectors.who_acted(again.fact_id or 0)
    panel = {county.home.staff[f"panel{number}"].pk for number in range(1, 6)}
    assert panel <= first <= acted
    assert {
        claim.filed_by_id,
        claim.verified_by_id,
        county.home.staff["committee"].pk,
        county.operator.pk,
    } <= acted


def test_what_stands_in_place_of_another_claim_is_no_new_one(county: County) -> None:
    claim = counted(county, "planting", quantity="5")
    corrected = correct(county, claim, quantity=Decimal(3))
    again = services.reopen_claim(
        claim_id=corrected.pk, reason="乡镇复核", by=county.operator, at=moment(MAY + 12 * DAY, 9)
    )
    first = set(Claim.objects.first_filed().values_list("pk", flat=True))
    assert claim.pk in first and not {corrected.pk, again.pk} & first
    with pytest.raises(services.WrongState, match="已经退回"):
        services.reopen_claim(
            claim_id=corrected.pk, reason="又来", by=county.operator, at=moment(MAY + 13 * DAY, 9)
        )
