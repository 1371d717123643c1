"""Putting a household into classes and out of them: from a day until a day, so that an old month stays explained."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.core import audit, clock
from jizhi.core.errors import Conflict, DomainError
from jizhi.visits import models, selectors
from jizhi.visits.services.book import locked_book
from jizhi.visits.services.plans import refresh_plan

if TYPE_CHECKING:
    from jizhi.accounts.models import User
    from jizhi.people.models import Household


class UnknownClass(DomainError):
    """The county's pack has no such class, or the user may not set it."""


@transaction.atomic
def set_classes(
    *,
    household: Household,
    keys: Collection[str],
    version: int | None = None,
    request_key: str = "",
    by: User | None,
    at: dt.datetime,
) -> tuple[str, ...]:
    """The household is in exactly these classes from today; sensitive ones stay untouched by whoever may not see them.

    This month's plan follows at once, and nobody else's day moves. `version` is the one a form was opened with; a
    known `request_key` changes nothing. Raises NotKeeper, UnknownClass and Conflict.
    """
    today = clock.day_of(at)
    selectors.check_may_keep(by, household.area, today)
    settable = {one.key: one for one in selectors.classes_for(by, household.area, today)}
    if unknown := sorted(set(keys) - set(settable)):
        raise UnknownClass(_("没有这个走访类别：%(keys)s。") % {"keys": "、".join(unknown)}, place="classes")
    book = locked_book(household)
    if request_key and book.classes_key == request_key:
        return tuple(sorted(keys))
    rows = models.HouseholdClass.objects.select_for_update().filter(household=household, to_date=None)
    present = {row.key: row for row in rows.order_by("id") if row.key in settable}
    added, ended = set(keys) - set(present), set(present) - set(keys)
    if version is not None and version != book.classes_version and (added or ended):
        raise _conflict(book, list(present), settable)
    for key in sorted(ended):
        _end(present[key], by, at)
    models.HouseholdClass.objects.bulk_create(
        models.HouseholdClass(
            household=household,
            village_id=household.village_id,
            key=key,
            from_date=today,
            set_at=at,
            set_by=by,
        )
        for key in sorted(added)
        if not _taken_up_again(household, key, today)
    )
    if added or ended:
        book.classes_version, book.classes_key = book.classes_version + 1, request_key
        book.save(update_fields=["classes_version", "classes_key"])
        open_words = sorted(key for key in added | ended if not settable[key].sensitive)
        detail = {"changed": len(added | ended), "open_classes": "、".join(open_words)}
        audit.record_event(
            by=by,
            at=at,
            verb="visit.classify",
            target=household,
            area_path=household.village.path,
            detail=detail,
        )
        refresh_plan(household=household, by=by, at=at)
    return tuple(sorted(keys))


def _conflict(book: models.Book, present: list[str], settable: Collection[str]) -> Conflict:
    """The classes the reader may set, as they are now; who changed them last, if it was one of those."""
    rows = models.HouseholdClass.objects.filter(household=book.household, key__in=list(settable))
    said = [(row.set_at, row.set_by) for row in rows.select_related("set_by", "ended_by")]
    said += [(row.ended_at, row.ended_by) for row in rows.select_related("ended_by") if row.ended_at]
    when, who = max(said, key=lambda one: one[0], default=(None, None))
    return Conflict(
        _("这户的走访类别刚才有人改过。请核对现在的类别，再改一次。"),
        now={"classes": present},
        version=book.classes_version,
        changed_by=who.display_name if who else "",
        changed_at=when,
    )


def _end(row: models.HouseholdClass, by: User | None, at: dt.datetime) -> None:
    """The last day is yesterday; what was set today by mistake never was."""
    today = clock.day_of(at)
    if row.from_date >= today:
        row.delete()
        return
    row.to_date, row.ended_at, row.ended_by = today - dt.timedelta(days=1), at, by
    row.save(update_fields=["to_date", "ended_at", "ended_by"])


def _taken_up_again(household: Household, key: str, today: dt.date) -> bool:
    """What was ended only today goes on as if nothing had happened."""
    rows = models.HouseholdClass.objects.filter(household=household, key=key)
    return bool(
        rows.filter(to_date=today - dt.timedelta(days=1), ended_at__date=today).update(
            to_date=None, ended_at=None, ended_by=None
        )
    )
