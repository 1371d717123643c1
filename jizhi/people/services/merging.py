"""Two records of one person become one: value by value as chosen, everything that named the other is repointed.

The record that goes stays as a pointer to the one kept. What only grows (changes, audit) keeps naming it.
"""

import datetime as dt
from collections.abc import Mapping

import pgtrigger
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.core import audit, clock, names, scope
from jizhi.core.errors import Conflict, DomainError
from jizhi.people.models import Membership, NotDuplicate, Person
from jizhi.people.services import memberships
from jizhi.people.services.edits import home_of
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action

FIELDS = ("name", "id_number", "birth_date", "sex", "phone", "residence", "registered_place")
_WITH_INDEX = {"id_number": ("id_index", "id_core_index"), "phone": ("phone_index",)}


class CannotMerge(DomainError):
    """The two overlap in a way somebody has to sort out first; the message says where."""


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
    """Merge two persons into `keep_id`; fields that `from_other` marks are taken from the other record.

    Raises Conflict where either was changed meanwhile, and CannotMerge where memberships or spells overlap.
    Pages call participants.merge_persons, which settles who takes part first.
    """
    rows = Person.objects.select_for_update(of=("self",)).filter(pk__in=[keep_id, drop_id], merged_into=None)
    found = {row.pk: row for row in rows.order_by("pk")}
    if len(found) != 2 or any(found[number].version != version for number, version in versions.items()):
        raise Conflict(_("资料刚被别人改过或已经合并，请重新打开这一页。"))
    keep, drop = found[keep_id], found[drop_id]
    homes = [home_of(keep), home_of(drop)]
    for home in homes:
        posts.check_can(by, Action.MERGE_PERSONS, home.area, clock.day_of(at))
    with scope.beyond("what names a person may lie in villages where the person once lived"):
        _check_overlap(keep, drop)
        _take_values(keep, drop, from_other)
        _repoint(keep, drop)
    memberships.rename_heads(keep)
    for household in {home.pk: home for home in homes}.values():
        memberships.refresh_size(household, clock.day_of(at))
    taken = sorted(name for name, other in from_other.items() if other)
    audit.record_event(
        by=by,
        at=at,
        verb="person.merge",
        target=keep,
        area_path=homes[0].area.path,
        detail={"merged": drop.pk, "taken": taken},
    )
    return keep


def _check_overlap(keep: Person, drop: Person) -> None:
    """Two memberships on one day must be sorted out by hand: only the village knows which household is right."""
    rows = Membership.objects.filter(person__in=[keep, drop]).select_related("household__village")
    mine = [row for row in rows if row.person_id == keep.pk]
    theirs = [row for row in rows if row.person_id == drop.pk]
    for one in mine:
        for other in theirs:
            if _overlap(one, other):
                raise CannotMerge(
                    _(
                        "两条记录在同一时间属于两户：%(one)s（%(one_days)s）和%(other)s（%(other_days)s）。"
                        "请先在其中一户登记离开，再来合并。"
                    )
                    % {
                        "one": _home(one),
                        "one_days": _days(one),
                        "other": _home(other),
                        "other_days": _days(other),
                    }
                )


def _overlap(one: Membership, other: Membership) -> bool:
    last = dt.date.max
    return one.from_date <= (other.to_date or last) and other.from_date <= (one.to_date or last)


def _home(row: Membership) -> str:
    return f"{row.household.village.name}{row.household.no}"


def _days(row: Membership) -> str:
    return f"{row.from_date}—{row.to_date or ''}"


def _take_values(keep: Person, drop: Person, from_other: Mapping[str, bool]) -> None:
    values = {
        name: getattr(drop, name)
        for field in FIELDS
        if from_other.get(field)
        for name in (field, *_WITH_INDEX.get(field, ()))
    }
    party, dates = drop.party_member, ("departed_date", "returned_date", "death_date")
    values |= {name: getattr(drop, name) for name in dates if getattr(keep, name) is None}
    drop.id_number = drop.id_index = None
    drop.id_core_index = ""
    drop.merged_into, drop.party_member = keep, False
    drop.version += 1
    drop.save()
    for name, value in values.items():
        setattr(keep, name, value)
    keep.party_member = keep.party_member or party
    keep.pinyin = names.person_key(keep.name)
    keep.version += 1
    keep.save()


def _repoint(keep: Person, drop: Person) -> None:
    """Every row of every app that names the dropped person names the kept one; rows that may only grow stay.

    Whoever was merged into the dropped one before is merged into the kept one, so that no chain grows.
    """
    for relation in Person._meta.related_objects:
        model, field = relation.related_model, relation.field
        if model in {Person, NotDuplicate} or _only_grows(model):
            continue
        rows = model._default_manager.filter(**{field.name: drop})
        try:
            with transaction.atomic():
                rows.update(**{field.name: keep})
        except IntegrityError as clash:
            raise CannotMerge(
                _("两条记录都有“%(what)s”且互相冲突，请先删去或结束其中一条。")
                % {"what": model._meta.verbose_name}
            ) from clash
    Person.objects.filter(merged_into=drop).update(merged_into=keep)
    NotDuplicate.objects.filter(models.Q(one=drop) | models.Q(other=drop)).delete()


def _only_grows(model: type[models.Model]) -> bool:
    triggers = getattr(model._meta, "triggers", [])
    return any(isinstance(one, pgtrigger.Protect) and one.name == "append_only" for one in triggers)


@transaction.atomic
def say_not_duplicate(*, one_id: int, other_id: int, by: User, at: dt.datetime) -> NotDuplicate:
    """Remember that these two are two; they are not proposed again."""
    low, high = sorted((one_id, other_id))
    found = {row.pk: row for row in Person.objects.filter(pk__in=[low, high])}
    homes = [home_of(found[number]) for number in (low, high)]
    for home in homes:
        posts.check_can(by, Action.MERGE_PERSONS, home.area, clock.day_of(at))
    said, _new = NotDuplicate.objects.get_or_create(
        one_id=low, other_id=high, defaults={"village": homes[0].village, "said_by": by, "said_at": at}
    )
    audit.record_event(
        by=by, at=at, verb="person.not_duplicate", target=found[low], area_path=homes[0].area.path,
        detail={"other": high},
    )  # fmt: skip
    return said
