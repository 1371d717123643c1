"""Running an import: read the file, try every row, and once confirmed write chunk by chunk.

Each chunk is one transaction together with the cursor: whoever is killed in between goes on where it stood, and a
second runner finds the import taken. Who calls this (a request, a job, a command) is not known here.
"""

import datetime as dt
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models.fields.tuple_lookups import Tuple as Pair
from django.db.models.fields.tuple_lookups import TupleGreaterThan
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.core.inserting import insert_rows
from jizhi.core.languages import in_both
from jizhi.imports.models import Import, ImportHandout, ImportPart, ImportProblem, ImportRow
from jizhi.imports.rules import RUNNING, Fate, ImportState, Kind, Outcome, Row, Step, Work
from jizhi.imports.selectors import LOCK, lock_number
from jizhi.imports.services import permits, staging
from jizhi.sheets import plain

ONE_TRANSACTION_MAX = 20_000
Now = Callable[[], dt.datetime]
log = logging.getLogger(__name__)


class ImportBusy(DomainError):
    """Somebody else runs this import at the moment."""


class _Stopped(Exception):
    """Somebody stopped the import."""


class _RolledBack(Exception):
    """The end of a dry run that wrote in order to see."""


def run_import(*, import_id: int, kind: Kind, now: Now) -> Import:
    """Do all that the import waits for; returns it ready, applied, stopped or failed. Raises ImportBusy."""
    with _alone(import_id):
        upload = Import.objects.select_related("area", "by").get(pk=import_id)
        if upload.state not in RUNNING:
            return upload
        try:
            with translation.override("zh-hans"):
                _run(upload, kind, now)
        except _Stopped:
            log.info("import %s was stopped", import_id)
        except plain.UnreadableFile as fault:
            _fail(import_id, (fault.message, fault.message_en), now)
        except DomainError as fault:
            _fail(import_id, in_both(fault.message), now)
        except Exception as fault:
            log.exception("import %s failed", import_id)
            chinese, english = in_both(_("系统出错，已写入的部分保留；请稍后点“继续”。（%(why)s）"))
            why = {"why": type(fault).__name__}
            _fail(import_id, (chinese % why, english % why), now)
        return Import.objects.select_related("area", "by").get(pk=import_id)


@contextmanager
def _alone(import_id: int) -> Iterator[None]:
    lock = (LOCK, lock_number(import_id))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s), %s)", lock)
        if not cursor.fetchone()[0]:
            raise ImportBusy(_("这次导入正在进行。"))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), %s)", lock)


def _run(upload: Import, kind: Kind, now: Now) -> None:
    today = clock.day_of(now())
    permits.check_may(upload.by, kind, upload.area, today)
    kind = kind.for_area(upload.area, upload.by, today)
    if upload.state is ImportState.UPLOADED:
        _save(upload, now, ImportState.READING)
    if upload.step is Step.READ:
        total, upload.unused = staging.read_file(
            upload, kind, keep=lambda rows: _progress(upload, now, rows_done=rows, rows_total=0)
        )
        upload.step, upload.rows_total = Step.CHECK, total
        _rewind(upload)
        _progress(upload, now, whole=True)
    if upload.step is Step.CHECK:
        _check_rows(upload, kind, now)
    if upload.step is Step.APPLY:
        _apply_rows(upload, kind, now)


def _rewind(upload: Import) -> None:
    upload.rows_done, upload.at_group, upload.at_number, upload.counts = 0, "", 0, {}


def _check_rows(upload: Import, kind: Kind, now: Now) -> None:
    if kind.plan is not None:
        _through(upload, kind, kind.plan, now, writes=False)
    elif upload.rows_total <= ONE_TRANSACTION_MAX:
        _try_together(upload, kind, now)
    else:
        _through(upload, kind, _tried(kind), now, writes=False)
    upload.planned = _all_counts(upload)
    upload.step, upload.ready_at = Step.DONE, now()
    _save(upload, now, ImportState.READY)


def _all_counts(upload: Import) -> dict[str, int]:
    """Counts by fate; every refused row counts, whether it was refused on reading or later."""
    refused = ImportRow.objects.filter(upload=upload, refused=True).count()
    return {**upload.counts, Fate.REFUSED.value: refused}


def _apply_rows(upload: Import, kind: Kind, now: Now) -> None:
    _through(upload, kind, kind.apply, now, writes=True)
    with transaction.atomic():
        upload.counts = _all_counts(upload)
        upload.step, upload.applied_at = Step.DONE, now()
        ImportPart.objects.filter(upload=upload).delete()
        ImportRow.objects.filter(upload=upload, refused=False).delete()
        _save(upload, now, ImportState.APPLIED)
        audit.record_event(
            by=upload.by,
            at=now(),
            verb="import.apply",
            target=upload,
            area_path=upload.area.path,
            detail={"kind": kind.key, "file": upload.file_name, **upload.counts},
        )


def _through(upload: Import, kind: Kind, work: Work, now: Now, *, writes: bool) -> None:
    """All rows after the cursor, chunk by chunk, each in its own transaction."""
    while True:
        with transaction.atomic():
            _hold(upload)
            rows = _next_rows(upload, kind)
            if not rows:
                return
            outcomes = work(_values(rows, kind), area=upload.area, by=upload.by, at=now())
            _note(upload, kind, rows, outcomes)
            if writes:
                _hand_out(upload, outcomes, now())
            _progress(upload, now, whole=True)


