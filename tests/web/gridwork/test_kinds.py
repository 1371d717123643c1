"""Every kind of table on the import screen: template, dry run that names the place, writing, a repeat, the way out."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, field
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jizhi.accounts.models import User
from jizhi.activities import services as activities
from jizhi.activities.rules import TeamKind
from jizhi.imports.models import Import, ImportHandout, ImportProblem
from jizhi.imports.rules import ImportState
from jizhi.intake.kinds import KINDS
from jizhi.matters.models import Matter
from jizhi.organisations import services as organisations
from jizhi.organisations.rules import OrganisationKind
from tests import factories as make
from tests.web import shiqiao

VILLAGE = "130699101201"


@dataclass(frozen=True)
class Case:
    """A good row by column title, what makes it bad (title and value), who imports, and the list's export."""

    good: dict[str, Any]
    bad: tuple[str, str]
    by: str = "committee"
    more: dict[str, Any] = field(default_factory=dict)
    export: str = ""
    exporter: str = "committee"


CASES = {
    "county-households": Case(
        {"村": VILLAGE, "网格": "第1网格", "户编号": "090", "姓名": "周试验", "与户主关系": "户主",
         "身份证号码": make.id_number(901)},
        ("身份证号码", "123"), "recorder",
    ),
    "kinship": Case(
        {"户编号": "001", "姓名": "欧阳晓芸", "亲属户编号": "002", "亲属姓名": "王示例", "亲属是此人的": "兄弟姐妹",
         "来源": "本人申明", "开始日期": "2026-06-01"},
        ("亲属是此人的", "邻居"), "recorder", {"亲属户编号": "003", "亲属姓名": "李样本"},
    ),
    "areas": Case(
        {"区划代码": "newv01", "层级": "网格", "名称": "新网格", "上级代码": VILLAGE},
        ("层级", "大队"), "township", {"区划代码": "newv02"}, "register:areas_export", "township",
    ),
    "organisations": Case(
        {"类别": "妇联", "组织名称": "石桥村妇联", "区划代码": VILLAGE},
        ("类别", "歌舞团"), export="register:organisations_export",
    ),
    "organisation-members": Case(
        {"组织名称": "石桥村党支部", "户编号": "002", "姓名": "王示例", "担任": "党员", "组织关系在这里": "是",
         "开始日期": "2026-03-01"},
        ("担任", "村长"), export="register:organisations_export",
    ),
    "reporters": Case(
        {"单位": "县图书馆", "服务网格": "第1网格", "姓名": "何党员", "认领岗位": "宣传员", "报到日期": "2026-03-01"},
        ("单位", "没有的单位"), more={"姓名": "林党员"}, export="register:reports_export",
    ),
    "services": Case(
        {"服务日期": "2026-06-14", "姓名": "周报到", "单位": "县图书馆", "小时": "1.5", "做了什么": "清扫街道"},
        ("小时", "两"), "recorder", export="register:reports_export",
    ),
    "posts": Case(
        {"姓名": "林新人", "职务": "楼栋长", "区划代码": f"{VILLAGE}001"},
        ("职务", "村长"), "township", {"姓名": "林错误"}, "register:posts_export", "township",
    ),
    "visits": Case(
        {"户编号": "002", "时间": "2026-06-10 09:30", "走访方式": "电话联系", "谈了什么": "安全提醒", "备注": "好"},
        ("走访方式", "写信"), "leader", export="gridwork:visits_export",
    ),
    "books": Case(
        {"户编号": "002", "住房": "自有", "取暖方式": "无"}, ("户编号", "999"), "committee",
        export="register:books_export",
    ),
    "matters": Case(
        {"编号": "HL-1", "种类": "", "说明": "路灯不亮", "地点": "村口"},
        ("种类", "外星人"), more={"编号": "HL-2"}, export="gridwork:matters_export",
    ),
    "activities": Case(
        {"种类": "义务劳动", "活动名称": "清理河道", "地点": "村口", "开始": "2026-06-15 08:00",
         "结束": "2026-06-15 11:00"},
        ("种类", "旅游"), export="gridwork:activities_export",
    ),
    "attendance": Case(
        {"活动名称": "植树", "活动日期": "2026-06-14", "户编号": "002", "姓名": "王示例", "小时": "2"},
        ("户编号", "999"), export="gridwork:attendance_export",
    ),
    "needs": Case(
        {"种类": "维修帮工", "需要什么": "修水管", "户编号": "001", "最晚哪一天": "2026-06-20", "需要几个人": 2},
        ("种类", "借钱"), more={"需要什么": "借一万元"}, export="gridwork:needs_export",
    ),
    "teams": Case(
        {"队名": "清洁队", "种类": "环境卫生队", "队长": "赵主任", "成立日期": "2026-03-01"},
        ("种类", "篮球队"), more={"队名": "又一队"}, export="gridwork:teams_export",
    ),
    "team-members": Case(
        {"队名": "巡逻队", "户编号": "003", "姓名": "李样本", "入队日期": "2026-06-01"},
        ("队名", "没有的队"), export="gridwork:members_export",
    ),
}  # fmt: skip


