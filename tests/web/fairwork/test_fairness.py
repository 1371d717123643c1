"""What the analysis counts is what its lists show; it reads, says so in the log, and stays inside the scope."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.claims.rules import ToldHow
from jizhi.core.models import AuditEvent
from jizhi.fairness import rules, selectors
from jizhi.fairness.rules import Figure, Reading
from jizhi.organisations import services as organisations
from jizhi.posts import services as posts
from jizhi.posts.rules import PostKind
from jizhi.posts.selectors import NotAllowed
from jizhi.reviews import services as reviews
from jizhi.reviews.models import Participation
from jizhi.reviews.rules import Outcome, Voting
from tests.web import shiqiao

TODAY = dt.date(2026, 6, 15)


def span(home: Any) -> selectors.Span:
    return selectors.Span(home.village, TODAY - dt.timedelta(days=365), TODAY)


def test_every_count_is_the_length_of_its_list(home: Any) -> None:
    person = home.households["001"].memberships.order_by("id").first().person
    organisations.link_staff_person(
        user=home.users["chair"], person=person, by=home.users["root"], at=shiqiao.moment(TODAY)
    )
    page = selectors.fairness_page(home.users["root"], span(home), on=TODAY)
    for one in page.counts:
        assert selectors.claims_showing(span(home), figure=one.figure).count() == one.count, one.figure
    counts = {one.figure: one.count for one in page.counts}
    own = Claim.objects.filter(subject=home.households["001"].subject, state="posted").count()
    assert counts[Figure.CLOSE] == own > 0
    assert counts[Figure.NIGHT] == counts[Figure.OWN] == 0
    assert page.share.close == 1 and page.share.households == 8
    assert 0 < page.share.close_points < page.share.points
    assert page.share.reading is Reading.SMALL
    assert {one.trials for one in page.seats} and all(one.yes <= one.trials for one in page.seats)
    seat = page.seats[0]
    assert selectors.claims_showing(span(home), voter=seat.user_id).count() == seat.trials


def test_a_secret_ballot_on_the_own_claim_is_found_too(home: Any) -> None:
    at = shiqiao.moment(TODAY)
    claim = shiqiao.file(home, "003", "voluntary-labour", TODAY - dt.timedelta(days=2), key="secret")
    shiqiao.verify(home, [claim], at)
    claim.refresh_from_db()
    chair = home.users["chair"]
    meeting = reviews.open_meeting(
        panel=home.panel, held_on_date=TODAY, case_ids=[claim.case_id], voting=Voting.SECRET, by=chair, at=at,
        seat_ids=list(home.panel.seats.values_list("pk", flat=True)),
    )  # fmt: skip
    claims.decide_claims(
        meeting=meeting, rulings=[claims.ClaimRuling(claim.pk, Outcome.APPROVE)], by=chair, at=at
    )
    assert not selectors.claims_showing(span(home), figure=Figure.OWN).exists()
    member = Participation.objects.filter(decision__case=claim.case_id).first().seat.user
    Claim.objects.filter(pk=claim.pk).update(filed_by=member)
    assert selectors.claims_showing(span(home), figure=Figure.OWN).get().pk == claim.pk


def test_a_claim_decided_anew_and_a_correction_are_no_filings(home: Any) -> None:
    """Each is found among the points, none among what was filed, and a correction among nobody's verifications."""

    def read() -> tuple[int, dict[Figure, int], dict[int, int]]:
        page = selectors.fairness_page(root, span(home), on=TODAY)
        return page.claims, {one.figure: one.count for one in page.counts}, trials(page.verifiers)

    def trials(rates: Any) -> dict[int, int]:
        return {one.user_id: one.trials for one in rates}

    root, at = home.users["root"], shiqiao.moment(TODAY)
    day = TODAY - dt.timedelta(days=2)
    rows = [shiqiao.file(home, no, "voluntary-labour", day, key=f"anew-{no}") for no in ("001", "002")]
    shiqiao.verify(home, rows, at)
    shiqiao.decide(home, rows, TODAY)
    Claim.objects.filter(pk__in=[row.pk for row in rows]).update(quantity=20)
    for row in rows:
        row.refresh_from_db()
    (filed, before, verified), fact = read(), rows[1].fact_id
    assert before[Figure.ROUND] == 2
    again = claims.reopen_claim(claim_id=rows[0].pk, reason="退回", by=root, at=at)
    claims.correct_fact(
        fact_id=fact or 0, correction=claims.Correction(quantity=Decimal(10)), reason="更正", by=root, at=at
    )
    now, counts, trials_now = read()
    assert (now, counts[Figure.ROUND]) == (filed, 2)
    assert trials_now == verified and root.pk not in verified, "the corrector looked at nothing"
    assert selectors.claims_in(span(home)).filter(pk=again.pk).exists()


