"""Volunteer teams: founding, changing, closing; households' members joining and leaving."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.activities import models, rules
from jizhi.areas.models import Area
from jizhi.core import audit, clock, names, scope
from jizhi.core.errors import Conflict, DomainError
from jizhi.people import selectors as people
from jizhi.people.models import Subject
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class BadTeam(DomainError):
    """Name, dates or member of the team are not usable."""


def _check_name(area: Area, name: str, other_than: models.Team | None = None) -> str:
    name = name.strip()
    if not name:
        raise BadTeam(_("请填写队名。"), place="name")
    same = models.Team.objects.filter(area=area, name=name, to_date=None)
    if other_than is not None:
        same = same.exclude(pk=other_than.pk)
    if same.exists():
        raise BadTeam(_("这里已有叫“%(name)s”的队。") % {"name": name}, place="name")
    return name


@transaction.atomic
def create_team(
    *,
    area: Area,
    kind: rules.TeamKind,
    name: str,
    name_en: str = "",
    purpose: str = "",
    leader: str = "",
    phone: str = "",
    from_date: dt.date,
    by: User | None,
    at: dt.datetime,
) -> models.Team:
    """Found a team in an area. Raises BadTeam."""
    posts.check_can(by, Action.MANAGE_ACTIVITIES, area, clock.day_of(at))
    Area.objects.select_for_update(no_key=True).get(pk=area.pk)  # two clerks, one name: the second is told
    team = models.Team.objects.create(
        area=area,
        kind=kind,
        name=_check_name(area, name),
        name_en=name_en.strip(),
        pinyin=names.pinyin_key(name.strip()),
        purpose=purpose.strip(),
        leader=leader.strip(),
        phone=phone.strip(),
        from_date=from_date,
    )
    audit.record_event(by=by, at=at, verb="team.create", target=team, area_path=area.path)
    return team


def _locked(team: models.Team) -> models.Team:
    with scope.beyond("a household locks the team that it joins, which may be the township's"):
        return models.Team.objects.select_for_update(of=("self",)).select_related("area").get(pk=team.pk)


@transaction.atomic
def change_team(
    *,
    team: models.Team,
    version: int,
    kind: rules.TeamKind,
    name: str,
    name_en: str = "",
    purpose: str = "",
    leader: str = "",
    phone: str = "",
    by: User | None,
    at: dt.datetime,
) -> models.Team:
    """Change a team's words and leader. Raises BadTeam, and Conflict when somebody changed it meanwhile."""
    team = _locked(team)
    posts.check_can(by, Action.MANAGE_ACTIVITIES, team.area, clock.day_of(at))
    if team.version != version:
        raise Conflict(_("有人刚改过这支队的资料，请看过再改。"))
    team.kind, team.name = kind, _check_name(team.area, name, team)
    team.name_en, team.pinyin = name_en.strip(), names.pinyin_key(team.name)
    team.purpose, team.leader, team.phone = purpose.strip(), leader.strip(), phone.strip()
    team.version += 1
    team.save()
    audit.record_event(by=by, at=at, verb="team.change", target=team, area_path=team.area.path)
    return team


@transaction.atomic
def close_team(*, team: models.Team, to_date: dt.date, by: User | None, at: dt.datetime) -> models.Team:
    """The team's last day; its members leave with it."""
    team = _locked(team)
    posts.check_can(by, Action.MANAGE_ACTIVITIES, team.area, clock.day_of(at))
    if team.to_date is not None or to_date < team.from_date:
        raise BadTeam(_("这支队已经解散，或日期早于成立日期。"), place="to_date")
    team.to_date, team.version = to_date, team.version + 1
    team.save(update_fields=["to_date", "version"])
    members = models.TeamMember.objects.filter(team=team, to_date=None)
    members.filter(from_date__lte=to_date).update(to_date=to_date)
    members.filter(from_date__gt=to_date).delete()
    audit.record_event(
        by=by, at=at, verb="team.close", target=team, area_path=team.area.path, detail={"to_date": to_date}
    )
    return team


def _check_own_or_may_manage(subject: Subject, team: models.Team, by: User | None, at: dt.datetime) -> None:
    own = people.subject_of_user(by, on=clock.day_of(at)) if by is not None else None
    if own is None or own.pk != subject.pk:
        posts.check_can(by, Action.MANAGE_ACTIVITIES, team.area, clock.day_of(at))


@transaction.atomic
def join_team(
    *, team: models.Team, subject: Subject, name: str, from_date: dt.date, by: User | None, at: dt.datetime
) -> models.TeamMember:
    """Somebody of a household joins; the household may do it itself. Joining twice gives the membership that is there.

    Whoever left on that day or later has not been away: the membership goes on. Raises BadTeam.
    """
    team = _locked(team)
    _check_own_or_may_manage(subject, team, by, at)
    name = name.strip()
    if not name:
        raise BadTeam(_("请填写姓名。"), place="name")
    if team.to_date is not None or from_date < team.from_date:
        raise BadTeam(_("这支队已经解散，或还没有成立。"), place="from_date")
    village = subject.village
    if not (village.path == team.area.path or village.path.startswith(f"{team.area.path}.")) and not (
        team.area.path.startswith(f"{village.path}.")
    ):
        raise BadTeam(_("这户不在这支队的范围内。"), place="subject")
    terms = models.TeamMember.objects.filter(team=team, subject=subject, name=name)
    present = terms.filter(to_date=None).first()
    if present is not None:
        return present
    member = _reopened(terms, from_date) or models.TeamMember.objects.create(
        team=team, village=village, subject=subject, name=name, from_date=from_date
    )
    audit.record_event(
        by=by, at=at, verb="team.join", target=team, area_path=village.path, detail={"name": name}
    )
    return member


def _reopened(terms: QuerySet[models.TeamMember], from_date: dt.date) -> models.TeamMember | None:
    """The membership that still holds on the day, open again. Raises BadTeam where a later one is in the way."""
    later = terms.filter(from_date__gt=from_date).order_by("from_date").first()
    if later is not None:
        raise BadTeam(
            _("%(name)s从%(day)s起当过队员，入队日期不能早于这一天。")
            % {"name": later.name, "day": later.from_date},
            place="from_date",
        )
    member = terms.filter(to_date__gte=from_date).first()
    if member is not None:
        member.to_date = None
        member.save(update_fields=["to_date"])
    return member


@transaction.atomic
def leave_team(
    *, member: models.TeamMember, to_date: dt.date, by: User | None, at: dt.datetime
) -> models.TeamMember:
    """A member's last day; the household may do it itself. Leaving twice gives the first leaving. Raises BadTeam."""
    team = _locked(member.team)
    _check_own_or_may_manage(member.subject, team, by, at)
    member.refresh_from_db(fields=["from_date", "to_date"])
    if member.to_date is not None:
        return member
    if to_date < member.from_date:
        raise BadTeam(_("离队日期不能早于入队日期。"), place="to_date")
    member.to_date = to_date
    member.save(update_fields=["to_date"])
    audit.record_event(
        by=by,
        at=at,
        verb="team.leave",
        target=team,
        area_path=member.village.path,
        detail={"name": member.name, "to_date": to_date},
    )
    return member
