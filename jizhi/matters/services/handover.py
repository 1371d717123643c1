"""Handing over what a member of staff has in hand, when a post changes hands."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import clock
from jizhi.matters import selectors
from jizhi.matters.rules import Verb
from jizhi.matters.services import steps
from jizhi.matters.services.steps import UnusableMatter
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


@transaction.atomic
def move_open_work(
    *, from_user: User, to_user: User, area: Area, on: dt.date | None = None, by: Any, at: dt.datetime
) -> int:
    """Give the open matters that one user has in the area to another; deadlines stay. Returns how many.

    The successor must be allowed to handle matters there on the day `on` (today without one).
    """
    today = clock.day_of(at)
    posts.check_can(by, Action.MANAGE_POSTS, area, today)
    rows = selectors.open_work(from_user, area).select_for_update(of=("self",)).order_by("id")
    matters = list(rows.select_related("village", "area", "reporter", "assignee"))
    if matters and not posts.can(to_user, Action.HANDLE_MATTER, area, on or today):
        raise UnusableMatter(_("接手的人在当地没有办理事件的权限。"), place="to_user")
    for matter in matters:
        matter.assignee = to_user
        steps.take(matter, Verb.HAND_OVER, by=by, at=at, words=from_user.display_name)
    return len(matters)
