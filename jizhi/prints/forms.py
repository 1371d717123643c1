"""The shapes of the printed forms: one frozen dataclass per template, in `FORMS`.

Everything arrives ready to print: names already masked, points already formatted ("12", "-5"), texts already
in the language of the page. Only dates stay dates, so that a page writes them as its language does. No rules.
"""

import dataclasses
import datetime

from jizhi.prints.base import Day as Day
from jizhi.prints.base import Form as Form
from jizhi.prints.claim_forms import ClaimSheet as ClaimSheet
from jizhi.prints.claim_forms import ObjectionSheet as ObjectionSheet
from jizhi.prints.claim_forms import RecognitionSheet as RecognitionSheet
from jizhi.prints.claim_forms import RecognitionSheets as RecognitionSheets
from jizhi.prints.claim_forms import SheetCopy as SheetCopy
from jizhi.prints.claim_forms import SheetItem as SheetItem


@dataclasses.dataclass(frozen=True)
class NoticeEntry:
    """One entry of a household: day, item, points with their sign; `note` e.g. "超过月上限，2 分未计"."""

    date: datetime.date
    title: str
    points: str
    note: str = ""


@dataclasses.dataclass(frozen=True)
class NoticeRow:
    """A household in the list. `note` marks e.g. an objection under way."""

    no: str
    head: str
    merits: str
    faults: str
    held_back: str
    points: str
    total: str
    note: str = ""
    entries: tuple[NoticeEntry, ...] = ()


@dataclasses.dataclass(frozen=True)
class NoticeTable:
    """A table on a notice, every cell ready to print; `numbers` are the places of its columns of figures."""

    title: str
    columns: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""
    empty: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Notice(Form):
    """A public notice: a month's households in `rows`, all else in `tables`; `draft` marks what is not posted."""

    issuer: str
    title: str
    period: str
    window_from: datetime.date
    window_to: datetime.date
    posted_date: datetime.date
    rows: tuple[NoticeRow, ...]
    answer_days: int = 0
    contact: str = ""
    preamble: str = ""
    how_to_object: str = ""
    total_label: str = ""
    entries_shown: bool = False
    households_shown: bool = True
    of_households: bool = True
    tables: tuple[NoticeTable, ...] = ()
    remark: str = ""
    draft: bool = False
    paper: str = "a4"
    seal: str = ""


@dataclasses.dataclass(frozen=True)
class Attendee:
    """A member of the panel. `note` e.g. why absent."""

    name: str
    role: str
    present: bool = True
    note: str = ""


@dataclasses.dataclass(frozen=True)
class MinuteItem:
    """One matter on the agenda with its vote and decision. `recused` names those who stepped aside and why, `voters`
    those who did not vote for it."""

    subject: str
    title: str
    decision: str
    votes_for: int
    votes_against: int
    votes_abstained: int = 0
    act_date: Day = None
    quantity: str = ""
    points: str = ""
    recused: str = ""
    reason: str = ""
    voters: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Minutes(Form):
    """Minutes of a panel meeting. `quorum` says in words whether enough came."""

    issuer: str
    title: str
    panel: str
    held_at: datetime.datetime
    venue: str
    chair: str
    clerk: str
    attendees: tuple[Attendee, ...]
    items: tuple[MinuteItem, ...]
    quorum: str
    voting: str = ""
    remarks: str = ""


@dataclasses.dataclass(frozen=True)
class ReceiptLine:
    """Goods handed out: `each` and `points` are formatted points."""

    goods: str
    quantity: str
    each: str
    points: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Receipt(Form):
    """The slip of a redemption; `paper` is `slip` (80 mm roll) or `a6`; `person`: a person's, no household's."""

    issuer: str
    number: str
    redeemed_at: datetime.datetime
    household_no: str
    head: str
    lines: tuple[ReceiptLine, ...]
    points: str
    balance: str
    storekeeper: str
    paper: str = "slip"
    person: bool = False


