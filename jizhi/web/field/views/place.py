"""Where the signed-in member of staff serves, and a household in that scope. Nothing is rendered here."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from jizhi.areas import selectors as areas
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import PostKind
from jizhi.visits import selectors as visits
from jizhi.web.pages import or_404

if TYPE_CHECKING:
    from jizhi.areas.models import Area
    from jizhi.people.models import Household


def own_grids(user: Any, on: dt.date) -> list[posts.StaffPost]:
    """The posts as grid worker; for others whatever posts they hold."""
    held = posts.posts_of(user, on)
    return [post for post in held if post.kind is PostKind.GRID_WORKER] or list(held)


def village(held: list[posts.StaffPost]) -> Area | None:
    """The village of the first post; None for posts above villages."""
    for post in held[:1]:
        try:
            return areas.village_of(areas.area_by_code(post.area_code))
        except areas.NotInVillage:
            return None
    return None


def household(user: Any, household_id: int, on: dt.date) -> Household:
    """A household in the user's scope, or 404."""
    with or_404():
        return people.household_for(user, household_id, on)


def book_household(user: Any, household_id: int, on: dt.date) -> Household:
    """A household whose book the user may read, or 404."""
    with or_404():
        return visits.book_household(user, household_id, on)
