"""What the months of Shiqiao leave out: persons, changes, organisations, visits, matters, activities, tables read in.

`fill` makes one record of each through the services, `HOME` fills the addresses of their pages, `MARKERS` are words
that occur in them alone. Nothing here asserts anything.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable
from typing import Any

import openpyxl
from PIL import Image

from jizhi.activities import rules as activity_rules
from jizhi.activities import services as activities
from jizhi.areas import services as areas
from jizhi.areas.rules import BoundarySource, UploadKind
from jizhi.changes import services as changes
from jizhi.changes.rules import ChangeKind
from jizhi.imports import services as imports
from jizhi.intake.kinds import KINDS
from jizhi.matters import services as matters
from jizhi.matters.rules import Channel
from jizhi.notices import selectors as notices
from jizhi.notices import services as notice_services
from jizhi.organisations import services as organisations
from jizhi.organisations.rules import OrganisationKind, Role
from jizhi.people import services as people
from jizhi.people.rules import PartyClass, PartyStanding
from jizhi.posts import selectors as posts_read
from jizhi.posts import services as posts
from jizhi.visits import services as visits
from jizhi.visits.rules import How, Topic
from tests import factories
from tests.web import shiqiao

NEWBORN, TWIN, TWIN_PHONE = "晏新生", "晏同人", "19976543210"
VISITED, ADDED, WISH = "看过灶台烟道", "烟道已换新", "盼修祠堂后坡"
MATTER, STEP, CALLER, CALLER_PHONE = "后坡塌方埋路", "先拉警戒带", "宗来电", "19912340000"
ACTIVITY, NEED, WANTED, TEAM, LEADER = "清理古塘淤泥", "搬柜子下楼", "三开门旧柜", "古塘巡护队", "费带队"
STRUCK = "半路就走了"
BRANCH, CONTACT, NOTE = "古塘党支部", "古塘联系处", "古塘入册备注"
UNIT, UNIT_CONTACT, REPORTER, SERVED = "古塘图书室", "芦联络", "芦报到", "给独居老人理发"
UPLOAD, TABLE, REFUSED, REASON = "古塘边界.geojson", "古塘人员表.xlsx", "晏被拒", "嫁入古塘"
MARKERS = (
    NEWBORN, TWIN, TWIN_PHONE, VISITED, ADDED, WISH, MATTER, STEP, CALLER, CALLER_PHONE, ACTIVITY, NEED, WANTED,
    TEAM, LEADER, STRUCK, BRANCH, CONTACT, NOTE, UNIT, UNIT_CONTACT, REPORTER, SERVED, UPLOAD, TABLE, REFUSED, REASON,
)  # fmt: skip


def fill(home: shiqiao.Village, today: dt.date) -> None:
    """One record of everything; whatever has a page of its own is remembered in `made`."""
    at = shiqiao.moment(today)
    _persons(home, today, at)
    _visits(home, today, at)
    _matters(home, at)
    _activities(home, at)
    _organisations(home, today, at)
    _tables(home, today, at)
    _changes(home, today, at)


def photo(colour: str) -> io.BytesIO:
    """A small picture as a phone would send it."""
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(stream, format="JPEG")
    stream.seek(0)
    return stream


def book(*rows: list[Any]) -> bytes:
    """A workbook of these rows."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _persons(home: shiqiao.Village, today: dt.date, at: dt.datetime) -> None:
    """Party membership, a class, a twin with a number of the old length, and two who are no twins."""
    root, person = home.users["root"], home.made["membership"].person
    people.record_party(person_id=person.pk, standing=PartyStanding.FULL, from_date=today, by=root, at=at)
    people.record_class(person_id=person.pk, letter=PartyClass.A, from_date=today, by=root, at=at)
    number = person.id_number
    twin = people.NewMember(TWIN, "亲属", number[:6] + number[8:17], None, TWIN_PHONE)
    home.made["twin"] = people.add_member(
        household=home.households["004"], member=twin, from_date=today, by=root, at=at
    ).person
    home.made["person"] = person
    one, other = (home.households[no].memberships.first().person_id for no in ("005", "006"))
    people.say_not_duplicate(one_id=min(one, other), other_id=max(one, other), by=root, at=at)
    held = posts_read.all_posts_of(home.users["worker2"])[0]
    posts.deputise_post(
        post=posts_read.post_for(root, held.id, on=today), deputy=home.users["worker"], from_date=today,
        to_date=today + dt.timedelta(days=9), by=root, at=at,
    )  # fmt: skip


