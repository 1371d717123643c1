"""What a month's notice says: masked names, published entries, totals; as stored at posting and read back.

Every figure of a household comes from its published acts alone, as if nothing else had been decided (ADR 17). What
unpublished acts brought is told for the village as a whole, or not at all where it would name somebody.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Min, Q, Sum

from jizhi.areas.models import Area
from jizhi.ledger import rules as ledger_rules
from jizhi.ledger import selectors as ledger
from jizhi.notices import models, rules
from jizhi.notices.selectors import naming
from jizhi.schemes import selectors as schemes
from jizhi.settlement import rules as periods
from jizhi.settlement import selectors as settlement

if TYPE_CHECKING:
    from jizhi.engine.document.item import Item


@dataclass(frozen=True, slots=True)
class NoticeEntry:
    """One act on a notice as printed; points in hundredths.

    `before` is what earlier notices had shown of it; None where it stands on a notice for the first time.
    """

    fact: int
    date: dt.date
    item: str
    item_en: str
    points: int
    held_back: int
    cause: ledger_rules.Cause
    before: int | None = None

    @property
    def corrects(self) -> bool:
        return self.before is not None

    @property
    def after(self) -> int:
        return (self.before or 0) + self.points


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A household on a notice: masked head, its entries, its sums; points in hundredths, of published acts alone.

    `awarded` is what its acts of the month brought, `total` the running total of the year up to the month's end,
    base included. `entries` are all acts that the notice shows; the sums are those of the `listed` ones, which stand
    on a notice for the first time.
    """

    no: str
    head: str
    merits: int
    faults: int
    held_back: int
    awarded: int
    total: int
    entries: list[NoticeEntry]

    @property
    def listed(self) -> list[NoticeEntry]:
        return [entry for entry in self.entries if not entry.corrects]

    @property
    def corrections(self) -> list[NoticeEntry]:
        return [entry for entry in self.entries if entry.corrects]


@dataclass(frozen=True, slots=True)
class Unpublished:
    """What acts that are not posted brought in the village: over how many households, and the sum."""

    households: int
    points: int


Shown = Mapping[int, tuple[int, int]]


def entries_for(*, village: Area, scheme: str, month: periods.Period) -> list[int]:
    """The numbers of the entries that a notice of the month would cover, unpublished ones included."""
    waiting = ledger.entries_not_noticed(village, scheme, until=month.end)
    return list(waiting.values_list("id", flat=True))


def content_for(*, village: Area, scheme: str, month: periods.Period, on: dt.date) -> dict[str, Any]:
    """What the notice of a month says, as it would be stored on a day."""
    versions = schemes.versions_in_village(village, scheme)
    document = versions.on(month.end) or versions.latest
    waiting = ledger.entries_not_noticed(village, scheme, until=month.end)
    first = waiting.filter(fact__published=True).aggregate(day=Min("act_date"))["day"]
    since = min(dt.date(month.end.year - 1, 1, 1), first or month.end)
    found = settlement.published_figures(village=village, scheme=scheme, period=month, since=since)
    hidden = waiting.filter(fact__published=False).order_by().values_list("subject_id")
    replacing = models.Notice.objects.filter(
        village=village, scheme=scheme, kind=rules.NoticeKind.MONTH, period=month.key
    )
    return {
        "title": document.title.zh,
        "title_en": document.title.say("en"),
        "rows": rows_for(
            found,
            shown_before(village, scheme),
            naming.names(village, on=on),
            lambda item, day: schemes.item_of(versions, item, day),
        ),
        # Two sums of nearly the same households would tell the difference between them.
        "unpublished": None
        if replacing.exists()
        else unpublished(dict(hidden.annotate(sum=Sum("points"))), among=len(found.sums)),
    }


