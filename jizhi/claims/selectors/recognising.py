"""The whole list of a scheme for scoring a household line by line, with what an amount is worth before limits."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from jizhi.areas.models import Area
from jizhi.engine import tables
from jizhi.engine.document.item import Item
from jizhi.engine.document.text import Text
from jizhi.engine.stages import price
from jizhi.schemes import selectors as schemes


@dataclass(frozen=True, slots=True)
class RecognisedItem:
    """An item of the list with its section; it prices an amount, and limits are the ledger's business."""

    item: Item
    section: Text | None
    places: int

    @property
    def id(self) -> str:
        return self.item.id

    @property
    def needs(self) -> str:
        """none, quantity, grade or given."""
        return self.item.needs

    @property
    def is_fault(self) -> bool:
        return self.item.kind != "merit"

    @property
    def grades(self) -> list[str]:
        return list(self.item.grades)

    def allows(self, given: Decimal) -> bool:
        """Whether the points lie within what the panel may give."""
        return self.needs != "given" or schemes.allows(self.item, given)

    def price(
        self, *, size: int, quantity: Decimal | None = None, grade: str = "", given: Decimal | None = None
    ) -> int:
        """The price of one act in hundredths; 0 where a grade is needed and missing."""
        if self.needs == "grade" and grade not in self.item.grades:
            return 0
        fact = tables.Fact(
            fact=0, subject="", item=self.item.id, date=dt.date(2000, 1, 1), quantity=quantity,
            grade=grade or None, given=given, act=None, reversed=False,
        )  # fmt: skip
        return price.price(self.item, fact, size, self.places)


def items_to_recognise(village: Area, scheme: str, *, on: dt.date) -> list[RecognisedItem]:
    """Merits and faults that anybody may bring forward, in the document's order. Raises schemes.NotInForce."""
    document = schemes.scheme_on(village, scheme, on)
    found = []
    for item in document.items:
        if item.kind in ("merit", "fault") and item.claim:
            section = document.section(item.section)
            found.append(RecognisedItem(item, section.title if section else None, document.unit.places))
    return found
