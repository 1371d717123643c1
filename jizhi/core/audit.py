"""Appending to the audit trail. Every service that writes calls this inside its own transaction.

Details hold what changed, as JSON; never a whole ID number, phone number or password.
"""

import datetime as dt
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from jizhi.core.models import AuditEvent


def new_event(
    *,
    by: Any,
    at: dt.datetime,
    verb: str,
    target: models.Model | None,
    area_path: str = "",
    detail: dict[str, Any] | None = None,
) -> AuditEvent:
    """Build an event without writing it, for services that write many at once with `append_events`."""
    return AuditEvent(
        at=at,
        by_id=getattr(by, "pk", None),
        by_name=by.get_username() if by is not None else "",
        verb=verb,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        target_label=str(target)[:200] if target is not None else "",
        area_path=area_path or None,
        detail=json.loads(json.dumps(detail or {}, cls=DjangoJSONEncoder)),
    )


def append_events(events: list[AuditEvent]) -> None:
    """Append many events in one statement per thousand."""
    AuditEvent.objects.bulk_create(events, batch_size=1000)


def record_event(
    *,
    by: Any,
    at: dt.datetime,
    verb: str,
    target: models.Model | None,
    area_path: str = "",
    detail: dict[str, Any] | None = None,
) -> AuditEvent:
    """Append one event. `by` is the acting user, or None for the operator at the console; `verb` is `noun.verb`."""
    event = new_event(by=by, at=at, verb=verb, target=target, area_path=area_path, detail=detail)
    event.save(force_insert=True)
    return event


def events_of(target: models.Model) -> models.QuerySet[AuditEvent]:
    """What happened to one record, in order."""
    return AuditEvent.objects.filter(target_type=target._meta.label_lower, target_id=str(target.pk)).order_by(
        "id"
    )
