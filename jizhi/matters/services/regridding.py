"""Open matters of an area that was split: each goes on in one of the parts, where somebody can see and handle it."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import audit, clock
from jizhi.matters import models, rules
from jizhi.matters.rules import Verb
from jizhi.matters.services import steps
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


@transaction.atomic
def follow_parts(*, area: Area, parts: Sequence[Area], by: User | None, at: dt.datetime) -> int:
    """Put the area's open matters into its parts: where the household of the matter lives, else into the first.

    Whoever had one in hand and serves the part no longer passes it to somebody who does; where nobody does it stays
    with whoever dispatches. Returns how many went.
    """
    posts.check_can(by, Action.MANAGE_AREAS, area, clock.day_of(at))
    rows = models.Matter.objects.select_for_update(of=("self",)).filter(area=area, state__in=rules.OPEN)
    matters = list(rows.select_related("village", "household__area", "reporter", "assignee").order_by("pk"))
    homes = people.areas_of_subjects([row.reporter_id for row in matters if row.reporter_id])
    known = {part.pk: part for part in parts}
    moved = 0
    for matter in matters:
        home = matter.household.area if matter.household else homes.get(matter.reporter_id or 0)
        target = known.get(home.pk if home else 0, parts[0])
        if target.pk == area.pk:
            continue
        _put(matter, area, target, by, at)
        moved += 1
    return moved


def _put(matter: models.Matter, before: Area, target: Area, by: User | None, at: dt.datetime) -> None:
    matter.area = target
    matter.save(update_fields=["area"])
    detail = {"area": [before.code, target.code]}
    audit.record_event(
        by=by, at=at, verb="matter.follow", target=matter, area_path=str(target.path), detail=detail
    )
    today, former = clock.day_of(at), matter.assignee
    if former is None or posts.can(former, Action.HANDLE_MATTER, target, today):
        return
    here = [one for one in posts.serving(Action.HANDLE_MATTER, target, today) if one.area_code == target.code]
    if here:
        first = min(here, key=lambda one: (one.is_deputy, one.id))
        matter.assignee = User.objects.get(pk=first.user_id)
        steps.take(matter, Verb.HAND_OVER, by=by, at=at, words=former.display_name)
