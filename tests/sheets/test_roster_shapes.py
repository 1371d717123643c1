"""The same village in every shape must give the same households, none refused and none lost."""

from __future__ import annotations

import random
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from jizhi.sheets.roster import Roster, UnreadableFile, read_roster
from tests.sheets import villages
from tests.sheets.villages import HOUSEHOLD_HEADER, PERSON_HEADER, Grid, Household

SEEDS = (1, 2, 3)


def check(roster: Roster, village: list[Household], *, members: bool, grids: bool = True) -> None:
    assert roster.refused == []
    found = {h.no: h for h in roster.households}
    assert list(found) == [h.no for h in village]
    for wanted in village:
        household = found[wanted.no]
        assert (household.head, household.head_id) == (wanted.head.name, wanted.head.id_number)
        assert household.size == len(wanted.people)
        assert not grids or household.grid == wanted.grid
        if members:
            read = [(m.name, m.id_number, m.birth_date, m.party) for m in household.members]
            assert read == [(p.name, p.id_number, p.birth, p.party) for p in wanted.people]
            assert household.phone == wanted.head.phone


TITLES: Grid = [
    ["石桥村农户花名册（60户）"],
    ["填表单位：石桥村村委会", None, None, None, "填表日期：2022年3月1日"],
]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("merged", [True, False])
def test_one_row_per_person(seed: int, merged: bool) -> None:
    village = villages.make_village(seed)
    rows = [*TITLES, PERSON_HEADER, *villages.person_rows(village, seed)]
    total = sum(len(h.people) for h in village)
    tail: Grid = [
        ["合计", f"{len(village)}户", None, total],
        [],
        ["填表人：甲", None, None, "审核人：乙"],
        ["注：以上情况属实。"],
    ]
    finish = villages.merge_households(4, (1, 2, 3)) if merged else None
    data = villages.workbook(
        ("花名册", rows if merged else rows + tail), ("填表说明", [["一、请核对。"]]), finish=finish
    )
    roster = read_roster(data, "花名册.xlsx")
    check(roster, village, members=True)
    assert roster.read == total
    assert {s.kind for s in roster.skipped} == (
        {"title", "no table"} if merged else {"title", "total", "signature", "remark", "no table"}
    )


def test_blank_rows_and_printed_headers_between_pages() -> None:
    village = villages.make_village(4)
    rows: Grid = [PERSON_HEADER, ["1", "2", "3", "4", "5", "6", "7", "8", "9"]]
    for number, row in enumerate(villages.person_rows(village, 4, repeat=True)):
        if number % 25 == 24:
            rows += [[], ["石桥村农户花名册（续表）"], PERSON_HEADER]
        rows.append(row)
    check(read_roster(villages.workbook(("a", rows)), "a.xlsx"), village, members=True)


def test_scattered_persons_of_a_household_come_together() -> None:
    village = villages.make_village(5)
    rows = villages.person_rows(village, 5, repeat=True)
    heads = [row for row in rows if row[4] == "户主"]
    others = [row for row in rows if row[4] != "户主"]
    random.Random(5).shuffle(others)
    roster = read_roster(villages.workbook(("a", [PERSON_HEADER, *heads, *others])), "a.xlsx")
    assert roster.refused == []
    sizes = {h.no: h.size for h in roster.households}
    assert sizes == {h.no: len(h.people) for h in village}


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [
        ("utf-8", ","),
        ("utf-8-sig", ";"),
        ("gb18030", ","),
        ("utf-16", "\t"),
        ("utf-16-le", ","),
        ("gb18030", "\t"),
    ],
)
def test_text_tables(encoding: str, separator: str) -> None:
    village = villages.make_village(6)
    rows = [HOUSEHOLD_HEADER, *villages.household_rows(village, 6)]
    data = villages.csv_text(rows, separator).encode(encoding)
    check(read_roster(data, "名单.csv"), village, members=False)
    persons = [*TITLES, PERSON_HEADER, *villages.person_rows(village, 7)]
    check(
        read_roster(villages.csv_text(persons, separator).encode(encoding), "名单.csv"), village, members=True
    )


def test_web_page_saved_as_xls() -> None:
    village = villages.make_village(8)
    rows = [["石桥村"], HOUSEHOLD_HEADER, *villages.household_rows(village, 8)]
    check(read_roster(villages.html_table(rows).encode("gb18030"), "导出.xls"), village, members=False)


@pytest.mark.parametrize("zeros", [True, False])
def test_household_numbers_stored_as_numbers(zeros: bool) -> None:
    village = villages.make_village(9)
    rows = villages.household_rows(village, 9)
    for row in rows:
        row[1] = int(row[1])

    def finish(sheet: Worksheet) -> None:
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, 2).number_format = "0000" if zeros else "General"

    data = villages.workbook(("a", [HOUSEHOLD_HEADER, *rows]), finish=finish)
    roster = read_roster(data, "a.xlsx")
    check(roster, village, members=False)
    assert any("0001" in note.text for note in roster.understood) is not zeros


