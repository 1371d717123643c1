"""What the end of a month's notice sets in motion: which points become spendable, until when, which days it touched."""

import calendar
import datetime as dt

from django.db.models import Sum

from jizhi.notices import models
from jizhi.schemes import selectors as schemes
from jizhi.settlement import rules as periods


def spendable_of(notice: models.Notice) -> dict[int, int]:
    """Net spendable points of the entries on a notice, by subject, in hundredths."""
    sums = (
        notice.noticed_entries.filter(entry__fact__spendable=True)
        .values_list("entry__subject_id")
        .annotate(points=Sum("entry__points"))
        .order_by("entry__subject_id")
    )
    return dict(sums)


def expiry_of(notice: models.Notice) -> dt.date | None:
    """The last day on which the notice's points can be spent, where the scheme lets them lapse.

    `carry: {months: n}`: n months after the month's end; `carry: none`: with the end of the redemption period
    (month, quarter, …) that follows the one the month lies in.
    """
    month = periods.parse_period(notice.period)
    redeem = schemes.scheme_on(notice.village, notice.scheme, month.end).redeem
    if redeem is None or (redeem.carry == "all" and redeem.months is None):
        return None
    if redeem.months is not None:
        later = month.end.month - 1 + redeem.months
        year, number = month.end.year + later // 12, later % 12 + 1
        return dt.date(year, number, calendar.monthrange(year, number)[1])
    kind = periods.settled_kind(redeem.every)
    return periods.period_of(kind, periods.period_of(kind, month.end).end + dt.timedelta(days=1)).end


def act_days_of(notice: models.Notice) -> list[dt.date]:
    """The days of the acts on a notice, each once."""
    return sorted(set(notice.noticed_entries.values_list("entry__act_date", flat=True)))
