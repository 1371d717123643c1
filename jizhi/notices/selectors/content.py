"""What a month's notice says: masked names, published entries, totals; as stored at posting and read back."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jizhi.areas.models import Area
from jizhi.core.names import mask_name
from jizhi.ledger import rules as ledger_rules
from jizhi.ledger import selectors as ledger
from jizhi.people import selectors as people
from jizhi.schemes import selectors as schemes
from jizhi.settlement import rules as periods
from jizhi.settlement import services as settlement

if TYPE_CHECKING:
    from jizhi.engine.document.item import Item


@dataclass(frozen=True, slots=True)
class NoticeEntry:
    """One entry on a notice as printed; points in hundredths."""

    fact: int
    date: dt.date
    item: str
    item_en: str
    points: int
    held_back: int
    cause: ledger_rules.Cause
    note: str


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A household on a notice: masked head, its entries, its sums; points in hundredths.

    `awarded` is what its acts of the month brought, `total` the running total of the year up to the month's end,
    base included; `other` sums entries that are not published.
    """

    no: str
    head: str
    merits: int
    faults: int
    held_back: int
    other: int
    awarded: int
    total: int
    entries: list[NoticeEntry]


def entries_for(*, village: Area, scheme: str, month: periods.Period) -> list[int]:
    """The numbers of the entries that a notice of the month would show."""
    waiting = ledger.entries_not_noticed(village, scheme, until=month.end)
    return list(waiting.values_list("id", flat=True))


def content_for(*, village: Area, scheme: str, month: periods.Period) -> dict[str, Any]:
    """What the notice of a month says, as it would be stored: masked, without unpublished items."""
    found = settlement.month_so_far(village=village, scheme=scheme, month=month)
    versions = schemes.versions_in_village(village, scheme)
    document = versions.on(month.end) or versions.latest
    names = people.names_by_subject_key(village)
    rows = {
        subject: _row(*names[subject], total=line.running, awarded=line.awarded)
        for subject, line in found.items()
    }
    for line in ledger.entry_lines(ledger.entries_not_noticed(village, scheme, until=month.end)):
        row = rows.setdefault(line.subject_key, _row(*names[line.subject_key]))
        _add(row, line, schemes.item_of(versions, line.item, line.act_date))
    return {
        "title": document.title.zh,
        "title_en": document.title.say("en"),
        "rows": sorted(rows.values(), key=lambda row: str(row["no"])),
    }


def _row(no: str, head: str, *, total: int = 0, awarded: int = 0) -> dict[str, Any]:
    return {
        "no": no,
        "head": mask_name(head),
        "total": total,
        "awarded": awarded,
        "merits": 0,
        "faults": 0,
        "held_back": 0,
        "other": 0,
        "entries": [],
    }


def _add(row: dict[str, Any], line: ledger.EntryLine, item: "Item") -> None:
    if not line.published:
        row["other"] += line.points
        return
    row["merits" if item.sign > 0 else "faults"] += line.points
    row["held_back"] += line.held_back
    row["entries"].append(
        {
            "fact": line.fact_id,
            "date": line.act_date.isoformat(),
            "item": item.title.say("zh"),
            "item_en": item.title.say("en"),
            "points": line.points,
            "held_back": line.held_back,
            "cause": line.cause.value,
            "note": line.note,
        }
    )


def rows_of(content: dict[str, Any]) -> list[NoticeRow]:
    """The stored content as rows."""
    return [
        NoticeRow(
            **{key: value for key, value in row.items() if key != "entries"},
            entries=[
                NoticeEntry(
                    fact=entry["fact"],
                    date=dt.date.fromisoformat(entry["date"]),
                    item=entry["item"],
                    item_en=entry["item_en"],
                    points=entry["points"],
                    held_back=entry["held_back"],
                    cause=ledger_rules.Cause(entry["cause"]),
                    note=entry["note"],
                )
                for entry in row["entries"]
            ],
        )
        for row in content["rows"]
    ]
