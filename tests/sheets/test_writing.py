"""Workbooks we write: text stays text, numbers are numbers, and our own readers understand our templates."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from jizhi.sheets.claims import ItemName, read_claims
from jizhi.sheets.roster import read_roster
from jizhi.sheets.templates import claims_template, roster_template
from jizhi.sheets.writing import Column, Kind, Table, safe_text, write_table, write_tables

COLUMNS = [
    Column("户编号", Kind.ID),
    Column("户主"),
    Column("积分", Kind.POINTS),
    Column("元", Kind.FEN),
    Column("人口", Kind.INTEGER),
    Column("日期", Kind.DATE),
    Column("时间", Kind.DATETIME),
]
ROW = ["0001", "赵安", 120, 1050, 3, date(2022, 3, 1), datetime(2022, 3, 1, 8, 30)]  # noqa: DTZ001


def written(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data)).worksheets[0]


def test_a_table() -> None:
    sheet = written(write_table("三月积分", COLUMNS, [ROW, [None] * 7]))
    assert sheet["A1"].value == "三月积分"
    assert [cell.value for cell in sheet[2]] == [column.header for column in COLUMNS]
    assert [cell.value for cell in sheet[3]][:5] == ["0001", "赵安", 1.2, 10.5, 3]
    assert [cell.number_format for cell in sheet[3]][:4] == ["@", "@", "#,##0.0", "#,##0.00"]
    assert sheet["F3"].value == datetime(2022, 3, 1)  # noqa: DTZ001
    assert sheet.freeze_panes == "A3"
    assert sheet.auto_filter.ref == "A2:G4"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_text_never_becomes_a_formula(texts: list[str]) -> None:
    dangerous = [*texts, "=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")', "\t=1", "#REF!"]
    sheet = written(write_table("t", [Column("a")], [[text] for text in dangerous]))
    kinds = {sheet.cell(row, 1).data_type for row in range(3, 3 + len(dangerous))}
    assert kinds <= {"s", "n"}  # "n" is an empty cell
    assert sheet.cell(3 + len(texts), 1).value == "=1+1"


@pytest.mark.parametrize(("text", "safe"), [("=1", "'=1"), ("-1", "'-1"), ("赵安", "赵安"), ("", "")])
def test_text_for_csv(text: str, safe: str) -> None:
    assert safe_text(text) == safe


def test_a_row_of_the_wrong_length_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="zip"):
        write_table("t", COLUMNS, [["0001"]])


def test_sheet_names_are_made_legal_and_unique() -> None:
    tables = [Table("积分/公示: 2022年[3月]" * 3, [Column("a")], []) for _ in range(3)]
    names = load_workbook(io.BytesIO(write_tables(tables))).sheetnames
    assert len(set(names)) == 3
    assert all(len(name) <= 31 for name in names)


def test_what_we_export_we_can_import() -> None:
    columns = [
        Column("户编号", Kind.ID),
        Column("户主"),
        Column("户主身份证", Kind.ID),
        Column("人口", Kind.INTEGER),
    ]
    data = write_table(
        "花名册", columns, [["0001", "赵安", "99019919581216668X", 3]], notes=["导出日期：2022年3月1日"]
    )
    [household] = read_roster(data, "a.xlsx").households
    assert (household.no, household.head_id, household.size) == ("0001", "99019919581216668X", 3)


def test_empty_templates_are_read_as_empty() -> None:
    items = [ItemName("volunteer", "志愿服务", ("义务劳动",), "小时")]
    assert read_roster(roster_template(), "a.xlsx").read == 0
    assert read_claims(claims_template(items), "a.xlsx", items).read == 0


def test_filled_templates_are_understood() -> None:
    items = [ItemName("volunteer", "志愿服务", ("义务劳动",), "小时")]
    book = load_workbook(io.BytesIO(claims_template(items)))
    sheet = book["申报"]
    for column, value in enumerate(["2022.3.1", "1", "赵安", "志愿服务", "2小时"], start=1):
        sheet.cell(4, column).value = value
    buffer = io.BytesIO()
    book.save(buffer)
    [claim] = read_claims(buffer.getvalue(), "a.xlsx", items).rows
    assert (claim.household_no, claim.item_id, claim.quantity) == ("0001", "volunteer", 2)