def _visits(home: shiqiao.Village, today: dt.date, at: dt.datetime) -> None:
    worker, household = home.users["worker"], home.households["001"]
    early = shiqiao.moment(today.replace(day=1), 8)
    visits.set_classes(household=household, keys=["disabled"], by=worker, at=early)
    visits.make_plans(area=home.village, month=today.replace(day=1), by=None, at=early)
    visits.fill_book(household=household, values={"wishes": WISH}, version=0, by=worker, at=at)
    home.made["visit"] = visit = visits.record_visit(
        household=household, how=How.HOME, topics=[Topic.SAFETY], note=VISITED, request_key="foreign-visit", by=worker,
        at=early + dt.timedelta(hours=2),
    )  # fmt: skip
    visits.add_to_visit(visit=visit, text=ADDED, request_key="foreign-added", by=worker, at=at)
    home.made["visit_today"] = visits.record_visit(
        household=household, how=How.PHONE, note=VISITED, request_key="foreign-call", by=worker, at=at
    )
    (home.made["visit_photo"],) = visits.attach_photos(
        visit=home.made["visit_today"], photos=[photo("olive")], by=worker, at=at
    )


def _matters(home: shiqiao.Village, at: dt.datetime) -> None:
    """One that a household reported and that is being handled; a confidential one by telephone."""
    reports: list[tuple[Any, Channel, dict[str, Any]]] = [
        (home.household_user("001"), Channel.HOUSEHOLD, {}),
        (home.users["worker"], Channel.STAFF, {"reporter_name": CALLER, "reporter_phone": CALLER_PHONE}),
    ]
    for number, (by, channel, more) in enumerate(reports):
        report = matters.Report(
            village=home.village, kind="facility", words=MATTER, request_key=f"foreign-matter-{number}",
            area=home.grids[0], place="后坡", household=home.households["001"], **more,
        )  # fmt: skip
        home.made[("matter", "matter_told")[number]] = matters.report_matter(
            report=report, channel=channel, photos=[photo("navy")], by=by, at=at
        )
    committee, matter = home.users["committee"], home.made["matter"]
    matters.dispatch_matter(matter_id=matter.pk, assignee=committee, words=STEP, by=committee, at=at)
    home.made["matter_photo"] = matter.photos.first()


def _activities(home: shiqiao.Village, at: dt.datetime) -> None:
    recorder, day, made = home.users["recorder"], at.date(), home.made
    subjects = {no: household.subject for no, household in home.households.items()}
    made["team"] = activities.create_team(
        area=home.village, kind=activity_rules.TeamKind.CARE, name=TEAM, leader=LEADER, from_date=day, by=recorder,
        at=at,
    )  # fmt: skip
    made["member"] = activities.join_team(
        team=made["team"], subject=subjects["001"], name="欧阳晓芸", from_date=day, by=recorder, at=at
    )
    made["activity"] = activities.plan_activity(
        area=home.village, kind=activity_rules.ActivityKind.LABOUR, title=ACTIVITY, place="古塘",
        starts_at=at - dt.timedelta(hours=1), ends_at=at + dt.timedelta(hours=1), team=made["team"],
        item="voluntary-labour", request_key="foreign-activity", by=home.users["worker"], at=at,
    )  # fmt: skip
    made["attendance"], struck = (
        activities.sign_in_household(
            activity=made["activity"], subject=subjects[no], by=home.users["worker"], at=at
        )
        for no in ("001", "002")
    )
    activities.strike_attendance(attendance=struck, reason=STRUCK, by=home.users["worker"], at=at)
    for name, title in (("need", NEED), ("need_posted", WANTED)):
        made[name] = activities.post_need(
            village=home.village, subject=subjects["001"], kind=activity_rules.NeedKind.HELP, title=title, words=WANTED,
            wanted_date=day + dt.timedelta(days=3), places=2, request_key=f"foreign-{name}",
            by=home.household_user("001"), at=at,
        )  # fmt: skip
    activities.open_need(need=made["need"], item="volunteering", by=recorder, at=at)
    made["taking"] = activities.take_need(
        need=made["need"], subject=subjects["002"], by=home.household_user("002"), at=at
    )


