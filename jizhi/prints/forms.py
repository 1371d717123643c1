"""The shapes of the printed forms: one frozen dataclass per template, in `FORMS`.

Everything arrives ready to print: names already masked, points already formatted ("12", "-5"), texts already
in the language of the page. Only dates stay dates, so that a page writes them as its language does. No rules.
"""

import dataclasses
import datetime
import types
import typing
from collections.abc import Mapping
from typing import Any

Day = datetime.date | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Form:
    """What every page has: language (`zh` or `en`), the record's code, a link behind the QR, and a digest."""

    lang: str = "zh"
    code: str = ""
    link: str = ""
    digest: str = ""


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


@dataclasses.dataclass(frozen=True, kw_only=True)
class Notice(Form):
    """The month's public notice. `preamble` and `how_to_object` replace the standard words when given."""

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
    paper: str = "a4"


@dataclasses.dataclass(frozen=True)
class Attendee:
    """A member of the panel. `note` e.g. why absent."""

    name: str
    role: str
    present: bool = True
    note: str = ""


@dataclasses.dataclass(frozen=True)
class MinuteItem:
    """One matter on the agenda with its vote and decision. `recused` names those who stepped aside."""

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
    """The slip of a redemption; `paper` is `slip` (80 mm roll) or `a6`."""

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


@dataclasses.dataclass(frozen=True)
class SheetItem:
    """An item that can be claimed on paper: its short code, title and what it gives, e.g. "每小时 2 分"."""

    code: str
    title: str
    points: str
    section: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClaimSheet(Form):
    """A paper claim form. Household fields stay empty lines when not given."""

    issuer: str
    items: tuple[SheetItem, ...]
    title: str = ""
    period: str = ""
    household_no: str = ""
    head: str = ""
    blank_rows: int = 12
    hand_in: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ObjectionReply(Form):
    """The written answer to an objection: what was said, what was decided and why, and where to go next."""

    issuer: str
    number: str
    addressee: str
    household_no: str
    filed_date: datetime.date
    objection: str
    decision: str
    reasons: str
    answered_date: datetime.date
    answered_by: str
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


FORMS: dict[str, type[Form]] = {
    "notice": Notice,
    "minutes": Minutes,
    "receipt": Receipt,
    "cards": Cards,
    "pin_letters": Cards,
    "claim_sheet": ClaimSheet,
    "objection_reply": ObjectionReply,
    "fault_slip": FaultSlip,
    "table": Table,
}


def names(form: type[Any]) -> tuple[str, ...]:
    """The field names of a form or row, in order."""
    return tuple(form.__dataclass_fields__)


def complete(form: type[Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping of the form's shape with the defaults filled in, down through its rows."""
    hints = typing.get_type_hints(form)
    fields = {field.name: field for field in dataclasses.fields(form)}
    unknown = sorted(set(data) - set(fields))
    required = {name for name, field in fields.items() if field.default is dataclasses.MISSING}
    absent = sorted(required - set(data))
    if unknown or absent:
        raise TypeError(f"{form.__name__}: unknown {unknown}, missing {absent}; it has {sorted(fields)}")
    return {name: _filled(hints[name], data.get(name, field.default)) for name, field in fields.items()}


def _filled(hint: Any, value: Any) -> Any:
    """Rows inside a form may be dataclasses or mappings, too."""
    arguments = typing.get_args(hint)
    if isinstance(value, (list, tuple)) and arguments and not isinstance(hint, types.UnionType):
        return [_filled(arguments[0], inner) for inner in value]
    if dataclasses.is_dataclass(hint) and isinstance(value, Mapping):
        return complete(typing.cast(type[Any], hint), value)
    return value
