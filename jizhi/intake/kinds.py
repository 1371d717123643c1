"""The table of kinds, in the order of the import screen: a further one is a file beside this one and a line here."""

from __future__ import annotations

from jizhi.imports.rules import Kind
from jizhi.intake import (
    activities,
    areas,
    attendance,
    books,
    households,
    kinship,
    matters,
    members,
    needs,
    organisation_members,
    organisations,
    posts,
    reporters,
    services,
    teams,
    visits,
)

_REGISTERS = (households, kinship, areas, organisations, organisation_members, reporters, services, posts)
_GRID_WORK = (visits, books, matters, activities, attendance, needs, teams, members)
KINDS: dict[str, Kind] = {one.KIND.key: one.KIND for one in (*_REGISTERS, *_GRID_WORK)}
