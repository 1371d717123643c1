"""Organisations as pages show them: the register, one organisation, the tree some levels deep.

No selector loads a whole tree: a county has a thousand party organisations and ten thousand others.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.core.errors import DomainError
from jizhi.core.periods import not_over_before
from jizhi.organisations import rules
from jizhi.organisations.models import Belonging, Organisation
from jizhi.organisations.models.tree import OrganisationQuerySet
from jizhi.organisations.rules import LEADING, PARTY, OrganisationKind, Role
from jizhi.people.models import Membership
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action

# Whoever leads comes first, then deputies, then the committee, then everybody else.
_RANK = Case(
    When(role__in=[role.value for role in LEADING], then=0),
    When(role__in=[role.value for role in rules.DEPUTIES], then=1),
    When(role=Role.COMMITTEE_MEMBER.value, then=2),
    default=3,
)


class OrganisationNotFound(DomainError):
    """No such organisation or belonging, or none the user may see."""


@dataclass(frozen=True)
class OrganisationLine:
    """An organisation in the register."""

    id: int
    kind: OrganisationKind
    code: str
    name: str
    parent_id: int | None
    parent: str
    area_id: int
    area_code: str
    area: str
    leaders: tuple[str, ...]
    contact: str
    members: int
    children: int
    depth: int
    from_date: dt.date
    to_date: dt.date | None

    @property
    def leader(self) -> str:
        """Who leads it, as one text."""
        return "、".join(self.leaders)


@dataclass(frozen=True)
class BelongingLine:
    """A person in an organisation."""

    id: int
    person_id: int
    name: str
    role: Role
    keeps_file: bool
    note: str
    organisation_id: int
    organisation: str
    organisation_code: str
    area_code: str
    household_id: int | None
    household: str
    household_no: str
    village: str
    from_date: dt.date
    to_date: dt.date | None


@dataclass(frozen=True)
class OrganisationPage:
    """One organisation with what hangs above and below it, who belongs to it, and what the reader may do."""

    line: OrganisationLine
    organisation: Organisation
    above: tuple[tuple[int, str], ...]
    children: tuple[OrganisationLine, ...]
    leaders: tuple[BelongingLine, ...]
    members: tuple[BelongingLine, ...]
    former: tuple[BelongingLine, ...]
    member_count: int
    can_manage: bool


def organisation_name(row: Organisation) -> str:
    """The organisation's name in the reader's language."""
    return ((get_language() or "").startswith("en") and row.name_en) or row.name


def organisations(
    user: Any,
    *,
    on: dt.date,
    area: Area | None = None,
    kind: str = "",
    family: str = "",
    words: str = "",
    closed: bool = False,
) -> QuerySet[Organisation]:
    """The register by filter: below an area, of a kind or of the party tree alone, in order of place and name."""
    rows: OrganisationQuerySet = Organisation.objects.visible_to(user, on)
    rows = rows.filter(to_date__lt=on) if closed else rows.open_on(on)
    if area is not None:
        rows = rows.filter(area__path__descendant_of=area.path)
    if kind:
        rows = rows.filter(kind=kind)
    if family == "party":
        rows = rows.filter(kind__in=[one.value for one in PARTY])
    if text := words.strip():
        match = Q(name__icontains=text) | Q(name_en__icontains=text) | Q(code=text) | Q(leader__contains=text)
        match |= Q(
            Exists(
                Belonging.objects.on(on).filter(
                    organisation=OuterRef("pk"), role__in=LEADING, person__name__contains=text
                )
            )
        )
        if text.isascii():
            match |= Q(pinyin__contains=text.lower().replace(" ", ""))
        rows = rows.filter(match)
    return rows.order_by("area__path", "kind", "name", "id")


def _with_line(rows: QuerySet[Organisation], on: dt.date) -> QuerySet[Organisation]:
    here = Belonging.objects.on(on).filter(organisation=OuterRef("pk")).order_by().values("organisation")
    below = Organisation.objects.open_on(on).filter(parent=OuterRef("pk")).order_by().values("parent")
    leading = (
        Belonging.objects.on(on).filter(role__in=LEADING).select_related("person").order_by("role", "id")
    )
    return (
        rows.select_related("parent", "area")
        .annotate(
            member_count=Coalesce(
                Subquery(here.annotate(count=Count("person", distinct=True)).values("count")), 0
            ),
            child_count=Coalesce(Subquery(below.annotate(count=Count("id")).values("count")), 0),
        )
        .prefetch_related(Prefetch("belongings", leading, to_attr="leading"))
    )


def organisation_lines(rows: QuerySet[Organisation], on: dt.date) -> list[OrganisationLine]:
    """Lines with leaders and counts: two queries however many there are."""
    return [_line(row) for row in _with_line(rows, on)]


def _line(row: Any) -> OrganisationLine:
    leaders = tuple(one.person.name for one in row.leading) or ((row.leader,) if row.leader else ())
    return OrganisationLine(
        id=row.pk,
        kind=OrganisationKind(row.kind),
        code=row.code,
        name=organisation_name(row),
        parent_id=row.parent_id,
        parent=organisation_name(row.parent) if row.parent is not None else "",
        area_id=row.area_id,
        area_code=row.area.code,
        area=areas.named(row.area),
        leaders=leaders,
        contact=row.contact,
        members=row.member_count,
        children=row.child_count,
        depth=str(row.path).count("."),
        from_date=row.from_date,
        to_date=row.to_date,
    )


def organisation_for(user: Any, organisation_id: int, *, on: dt.date) -> Organisation:
    """An organisation for a service, if the user may see it. Raises OrganisationNotFound."""
    rows = Organisation.objects.visible_to(user, on).select_related("area", "parent")
    found = rows.filter(pk=organisation_id).first()
    if found is None:
        raise OrganisationNotFound(_("没有这个组织，或不在您的工作范围内。"))
    return found


def organisation_page(user: Any, organisation_id: int, *, on: dt.date, limit: int = 200) -> OrganisationPage:
    """Everything an organisation's page shows. Raises OrganisationNotFound."""
    rows = Organisation.objects.visible_to(user, on).filter(pk=organisation_id)
    row = _with_line(rows, on).first()
    if row is None:
        raise OrganisationNotFound(_("没有这个组织，或不在您的工作范围内。"))
    above = Organisation.objects.filter(path__ancestor_of=row.path).exclude(pk=row.pk).order_by("path")
    below = Organisation.objects.open_on(on).filter(parent=row).order_by("kind", "name", "id")[:limit]
    belongings = belonging_lines(belongings_of(row, on=on)[:limit], on)
    past = Belonging.objects.filter(organisation=row, to_date__lt=on).order_by("-to_date", "id")[:50]
    heads = {*LEADING, *rules.DEPUTIES}
    return OrganisationPage(
        line=_line(row),
        organisation=row,
        above=tuple((one.pk, organisation_name(one)) for one in above),
        children=tuple(organisation_lines(below, on)),
        leaders=tuple(one for one in belongings if one.role in heads),
        members=tuple(one for one in belongings if one.role not in heads),
        former=tuple(belonging_lines(past, on)),
        member_count=row.member_count,  # type: ignore[attr-defined]
        can_manage=posts.can(user, Action.MANAGE_ORGANISATIONS, row.area, on),
    )


