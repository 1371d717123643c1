"""Services of those who report: recorded by one, confirmed or refused by another; only confirmed ones count."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.organisations import rules
from jizhi.organisations.models import Reporter, Service
from jizhi.organisations.rules import ServiceState
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class BadService(DomainError):
    """Day, time or words of the service are not usable."""


class CannotClose(DomainError):
    """The service is in another state, or was recorded by whoever wants to confirm it."""


@transaction.atomic
def record_service(
    *,
    reporter: Reporter,
    day: dt.date,
    minutes: int,
    words: str,
    place: str = "",
    request_key: str,
    by: User | None,
    at: dt.datetime,
) -> Service:
    """Record what a reporter did; the same key again gives the record there is. Raises NotAllowed, BadService."""
    if found := Service.objects.filter(request_key=request_key).first():
        return found
    area = reporter.grid or reporter.area
    today = clock.day_of(at)
    posts.check_can(by, Action.RECORD_SERVICE, area, today)
    if not 1 <= minutes <= rules.MINUTES_MAX:
        raise BadService(_("服务时长要在 1 分钟到 16 小时之间。"), place="hours")
    if not words.strip():
        raise BadService(_("请写明做了什么。"), place="words")
    if day > today or day < today - dt.timedelta(days=rules.BACKDATED_DAYS):
        raise BadService(_("只能登记最近%(days)d天的服务。") % {"days": rules.BACKDATED_DAYS}, place="day")
    if day < reporter.from_date or (reporter.to_date is not None and day > reporter.to_date):
        raise BadService(_("这一天%(name)s没有在这里报到。") % {"name": reporter.name}, place="day")
    service = Service.objects.create(
        reporter=reporter,
        area=area,
        day=day,
        minutes=minutes,
        words=words.strip()[:200],
        place=place.strip(),
        request_key=request_key,
        recorded_at=at,
        recorded_by=by,
    )
    audit.record_event(
        by=by,
        at=at,
        verb="service.record",
        target=service,
        area_path=area.path,
        detail={"name": reporter.name, "day": day, "minutes": minutes},
    )
    return service


@transaction.atomic
def confirm_services(*, service_ids: Sequence[int], by: User | None, at: dt.datetime) -> int:
    """Confirm services, one or many, all or none; those confirmed already are passed over. Returns how many it did."""
    rows = _locked(service_ids, Action.CONFIRM_SERVICE, by, at)
    done = 0
    for row in rows:
        if row.state is ServiceState.CONFIRMED:
            continue
        if by is not None and row.recorded_by_id == by.pk:
            raise CannotClose(_("自己登记的服务要由别人确认。"))
        _close(row, ServiceState.CONFIRMED, "", by, at)
        done += 1
    return done


@transaction.atomic
def refuse_service(*, service_id: int, reason: str, by: User | None, at: dt.datetime) -> Service:
    """Do not confirm a service, with the reason in writing."""
    (row,) = _locked([service_id], Action.CONFIRM_SERVICE, by, at)
    return _close(row, ServiceState.REFUSED, _reason(reason), by, at)


@transaction.atomic
def revoke_service(*, service_id: int, reason: str, by: User | None, at: dt.datetime) -> Service:
    """Take a confirmed service back; it counts no longer and stays on record."""
    (row,) = _locked([service_id], Action.CONFIRM_SERVICE, by, at)
    return _close(row, ServiceState.REVOKED, _reason(reason), by, at)


def _reason(reason: str) -> str:
    if len(reason.strip()) < 2:
        raise BadService(_("请写明原因。"), place="reason")
    return reason.strip()[:200]


def _locked(service_ids: Sequence[int], action: Action, by: User | None, at: dt.datetime) -> list[Service]:
    rows = Service.objects.select_for_update(of=("self",)).select_related("area", "reporter")
    found = list(rows.filter(pk__in=service_ids).order_by("pk"))
    if len(found) != len(set(service_ids)):
        raise CannotClose(_("没有这条服务记录。"))
    for row in found:
        posts.check_can(by, action, row.area, clock.day_of(at))
    return found


def _close(row: Service, to: ServiceState, reason: str, by: User | None, at: dt.datetime) -> Service:
    if row.state is to:
        return row
    if not rules.can_move(row.state, to):
        raise CannotClose(
            _("这条服务%(state)s，不能再改为%(to)s。") % {"state": _(row.state.label), "to": _(to.label)}
        )
    row.state, row.closed_at, row.closed_by, row.reason = to, at, by, reason
    row.save(update_fields=["state", "closed_at", "closed_by", "reason"])
    audit.record_event(
        by=by,
        at=at,
        verb=f"service.{to.value}",
        target=row,
        area_path=row.area.path,
        detail={"name": row.reporter.name, "minutes": row.minutes, "reason": reason},
    )
    return row
