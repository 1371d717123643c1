"""Claims under way of an area that was split: the grid in which somebody verifies and tells follows the household."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.claims import models
from jizhi.claims.services.handing import OPEN
from jizhi.core import audit, clock
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


@transaction.atomic
def follow_parts(*, area: Area, parts: Sequence[Area], by: User | None, at: dt.datetime) -> int:
    """Put the claims that somebody still works on into the part where their household is, else into the first.

    What was posted or ended stays where it was. Returns how many went.
    """
    posts.check_can(by, Action.MANAGE_AREAS, area, clock.day_of(at))
    rows = models.Claim.objects.select_for_update(of=("self",)).filter(area=area, state__in=OPEN)
    claims = list(rows.order_by("pk"))
    homes = people.areas_of_subjects({row.subject_id for row in claims})
    known = {part.pk: part for part in parts}
    going = []
    for claim in claims:
        home = homes.get(claim.subject_id)
        claim.area = known.get(home.pk if home else 0, parts[0])
        if claim.area_id != area.pk:
            going.append(claim)
    models.Claim.objects.bulk_update(going, ["area"], batch_size=1000)
    audit.append_events(
        [
            audit.new_event(
                by=by, at=at, verb="claim.follow", target=claim, area_path=str(claim.area.path),
                detail={"area": [area.code, claim.area.code]},
            )
            for claim in going
        ]
    )  # fmt: skip
    return len(going)