def shown_before(village: Area, scheme: str) -> Shown:
    """What the notices that hold have shown of each act: points and what was held back, in hundredths."""
    holds = ~Q(notice__state=rules.NoticeState.WITHDRAWN)
    shown = models.NoticedFact.objects.filter(holds, notice__village=village, notice__scheme=scheme)
    sums = shown.order_by().values_list("fact_id").annotate(points=Sum("points"), held=Sum("held_back"))
    return {fact: (points, held) for fact, points, held in sums}


def unpublished(sums: Mapping[int, int], *, among: int) -> dict[str, int] | None:
    """The village's line on unpublished acts, from the sums of the households that have any; None where it is told."""
    if not rules.may_be_told(len(sums), among):
        return None
    return {"households": len(sums), "points": sum(sums.values())}


def rows_for(
    found: settlement.Published,
    shown: Shown,
    names: Mapping[str, tuple[str, str]],
    item_of: Callable[[str, dt.date], "Item"],
) -> list[dict[str, Any]]:
    """The rows of a month, by household number, from the published figures and from what was shown before."""
    rows = {
        subject: _row(*names[subject], total=line.running, awarded=line.awarded)
        for subject, line in found.sums.items()
    }
    for worth in sorted(found.worth, key=lambda one: (one.act_date, one.fact)):
        before = shown.get(worth.fact)
        if before == (worth.points, worth.held_back):
            continue
        row = rows.setdefault(worth.subject, _row(*names[worth.subject]))
        _add(row, worth, before, item_of(worth.item, worth.act_date))
    return sorted(rows.values(), key=lambda row: str(row["no"]))


def _row(no: str, head: str, *, total: int = 0, awarded: int = 0) -> dict[str, Any]:
    return {
        "no": no,
        "head": head,
        "total": total,
        "awarded": awarded,
        "merits": 0,
        "faults": 0,
        "held_back": 0,
        "entries": [],
    }


def _add(row: dict[str, Any], worth: settlement.Worth, before: tuple[int, int] | None, item: "Item") -> None:
    points, held_back = before or (0, 0)
    entry = {
        "fact": worth.fact,
        "date": worth.act_date.isoformat(),
        "item": item.title.say("zh"),
        "item_en": item.title.say("en"),
        "points": worth.points - points,
        "held_back": worth.held_back - held_back,
        "cause": _cause(worth, before).value,
        "before": None if before is None else points,
    }
    row["entries"].append(entry)
    if before is None:
        row["merits" if item.sign > 0 else "faults"] += entry["points"]
        row["held_back"] += entry["held_back"]


def _cause(worth: settlement.Worth, before: tuple[int, int] | None) -> ledger_rules.Cause:
    if worth.reversed:
        return ledger_rules.Cause.REVERSED
    return ledger_rules.Cause.POSTED if before is None else ledger_rules.Cause.REPRICED


def rows_of(content: dict[str, Any]) -> list[NoticeRow]:
    """The stored content as rows."""
    return [_read(row) for row in content.get("rows", [])]


def _read(row: dict[str, Any]) -> NoticeRow:
    entries = [
        NoticeEntry(
            fact=entry["fact"],
            date=dt.date.fromisoformat(entry["date"]),
            item=entry["item"],
            item_en=entry["item_en"],
            points=entry["points"],
            held_back=entry["held_back"],
            cause=ledger_rules.Cause(entry["cause"]),
            before=entry.get("before"),
        )
        for entry in row["entries"]
    ]
    return NoticeRow(
        **{key: row[key] for key in ("no", "head", "merits", "faults", "held_back", "awarded", "total")},
        entries=entries,
    )


def unpublished_of(content: dict[str, Any]) -> Unpublished | None:
    """The village's line on unpublished acts, where one was posted."""
    found = content.get("unpublished")
    return Unpublished(**found) if found else None


def shown_in(content: dict[str, Any]) -> list[tuple[int, int, int]]:
    """What a content shows of each act: number, points, held back."""
    return [
        (entry["fact"], entry["points"], entry["held_back"])
        for row in content["rows"]
        for entry in row["entries"]
    ]