HEADERS: list[list[str]] = [
    [
        "序 号",
        "户　编　号",
        "户 主 姓 名",
        "公民身份号码",
        "联系电话",
        "家庭人口数（人）",
        "所属网格",
        "住址",
    ],
    ["No.", "编号", "姓名", "身份证号码(18位)", "手机号码", "人口", "网格名称", "家庭住址"],
    ["序号", "农户编号*", "户主\n姓名", "户主身份证号", "电话", "家庭\n人口", "网  格", "现住址"],
    ["序号", "户号", "户主", "身份证", "联系方式", "户内人口数", "所在网格", "门牌号"],
]


@pytest.mark.parametrize("header", HEADERS)
def test_header_words(header: list[str]) -> None:
    village = villages.make_village(10)
    rows = [["石桥村户主名单"], [], header, *villages.household_rows(village, 10)]
    check(read_roster(villages.workbook(("a", rows)), "a.xlsx"), village, members=False)


def _two_rows(sheet: Worksheet) -> None:
    for area in ("A2:A3", "B2:D2", "E2:I2", "A1:I1"):
        sheet.merge_cells(area)


def test_two_row_header() -> None:
    village = villages.make_village(11)
    upper = ["户编号", "户信息", None, None, "家庭成员信息", None, None, None, None]
    lower = [None, "网格", "户主姓名", "姓名", "与户主关系", "身份证号", "出生年月", "电话", "政治面貌"]
    rows = [["花名册"], upper, lower, *villages.person_rows(village, 11)]
    check(read_roster(villages.workbook(("a", rows), finish=_two_rows), "a.xlsx"), village, members=True)


@pytest.mark.parametrize("merged", [True, False])
def test_two_row_header_that_tells_head_from_household(merged: bool) -> None:
    village = villages.make_village(12)
    upper = ["序号", "户号", "户主信息", None, None, "家庭人口", "网格", "住址"]
    lower = [None, None, "姓名", "身份证号", "联系电话", None, None, None]
    rows = [upper, lower, *villages.household_rows(village, 12)]

    def finish(sheet: Worksheet) -> None:
        if merged:
            for area in ("A1:A2", "B1:B2", "C1:E1", "F1:F2", "G1:G2", "H1:H2"):
                sheet.merge_cells(area)

    roster = read_roster(villages.workbook(("a", rows), finish=finish), "a.xlsx")
    check(roster, village, members=False)


def test_a_sheet_per_grid() -> None:
    village = villages.make_village(13)
    header = [title for title in HOUSEHOLD_HEADER if title != "网格"]
    sheets = []
    for grid in villages.GRIDS:
        part = villages.household_rows([h for h in village if h.grid == grid], 13)
        sheets.append(
            (grid, [["石桥村"], header, *([*row[:6], row[7]] for row in part), ["小计", len(part)]])
        )
    roster = read_roster(villages.workbook(*sheets), "a.xlsx")
    check(roster, village, members=False)
    assert roster.grids == list(villages.GRIDS)


def test_grids_as_headings_between_the_rows() -> None:
    village = villages.make_village(14)
    rows: Grid = [["户编号", "户主", "户主身份证", "人口"]]
    for grid in villages.GRIDS:
        rows.append([f"{grid}（20户）" if grid == "第二网格" else grid])
        part = [h for h in village if h.grid == grid]
        rows += [[h.no, h.head.name, h.head.id_number, len(h.people)] for h in part]
        rows.append([f"{grid}小计", len(part), None, sum(len(h.people) for h in part)])
    check(read_roster(villages.workbook(("a", rows)), "a.xlsx"), village, members=False)


def test_grid_written_once_per_grid() -> None:
    village = villages.make_village(15)
    rows = villages.household_rows(village, 15)
    seen: set[Any] = set()
    for row in rows:
        row[6] = None if row[6] in seen else (seen.add(row[6]) or row[6])  # type: ignore[func-returns-value]
    check(read_roster(villages.workbook(("a", [HOUSEHOLD_HEADER, *rows])), "a.xlsx"), village, members=False)


def test_households_and_persons_on_two_sheets_are_joined() -> None:
    village = villages.make_village(16)
    persons = ("成员", [PERSON_HEADER, *villages.person_rows(village, 16)])
    households = ("户主", [HOUSEHOLD_HEADER, *villages.household_rows(village, 16)])
    roster = read_roster(villages.workbook(persons, households), "a.xlsx")
    check(roster, village, members=True)
    assert roster.households[0].address == "1号"


def test_hidden_rows_are_read_and_hidden_sheets_are_not() -> None:
    village = villages.make_village(17)

    def finish(sheet: Worksheet) -> None:
        sheet.row_dimensions[5].hidden = True
        if sheet.title == "旧":
            sheet.sheet_state = "hidden"

    rows = [HOUSEHOLD_HEADER, *villages.household_rows(village, 17)]
    roster = read_roster(villages.workbook(("新", rows), ("旧", rows), finish=finish), "a.xlsx")
    check(roster, village, members=False)
    assert [s.kind for s in roster.skipped] == ["hidden sheet"]


