"""Whether an import runs at once or in the worker process, and picking up what a power cut left.

Small files are done while the user waits. The job is written in the caller's transaction: it exists if, and only if,
what it is about exists.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone

from jizhi.imports import selectors, services
from jizhi.imports.rules import Kind
from jizhi.intake import tasks
from jizhi.intake.kinds import KINDS
from jizhi.seals import selectors as seals

AT_ONCE_BYTES = 200_000
AT_ONCE_ROWS = 1_000


def go_on(import_id: int, kind: Kind, *, size: int = 0, rows: int = 0, at: dt.datetime) -> None:
    """Do what the import waits for: here and now where it is little work, else by a job."""
    if settings.JOBS_IN_WORKER and (size > AT_ONCE_BYTES or rows > AT_ONCE_ROWS):
        tasks.run_import.defer(import_id=import_id, kind=kind.key)
        return
    services.run_import(import_id=import_id, kind=kind, now=lambda: at)


def pick_up() -> int:
    """New jobs for imports that nobody finished, called when the worker starts; returns how many."""
    waiting = [(number, key) for number, key in selectors.unfinished() if key in KINDS]
    for number, key in waiting:
        tasks.run_import.defer(import_id=number, kind=key)
    return len(waiting)


def seal_missed(at: dt.datetime) -> bool:
    """A job for what a night left unsealed because the machine was off, called when the worker starts."""
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    missed = any(seals.waits(village, before=midnight) for village in seals.villages())
    if missed:
        tasks.NIGHTLY["seal_ledgers"].configure().defer(timestamp=int(at.timestamp()))
    return missed


def run_here(import_id: int, kind: Kind) -> None:
    """Do it in this process, whatever its size: for the command line."""
    services.run_import(import_id=import_id, kind=kind, now=timezone.now)
