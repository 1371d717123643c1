"""Rows that hold from a day to a day, both ends inclusive and the last one open: asked in one way everywhere."""

import datetime as dt

from django.db.models import Q


def lasting_on(day: dt.date, to: str = "") -> Q:
    """Rows whose period contains the day; `to` leads to them (`"household__"`)."""
    return Q(**{f"{to}from_date__lte": day}) & not_over_before(day, to)


def not_over_before(day: dt.date, to: str = "") -> Q:
    """Rows that hold on the day or begin later: those that had not ended before it."""
    return Q(**{f"{to}to_date": None}) | Q(**{f"{to}to_date__gte": day})