def test_no_head_column_numbers_once_per_household() -> None:
    village = villages.make_village(18)
    rows: Grid = [["户编号", "姓名", "身份证号"]]
    for household in village:
        for index, person in enumerate(household.people):
            rows.append([household.no if index == 0 else None, person.name, person.id_number])
    roster = read_roster(villages.workbook(("a", rows)), "a.xlsx")
    check(roster, village, members=False, grids=False)


def test_persons_without_head_column_are_headed_by_relation() -> None:
    village = villages.make_village(19)
    rows = [row[:2] + row[3:] for row in villages.person_rows(village, 19)]
    header = [title for title in PERSON_HEADER if title != "户主"]
    check(read_roster(villages.workbook(("a", [header, *rows])), "a.xlsx"), village, members=True)


def test_grid_spellings_are_one_grid() -> None:
    village = villages.make_village(20)
    rows = villages.household_rows(village, 20)
    for row, spelling in zip(rows, ["第1网格", "一网格", "第一 网格", "第１网格"], strict=False):
        row[6] = spelling
    check(read_roster(villages.workbook(("a", [HOUSEHOLD_HEADER, *rows])), "a.xlsx"), village, members=False)


def test_two_tables_side_by_side() -> None:
    village = villages.make_village(21)
    half = len(village) // 2
    header = ["序号", "户号", "户主", "户主身份证", "人口"]

    def cells(household: Household, number: int) -> list[Any]:
        return [number, household.no, household.head.name, household.head.id_number, len(household.people)]

    rows: Grid = [["石桥村户主名单"], header + header]
    for number in range(half):
        rows.append(cells(village[number], number + 1) + cells(village[number + half], number + half + 1))
    rows.append(["合计", half, None, None, None, "合计", half])
    roster = read_roster(villages.workbook(("a", rows)), "a.xlsx")
    assert roster.refused == []
    assert roster.read == len(village)
    sizes = {h.no: (h.head, h.size) for h in roster.households}
    assert sizes == {h.no: (h.head.name, len(h.people)) for h in village}


def test_tables_one_below_the_other_with_other_columns() -> None:
    village = villages.make_village(22)
    rows: Grid = []
    for grid, order in zip(villages.GRIDS, [(0, 1, 2, 3), (3, 1, 0, 2), (1, 2, 3, 0)], strict=True):
        header = ["户编号", "户主姓名", "身份证号", "家庭人口"]
        rows += [["石桥村花名册"], [grid], [header[i] for i in order]]
        for h in (h for h in village if h.grid == grid):
            facts = [h.no, h.head.name, h.head.id_number, len(h.people)]
            rows.append([facts[i] for i in order])
        rows.append([])
    check(read_roster(villages.workbook(("a", rows)), "a.xlsx"), village, members=False)


def test_members_in_columns_of_their_own() -> None:
    village = villages.make_village(23)
    groups = [f"成员{n}{what}" for n in range(1, 6) for what in ("姓名", "身份证号", "与户主关系")]
    rows: Grid = [["户编号", "网格", "户主姓名", "户主身份证号", "电话", *groups]]
    for h in village:
        others = [value for p in h.people[1:] for value in (p.name, p.id_number, p.relation)]
        rows.append([h.no, h.grid, h.head.name, h.head.id_number, h.head.phone, *others])
    roster = read_roster(villages.workbook(("a", rows)), "a.xlsx")
    assert roster.refused == []
    assert roster.read == len(village)
    for household, wanted in zip(roster.households, village, strict=True):
        assert (household.head, household.head_id) == (wanted.head.name, wanted.head.id_number)
        assert [m.id_number for m in household.members] == [p.id_number for p in wanted.people]


def test_members_listed_in_one_cell() -> None:
    village = villages.make_village(24)
    rows: Grid = [["户编号", "网格", "户主姓名", "户主身份证号", "家庭人口", "家庭成员"]]
    for h in village:
        names = "、".join(p.name for p in h.people)
        rows.append([h.no, h.grid, h.head.name, h.head.id_number, len(h.people), names])
    roster = read_roster(villages.workbook(("a", rows)), "a.xlsx")
    check(roster, village, members=False)
    assert [[m.name for m in h.members] for h in roster.households] == [
        [p.name for p in h.people] for h in village
    ]


def test_serial_numbers_of_persons_are_not_household_numbers() -> None:
    rows = villages.person_rows(villages.make_village(25), 25, repeat=True)
    serials = [[number, *row[1:]] for number, row in enumerate(rows, start=1)]
    data = villages.workbook(("a", [["序号", *PERSON_HEADER[1:]], *serials]))
    with pytest.raises(UnreadableFile, match="户编号"):
        read_roster(data, "a.xlsx")