def _organisations(home: shiqiao.Village, today: dt.date, at: dt.datetime) -> None:
    root, made = home.users["root"], home.made
    act: dict[str, Any] = {"by": root, "at": at}

    def found(kind: OrganisationKind, name: str) -> Any:
        data = organisations.OrganisationData(kind=kind, name=name, area=home.village, contact=CONTACT)
        return organisations.create_organisation(data=data, from_date=today, **act)

    made["organisation"] = found(OrganisationKind.BRANCH, BRANCH)
    made["belonging"] = organisations.add_belonging(
        organisation=made["organisation"], person=made["person"], role=Role.PARTY_MEMBER, keeps_file=True, note=NOTE,
        from_date=today, **act,
    )  # fmt: skip
    made["unit"] = found(OrganisationKind.UNIT, UNIT)
    made["report"] = organisations.report_unit(
        unit=made["unit"], area=home.village, contact_name=UNIT_CONTACT, from_date=today, **act
    )
    made["reporter"] = organisations.add_reporter(
        report=made["report"], data=organisations.ReporterData(name=REPORTER, grid=home.grids[0]),
        request_key="foreign-reporter", from_date=today, **act,
    )  # fmt: skip
    made["service"] = organisations.record_service(
        reporter=made["reporter"], day=today, minutes=90, words=SERVED, request_key="foreign-service",
        by=home.users["recorder"], at=at,
    )  # fmt: skip
    made["staff_link"] = organisations.link_staff_person(
        user=home.users["keeper"], person=home.households["007"].memberships.first().person, **act
    )


