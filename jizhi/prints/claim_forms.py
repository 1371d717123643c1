"""The shapes of the sheets that come back filled in: to claim, to object, and for three-party recognition."""

import dataclasses

from jizhi.prints.base import Form


@dataclasses.dataclass(frozen=True)
class SheetItem:
    """An item that can be claimed on paper: its short code, title and what it gives, e.g. "每小时 2 分"."""

    code: str
    title: str
    points: str
    section: str = ""


@dataclasses.dataclass(frozen=True)
class SheetCopy:
    """One sheet of a batch: its own code, the link behind its QR, and the household it is printed for, if any."""

    code: str
    link: str
    household_no: str = ""
    head: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClaimSheet(Form):
    """A paper claim form. Household fields stay empty lines when not given; `copies` makes a page of each.

    Without `of_households` they are the number and name of a person or organisation.
    """

    issuer: str
    items: tuple[SheetItem, ...]
    title: str = ""
    period: str = ""
    household_no: str = ""
    head: str = ""
    blank_rows: int = 12
    hand_in: str = ""
    of_households: bool = True
    copies: tuple[SheetCopy, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class ObjectionSheet(Form):
    """A paper form to object to an entry of a notice, a page of each copy. `notes` are printed small at the foot."""

    issuer: str
    notice: str
    copies: tuple[SheetCopy, ...]
    title: str = ""
    notes: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class RecognitionSheet:
    """A household's sheet: rows of item, points, unit and a cell for each party; totals for each party."""

    code: str
    household_no: str
    head: str
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class RecognitionSheets(Form):
    """Three-party recognition, a page or two for each household."""

    issuer: str
    title: str
    period: str
    parties: tuple[str, ...]
    sheets: tuple[RecognitionSheet, ...]
    hand_in: str = ""
