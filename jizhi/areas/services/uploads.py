"""Files of areas and boundaries between upload and confirmation: kept as they came, written at most once."""

import datetime as dt
from typing import Any

from django.db import transaction

from jizhi.accounts.models import User
from jizhi.accounts.services import check_staff
from jizhi.areas.models import Area, AreaUpload
from jizhi.areas.rules import Datum, UploadKind
from jizhi.areas.services import boundaries, workbook
from jizhi.core import audit, clock


@transaction.atomic
def stage_upload(
    *,
    area: Area,
    kind: UploadKind,
    filename: str,
    content: bytes,
    options: dict[str, Any] | None = None,
    by: User | None,
    at: dt.datetime,
) -> AreaUpload:
    """Keep a file for an area after a first look at it; raises what the reader raises about an unusable file."""
    check_staff(by)
    upload = AreaUpload(
        area=area, kind=kind, filename=filename[:200], content=content, options=options or {}, uploaded_at=at,
        uploaded_by=by,
    )  # fmt: skip
    upload.counts = _counts(plan_upload(upload, at))
    upload.save()
    return upload


def plan_upload(upload: AreaUpload, at: dt.datetime) -> list[Any]:
    """What the file would do now, row by row or feature by feature."""
    paths, content = [str(upload.area.path)], bytes(upload.content)
    if upload.kind is UploadKind.BOUNDARIES:
        return boundaries.plan_boundaries(content, paths=paths, on=clock.day_of(at), **_outlines(upload))
    rows = workbook.read_tree(content, upload.filename)
    return list(workbook.plan_tree(rows, paths=paths, on=clock.day_of(at)))


def _outlines(upload: AreaUpload) -> dict[str, Any]:
    """The first day and the datum of a file of boundaries, as whoever uploaded it told them."""
    told = upload.options
    return {"from_date": dt.date.fromisoformat(told["from_date"]), "datum": Datum(told["datum"])}


def _counts(planned: list[Any]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in planned:
        counts[one.fate.value] = counts.get(one.fate.value, 0) + 1
    return counts


@transaction.atomic
def apply_upload(*, upload: AreaUpload, by: User | None, at: dt.datetime) -> dict[str, int]:
    """Write the file; the second press of the button finds it written and changes nothing."""
    check_staff(by)
    upload = AreaUpload.objects.select_for_update(of=("self",)).select_related("area").get(pk=upload.pk)
    if upload.applied_at is not None:
        return dict(upload.counts)
    paths, content = [str(upload.area.path)], bytes(upload.content)
    planned: list[Any]
    if upload.kind is UploadKind.BOUNDARIES:
        planned = boundaries.apply_boundaries(
            content=content, paths=paths, note=upload.filename, by=by, at=at, **_outlines(upload)
        )
    else:
        rows = workbook.read_tree(content, upload.filename)
        planned = workbook.apply_tree(rows=rows, paths=paths, by=by, at=at)
    upload.counts, upload.applied_at = _counts(planned), at
    upload.save(update_fields=["counts", "applied_at"])
    audit.record_event(
        by=by, at=at, verb="area.import", target=upload, area_path=str(upload.area.path), detail=upload.counts
    )
    return dict(upload.counts)
