"""Panels and who sits on them, on a day and over time."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core.errors import DomainError
from jizhi.organisations import selectors as organisations
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action, PostKind
from jizhi.reviews import models, rules

OFFICES = (PostKind.COMMITTEE, PostKind.SECRETARY)


class NoSuchPanel(DomainError):
    """The panel does not exist, or lies outside the user's scope."""


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A member of the panel and whether they are present."""

    id: int
    name: str
    role: rules.SeatRole
    present: bool
    user_id: int = 0
    from_date: dt.date | None = None
    to_date: dt.date | None = None
    known: bool = True  # whether the account is linked to a person of the register
    votes: int = 0

    @property
    def can_vote(self) -> bool:
        return self.role in rules.VOTING_ROLES


@dataclass(frozen=True, slots=True)
class PanelLine:
    """A panel on the list."""

    id: int
    title: str
    village: Area
    quorum: int
    from_date: dt.date
    to_date: dt.date | None
    state: rules.PanelState
    voters: int
    others: int
    meetings: int

    @property
    def is_short(self) -> bool:
        """Fewer voting members than the quorum asks for."""
        return self.state is rules.PanelState.IN_OFFICE and self.voters < self.quorum


@dataclass(frozen=True, slots=True)
class PanelPage:
    """One panel with its seats, present and past."""

    panel: models.Panel
    line: PanelLine
    sitting: list[SeatLine]
    past: list[SeatLine]
    may_manage: bool


def panel_of(village: Area, on: dt.date) -> models.Panel | None:
    """The village's panel in office on a day."""
    in_office = Q(to_date=None) | Q(to_date__gte=on)
    return (
        models.Panel.objects.filter(in_office, village=village, from_date__lte=on)
        .select_related("village")
        .order_by("-from_date", "-id")
        .first()
    )


def seats_of(panel: models.Panel, on: dt.date | None = None) -> list[SeatLine]:
    """The panel's members on a day (without one, those whose seat has no last day), nobody marked present."""
    rows = panel.seats.filter(to_date=None) if on is None else models.Seat.objects.on(on).filter(panel=panel)
    return seat_lines(rows)


def _votes_cast(seats: list[models.Seat]) -> dict[int, int]:
    """In how many decisions each seat took part, openly or in secret; stepping aside is no vote."""
    open_votes = models.Vote.objects.filter(seat__in=seats).exclude(choice=rules.Choice.RECUSED)
    cast: dict[int, int] = {}
    for rows in (open_votes, models.Participation.objects.filter(seat__in=seats)):
        for seat, count in rows.order_by().values_list("seat_id").annotate(count=Count("pk")):
            cast[seat] = cast.get(seat, 0) + count
    return cast


def seat_lines(rows: QuerySet[models.Seat], *, counted: bool = False) -> list[SeatLine]:
    """Seats as lines, in the order in which they were taken; with `counted`, how often each has voted."""
    found = list(rows.select_related("user").order_by("id"))
    cast = _votes_cast(found) if counted else {}
    known = organisations.persons_of_staff([seat.user_id for seat in found])
    return [
        SeatLine(
            id=seat.pk,
            name=seat.user.display_name,
            role=rules.SeatRole(seat.role),
            present=False,
            user_id=seat.user_id,
            from_date=seat.from_date,
            to_date=seat.to_date,
            known=seat.user_id in known,
            votes=cast.get(seat.pk, 0),
        )
        for seat in found
    ]


def seats_to_pass(*, from_user: User, area: Area, on: dt.date) -> QuerySet[models.Seat]:
    """Seats that somebody holds after a day on panels of the area, on which nobody has followed yet."""
    term = Q(panel__to_date=None) | Q(panel__to_date__gt=on)
    rows = models.Seat.objects.filter(term, user=from_user, panel__village__path__descendant_of=area.path)
    return rows.filter(Q(to_date=None) | Q(to_date__gt=on)).select_related("panel__village").order_by("id")


def visible_panels(user: User, on: dt.date) -> QuerySet[models.Panel]:
    """Panels of the villages in the user's scope."""
    paths = posts.scope_paths(user, Action.VIEW_LEDGER, on)
    return models.Panel.objects.select_related("village").filter(village__path__within=paths)