def test_a_fault_in_its_time_to_mend_counts_as_approved(home: Any) -> None:
    def rate() -> tuple[int, int]:
        page = selectors.fairness_page(home.users["root"], span(home), on=TODAY)
        return next((one.yes, one.trials) for one in page.verifiers if one.user_id == home.users["worker"].pk)

    before, at = rate(), shiqiao.moment(TODAY)
    claim = shiqiao.file(home, "001", "blocking-roads", TODAY - dt.timedelta(days=3), by="worker", key="mend")
    shiqiao.verify(home, [claim], at)
    shiqiao.decide(home, [claim], TODAY, grade="1")
    told = claims.Proof(person="户主")
    claims.tell_faults(
        claim_ids=[claim.pk],
        how=ToldHow.VISIT,
        proof=told,
        by=home.users["worker"],
        at=shiqiao.moment(TODAY, 20),
    )
    claim.refresh_from_db()
    assert claim.state == "grace"
    assert rate() == (before[0] + 1, before[1] + 1)
    mended = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(mended, format="PNG")
    mended.seek(0)
    claims.confirm_correction(
        claim_id=claim.pk, photos=[mended], by=home.users["worker"], at=shiqiao.moment(TODAY, 21)
    )
    assert rate() == (before[0] + 1, before[1] + 1)


def test_the_auditor_reads_it_and_that_is_written_down(home: Any, client_as: Any) -> None:
    root, at = home.users["root"], shiqiao.moment(TODAY)
    with pytest.raises(NotAllowed):
        selectors.fairness_page(home.users["committee"], span(home), on=TODAY)
    auditor = shiqiao._user("auditor", "审计员", root, at)
    posts.assign_post(
        user=auditor, kind=PostKind.AUDITOR, area=home.village.parent, from_date=TODAY, by=root, at=at
    )
    client, address = client_as(auditor), reverse("fairwork:fairness")
    page = client.get(address, {"area": home.village.code})
    assert page.status_code == 200 and "数量太少" in page.text
    assert AuditEvent.objects.filter(verb="fairness.open", by_id=auditor.pk).count() == 1
    listed = client.get(reverse("fairwork:fairness_claims"), {"figure": "bulk"})
    assert listed.status_code == 200
    assert client.get(reverse("fairwork:fairness_export"))["Content-Type"].endswith("sheet")
    county = home.village.parent.parent
    assert client.get(address, {"area": county.code}).status_code == 404
    assert (
        "%PDF"
        in client.get(reverse("fairwork:fairness_sheet"), {"area": home.village.code}).content[:8].decode()
    )
    for wrong in ({"from_date": "2026-06-02", "to_date": "2026-06-01"}, {"from_date": "gestern"}):
        page = client.get(address, wrong | {"area": home.village.code})
        assert page.status_code == 200 and "日期没有看懂" in page.text
    assert client_as(home.users["committee"]).get(address).status_code == 403


def test_the_list_of_a_member_keeps_to_that_member(home: Any, client_as: Any) -> None:
    client, address = client_as(home.users["root"]), reverse("fairwork:fairness_claims")
    seat = selectors.fairness_page(home.users["root"], span(home), on=TODAY).seats[0]
    page = client.get(address, {"area": home.village.code, "voter": seat.user_id})
    assert f'name="voter" value="{seat.user_id}"' in page.text, "filtering on keeps the member"
    assert f"只看{seat.name}表决过的" in page.text
    back = f"{reverse('fairwork:fairness')}?area={home.village.code}&amp;from_date="
    assert back in page.text
    assert page.context["page"].paginator.count == seat.trials
    stranger = client.get(address, {"area": home.village.code, "voter": home.users["keeper"].pk})
    assert home.users["keeper"].display_name not in stranger.text


def test_the_figures_go_into_a_workbook(home: Any, client_as: Any) -> None:
    answer = client_as(home.users["root"]).get(
        reverse("fairwork:fairness_figures"), {"area": home.village.code}
    )
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["几种情形", "评议成员", "核实人"]
    page = selectors.fairness_page(home.users["root"], span(home), on=TODAY)
    cells = {row[0]: row[1] for row in book["几种情形"].iter_rows(values_only=True)}
    assert cells["提交的申报"] == page.claims
    assert {row[0] for row in book["评议成员"].iter_rows(values_only=True)} >= {
        one.name for one in page.seats
    }


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_rate_lies_in_its_own_interval(successes: int, more: int) -> None:
    trials = successes + more
    low, high = rules.wilson(successes, trials)
    assert 0 <= low <= high <= 1
    if trials:
        assert low - 1e-9 <= successes / trials <= high + 1e-9


def test_few_say_nothing_and_only_a_rate_far_from_all_is_worth_a_look() -> None:
    assert rules.read_rate(19, 19, 50, 100) is Reading.SMALL
    assert rules.read_rate(60, 100, 55, 100) is Reading.USUAL
    assert rules.read_rate(100, 100, 55, 100) is Reading.LOOK
    assert rules.read_rate(2910, 3000, 9500, 10_000) is Reading.USUAL, (
        "two points apart say nothing, however many votes"
    )
    assert rules.read_rate(2700, 3000, 9500, 10_000) is Reading.LOOK


def test_chance_is_the_same_for_the_same_points() -> None:
    values = [100] * 40 + [900, 900]
    rich = rules.chance(values, [40, 41])
    assert rich == rules.chance(values, [40, 41])
    assert rules.read_chance(rich, 42, 2) is Reading.LOOK
    assert rules.read_chance(rules.chance(values, [0, 1]), 42, 2) is Reading.USUAL
    assert rules.read_chance(rich, 8, 2) is Reading.SMALL
