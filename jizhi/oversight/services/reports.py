"""Weekly reports: made from the records and frozen when they are sent, by hand or by the nightly work."""

import datetime as dt

from django.db import transaction

from jizhi.accounts.models import User
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.core import audit, clock, nights
from jizhi.oversight import models, rules, selectors
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


@transaction.atomic
def send_report(*, village: Area, by: User | None, at: dt.datetime) -> models.WeeklyReport:
    """Send the report that was due last; one that was sent already stays as it is. `by=None` is the nightly work."""
    posts.check_can(by, Action.SEND_REPORT, village, clock.day_of(at))
    first, last = selectors.days_due(village, clock.day_of(at))
    present = models.WeeklyReport.objects.filter(village=village, from_date=first).first()
    if present is not None:
        return present
    figures = selectors.figures(village, first, last)
    row, fresh = models.WeeklyReport.objects.get_or_create(
        village=village,
        from_date=first,
        defaults={
            "to_date": last,
            "figures": figures,
            "digest": rules.digest(village.code, first, figures),
            "sent_at": at,
            "sent_by": by,
        },
    )
    if fresh:
        audit.record_event(
            by=by,
            at=at,
            verb="report.send",
            target=row,
            area_path=village.path,
            detail={"digest": row.digest},
        )
    return row


def send_due_reports(*, at: dt.datetime) -> int:
    """Send what is due today in villages whose pack names this weekday. Returns how many."""
    today, sent = clock.day_of(at), 0
    for root in areas.roots_of_tree():
        for village in areas.villages([root.path]):
            if selectors.is_report_day(village, today):
                with nights.alone("weekly report of village", village.code):
                    send_report(village=village, by=None, at=at)
                    sent += 1
    return sent
