"""Rosters from upload to register: the dry run that waits, the confirmation, and the files of the trial village."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jizhi.core.models import AuditEvent
from jizhi.people import selectors, services
from jizhi.people.models import Household, Membership, RosterImport
from jizhi.people.rules import Fate, ImportState
from jizhi.posts import selectors as posts
from jizhi.posts.rules import PostKind
from tests import factories
from tests.domain.people.rosters import counts

pytestmark = pytest.mark.django_db
HEADER = ["户编号", "所属网格", "户主", "身份证号码", "家庭人口", "联系电话"]


def workbook(*rows: list[Any]) -> bytes:
    """An .xlsx with a title row above the header."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["石桥村农户名单"])
    sheet.append(HEADER)
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def good_row(number: int) -> list[Any]:
    """A row that imports."""
    return [
        f"{number:04d}",
        "第一网格",
        f"周{'甲乙丙丁'[number % 4]}",
        factories.id_number(number),
        3,
        "19900001111",
    ]


def test_an_upload_waits_sealed_until_it_is_confirmed() -> None:
    village = factories.village()
    recorder = factories.holder(PostKind.RECORDER, village)
    content = workbook(
        *(good_row(n) for n in range(1, 7)), ["X1", "第一网格", "钱乙", "990199197804035960", 2, None]
    )
    staged = services.stage_roster(
        village=village, filename="名单.xlsx", content=content, by=recorder, at=factories.AT
    )
    assert not Household.objects.exists()
    assert factories.id_number(1).encode() not in bytes(staged.content)
    line = selectors.roster_import(recorder, staged.pk, factories.TODAY)
    report = services.from_stored(line.report)
    assert (line.state, line.by_name, counts(report)) == (
        ImportState.DRY_RUN,
        recorder.display_name,
        (6, 0, 0, 1),
    )
    assert report.refused[0].row == 9
    assert report.households[1].fate is Fate.CREATED
    assert factories.id_number(1) not in json.dumps(line.report)
    assert "990199197804035960" not in json.dumps(line.report)

    report = services.apply_roster(roster_import_id=staged.pk, by=recorder, at=factories.AT)
    assert (report.created, Household.objects.count()) == (6, 6)
    line = selectors.roster_import(recorder, staged.pk, factories.TODAY)
    assert (line.state, line.applied_at) == (ImportState.APPLIED, factories.AT)
    assert RosterImport.objects.get().content is None
    with pytest.raises(services.AlreadyApplied):
        services.apply_roster(roster_import_id=staged.pk, by=recorder, at=factories.AT)
    assert AuditEvent.objects.get(verb="roster.import").detail["created"] == 6


def test_a_new_upload_takes_the_place_of_one_that_waits() -> None:
    village = factories.village()
    upload = {"village": village, "filename": "名单.xlsx", "by": None, "at": factories.AT}
    first = services.stage_roster(content=workbook(good_row(1)), **upload)
    second = services.stage_roster(content=workbook(good_row(2)), **upload)
    assert [line.id for line in selectors.roster_imports(village)] == [second.pk]
    with pytest.raises(services.AlreadyApplied):
        services.apply_roster(roster_import_id=first.pk, by=None, at=factories.AT)


def test_uploads_of_many_villages_are_asked_for_once(django_assert_num_queries: Any) -> None:
    villages = [factories.village() for _ in range(3)]
    upload = {"filename": "名单.xlsx", "by": None, "at": factories.AT}
    for number, village in enumerate(villages[:2], start=1):
        services.stage_roster(village=village, content=workbook(good_row(number)), **upload)
    with django_assert_num_queries(1):
        found = {line.village_code for line in selectors.roster_imports(*villages)}
    assert found == {village.code for village in villages[:2]}


def test_a_file_that_is_no_roster_says_why() -> None:
    upload = {"village": factories.village(), "filename": "名单.xlsx", "by": None, "at": factories.AT}
    for content in (b"", b"%PDF-1.7 something", workbook()[:200]):
        with pytest.raises(services.UnreadableRoster) as refused:
            services.stage_roster(content=content, **upload)
        assert str(refused.value)
    assert not RosterImport.objects.exists()


def test_uploads_belong_to_their_village() -> None:
    village = factories.village()
    staged = services.stage_roster(
        village=village, filename="名单.xlsx", content=workbook(good_row(1)), by=None, at=factories.AT
    )
    stranger = factories.holder(PostKind.RECORDER, factories.village())
    with pytest.raises(selectors.RosterNotFound):
        selectors.roster_import(stranger, staged.pk, factories.TODAY)
    with pytest.raises(posts.NotAllowed):
        services.apply_roster(roster_import_id=staged.pk, by=stranger, at=factories.AT)


FOLDER = Path(__file__).parents[4] / "shared" / "data" / "rosters"


@pytest.mark.skipif(not FOLDER.exists(), reason="the trial village's files are not on this machine")
@pytest.mark.parametrize(
    "order",
    [
        ("花名册-按人.xlsx", "户主名单.xlsx", "户主名单-有错误.xlsx", "户主名单.gbk.csv"),
        ("户主名单-有错误.xlsx", "户主名单.gbk.csv", "花名册-按人.xlsx"),
    ],
)
def test_the_trial_village_imports_whole_in_any_order(order: tuple[str, ...]) -> None:
    village = factories.village()
    for _ in range(2):
        for name in order:
            roster = services.read_roster((FOLDER / name).read_bytes(), name, village, factories.TODAY)
            report = services.import_households(
                roster=roster, village=village, dry_run=False, by=None, at=factories.AT
            )
            refused = {cell.row for cell in report.refused}
            expected = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
            assert refused == ({row["row"] for row in expected["refused"]} if "错误" in name else set())
    assert (report.created, report.unchanged, report.updated) == (0, 180, 0)
    for wanted in expected["households"]:
        household = Household.objects.select_related("subject", "area").get(village=village, no=wanted["no"])
        seen = (household.head_name, household.area.name, household.subject.size)
        assert seen == (wanted["head"], wanted["grid"], wanted["size"])
    members = Membership.objects.select_related("person").order_by("household__no")
    seen_members = {
        (m.person.id_number, m.person.name, str(m.person.birth_date), m.person.party_member) for m in members
    }
    wanted_members = {
        (m["id"], m["name"], m["birth"], m["party"])
        for household in expected["households"]
        for m in household["members"]
    }
    assert seen_members == wanted_members
