"""From the moment handed in as `at` to the calendar day of the place. Nobody asks the machine for the time here."""

import datetime as dt

from django.utils import timezone


def zone() -> dt.tzinfo:
    """The zone of the place."""
    return timezone.get_default_timezone()


def day_of(at: dt.datetime) -> dt.date:
    """The local (Asia/Shanghai) date of an aware datetime, whatever zone it was given in."""
    return timezone.localtime(at).date()


def years_before(day: dt.date, years: int) -> dt.date:
    """The same day so many years earlier, the birthday of whoever is of that age; 29 February counts as the 28th."""
    if (day.month, day.day) == (2, 29):
        day = day.replace(day=28)
    return day.replace(year=day.year - years)


def start_of(day: dt.date) -> dt.datetime:
    """The moment at which a day begins in the place."""
    return dt.datetime.combine(day, dt.time(), tzinfo=zone())


def span(first: dt.date, last: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """From the first day's beginning to the end of the last day: the first moment, and the first one after them."""
    return start_of(first), start_of(last + dt.timedelta(days=1))
