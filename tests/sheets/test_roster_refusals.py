"""What a careful clerk would send back: each problem with sheet, row, column, value and reason; the rest imports."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from jizhi.sheets.reading import UnreadableFile
from jizhi.sheets.roster import Roster, read_roster
from tests.sheets import villages
from tests.sheets.villages import HOUSEHOLD_HEADER, PERSON_HEADER, Grid

GOOD = [1, "0001", "赵安", villages.make_id(date(1970, 5, 6), 11), "19901990001", 3, "第一网格", "1号"]
COLUMNS = dict(zip(HOUSEHOLD_HEADER, range(8), strict=True))


def read_households(*rows: list[Any], known: list[str] | None = None) -> Roster:
    return read_roster(villages.workbook(("Sheet1", [HOUSEHOLD_HEADER, *rows])), "a.xlsx", known)


def changed(**cells: Any) -> list[Any]:
    row = [2, "0002", "钱柏", villages.make_id(date(1980, 1, 2), 12), "19901990002", 2, "第一网格", "2号"]
    for header, value in cells.items():
        row[COLUMNS[header]] = value
    return row


@pytest.mark.parametrize(
    ("header", "value", "shown", "word"),
    [
        ("户号", None, "", "缺少户编号"),
        ("户主姓名", None, "", "缺少户主姓名"),
        ("户主姓名", "赵安、钱柏", "赵安、钱柏", "多个姓名"),
        ("户主姓名", "赵?", "赵?", "缺字"),
        ("户主姓名", 123, "123", "数字"),
        ("户主姓名", "赵" * 60, "赵" * 60, "太长"),
        ("户主身份证", 990199198001020120, "9.90199E+17", "丢失"),
        ("户主身份证", "9.90199E+17", "9.90199E+17", "丢失"),
        ("户主身份证", "990199198001020000", "990199198001020000", "丢失"),
        ("户主身份证", "990199198001020121", "990199198001020121", "校验位"),
        ("户主身份证", "99019919800102012", "99019919800102012", "17位"),
        ("户主身份证", "990199********0124", "990199********0124", "遮盖"),
        ("户主身份证", "#REF!", "#REF!", "#REF!"),
        ("户主身份证", "=A2&B2", "=A2&B2", "公式没有计算结果"),
        ("手机号", "123", "123", "电话"),
        ("手机号", "1.99E+10", "1.99E+10", "电话"),
        ("家庭人口数", "两口", "两口", "数字"),
        ("家庭人口数", 0, "0", "不合理"),
        ("家庭人口数", 2.5, "2.5", "不合理"),
        ("家庭人口数", 990, "990", "不合理"),
        ("网格", "无此网格", "无此网格", "没有"),
        ("网格", "#N/A", "#N/A", "#N/A"),
        ("家庭住址", "长" * 300, "长" * 300, "太长"),
    ],
)
def test_one_bad_cell_refuses_its_row_only(header: str, value: Any, shown: str, word: str) -> None:
    roster = read_households(GOOD, changed(**{header: value}))
    assert [h.no for h in roster.households] == ["0001"]
    assert roster.read == 2
    [refusal] = roster.refused
    letter = "ABCDEFGH"[COLUMNS[header]]
    assert (refusal.sheet, refusal.row, refusal.column, refusal.value) == (
        "Sheet1",
        3,
        f"{letter} {header}",
        shown,
    )
    assert word in refusal.reason
    assert refusal.reason_en.isprintable()
    assert len(refusal.reason_en) > 8


def test_each_problem_of_a_row_is_reported() -> None:
    row = changed(户主身份证=990199194110158000, 手机号="123", 家庭人口数="两口", 网格="无此网格")
    roster = read_households(GOOD, row)
    assert [r.column for r in roster.refused] == ["D 户主身份证", "E 手机号", "F 家庭人口数", "G 网格"]
    assert roster.refused_rows == [("Sheet1", 3)]


def test_same_household_twice() -> None:
    repeated, other = list(GOOD), list(GOOD)
    repeated[0], other[2] = None, "孙和"
    roster = read_households(GOOD, repeated, other)
    assert len(roster.households) == 1
    assert [(r.row, r.column, r.value) for r in roster.refused] == [
        (3, "B 户号", "0001"),
        (4, "B 户号", "0001"),
    ]
    assert "相同" in roster.refused[0].reason
    assert "内容不同" in roster.refused[1].reason


def test_a_refused_row_does_not_reserve_its_number() -> None:
    roster = read_households(changed(手机号="1"), changed())
    assert [h.row for h in roster.households] == [3]
    assert roster.refused_rows == [("Sheet1", 2)]


def test_one_person_heads_one_household() -> None:
    roster = read_households(GOOD, changed(户主身份证=GOOD[3]))
    [refusal] = roster.refused
    assert (refusal.row, refusal.column) == (3, "D 户主身份证")
    assert "0001" in refusal.reason


def test_blank_cells_are_not_mistakes() -> None:
    roster = read_households(changed(户主身份证=None, 手机号="无", 家庭人口数=None, 网格=None, 家庭住址="/"))
    assert roster.refused == []
    [household] = roster.households
    assert (household.head_id, household.phone, household.size, household.grid) == ("", "", 1, "")
    assert "没有填人口数" in roster.understood[0].text


KNOWN = ["第一网格", "第二网格"]


@pytest.mark.parametrize(
    ("known", "grid", "households", "accepted"),
    [
        (None, "第九网格", 1, False),  # one household where the others have twenty
        (None, "第九网格", 6, True),  # a grid of its own
        (KNOWN, "第九网格", 1, False),
        (KNOWN, "第9网格", 3, False),
        (KNOWN, "第九网格", 6, True),  # new, and borne out by the file: the import creates it
        (["第九网格", "第一网格"], "9网格", 1, True),
        (["东网格"], "第九网格", 6, True),  # none of the village's grids occur: the file is the evidence
    ],
)
def test_which_grids_are_believed(
    known: list[str] | None, grid: str, households: int, accepted: bool
) -> None:
    village = villages.make_village(30)
    rows = villages.household_rows(village, 30)
    for row in rows[:households]:
        row[6] = grid
    roster = read_households(*rows, known=known)
    assert len(roster.refused) == (0 if accepted else households)
    if accepted:
        assert roster.households[0].grid == "第九网格"


# --- one row per person ---


def read_persons(*rows: list[Any], finish: Any = None) -> Roster:
    return read_roster(villages.workbook(("名册", [PERSON_HEADER, *rows]), finish=finish), "a.xlsx")


def person(no: str | None, name: str, relation: str, sequence: int, *, head: str | None = None) -> list[Any]:
    number = villages.make_id(date(1960, 1, 1), sequence)
    return [no, "第一网格" if no else None, head, name, relation, number, "1960.1.1", None, None]


HEAD, WIFE, SON = (
    person("0001", "赵安", "户主", 11, head="赵安"),
    person(None, "钱柏", "配偶", 12),
    person(None, "赵丰", "子", 13),
)


def test_a_bad_member_is_refused_and_the_household_stays() -> None:
    bad = [*WIFE[:5], WIFE[5][:17] + "?", *WIFE[6:]]
    roster = read_persons(HEAD, bad, SON)
    [household] = roster.households
    assert (household.size, [m.name for m in household.members]) == (2, ["赵安", "赵丰"])
    assert roster.refused_rows == [("名册", 3)]


def test_a_household_without_usable_rows_does_not_exist() -> None:
    roster = read_persons(HEAD, person("X20", "甲乙", "户主", 11, head="甲乙"))
    assert [h.no for h in roster.households] == ["0001"]
    assert "0001" in roster.refused[0].reason


def test_the_head_may_be_missing_among_the_members() -> None:
    roster = read_persons([*HEAD[:2], "周竹石", "孙和", "子", *HEAD[5:]], WIFE)
    [household] = roster.households
    assert (household.head, household.head_id, household.size) == ("周竹石", "", 2)
    assert any("户主不在" in note.text for note in roster.understood)


def test_no_head_at_all_refuses_every_row_of_the_household() -> None:
    roster = read_persons(HEAD, person("0002", "孙和", "子", 14), person(None, "孙乐", "女", 15))
    assert [h.no for h in roster.households] == ["0001"]
    assert roster.refused_rows == [("名册", 3), ("名册", 4)]
    assert {r.reason for r in roster.refused} == {"缺少户主姓名"}


def test_a_second_head_without_a_number_is_not_swallowed_by_the_household_above() -> None:
    roster = read_persons(
        HEAD, WIFE, person(None, "孙和", "户主", 14, head="孙和"), person(None, "孙乐", "女", 15)
    )
    assert [(h.no, h.size) for h in roster.households] == [("0001", 2)]
    assert [(r.row, r.column) for r in roster.refused] == [(4, "A 户编号"), (5, "A 户编号")]


def test_household_repeated_and_household_number_reused() -> None:
    again = read_persons(HEAD, WIFE, HEAD, WIFE)
    assert [(r.row, r.column) for r in again.refused] == [(4, "F 身份证号码"), (5, "F 身份证号码")]
    assert again.households[0].size == 2
    reused = read_persons(
        HEAD, WIFE, person("0001", "孙和", "户主", 14, head="孙和"), person(None, "孙乐", "女", 15)
    )
    assert reused.refused_rows == [("名册", 4), ("名册", 5)]
    assert all("户主是 赵安" in r.reason for r in reused.refused)


def test_one_person_in_two_households() -> None:
    roster = read_persons(
        HEAD, WIFE, person("0002", "孙和", "户主", 14, head="孙和"), person(None, "钱柏", "女", 12)
    )
    [refusal] = roster.refused
    assert (refusal.row, refusal.column) == (5, "F 身份证号码")
    assert "0001户 钱柏" in refusal.reason


@pytest.mark.parametrize(
    ("birth", "accepted"),
    [
        ("1960年1月", True),
        ("1960", True),
        (None, True),
        ("1960.1.2", False),
        ("60.1.1", False),
        ("1960.13.1", False),
    ],
)
def test_birth_dates_agree_with_the_number(birth: str | None, accepted: bool) -> None:
    roster = read_persons([*HEAD[:6], birth, None, None])
    assert bool(roster.households) is accepted
    if accepted:
        assert roster.households[0].members[0].birth_date == date(1960, 1, 1)
    else:
        assert roster.refused[0].column == "G 出生日期"


def test_born_after_today() -> None:
    data = villages.workbook(("a", [PERSON_HEADER, [*HEAD[:5], None, "2030.1.1", None, None]]))
    assert "今天以后" in read_roster(data, "a.xlsx", on=date(2026, 1, 1)).refused[0].reason


def test_declared_size_stands_and_a_difference_is_noted() -> None:
    rows: Grid = [
        ["户编号", "户主", "人口", "姓名", "与户主关系"],
        ["1", "赵安", 3, "赵安", "户主"],
        [None, None, None, "钱柏", "妻"],
    ]
    roster = read_roster(villages.workbook(("a", rows)), "a.xlsx")
    assert roster.households[0].size == 3
    assert any("填3人，读到2人" in note.text for note in roster.understood)


def test_minority_names_keep_their_dot() -> None:
    roster = read_households(changed(户主姓名="阿依古丽 • 买买提"))
    assert roster.households[0].head == "阿依古丽·买买提"


def test_formula_with_stored_result_is_read() -> None:
    # openpyxl stores no results; without one the cell is refused, never taken for blank.
    def finish(sheet: Worksheet) -> None:
        sheet["F2"] = "=1+2"

    data = villages.workbook(("a", [HOUSEHOLD_HEADER, GOOD]), finish=finish)
    assert read_roster(data, "a.xlsx").refused[0].value == "=1+2"


@pytest.mark.parametrize(
    "rows",
    [
        [["甲", "乙"], [1, 2]],
        [["户主", "电话"], ["赵安", "1"]],
        [["日期", "户编号", "户主", "申报事项"], ["2022.3.1", "0001", "赵安", "志愿服务"]],
        [["赵安", GOOD[3], "0001"]],
    ],
)
def test_not_a_roster(rows: Grid) -> None:
    with pytest.raises(UnreadableFile):
        read_roster(villages.workbook(("a", rows)), "a.xlsx")


def test_a_sheet_of_persons_without_header_beside_a_good_one_is_refused_not_ignored() -> None:
    data = villages.workbook(("好", [HOUSEHOLD_HEADER, GOOD]), ("无表头", [["0002", "钱柏", changed()[3]]]))
    roster = read_roster(data, "a.xlsx")
    assert len(roster.households) == 1
    assert (roster.refused[0].sheet, roster.refused[0].row) == ("无表头", 1)
