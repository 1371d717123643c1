"""What writing in bulk takes in: a household with its members as plain values, wherever it was read or made.

The records know no database; `as_roster` shows them to the roster's comparison in the shape that it reads.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from jizhi.people import rules
from jizhi.sheets.roster import Roster, RosterHousehold, RosterMember


@dataclass(slots=True)
class MemberRecord:
    """A person. `party` None: not said. `index` is the number's blind index, filled when it is written."""

    name: str
    relation: str = ""
    id_number: str = ""
    birth_date: dt.date | None = None
    phone: str = ""
    party: bool | None = None
    row: int = 0
    index: str = ""


@dataclass(slots=True)
class HouseholdRecord:
    """A household of the village with that code.

    `area` is the code of the grid (or an area below it) where it lives, or else `grid` its grid's name, which is set up
    where the village has none of that name. `size` None: as many as it has members. `sheet` and `row` say where it was
    read, for refusals.
    """

    village: str
    no: str
    head: str
    members: Sequence[MemberRecord] = ()
    area: str = ""
    grid: str = ""
    address: str = ""
    phone: str = ""
    size: int | None = None
    sheet: str = ""
    row: int = 0

    @property
    def count(self) -> int:
        """The size that counts."""
        return rules.household_size(self.size, len(self.members))


def as_roster(records: Sequence[HouseholdRecord]) -> Roster:
    """The records as a roster; an area named by its code stands in the place of the grid's name."""
    households = [_household(record) for record in records]
    return Roster(read=len(households), households=households)


def _household(record: HouseholdRecord) -> RosterHousehold:
    members = tuple(
        RosterMember(m.name, m.id_number, m.birth_date, m.relation, m.phone, m.party, m.row)
        for m in record.members
    )
    head = next((m.id_number for m in record.members if m.relation == rules.HEAD), "")
    return RosterHousehold(
        no=record.no,
        head=record.head,
        head_id=head,
        size=record.count,
        grid=record.area or record.grid,
        phone=record.phone,
        address=record.address,
        row=record.row,
        sheet=record.sheet,
        members=members,
    )
