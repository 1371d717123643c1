"""Objection forms on paper: printed for a notice, keyed in once, counting from the day they came in."""

import datetime as dt

import pytest

from jizhi.channels import services as channels
from jizhi.channels.models import PaperSheet
from jizhi.channels.rules import SheetState
from jizhi.demo.month import moment
from jizhi.notices import models, selectors, services
from jizhi.notices.rules import ObjectionChannel
from jizhi.posts.selectors import NotAllowed
from tests.county import County, posted
from tests.domain.notices import world
from tests.domain.notices.world import FILED, MAY, POSTED

LATER = FILED + dt.timedelta(days=2)


def printed(county: County, notice: models.Notice, **more: object) -> list[PaperSheet]:
    given = {"count": 1, "request_key": "forms", "by": county.home.staff["recorder"], "at": moment(FILED, 9)}
    batch = services.print_objection_forms(notice=notice, **(given | more))  # type: ignore[arg-type]
    assert selectors.notice_of_forms(batch.pk) == notice
    return list(batch.sheets.order_by("number"))


def keyed(
    county: County, sheet: PaperSheet, fact: int, *, who: int = 1, day: dt.date = FILED
) -> models.Objection:
    return services.key_in_objection(
        code=sheet.code, subject=county.subject(who), fact_id=fact, grounds="那天没有开会", received_date=day,
        by=county.home.staff["recorder"], at=moment(LATER, 9),
    )  # fmt: skip


def test_keyed_in_once_from_the_day_it_came_in(county: County) -> None:
    fact = posted(county, "village-meeting", MAY).fact_id or 0
    notice = world.post(county)
    (sheet,) = printed(county, notice)
    assert [one.pk for one in printed(county, notice)] == [sheet.pk]
    for day in (POSTED - dt.timedelta(days=1), LATER + dt.timedelta(days=1)):
        with pytest.raises(services.ObjectionClosed, match="收到日期"):
            keyed(county, sheet, fact, day=day)
    filed = keyed(county, sheet, fact)
    assert (filed.channel, filed.received_date) == (ObjectionChannel.PAPER, FILED)
    assert filed.due_date == FILED + dt.timedelta(days=3)
    assert selectors.objection_from_form(sheet.code) == filed.pk
    with pytest.raises(channels.SheetSettled, match="已录入"):
        keyed(county, sheet, fact, who=2)
    assert models.Objection.objects.count() == 1
    sheet.refresh_from_db()
    assert sheet.state == SheetState.USED


def test_a_form_of_a_household_is_its_own_and_no_claim_sheet(county: County) -> None:
    fact = posted(county, "village-meeting", MAY).fact_id or 0
    notice = world.post(county)
    (sheet,) = printed(county, notice, count=0, subjects=[county.subject(1)])
    with pytest.raises(Exception, match="印给"):
        keyed(county, sheet, fact, who=2)
    with pytest.raises(channels.SheetSettled, match="印在"):
        channels.key_in_sheet(
            code=sheet.code, subject=county.subject(1), drafts=[], by=county.home.staff["recorder"],
            at=moment(LATER, 9),
        )  # fmt: skip
    sheet.refresh_from_db()
    assert sheet.state == SheetState.PRINTED
    keyed(county, sheet, fact)


def test_not_without_a_post_nor_after_the_window(county: County) -> None:
    posted(county, "village-meeting", MAY)
    notice = world.post(county)
    with pytest.raises(NotAllowed):
        printed(county, notice, by=county.home.staff["supervisor"])
    with pytest.raises(services.ObjectionClosed, match="公示期已过"):
        printed(county, notice, at=moment(notice.window_to_date + dt.timedelta(days=1), 9))
