"""Setting the demonstration up: levels, areas, staff, households with cards, the adopted scheme, panel and goods."""

from __future__ import annotations

import datetime as dt
import functools
import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jizhi.accounts import services as accounts
from jizhi.accounts.rules import UserKind
from jizhi.areas import services as areas
from jizhi.areas.selectors import grids_of
from jizhi.demo import cast
from jizhi.engine import loader
from jizhi.people import selectors as people
from jizhi.people import services as people_services
from jizhi.posts import services as posts
from jizhi.posts.rules import PostKind
from jizhi.reviews import services as reviews
from jizhi.reviews.rules import SeatRole
from jizhi.schemes import selectors as schemes
from jizhi.schemes import services as scheme_services
from jizhi.schemes.rules import MeetingKind
from jizhi.sheets.roster import Roster, RosterHousehold, RosterMember
from jizhi.store import services as store

if TYPE_CHECKING:
    from jizhi.accounts.models import User
    from jizhi.areas.models import Area
    from jizhi.people.models import Subject
    from jizhi.reviews.models import Panel

PACK = Path(__file__).parents[1] / "packs" / "gaoyang"
SCHEME = "household"


@dataclass(frozen=True)
class VillageParts:
    """A village as the simulation drives it: its people by post, its households by grid."""

    cast: cast.Village
    area: Area
    staff: dict[str, User]
    workers: dict[int, User]
    subjects: dict[int, list[Subject]]
    household_users: dict[int, User]
    panel: Panel

    @property
    def all_subjects(self) -> list[Subject]:
        return [subject for subjects in self.subjects.values() for subject in subjects]


def make_root(at: dt.datetime) -> tuple[User, Area]:
    """The operator, the levels of the pack, the county and the township. Returns the operator and the township."""
    operator = accounts.create_user(
        username="operator",
        display_name="演示管理员",
        password=cast.PASSWORD,
        kind=UserKind.STAFF,
        is_superuser=True,
        by=None,
        at=at,
    )
    pack = loader.load_pack(PACK)
    areas.define_levels(
        levels=[(one.key, one.title.say("zh"), one.title_en, one.grid) for one in pack.area_levels],
        by=operator,
        at=at,
    )
    day = at.date().replace(month=1, day=1)
    county = _area(cast.COUNTY, "county", None, day, operator, at)
    township = _area(cast.TOWNSHIP, "township", county, day, operator, at)
    scheme_services.load_pack(folder=PACK, area=county, by=operator, at=at)
    for username, title, kind, code in cast.ABOVE_STAFF:
        area = county if code == county.code else township
        _staff(username, title, kind, area, operator, day, at)
    _area(cast.EMPTY_VILLAGE, "village", township, day, operator, at)
    return operator, township


def _area(
    place: tuple[str, str, str], level: str, parent: Area | None, day: dt.date, by: User, at: dt.datetime
) -> Area:
    code, name, name_en = place
    return areas.create_area(
        code=code, name=name, name_en=name_en, level=level, parent=parent, from_date=day, by=by, at=at
    )


@functools.cache
def _hashed() -> str:
    """The demonstration's one password, hashed once a run."""
    return accounts.hash_secret(cast.PASSWORD)


def _staff(
    username: str,
    title: str,
    kind: PostKind,
    area: Area,
    by: User,
    day: dt.date,
    at: dt.datetime,
    name: str = "",
) -> User:
    name = name or cast.person_name(random.Random(username))
    user = accounts.create_user(
        username=username,
        display_name=f"{name}（{title}）",
        password=cast.PASSWORD,
        hashed=_hashed(),
        kind=UserKind.STAFF,
        work_phone=f"199{random.Random(username).randrange(10**8):08d}",
        by=by,
        at=at,
    )
    posts.assign_post(user=user, kind=kind, area=area, from_date=day, by=by, at=at)
    return user


def make_village(
    village: cast.Village, township: Area, operator: User, begin: dt.date, at: dt.datetime, taken: set[str]
) -> VillageParts:
    """One village with everything it needs before its first month; `begin` is that month's first day."""
    place = (village.code, village.name, village.name_en)
    day = at.date().replace(month=1, day=1)
    area = _area(place, "village", township, day, operator, at)
    people_services.import_households(
        roster=_roster(village, random.Random(village.code), taken),
        village=area,
        dry_run=False,
        by=operator,
        at=at,
        from_date=begin,
    )
    villagers = _panel_names(area)
    staff = {
        name: _staff(
            f"{village.prefix}-{name}", title, kind, area, operator, day, at, villagers.get(name, "")
        )
        for name, title, kind in cast.VILLAGE_STAFF
    }
    grids = grids_of(area)
    workers = {
        grid.pk: _staff(
            f"{village.prefix}-grid{number:02d}", "网格员", PostKind.GRID_WORKER, grid, operator, day, at
        )
        for number, grid in enumerate(grids, 1)
    }
    subjects, users = _households(area, operator, at)
    _adopt(area, begin, operator, at)
    _stock(area, staff["store"], at)
    panel = reviews.create_panel(
        village=area,
        title=f"{village.name}积分评议小组",
        members=[(staff[f"panel{n}"], SeatRole.CHAIR if n == 1 else SeatRole.MEMBER) for n in range(1, 6)],
        from_date=day,
        by=operator,
        at=at,
    )
    return VillageParts(village, area, staff, workers, subjects, users, panel)


