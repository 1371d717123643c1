"""Handing over what an import tells once, such as the first passwords of new accounts: to the uploader, then dropped.

What nobody took in time is of no use any more, and is made anew on request.
Nobody else gets it, whatever the permissions; a password that got lost is set anew, never read again.
"""

import datetime as dt
import json

from django.db import transaction
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.imports import selectors
from jizhi.imports.models import Import, ImportHandout
from jizhi.imports.rules import Kind


class NothingToHandOut(DomainError):
    """It was taken already, or it is for somebody else."""


class HandoutExpired(DomainError):
    """Nobody took it in time."""


@transaction.atomic
def take_handout(*, import_id: int, by: User | None, at: dt.datetime) -> list[list[str]]:
    """The lines, which are gone from here afterwards. Raises NothingToHandOut and HandoutExpired."""
    upload, lines = _kept(import_id, by)
    found = selectors.waiting_handout(by, import_id, on=clock.day_of(at))
    if found is None or found.expired:
        raise HandoutExpired(_("初始密码已过期，请重新生成。"))
    ImportHandout.objects.filter(upload=upload).delete()
    _record("import.hand_out", upload, len(lines), by, at)
    return lines


@transaction.atomic
def renew_handout(*, import_id: int, kind: Kind, by: User | None, at: dt.datetime) -> int:
    """Make anew what nobody took in time; returns how many lines wait now. Raises NothingToHandOut."""
    upload, lines = _kept(import_id, by)
    if kind.renew is None:
        raise NothingToHandOut(_("这种表格没有可以重新生成的内容。"))
    fresh = kind.renew(lines, by=by, at=at)
    ImportHandout.objects.filter(upload=upload).delete()
    ImportHandout.objects.bulk_create(
        [
            ImportHandout(
                upload=upload, area=upload.area, content=json.dumps(line, ensure_ascii=False), kept_at=at
            )
            for line in fresh
        ],
        batch_size=1000,
    )
    _record("import.renew_handout", upload, len(fresh), by, at)
    return len(fresh)


def _kept(import_id: int, by: User | None) -> tuple[Import, list[list[str]]]:
    """The uploader's import, held, with its lines. Raises NothingToHandOut."""
    rows = Import.objects.select_for_update(of=("self",), no_key=True).select_related("area")
    upload = rows.filter(pk=import_id, by=by).first()
    kept = ImportHandout.objects.filter(upload=import_id).order_by("id")
    lines = [json.loads(one.content) for one in kept] if upload is not None else []
    if upload is None or not lines:
        raise NothingToHandOut(_("已经领取过了，或不是您上传的。密码遗失的，请在账号页面重置。"))
    return upload, lines


def _record(verb: str, upload: Import, count: int, by: User | None, at: dt.datetime) -> None:
    audit.record_event(
        by=by, at=at, verb=verb, target=upload, area_path=upload.area.path, detail={"rows": count}
    )
