"""Importing a roster: read the file, show what it means, and write it once somebody confirms.

The reading of messy sheets is `jizhi.sheets`, the comparison with the register is `roster_plans`; both are shared
by the dry run and the real one, so that they cannot disagree.
"""

import datetime as dt
import hashlib

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.areas import rules as area_rules
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.areas.services import hold_tree
from jizhi.core import audit, clock, crypto, scope
from jizhi.core.errors import DomainError
from jizhi.people.models import RosterImport
from jizhi.people.rules import ImportState
from jizhi.people.services import roster_plans, roster_register, roster_reports, roster_writes
from jizhi.people.services.roster_plans import HouseholdPlan, Plan
from jizhi.people.services.roster_reports import (
    ImportReport,
    RefusedCell,
    ReportedHousehold,
    ReportedMember,
    UnderstoodCell,
)
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.sheets import roster as sheets
from jizhi.sheets.roster import Roster, UnreadableFile

_SEAL = "people.rosterimport.content"


class UnreadableRoster(DomainError):
    """The file as a whole cannot be read."""


class NotAVillage(DomainError):
    """Households are registered in villages."""


class AlreadyApplied(DomainError):
    """The roster was imported before, or its dry run was replaced."""


def read_roster(content: bytes, filename: str, village: Area, on: dt.date) -> Roster:
    """Read a file for a village; raises UnreadableRoster with the reason."""
    grids = list(areas.places_by_name(village))
    try:
        return sheets.read_roster(content, filename, grids or None, on=on)
    except UnreadableFile as fault:
        english = (get_language() or "").startswith("en")
        raise UnreadableRoster(fault.message_en if english else fault.message, place="file") from fault


def _check(village: Area, by: User | None, on: dt.date) -> None:
    posts.check_can(by, Action.IMPORT_HOUSEHOLDS, village, on)
    if village.level_id != area_rules.VILLAGE:
        raise NotAVillage(
            _("“%(area)s”不是村（社区），农户要导入到村（社区）。") % {"area": village.name}, place="village"
        )


@transaction.atomic
def import_households(
    *,
    roster: Roster,
    village: Area,
    dry_run: bool,
    by: User | None,
    at: dt.datetime,
    from_date: dt.date | None = None,
) -> ImportReport:
    """Bring the register in line with a roster; importing the same file again changes nothing.

    Rows that contradict the register are refused with their place, all others are written together or not at all.
    `from_date` is the first day of what is new: by default 1 January of the year for a village's first roster (the
    months before the computer came are keyed in later), afterwards the day of the import.
    """
    on = clock.day_of(at)
    _check(village, by, on)
    hold_tree()  # before any row is locked: new grids are set up below
    # Imports of one county wait for each other: the same person may stand in two villages' lists.
    with scope.beyond("a person of the roster may be registered in another village"):
        Area.objects.select_for_update(no_key=True).get(parent=None, path__ancestor_of=village.path)
        register = roster_register.read_register(roster, village, on)
    start = from_date or (on if register.households else on.replace(month=1, day=1))
    start = max(start, village.from_date)
    plan = roster_plans.make_plan(roster, register, start)
    report = _report(roster, plan, roster_writes.new_grids(plan, register), dry_run=dry_run)
    if not dry_run:
        roster_writes.write_plan(plan, register, start, by, at)
        _record(village, report, by, at)
    return report


def _record(village: Area, report: ImportReport, by: User | None, at: dt.datetime) -> None:
    counts = {
        "read": report.read,
        "created": report.created,
        "unchanged": report.unchanged,
        "updated": report.updated,
        "refused": len(report.refused),
        "new_grids": list(report.new_grids),
    }
    audit.record_event(
        by=by, at=at, verb="roster.import", target=village, area_path=village.path, detail=counts
    )


def _report(roster: Roster, plan: Plan, new_grids: list[str], *, dry_run: bool) -> ImportReport:
    refused = [RefusedCell(r.sheet, r.row, r.column, r.value, r.reason, r.reason_en) for r in roster.refused]
    understood = (
        UnderstoodCell(n.sheet, n.row, n.column, n.value, n.text, n.text_en) for n in roster.understood
    )
    return ImportReport(
        read=roster.read,
        dry_run=dry_run,
        households=tuple(_reported(household) for household in plan.households),
        refused=(*refused, *plan.refused),
        understood=tuple(understood),
        new_grids=tuple(new_grids),
    )


def _reported(plan: HouseholdPlan) -> ReportedHousehold:
    members = (member.source for member in plan.members)
    return ReportedHousehold(
        no=plan.source.no,
        head=plan.source.head,
        size=plan.size,
        grid=plan.source.grid,
        members=tuple(
            ReportedMember(m.name, m.id_number, m.birth_date, m.relation, bool(m.party)) for m in members
        ),
        fate=plan.fate,
        changes=tuple(plan.changes),
    )


@transaction.atomic
def stage_roster(
    *, village: Area, filename: str, content: bytes, by: User | None, at: dt.datetime
) -> RosterImport:
    """Keep an uploaded file with its dry run until somebody confirms; nothing of the register changes.

    An earlier file of the village that nobody confirmed is dropped: its dry run would be out of date.
    """
    on = clock.day_of(at)
    _check(village, by, on)
    roster = read_roster(content, filename, village, on)
    report = import_households(roster=roster, village=village, dry_run=True, by=by, at=at)
    RosterImport.objects.filter(village=village, state=ImportState.DRY_RUN.value, by=by).delete()
    return RosterImport.objects.create(
        village=village,
        filename=filename[:200],
        digest=hashlib.sha256(content).hexdigest(),
        content=crypto.encrypt_bytes(content, context=_SEAL),
        report=roster_reports.to_stored(report),
        by=by,
        at=at,
    )


@transaction.atomic
def apply_roster(*, roster_import_id: int, by: User | None, at: dt.datetime) -> ImportReport:
    """Import a staged file; the file itself is dropped, its report stays."""
    staged = (
        RosterImport.objects.select_for_update(of=("self",))
        .select_related("village")
        .filter(pk=roster_import_id)
    )
    row = staged.first()
    if row is None or row.state is not ImportState.DRY_RUN or row.content is None:
        raise AlreadyApplied(_("这份名单已经导入，或已被新的名单代替，请重新上传。"))
    content = crypto.decrypt_bytes(bytes(row.content), context=_SEAL)
    roster = read_roster(content, row.filename, row.village, clock.day_of(at))
    report = import_households(roster=roster, village=row.village, dry_run=False, by=by, at=at)
    row.report, row.content, row.state, row.applied_at = (
        roster_reports.to_stored(report),
        None,
        ImportState.APPLIED,
        at,
    )
    row.save(update_fields=["report", "content", "state", "applied_at"])
    return report
