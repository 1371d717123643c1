"""Reading the audit trail: events by verb, person, area, day and words, newest first. Writing is `core.audit`.

Who may read which areas is decided by the caller, who passes the paths; events without an area are for those alone
who may read everything.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from jizhi.core.models import AuditEvent


@dataclass(frozen=True)
class EventLine:
    """One event as the list shows it; `detail` is what the service kept, without whole numbers of persons."""

    id: int
    at: dt.datetime
    by: str
    verb: str
    target_type: str
    target_id: str
    target: str
    area_path: str
    detail: dict[str, Any]


def events(
    paths: list[str] | None,
    *,
    verb: str = "",
    by: str = "",
    within: list[str] | None = None,
    day: dt.date | None = None,
    words: str = "",
) -> QuerySet[AuditEvent]:
    """Events at or below the paths and `within` (everything for None); `verb` may be a noun such as `card`, too."""
    rows = AuditEvent.objects.all()
    for scope in (paths, within):
        if scope is not None:
            rows = rows.filter(_at_or_below(scope))
    if verb:
        rows = rows.filter(Q(verb=verb) | Q(verb__startswith=f"{verb}."))
    if by:
        rows = rows.filter(by_name__icontains=by)
    if day:
        rows = rows.filter(at__date=day)
    if words:
        rows = rows.filter(Q(target_label__icontains=words) | Q(target_id=words))
    return rows.order_by("-id")


def _at_or_below(paths: list[str]) -> Q:
    """At or below any of the paths; nothing for none."""
    scopes = Q(pk__in=[])
    for one in paths:
        scopes |= Q(area_path__descendant_of=one)
    return scopes


def lines(rows: QuerySet[AuditEvent]) -> list[EventLine]:
    """Events as lines: one query."""
    return [
        EventLine(
            row.pk,
            row.at,
            row.by_name,
            row.verb,
            row.target_type,
            row.target_id,
            row.target_label,
            str(row.area_path or ""),
            row.detail,
        )
        for row in rows
    ]


def verbs() -> list[str]:
    """Every verb that was ever recorded."""
    return list(AuditEvent.objects.order_by("verb").values_list("verb", flat=True).distinct())
