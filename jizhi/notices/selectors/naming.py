"""How a subject is called on a notice: number and masked name, a household's by its head; a minor by the number alone.

An organisation's name is nobody's: it stands there whole.
"""

import datetime as dt

from jizhi.areas.models import Area
from jizhi.core import clock
from jizhi.core.names import mask_name
from jizhi.notices import rules
from jizhi.people import selectors as people


def names(village: Area, *, on: dt.date) -> dict[str, tuple[str, str]]:
    """(number, masked name) of a village's subjects by key."""
    born_after = clock.years_before(on, rules.MINOR_YEARS)
    minors = people.minor_heads(village, before=born_after, on=on)
    plain = people.organisations_among(village)
    return {
        key: (no, "" if key in minors else head if key in plain else mask_name(head))
        for key, (no, head) in people.names_by_subject_key(village).items()
    }
