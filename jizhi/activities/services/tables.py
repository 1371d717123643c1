"""Activities, attendance, needs, teams and their members from tables: one row at a time, through the services.

Each `write` says whether its row is new, changes something or says what is there already; refusals name the column.
"""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.activities import models, rules
from jizhi.activities.services import activities, attendance, needs, teams
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.core import clock
from jizhi.imports.rules import Fate
from jizhi.imports.services.cells import (
    BadRow,
    Values,
    choice,
    hours,
    inside,
    place_named,
    row_key,
    village_named,
)
from jizhi.people import selectors as people


def write_activity(values: Values, *, area: Area, by: User, at: dt.datetime) -> Fate:
    """Plan an activity, or change it while its list is open; known by village, title and beginning.

    A blank cell for the team leaves it as it is: none for a new activity.
    """
    village = village_named(values["village"], area)
    starts_at, ends_at = _moment(values, "starts_at"), _moment(values, "ends_at")
    known = models.Activity.objects.filter(village=village, title=values["title"], starts_at=starts_at)
    present = known.select_related("team").order_by("id").first()
    team = present.team if present is not None else None
    if values["team"] and (team is None or team.name != values["team"]):
        team = _team(values["team"], None, village)
    said: dict[str, Any] = {
        "kind": choice(rules.ActivityKind, values["kind"], "kind"),
        "title": values["title"],
        "place": values["place"],
        "starts_at": starts_at,
        "ends_at": ends_at,
        "team": team,
    }
    if present is None:
        key = row_key("activity", village.code, values["title"], starts_at.isoformat())
        activities.plan_activity(area=village, request_key=key, by=by, at=at, **said)
        return Fate.CREATED
    if all(getattr(present, name) == value for name, value in said.items()):
        return Fate.UNCHANGED
    kept: dict[str, Any] = {"words": present.words, "hours": present.hours, "item": present.item}
    activities.change_activity(activity=present, version=present.version, by=by, at=at, **kept, **said)
    return Fate.UPDATED


def write_attendance(values: Values, *, area: Area, by: User, at: dt.datetime) -> Fate:
    """Put somebody on an activity's list, or set the hours; whoever was struck off stays so."""
    activity = _activity(values, area)
    subject = people.household_by_no(activity.village, values["no"]).subject
    name, told = values["name"] or subject.label, hours(values["hours"])
    known = models.Attendance.objects.filter(activity=activity, subject=subject, name=name)
    present = known.select_related("activity").first()
    if present is None:
        attendance.sign_in_household(
            activity=activity,
            subject=subject,
            name=name,
            how=rules.SignInHow.EXCEL,
            hours=told,
            by=by,
            at=at,
        )
        return Fate.CREATED
    if present.state == rules.AttendanceState.STRUCK or told is None or present.hours == told:
        return Fate.UNCHANGED
    attendance.set_hours(attendance=present, hours=told, by=by, at=at)
    return Fate.UPDATED


def write_need(values: Values, *, area: Area, by: User, at: dt.datetime) -> Fate:
    """Post a need for a household, or for the village where no household is told; known by whose, title and day."""
    village = village_named(values["village"], area)
    subject = people.household_by_no(village, values["no"]).subject if values["no"] else None
    title, day = values["title"], values["wanted_date"]
    if models.Need.objects.filter(village=village, subject=subject, title=title, wanted_date=day).exists():
        return Fate.UNCHANGED
    needs.post_need(
        village=village,
        subject=subject,
        kind=choice(rules.NeedKind, values["kind"], "kind"),
        title=title,
        words=values["words"] or "",
        wanted_date=day,
        places=values["places"] or 1,
        request_key=row_key("need", village.code, values["no"] or "", title, day.isoformat()),
        by=by,
        at=at,
    )
    return Fate.CREATED


