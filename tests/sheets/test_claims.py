"""Sheets of claims: what the words name is filed, what they might name is asked, what cannot be is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jizhi.sheets.claims import ClaimSheet, ItemName, UnreadableFile, read_claims
from jizhi.sheets.claims.matching import ItemMatcher
from jizhi.sheets.claims.quantities import parse_quantity
from jizhi.sheets.reading.cells import make_cell
from jizhi.sheets.values import Saying
from tests.sheets import villages

ITEMS = [
    ItemName("volunteer", "志愿服务", ("义务劳动",), "小时"),
    ItemName("meeting", "参加村民会议", ("村民大会",), "次"),
    ItemName("litter", "乱扔垃圾", ("乱倒垃圾",), "次"),
    ItemName("mediate", "调解邻里纠纷"),
]
HEADER = ["日期", "户编号", "户主", "申报事项", "数量", "证明人", "备注"]


def read(*rows: list[Any], **options: Any) -> ClaimSheet:
    data = villages.workbook(
        (
            "3月申报",
            [["石桥村积分申报登记表（2022年3月）"], HEADER, *rows, ["合计", None, None, f"{len(rows)}条"]],
        )
    )
    return read_claims(data, "申报.xlsx", ITEMS, **options)


def row(**cells: Any) -> list[Any]:
    base: dict[str, Any] = {
        "日期": "2022年3月8日",
        "户编号": "0120",
        "户主": "郑禾",
        "申报事项": "志愿服务",
        "数量": 2,
    }
    return [(base | cells).get(title) for title in HEADER]


def test_a_plain_row() -> None:
    sheet = read(row(证明人="邻居", 备注="河边"))
    [claim] = sheet.rows
    assert (claim.row, claim.claim_date, claim.household_no, claim.head) == (
        3,
        date(2022, 3, 8),
        "0120",
        "郑禾",
    )
    assert (claim.item_id, claim.quantity, claim.unit) == ("volunteer", Decimal(2), "小时")
    assert (claim.witness, claim.remark, sheet.read) == ("邻居", "河边", 1)
    assert [skipped.kind for skipped in sheet.skipped] == ["title", "total"]


@pytest.mark.parametrize(
    ("words", "item"),
    [
        ("参加志愿服务", "volunteer"),
        ("积极参加志愿服务活动", "volunteer"),
        ("志 愿 服 务", "volunteer"),
        ("义务劳动1次", "volunteer"),
        ("村民会议", "meeting"),
        ("乱倒垃圾", "litter"),
        ("帮助调解邻里纠纷", "mediate"),
    ],
)
def test_words_that_name_an_item(words: str, item: str) -> None:
    found = ItemMatcher(ITEMS).match(words)
    assert found is not None
    assert found.id == item


@pytest.mark.parametrize("words", ["志愿", "垃圾", "会议", "打扫卫生", "调解", "志愿服务和村民会议"])
def test_words_that_only_resemble_an_item_are_asked(words: str) -> None:
    sheet = read(row(申报事项=words))
    assert sheet.rows == []
    [question] = [q for q in sheet.questions if q.kind == "item"]
    assert (question.row, question.column, question.value) == (3, "D 申报事项", words)
    assert question.claim.household_no == "0120"


def test_likely_items_are_offered_first() -> None:
    [question] = [q for q in read(row(申报事项="志愿者服务")).questions if q.kind == "item"]
    assert question.candidates[0] == "volunteer"


def test_an_alias_of_two_items_is_asked() -> None:
    assert ItemMatcher([ItemName("a", "扫地"), ItemName("b", "清扫", ("扫地",))]).match("扫地") is None


@pytest.mark.parametrize(
    ("written", "unit", "value"),
    [
        (2, "次", "2"),
        (1.5, "小时", "1.5"),
        ("2", "", "2"),
        ("2小时", "小时", "2"),
        ("２ 小时", "小时", "2"),
        ("两小时", "小时", "2"),
        ("两个半小时", "小时", "2.5"),
        ("1小时半", "小时", "1.5"),
        ("半小时", "小时", "0.5"),
        ("半个小时", "小时", "0.5"),
        ("90分钟", "小时", "1.5"),
        ("半天", "天", "0.5"),
        ("半天", "半天", "1"),
        ("3天", "半天", "6"),
        ("三次", "次", "3"),
        ("2小时", "", "2"),
        ("2斤", "斤", "2"),
    ],
)
def test_quantities(written: Any, unit: str, value: str) -> None:
    quantity = parse_quantity(make_cell(written), unit)
    assert (quantity.value, quantity.question, quantity.problem) == (Decimal(value), None, None)


@pytest.mark.parametrize(
    ("written", "unit"),
    [("半天", ""), ("半天", "小时"), ("半天", "次"), ("2小时", "次"), ("一些", "次"), ("3斤", "次")],
)
def test_quantities_that_depend_on_custom_are_asked(written: str, unit: str) -> None:
    quantity = parse_quantity(make_cell(written), unit)
    assert quantity.value is None
    assert isinstance(quantity.question, Saying)


def test_a_blank_quantity_is_neither_asked_nor_guessed() -> None:
    [claim] = read(row(数量=None)).rows
    assert claim.quantity is None


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"日期": None}, "A 日期"),
        ({"日期": "2022.2.30"}, "A 日期"),
        ({"日期": "22.3.5"}, "A 日期"),
        ({"日期": "4月5日"}, "A 日期"),
        ({"户编号": None}, "B 户编号"),
        ({"户编号": "9999"}, "B 户编号"),
        ({"申报事项": None}, "D 申报事项"),
        ({"数量": -2}, "E 数量"),
        ({"数量": "=1/0"}, "E 数量"),
    ],
)
def test_refused(cells: dict[str, Any], column: str) -> None:
    sheet = read(row(), row(**cells), heads={"0120": "郑禾"})
    assert len(sheet.rows) == 1
    assert [(r.row, r.column) for r in sheet.refused] == [(4, column)]


def test_a_date_without_year_belongs_to_the_month_of_the_title() -> None:
    sheet = read(row(日期="3月9日"))
    assert sheet.rows[0].claim_date == date(2022, 3, 9)
    assert "2022-3-9" in sheet.understood[0].text


def test_another_head_is_asked() -> None:
    sheet = read(row(), heads={"0120": "孙和"})
    assert [(q.kind, q.candidates) for q in sheet.questions] == [("head", ("0120",))]


def test_a_repeated_row_is_kept_and_noted() -> None:
    sheet = read(row(), row())
    assert len(sheet.rows) == 2
    assert "第3行完全相同" in sheet.understood[0].text


def test_days_to_come_are_refused() -> None:
    assert len(read(row(), on=date(2022, 3, 1)).refused) == 1


def test_a_roster_is_not_a_sheet_of_claims() -> None:
    data = villages.workbook(
        ("a", [villages.HOUSEHOLD_HEADER, *villages.household_rows(villages.make_village(1), 1)])
    )
    with pytest.raises(UnreadableFile):
        read_claims(data, "a.xlsx", ITEMS)
