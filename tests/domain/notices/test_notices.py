"""Notices: once a month, locked as posted, masked, late entries on the next one; objections by whom and until when."""

import datetime as dt

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from jizhi.claims import services as claims
from jizhi.demo.month import moment
from jizhi.demo.setup import SCHEME
from jizhi.ledger import selectors as ledger
from jizhi.notices import models, selectors, services
from jizhi.notices.rules import ObjectionChannel, Outcome
from jizhi.posts.selectors import NotAllowed
from jizhi.settlement import selectors as settlement
from tests.county import County, posted

MAY = dt.date(2026, 5, 6)


def post(county: County, period: str, day: dt.date) -> models.Notice:
    return services.post_notice(
        village=county.home.area,
        scheme=SCHEME,
        period=period,
        by=county.home.staff["committee"],
        at=moment(day, 9),
    )


def finalise(county: County, notice: models.Notice, day: dt.date) -> None:
    services.finalise_notice(notice=notice, by=county.home.staff["committee"], at=moment(day, 9))


def object_to(
    county: County,
    notice: models.Notice,
    fact: int,
    *,
    who: int = 1,
    key: str = "o",
    day: dt.date = dt.date(2026, 6, 5),
) -> models.Objection:
    subject = county.subject(who)
    return services.file_objection(
        notice=notice, fact_id=fact, subject=subject, grounds="不实", channel=ObjectionChannel.PHONE_PAGE,
        request_key=key, by=county.user(subject), at=moment(day, 9),
    )  # fmt: skip


def test_a_month_is_posted_once_after_its_end_by_the_committee(county: County) -> None:
    with pytest.raises(services.CannotPost, match="还没有结束"):
        post(county, "2026-05", dt.date(2026, 5, 31))
    post(county, "2026-05", dt.date(2026, 6, 3))
    with pytest.raises(services.CannotPost, match="已经张贴"):
        post(county, "2026-05", dt.date(2026, 6, 4))
    with pytest.raises(NotAllowed):
        services.post_notice(
            village=county.home.area, scheme=SCHEME, period="2026-04",
            by=county.other.staff["committee"], at=moment(dt.date(2026, 6, 3), 9),
        )  # fmt: skip


def test_preview_is_what_is_posted_and_it_stays(county: County) -> None:
    posted(county, "village-meeting", MAY)
    committee = county.home.staff["committee"]
    before = selectors.preview(committee, county.home.area, SCHEME, "2026-05", on=dt.date(2026, 6, 3))
    notice = post(county, "2026-05", dt.date(2026, 6, 3))
    after = selectors.notice_page(notice.pk)
    assert before.rows == after.rows
    heads = {subject.label for subject in county.home.all_subjects}
    assert not any(head in str(notice.content) for head in heads)
    assert {row.total for row in after.rows} == {10000, 10200}
    with pytest.raises(DatabaseError), transaction.atomic():
        models.Notice.objects.filter(pk=notice.pk).update(digest="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        notice.delete()


def test_late_and_reversing_entries_stand_on_the_next_notice_and_revise_the_month(county: County) -> None:
    first = posted(county, "village-meeting", MAY)
    may = post(county, "2026-05", dt.date(2026, 6, 3))
    late = posted(county, "public-cleaning", MAY)
    finalise(county, may, dt.date(2026, 6, 20))
    assert ledger.wallet_of(first.subject_id).balance == 200
    claims.reverse_fact(
        fact_id=first.fact_id,
        reason="核查",
        by=county.home.staff["committee"],
        at=moment(dt.date(2026, 6, 22), 9),
    )
    june = post(county, "2026-06", dt.date(2026, 7, 3))
    page = selectors.notice_page(june.pk)
    assert [(e.fact, e.points) for row in page.rows for e in row.listed] == [(late.fact_id, 200)]
    corrected = [(c.entry.fact, c.entry.before, c.entry.points, c.entry.after) for c in page.corrections]
    assert corrected == [(first.fact_id, 200, -200, 0)]
    finalise(county, june, dt.date(2026, 7, 20))
    assert ledger.wallet_of(first.subject_id).balance == 200
    revisions = [
        (line.period, line.revision, line.awarded, line.equal)
        for line in settlement.settlements(county.operator, on=dt.date(2026, 7, 20), kind="month")
    ]
    assert ("2026-05", 2, 200, True) in revisions


def test_objections_are_for_the_window_the_village_and_once(county: County) -> None:
    fact = posted(county, "village-meeting", MAY).fact_id
    notice = post(county, "2026-05", dt.date(2026, 6, 3))
    assert object_to(county, notice, fact).pk == object_to(county, notice, fact).pk
    with pytest.raises(services.ObjectionClosed, match="不用重复"):
        object_to(county, notice, fact, key="again")
    with pytest.raises(services.NoSuchFact):
        object_to(county, notice, fact + 1000, key="other")
    stranger = county.other.all_subjects[0]
    with pytest.raises(services.ObjectionClosed, match="本村"):
        services.file_objection(
            notice=notice, fact_id=fact, subject=stranger, grounds="不实", channel=ObjectionChannel.PHONE_PAGE,
            request_key="x", by=county.other.household_users[stranger.pk], at=moment(dt.date(2026, 6, 5), 9),
        )  # fmt: skip
    last = notice.window_to_date
    assert object_to(county, notice, fact, who=2, key="last", day=last).state == "filed"
    with pytest.raises(services.ObjectionClosed, match="公示期已过"):
        object_to(county, notice, fact, who=3, key="late", day=last + dt.timedelta(days=1))


def test_an_answer_needs_words_and_comes_once(county: County) -> None:
    fact = posted(county, "village-meeting", MAY).fact_id
    notice = post(county, "2026-05", dt.date(2026, 6, 3))
    objection = object_to(county, notice, fact)
    committee, at = county.home.staff["committee"], moment(dt.date(2026, 6, 6), 9)
    with pytest.raises(Exception, match="答复和理由"):
        services.answer_objection(
            objection=objection, outcome=Outcome.UPHELD, answer=" ", by=committee, at=at
        )
    services.answer_objection(
        objection=objection, outcome=Outcome.DISMISSED, answer="有签到表。", by=committee, at=at
    )
    with pytest.raises(services.ObjectionClosed):
        services.answer_objection(
            objection=objection, outcome=Outcome.UPHELD, answer="改主意", by=committee, at=at
        )
    assert ledger.worth_of_facts([fact]) == {fact: (200, 0)}


def test_an_earlier_notice_comes_first(county: County) -> None:
    april = post(county, "2026-04", dt.date(2026, 5, 3))
    may = post(county, "2026-05", dt.date(2026, 6, 3))
    with pytest.raises(services.CannotFinalise, match="2026-04"):
        finalise(county, may, dt.date(2026, 6, 20))
    finalise(county, april, dt.date(2026, 6, 20))
    finalise(county, may, dt.date(2026, 6, 20))
