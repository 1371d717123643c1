"""What becomes of letters: whose claim they may be about, who may answer, up at night, and the appeal."""

import dataclasses
import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jizhi.claims.models import Claim
from jizhi.demo.month import moment
from jizhi.notices import models, selectors, services
from jizhi.notices.rules import AppealState, LetterAbout, LetterState, Outcome
from jizhi.notices.services.letters import LETTERS_A_DAY_OF_HOUSEHOLD
from jizhi.posts.selectors import NotAllowed
from jizhi.reviews.rules import Outcome as Ruling
from jizhi.schemes import selectors as schemes
from jizhi.schemes import services as scheme_services
from tests.county import County, decide, file, posted, verify
from tests.domain.notices import world
from tests.domain.notices.test_letters import write
from tests.domain.notices.world import ANSWERED, FILED, MAY


def rejected(county: County, who: int = 0) -> Claim:
    claim = file(county, "village-meeting", MAY, subject=county.subject(who))
    verify(county, claim)
    (claim,) = decide(county, claim, day=MAY, outcome=Ruling.REJECT, reason="没有签到")
    return claim


def about(county: County, claim: Claim, who: int = 0, day: dt.date = FILED) -> models.Letter:
    subject = county.subject(who)
    letter, _token = write(
        county,
        day=day,
        about=LetterAbout.REJECTED,
        subject=subject,
        claim_id=claim.pk,
        by=county.user(subject),
    )
    return letter


def close(county: County, letter: models.Letter, state: LetterState, who: str, day: dt.date) -> models.Letter:
    return services.answer_letter(
        letter=letter, state=state, answer="查过签到表。", by=world.staff(county, who), at=moment(day, 11)
    )


def test_only_about_a_claim_of_its_own_that_was_not_recognised(county: County) -> None:
    claim, waiting = rejected(county), file(county, "public-cleaning", MAY)
    for wrong in (lambda: about(county, claim, who=1), lambda: about(county, waiting)):
        with pytest.raises(services.LetterRefused, match="本户没有认定"):
            wrong()
    with pytest.raises(services.LetterRefused, match="本户没有认定"):
        write(county, claim_id=claim.pk)
    first = about(county, claim)
    with pytest.raises(services.LetterRefused, match="正在处理"):
        about(county, claim)
    close(county, first, LetterState.UPHELD, "committee", ANSWERED)
    second = about(county, claim, day=ANSWERED)
    with pytest.raises(Exception, match="退回重新评议"):
        close(county, second, LetterState.UPHELD, "committee", ANSWERED)


def test_whoever_decided_the_claim_does_not_answer_the_letter(county: County) -> None:
    letter = about(county, rejected(county))
    with pytest.raises(services.Conflicted):
        close(county, letter, LetterState.REFUSED, "recorder", ANSWERED)
    letter.refresh_from_db()
    assert letter.state == LetterState.RECEIVED


def test_numbers_are_counted_not_compared_as_text(county: County) -> None:
    letter, _token = write(county)
    prefix = letter.number[:-3]
    for count, name in enumerate(("999", "1000")):
        models.Letter.objects.create(
            village=county.home.area, number=prefix + name, token_digest=str(count), about=LetterAbout.TOTAL,
            name="甲", contact="乙", words="丙", due_date=FILED, received_at=moment(FILED, 1),
        )  # fmt: skip
    assert write(county)[0].number == prefix + "1001"


def test_a_household_writes_so_many_a_day(county: County) -> None:
    more = {"subject": county.subject(), "by": county.user(county.subject()), "about": LetterAbout.TOTAL}
    for _n in range(LETTERS_A_DAY_OF_HOUSEHOLD):
        write(county, **more)
    with pytest.raises(services.LetterRefused, match="一天最多"):
        write(county, **more)
    write(county, day=FILED + dt.timedelta(days=1), **more)


