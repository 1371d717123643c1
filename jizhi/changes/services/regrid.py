"""Splitting and merging areas together with the work under way in them, in the one transaction of `people`'s regrid.

Matters and claims lie below this room and above the areas; here each follows its household into the new grid, and the
monthly plan of visits is made anew for the grids that changed.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.areas.services import NewArea
from jizhi.claims.services import regridding as claims
from jizhi.matters.services import regridding as matters
from jizhi.people.services import regrid
from jizhi.people.services.regrid import Regridded
from jizhi.visits import services as visits


@transaction.atomic
def split_area(
    *,
    area: Area,
    parts: Sequence[NewArea],
    keep: bool,
    on: dt.date,
    households: Mapping[int, int] | None = None,
    children: Mapping[int, int] | None = None,
    duties: Mapping[int, int] | None = None,
    by: User | None,
    at: dt.datetime,
) -> Regridded:
    """Split as `people` does; open matters and claims under way go with their household, all others to the first part.

    What has ended stays in the area that was split.
    """
    told = regrid.split_area(
        area=area, parts=parts, keep=keep, on=on, households=households, children=children, duties=duties,
        by=by, at=at,
    )  # fmt: skip
    matters.follow_parts(area=area, parts=told.areas, by=by, at=at)
    claims.follow_parts(area=area, parts=told.areas, by=by, at=at)
    visits.refresh_plans(grids=[area, *told.areas], at=at)
    return told


@transaction.atomic
def merge_areas(
    *, merged: Sequence[Area], into: Area | NewArea, on: dt.date, by: User | None, at: dt.datetime
) -> Regridded:
    """Merge as `people` does: the ended areas lie below the one that stays, and so does the work that is in them."""
    told = regrid.merge_areas(merged=merged, into=into, on=on, by=by, at=at)
    visits.refresh_plans(grids=[*merged, *told.areas], at=at)
    return told
