"""Rosters built in memory for tests: plain households and members, without a workbook around them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from jizhi.areas.models import Area
from jizhi.people import services
from jizhi.people.services import ImportReport
from jizhi.sheets.roster import Roster, RosterHousehold, RosterMember
from tests import factories


def member(name: str, number: str = "", relation: str = "子", *, row: int = 2, **more: Any) -> RosterMember:
    """A row of a list of persons."""
    birth = dt.date.fromisoformat(number[6:14]) if number else None
    wanted = {"birth_date": birth, "phone": "", "party": False} | more
    return RosterMember(name=name, id_number=number, relation=relation, row=row, **wanted)


def declared(
    no: str, head: str, number: str = "", *, size: int = 4, row: int = 2, **more: Any
) -> RosterHousehold:
    """A row of a list of households: the head and what the household declares."""
    wanted: dict[str, Any] = {
        "grid": "第一网格",
        "phone": "19900001111",
        "address": "1组1号",
        "sheet": "户主",
    } | more
    members = (member(head, number, "户主", row=row, phone=wanted["phone"]),)
    return RosterHousehold(no=no, head=head, head_id=number, size=size, row=row, members=members, **wanted)


def listed(no: str, *members: RosterMember, grid: str = "第一网格") -> RosterHousehold:
    """The rows of one household in a list of persons, the head first."""
    head = members[0]
    return RosterHousehold(
        no=no,
        head=head.name,
        head_id=head.id_number,
        size=len(members),
        grid=grid,
        phone=head.phone,
        address="",
        row=head.row,
        sheet="花名册",
        members=members,
    )


def bring(village: Area, *households: RosterHousehold, **more: Any) -> ImportReport:
    """Import a roster of these households."""
    roster = Roster(read=len(households), households=list(households))
    wanted = {"dry_run": False, "by": None, "at": factories.AT} | more
    return services.import_households(roster=roster, village=village, **wanted)


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    """Created, unchanged, updated, refused."""
    return report.created, report.unchanged, report.updated, len(report.refused)
