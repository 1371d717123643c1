"""Uploaded rosters: the list for the import page and one with its report."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.core.errors import DomainError
from jizhi.people.models import RosterImport
from jizhi.people.rules import ImportState
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class RosterNotFound(DomainError):
    """No such upload, or none in the user's area."""


@dataclass(frozen=True)
class RosterLine:
    """One upload; `report` is the masked report as stored (services.from_stored reads it)."""

    id: int
    village_code: str
    village_name: str
    filename: str
    digest: str
    state: ImportState
    by_name: str
    at: dt.datetime
    applied_at: dt.datetime | None
    report: dict[str, Any]


def _line(row: RosterImport) -> RosterLine:
    return RosterLine(
        id=row.pk,
        village_code=row.village.code,
        village_name=areas.named(row.village),
        filename=row.filename,
        digest=row.digest,
        state=ImportState(row.state),
        by_name=row.by.display_name if row.by else "",
        at=row.at,
        applied_at=row.applied_at,
        report=row.report,
    )


def roster_imports(*villages: Area, limit: int = 20) -> tuple[RosterLine, ...]:
    """The uploads of these villages together, newest first; one query, however many they are."""
    rows = RosterImport.objects.filter(village__in=villages).defer("content").select_related("village", "by")
    return tuple(_line(row) for row in rows.order_by("-at", "-id")[:limit])


def roster_import(user: Any, roster_import_id: int, on: dt.date) -> RosterLine:
    """One upload, if the user may import into its village; raises RosterNotFound."""
    rows = RosterImport.objects.defer("content").select_related("village", "by")
    row = rows.filter(pk=roster_import_id).first()
    if row is None or not posts.can(user, Action.IMPORT_HOUSEHOLDS, row.village, on):
        raise RosterNotFound(_("没有这份名单，或不在您的工作范围内。"))
    return _line(row)
