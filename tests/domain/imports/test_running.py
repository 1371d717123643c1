"""Tables run chunk by chunk: dry run, writing, stopping, a crash between chunks, repeats, refusals with their place."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from django.utils import translation

from jizhi.areas.models import Area
from jizhi.core.errors import DomainError
from jizhi.imports import selectors, services
from jizhi.imports.models import Import, ImportPart, ImportProblem, ImportRow
from jizhi.imports.rules import ImportState, Kind
from jizhi.intake.kinds import KINDS
from jizhi.people.models import Household, Membership, Person
from jizhi.posts.selectors import NotAllowed
from tests import factories

pytestmark = pytest.mark.django_db
HEADER = ["村", "网格", "户编号", "户主", "姓名", "与户主关系", "身份证号", "联系电话"]
NUMBERS = [factories.id_number(serial) for serial in range(1, 40)]
AREAS, PEOPLE = KINDS["areas"], KINDS["county-households"]


def workbook(header: list[str], *rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in (header, *rows):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def upload(kind: Kind, area: Area, content: bytes, key: str = "key", by: Any = None) -> Import:
    row = services.upload_table(
        kind=kind, area=area, file_name="表.xlsx", content=[content], request_key=key, by=by, at=factories.AT
    )
    return run(row.pk, kind)


def run(number: int, kind: Kind) -> Import:
    return services.run_import(import_id=number, kind=kind, now=lambda: factories.AT)


def apply(row: Import, kind: Kind) -> Import:
    services.confirm_import(import_id=row.pk, kind=kind, by=None, at=factories.AT)
    return run(row.pk, kind)


def county_rows(villages: int = 3, households: int = 2) -> tuple[Area, list[list[Any]]]:
    """Villages under one township and their persons, rows of the villages mixed."""
    first = factories.village()
    others = [factories.village(parent=first.parent) for _ in range(villages - 1)]
    numbers = iter(NUMBERS)
    rows = []
    for no in range(1, households + 1):
        for village in (first, *others):
            head = f"周{'甲乙丙丁戊'[no]}"
            rows.append([village.code, "第一网格", no, head, head, "户主", next(numbers), "19900001111"])
            rows.append([village.name, "第一网格", no, head, f"{head}子", "子", next(numbers), ""])
    assert first.parent is not None
    return first.parent, rows


def test_a_dry_run_writes_nothing_and_the_confirmed_import_does_what_it_said() -> None:
    area, rows = county_rows()
    row = upload(PEOPLE, area, workbook(HEADER, *rows))
    assert (row.state, row.planned) == (ImportState.READY, {"created": 12, "refused": 0})
    assert not Household.objects.exists()
    row = apply(row, PEOPLE)
    assert (row.state, row.counts, row.rows_done) == (ImportState.APPLIED, {"created": 12, "refused": 0}, 12)
    assert (Household.objects.count(), Person.objects.count(), Membership.objects.count()) == (6, 12, 12)
    assert {h.area.name for h in Household.objects.select_related("area")} == {"第一网格"}
    assert not ImportRow.objects.exists()
    assert not ImportPart.objects.exists()


def test_the_same_file_again_is_unchanged_and_the_same_upload_is_one() -> None:
    area, rows = county_rows()
    content = workbook(HEADER, *rows)
    first = apply(upload(PEOPLE, area, content), PEOPLE)
    assert upload(PEOPLE, area, content).pk == first.pk
    again = apply(upload(PEOPLE, area, content, "other"), PEOPLE)
    assert again.counts == {"unchanged": 12, "refused": 0}


def test_numbers_of_persons_are_not_readable_in_the_tables() -> None:
    area, rows = county_rows(1, 1)
    upload(PEOPLE, area, workbook(HEADER, *rows))
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(encode(content, 'escape'), '') FROM imports_importrow")
        assert NUMBERS[0] not in cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(encode(content, 'escape'), '') FROM imports_importpart")
        assert "sheet1" not in cursor.fetchone()[0]


def test_problems_name_sheet_row_column_value_and_reason() -> None:
    area, rows = county_rows(1, 1)
    rows += [
        [rows[0][0], "", "9", "吴", "吴", "户主", "12345", ""],
        ["没有的村", "", "9", "吴", "吴", "户主", "", ""],
        [rows[0][0], "", "", "吴", "吴", "户主", "", ""],
    ]
    row = upload(PEOPLE, area, workbook(HEADER, *rows))
    assert row.planned == {"created": 2, "refused": 3}
    found = [
        (one.line, one.column, one.reason) for one in selectors.problem_lines(selectors.problems(row.pk))
    ]
    assert found[0][:2] == (4, "G 身份证号码")
    assert "18位" in found[0][2]
    assert found[1][:2] == (5, "村")
    assert found[2] == (6, "C 户编号", "不能空着")
    texts, place, reason = list(selectors.refused_rows(row.pk))[2]
    assert (texts["head"], place, reason) == ("吴", "Sheet 6", "C 户编号：不能空着")
    assert [one.line for one in selectors.problem_lines(selectors.problems(row.pk, words="没有这个村"))] == [
        5
    ]


def test_one_person_twice_in_the_file_is_refused_with_both_places() -> None:
    area, rows = county_rows(2, 1)
    rows[3][6] = rows[1][6]
    row = upload(PEOPLE, area, workbook(HEADER, *rows))
    assert {one.reason for one in ImportProblem.objects.all()} == {
        "与“Sheet”第 5 行重复",
        "与“Sheet”第 3 行重复",
    }
    assert row.planned == {"created": 2, "refused": 2}


def test_a_crash_between_chunks_loses_nothing_and_resuming_ends_as_if_it_had_not_been() -> None:
    area, rows = county_rows()
    calls = []

    def dying(rows: Any, **given: Any) -> Any:
        calls.append(len(rows))
        outcomes = PEOPLE.apply(rows, **given)
        if len(calls) == 2:
            raise KeyError("the plug is pulled after the writing, before the end of the chunk")
        return outcomes

    kind = replace(PEOPLE, chunk=1, apply=dying)
    row = apply(upload(kind, area, workbook(HEADER, *rows)), kind)
    assert (row.state, row.rows_done, row.counts) == (ImportState.FAILED, 4, {"created": 4})
    assert Household.objects.count() == 2
    services.resume_import(import_id=row.pk, kind=kind, by=None, at=factories.AT)
    row = run(row.pk, kind)
    assert (row.state, row.counts) == (ImportState.APPLIED, {"created": 12, "refused": 0})
    assert (Household.objects.count(), Person.objects.count()) == (6, 12)


def test_areas_row_by_row_later_rows_see_earlier_ones_and_a_dry_run_leaves_none() -> None:
    village = factories.village()
    header = ["区划代码", "名称", "层级", "上级代码"]
    grid, deeper = f"{village.code}901", f"{village.code}902"
    rows = [
        [grid, "新网格", "网格", village.code],
        [deeper, "又一网格", "grid", village.code],
        ["x1", "甲", "网格", "nowhere"],
    ]
    row = upload(AREAS, village, workbook(header, *rows))
    assert row.planned == {"created": 2, "refused": 1}
    assert not Area.objects.filter(code=grid).exists()
    row = apply(row, AREAS)
    assert row.counts == {"created": 2, "refused": 1}
    rows[0][1] = "改名网格"
    again = apply(upload(AREAS, village, workbook(header, *rows), "again"), AREAS)
    assert again.counts == {"updated": 1, "unchanged": 1, "refused": 1}
    assert Area.objects.get(code=grid).name == "改名网格"


def test_a_file_without_its_columns_fails_with_what_is_missing() -> None:
    with translation.override("en"):
        row = upload(AREAS, factories.village(), workbook(["区划代码", "名称"], ["a", "b"]))
        line = selectors.line_of(row.pk)
    assert row.state is ImportState.FAILED
    assert "层级" in row.fault
    assert line.fault == row.fault_en != row.fault


def test_only_who_may_and_only_once() -> None:
    area, rows = county_rows(1, 1)
    stranger = factories.staff()
    with pytest.raises(NotAllowed):
        upload(PEOPLE, area, workbook(HEADER, *rows), by=stranger)
    row = upload(PEOPLE, area, workbook(HEADER, *rows))
    services.discard_import(import_id=row.pk, kind=PEOPLE, by=None, at=factories.AT)
    assert not ImportRow.objects.exists()
    with pytest.raises(DomainError):
        services.confirm_import(import_id=row.pk, kind=PEOPLE, by=None, at=factories.AT)
