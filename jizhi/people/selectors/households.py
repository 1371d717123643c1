"""The household register as pages show it: the list with search and filters, one household, look-up by card or number.

Numbers of persons come masked; the whole ones are shown by services.reveal_person, which leaves a trace.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.core import masking
from jizhi.core.errors import DomainError
from jizhi.people import rules
from jizhi.people.models import Household, HouseholdCard, HouseholdQuerySet, Membership
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action

# More hits than this are no answer to a search.
FOUND_MAX = 20_000


class HouseholdNotFound(DomainError):
    """No such household, or none the user may see."""


@dataclass(frozen=True)
class HouseholdLine:
    """One household in the register's list."""

    id: int
    no: str
    head_name: str
    village_code: str
    village_name: str
    grid_code: str
    grid_name: str
    address: str
    phone: str
    size: int
    members: int
    has_card: bool
    subject_id: int
    subject_key: str
    to_date: dt.date | None
    away: int = 0
    party: int = 0


@dataclass(frozen=True)
class HouseholdList:
    """One page of the register."""

    lines: tuple[HouseholdLine, ...]
    total: int
    page: int
    pages: int
    per_page: int


@dataclass(frozen=True)
class MemberLine:
    """A member on the household's page, numbers masked."""

    membership_id: int
    person_id: int
    name: str
    relation: str
    id_number: str
    phone: str
    birth_date: dt.date | None
    party_member: bool
    from_date: dt.date
    to_date: dt.date | None


@dataclass(frozen=True)
class CardLine:
    """A card on the household's page."""

    printed_code: str
    issued_at: dt.datetime
    blocked_at: dt.datetime | None
    block_reason: str


@dataclass(frozen=True)
class HouseholdDetail:
    """Everything the household's page shows, and what the reader may do there."""

    line: HouseholdLine
    from_date: dt.date
    declared_size: int | None
    members: tuple[MemberLine, ...]
    former_members: tuple[MemberLine, ...]
    cards: tuple[CardLine, ...]
    can_manage: bool
    can_unmask: bool


def _search(text: str, members: QuerySet[Membership]) -> Q:
    """By number, head, head's pinyin (whole or initials), any member's name, or address.

    One character is a surname of a head. A member's name is looked for from its beginning, which an index knows.
    """
    match = Q(no__icontains=text) | Q(head_name__contains=text)
    if len(text) > 1:
        named = members.filter(person__name__startswith=text).order_by()  # looked for once a page
        found = set(named.values_list("household", flat=True)[:FOUND_MAX])
        match |= Q(address__icontains=text) | Q(pk__in=found)
    if text.isascii():
        match |= Q(pinyin__contains=text.lower().replace(" ", ""))
    return match


def _with_line(rows: HouseholdQuerySet) -> HouseholdQuerySet:
    open_card = HouseholdCard.objects.filter(household=OuterRef("pk"), blocked_at=None)
    rows = rows.select_related("village", "area", "subject")
    # A subquery, so that members are counted for the rows of the page alone.
    members = Membership.objects.filter(household=OuterRef("pk"), to_date=None).order_by().values("household")
    counts = {
        "member_count": members,
        "away_count": members.filter(person__residence=rules.Residence.AWAY.value),
        "party_count": members.filter(person__party_member=True),
    }
    numbers = {
        name: Coalesce(Subquery(counted.annotate(n=Count("id")).values("n")), 0)
        for name, counted in counts.items()
    }
    return rows.annotate(has_card=Exists(open_card), **numbers)


def _line(row: Any) -> HouseholdLine:
    return HouseholdLine(
        id=row.pk,
        no=row.no,
        head_name=row.head_name,
        village_code=row.village.code,
        village_name=areas.named(row.village),
        grid_code="" if row.area_id == row.village_id else row.area.code,
        grid_name="" if row.area_id == row.village_id else areas.named(row.area),
        address=row.address,
        phone=masking.mask_phone(row.phone or ""),
        size=row.subject.size,
        members=row.member_count,
        has_card=row.has_card,
        subject_id=row.subject_id,
        subject_key=row.subject.key,
        to_date=row.to_date,
        away=row.away_count,
        party=row.party_count,
    )