def _tables(home: shiqiao.Village, today: dt.date, at: dt.datetime) -> None:
    """An outline, a table of areas looked at, and a table of persons with a refused row."""
    root, made = home.users["root"], home.made
    ring = [[116.0, 39.0], [116.01, 39.0], [116.01, 39.01], [116.0, 39.01], [116.0, 39.0]]
    areas.set_boundary(
        area=home.village, geojson={"type": "Polygon", "coordinates": [ring]}, from_date=today,
        source=BoundarySource.DRAWN, by=root, at=at,
    )  # fmt: skip
    feature = {
        "type": "Feature", "properties": {"code": home.village.code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }  # fmt: skip
    made["upload"] = areas.stage_upload(
        area=home.village, kind=UploadKind.BOUNDARIES, filename=UPLOAD, by=root, at=at,
        options={"from_date": today.isoformat(), "datum": "wgs84"},
        content=json.dumps({"type": "FeatureCollection", "features": [feature]}).encode(),
    )  # fmt: skip
    kind = KINDS["county-households"]
    rows = [["9001", "晏可收", "户主", factories.id_number(772)], ["9002", REFUSED, "户主", "123"]]
    content = book(
        ["村", "户编号", "姓名", "与户主关系", "身份证号"], *([home.village.name, *row] for row in rows)
    )
    upload = imports.upload_table(
        kind=kind,
        area=home.village,
        file_name=TABLE,
        content=[content],
        request_key="foreign-table",
        by=root,
        at=at,
    )
    made["import"] = imports.run_import(import_id=upload.pk, kind=kind, now=lambda: at)


def _changes(home: shiqiao.Village, today: dt.date, at: dt.datetime) -> None:
    """A child is born in one household; another splits and one of its claims goes along."""
    root = home.users["root"]

    def make(order: Any, key: str) -> Any:
        return changes.make_change(
            order=order,
            concerns=notices.open_concerns,
            received=notice_services.hold_owed,
            request_key=key,
            by=root,
            at=at,
        )

    born = people.NewMember(NEWBORN, "孙", birth_date=today)
    home.made["change"] = make(
        changes.Join(
            household_id=home.households["001"].pk,
            day=today,
            kind=ChangeKind.BIRTH,
            member=born,
            reason=REASON,
        ),
        "foreign-birth",
    )
    leaving = list(home.households["003"].memberships.order_by("-id").values_list("person_id", flat=True)[:2])
    claims = home.households["003"].subject.claims.filter(state="filed").values_list("pk", flat=True)
    make(
        changes.Split(
            household_id=home.households["003"].pk, day=today.replace(day=10), person_ids=tuple(leaving),
            head_id=leaving[0], no="009", grid=home.grids[0], reason=REASON, refile=frozenset(claims),
        ),
        "foreign-split",
    )  # fmt: skip


def _made(**names: str) -> Callable[[shiqiao.Village], dict[str, Any]]:
    return lambda home: {name: home.made[what].pk for name, what in names.items()}


def _home(home: shiqiao.Village) -> dict[str, Any]:
    return {"household_id": home.households["001"].pk}


def _area(home: shiqiao.Village) -> dict[str, Any]:
    return {"area_id": home.village.pk}


def _post(home: shiqiao.Village) -> dict[str, Any]:
    return {"post_id": home.users["recorder"].posts.first().pk}


def _also(first: Callable[..., dict[str, Any]], **more: Any) -> Callable[[shiqiao.Village], dict[str, Any]]:
    return lambda home: first(home) | more


_NEED, _TEAM, _MATTER = _made(need_id="need"), _made(team_id="team"), _made(matter_id="matter")
_ACTIVITY, _VISIT, _PERSON = _made(activity_id="activity"), _made(visit_id="visit"), _made(person_id="person")
_LISTED = _made(activity_id="activity", attendance_id="attendance")
_MEMBER = _made(team_id="team", member_id="member")
_VISIT_PHOTO, _MATTER_PHOTO = _made(photo_id="visit_photo"), _made(photo_id="matter_photo")
_PAIR, _UPLOAD = _made(one_id="person", other_id="twin"), _made(upload_id="upload")
_IMPORT, _CHANGE = _made(import_id="import"), _made(change_id="change")
_ORGANISATION, _BELONGING = _made(organisation_id="organisation"), _made(belonging_id="belonging")
_REPORT, _REPORTER, _SERVICE = (
    _made(report_id="report"),
    _made(reporter_id="reporter"),
    _made(service_id="service"),
)


def _each(what: Callable[..., dict[str, Any]], room: str, *names: str) -> dict[str, Any]:
    return dict.fromkeys([f"{room}:{name}" for name in names], what)


HOME: dict[str, Callable[[shiqiao.Village], dict[str, Any]]] = {
    # a household's own pages
    **_each(_ACTIVITY, "resident", "activity"),
    **_each(_NEED, "resident", "need", "need_taking", "need_giving_up", "need_withdrawal"),
    **_each(_TEAM, "resident", "team"),
    **_each(_MEMBER, "resident", "team_leaving"),
    **_each(_MATTER, "resident", "matter"),
    "resident:matter_step": _also(_MATTER, verb="withdraw"),
    **_each(_MATTER_PHOTO, "resident", "matter_photo"),
    # the grid worker's
    **_each(
        _ACTIVITY, "field", "activity", "activity_signing", "activity_code", "activity_code_picture",
        "activity_confirming",
    ),
    **_each(_LISTED, "field", "activity_striking", "activity_hours"),
    **_each(_home, "field", "visit_new", "book", "book_edit", "book_history", "book_print", "classes"),
    "field:visit_day": lambda home: {"text": "2026-06-15"},
    **_each(_made(visit_id="visit_today"), "field", "visit_change", "visit_photos"),
    **_each(_VISIT, "field", "visit", "visit_addition"),
    **_each(_VISIT_PHOTO, "field", "visit_photo"),
    **_each(_MATTER, "field", "matter", "matter_taking"),
    "field:matter_step": _also(_MATTER, verb="handle"),
    **_each(_MATTER_PHOTO, "field", "matter_photo"),
    **dict.fromkeys(["field:matter_phone", "gridwork:matter_phone"], _made(matter_id="matter_told")),
    # the registers'
    **_each(_CHANGE, "register", "change", "change_undoing"),
    **_each(_home, "register", "change_menu"),
    "register:change_new": _also(_home, kind="split"),
    **_each(_PAIR, "register", "duplicate", "duplicate_apart"),
    **_each(
        _PERSON, "register", "person", "person_account", "person_edit", "person_party", "person_party_end",
        "person_class",
    ),
    **_each(lambda home: {"key": "county-households"}, "register", "import_new", "import_template"),
    **_each(_IMPORT, "register", "import", "import_refused", "import_handout", "import_renewal"),
    "register:import_step": _also(_IMPORT, verb="confirm"),
    **_each(_UPLOAD, "register", "area_upload", "area_upload_confirmation", "area_upload_report"),
    **_each(
        _area, "register", "area_children", "area_reopening", "area_moving", "area_splitting", "area_merging",
        "boundary", "boundary_removal", "boundary_map", "boundaries_export", "coverage", "coverage_export",
    ),
    **_each(_made(link_id="staff_link"), "register", "staff_link_end"),
    **_each(_post, "register", "post", "deputy_new", "hand_over"),
    **_each(_ORGANISATION, "register", "organisation", "organisation_edit", "organisation_closing", "belonging_new"),
    **_each(_BELONGING, "register", "belonging_end", "belonging_transfer"),
    **_each(_REPORT, "register", "report", "report_end", "reporter_new"),
    **_each(_REPORTER, "register", "reporter_place", "reporter_end", "service_new"),
    **_each(_SERVICE, "register", "service_refusal"),
    # the grid work's
    **_each(_VISIT, "gridwork", "visit"),
    **_each(_VISIT_PHOTO, "gridwork", "visit_photo"),
    **_each(_home, "gridwork", "book", "book_edit", "book_history", "book_history_export", "book_print", "classes"),
    **_each(_MATTER, "gridwork", "matter", "matter_taking", "matter_merge", "matter_sheet"),
    "gridwork:matter_step": _also(_MATTER, verb="handle"),
    **_each(_MATTER_PHOTO, "gridwork", "matter_photo"),
    **_each(
        _ACTIVITY, "gridwork", "activity", "attendance_export", "activity_edit", "activity_cancelling",
        "activity_confirming", "activity_signing",
    ),
    **_each(
        _NEED, "gridwork", "need", "need_opening", "need_refusing", "need_withdrawing", "need_taking",
        "need_finishing", "need_counting",
    ),
    **_each(_TEAM, "gridwork", "team", "members_export", "team_edit", "team_closing", "team_joining"),
    **_each(_MEMBER, "gridwork", "team_leaving"),
}  # fmt: skip


def sent(home: shiqiao.Village) -> dict[str, Any]:
    """What the forms of these pages ask for, pointing at the home village; no value is one of the markers."""
    made = {name: row.pk for name, row in home.made.items() if hasattr(row, "pk")}
    ids = {
        name: made[name]
        for name in (
            "person",
            "organisation",
            "unit",
            "report",
            "reporter",
            "activity",
            "team",
            "need",
            "matter",
        )
    }
    return ids | {
        "subject": home.households["001"].subject.pk, "assignee": home.users["committee"].pk, "version": "1",
        "service": [made["service"]], "matters": [made["matter"]], "matter": [made["matter"]],
        "duplicate": made["matter_told"], "into": made["matter_told"], "into_id": home.households["002"].pk,
        "one_version": "1", "other_version": "1", "title": "改名", "starts_at": "2026-06-15T09:30",
        "ends_at": "2026-06-15T11:30", "wanted_date": "2026-06-20", "places": "1", "hours": "1",
        f"hours-{made['taking']}": "1", "wishes": "改写", "keys": ["disabled"], "topics": ["safety"],
        "text": "试一试", "leader": "某", "to": "某支部", "on_day": "2026-06-15", "on": "2026-06-15",
        "last_day": "2026-06-15", "confirmed": "1", "standing": "full", "letter": "a", "residence": "resident",
        "role": "member", "duty": "某", "satisfied": "yes", "told_how": "visit", "feedback": "试一试",
        "person_ids": [made["person"]], "head_id": made["person"], "share": "members", "step": "confirm",
        "parent": home.village.code, "code1": f"{home.village.code}901", "name1": "改名", "keep": "yes",
        "geojson": '{"type":"Polygon","coordinates":[[[116,39],[116.1,39],[116.1,39.1],[116,39]]]}',
        "datum": "wgs84", "month": "2026-06",
    }  # fmt: skip
