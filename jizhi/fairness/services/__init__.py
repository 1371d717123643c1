"""Opening the analysis is written down, as is every look at whole numbers of persons."""

import datetime as dt

from django.db import transaction

from jizhi.accounts.models import User
from jizhi.core import audit, clock
from jizhi.fairness.selectors import FairnessPage, Span, fairness_page


@transaction.atomic
def open_fairness(*, span: Span, by: User, at: dt.datetime) -> FairnessPage:
    """The figures of a span, with a note of who looked. Raises NotAllowed."""
    page = fairness_page(by, span, on=clock.day_of(at))
    audit.record_event(
        by=by,
        at=at,
        verb="fairness.open",
        target=span.area,
        area_path=span.area.path,
        detail={"from": span.from_date, "to": span.to_date},
    )
    return page
