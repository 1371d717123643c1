"""Whole villages at once: households with their members, compared with the register and written by the thousand.

What is new goes in with a few statements for each table; what meets a known household or person is compared by the
rules of the roster import (`roster_plans`). Where the records come from (a county's file, a demonstration) is not known
here. Give records village by village: each village is read and compared once.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.areas import rules as area_rules
from jizhi.areas.models import Area
from jizhi.core import audit, clock, scope
from jizhi.core.errors import DomainError
from jizhi.people.models import Household, Person
from jizhi.people.rules import Change, Fate
from jizhi.people.services import bulk_inserts, roster_plans, roster_register, roster_writes
from jizhi.people.services.bulk_records import HouseholdRecord, as_roster
from jizhi.people.services.roster_reports import RefusedCell
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action

BATCH = 4_000
Progress = Callable[[int], None]


class NoSuchVillage(DomainError):
    """A record names a village that is not there."""


@dataclass
class Written:
    """What became of the records: counts, refused cells with their place, and whose size changed (subject ids)."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[RefusedCell] = field(default_factory=list)
    resized: list[int] = field(default_factory=list)
    fates: dict[tuple[str, str], Fate] = field(default_factory=dict)  # by village code and household number

    def add(self, other: "Written") -> None:
        """Take in the outcome of a further batch; single fates are not kept, there may be millions."""
        self.created += other.created
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.refused += other.refused
        self.resized += other.resized

    def refuse(self, record: HouseholdRecord, column: str, value: str, reason: str, reason_en: str) -> None:
        """Leave a household out, with each of its rows."""
        for row in sorted({record.row, *(member.row for member in record.members if member.row)}):
            self.refused.append(RefusedCell(record.sheet, row, column, value, reason, reason_en))

    def note(self, village: Area, no: str, fate: Fate) -> None:
        """Count one household."""
        self.fates[village.code, no] = fate
        setattr(self, fate.value, getattr(self, fate.value) + 1)


def write_households(
    *,
    records: Iterable[HouseholdRecord],
    by: User | None,
    at: dt.datetime,
    from_date: dt.date | None = None,
    progress: Progress | None = None,
    batch: int = BATCH,
) -> Written:
    """Write any number of households, a transaction for each batch of whole villages; repeats change nothing.

    `records` may be a generator; those of one village stand together. `progress` is told how many households are done.
    `from_date` is the first day of what is new: by default 1 January for a village's first households, else today.
    """
    total, done = Written(), 0
    for part in batches(records, batch):
        total.add(write_batch(records=part, by=by, at=at, from_date=from_date))
        done += len(part)
        if progress is not None:
            progress(done)
    return total


def batches(records: Iterable[HouseholdRecord], size: int = BATCH) -> Iterator[list[HouseholdRecord]]:
    """Lists of about `size` records that end where a village ends."""
    part: list[HouseholdRecord] = []
    for record in records:
        if len(part) >= size and record.village != part[-1].village:
            yield part
            part = []
        part.append(record)
    if part:
        yield part


@transaction.atomic
def write_batch(
    *,
    records: Sequence[HouseholdRecord],
    by: User | None,
    at: dt.datetime,
    from_date: dt.date | None = None,
    dry_run: bool = False,
) -> Written:
    """One batch, all of it or nothing: new households in bulk, known ones by the rules of the roster import."""
    villages = _villages(records, by, clock.day_of(at))
    # Imports of one county wait for each other: the same person may stand in two villages' lists.
    roots = {village.path.split(".")[0] for village in villages.values()}
    list(Area.objects.select_for_update(no_key=True).filter(path__in=roots).order_by("pk"))
    starts = _starts(villages, from_date, clock.day_of(at))
    bulk_inserts.fill_indexes(records)
    written = Written()
    single = _singles(records, written)
    fresh, known = _parted(single, villages)
    for record in fresh:
        written.note(villages[record.village], record.no, Fate.CREATED)
    if fresh and not dry_run:
        bulk_inserts.insert_households(fresh, villages, starts, by, at)
    for code, part in known.items():
        for sized in (True, False):
            chosen = [record for record in part if (record.size is not None) is sized]
            _compare(chosen, sized, villages[code], starts[code], written, by, at, dry_run=dry_run)
    if not dry_run and (written.created or written.updated):
        _record(villages, written, by, at)
    return written