def panels(
    user: User, *, on: dt.date, village_code: str = "", state: str = "", words: str = ""
) -> QuerySet[models.Panel]:
    """Panels by filter, those in office first; `panel_lines` makes lines of them."""
    rows = visible_panels(user, on)
    if village_code:
        rows = rows.filter(village__code=village_code)
    if words:
        rows = rows.filter(
            Q(title__icontains=words) | Q(seats__user__display_name__icontains=words)
        ).distinct()
    if state:
        rows = rows.filter(_in_state(rules.PanelState(state), on))
    return rows.order_by("village__path", "-from_date", "-id")


def _in_state(state: rules.PanelState, on: dt.date) -> Q:
    if state is rules.PanelState.COMING:
        return Q(from_date__gt=on)
    if state is rules.PanelState.PAST:
        return Q(to_date__lt=on)
    return Q(from_date__lte=on) & (Q(to_date=None) | Q(to_date__gte=on))


def state_on(panel: models.Panel, on: dt.date) -> rules.PanelState:
    """How the panel stands on a day."""
    if panel.from_date > on:
        return rules.PanelState.COMING
    ended = panel.to_date is not None and panel.to_date < on
    return rules.PanelState.PAST if ended else rules.PanelState.IN_OFFICE


def panel_lines(rows: Iterable[models.Panel], on: dt.date) -> list[PanelLine]:
    """Panels as lines; seats are counted as of the day, or of the panel's first or last one: three queries."""
    found = list(rows)
    seats: dict[int, list[models.Seat]] = {}
    for seat in models.Seat.objects.filter(panel__in=found):
        seats.setdefault(seat.panel_id, []).append(seat)
    held = models.Meeting.objects.filter(panel__in=found).order_by().values_list("panel_id")
    meetings = dict(held.annotate(count=Count("pk")))
    return [_panel_line(row, seats.get(row.pk, []), meetings.get(row.pk, 0), on) for row in found]


def _panel_line(panel: models.Panel, seats: list[models.Seat], meetings: int, on: dt.date) -> PanelLine:
    day = min(max(on, panel.from_date), panel.to_date or dt.date.max)
    sitting = [
        seat
        for seat in seats
        if (seat.from_date or panel.from_date) <= day and (seat.to_date is None or seat.to_date >= day)
    ]
    voters = sum(seat.role in rules.VOTING_ROLES for seat in sitting)
    return PanelLine(
        id=panel.pk,
        title=panel.title,
        village=panel.village,
        quorum=panel.quorum,
        from_date=panel.from_date,
        to_date=panel.to_date,
        state=state_on(panel, on),
        voters=voters,
        others=len(sitting) - voters,
        meetings=meetings,
    )


def panel_page(user: User, panel_id: int, *, on: dt.date) -> PanelPage:
    """One panel with its seats over time. Raises NoSuchPanel."""
    panel = visible_panels(user, on).filter(pk=panel_id).first()
    if panel is None:
        raise NoSuchPanel(_("没有这个评议小组，或者您无权查看。"))
    (line,) = panel_lines([panel], on)
    seats = seat_lines(panel.seats.all(), counted=True)
    past = [seat for seat in seats if seat.to_date is not None and seat.to_date < on]
    return PanelPage(
        panel=panel,
        line=line,
        sitting=[seat for seat in seats if seat not in past],
        past=past,
        may_manage=posts.can(user, Action.MANAGE_PANELS, panel.village, on),
    )


def seat_on(panel: models.Panel, seat_id: int) -> models.Seat:
    """A seat of the panel by its number. Raises NoSuchPanel."""
    seat = panel.seats.select_related("user", "panel").filter(pk=seat_id).first()
    if seat is None:
        raise NoSuchPanel(_("没有这个席位。"))
    return seat


def candidates(village: Area, on: dt.date) -> list[User]:
    """Staff who hold a post in the village or its grids: who may be given a seat."""
    held = {post.user_id for post in posts.posts_in(village, on)}
    return list(User.objects.filter(pk__in=held).order_by("display_name", "pk"))


def supervisor_conflict(village: Area, user: User, on: dt.date) -> str:
    """The name of the office holder who stands against this supervisor (art. 32), the own one first; else empty."""
    offices = {post.user_id: post.name for post in posts.holders_at(village, on) if post.kind in OFFICES}
    if user.pk in offices:
        return offices[user.pk]
    persons = organisations.persons_of_staff([user.pk, *offices])
    own = persons.get(user.pk)
    if own is None:
        return ""
    relatives = people.relatives_on([own], on)[own]
    return next((name for office, name in offices.items() if persons.get(office) in relatives), "")
