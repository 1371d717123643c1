"""A window made longer, a notice taken down and posted again: with reasons, nothing lost, nothing counted twice."""

import datetime as dt

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from jizhi.demo.month import moment
from jizhi.demo.setup import SCHEME
from jizhi.ledger import selectors as ledger
from jizhi.notices import models, selectors, services
from jizhi.notices.rules import NoticeState, Outcome
from jizhi.posts.selectors import NotAllowed
from tests.county import County, posted
from tests.domain.notices.test_notices import MAY, finalise, object_to, post

JUNE = dt.date(2026, 6, 3)


def withdraw(
    county: County, notice: models.Notice, day: dt.date, reason: str = "有一户漏登"
) -> models.Notice:
    return services.withdraw_notice(
        notice=notice, reason=reason, by=county.home.staff["committee"], at=moment(day, 9)
    )


def extend(
    county: County, notice: models.Notice, to: dt.date, day: dt.date = JUNE, reason: str = "农忙"
) -> None:
    services.extend_window(
        notice=notice, to_date=to, reason=reason, by=county.home.staff["committee"], at=moment(day, 10)
    )


def test_a_window_only_gets_longer_with_a_reason_and_every_step_is_kept(county: County) -> None:
    notice = post(county, "2026-05", JUNE)
    end = notice.window_to_date
    with pytest.raises(services.CannotExtend, match="只能延长"):
        extend(county, notice, end)
    with pytest.raises(services.CannotExtend, match="原因"):
        extend(county, notice, end + dt.timedelta(days=1), reason="  ")
    with pytest.raises(services.CannotExtend, match="一次最多"):
        extend(county, notice, end + dt.timedelta(days=61))
    with pytest.raises(NotAllowed):
        services.extend_window(
            notice=notice, to_date=end + dt.timedelta(days=3), reason="农忙",
            by=county.other.staff["committee"], at=moment(JUNE, 10),
        )  # fmt: skip
    extend(county, notice, end + dt.timedelta(days=3))
    extend(county, notice, end + dt.timedelta(days=5), reason="下雨")
    page = selectors.notice_page(notice.pk)
    assert [(one.from_date, one.to_date, one.reason) for one in page.extensions] == [
        (end, end + dt.timedelta(days=3), "农忙"),
        (end + dt.timedelta(days=3), end + dt.timedelta(days=5), "下雨"),
    ]
    with pytest.raises(services.CannotFinalise, match="期满"):
        finalise(county, notice, end + dt.timedelta(days=5))
    with pytest.raises(services.CannotExtend, match="公示期已过"):
        extend(county, notice, end + dt.timedelta(days=9), day=end + dt.timedelta(days=6))
    with pytest.raises(DatabaseError), transaction.atomic():
        models.Notice.objects.filter(pk=notice.pk).update(window_to_date=end)
    finalise(county, notice, end + dt.timedelta(days=6))


def test_what_was_taken_down_is_posted_again_and_counts_once(county: County) -> None:
    claim = posted(county, "village-meeting", MAY)
    first = post(county, "2026-05", JUNE)
    with pytest.raises(services.CannotWithdraw, match="原因"):
        withdraw(county, first, dt.date(2026, 6, 5), reason=" ")
    withdraw(county, first, dt.date(2026, 6, 5))
    with pytest.raises(services.CannotWithdraw, match="已经撤下"):
        withdraw(county, first, dt.date(2026, 6, 5))
    with pytest.raises(services.CannotFinalise, match="已经撤下"):
        finalise(county, first, dt.date(2026, 6, 30))
    late = posted(county, "public-cleaning", dt.date(2026, 5, 28), subject=county.subject(1))
    with pytest.raises(services.CannotPost, match="2026-05"):
        post(county, "2026-06", dt.date(2026, 7, 2))
    second = post(county, "2026-05", dt.date(2026, 6, 8))
    assert second.replaces_id == first.pk
    page = selectors.notice_page(second.pk)
    assert page.replaced_reason == "有一户漏登"
    shown = [(entry.fact, entry.points, entry.corrects) for row in page.rows for entry in row.listed]
    assert sorted(shown) == [(claim.fact_id, 200, False), (late.fact_id, 200, False)]
    assert page.unpublished is None
    with pytest.raises(services.CannotPost, match="已经张贴"):
        post(county, "2026-05", dt.date(2026, 6, 9))
    finalise(county, second, dt.date(2026, 6, 30))
    assert ledger.wallet_of(claim.subject_id).balance == 200
    second.refresh_from_db()
    with pytest.raises(services.CannotWithdraw, match="已经定案"):
        withdraw(county, second, dt.date(2026, 7, 1))
    held = models.NoticedEntry.objects.filter(entry__fact_id=claim.fact_id).order_by("pk")
    assert [(row.notice_id, row.lapsed) for row in held] == [(first.pk, True), (second.pk, False)]


def test_objections_to_what_was_taken_down_stay_open_and_hold_the_next(county: County) -> None:
    fact = posted(county, "village-meeting", MAY).fact_id
    first = post(county, "2026-05", JUNE)
    objection = object_to(county, first, fact)
    withdraw(county, first, dt.date(2026, 6, 6))
    with pytest.raises(services.ObjectionClosed):
        object_to(county, first, fact, who=2, key="late", day=dt.date(2026, 6, 7))
    second = post(county, "2026-05", dt.date(2026, 6, 8))
    page = selectors.notice_page(second.pk)
    assert fact in page.disputed
    assert page.line is not None
    assert (page.line.objections, page.line.objections_waiting) == (1, 1)
    with pytest.raises(services.CannotFinalise, match="1件异议"):
        finalise(county, second, dt.date(2026, 6, 30))
    services.answer_objection(
        objection=objection, outcome=Outcome.UPHELD, answer="查明没有参加。", by=county.home.staff["committee"],
        at=moment(dt.date(2026, 6, 29), 9),
    )  # fmt: skip
    finalise(county, second, dt.date(2026, 6, 30))
    june = post(county, "2026-06", dt.date(2026, 7, 3))
    corrected = [(one.entry.fact, one.entry.after) for one in selectors.notice_page(june.pk).corrections]
    assert corrected == [(fact, 0)]


def test_the_database_keeps_a_notice_that_was_taken_down(county: County) -> None:
    posted(county, "village-meeting", MAY)
    notice = withdraw(county, post(county, "2026-05", JUNE), dt.date(2026, 6, 5))
    for change in ({"state": NoticeState.POSTED}, {"withdrawn_reason": ""}, {"content": {}}):
        with pytest.raises(DatabaseError), transaction.atomic():
            models.Notice.objects.filter(pk=notice.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        models.NoticedEntry.objects.filter(notice=notice).update(lapsed=False)
    assert selectors.notice_of(county.home.area, "2026-05") is None
    assert notice.scheme == SCHEME
