"""Builders of the matters' tests: who serves the named county's grids, and one call for each step. Nothing asserts."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from dataclasses import dataclass
from typing import Any

from PIL import Image

from jizhi.accounts import services as accounts
from jizhi.accounts.rules import UserKind
from jizhi.areas import selectors as areas
from jizhi.demo import cast
from jizhi.demo.month import moment
from jizhi.matters import services
from jizhi.matters.models import Matter
from jizhi.matters.rules import Channel, ToldHow
from jizhi.posts import services as posts
from jizhi.posts.rules import PostKind
from tests.county import County

DAY = dt.date(2026, 6, 15)
AT = moment(DAY, 10)


@dataclass(frozen=True)
class Place:
    """The cast around one grid: its worker, the village's leader and committee, township and county."""

    county: County
    worker: Any
    leader: Any
    committee: Any
    township: Any
    above: Any
    stranger: Any
    household: Any
    subject: Any

    @property
    def village(self) -> Any:
        return self.county.home.area

    @property
    def grid(self) -> Any:
        return self.household.area


def make_place(county: County) -> Place:
    """Add a grid leader to the named county and gather who is needed."""
    subject = county.subject()
    township = areas.area_by_code(cast.TOWNSHIP[0])
    users = {
        post.kind: post.user
        for post in _posts_above(township)
        if post.kind in (PostKind.TOWNSHIP, PostKind.COUNTY)
    }
    leader = staff(county, "leader", PostKind.GRID_LEADER, county.home.area)
    return Place(
        county=county,
        worker=county.worker(subject),
        leader=leader,
        committee=county.home.staff["committee"],
        township=users[PostKind.TOWNSHIP],
        above=users[PostKind.COUNTY],
        stranger=county.other.staff["committee"],
        household=subject.household,
        subject=subject,
    )


def _posts_above(township: Any) -> list[Any]:
    from jizhi.posts.models import Post

    return list(Post.objects.filter(area__path__ancestor_of=township.path).select_related("user"))


def staff(county: County, username: str, kind: PostKind, area: Any) -> Any:
    """A new member of staff with one post."""
    user = accounts.create_user(
        username=username, display_name=f"虚构{username}", password=cast.PASSWORD, kind=UserKind.STAFF,
        by=county.operator, at=moment(DAY - dt.timedelta(days=100), 9),
    )  # fmt: skip
    posts.assign_post(
        user=user, kind=kind, area=area, from_date=dt.date(2026, 1, 1), by=county.operator,
        at=moment(DAY - dt.timedelta(days=100), 9),
    )  # fmt: skip
    return user


def report(
    place: Place,
    *,
    by: Any = None,
    kind: str = "hygiene",
    words: str = "村口垃圾堆了三天没有清",
    at: dt.datetime = AT,
    channel: Channel = Channel.STAFF,
    photos: tuple[Any, ...] = (),
    **more: Any,
) -> Matter:
    """One report, by the grid worker unless somebody else is named."""
    more = {"area": place.grid, "place": "村口桥头", "request_key": uuid.uuid4().hex} | more
    drawn = services.Report(village=place.village, kind=kind, words=words, **more)
    return services.report_matter(report=drawn, channel=channel, photos=photos, by=by or place.worker, at=at)


def by_household(place: Place, **more: Any) -> Matter:
    """A report of the household itself."""
    user = place.county.user(place.subject)
    return report(place, by=user, channel=Channel.HOUSEHOLD, **more)


def handled(place: Place, matter: Matter, at: dt.datetime = AT) -> Matter:
    """Dispatched to the committee and dealt with."""
    services.dispatch_matter(matter_id=matter.pk, assignee=place.committee, by=place.committee, at=at)
    return services.handle_matter(matter_id=matter.pk, words="已清运", by=place.committee, at=at)


def closed(place: Place, matter: Matter, at: dt.datetime = AT) -> Matter:
    """The whole way, to the answer."""
    handled(place, matter, at)
    services.recheck_matter(matter_id=matter.pk, solved=True, by=place.worker, at=at)
    return services.close_matter(
        matter_id=matter.pk,
        feedback="垃圾已清运，增设垃圾桶。",
        told_how=ToldHow.MESSAGE,
        by=place.worker,
        at=at,
    )


def photo(colour: tuple[int, int, int] = (90, 120, 60)) -> io.BytesIO:
    """A small picture as a phone would send it."""
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(buffer, format="JPEG")
    buffer.seek(0)
    return buffer