def write_team(values: Values, *, area: Area, by: User, at: dt.datetime) -> Fate:
    """Found a team, or change its words and leader; known by area and name. A blank cell changes nothing."""
    place = place_named(values, area)
    kind = choice(rules.TeamKind, values["kind"], "kind")
    said = {key: values[key] for key in ("leader", "phone", "purpose") if values[key]}
    known = models.Team.objects.filter(area=place, name=values["name"])
    present = known.filter(to_date=None).first()
    if present is None and values["from_date"] and known.filter(from_date=values["from_date"]).exists():
        return Fate.UNCHANGED  # dissolved since
    if present is None:
        day = values["from_date"] or clock.day_of(at)
        teams.create_team(area=place, kind=kind, name=values["name"], from_date=day, by=by, at=at, **said)
        return Fate.CREATED
    if present.kind == kind and all(getattr(present, key) == text for key, text in said.items()):
        return Fate.UNCHANGED
    kept = {key: getattr(present, key) for key in ("leader", "phone", "purpose", "name", "name_en")}
    teams.change_team(team=present, version=present.version, kind=kind, by=by, at=at, **kept | said)
    return Fate.UPDATED


def write_member(values: Values, *, area: Area, by: User, at: dt.datetime) -> Fate:
    """Somebody joins a team, or has left it on the day that is told; known by team, household and name."""
    team = _team(values["team"], values, area)
    village = village_named(values["village"], areas.village_around(team.area) or area)
    subject = people.household_by_no(village, values["no"]).subject
    first, last = values["from_date"], values["to_date"]
    known = models.TeamMember.objects.filter(team=team, subject=subject, name=values["name"])
    present = known.filter(to_date=None).select_related("team", "subject", "village").first()
    if present is None and _has_been(known, first, last, clock.day_of(at)):
        return Fate.UNCHANGED
    if present is None:
        joined = teams.join_team(
            team=team, subject=subject, name=values["name"], from_date=first or clock.day_of(at), by=by, at=at
        )
        if last:
            teams.leave_team(member=joined, to_date=last, by=by, at=at)
        return Fate.CREATED
    if last is None:
        return Fate.UNCHANGED
    teams.leave_team(member=present, to_date=last, by=by, at=at)
    return Fate.UPDATED


def _has_been(
    known: QuerySet[models.TeamMember], first: dt.date | None, last: dt.date | None, today: dt.date
) -> bool:
    """Whether a row tells of a membership that is over: it may have ended since the table was written."""
    if last is not None:
        known = known.filter(to_date=last)
    elif first is None:
        known = known.filter(to_date__gte=today)
    return (known.filter(from_date=first) if first is not None else known).exists()


def _team(name: str, values: Values | None, area: Area) -> models.Team:
    """The open team of that name: in the area that the row names, else near the chosen one, if there is only one."""
    rows = models.Team.objects.filter(name=name, to_date=None).select_related("area")
    if values is not None and (values["area"] or values["place"]):
        rows = rows.filter(area=place_named(values, area))
    found = [row for row in rows.order_by("id") if inside(row.area, area) or inside(area, row.area)]
    if len(found) != 1:
        reason = _("有几支同名的队，请写区划代码。") if found else _("没有这支队，请先成立。")
        raise BadRow(reason, place="team")
    return found[0]


def _activity(values: Values, area: Area) -> models.Activity:
    """By number, or by village, title and day."""
    rows = models.Activity.objects.select_related("village").filter(village__path__within=[area.path])
    own = areas.village_around(area)
    if own is not None:
        rows = models.Activity.objects.select_related("village").filter(village=own)
    if values["activity"]:
        found = list(rows.filter(pk=values["activity"]))
        place, reason = "activity", _("没有这个编号的活动。")
    elif values["title"] and values["day"]:
        village = village_named(values["village"], area)
        day = values["day"]
        begin, end = clock.span(day, day)
        found = list(
            rows.filter(
                village=village, title=values["title"], starts_at__gte=begin,
                starts_at__lt=end,
            )
        )  # fmt: skip
        place, reason = "title", _("那天没有叫这个名称的活动，请先安排。")
    else:
        raise BadRow(_("请填写活动编号，或活动名称和日期。"), place="title")
    if len(found) > 1:
        raise BadRow(_("那天有几次同名的活动，请写活动编号。"), place=place)
    if not found:
        raise BadRow(reason, place=place)
    return found[0]


def _moment(values: Values, key: str) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(values[key].replace("/", "-"))
    except ValueError:
        raise BadRow(_("时间写法不对，例如 2026-03-05 09:00。"), place=key) from None
    return found.replace(tzinfo=get_default_timezone())