@pytest.fixture
def made(place: shiqiao.Village) -> dict[str, Any]:
    """What some tables speak about: an activity yesterday, a team; arguments of the exports."""
    at, by = shiqiao.moment(place.today, 10), place.users["committee"]
    yesterday = shiqiao.moment(place.today.replace(day=14), 9)
    activity = activities.plan_activity(
        area=place.village, kind="labour", title="植树", place="河边", starts_at=yesterday,
        ends_at=yesterday.replace(hour=11), request_key="tree", by=by, at=yesterday,
    )  # fmt: skip
    team = activities.create_team(
        area=place.village, kind=TeamKind.SAFETY, name="巡逻队", from_date=make.START, by=by, at=at
    )
    report_of_a_unit(place, at)
    return {"attendance": [activity.pk], "team-members": [team.pk]}


def report_of_a_unit(place: shiqiao.Village, at: Any) -> None:
    """A party branch in the village, a unit of the township that reports there, and one of its members."""
    given: dict[str, Any] = {"by": None, "at": at}
    for kind, name, area in (
        (OrganisationKind.BRANCH, "石桥村党支部", place.village),
        (OrganisationKind.UNIT, "县图书馆", place.village.parent),
    ):
        data = organisations.OrganisationData(kind=kind, name=name, area=area)
        unit = organisations.create_organisation(data=data, from_date=make.START, **given)
    report = organisations.report_unit(unit=unit, area=place.village, from_date=make.START, **given)
    organisations.add_reporter(
        report=report,
        data=organisations.ReporterData("周报到"),
        request_key="r",
        from_date=make.START,
        **given,
    )


def first_matter_kind(place: shiqiao.Village) -> str:
    from jizhi.schemes import selectors as schemes

    return str(schemes.matters_in(place.village).kinds[0].title.zh)


