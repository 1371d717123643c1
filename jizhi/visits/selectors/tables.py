"""Household books as a table: the fields of some areas, the values of many households, as far as one may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
from jizhi.visits import models
from jizhi.visits.selectors import access
from jizhi.visits.selectors.book import values_of

if TYPE_CHECKING:
    from jizhi.engine.document.gridwork import BookField
    from jizhi.people.selectors import HouseholdLine

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class BookTable:
    """The columns, and by the code of a grid or village which of them its households have."""

    fields: tuple[BookField, ...]
    of_area: Mapping[str, frozenset[str]]

    def holds(self, home: HouseholdLine) -> bool:
        """Whether the user may take that household's book away."""
        return _place(home) in self.of_area


def book_table(user: Any, homes: Iterable[HouseholdLine], *, sensitive: bool, on: dt.date) -> BookTable:
    """What a table of those households has for columns: everything the user may see there, sensitive on demand."""
    places = sorted({_place(home) for home in homes})
    found: dict[str, BookField] = {}
    of_area: dict[str, frozenset[str]] = {}
    known = {area.code: area for area in Area.objects.filter(code__in=places)}
    for code in places:
        area = known[code]
        if not _may_take(user, area, on):
            continue
        fields = [one for one in access.fields_for(user, area, on) if sensitive or not one.sensitive]
        found |= {one.key: one for one in fields if one.key not in found}
        of_area[code] = frozenset(one.key for one in fields)
    return BookTable(tuple(found.values()), of_area)


def _may_take(user: Any, area: Area, on: dt.date) -> bool:
    """Export allowed, and the books readable one by one."""
    if not posts.can(user, Action.EXPORT, area, on):
        return False
    return access.may_keep(user, area, on) or posts.can(user, Action.VIEW_COVERAGE, area, on)


def book_rows(
    table: BookTable, homes: Iterable[HouseholdLine]
) -> Iterator[tuple[HouseholdLine, Mapping[str, Any]]]:
    """Each household with what its book says, piece by piece; one without a book has nothing in its row."""
    wanted = (home for home in homes if table.holds(home))
    while some := list(islice(wanted, CHUNK)):
        books = models.Book.objects.filter(household__in=[home.id for home in some])
        values = {book.household_id: values_of(book) for book in books}
        for home in some:
            mine = table.of_area[_place(home)]
            yield home, {key: value for key, value in values.get(home.id, {}).items() if key in mine}


def sees_sensitive(user: Any, on: dt.date) -> bool:
    """Whether there are areas in which the user may export, and sensitive fields there that the user may see."""
    paths = posts.scope_paths(user, Action.EXPORT, on)
    return any(
        access.may_see_sensitive(user, village, on) and any(one.sensitive for one in schemes.book_of(village))
        for village in areas.villages(paths)[:1]
    )


def _place(home: HouseholdLine) -> str:
    return home.grid_code or home.village_code