def belongings_of(organisation: Organisation, *, on: dt.date) -> QuerySet[Belonging]:
    """Who belongs to an organisation today or from a later day on, leaders first."""
    rows = Belonging.objects.filter(not_over_before(on), organisation=organisation)
    return rows.order_by(_RANK, "-keeps_file", "person__pinyin", "id")


def belonging_lines(rows: Any, on: dt.date) -> list[BelongingLine]:
    """Lines with each person's household of that day: two queries however many there are."""
    homes = Membership.objects.on(on).select_related("household__village")
    found = rows.select_related("person", "organisation", "area").prefetch_related(
        Prefetch("person__memberships", homes, to_attr="homes")
    )
    return [_belonging(row) for row in found]


def _belonging(row: Any) -> BelongingLine:
    home = row.person.homes[0].household if row.person.homes else None
    return BelongingLine(
        id=row.pk,
        person_id=row.person_id,
        name=row.person.name,
        role=Role(row.role),
        keeps_file=row.keeps_file,
        note=row.note,
        organisation_id=row.organisation_id,
        organisation=organisation_name(row.organisation),
        organisation_code=row.organisation.code,
        area_code=row.area.code,
        household_id=home.pk if home else None,
        household=f"{home.no} {home.head_name}" if home else "",
        household_no=home.no if home else "",
        village=areas.named(home.village) if home else "",
        from_date=row.from_date,
        to_date=row.to_date,
    )