def _villages(records: Sequence[HouseholdRecord], by: User | None, on: dt.date) -> dict[str, Area]:
    codes = {record.village for record in records}
    found = {area.code: area for area in Area.objects.filter(code__in=codes, level_id=area_rules.VILLAGE)}
    for code in sorted(codes - found.keys()):
        raise NoSuchVillage(_("没有代码为“%(code)s”的村（社区）。") % {"code": code}, place="village")
    for village in found.values():
        posts.check_can(by, Action.IMPORT_HOUSEHOLDS, village, on)
    return found


def _starts(villages: dict[str, Area], from_date: dt.date | None, on: dt.date) -> dict[str, dt.date]:
    rows = Household.objects.filter(village__in=villages.values()).order_by().values_list("village_id")
    settled = {row[0] for row in rows.distinct()}
    return {
        code: max(
            from_date or (on if village.pk in settled else on.replace(month=1, day=1)), village.from_date
        )
        for code, village in villages.items()
    }


def _singles(records: Sequence[HouseholdRecord], written: Written) -> list[HouseholdRecord]:
    """Records without those that repeat a number or a person of an earlier one; these are refused with both places."""
    numbers: dict[tuple[str, str], HouseholdRecord] = {}
    persons: dict[str, int] = {}
    kept = []
    for record in records:
        first = numbers.setdefault((record.village, record.no), record)
        rows = [persons[m.index] for m in record.members if m.index in persons]
        own = [m.index for m in record.members if m.index]
        if first is not record:
            written.refuse(record, "户编号", record.no, *_twice(first.row))
        elif rows:
            written.refuse(record, "身份证号", "", *_twice(rows[0]))
        elif len(own) > len(set(own)):
            written.refuse(record, "身份证号", "", *_twice(record.row))
        else:
            persons |= {m.index: m.row or record.row for m in record.members if m.index}
            kept.append(record)
    return kept


def _twice(row: int) -> tuple[str, str]:
    return f"与第 {row} 行重复", f"repeats row {row}"


def _parted(
    records: Sequence[HouseholdRecord], villages: dict[str, Area]
) -> tuple[list[HouseholdRecord], dict[str, list[HouseholdRecord]]]:
    """Records that meet nothing on the register, and by village those that meet a household or a person."""
    numbers = Household.objects.filter(
        village__in=villages.values(), no__in={record.no for record in records}
    ).values_list("village__code", "no")
    households = set(numbers.order_by())
    indexes = {member.index for record in records for member in record.members if member.index}
    with scope.beyond("a person of the table may be registered in another village"):
        registered = Person.objects.filter(id_index__in=indexes).order_by()
        persons = set(registered.values_list("id_index", flat=True))
    fresh, known = [], defaultdict(list)
    for record in records:
        meets = (record.village, record.no) in households
        if meets or any(member.index in persons for member in record.members):
            known[record.village].append(record)
        else:
            fresh.append(record)
    return fresh, known


def _compare(
    records: list[HouseholdRecord],
    sized: bool,
    village: Area,
    start: dt.date,
    written: Written,
    by: User | None,
    at: dt.datetime,
    *,
    dry_run: bool,
) -> None:
    if not records:
        return
    roster = as_roster(records)
    register = roster_register.read_register(roster, village, clock.day_of(at))
    register.grids.update(bulk_inserts.places_by_code(records, village))
    columns = roster_plans.Columns(sizes=sized, party=True)
    plan = roster_plans.make_plan(roster, register, start, columns)
    for household in plan.households:
        written.note(village, household.source.no, household.fate)
        if household.existing is not None and {Change.SIZE, Change.MEMBERS_ADDED} & household.changes.keys():
            written.resized.append(household.existing.subject_id)
    written.refused += plan.refused
    if not dry_run:
        roster_writes.write_plan(plan, register, start, by, at)


def _record(villages: dict[str, Area], written: Written, by: User | None, at: dt.datetime) -> None:
    fates: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (code, _no), fate in written.fates.items():
        fates[code][fate.value] += 1
    audit.append_events(
        [
            audit.new_event(
                by=by,
                at=at,
                verb="roster.import",
                target=villages[code],
                area_path=villages[code].path,
                detail=dict(counts),
            )
            for code, counts in sorted(fates.items())
        ]
    )