def _panel_names(area: Area) -> dict[str, str]:
    """The panel's members are heads of households spread over the village, where it has enough of them."""
    by_no = people.subjects_by_household_no(area)
    heads = [by_no[no].household.head_name for no in sorted(by_no)]
    wanted = [name for name, _title, kind in cast.VILLAGE_STAFF if kind is PostKind.PANEL_MEMBER]
    chosen = heads[3 :: max(1, len(heads) // len(wanted))]
    return dict(zip(wanted, chosen, strict=False))


def _households(
    area: Area, operator: User, at: dt.datetime
) -> tuple[dict[int, list[Subject]], dict[int, User]]:
    """The village's subjects by grid, and each subject's user after cards were issued."""
    by_no = people.subjects_by_household_no(area)
    households = [subject.household for subject in by_no.values()]
    people_services.issue_cards(households=households, by=operator, at=at, pin=cast.PIN)
    grids = people.areas_of_subjects([subject.pk for subject in by_no.values()])
    subjects: dict[int, list[Subject]] = {}
    for _no, subject in sorted(by_no.items()):
        subjects.setdefault(grids[subject.pk].pk, []).append(subject)
    return subjects, people.users_of_village(area)


def _roster(village: cast.Village, rng: random.Random, taken: set[str]) -> Roster:
    """The village's households as a roster file would tell them."""
    households = []
    for grid in range(1, village.grids + 1):
        for number in range(1, village.households_per_grid + 1):
            members = _members(rng, taken)
            head = members[0]
            households.append(
                RosterHousehold(
                    no=f"{grid:02d}{number:03d}",
                    head=head.name,
                    head_id=head.id_number,
                    size=len(members),
                    grid=f"第{cast.GRID_NUMERALS[grid - 1]}网格",
                    phone=f"199{rng.randrange(10**8):08d}",
                    address=f"{grid}组{number}号",
                    row=0,
                    sheet="",
                    members=tuple(members),
                )
            )
    return Roster(read=len(households), households=households)


def _members(rng: random.Random, taken: set[str]) -> list[RosterMember]:
    size = rng.choices((1, 2, 3, 4, 5, 6), (2, 5, 6, 6, 4, 2))[0]
    members = []
    for place in range(size):
        year = rng.randrange(1945, 1995) if place == 0 else rng.randrange(1940, 2020)
        birth = dt.date(year, rng.randrange(1, 13), rng.randrange(1, 29))
        members.append(
            RosterMember(
                name=cast.person_name(rng),
                id_number=cast.id_number(rng, birth, taken),
                birth_date=birth,
                relation="户主" if place == 0 else rng.choice(cast.RELATIONS),
                phone="",
                party=rng.random() < 0.06 and year < 2003,  # nobody joins before eighteen
                row=0,
            )
        )
    return members


def _adopt(area: Area, begin: dt.date, operator: User, at: dt.datetime) -> None:
    """The village's representatives adopt the county's text in time for the first month."""
    (line,) = [line for line in schemes.version_list(operator, on=at.date()) if line.scheme == SCHEME]
    page = schemes.version_page(operator, line.id, on=at.date())
    resolution = scheme_services.record_resolution(
        version=page.version,
        village=area,
        kind=MeetingKind.REPRESENTATIVES,
        held_on_date=at.date(),
        members=45,
        present=41,
        votes_for=38,
        filing_number=f"青禾镇备〔{begin.year}〕{int(area.code[-3:])}号",
        summary="村民代表会议表决通过本村积分细则、上限、兑换和公示办法。",
        by=operator,
        at=at,
    )
    scheme_services.activate_version(resolution=resolution, effective_from_date=begin, by=operator, at=at)


def _stock(area: Area, keeper: User, at: dt.datetime) -> None:
    for name, name_en, unit, price, stock in cast.GOODS:
        goods = store.save_goods(
            village=area, name=name, name_en=name_en, unit=unit, price=price, by=keeper, at=at
        )
        store.receive_goods(
            goods=goods, quantity=stock * 4, donor="演示爱心企业", note="首批入库", by=keeper, at=at
        )
