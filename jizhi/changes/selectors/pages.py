"""Changes as pages show them: the list, one change, the history of a household or person, members on a day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from jizhi.areas import selectors as areas
from jizhi.changes import models, rules
from jizhi.core import scope
from jizhi.core.errors import DomainError
from jizhi.people import rules as people_rules
from jizhi.people.models import HouseholdCard, Membership
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class ChangeNotFound(DomainError):
    """No such change, or none in the user's area."""


@dataclass(frozen=True, slots=True)
class ChangedHouseholdLine:
    """A household in a change as recorded: its number, and figures before and after."""

    household_id: int
    no: str
    head_name: str
    village: str
    side: rules.Side
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChangedPersonLine:
    """A person in a change."""

    person_id: int
    name: str
    source_no: str
    target_no: str
    relation: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change on a list."""

    id: int
    kind: rules.ChangeKind
    day: dt.date
    village: str
    village_code: str
    reason: str
    points: int
    until_date: dt.date | None
    households: tuple[ChangedHouseholdLine, ...]
    persons: tuple[ChangedPersonLine, ...]
    made_at: dt.datetime
    made_by: str
    undoes_id: int | None
    undone: bool

    @property
    def title(self) -> rules.ChangeKind:
        """For the timeline."""
        return self.kind

    @property
    def at(self) -> dt.datetime:
        """For the timeline."""
        return self.made_at


@dataclass(frozen=True, slots=True)
class ChangePage:
    """One change with everything that belongs to it."""

    line: ChangeLine
    refiled: tuple[tuple[int, int], ...]
    undone_by_id: int | None


@dataclass(frozen=True, slots=True)
class MemberOnDay:
    """Who belonged to a household on a day."""

    person_id: int
    name: str
    relation: str
    from_date: dt.date
    to_date: dt.date | None


def visible_changes(user: Any, on: dt.date) -> QuerySet[models.Change]:
    """Changes that touch a household in the user's area."""
    paths = posts.scope_paths(user, Action.VIEW_HOUSEHOLDS, on)
    parts = models.ChangedHousehold.objects.filter(change=OuterRef("pk"), household__area__path__within=paths)
    return models.Change.objects.filter(Exists(parts))


def filtered_changes(
    user: Any,
    *,
    on: dt.date,
    kind: str = "",
    area_path: str = "",
    year: int | None = None,
    words: str = "",
) -> QuerySet[models.Change]:
    """The list's rows, newest first; `words` look for a household's number or head, a person's name or the reason."""
    rows = visible_changes(user, on)
    if kind:
        rows = rows.filter(kind=kind)
    if area_path:
        rows = rows.filter(village__path__descendant_of=area_path)
    if year:
        rows = rows.filter(day__year=year)
    if words := words.strip():
        households = models.ChangedHousehold.objects.filter(change=OuterRef("pk")).filter(
            Q(household__no=words) | Q(household__head_name__contains=words)
        )
        persons = models.ChangedPerson.objects.filter(change=OuterRef("pk"), person__name__contains=words)
        rows = rows.filter(Q(reason__contains=words) | Q(Exists(households)) | Q(Exists(persons)))
    return rows.order_by("-id")


def lines(rows: QuerySet[models.Change]) -> list[ChangeLine]:
    """Changes as lines: three queries, however many."""
    households = models.ChangedHousehold.objects.select_related("household", "village")
    persons = models.ChangedPerson.objects.select_related("person", "source", "target")
    found = rows.select_related("village", "made_by", "undone_by").prefetch_related(
        Prefetch("households", households), Prefetch("persons", persons)
    )
    return [_line(row) for row in found]


def _line(row: models.Change) -> ChangeLine:
    return ChangeLine(
        id=row.pk,
        kind=rules.ChangeKind(row.kind),
        day=row.day,
        village=areas.named(row.village),
        village_code=row.village.code,
        reason=row.reason,
        points=row.points,
        until_date=row.until_date,
        households=tuple(_household(part) for part in row.households.all()),
        persons=tuple(_person(part) for part in row.persons.all()),
        made_at=row.made_at,
        made_by=row.made_by.display_name,
        undoes_id=row.undoes_id,
        undone=hasattr(row, "undone_by"),
    )


def _household(part: models.ChangedHousehold) -> ChangedHouseholdLine:
    return ChangedHouseholdLine(
        household_id=part.household_id,
        no=str(part.after.get("no") or part.household.no),
        head_name=part.household.head_name,
        village=areas.named(part.village),
        side=rules.Side(part.side),
        before=part.before,
        after=part.after,
    )


def _person(part: models.ChangedPerson) -> ChangedPersonLine:
    return ChangedPersonLine(
        person_id=part.person_id,
        name=part.person.name,
        source_no=part.source.no if part.source else "",
        target_no=part.target.no if part.target else "",
        relation=part.relation,
    )


def change_for(user: Any, change_id: int, *, on: dt.date) -> models.Change:
    """The change for a service, if the user may see it; raises ChangeNotFound."""
    change = visible_changes(user, on).select_related("village").filter(pk=change_id).first()
    if change is None:
        raise ChangeNotFound(_("没有这项变动，或不在您的工作范围内。"))
    return change


def change_page(user: Any, change_id: int, *, on: dt.date) -> ChangePage:
    """One change; raises ChangeNotFound."""
    change = change_for(user, change_id, on=on)
    (line,) = lines(models.Change.objects.filter(pk=change.pk))
    refiled = change.claims.order_by("id").values_list("claim_id", "refiled_id")
    undone = models.Change.objects.filter(undoes=change).values_list("pk", flat=True).first()
    return ChangePage(line=line, refiled=tuple(refiled), undone_by_id=undone)


def changes_of_household(household_id: int, *, limit: int = 20) -> list[ChangeLine]:
    """What happened to a household, newest first."""
    rows = models.Change.objects.filter(households__household_id=household_id)
    return lines(rows.order_by("-id")[:limit])


def changes_of_person(person_ids: Iterable[int], *, limit: int = 50) -> list[ChangeLine]:
    """What happened to a person (and to the records merged into it), newest first."""
    rows = models.Change.objects.filter(persons__person_id__in=list(person_ids))
    return lines(rows.order_by("-id")[:limit])


def successor_of(household_id: int) -> ChangedHouseholdLine | None:
    """The household into which an ended one went by merging or moving; nothing where it simply left."""
    ended = models.ChangedHousehold.objects.filter(
        household_id=household_id, successor__isnull=False, change__undone_by=None
    )
    with scope.beyond("where a household went is known in the village it left"):
        part = ended.select_related("successor__village").order_by("-id").first()
    if part is None or part.successor is None:
        return None
    other = part.successor
    return ChangedHouseholdLine(
        other.pk, other.no, other.head_name, areas.named(other.village), rules.Side.CHANGED, {}, {}
    )


def card_news(code: str) -> ChangedHouseholdLine | None:
    """For a card that no longer works since its household was merged or moved: where the household went."""
    card = people_rules.clean_card_code(code)
    blocked = HouseholdCard.objects.filter(
        code=card, blocked_at__isnull=False, household__to_date__isnull=False
    )
    household_id = blocked.values_list("household_id", flat=True).first() if card else None
    return successor_of(household_id) if household_id else None


def members_on_day(household_id: int, day: dt.date) -> tuple[MemberOnDay, ...]:
    """Who was in this household on that day. The caller has checked that the household may be seen."""
    rows = Membership.objects.on(day).filter(household_id=household_id).select_related("person")
    return tuple(
        MemberOnDay(row.person_id, row.person.name, row.relation, row.from_date, row.to_date)
        for row in rows.order_by("id")
    )
