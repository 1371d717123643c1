"""Filling an empty database with the county: tree, staff, households, organisations, visits and matters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from django.utils import timezone

from jizhi.accounts import services as accounts
from jizhi.accounts.rules import UserKind
from jizhi.areas import services as areas
from jizhi.demo import cast
from jizhi.demo.county import households, staff, work
from jizhi.demo.county.scale import Scale
from jizhi.demo.county.tree import COUNTY, grow
from jizhi.demo.month import moment
from jizhi.engine import loader
from jizhi.people import services as people
from jizhi.posts import services as posts
from jizhi.schemes import services as schemes

PACK = Path(__file__).parents[2] / "packs" / "linyi"
Progress = Callable[[str, float], None]


def load(
    scale: Scale, *, progress: Progress = lambda text, share: None, now: dt.datetime | None = None
) -> None:
    """Make the county of that scale. `now` is the day on which the visitor arrives."""
    now = timezone.localtime(now or timezone.now())
    begin = moment(now.date().replace(month=1, day=1), 8)
    day = begin.date()
    operator = accounts.create_user(
        username="operator", display_name="演示管理员", password=cast.PASSWORD, kind=UserKind.STAFF,
        is_superuser=True, by=None, at=begin,
    )  # fmt: skip
    pack = loader.load_pack(PACK)
    levels = [(one.key, one.title.say("zh"), one.title_en, one.grid) for one in pack.area_levels]
    areas.define_levels(levels=levels, by=operator, at=begin)
    progress("区划 · areas", 0)
    tree = grow(scale)
    by_code = areas.grow_tree(rows=tree.areas, from_date=day, by=operator, at=begin)
    county = by_code[COUNTY[0]]
    schemes.load_pack(folder=PACK, area=county, by=operator, at=begin)
    progress("职务 · posts", 0.04)
    hashed = accounts.hash_secret(cast.PASSWORD)
    posts.take_on_many(
        holders=staff.holders(tree),
        password=cast.PASSWORD,
        hashed=hashed,
        from_date=day,
        by=operator,
        at=begin,
    )
    people.write_households(
        records=households.records(scale, tree),
        by=operator,
        at=begin,
        from_date=day,
        progress=lambda done: progress("农户 · households", 0.08 + 0.5 * done / scale.households),
    )
    work.found_organisations(
        scale,
        tree,
        by_code,
        operator,
        day,
        begin,
        lambda share: progress("组织 · organisations", 0.58 + 0.1 * share),
    )
    work.visit(scale, tree, county, now, lambda share: progress("走访 · visits", 0.7 + 0.15 * share))
    work.report_matters(
        scale, tree, by_code, now, lambda share: progress("事件 · matters", 0.85 + 0.15 * share)
    )


def sign_in_lines() -> list[str]:
    """Where a visitor goes, and with what."""
    rows = (
        ("县级 county", "county"), ("乡镇 township", "town01"), ("村书记 secretary", "v001-secretary"),
        ("村委会 committee", "v001-committee"), ("网格员 grid", "w0001"), ("微网格员 micro grid", "m0001"),
        ("审计 auditor", "auditor"),
    )  # fmt: skip
    return [f"{who}   /sign-in/staff/   {name}   {cast.PASSWORD}" for who, name in rows]