def filled(template: bytes, rows: list[dict[str, Any]]) -> bytes:
    """The template with rows written under its titles."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book.active
    first, titles = 0, dict[str, int]()
    for line, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        if rows[0].keys() <= {str(cell) for cell in cells}:
            first, titles = line + 1, {str(cell): number for number, cell in enumerate(cells, 1) if cell}
            break
    assert titles, "the template lacks a column"
    for number, row in enumerate(rows, first):
        for title, value in row.items():
            sheet.cell(number, titles[title]).value = value
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def upload(client: Any, key: str, content: bytes, area: str = VILLAGE) -> Import:
    address = reverse("register:import_new", args=[key])
    request_key = client.get(address).context["form"]["request_key"].value()
    given = {"area": area, "file": SimpleUploadedFile("表.xlsx", content), "request_key": request_key}
    answer = client.post(address, given)
    assert answer.status_code == 302, answer.content.decode()
    row = Import.objects.latest("id")
    assert row.state is ImportState.READY, row.fault
    return row


def confirm(client: Any, row: Import) -> Import:
    client.post(reverse("register:import_step", args=[row.pk, "confirm"]))
    row.refresh_from_db()
    assert row.state is ImportState.APPLIED, row.fault
    return row


def told(row: Import) -> list[Any]:
    return [row.planned, *ImportProblem.objects.filter(upload=row).values_list("column", "value", "reason")]


def test_every_kind_is_tried() -> None:
    assert set(CASES) == set(KINDS)


@pytest.mark.parametrize("key", list(CASES))
def test_template_dry_run_apply_repeat_and_export(
    key: str, place: shiqiao.Village, made: dict[str, Any], as_: Any
) -> None:
    case = CASES[key]
    client, good = as_(case.by), dict(case.good)
    if key == "matters":
        good["种类"] = first_matter_kind(place)
    column, value = case.bad
    bad = good | case.more | {column: value}
    template = client.get(reverse("register:import_template", args=[key])).content
    row = upload(client, key, filled(template, [good, bad]))
    assert row.planned == {"created": 1, "refused": 1}, told(row)
    problem = ImportProblem.objects.filter(upload=row).latest("id")
    assert problem.column.endswith(column) and problem.value in (value, "***")
    assert problem.sheet and problem.line and problem.reason and problem.reason_en != problem.reason
    page = client.get(reverse("register:import", args=[row.pk])).content.decode()
    assert problem.value in page and problem.reason in page
    row = confirm(client, row)
    assert row.counts == {"created": 1, "refused": 1}, told(row)
    again = upload(client, key, filled(template, [good]))
    assert again.planned == {"unchanged": 1, "refused": 0}
    if case.export:
        found = as_(case.exporter).get(reverse(case.export, args=made.get(key, [])))
        content = b"".join(found.streaming_content) if found.streaming else found.content
        area = place.village.parent.code if case.by == "township" else VILLAGE
        back = upload(as_(case.by), key, content, area)
        assert set(back.planned) == {"unchanged", "refused"} and not back.planned["refused"], told(back)
        assert back.rows_total > 0


def test_a_workbook_of_several_tables_gives_the_sheet_that_fits(
    place: shiqiao.Village, made: dict[str, Any], as_: Any
) -> None:
    book = b"".join(as_("committee").get(reverse("register:reports_export")))
    row = upload(as_("committee"), "reporters", book)
    assert row.rows_total == 1
    page = as_("committee").get(reverse("register:import", args=[row.pk])).content.decode()
    assert "〔报到单位〕" in page and "〔服务记录〕" in page and "〔报到党员〕" not in page


def test_exports_in_english_come_back_too(place: shiqiao.Village, made: dict[str, Any], as_: Any) -> None:
    client = as_("committee")
    for key in ("organisation-members", "reporters", "services"):
        template = client.get(reverse("register:import_template", args=[key])).content
        confirm(client, upload(client, key, filled(template, [CASES[key].good])))
    client.cookies["django_language"] = "en"
    for key in ("organisation-members", "reporters", "services"):
        found = client.get(reverse(CASES[key].export))
        content = b"".join(found.streaming_content) if found.streaming else found.content
        assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames[-1].isascii()
        back = upload(client, key, content)
        assert back.planned.get("unchanged") and set(back.planned) == {"unchanged", "refused"}, told(back)
        assert not back.planned["refused"], told(back)


def test_of_two_villages_of_one_name_a_matter_is_put_into_neither(place: shiqiao.Village, as_: Any) -> None:
    county = place.village.parent.parent
    place.users["county"] = make.holder("county", county)
    make.post("township", place.village.parent, place.users["county"])
    make.village(make.township(county), name=place.village.name)
    good = CASES["matters"].good | {"种类": first_matter_kind(place)}
    rows = [good | {"村（社区）": place.village.name}, good | {"村（社区）": VILLAGE, "编号": "HL-2"}]
    client = as_("county")
    template = client.get(reverse("register:import_template", args=["matters"])).content
    row = upload(client, "matters", filled(template, rows), county.code)
    assert row.planned == {"created": 1, "refused": 1}, told(row)
    assert "同名的村" in ImportProblem.objects.get(upload=row).reason
    confirm(client, row)
    assert Matter.objects.get().village == place.village


def test_first_passwords_are_taken_once_by_whoever_uploaded(place: shiqiao.Village, as_: Any) -> None:
    client, good = as_("township"), CASES["posts"].good
    template = client.get(reverse("register:import_template", args=["posts"])).content
    row = confirm(client, upload(client, "posts", filled(template, [good])))
    page = client.get(reverse("register:import", args=[row.pk])).content.decode()
    assert "领取初始密码" in page
    address = reverse("register:import_handout", args=[row.pk])
    other = make.holder("township", place.village.parent)
    place.users["other"] = other
    assert as_("other").post(address).status_code == 302
    answer = as_("township").post(address)
    lines = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    told = next(line for line in lines if line[0] == "林新人")
    user = User.objects.get(display_name="林新人")
    assert told[1] == user.username and user.check_password(str(told[2])) and user.must_change_password
    assert not ImportHandout.objects.exists()
    assert as_("township").post(address).status_code == 302


def test_what_nobody_took_in_time_is_made_anew(place: shiqiao.Village, as_: Any, clock: Any) -> None:
    good = CASES["posts"].good
    template = as_("township").get(reverse("register:import_template", args=["posts"])).content
    row = confirm(as_("township"), upload(as_("township"), "posts", filled(template, [good])))
    user = User.objects.get(display_name="林新人")
    page = reverse("register:import", args=[row.pk])
    clock.shift(dt.timedelta(days=15))
    client = as_("township")
    shown = client.get(page).content.decode()
    assert "已过期" in shown and "领取初始密码" not in shown
    assert client.post(reverse("register:import_handout", args=[row.pk])).status_code == 302
    assert ImportHandout.objects.count() == 1
    assert "初始密码已过期" in client.get(reverse("register:account", args=[user.pk])).content.decode()
    assert "初始密码已过期" in client.get(reverse("register:posts"), {"q": "林新人"}).content.decode()
    assert client.post(reverse("register:import_renewal", args=[row.pk])).status_code == 302
    assert "领取初始密码" in client.get(page).content.decode()
    answer = client.post(reverse("register:import_handout", args=[row.pk]))
    lines = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    told = next(line for line in lines if line[0] == "林新人")
    user.refresh_from_db()
    assert user.check_password(str(told[2])) and user.must_change_password
    assert "初始密码未用" in client.get(reverse("register:account", args=[user.pk])).content.decode()


def test_the_book_has_only_columns_that_the_reader_may_fill(place: shiqiao.Village, as_: Any) -> None:
    def columns(name: str) -> str:
        content = as_(name).get(reverse("register:import_template", args=["books"])).content
        return str(list(openpyxl.load_workbook(io.BytesIO(content)).active.values))

    assert "诉求" in columns("leader")
    assert "房屋结构" in columns("recorder") and "诉求" not in columns("recorder")


@pytest.mark.parametrize("length", [600, 1100])
def test_what_is_sensitive_is_not_shown_when_it_is_refused(
    length: int, place: shiqiao.Village, as_: Any
) -> None:
    client, secret = as_("leader"), "病" * length  # the one is refused by the book, the other by its column
    template = client.get(reverse("register:import_template", args=["books"])).content
    row = upload(client, "books", filled(template, [{"户编号": "002", "当前困难和诉求": secret}]))
    problem = ImportProblem.objects.get(upload=row)
    assert problem.column.endswith("当前困难和诉求") and problem.value == "***" and problem.reason
    assert secret[:20] not in as_("recorder").get(reverse("register:import", args=[row.pk])).content.decode()


def test_kinds_are_offered_by_permission(place: shiqiao.Village, as_: Any) -> None:
    assert as_("auditor").get(reverse("register:import_new", args=["visits"])).status_code in (403, 404)
    offered = as_("worker").get(reverse("register:imports")).content.decode()
    assert reverse("register:import_new", args=["visits"]) in offered
    assert reverse("register:import_new", args=["posts"]) not in offered


@pytest.mark.parametrize(
    ("page", "key", "who", "others"),
    [
        ("organisations", "organisation-members", "committee", "recorder"),
        ("reports", "reporters", "committee", "recorder"),
        ("services", "services", "recorder", "township"),
    ],
)
def test_lists_lead_to_their_tables(
    page: str, key: str, who: str, others: str, place: shiqiao.Village, as_: Any
) -> None:
    address, link = reverse(f"register:{page}"), reverse("register:import_new", args=[key])
    assert link in as_(who).get(address).content.decode()
    answer = as_(others).get(address)
    assert answer.status_code == 200 and link not in answer.content.decode()