def belonging_for(user: Any, belonging_id: int, *, on: dt.date) -> Belonging:
    """A belonging the user may end or move. Raises OrganisationNotFound."""
    paths = posts.scope_paths(user, Action.MANAGE_ORGANISATIONS, on)
    rows = Belonging.objects.filter(area__path__within=paths).select_related("organisation", "person", "area")
    found = rows.filter(pk=belonging_id).first()
    if found is None:
        raise OrganisationNotFound(_("没有这条成员记录，或不在您的管理范围内。"))
    return found


def all_belongings(user: Any, *, on: dt.date, area: Area | None = None) -> QuerySet[Belonging]:
    """Belongings of today in the reader's scope, for the export."""
    paths = posts.scope_paths(user, Action.VIEW_ORGANISATIONS, on)
    rows = Belonging.objects.on(on).filter(area__path__within=paths)
    if area is not None:
        rows = rows.filter(area__path__descendant_of=area.path)
    return rows.order_by("area__path", "organisation__name", "organisation", _RANK, "role", "id")


@dataclass(frozen=True)
class TreeNode:
    """An organisation in the tree with the level below it, where that is open."""

    line: OrganisationLine
    children: tuple["TreeNode", ...]
    is_open: bool


def party_tree(
    user: Any,
    *,
    on: dt.date,
    area: Area | None = None,
    root: int | None = None,
    levels: int = 2,
    limit: int = 300,
) -> tuple[TreeNode, ...]:
    """The party tree from the top of the scope (or from a root) some levels deep: two queries, never the whole tree."""
    rows = organisations(user, on=on, area=area, family="party")
    if root is not None:
        start = organisation_for(user, root, on=on)
        rows = rows.filter(path__descendant_of=start.path)
        top = str(start.path).count(".") + 1
        rows = rows.extra(where=["nlevel(organisations_organisation.path) <= %s"], params=[top + levels])
    else:
        tops = Organisation.objects.filter(pk=OuterRef("parent"), area__path__within=_paths(user, on, area))
        rows = rows.filter(~Exists(tops))
        grand = (
            Organisation.objects.visible_to(user, on)
            .open_on(on)
            .filter(Q(pk__in=rows.values("pk")) | Q(parent__in=rows.values("pk")))
        )
        rows = grand.filter(kind__in=[one.value for one in PARTY])
    lines = organisation_lines(rows.order_by("path")[:limit], on)
    return _forest(lines)


def party_rows(user: Any, *, on: dt.date, root: int | None = None) -> QuerySet[Organisation]:
    """Every party organisation in the scope, or at and below one of them, each after the one it hangs on."""
    rows = organisations(user, on=on, family="party")
    if root is not None:
        rows = rows.filter(path__descendant_of=organisation_for(user, root, on=on).path)
    return rows.order_by("path")


def _paths(user: Any, on: dt.date, area: Area | None) -> list[str]:
    return [area.path] if area is not None else posts.scope_paths(user, Action.VIEW_ORGANISATIONS, on)


def _forest(lines: Iterable[OrganisationLine]) -> tuple[TreeNode, ...]:
    lines = list(lines)
    known = {line.id for line in lines}
    below: dict[int | None, list[OrganisationLine]] = {}
    for line in lines:
        below.setdefault(line.parent_id if line.parent_id in known else None, []).append(line)

    def node(line: OrganisationLine) -> TreeNode:
        children = tuple(node(child) for child in below.get(line.id, []))
        return TreeNode(line, children, bool(children) or not line.children)

    return tuple(node(line) for line in below.get(None, []))


@dataclass(frozen=True)
class OrganisationCounts:
    """Figures above the register."""

    total: int
    party: int
    grids_with_party: int
    full_members: int


def organisation_counts(user: Any, *, on: dt.date, area: Area | None = None) -> OrganisationCounts:
    """How many organisations, party organisations, grids with one on them, and full members: two queries."""
    rows = organisations(user, on=on, area=area)
    party = [one.value for one in PARTY]
    counts = rows.order_by().aggregate(
        total=Count("id"),
        party=Count("id", filter=Q(kind__in=party)),
        grids=Count("area", filter=Q(kind__in=party, area__level="grid"), distinct=True),
    )
    members = all_belongings(user, on=on, area=area).filter(keeps_file=True).order_by().count()
    return OrganisationCounts(counts["total"], counts["party"], counts["grids"], members)
