"""Persons as organisations look them up, and which staff are which persons: nobody decides on the own household."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.accounts.rules import UserKind
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.core import scope
from jizhi.organisations.models import Belonging, StaffPerson
from jizhi.organisations.selectors.tree import OrganisationNotFound
from jizhi.people.models import Membership, Person
from jizhi.posts import selectors as posts
from jizhi.posts.models import Post
from jizhi.posts.rules import Action


@dataclass(frozen=True)
class PersonChoice:
    """A person to choose: with household and village, so that two of one name can be told apart."""

    id: int
    name: str
    household: str
    village: str
    party_member: bool

    @property
    def words(self) -> str:
        """One line for a list of choices."""
        return " · ".join(part for part in (self.name, self.village, self.household) if part)


def _paths(user: Any, on: dt.date) -> list[str]:
    """Where the user may choose persons: managing organisations, posts, or who is who."""
    actions = (Action.MANAGE_ORGANISATIONS, Action.MANAGE_POSTS, Action.LINK_STAFF)
    return sorted({path for action in actions for path in posts.scope_paths(user, action, on)})


def find_persons(
    user: Any, *, on: dt.date, area: Area | None = None, words: str, limit: int = 20
) -> list[PersonChoice]:
    """Registered persons by name or pinyin where the user manages organisations or posts."""
    text = words.strip()
    if not text:
        return []
    homes = Membership.objects.on(on).filter(
        person=OuterRef("pk"), household__area__path__within=_paths(user, on)
    )
    if area is not None:
        homes = homes.filter(household__area__path__descendant_of=area.path)
    match = Q(name__contains=text)
    if text.isascii():
        match = Q(pinyin__contains=text.lower().replace(" ", ""))
    living = Membership.objects.on(on).select_related("household__village")
    rows = Person.objects.filter(match, Exists(homes)).prefetch_related(
        Prefetch("memberships", living, to_attr="homes")
    )
    return [_choice(person) for person in rows.order_by("-party_member", "name", "id")[:limit]]


def _choice(person: Any) -> PersonChoice:
    home = person.homes[0].household if person.homes else None
    return PersonChoice(
        person.pk,
        person.name,
        f"{home.no} {home.head_name}" if home else "",
        home.village.name if home else "",
        person.party_member,
    )


def person_for(user: Any, person_id: int, *, on: dt.date) -> Person:
    """A person in the areas where the user manages organisations or posts. Raises OrganisationNotFound."""
    homes = Membership.objects.on(on).filter(
        person=OuterRef("pk"), household__area__path__within=_paths(user, on)
    )
    person = Person.objects.filter(Exists(homes), pk=person_id).first()
    if person is None:
        raise OrganisationNotFound(_("没有这个人，或不在您的管理范围内。"), place="person")
    return person


def party_members_in(user: Any, area: Area, *, on: dt.date, limit: int = 500) -> list[Person]:
    """Party members who live below an area and whose full membership lies nowhere yet: to be assigned to a branch."""
    paths = posts.scope_paths(user, Action.MANAGE_ORGANISATIONS, on)
    homes = Membership.objects.on(on).filter(
        person=OuterRef("pk"),
        household__area__path__within=paths,
        household__area__path__descendant_of=area.path,
    )
    files = Belonging.objects.on(on).filter(person=OuterRef("pk"), keeps_file=True)
    rows = Person.objects.filter(Exists(homes), ~Exists(files), party_member=True)
    return list(rows.order_by("name", "id")[:limit])


@dataclass(frozen=True)
class StaffLink:
    """An account and the registered person it is, since when, and who said so."""

    id: int
    user_id: int
    username: str
    account: str
    person_id: int
    name: str
    household_id: int | None
    household: str
    village: str
    linked_at: dt.datetime
    linked_by: str


def _links(rows: QuerySet[StaffPerson], on: dt.date) -> list[StaffLink]:
    homes = Membership.objects.on(on).select_related("household__village")
    found = rows.select_related("person", "user", "linked_by").prefetch_related(
        Prefetch("person__memberships", homes, to_attr="homes")
    )
    return [_link(row) for row in found]


def _link(row: Any) -> StaffLink:
    home = row.person.homes[0].household if row.person.homes else None
    return StaffLink(
        id=row.pk,
        user_id=row.user_id,
        username=row.user.username,
        account=row.user.display_name,
        person_id=row.person_id,
        name=row.person.name,
        household_id=home.pk if home else None,
        household=f"{home.no} {home.head_name}" if home else "",
        village=areas.named(home.village) if home else "",
        linked_at=row.linked_at,
        linked_by=row.linked_by.display_name if row.linked_by else "",
    )


def link_of_account(user_id: int, *, on: dt.date) -> StaffLink | None:
    """Which registered person the account is, if that is known."""
    return next(iter(_links(StaffPerson.objects.filter(user=user_id), on)), None)


def link_of_person(person_ids: Iterable[int], *, on: dt.date) -> StaffLink | None:
    """Which account is that person (under any of the numbers it had), if that is known."""
    return next(iter(_links(StaffPerson.objects.filter(person__in=list(person_ids)), on)), None)


def link_for(user: Any, link_id: int, *, on: dt.date) -> StaffPerson:
    """A link that the user may end. Raises OrganisationNotFound."""
    paths = posts.scope_paths(user, Action.LINK_STAFF, on)
    rows = StaffPerson.objects.filter(area__path__within=paths).select_related("user", "person", "area")
    found: StaffPerson | None = rows.filter(pk=link_id).first()
    if found is None:
        raise OrganisationNotFound(_("没有这条关联，或不在您的管理范围内。"))
    return found


def linkable_accounts(user: Any, *, on: dt.date, words: str = "") -> QuerySet[User]:
    """Open accounts of those who serve, now or soon, where the user says who is who; by name."""
    paths = posts.scope_paths(user, Action.LINK_STAFF, on)
    served = Post.objects.filter(user=OuterRef("pk"), area__path__within=paths).exclude(to_date__lt=on)
    rows = User.objects.filter(Exists(served), kind=UserKind.STAFF.value, is_active=True)
    if text := words.strip():
        match = Q(username__icontains=text) | Q(display_name__icontains=text)
        rows = rows.filter(match | Q(work_phone__startswith=text))
    return rows.order_by("display_name", "id")


def linkable_account(user: Any, user_id: int, *, on: dt.date) -> User:
    """One of them. Raises OrganisationNotFound."""
    found: User | None = linkable_accounts(user, on=on).filter(pk=user_id).first()
    if found is None:
        raise OrganisationNotFound(_("没有这个账号，或不在您的管理范围内。"), place="user")
    return found


def may_link(user: Any, user_id: int, *, on: dt.date) -> bool:
    """Whether the user may say which person that account is."""
    return linkable_accounts(user, on=on).filter(pk=user_id).exists()


def may_link_person(user: Any, person_id: int, *, on: dt.date) -> bool:
    """Whether the user may say which account that person has: by the household of that day."""
    paths = posts.scope_paths(user, Action.LINK_STAFF, on)
    homes = Membership.objects.on(on).filter(person=person_id, household__area__path__within=paths)
    return bool(paths) and homes.exists()


def find_accounts(user: Any, *, on: dt.date, words: str, limit: int = 20) -> list[posts.StaffMember]:
    """Accounts to choose from, with their posts; nothing without words."""
    if not words.strip():
        return []
    return posts.staff_lines(linkable_accounts(user, on=on, words=words)[:limit], on)


def persons_of_staff(users: Iterable[Any]) -> dict[int, int]:
    """User number → number of the registered person the account is, as far as that is known. One query."""
    ids = [getattr(user, "pk", user) for user in users]
    with scope.beyond("a panel member may live in another village"):
        return dict(StaffPerson.objects.filter(user__in=ids).values_list("user_id", "person_id"))
