"""Two records of one person become one, also where both take part in one scheme: nobody takes part twice at a time."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.core import audit, scope
from jizhi.core.text import N_
from jizhi.people import services as people
from jizhi.people.models import Person, Subject
from jizhi.schemes import selectors as schemes

# What names a subject without its having done anything: that it takes part, what it was told, its line in settlements.
NOT_IN_USE = {"participant", "messages", "standings"}


@transaction.atomic
def merge_persons(
    *,
    keep_id: int,
    drop_id: int,
    from_other: Mapping[str, bool],
    versions: Mapping[int, int],
    by: User,
    at: dt.datetime,
) -> Person:
    """As people.merge_persons. Where both take part in a scheme at one time, the participation without any claim or
    fact never was, the dropped record's first.

    Raises CannotMerge where both have claims or facts, and what people.merge_persons raises.
    """
    with scope.beyond(
        "whoever is twice on the register may take part in villages where the person once lived"
    ):
        _settle_overlaps(keep_id, drop_id, by, at)
    return people.merge_persons(
        keep_id=keep_id, drop_id=drop_id, from_other=from_other, versions=versions, by=by, at=at
    )


def _settle_overlaps(keep_id: int, drop_id: int, by: User, at: dt.datetime) -> None:
    """Whether the user may merge the two is checked by the merging itself, in the same transaction."""
    rows = Subject.objects.select_for_update(of=("self",)).filter(person__in=[keep_id, drop_id], void=False)
    found = list(rows.select_related("village").order_by("pk"))
    mine = [row for row in found if row.person_id == keep_id]
    theirs = [row for row in found if row.person_id == drop_id]
    for other in theirs:
        for one in [row for row in mine if row.scheme == other.scheme and _overlap(row, other)]:
            if one.void or other.void:
                continue
            unused = next((row for row in (other, one) if not _in_use(row)), None)
            if unused is None:
                raise people.CannotMerge(
                    _("两条记录同时参加“%(scheme)s”，而且都有申报或积分。请先查清哪一条是对的，再来合并。")
                    % {"scheme": _title(other)}
                )
            _void(unused, by, at)


def _overlap(one: Subject, other: Subject) -> bool:
    last = dt.date.max
    return one.from_date <= (other.to_date or last) and other.from_date <= (one.to_date or last)


def _in_use(subject: Subject) -> bool:
    """Whether anything but the participation itself names the subject, in whatever app."""
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: subject}).exists()
        for relation in Subject._meta.related_objects
        if relation.get_accessor_name() not in NOT_IN_USE
    )


def _void(subject: Subject, by: User, at: dt.datetime) -> None:
    subject.void, subject.to_date = True, subject.from_date
    subject.save(update_fields=["void", "to_date"])
    row = subject.participant
    row.ended_at, row.ended_by, row.reason = at, by, N_("与同一人的另一条记录合并")
    row.save(update_fields=["ended_at", "ended_by", "reason"])
    audit.record_event(
        by=by,
        at=at,
        verb="participant.void",
        target=row,
        area_path=subject.village.path,
        detail={"scheme": subject.scheme, "name": subject.label},
    )


def _title(subject: Subject) -> str:
    return schemes.versions_in_village(subject.village, subject.scheme).latest.title.zh
