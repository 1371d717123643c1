"""Taking a table in, and what people decide about it: confirm, stop, resume, discard. The work itself is `running`.

Every verb checks that the user may do the kind's action in the import's area.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import audit, clock, crypto
from jizhi.core.errors import DomainError
from jizhi.imports import rules
from jizhi.imports.models import Import, ImportPart, ImportProblem, ImportRow
from jizhi.imports.rules import RUNNING, ImportState, Kind, Step
from jizhi.imports.services import permits

PART = 1 << 20
BYTES_MAX = 200 << 20
SEAL = "imports.importpart.content"


class EmptyFile(DomainError):
    """There is nothing in the file."""


class FileTooLarge(DomainError):
    """The file is larger than any table we take."""


class AlreadyMoved(DomainError):
    """The import is no longer where the page showed it."""


class WrongArea(DomainError):
    """A request key was used for another import."""


@transaction.atomic
def upload_table(
    *,
    kind: Kind,
    area: Area,
    file_name: str,
    content: Iterable[bytes],
    request_key: str,
    by: User | None,
    at: dt.datetime,
) -> Import:
    """Keep a file to be checked; `content` comes in pieces of any size. The same request key gives the same import."""
    permits.check_may(by, kind, area, clock.day_of(at))
    known = Import.objects.filter(request_key=request_key).first()
    if known is not None:
        if known.kind != kind.key or known.area_id != area.pk or known.by_id != getattr(by, "pk", None):
            raise WrongArea(_("这次上传的标识已用于另一份表格，请刷新页面再传。"))
        return known
    upload = Import.objects.create(
        kind=kind.key,
        area=area,
        file_name=file_name[-200:],
        digest="",
        size=0,
        request_key=request_key,
        by=by,
        at=at,
        moved_at=at,
    )
    digest = hashlib.sha256()
    for number, piece in enumerate(_pieces(content)):
        digest.update(piece)
        upload.size += len(piece)
        if upload.size > BYTES_MAX:
            raise FileTooLarge(
                _("文件超过 %(limit)d MB，请分开上传。") % {"limit": BYTES_MAX >> 20}, place="file"
            )
        sealed = crypto.encrypt_bytes(piece, context=SEAL)
        ImportPart.objects.create(upload=upload, area=area, number=number, content=sealed)
    if not upload.size:
        raise EmptyFile(_("文件是空的。"), place="file")
    upload.digest = digest.hexdigest()
    upload.save(update_fields=["digest", "size"])
    detail = {"kind": kind.key, "file": upload.file_name}
    audit.record_event(by=by, at=at, verb="import.upload", target=upload, area_path=area.path, detail=detail)
    return upload


def _pieces(content: Iterable[bytes]) -> Iterable[bytes]:
    """The content in pieces of one size, so that no sealed part is large."""
    rest = bytearray()
    for piece in content:
        rest += piece
        while len(rest) >= PART:
            yield bytes(rest[:PART])
            del rest[:PART]
    if rest:
        yield bytes(rest)


@transaction.atomic
def confirm_import(*, import_id: int, kind: Kind, by: User | None, at: dt.datetime) -> Import:
    """The dry run was looked at: its rows may be written. The writing itself is `run_import`."""
    upload = _locked(import_id, kind, by, at)
    if upload.state in (ImportState.APPLYING, ImportState.APPLIED):
        return upload
    _check(upload, ImportState.READY)
    upload.step, upload.rows_done, upload.at_group, upload.at_number = Step.APPLY, 0, "", 0
    upload.counts = {}
    _move(upload, ImportState.APPLYING, by, at, "import.confirm")
    return upload


@transaction.atomic
def stop_import(*, import_id: int, kind: Kind, by: User | None, at: dt.datetime) -> Import:
    """Stop after the chunk being written; what is written stays, the rest waits."""
    upload = _locked(import_id, kind, by, at)
    if upload.state is ImportState.STOPPED:
        return upload
    _check(upload, ImportState.READING, ImportState.APPLYING)
    _move(upload, ImportState.STOPPED, by, at, "import.stop")
    return upload


@transaction.atomic
def resume_import(*, import_id: int, kind: Kind, by: User | None, at: dt.datetime) -> Import:
    """Go on where it stopped, failed or was cut off: with the rows after the last chunk that was written."""
    upload = _locked(import_id, kind, by, at)
    if upload.state in RUNNING:
        return upload
    _check(upload, ImportState.STOPPED, ImportState.FAILED)
    state = ImportState.APPLYING if upload.step is Step.APPLY else ImportState.READING
    upload.fault = upload.fault_en = ""
    _move(upload, state, by, at, "import.resume")
    return upload


@transaction.atomic
def discard_import(*, import_id: int, kind: Kind, by: User | None, at: dt.datetime) -> Import:
    """Not to be imported: the file and its rows are dropped, the line in the history stays."""
    upload = _locked(import_id, kind, by, at)
    if upload.state is ImportState.DISCARDED:
        return upload
    _check(upload, ImportState.READY, ImportState.STOPPED, ImportState.FAILED, ImportState.UPLOADED)
    ImportRow.objects.filter(upload=upload).delete()
    ImportProblem.objects.filter(upload=upload).delete()
    ImportPart.objects.filter(upload=upload).delete()
    _move(upload, ImportState.DISCARDED, by, at, "import.discard")
    return upload


def _locked(import_id: int, kind: Kind, by: User | None, at: dt.datetime) -> Import:
    rows = Import.objects.select_for_update(of=("self",), no_key=True).select_related("area")
    upload = rows.filter(pk=import_id, kind=kind.key).first()
    if upload is None:
        raise AlreadyMoved(_("没有这次导入。"))
    permits.check_may(by, kind, upload.area, clock.day_of(at))
    return upload


def _check(upload: Import, *states: ImportState) -> None:
    if upload.state not in states:
        raise AlreadyMoved(
            _("这次导入现在是“%(state)s”，请刷新页面看最新情况。") % {"state": _(upload.state.label)}
        )


def _move(upload: Import, state: ImportState, by: User | None, at: dt.datetime, verb: str) -> None:
    assert state in rules.TRANSITIONS[upload.state]
    upload.state, upload.moved_at = state, at
    upload.save()
    audit.record_event(by=by, at=at, verb=verb, target=upload, area_path=upload.area.path)
