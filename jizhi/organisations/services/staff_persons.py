"""Which account is which registered person; recusal by household rests on it. It says nothing about posts."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.accounts.rules import UserKind
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.organisations import selectors
from jizhi.organisations.models import StaffPerson
from jizhi.people.models import Membership, Person
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class CannotLink(DomainError):
    """Either is linked otherwise, the person lives nowhere in the register, or somebody decides about oneself."""


@transaction.atomic
def link_staff_person(*, user: User, person: Person, by: User | None, at: dt.datetime) -> StaffPerson:
    """Say that the account is this person; the same again changes nothing.

    Raises NotAllowed, CannotLink, OrganisationNotFound (an account that serves elsewhere).
    """
    on = clock.day_of(at)
    home = Membership.objects.on(on).filter(person=person).select_related("household__area").first()
    if home is None or user.kind is not UserKind.STAFF:
        raise CannotLink(_("此人不在任何一户，或账号不是工作人员的账号。"), place="person")
    area = home.household.area
    posts.check_can(by, Action.LINK_STAFF, area, on)
    _check_not_own(user, by)
    selectors.linkable_account(by, user.pk, on=on)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    mine = StaffPerson.objects.filter(user=user).first()
    if mine is not None and mine.person_id == person.pk:
        return mine
    if mine is not None or StaffPerson.objects.filter(person=person).exists():
        raise CannotLink(_("这个账号或这个人已经关联，请先解除。"), place="person")
    link = StaffPerson.objects.create(user=user, person=person, area=area, linked_at=at, linked_by=by)
    audit.record_event(
        by=by,
        at=at,
        verb="staff_person.link",
        target=link,
        area_path=area.path,
        detail={"user": user.username, "name": person.name},
    )
    return link


@transaction.atomic
def unlink_staff_person(*, link: StaffPerson, reason: str, by: User | None, at: dt.datetime) -> None:
    """Take the link back. Raises NotAllowed, CannotLink."""
    posts.check_can(by, Action.LINK_STAFF, link.area, clock.day_of(at))
    _check_not_own(link.user, by)
    audit.record_event(
        by=by,
        at=at,
        verb="staff_person.unlink",
        target=link,
        area_path=link.area.path,
        detail={"user": link.user.username, "name": link.person.name, "reason": reason},
    )
    link.delete()


def _check_not_own(user: User, by: User | None) -> None:
    """Nobody frees oneself of recusal, nor claims to be somebody else."""
    if by is not None and by.pk == user.pk:
        raise CannotLink(_("本人的关联由别人登记和解除。"))
