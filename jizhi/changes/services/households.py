"""Households split, merged, moved within the village or to another one, leaving and coming back."""

from django.utils.translation import gettext as _

from jizhi.changes import rules
from jizhi.changes.services.orders import GridMove, Leaving, Merge, Move, Returning, Split
from jizhi.changes.services.running import current_members
from jizhi.changes.services.work import BadChange, Bench
from jizhi.core import scope
from jizhi.people import services as people
from jizhi.people.models import Household, Membership, Person
from jizhi.people.rules import HEAD
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


def split(order: Split, bench: Bench) -> None:
    """Members leave with a new number; the wallet is shared as ordered, exactly."""
    source = bench.open_household(order.household_id)
    members = {row.person_id: row.person for row in current_members(source)}
    leaving = list(dict.fromkeys(order.person_ids))
    _check_split(order, members, leaving)
    target = bench.open_new(
        village=source.village, grid=order.grid or source.area, no=order.no, head=members[order.head_id],
        address=order.address, phone=order.phone,
    )  # fmt: skip
    bench.carry_members(source, target, leaving, {})
    bench.make_head(target, order.head_id)
    if source.head_id in leaving:
        replace_head(bench, source, order.old_head_id)
    bench.refile(order.refile, target)
    if order.share is rules.ShareRule.GIVEN:
        bench.move_points(source, target, order.points)
    elif order.share is rules.ShareRule.MEMBERS:
        held = bench.wallet(source)
        bench.move_points(source, target, rules.share(held, [len(members) - len(leaving), len(leaving)])[1])


def _check_split(order: Split, members: dict[int, Person], leaving: list[int]) -> None:
    if not leaving:
        raise BadChange(_("请选择分出去的成员。"), place="persons")
    if not set(leaving) <= members.keys():
        raise BadChange(_("有人已不是这户的成员，请刷新后再选。"), place="persons")
    if len(leaving) == len(members):
        raise BadChange(_("至少要有一位成员留在原户；整户搬走请办理迁移。"), place="persons")
    if order.head_id not in leaving:
        raise BadChange(_("新户的户主须是分出去的成员。"), place="head")
    if order.points < 0:
        raise BadChange(_("分数不能小于0。"), place="points")


def replace_head(bench: Bench, household: Household, head_id: int | None) -> None:
    """The head went: somebody who stays takes over; the last one left needs no choice."""
    staying = current_members(household)
    if head_id is None and len(staying) == 1:
        head_id = staying[0].person_id
    if staying and head_id is None:
        raise BadChange(_("原户主离开这户，请选择新的户主。"), place="old_head")
    bench.make_head(household, head_id)


def merge(order: Merge, bench: Bench) -> None:
    """All members, points and chosen claims go into the other household; this one ends, its card is blocked."""
    source, target = bench.open_household(order.household_id), bench.open_household(order.into_id, "into")
    if source.pk == target.pk:
        raise BadChange(_("不能并入自己。"), place="into")
    if source.village_id != target.village_id:
        raise BadChange(_("只能并入本村的户；跨村请先迁移再并户。"), place="into")
    persons = [row.person_id for row in current_members(source)]
    relations = {row.person_id: "" for row in current_members(source) if row.relation == HEAD}
    bench.carry_members(source, target, persons, relations)
    bench.refile(order.refile, target)
    bench.close(source, successor=target)
    bench.move_points(source, target)


def grid_move(order: GridMove, bench: Bench) -> None:
    """Grid and address change; number, subject and wallet stay."""
    household = bench.open_household(order.household_id)
    grid = order.grid
    if grid.pk != household.area_id:
        people.check_place(household.village, grid, place="grid")
        posts.check_can(bench.by, Action.CHANGE_HOUSEHOLDS, grid, bench.today)
    if grid.pk == household.area_id and order.address.strip() in {"", household.address}:
        raise BadChange(_("网格和住址都没有变化。"), place="grid")
    bench.step("place", household.pk, household.area_id, household.address)
    household.area = grid
    household.address = order.address.strip() or household.address
    household.version += 1
    household.save(update_fields=["area", "address", "version"])


def move(order: Move, bench: Bench) -> None:
    """Closed in this village and opened in the other one with the same persons."""
    source = bench.open_household(order.household_id)
    if order.village.pk == source.village_id:
        raise BadChange(_("新村就是本村；村内搬家请办理村内迁移。"), place="village")
    members = current_members(source)
    head = source.head or (members[0].person if members else None)
    if head is None:
        raise BadChange(_("这户还没有登记成员，不能迁移。"), place="household")
    target = bench.open_new(
        village=order.village, grid=order.grid, no=order.no, head=head, address=order.address,
        phone=source.phone or "",
    )  # fmt: skip
    bench.carry_members(source, target, [row.person_id for row in members], {})
    bench.make_head(target, head.pk)
    bench.refile(order.refile, target)
    carried = order.carry is rules.CarryRule.CARRIED
    keep_card = not carried and bench.wallet(source) > 0
    bench.close(source, successor=target if carried else None, keep_card=keep_card)
    if carried:
        bench.move_points(source, target)
    else:
        bench.leave_points(source, order.until)


def leaving(order: Leaving, bench: Bench) -> None:
    """The household leaves the register with its members; what is in the wallet can be spent until a day."""
    source = bench.open_household(order.household_id)
    members = [row.person_id for row in current_members(source)]
    bench.leave(source, members)
    bench.persons += [(person, source.pk, None, "") for person in members]
    bench.close(source, successor=None, keep_card=bench.wallet(source) > 0)
    bench.leave_points(source, order.until)


def returning(order: Returning, bench: Bench) -> None:
    """A household that left comes back as a new one: months in which it was away stay as they were settled."""
    source = bench.households[order.household_id]
    if source.to_date is None or source.subject.void:
        raise BadChange(_("这户还在册，不用办理迁回。"), place="household")
    former = Membership.objects.filter(household=source, to_date=source.to_date).select_related("person")
    elsewhere = Membership.objects.exclude(to_date__lt=bench.day).values("person")
    with scope.beyond("whoever comes back may be registered in another village by now"):
        rows = list(former.exclude(person__in=elsewhere).filter(person__death_date=None).order_by("id"))
    if not rows:
        raise BadChange(_("原来的成员都已在其他户，没有人可以迁回。"), place="household")
    head = next((row.person for row in rows if row.person_id == source.head_id), rows[0].person)
    target = bench.open_new(
        village=source.village, grid=order.grid or source.area, no=order.no, head=head,
        address=order.address or source.address, phone=source.phone or "",
    )  # fmt: skip
    for row in rows:
        bench.join(target, row.person, row.relation)
        bench.persons.append((row.person_id, None, target.pk, row.relation))
    bench.make_head(target, head.pk)
    bench.sides[source.pk], bench.successors[source.pk] = rules.Side.CHANGED, target.pk
    bench.move_points(source, target)
