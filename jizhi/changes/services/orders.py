"""What somebody orders: one frozen record for each kind of change, as a form fills it. No work is done here."""

import datetime as dt
from dataclasses import dataclass

from jizhi.areas.models import Area
from jizhi.changes.rules import CarryRule, ChangeKind, ShareRule
from jizhi.people.services import NewMember


@dataclass(frozen=True, kw_only=True)
class Order:
    """`day` is the first day on which things are as ordered; `refile` names claims that go to the other household."""

    household_id: int
    day: dt.date
    reason: str = ""
    refile: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Split(Order):
    """Members leave and make a household of their own."""

    person_ids: tuple[int, ...]
    head_id: int
    no: str
    grid: Area | None = None
    address: str = ""
    phone: str = ""
    old_head_id: int | None = None
    share: ShareRule = ShareRule.MEMBERS
    points: int = 0


@dataclass(frozen=True, kw_only=True)
class Merge(Order):
    """The household goes into another one of its village and ends."""

    into_id: int


@dataclass(frozen=True, kw_only=True)
class GridMove(Order):
    """The household moves within its village; its number, subject and wallet stay."""

    grid: Area
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Move(Order):
    """The household moves to another village: closed here, opened there under a new number."""

    village: Area
    grid: Area | None = None
    no: str
    address: str = ""
    carry: CarryRule = CarryRule.CARRIED
    until: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Leaving(Order):
    """The whole household leaves the register; its points can be spent until a day."""

    until: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Returning(Order):
    """A household that left comes back under a new number, with those members who live in no other household."""

    no: str
    grid: Area | None = None
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Join(Order):
    """A person joins: birth, marriage or otherwise; somebody already in another household leaves it."""

    kind: ChangeKind
    member: NewMember


@dataclass(frozen=True, kw_only=True)
class PersonOrder(Order):
    """Death, departure, return, leaving or a new head; `new_head_id` is needed where the head goes."""

    kind: ChangeKind
    person_id: int
    new_head_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Transfer(PersonOrder):
    """A person goes from one household to another."""

    kind: ChangeKind = ChangeKind.TRANSFER
    into_id: int
    relation: str = ""
