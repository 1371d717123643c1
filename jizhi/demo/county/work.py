"""What goes on in the county, through the services: party organisations, this month's visits, matters under way."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from jizhi.demo.county.scale import Scale
from jizhi.demo.county.tree import COUNTY, Tree
from jizhi.demo.matters import STORIES
from jizhi.matters import services as matters
from jizhi.matters.rules import Channel, ToldHow
from jizhi.organisations import services as organisations
from jizhi.organisations.rules import OrganisationKind as Kind
from jizhi.people import selectors as people
from jizhi.posts.selectors import staff_by_account
from jizhi.visits import rules as visiting
from jizhi.visits import services as visits
from jizhi.visits.rules import How, Topic

if TYPE_CHECKING:
    from jizhi.accounts.models import User
    from jizhi.areas.models import Area
    from jizhi.organisations.models import Organisation

Progress = Callable[[float], None]
AreasByCode = dict[str, "Area"]


def found_organisations(
    scale: Scale, tree: Tree, areas: AreasByCode, by: User, day: dt.date, at: dt.datetime, progress: Progress
) -> None:
    """A committee for the county and each township, a general branch a village, branches on grids; villages' bodies."""

    def found(kind: Kind, name: str, code: str, parent: Organisation | None = None) -> Organisation:
        data = organisations.OrganisationData(kind=kind, name=name, area=areas[code], parent=parent)
        return organisations.create_organisation(data=data, from_date=day, by=by, at=at)

    root = found(Kind.PARTY_COMMITTEE, f"{COUNTY[1]}委员会", COUNTY[0])
    towns = {
        one.code: found(Kind.PARTY_COMMITTEE, f"{one.name}党委", one.code, root) for one in tree.townships
    }
    general = {}
    for number, one in enumerate(tree.villages):
        progress(number / len(tree.villages) / 2)
        general[one.code] = found(Kind.GENERAL_BRANCH, f"{one.name}党总支", one.code, towns[one.code[:9]])
        found(Kind.VILLAGERS_COMMITTEE, f"{one.name}村民委员会", one.code)
        found(Kind.SUPERVISION_COMMITTEE, f"{one.name}村务监督委员会", one.code)
    left = scale.party_organisations - 1 - len(towns) - len(general)
    for number, grid in enumerate(tree.grids[:left]):
        progress(0.5 + number / max(1, left) / 2)
        found(Kind.BRANCH, f"{grid.name}党支部", grid.code, general[grid.village])


def visit(scale: Scale, tree: Tree, county: Area, now: dt.datetime, progress: Progress) -> None:
    """The month's plan for every household, and the visits of some grids so far."""
    month = visiting.month_of(now.date())
    visits.make_plans(area=county, month=month, by=None, at=now)
    rng = random.Random("visits")
    share = max(1, -(-scale.visits // len(tree.grids)))
    for number, grid in enumerate(tree.grids[: -(-scale.visits // share)], 1):
        progress(number / (scale.visits / share))
        worker = staff_by_account(f"w{number:04d}")
        for household in people.some_households(grid.code, limit=share):
            visits.record_visit(
                household=household,
                how=rng.choices((How.HOME, How.ABSENT), (9, 1))[0],
                topics=rng.sample(list(Topic), 1),
                request_key=f"county-visit-{household.pk:08d}",
                by=worker,
                at=now - dt.timedelta(minutes=rng.randrange(1, 9)),
            )


def report_matters(
    scale: Scale, tree: Tree, areas: AreasByCode, now: dt.datetime, progress: Progress
) -> None:
    """Matters of the last months: most are closed, the latest are under way."""
    rng = random.Random("matters")
    numbers = {village.code: number for number, village in enumerate(tree.villages, 1)}
    for number in range(scale.matters):
        if number % 50 == 0:
            progress(number / scale.matters)
        place = number * len(tree.grids) // scale.matters
        grid = tree.grids[place]
        at = now - dt.timedelta(days=rng.randrange(0, 120), minutes=rng.randrange(1, 400))
        story = STORIES[number % len(STORIES)]
        worker = staff_by_account(f"w{place + 1:04d}")
        committee = staff_by_account(f"v{numbers[grid.village]:03d}-committee")
        _matter(
            story,
            areas[grid.village],
            areas[grid.code],
            worker,
            committee,
            f"county-matter-{number}",
            at,
            rng,
        )


def _matter(
    story: tuple[str, ...],
    village: Area,
    grid: Area,
    worker: User,
    committee: User,
    key: str,
    at: dt.datetime,
    rng: random.Random,
) -> None:
    kind, words, place, done, answer = story
    report = matters.Report(village=village, kind=kind, words=words, request_key=key, area=grid, place=place)
    matter = matters.report_matter(report=report, channel=Channel.STAFF, by=worker, at=at)
    if rng.random() < 0.2:
        return
    pk = matter.pk
    matters.dispatch_matter(matter_id=pk, assignee=committee, by=committee, at=at + dt.timedelta(minutes=10))
    matters.start_matter(matter_id=pk, by=committee, at=at + dt.timedelta(minutes=20))
    if rng.random() < 0.2:
        return
    matters.handle_matter(matter_id=pk, words=done, by=committee, at=at + dt.timedelta(minutes=30))
    matters.recheck_matter(
        matter_id=pk, solved=True, words="到现场看过，已解决。", by=worker, at=at + dt.timedelta(minutes=40)
    )
    told = ToldHow.VISIT
    matters.close_matter(
        matter_id=pk, feedback=answer, told_how=told, by=worker, at=at + dt.timedelta(minutes=50)
    )
