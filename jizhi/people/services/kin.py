"""Declaring that two persons are related, and that a relation has ended. Neither is ever deleted."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.people.models import Kinship, Person
from jizhi.people.rules import Kin, KinSource
from jizhi.people.services.edits import home_of
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class BadKinship(DomainError):
    """The relation cannot stand as it was given; `place` names the field."""


@transaction.atomic
def declare_kin(
    *,
    person: Person,
    relative: Person,
    kin: Kin,
    source: KinSource,
    from_date: dt.date,
    by: User | None,
    at: dt.datetime,
) -> Kinship:
    """`relative` is `kin` to `person` from that day on. Raises BadKinship where the two are related already."""
    household, today = home_of(person), clock.day_of(at)
    posts.check_can(by, Action.MANAGE_HOUSEHOLDS, household.area, today)
    if person.pk == relative.pk:
        raise BadKinship(_("不能登记为自己的亲属。"), place="relative")
    if from_date > today:
        raise BadKinship(_("日期不能晚于今天。"), place="from_date")
    try:
        with transaction.atomic():
            row = Kinship.objects.create(
                person=person,
                relative=relative,
                village=household.village,
                kin=kin,
                source=source,
                from_date=from_date,
                declared_at=at,
                declared_by=by,
            )
    except IntegrityError as clash:
        raise BadKinship(
            _("%(one)s和%(other)s的亲属关系已经登记过了。") % {"one": person.name, "other": relative.name},
            place="relative",
        ) from clash
    detail = {"relative": relative.pk, "kin": kin, "source": source, "from_date": from_date}
    audit.record_event(
        by=by, at=at, verb="kin.declare", target=person, area_path=household.area.path, detail=detail
    )
    return row


@transaction.atomic
def end_kin(*, kinship_id: int, last_day: dt.date, by: User | None, at: dt.datetime) -> Kinship:
    """The relation held until that day (a divorce, or it was declared by mistake: then its first day)."""
    row = (
        Kinship.objects.select_for_update(of=("self",)).select_related("person", "village").get(pk=kinship_id)
    )
    posts.check_can(by, Action.MANAGE_HOUSEHOLDS, row.village, clock.day_of(at))
    if row.to_date is not None:
        raise BadKinship(_("这条亲属关系已经结束。"))
    if not row.from_date <= last_day <= clock.day_of(at):
        raise BadKinship(_("结束日期须在开始日期和今天之间。"), place="last_day")
    row.to_date = last_day
    row.save(update_fields=["to_date"])
    audit.record_event(
        by=by, at=at, verb="kin.end", target=row.person, area_path=row.village.path,
        detail={"relative": row.relative_id, "to_date": last_day},
    )  # fmt: skip
    return row
