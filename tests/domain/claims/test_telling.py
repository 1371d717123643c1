"""Told first: proof of telling, attempts, the register by age, time to mend, and what the database refuses."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from PIL import Image

from jizhi.claims import rules, selectors, services
from jizhi.claims.models import Claim, Telling
from jizhi.claims.rules import Age, ClaimState, ToldHow
from jizhi.claims.services import mending
from jizhi.core import check_digits
from jizhi.core.photos import BadPhoto
from jizhi.demo.month import moment
from jizhi.ledger import selectors as ledger
from jizhi.people import selectors as people
from jizhi.posts.selectors import NotAllowed
from jizhi.reviews import services as reviews
from jizhi.reviews.rules import Outcome
from tests.county import County, decide, file, verify

MAY = dt.date(2026, 5, 6)
NEXT = MAY + dt.timedelta(days=1)


def signed(colour: str = "white") -> io.BytesIO:
    stream = io.BytesIO()
    Image.new("RGB", (120, 90), colour).save(stream, format="JPEG")
    stream.seek(0)
    return stream


def decided(county: County, item: str = "littering", **about: Any) -> Claim:
    claim = file(county, item, MAY, **about)
    verify(county, claim)
    (claim,) = decide(county, claim, day=MAY, grade=about.get("grade", ""))
    return claim


def tell(county: County, claim: Claim, how: ToldHow, day: dt.date = NEXT, **proof: Any) -> Claim:
    (told,) = services.tell_faults(
        claim_ids=[claim.pk], how=how, proof=services.Proof(**proof),
        by=county.worker(claim.subject), at=moment(day, 9),
    )  # fmt: skip
    return told


def blocking(county: County) -> Claim:
    """A fault that may be mended within three days."""
    return decided(county, "blocking-roads", grade="1")


def test_a_slip_counts_with_its_signature_only(county: County) -> None:
    claim = decided(county)
    with pytest.raises(services.WrongState) as caught:
        tell(county, claim, ToldHow.SLIP, person="户主")
    assert caught.value.place == "photo"
    with pytest.raises(BadPhoto):
        tell(county, claim, ToldHow.SLIP, photo=io.BytesIO(b"nothing"))
    tell(county, claim, ToldHow.SLIP, person="户主", photo=signed())
    (kept,) = selectors.tellings_of(claim.pk)
    assert (kept.how, kept.reached, kept.has_photo, kept.person) == (ToldHow.SLIP, True, True, "户主")
    row = selectors.signed_slip(county.user(claim.subject), kept.id, on=NEXT)
    assert row.photo.name.startswith("tellings/")
    with pytest.raises(selectors.NoSuchClaim):
        selectors.signed_slip(county.user(county.subject(1)), kept.id, on=NEXT)
    with pytest.raises(DatabaseError), transaction.atomic():
        Telling.objects.create(
            claim=claim, how=ToldHow.SLIP, reached=True, told_at=moment(NEXT, 8), recorded_at=moment(NEXT, 9),
            recorded_by=county.worker(claim.subject),
        )  # fmt: skip


def test_a_call_keeps_who_answered_and_a_masked_number(county: County) -> None:
    claim = decided(county)
    earlier = moment(NEXT, 8)
    tell(county, claim, ToldHow.CALL, person="儿子", number="13812345678", answer="知道了", told_at=earlier)
    (kept,) = selectors.tellings_of(claim.pk)
    assert (kept.person, kept.number, kept.answer, kept.told_at) == ("儿子", "138****5678", "知道了", earlier)
    claim.refresh_from_db()
    assert claim.state == ClaimState.POSTED and claim.told_at == earlier


@pytest.mark.parametrize("told_at", [moment(NEXT, 10), moment(MAY - dt.timedelta(days=80), 9)])
def test_the_time_of_telling_is_plausible(county: County, told_at: dt.datetime) -> None:
    claim = decided(county)
    with pytest.raises(services.WrongState) as caught:
        tell(county, claim, ToldHow.VISIT, told_at=told_at)
    assert caught.value.place == "told_at"
    assert ledger.entries_of_subject(claim.subject_id) == []


def test_an_attempt_is_kept_and_counts_for_nothing(county: County) -> None:
    claim, by = decided(county), county.worker(county.subject())

    def attempt(how: ToldHow, answer: str, who: Any = by) -> None:
        services.note_attempt(claim_id=claim.pk, how=how, answer=answer, by=who, at=moment(NEXT, 9))

    with pytest.raises(services.WrongState, match="写明"):
        attempt(ToldHow.CALL, " ")
    with pytest.raises(services.WrongState):
        attempt(ToldHow.SLIP, "没人")
    with pytest.raises(NotAllowed):
        attempt(ToldHow.CALL, "没人", county.other.staff["recorder"])
    attempt(ToldHow.CALL, "无人接听")
    (line,) = selectors.untold_lines(selectors.untold(by, on=NEXT), NEXT)
    assert (line.attempts, line.days, line.claim.state) == (1, 1, ClaimState.APPROVED)
    assert ledger.entries_of_subject(claim.subject_id) == []


def test_the_register_by_age(county: County) -> None:
    decided(county)
    by = county.home.staff["recorder"]

    def ages(day: dt.date) -> dict[Age, int]:
        return selectors.ages(selectors.untold(by, on=day), day)

    for days, age in (
        (0, Age.FRESH),
        (3, Age.FRESH),
        (4, Age.WEEK),
        (7, Age.WEEK),
        (8, Age.OLD),
        (90, Age.OLD),
    ):
        day = MAY + dt.timedelta(days=days)
        assert ages(day) == {age: 1}
        for one in Age:
            assert selectors.untold(by, on=day, age=one).count() == (one is age)
    assert not selectors.untold(county.other.staff["recorder"], on=NEXT).exists()


def test_what_is_mended_in_time_never_counts(county: County) -> None:
    claim = tell(county, blocking(county), ToldHow.VISIT, person="户主")
    assert (claim.state, claim.correct_until_date) == (ClaimState.GRACE, NEXT + dt.timedelta(days=3))
    assert ledger.entries_of_subject(claim.subject_id) == []
    assert "claim.grace" in {line.kind for line in people.inbox(claim.subject_id)}
    by, last = county.worker(claim.subject), NEXT + dt.timedelta(days=3)
    with pytest.raises(services.WrongState, match="照片"):
        services.confirm_correction(claim_id=claim.pk, photos=[], by=by, at=moment(last, 9))
    with pytest.raises(NotAllowed):
        services.confirm_correction(
            claim_id=claim.pk, photos=[signed()], by=county.other.staff["recorder"], at=moment(last, 9)
        )
    assert services.count_uncorrected(by=None, at=moment(last, 23)) == []
    services.confirm_correction(
        claim_id=claim.pk, photos=[signed()], note="路清了", by=by, at=moment(last, 23)
    )
    claim.refresh_from_db()
    assert (claim.state, claim.note, claim.fact_id) == (ClaimState.CORRECTED, "路清了", None)
    assert services.count_uncorrected(by=None, at=moment(last + dt.timedelta(days=9), 1)) == []
    assert ledger.entries_of_subject(claim.subject_id) == []
    assert len(selectors.claim_page(by, claim.pk, on=last).photos) == 1


def test_what_is_not_mended_counts_after_the_time_once(county: County) -> None:
    claim = tell(county, blocking(county), ToldHow.VISIT, person="户主")
    after = NEXT + dt.timedelta(days=4)
    with pytest.raises(services.WrongState, match="期限已过"):
        services.confirm_correction(
            claim_id=claim.pk, photos=[signed()], by=county.worker(claim.subject), at=moment(after, 9)
        )
    assert [row.pk for row in services.count_uncorrected(by=None, at=moment(after, 0))] == [claim.pk]
    assert services.count_uncorrected(by=None, at=moment(after, 1)) == []
    claim.refresh_from_db()
    assert claim.state == ClaimState.POSTED and claim.fact is not None
    assert claim.fact.posted_by == claim.told_by
    (entry,) = ledger.entries_of_subject(claim.subject_id)
    assert entry.points < 0


def test_opening_the_message_begins_the_time_to_mend(county: County) -> None:
    claim = blocking(county)
    services.tell_faults(
        claim_ids=[claim.pk], how=ToldHow.MESSAGE, by=county.user(claim.subject), at=moment(NEXT, 9)
    )
    claim.refresh_from_db()
    assert claim.state == ClaimState.GRACE
    with pytest.raises(services.WrongState):
        tell(county, claim, ToldHow.VISIT)


def test_the_database_refuses_a_fault_that_was_not_told(county: County) -> None:
    claim = decided(county)
    fact = file(county, "village-meeting", MAY)
    verify(county, fact)
    (fact,) = decide(county, fact, day=NEXT)
    with pytest.raises(DatabaseError, match="fault_counts_when_told"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(state=ClaimState.GRACE, correct_until_date=MAY)
    assert claim.item_kind == "fault" and fact.item_kind == "merit"
    with pytest.raises(DatabaseError, match="grace_says_until_when"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(state=ClaimState.GRACE, told_at=moment(NEXT, 9))


def test_the_slip_leads_back_to_its_claim(county: County) -> None:
    claim = decided(county)
    code = selectors.slip_code(claim.pk)
    by = county.worker(claim.subject)
    assert selectors.claim_of_slip(by, code.lower(), on=NEXT) == claim.pk
    assert check_digits.is_right(check_digits.digits(code))
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    for text, who in ((wrong, by), ("", by), (code, county.other.staff["recorder"])):
        with pytest.raises(selectors.NoSuchClaim):
            selectors.claim_of_slip(who, text, on=NEXT)


def test_ages_cover_every_day() -> None:
    assert [rules.age_of(days) for days in (0, 3, 4, 7, 8, 400)] == [
        Age.FRESH, Age.FRESH, Age.WEEK, Age.WEEK, Age.OLD, Age.OLD
    ]  # fmt: skip


def test_nobody_is_told_before_the_decision(county: County) -> None:
    claim = decided(county)
    before = moment(MAY, 18)  # the panel met at seven in the evening
    with pytest.raises(services.WrongState, match="早于决定") as caught:
        tell(county, claim, ToldHow.VISIT, person="户主", told_at=before)
    assert caught.value.place == "told_at"
    assert not Telling.objects.exists()
    told = tell(county, claim, ToldHow.VISIT, person="户主", told_at=moment(MAY, 19))
    assert told.state == ClaimState.POSTED


def test_the_time_to_mend_begins_when_the_telling_was_recorded(county: County) -> None:
    late = NEXT + dt.timedelta(days=20)
    claim = tell(county, blocking(county), ToldHow.VISIT, late, person="户主", told_at=moment(NEXT, 9))
    assert claim.told_at == moment(NEXT, 9)
    assert claim.correct_until_date == late + dt.timedelta(days=3)
    assert services.count_uncorrected(by=None, at=moment(late + dt.timedelta(days=3), 23)) == []


@pytest.mark.parametrize("how", [ToldHow.VISIT, ToldHow.CALL])
def test_a_visit_and_a_call_name_who_was_spoken_to(county: County, how: ToldHow) -> None:
    one, other = decided(county), decided(county, subject=county.subject(1))
    by = county.home.staff["recorder"]

    def told(**proof: Any) -> list[Claim]:
        return services.tell_faults(
            claim_ids=[one.pk, other.pk], how=how, proof=services.Proof(**proof), by=by, at=moment(NEXT, 9)
        )

    for proof in (
        {},
        {"person": " "},
        {"persons": {one.pk: "儿子"}},
        {"persons": {one.pk: "儿子", other.pk: " "}},
    ):
        with pytest.raises(services.WrongState, match="家的谁") as caught:
            told(**proof)
        assert caught.value.place == "person"
    assert not Telling.objects.exists()
    told(persons={one.pk: "儿子"}, person="户主本人")
    spoken = {line.claim_id: line.person for line in Telling.objects.all()}
    assert spoken == {one.pk: "儿子", other.pk: "户主本人"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800001111*", "138****1111"), ("１３８００００１１１１", "138****1111"), ("138****1111", "138****1111"),
        ("*13800001111", "138****1111"), ("1380000*1111", "138****1111"), ("138 0000 1111", "138******1111"),
        ("**", "**"),
    ],
)  # fmt: skip
def test_no_number_is_kept_whole_however_it_was_typed(county: County, typed: str, kept: str) -> None:
    claim = decided(county)
    tell(county, claim, ToldHow.CALL, person="户主", number=typed)
    (line,) = selectors.tellings_of(claim.pk)
    assert line.number == kept


def test_every_night_counts_village_by_village_and_one_failure_stops_no_other(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = tell(county, blocking(county), ToldHow.VISIT, person="户主")
    (subject,) = county.other.all_subjects[:1]
    foreign = blocking_in(county, subject)
    after, post = NEXT + dt.timedelta(days=5), mending.posting.post_claims

    def failing(*, claims: list[Claim], **more: Any) -> None:
        if claims[0].village_id == claim.village_id:
            raise RuntimeError("broken")
        post(claims=claims, **more)

    monkeypatch.setattr(mending.posting, "post_claims", failing)
    assert [row.pk for row in services.count_uncorrected(by=None, at=moment(after, 1))] == [foreign.pk]
    claim.refresh_from_db()
    assert claim.state == ClaimState.GRACE
    monkeypatch.undo()
    with pytest.raises(NotAllowed):
        services.count_uncorrected(by=county.other.staff["recorder"], at=moment(after, 2))
    mine = services.count_uncorrected(
        paths=[county.home.area.path], by=county.home.staff["recorder"], at=moment(after, 2)
    )
    assert [row.pk for row in mine] == [claim.pk]


def blocking_in(county: County, subject: Any) -> Claim:
    """A fault of the other village that its household was told of and may mend."""
    part, at = county.other, moment(MAY, 9)
    worker = part.workers[people.areas_of_subjects([subject.pk])[subject.pk].pk]
    draft = services.Draft(subject, "blocking-roads", MAY, "other:blocking", grade="1")
    (claim,) = services.file_claims(
        village=part.area, scheme="household", drafts=[draft], channel=rules.Channel.WORKER, by=worker, at=at
    )
    (claim,) = services.verify_claims(claim_ids=[claim.pk], by=worker, at=at)
    meeting = reviews.open_meeting(
        panel=part.panel, held_on_date=MAY, case_ids=[claim.case_id or 0],
        seat_ids=list(part.panel.seats.values_list("pk", flat=True)), by=part.staff["recorder"], at=moment(MAY, 19),
    )  # fmt: skip
    services.decide_claims(
        meeting=meeting, rulings=[services.ClaimRuling(claim.pk, Outcome.APPROVE, grade="1")],
        by=part.staff["recorder"], at=moment(MAY, 19),
    )  # fmt: skip
    (claim,) = services.tell_faults(
        claim_ids=[claim.pk],
        how=ToldHow.VISIT,
        proof=services.Proof(person="户主"),
        by=worker,
        at=moment(NEXT, 9),
    )
    return claim
