"""From the moment handed in as `at` to the calendar day of the place. Nobody asks the machine for the time here."""

import datetime as dt

from django.utils import timezone


def day_of(at: dt.datetime) -> dt.date:
    """The local (Asia/Shanghai) date of an aware datetime, whatever zone it was given in."""
    return timezone.localtime(at).date()
