"""Persons joining, dying, going away, coming back, changing households; heads changing."""

from django.utils.translation import gettext as _

from jizhi.changes import rules
from jizhi.changes.rules import ChangeKind
from jizhi.changes.services.households import replace_head
from jizhi.changes.services.orders import Join, PersonOrder, Transfer
from jizhi.changes.services.work import BadChange, Bench
from jizhi.core import scope
from jizhi.people import selectors as register
from jizhi.people import services as people
from jizhi.people.models import Household, Membership, Person
from jizhi.people.rules import Residence

JOINING = (ChangeKind.BIRTH, ChangeKind.MARRIAGE, ChangeKind.JOINING)


def home_of(person_id: int) -> int | None:
    """The household a person belongs to without a last day."""
    rows = Membership.objects.filter(person_id=person_id, to_date=None)
    with scope.beyond("whoever joins may still be registered in another village"):
        return rows.values_list("household_id", flat=True).first()


def joins_from(order: Join) -> int | None:
    """The household that somebody who joins leaves, if the person is on the register."""
    person = people.known_person(order.member)
    home = home_of(person.pk) if person else None
    return home if home != order.household_id else None


def join(order: Join, bench: Bench) -> None:
    """A child is born, somebody marries in or moves in; whoever was in another household leaves it."""
    household = bench.open_household(order.household_id)
    member = order.member
    if not member.name.strip() and member.person_id is None:
        raise BadChange(_("请填写姓名。"), place="name")
    if member.birth_date is not None and member.birth_date > bench.day:
        raise BadChange(_("出生日期不能晚于加入日期。"), place="birth_date")
    person = people.known_person(member)
    if person is not None and member.person_id is not None:
        register.person_for(bench.by, person.pk, bench.today)
    if person is not None and person.death_date is not None:
        raise BadChange(_("此人已登记去世，不能再加入。"), place="name")
    home = home_of(person.pk) if person else None
    if home == household.pk:
        raise BadChange(_("此人已是这户的成员。"), place="name")
    if person is None:
        person = people.new_person(member)
        bench.step("created", person.pk)
    elif home is not None:
        old = bench.open_household(home)
        bench.leave(old, [person.pk])
        if old.head_id == person.pk:
            replace_head(bench, old, None)
    bench.join(household, person, member.relation)
    if person.departed_date is not None and person.residence != Residence.AWAY:
        bench.set_person(
            person, departed_date=None
        )  # back from where the departure led; who is away stays so
    bench.persons.append((person.pk, home, household.pk, member.relation))


def change_person(order: PersonOrder, bench: Bench) -> None:
    """Death, departure, return, leaving, a new head."""
    household = bench.open_household(order.household_id)
    membership = Membership.objects.filter(
        household=household, person_id=order.person_id, to_date=None
    ).select_related("person")
    found = membership.first()
    if found is None:
        raise BadChange(_("此人已不是这户的成员，请刷新后再试。"), place="person")
    _PERSON_VERBS[order.kind](order, bench, household, found.person)


def _death(order: PersonOrder, bench: Bench, household: Household, person: Person) -> None:
    """The day of death is the last day in the household."""
    bench.set_person(person, death_date=bench.day)
    _gone(order, bench, household, person, last_day_is_day=True)
    _end_party(bench, person)


def _member_leaving(order: PersonOrder, bench: Bench, household: Household, person: Person) -> None:
    bench.set_person(person, departed_date=bench.day)
    _gone(order, bench, household, person)


def _gone(
    order: PersonOrder, bench: Bench, household: Household, person: Person, last_day_is_day: bool = False
) -> None:
    was_head = household.head_id == person.pk
    bench.leave(household, [person.pk], bench.day if last_day_is_day else None)
    bench.persons.append((person.pk, household.pk, None, ""))
    if was_head:
        replace_head(bench, household, order.new_head_id)


def _end_party(bench: Bench, person: Person) -> None:
    """Party membership and class end with the person."""
    for name, spells in (("party_spell", person.party_spells), ("class_spell", person.class_spells)):
        with scope.beyond("a spell may have been recorded in a village that the person left"):
            for spell in spells.filter(to_date=None, from_date__lte=bench.day):
                spell.to_date = bench.day
                spell.save(update_fields=["to_date"])
                bench.step(name, spell.pk)
    if person.party_member:
        bench.set_person(person, party_member=False)


def _departure(order: PersonOrder, bench: Bench, household: Household, person: Person) -> None:
    """Away for work or study: still registered, still a member."""
    if person.residence == Residence.AWAY:
        raise BadChange(_("此人已登记为外出。"), place="person")
    bench.set_person(person, residence=Residence.AWAY, departed_date=bench.day, returned_date=None)
    bench.persons.append((person.pk, household.pk, household.pk, ""))


def _return(order: PersonOrder, bench: Bench, household: Household, person: Person) -> None:
    if person.residence != Residence.AWAY:
        raise BadChange(_("此人没有登记为外出。"), place="person")
    if person.departed_date is not None and bench.day < person.departed_date:
        raise BadChange(_("返回日期不能早于外出日期。"), place="day")
    bench.set_person(person, residence=Residence.RESIDENT, returned_date=bench.day)
    bench.persons.append((person.pk, household.pk, household.pk, ""))


def _new_head(order: PersonOrder, bench: Bench, household: Household, person: Person) -> None:
    if household.head_id == person.pk:
        raise BadChange(_("此人已是户主。"), place="person")
    bench.make_head(household, person.pk)
    bench.persons.append((person.pk, household.pk, household.pk, ""))


def transfer(order: Transfer, bench: Bench) -> None:
    """One person goes from one household to another; points stay with the household that earned them."""
    source, target = bench.open_household(order.household_id), bench.open_household(order.into_id, "into")
    if source.pk == target.pk:
        raise BadChange(_("请选择另一户。"), place="into")
    was_head = source.head_id == order.person_id
    bench.carry_members(source, target, [order.person_id], {order.person_id: order.relation})
    if was_head:
        replace_head(bench, source, order.new_head_id)


_PERSON_VERBS = {
    rules.ChangeKind.DEATH: _death,
    rules.ChangeKind.DEPARTURE: _departure,
    rules.ChangeKind.RETURN: _return,
    rules.ChangeKind.MEMBER_LEAVING: _member_leaving,
    rules.ChangeKind.NEW_HEAD: _new_head,
}