def households(
    user: Any,
    *,
    on: dt.date,
    area: Area | None = None,
    search: str = "",
    card: bool | None = None,
    closed: bool = False,
    page: int = 1,
    per_page: int = 50,
) -> HouseholdList:
    """A page of the register the user may see, by number; `area` narrows to a township, village or grid."""
    everywhere = areas.reach_everywhere(paths := posts.scope_paths(user, Action.VIEW_HOUSEHOLDS, on))
    rows = Household.objects.all() if everywhere else Household.objects.visible_to(user, on)
    rows = rows.filter(to_date__lt=on) if closed else rows.registered_on(on)
    if area is not None:
        rows = rows.filter(area__path__descendant_of=area.path)
    if text := search.strip():
        members = Membership.objects.all()
        if not everywhere:
            members = members.filter(household__area__path__within=paths)
        rows = rows.filter(_search(text, members))
    if card is not None:
        open_card = Exists(HouseholdCard.objects.filter(household=OuterRef("pk"), blocked_at=None))
        rows = rows.filter(open_card if card else ~open_card)
    total = rows.count()
    pages = max(1, -(-total // per_page))
    page = min(max(1, page), pages)
    shown = _with_line(rows).order_by("village__path", "no", "id")[(page - 1) * per_page : page * per_page]
    return HouseholdList(tuple(_line(row) for row in shown), total, page, pages, per_page)


def households_in_village(village: Area, search: str, *, limit: int) -> tuple[HouseholdLine, ...]:
    """Open households of a village by number or words; an exact number alone wins. The caller knows who may ask."""
    text = search.strip()
    if not text:
        return ()
    rows = Household.objects.filter(village=village, to_date=None)
    exact = rows.filter(no__in=[text, *(text.zfill(width) for width in range(len(text), 7))])
    members = Membership.objects.filter(household__village=village)
    rows = exact if text.isalnum() and exact.exists() else rows.filter(_search(text, members))
    return tuple(_line(row) for row in _with_line(rows).order_by("no", "id")[:limit])


def some_households(area_code: str, *, limit: int) -> tuple[Household, ...]:
    """The first open households below an area; for commands and the demonstration, which act for nobody's eyes."""
    rows = _whole().filter(
        area__path__descendant_of=Area.objects.filter(code=area_code).values("path")[:1], to_date=None
    )
    return tuple(rows.order_by("id")[:limit])


def household_for(user: Any, household_id: int, on: dt.date) -> Household:
    """The household for a service, if the user may see it; raises HouseholdNotFound."""
    rows = Household.objects.visible_to(user, on).select_related("village", "area", "subject")
    household = rows.filter(pk=household_id).first()
    if household is None:
        raise HouseholdNotFound(_("没有这户，或不在您的工作范围内。"))
    return household


def household_page(user: Any, household_id: int, on: dt.date) -> HouseholdDetail:
    """One household with members and cards; raises HouseholdNotFound."""
    memberships = Membership.objects.select_related("person").order_by("id")
    rows = _with_line(Household.objects.visible_to(user, on).filter(pk=household_id))
    rows = rows.prefetch_related(Prefetch("memberships", memberships), "cards")
    household = rows.first()
    if household is None:
        raise HouseholdNotFound(_("没有这户，或不在您的工作范围内。"))
    members = [(membership, _member(membership)) for membership in household.memberships.all()]
    return HouseholdDetail(
        line=_line(household),
        from_date=household.from_date,
        declared_size=household.declared_size,
        members=tuple(line for m, line in members if m.to_date is None or m.to_date >= on),
        former_members=tuple(line for m, line in members if m.to_date is not None and m.to_date < on),
        cards=tuple(_card(card) for card in household.cards.all()),
        can_manage=posts.can(user, Action.MANAGE_HOUSEHOLDS, household.area, on),
        can_unmask=posts.can(user, Action.UNMASK_PERSON, household.area, on),
    )


def _member(membership: Membership) -> MemberLine:
    person = membership.person
    return MemberLine(
        membership_id=membership.pk,
        person_id=person.pk,
        name=person.name,
        relation=membership.relation,
        id_number=masking.mask_id(person.id_number or ""),
        phone=masking.mask_phone(person.phone or ""),
        birth_date=person.birth_date,
        party_member=person.party_member,
        from_date=membership.from_date,
        to_date=membership.to_date,
    )


def _card(card: HouseholdCard) -> CardLine:
    code = rules.printed_card_code(card.code)
    # The code of a working card is a key: the page shows its last group only.
    shown = code if card.blocked_at else "····-····-" + code[-4:]
    return CardLine(shown, card.issued_at, card.blocked_at, card.block_reason)


def _whole() -> HouseholdQuerySet:
    rows: HouseholdQuerySet = Household.objects.select_related("village", "area", "subject")
    return rows


def household_of(user: Any) -> Household | None:
    """The household a signed-in card belongs to; None for staff, strangers and blocked cards."""
    if user is None or not user.is_authenticated:
        return None
    return _whole().filter(cards__user=user, cards__blocked_at=None).first()


def household_by_code(code: str) -> Household:
    """The household whose working card was scanned or typed; raises HouseholdNotFound."""
    clean = rules.clean_card_code(code)
    household = _whole().filter(cards__code=clean, cards__blocked_at=None).first() if clean else None
    if household is None:
        raise HouseholdNotFound(_("没有这张卡，或卡已停用。请核对卡号。"), place="code")
    return household


def household_by_no(village: Area, no: str) -> Household:
    """The household of a village by its number (leading zeros may be left out); raises HouseholdNotFound."""
    no = no.strip()
    matches = _whole().filter(village=village, no__in=[no, *(no.zfill(width) for width in range(len(no), 7))])
    found = sorted(matches.order_by("no"), key=lambda household: household.no != no)
    if not no or not found or (found[0].no != no and len(found) > 1):
        raise HouseholdNotFound(
            _("%(village)s没有编号为“%(no)s”的户。") % {"village": village.name, "no": no}, place="no"
        )
    return found[0]


def household_of_subject(subject_id: int) -> Household | None:
    """The household behind a subject, or that in which its person lives; None behind an organisation."""
    own = _whole().filter(subject_id=subject_id).first()
    if own is not None:
        return own
    lives = Membership.objects.filter(person__subjects=subject_id, to_date=None).order_by("-from_date", "-id")
    return _whole().filter(pk__in=lives.values("household")[:1]).first()


def household_counts(paths: list[str] | None = None) -> dict[str, int]:
    """Open households per area code of their grid (or village, where no grid is known): one query for a whole tree."""
    rows = Household.objects.filter(to_date=None)
    if paths is not None:
        rows = rows.filter(area__path__within=paths)
    counted = rows.values("area__code").annotate(count=Count("id")).order_by("area__code")
    return {row["area__code"]: row["count"] for row in counted}
