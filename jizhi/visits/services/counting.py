"""The month of a grid added up: one statement over plan, visits, classes and register, for as many grids as asked.

Counts are made anew, never stepped, so they cannot drift from what they count.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import connection

from jizhi.visits import rules, selectors

_COUNT = """
UPDATE visits_monthcount AS count SET
  households = (SELECT count(*) FROM people_household h
    WHERE h.area_id = count.area_id AND h.from_date <= %(on)s AND (h.to_date IS NULL OR h.to_date >= %(on)s)),
  special = (SELECT count(DISTINCT k.household_id) FROM people_household h
    JOIN visits_householdclass k ON k.household_id = h.id
    WHERE h.area_id = count.area_id AND k.from_date <= %(on)s AND (k.to_date IS NULL OR k.to_date >= %(on)s)
      AND h.from_date <= %(on)s AND (h.to_date IS NULL OR h.to_date >= %(on)s)),
  (planned, done) = (SELECT count(*), count(p.visit_id) FROM visits_plannedvisit p
    WHERE p.area_id = count.area_id AND p.month = count.month),
  (visits, last_visit_at) = (
    SELECT count(*), max(v.visited_at)
    FROM visits_visit v
    WHERE v.area_id = count.area_id AND v.visited_at >= %(begin)s AND v.visited_at < %(end)s)
WHERE count.month = %(month)s AND count.area_id = ANY(%(areas)s)
"""


def recount(areas: Collection[int], month: dt.date, on: dt.date) -> None:
    """Add the month of these grids up; grids without a plan have no row and stay without one."""
    last = rules.month_end(month)
    begin, end = selectors.month_span(month)
    given: dict[str, Any] = {
        "areas": sorted(areas),
        "month": month,
        "on": min(max(on, month), last),
        "begin": begin,
        "end": end,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, given)
