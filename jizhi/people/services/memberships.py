"""Members changing households and heads changing: the plain writes, for services that have checked who may do it.

Permission, audit and what happens to points are the caller's; locks on the households are held by it, too.
"""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from jizhi.core import names, scope
from jizhi.core.errors import DomainError
from jizhi.people import rules
from jizhi.people.models import Household, Membership, Person
from jizhi.people.services import cards


class NoSuchMember(DomainError):
    """The person is not a member of that household on that day."""


class JoinedTooLate(DomainError):
    """The membership began on the very day or later; there is no day left to end it on."""


def lock_households(household_ids: Sequence[int]) -> dict[int, Household]:
    """Lock households in the order of their numbers, with subject and places."""
    rows = Household.objects.select_for_update(of=("self",)).select_related("village", "area", "subject")
    return {row.pk: row for row in rows.filter(pk__in=household_ids).order_by("pk")}


def end_members(household: Household, person_ids: Sequence[int], last_day: dt.date) -> list[Membership]:
    """End the memberships of these persons with `last_day`. Raises NoSuchMember and JoinedTooLate."""
    rows = list(
        Membership.objects.select_for_update(of=("self",))
        .filter(household=household, person_id__in=person_ids, to_date=None)
        .select_related("person")
        .order_by("pk")
    )
    missing = set(person_ids) - {row.person_id for row in rows}
    if missing:
        raise NoSuchMember(_("有人已不是这户的成员，请刷新后再选。"), place="persons")
    for row in rows:
        if row.from_date > last_day:
            raise JoinedTooLate(
                _("%(name)s从%(day)s起才是这户的成员，日期要更晚一些。")
                % {"name": row.person.name, "day": row.from_date},
                place="day",
            )
        row.to_date = last_day
        row.save(update_fields=["to_date"])
    return rows


def start_member(household: Household, person: Person, relation: str, first_day: dt.date) -> Membership:
    """A person who belongs to no household on that day or later becomes a member."""
    with scope.beyond("whoever joins may still be registered in another village"):
        taken = Membership.objects.filter(person=person).exclude(to_date__lt=first_day).exists()
    if taken:
        raise NoSuchMember(_("%(name)s在这一天属于另一户。") % {"name": person.name}, place="persons")
    return Membership.objects.create(
        person=person, household=household, relation=relation, from_date=first_day
    )


def set_head(household: Household, head: Person | None) -> None:
    """Make a member the head; the name on lists follows. Without a head the old name stays on the label."""
    household.head = head
    if head is not None:
        household.head_name, household.pinyin = head.name, names.person_key(head.name)
    household.version += 1
    household.save(update_fields=["head", "head_name", "pinyin", "version"])
    household.subject.label = household.head_name
    household.subject.save(update_fields=["label"])


def refresh_size(household: Household, day: dt.date) -> bool:
    """Bring the subject's size to the register's; whether it changed, so that what depends on it is priced anew."""
    subject = household.subject
    # Whoever leaves with this day is not counted any more: nobody comes back tomorrow to count again.
    members = Membership.objects.on(day).filter(household=household).exclude(to_date=day).count()
    size = rules.household_size(household.declared_size, members)
    changed, subject.size = subject.size != size, size
    subject.save(update_fields=["size"])
    return changed


def rename_heads(person: Person) -> None:
    """A person's name was corrected: the households it heads carry the new one."""
    for household in Household.objects.filter(head=person).select_related("subject"):
        set_head(household, person)


def void_household(*, household: Household, at: dt.datetime) -> None:
    """A household whose registration is taken back: it never took part, and its number is free again."""
    cards.block_card_of(household=household, reason="", at=at)
    subject = household.subject
    mark = rules.void_mark(household.pk)
    household.no, subject.key = household.no[: 20 - len(mark)] + mark, f"{subject.key}{mark}"
    household.to_date = subject.to_date = household.from_date
    subject.void = True
    household.version += 1
    household.save(update_fields=["no", "to_date", "version"])
    subject.save(update_fields=["key", "to_date", "void"])
