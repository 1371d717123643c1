"""Volunteer teams: the list, one team with its members, and the teams a household may join."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from jizhi.activities import models, rules
from jizhi.activities.selectors.needs import NotFound
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.people.models import Subject


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team on the list."""

    id: int
    area: str
    kind: rules.TeamKind
    name: str
    name_en: str
    purpose: str
    leader: str
    phone: str
    members: int
    from_date: dt.date
    to_date: dt.date | None
    area_code: str = ""
    is_member: bool = False


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member with the hours confirmed at the team's activities."""

    id: int
    subject_id: int
    name: str
    household: str
    household_no: str
    from_date: dt.date
    to_date: dt.date | None
    hours: Decimal
    times: int
    village: str = ""


@dataclass(frozen=True, slots=True)
class TeamPage:
    """One team with members, former members and the number of its activities."""

    line: TeamLine
    version: int
    members: tuple[MemberLine, ...]
    former: tuple[MemberLine, ...]
    activities: int


def teams(
    user: Any, *, on: dt.date, words: str = "", village_code: str = "", kind: str = "", closed: bool = False
) -> QuerySet[models.Team]:
    """Teams the member of staff may see; closed ones only when asked for."""
    rows = models.Team.objects.visible_to(user, on)
    rows = rows.filter(to_date__lt=on) if closed else rows.exclude(to_date__lt=on)
    if village_code:
        rows = rows.filter(Q(area__code=village_code) | Q(area__parent__code=village_code))
    if kind:
        rows = rows.filter(kind=kind)
    if text := words.strip():
        match = Q(name__icontains=text) | Q(leader__icontains=text)
        if text.isascii():
            match |= Q(pinyin__contains=text.lower().replace(" ", "")) | Q(name_en__icontains=text)
        rows = rows.filter(match)
    return rows.order_by("area__path", "name", "id")


def team_lines(rows: QuerySet[models.Team]) -> list[TeamLine]:
    """Teams as lines: one query."""
    return [_line(row) for row in _with_counts(rows)]


def _with_counts(rows: QuerySet[models.Team]) -> QuerySet[models.Team]:
    return rows.select_related("area").annotate(
        member_count=Count("members", filter=Q(members__to_date=None), distinct=True)
    )


def _line(row: Any, *, is_member: bool = False) -> TeamLine:
    return TeamLine(
        id=row.pk,
        area=areas.named(row.area),
        kind=rules.TeamKind(row.kind),
        name=row.name,
        name_en=row.name_en,
        purpose=row.purpose,
        leader=row.leader,
        phone=row.phone,
        members=row.member_count,
        from_date=row.from_date,
        to_date=row.to_date,
        area_code=row.area.code,
        is_member=is_member,
    )


def team_for(user: Any, team_id: int, *, on: dt.date) -> models.Team:
    """A team for a service of staff. Raises NotFound."""
    team = models.Team.objects.visible_to(user, on).select_related("area").filter(pk=team_id).first()
    if team is None:
        raise NotFound(_("没有这支队，或不在您的工作范围内。"))
    return team


def team_near(village: Area, team_id: int) -> models.Team:
    """An open team that a household of the village may join. Raises NotFound."""
    around = Q(area__path__descendant_of=village.path) | Q(area__path__ancestor_of=village.path)
    team = models.Team.objects.filter(around, pk=team_id, to_date=None).select_related("area").first()
    if team is None:
        raise NotFound(_("没有这支队，或已经解散。"))
    return team


def team_page(team: models.Team) -> TeamPage:
    """One team with its members and their hours: four queries however many there are."""
    row = _with_counts(models.Team.objects.filter(pk=team.pk)).get()
    hours = _hours(team)
    lines = [
        MemberLine(
            one.pk, one.subject_id, one.name, one.subject.label, one.subject.household.no, one.from_date, one.to_date,
            *hours.get((one.subject_id, one.name), (Decimal(0), 0)), areas.named(one.village),
        )
        for one in team.members.select_related("subject__household", "village").order_by("name", "id")
    ]  # fmt: skip
    return TeamPage(
        line=_line(row),
        version=team.version,
        members=tuple(line for line in lines if line.to_date is None),
        former=tuple(line for line in lines if line.to_date is not None),
        activities=team.activities.count(),
    )


def _hours(team: models.Team) -> dict[tuple[int, str], tuple[Decimal, int]]:
    rows = models.Attendance.objects.filter(activity__team=team, state=rules.AttendanceState.CONFIRMED)
    found = rows.values("subject_id", "name").annotate(hours=Sum("hours"), times=Count("id"))
    return {
        (one["subject_id"], one["name"]): (one["hours"], one["times"]) for one in found.order_by("subject_id")
    }


def member_for(team: models.Team, member_id: int) -> models.TeamMember:
    """A member of this team. Raises NotFound."""
    row = team.members.select_related("team__area", "subject", "village").filter(pk=member_id).first()
    if row is None:
        raise NotFound(_("队里没有这个人。"))
    return row


def teams_of_village(village: Area, *, reader: Subject | None = None) -> list[TeamLine]:
    """Open teams of a village, of the areas above it and of its parts; which ones the household belongs to."""
    around = Q(area__path__descendant_of=village.path) | Q(area__path__ancestor_of=village.path)
    rows: Any = _with_counts(models.Team.objects.filter(around, to_date=None))
    mine = models.TeamMember.objects.filter(team=OuterRef("pk"), subject=reader, to_date=None)
    rows = rows.annotate(mine=Exists(mine)).order_by("area__path", "name", "id")
    return [_line(row, is_member=row.mine) for row in rows[:100]]