def _hand_out(upload: Import, outcomes: Sequence[Outcome], at: dt.datetime) -> None:
    """Keep what is told once until the uploader takes it."""
    told = [json.dumps(one.handout, ensure_ascii=False) for one in outcomes if one.handout]
    ImportHandout.objects.bulk_create(
        [ImportHandout(upload=upload, area=upload.area, content=content, kept_at=at) for content in told],
        batch_size=1000,
    )


def _try_together(upload: Import, kind: Kind, now: Now) -> None:
    """The dry run of a kind without `plan`: apply everything, look, and roll back; later rows see earlier ones."""
    _rewind(upload)
    seen: list[tuple[list[ImportRow], Sequence[Outcome]]] = []
    try:
        with transaction.atomic():
            while rows := _next_rows(upload, kind):
                outcomes = kind.apply(_values(rows, kind), area=upload.area, by=upload.by, at=now())
                seen.append((rows, outcomes))
                upload.at_group, upload.at_number = rows[-1].group, rows[-1].number
            raise _RolledBack
    except _RolledBack:
        _rewind(upload)
    with transaction.atomic():
        _hold(upload)
        for rows, outcomes in seen:
            _note(upload, kind, rows, outcomes)
        _progress(upload, now, whole=True)


def _tried(kind: Kind) -> Work:
    """`apply` in a savepoint that is rolled back."""

    def work(rows: Sequence[Row], **given: object) -> Sequence[Outcome]:
        outcomes: Sequence[Outcome] = ()
        try:
            with transaction.atomic():
                outcomes = kind.apply(rows, **given)  # type: ignore[arg-type]
                raise _RolledBack
        except _RolledBack:
            return outcomes

    return work


def _hold(upload: Import) -> None:
    """Lock the import for this chunk; somebody may have stopped it meanwhile."""
    state = Import.objects.select_for_update(no_key=True).values_list("state", flat=True).get(pk=upload.pk)
    if state != upload.state:
        raise _Stopped


def _next_rows(upload: Import, kind: Kind) -> list[ImportRow]:
    """The next chunk; rows that belong together are not parted."""
    left = ImportRow.objects.filter(upload=upload, refused=False).order_by("group", "number")
    after = TupleGreaterThan(Pair("group", "number"), (upload.at_group, upload.at_number))
    rows = list(left.filter(after)[: kind.chunk])
    if rows and rows[-1].group and len(rows) == kind.chunk:
        last = rows[-1]
        rows += left.filter(group=last.group, number__gt=last.number)
    return rows


def _values(rows: list[ImportRow], kind: Kind) -> list[Row]:
    read = []
    for row in rows:
        texts = json.loads(row.content)
        values = {column.key: plain.from_text(column, texts.get(column.key, "")) for column in kind.columns}
        read.append(Row(row.number, row.sheet, row.line, values, row.identity))
    return read


def _note(upload: Import, kind: Kind, rows: list[ImportRow], outcomes: Sequence[Outcome]) -> None:
    """Count fates, keep problems, move the cursor."""
    counts = Counter(upload.counts)
    problems, refused = [], []
    for row, outcome in zip(rows, outcomes, strict=True):
        if outcome.fate is Fate.REFUSED:
            refused.append(row.pk)
        else:
            counts[outcome.fate.value] += 1
        for one in outcome.problems:
            column = kind.column(one.column)
            problems.append(
                (
                    upload.pk, upload.area_id, row.number, row.sheet, row.line,
                    (column.title if column else one.column)[:120], staging.masked(column, one.value)[:200],
                    one.reason, one.reason_en,
                )
            )  # fmt: skip
    insert_rows(ImportProblem, staging.PROBLEM, problems)
    if refused:
        ImportRow.objects.filter(pk__in=refused).update(refused=True)
    upload.counts = dict(counts)
    upload.rows_done += len(rows)
    upload.at_group, upload.at_number = rows[-1].group, rows[-1].number


_MOVING = [
    "step",
    "rows_total",
    "rows_done",
    "at_group",
    "at_number",
    "planned",
    "counts",
    "unused",
    "moved_at",
]


def _progress(upload: Import, now: Now, *, whole: bool = False, **values: int) -> None:
    """Write how far it is, inside the chunk's transaction; raises _Stopped where somebody stopped it."""
    upload.moved_at = now()
    given = (
        {name: getattr(upload, name) for name in _MOVING} if whole else values | {"moved_at": upload.moved_at}
    )
    if not Import.objects.filter(pk=upload.pk, state=upload.state.value).update(**given):
        raise _Stopped


def _save(upload: Import, now: Now, state: ImportState) -> None:
    """Move on; raises _Stopped where somebody stopped it."""
    upload.moved_at = now()
    values = {name: getattr(upload, name) for name in [*_MOVING, "ready_at", "applied_at"]}
    if not Import.objects.filter(pk=upload.pk, state=upload.state.value).update(state=state.value, **values):
        raise _Stopped
    upload.state = state


def _fail(import_id: int, why: tuple[str, str], now: Now) -> None:
    running = [state.value for state in RUNNING]
    rows = Import.objects.filter(pk=import_id, state__in=running)
    rows.filter(state=ImportState.UPLOADED.value).update(state=ImportState.READING.value)
    rows.update(state=ImportState.FAILED.value, fault=why[0], fault_en=why[1], moved_at=now())
