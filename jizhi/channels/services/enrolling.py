"""Keeping who takes part in schemes of persons and organisations in step with the registers, by hand and by night."""

import datetime as dt

from django.db import transaction

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.channels.selectors import enrolling
from jizhi.core import clock
from jizhi.participants import selectors as participants
from jizhi.participants import services
from jizhi.schemes import selectors as schemes


@transaction.atomic
def follow_registers(*, village: Area, scheme: str, by: User | None, at: dt.datetime) -> services.Followed:
    """Bring one scheme's participants up to the registers. Raises schemes.NotInForce, NotAllowed."""
    document = schemes.scheme_on(village, scheme, clock.day_of(at))
    return services.follow_registers(
        village=village,
        scheme=scheme,
        team_members=enrolling.brought(village, document),
        by=by,
        at=at,
    )


def follow_all(*, village: Area, at: dt.datetime) -> int:
    """Every scheme of the village that enrols by a register. Returns how many joined or left."""
    changed = 0
    for document in participants.schemes_in_force(village, clock.day_of(at)):
        if document.enrol is not None:
            found = follow_registers(village=village, scheme=document.id, by=None, at=at)
            changed += found.joined + found.left
    return changed
