"""What an area's history says about one day."""

from __future__ import annotations

import datetime as dt

from jizhi.areas import selectors
from jizhi.areas.models import Area


def place_on(area: Area, day: dt.date) -> selectors.PlaceOnDay | None:
    """Its name and path then, as its page tells them; None while it was not there."""
    found = [
        one
        for one in selectors.places_over_time(area)
        if one.from_date <= day and (one.to_date is None or day <= one.to_date)
    ]
    assert len(found) <= 1, "each day has one answer"
    return found[0] if found else None