def test_overdue_it_goes_up_at_night_and_the_township_answers(county: County) -> None:
    letter, token = write(county, about=LetterAbout.TOTAL)
    days = [FILED + dt.timedelta(days=n) for n in (10, 11)]
    assert [services.escalate_overdue_letters(at=moment(day, 2)) for day in (*days, days[1])] == [0, 1, 0]
    letter.refresh_from_db()
    assert letter.state == LetterState.ESCALATED and letter.due_date == days[1] + dt.timedelta(days=10)
    assert [line.id for line in selectors.letters_to_answer(world.staff(county, "town"), on=days[1])]
    assert selectors.letters_to_answer(county.home.staff["committee"], on=days[1]) == []
    with pytest.raises(NotAllowed):
        close(county, letter, LetterState.DISMISSED, "committee", days[1])
    close(county, letter, LetterState.DISMISSED, "town", days[1])
    found = selectors.followed_letter(county.home.area, token, on=days[1])
    assert found.line.state is LetterState.DISMISSED and found.appeal_until is None


def test_what_went_up_is_admitted_by_the_township_alone(county: County) -> None:
    """Else the village would take back what it did not answer, or what is said against its own answer."""
    fact = posted(county, "village-meeting", MAY).fact_id or 0
    notice = world.post(county)
    letter, _token = write(county)
    up = FILED + dt.timedelta(days=11)
    assert services.escalate_overdue_letters(at=moment(up, 2)) == 1
    given = {"notice": notice, "fact_id": fact, "subject": county.subject(1), "at": moment(up, 9)}
    for who in ("recorder", "committee"):
        with pytest.raises(NotAllowed):
            services.admit_letter(letter=letter, by=county.home.staff[who], **given)
    filed = services.admit_letter(letter=letter, by=world.staff(county, "town"), **given)
    filed.refresh_from_db()
    assert (filed.state, filed.received_date) == ("escalated", FILED)
    assert filed.due_date == up + dt.timedelta(days=10)
    with pytest.raises(NotAllowed):
        services.answer_objection(
            objection=filed, outcome=Outcome.DISMISSED, answer="查过", by=county.home.staff["committee"],
            at=moment(up, 10),
        )  # fmt: skip


def test_an_admitted_letters_clock_runs_from_the_day_it_came(county: County) -> None:
    fact = posted(county, "village-meeting", MAY).fact_id or 0
    notice = world.post(county)
    letter, _token = write(county)
    filed = services.admit_letter(
        letter=letter, notice=notice, fact_id=fact, subject=county.subject(1),
        by=county.home.staff["recorder"], at=moment(FILED + dt.timedelta(days=6), 9),
    )  # fmt: skip
    assert (filed.received_date, filed.due_date) == (FILED, FILED + dt.timedelta(days=3))
    assert services.escalate_overdue_objections(at=moment(FILED + dt.timedelta(days=11), 2)) == 1


def test_the_answer_is_appealed_under_the_letters_address_once(county: County) -> None:
    letter, token = write(county, about=LetterAbout.TOTAL)
    village = county.home.area

    def again(day: dt.date) -> models.Letter | models.Appeal:
        return services.appeal_letter(
            village=village, token=token, grounds="还是不对", request_key="k", by=None, at=moment(day, 12)
        )

    with pytest.raises(services.LetterRefused):
        again(FILED)
    close(county, letter, LetterState.DISMISSED, "committee", ANSWERED)
    assert selectors.followed_letter(village, token, on=ANSWERED).appeal_until is not None
    with pytest.raises(services.LetterRefused, match="期限已过"):
        again(ANSWERED + dt.timedelta(days=40))
    second = again(ANSWERED)
    assert isinstance(second, models.Letter) and second.state == LetterState.ESCALATED
    with pytest.raises(services.LetterRefused):
        again(ANSWERED)
    close(county, second, LetterState.UPHELD, "town", ANSWERED)
    found = selectors.followed_letter(village, token, on=ANSWERED)
    assert found.again is not None and found.again.state is LetterState.UPHELD


