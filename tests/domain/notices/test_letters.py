"""Letters: taken in from anybody, few at a time, admitted as of their day or answered; and objections in numbers."""

import datetime as dt

import pytest

from jizhi.claims.models import Claim
from jizhi.demo.month import moment
from jizhi.notices import models, selectors, services
from jizhi.notices.rules import LetterAbout, LetterState, ObjectionChannel, Outcome
from jizhi.notices.services.letters import LETTERS_AN_HOUR
from jizhi.posts.selectors import NotAllowed
from jizhi.reviews.rules import Outcome as Ruling
from tests.county import County, decide, file, posted, verify
from tests.domain.notices import world
from tests.domain.notices.world import ANSWERED, FILED, MAY

HOSTILE = "<script>alert(1)</script>' OR 1=1"


def write(
    county: County, *, day: dt.date = FILED, words: str = HOSTILE, **more: object
) -> tuple[models.Letter, str]:
    given = {"about": LetterAbout.ENTRY, "name": "某人", "contact": "到家里说", "by": None, **more}
    return services.receive_letter(village=county.home.area, words=words, at=moment(day, 9), **given)  # type: ignore[arg-type]


def test_a_letter_is_numbered_followed_by_its_secret_and_marks_nothing(county: County) -> None:
    fact = posted(county, "village-meeting", MAY).fact_id
    world.post(county)
    (first, token), (second, _other) = write(county), write(county)
    assert first.number.endswith("001") and second.number.endswith("002")
    found = selectors.followed_letter(county.home.area, token, on=FILED)
    assert (found.line.id, found.line.words) == (first.pk, HOSTILE)
    assert token not in str(models.Letter.objects.values())
    for wrong in (token + "x", first.number, ""):
        with pytest.raises(selectors.NoSuchLetter):
            selectors.followed_letter(county.home.area, wrong, on=FILED)
    with pytest.raises(selectors.NoSuchLetter):
        selectors.followed_letter(county.other.area, token, on=FILED)
    assert not selectors.disputed_facts([fact or 0])


def test_too_many_and_too_little(county: County) -> None:
    with pytest.raises(services.LetterRefused, match="姓名"):
        write(county, words=" ")
    for _n in range(LETTERS_AN_HOUR):
        write(county)
    with pytest.raises(services.LetterRefused, match="来件太多"):
        write(county)
    write(county, day=FILED + dt.timedelta(days=1))
    write(county, subject=county.subject())  # a household that is signed in is not held up by strangers


def test_admitted_after_the_window_as_of_the_day_it_came(county: County) -> None:
    fact = posted(county, "village-meeting", MAY).fact_id or 0
    notice = world.post(county)
    letter, token = write(county)
    late, recorder = moment(notice.window_to_date + dt.timedelta(days=2), 9), county.home.staff["recorder"]
    with pytest.raises(NotAllowed):
        services.admit_letter(
            letter=letter, notice=notice, fact_id=fact, subject=county.subject(1),
            by=county.home.staff["supervisor"], at=late,
        )  # fmt: skip
    world.finalise(county, notice)
    assert world.balance(county) == 200
    filed = services.admit_letter(
        letter=letter,
        notice=notice,
        fact_id=fact,
        subject=county.subject(1),
        by=recorder,
        at=moment(world.FINAL, 12),
    )
    assert (filed.channel, filed.grounds) == (ObjectionChannel.PUBLIC, HOSTILE)
    assert (world.balance(county), world.held(county)) == (0, 200)
    with pytest.raises(services.LetterRefused, match="办结"):
        services.admit_letter(
            letter=letter, notice=notice, fact_id=fact, subject=county.subject(1), by=recorder, at=late
        )
    world.answer(county, filed, day=world.FINAL)
    assert selectors.followed_letter(county.home.area, token, on=FILED).objection_answer == "查过签到表。"
    late_letter, _token = write(county, day=notice.window_to_date + dt.timedelta(days=1))
    with pytest.raises(services.ObjectionClosed):
        services.admit_letter(
            letter=late_letter, notice=notice, fact_id=fact, subject=county.subject(2), by=recorder, at=late
        )
    world.check_books(county)


def test_answered_with_reasons_by_who_may(county: County) -> None:
    letter, _token = write(county, about=LetterAbout.TOTAL)
    recorder, committee, at = (
        county.home.staff["recorder"],
        county.home.staff["committee"],
        moment(ANSWERED, 9),
    )
    with pytest.raises(NotAllowed):
        services.answer_letter(letter=letter, state=LetterState.UPHELD, answer="是", by=recorder, at=at)
    with pytest.raises(services.AnswerMissing):
        services.answer_letter(letter=letter, state=LetterState.DISMISSED, answer=" ", by=committee, at=at)
    services.answer_letter(letter=letter, state=LetterState.REFUSED, answer="查无此人", by=recorder, at=at)
    with pytest.raises(services.LetterRefused):
        services.answer_letter(letter=letter, state=LetterState.UPHELD, answer="是", by=committee, at=at)


def test_a_rejected_claim_goes_back_to_the_panel(county: County) -> None:
    claim = file(county, "village-meeting", MAY)
    verify(county, claim)
    (claim,) = decide(county, claim, day=MAY, outcome=Ruling.REJECT, reason="没有签到")
    letter, _token = write(
        county,
        about=LetterAbout.REJECTED,
        subject=county.subject(),
        claim_id=claim.pk,
        by=county.user(county.subject()),
    )
    services.answer_letter(
        letter=letter, state=LetterState.UPHELD, answer="签到表漏了", by=county.home.staff["committee"],
        at=moment(ANSWERED, 9),
    )  # fmt: skip
    again = Claim.objects.get(request_key=f"again:{claim.pk}")
    (again,) = decide(county, again, day=ANSWERED)
    assert again.state == "posted" and again.fact_id
    claim.refresh_from_db()
    assert claim.state == "rejected"


def test_in_numbers(county: County) -> None:
    facts = [posted(county, item, MAY).fact_id or 0 for item in ("village-meeting", "public-cleaning")]
    notice = world.post(county)
    world.answer(
        county, world.object_to(county, notice, facts[0]), Outcome.UPHELD, day=FILED + dt.timedelta(days=2)
    )
    second = world.answer(county, world.object_to(county, notice, facts[1]), day=FILED + dt.timedelta(days=6))
    world.hear(
        county,
        world.appeal(county, second, day=dt.date(2026, 6, 12)),
        Outcome.UPHELD,
        day=dt.date(2026, 6, 13),
    )
    found = selectors.statistics(
        world.staff(county, "town"),
        on=dt.date(2026, 6, 20),
        since=dt.date(2026, 6, 1),
        until=dt.date(2026, 6, 20),
    )
    total = found.total
    assert (total.filed, total.upheld, total.dismissed, total.waiting) == (2, 1, 1, 0)
    assert (total.upheld_percent, total.late, total.appealed, total.appeals_upheld) == (50, 1, 1, 1)
    assert (total.days_median, total.days_max) == (4.0, 6)
    assert [line.key for line in found.by_month] == ["2026-06"]
    assert {line.key for line in found.by_item} == {"village-meeting", "public-cleaning"}
    stranger = selectors.statistics(
        county.other.staff["committee"], on=FILED, since=dt.date(2026, 6, 1), until=dt.date(2026, 6, 20)
    )
    assert stranger.total.filed == 0