@dataclasses.dataclass(frozen=True)
class Card:
    """A household's card: `link` is what the QR says; `pin` is printed only on the PIN letters."""

    household_no: str
    head: str
    link: str
    grid: str = ""
    code: str = ""
    pin: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cards(Form):
    """Household cards, eight to an A4 sheet; as `pin_letters`, three folded letters to a sheet."""

    village: str
    cards: tuple[Card, ...]
    how: tuple[str, ...] = ()
    contact: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ObjectionReply(Form):
    """The written answer to an objection, an appeal or a letter: what was said, what was decided and why, and where to
    go next. `title` where it is no objection."""

    issuer: str
    number: str
    addressee: str
    filed_date: datetime.date
    objection: str
    decision: str
    reasons: str
    answered_date: datetime.date
    answered_by: str
    household_no: str = ""
    title: str = ""
    effect: str = ""
    appeal: str = ""
    contact: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class FaultSlip(Form):
    """The written notice of a deduction, handed over before it counts, with a stub to sign."""

    issuer: str
    number: str
    household_no: str
    head: str
    item: str
    act_date: datetime.date
    what: str
    points: str
    reference: str
    told_by: str
    told_date: datetime.date
    object_until: datetime.date
    where: str = ""
    how_to_correct: str = ""
    how_to_object: str = ""
    contact: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class SealReceipt(Form):
    """The receipt of a sealed entry: what the ledger says, the seal that holds it, and the code that proves it."""

    issuer: str
    number: str
    household_no: str
    head: str
    item: str
    act_date: datetime.date
    cause: str
    points: str
    posted_date: datetime.date
    seal: str
    seal_date: datetime.date
    root: str
    seal_hash: str
    where: str


@dataclasses.dataclass(frozen=True)
class MatterStep:
    """One step of a matter's handling; `at` and `due` are written out."""

    at: str
    what: str
    by: str
    words: str = ""
    state: str = ""
    due: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class MatterSheet(Form):
    """The handling sheet of a matter: what was reported, every step, the answer, room to sign."""

    issuer: str
    number: str
    kind: str
    state: str
    storey: str
    where: str
    what: str
    reporter: str
    channel: str
    reported_date: datetime.date
    steps: tuple[MatterStep, ...]
    printed_date: datetime.date
    due_date: Day = None
    feedback: str = ""
    satisfied: str = ""


@dataclasses.dataclass(frozen=True)
class Column:
    """A column of a list: `align` is left, right or center; `width` a share of the line, 0 = as needed."""

    title: str
    align: str = "left"
    width: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Table(Form):
    """Any list on paper. `foot` is a row of sums under the last row."""

    issuer: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    subtitle: str = ""
    foot: tuple[str, ...] = ()
    note: str = ""
    paper: str = "a4"
    landscape: bool = False


@dataclasses.dataclass(frozen=True)
class BookMember:
    """A member of the household; numbers come masked."""

    name: str
    relation: str
    id_number: str = ""
    phone: str = ""


@dataclasses.dataclass(frozen=True)
class BookValue:
    """A line of the household book; an empty value leaves room to write."""

    title: str
    value: str = ""


@dataclasses.dataclass(frozen=True)
class BookPart:
    """Lines of the household book under one heading."""

    title: str
    lines: tuple[BookValue, ...]


@dataclasses.dataclass(frozen=True)
class BookVisit:
    """A visit in the household book."""

    date: datetime.date
    how: str
    about: str
    by: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class HouseholdBook(Form):
    """One household one book: members, fields by section, last visits. `hidden` counts fields left out for privacy."""

    issuer: str
    household_no: str
    head: str
    size: int
    printed_date: datetime.date
    filled: str
    sections: tuple[BookPart, ...]
    members: tuple[BookMember, ...] = ()
    visits: tuple[BookVisit, ...] = ()
    grid: str = ""
    address: str = ""
    phone: str = ""
    classes: str = ""
    updated: str = ""
    hidden: int = 0


FORMS: dict[str, type[Form]] = {
    "notice": Notice,
    "minutes": Minutes,
    "receipt": Receipt,
    "cards": Cards,
    "pin_letters": Cards,
    "claim_sheet": ClaimSheet,
    "objection_sheet": ObjectionSheet,
    "recognition_sheets": RecognitionSheets,
    "objection_reply": ObjectionReply,
    "fault_slip": FaultSlip,
    "seal_receipt": SealReceipt,
    "matter_sheet": MatterSheet,
    "table": Table,
    "household_book": HouseholdBook,
}