def test_a_letter_that_became_an_objection_is_appealed_like_one(county: County) -> None:
    fact = posted(county, "village-meeting", MAY).fact_id or 0
    notice = world.post(county)
    letter, token = write(county)
    filed = services.admit_letter(
        letter=letter, notice=notice, fact_id=fact, subject=county.subject(1),
        by=county.home.staff["recorder"], at=moment(FILED, 10),
    )  # fmt: skip
    world.answer(county, filed)
    appeal = services.appeal_letter(
        village=county.home.area,
        token=token,
        grounds="没有来",
        request_key="k",
        by=None,
        at=moment(ANSWERED, 12),
    )
    assert isinstance(appeal, models.Appeal) and appeal.filed_by is None
    assert selectors.disputed_facts([fact]) == {fact}
    world.hear(county, appeal, Outcome.UPHELD)
    found = selectors.followed_letter(county.home.area, token, on=ANSWERED)
    assert [one.state for one in found.appeals] == [AppealState.UPHELD]


def test_whoever_must_answer_is_reminded_once_before_and_once_after(county: County) -> None:
    fact = posted(county, "village-meeting", MAY).fact_id or 0
    filed = world.object_to(county, world.post(county), fact)
    committee, nights = county.home.staff["committee"], [FILED + dt.timedelta(days=n) for n in range(7)]
    made = [services.remind_of_answers(at=moment(day, 1)) for day in nights]
    told = models.Reminder.objects.filter(user=committee).order_by("id")
    assert [str(row.kind) for row in told] == ["soon", "overdue"]
    assert made[:2] == [0, 0] and made[2] and made[4] and sum(made) == made[2] + made[4]
    assert services.remind_of_answers(at=moment(nights[-1], 2)) == 0
    (line,) = selectors.reminders(committee)
    assert (line.objection_id, line.kind.value) == (filed.pk, "overdue")
    with pytest.raises(services.NotYourReminder):
        services.read_reminder(reminder_id=line.id, by=county.home.staff["recorder"], at=moment(ANSWERED, 9))
    services.escalate_objection(objection=filed, words="应当回避", by=committee, at=moment(nights[-1], 9))
    late = filed.due_date + dt.timedelta(days=30)
    assert services.remind_of_answers(at=moment(late, 1))
    assert any(one.objection_id == filed.pk for one in selectors.reminders(world.staff(county, "town")))
    world.answer(county, filed, day=late, who="town")
    assert selectors.reminders(world.staff(county, "town")) == selectors.reminders(committee) == []


def test_more_entries_and_objections_ask_no_more_of_the_database(county: County) -> None:
    facts = [posted(county, item, MAY).fact_id or 0 for item in ("village-meeting", "public-cleaning")]
    notice, town = world.post(county), world.staff(county, "town")

    def asked() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as counted:
            selectors.statistics(town, on=ANSWERED, since=dt.date(2026, 6, 1), until=ANSWERED)
        with CaptureQueriesContext(connection) as listed:
            found = selectors.open_entries(county.subject().pk, on=FILED)
        assert {line.fact_id for _notice, line in found} == set(facts)
        return len(counted), len(listed)

    world.object_to(county, notice, facts[0])
    asked()  # what is kept in memory is looked up once
    first = asked()
    world.object_to(county, notice, facts[1])
    world.object_to(county, notice, facts[0], who=2)
    assert asked() == first and first[1] <= 3


def test_an_answer_is_handed_up_by_one_clock_and_the_township_has_another(county: County) -> None:
    pack = schemes.pack_of(county.home.area)
    assert pack is not None
    shorter = dataclasses.replace(schemes.clocks(county.home.area), hand_up_days=5, escalate_days=8)
    scheme_services.change_clocks(
        pack=pack, clocks=shorter, reason="省里统一", by=county.operator, at=moment(MAY, 9)
    )
    fact = posted(county, "village-meeting", MAY).fact_id or 0
    filed = world.object_to(county, world.post(county), fact)
    days = [FILED + dt.timedelta(days=n) for n in (5, 6)]
    assert [services.escalate_overdue_objections(at=moment(day, 2)) for day in days] == [0, 1]
    filed.refresh_from_db()
    assert filed.due_date == days[1] + dt.timedelta(days=8)
