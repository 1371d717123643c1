"""Tells rows of data from the other rows below a header: totals, notes, signatures, headings, printed repeats.

A row that carries a resident ID number is always data, whatever its words say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jizhi.sheets.headers import Header, repeats_header
from jizhi.sheets.reading import Row, Sheet
from jizhi.sheets.values import clean_text, parse_id_number
from jizhi.sheets.vocabulary import Role

TOTAL = re.compile(
    r".{0,14}(合计|总计|小计|共计|累计|总户数|总人数).{0,24}|(全村|总|共)+\d+(户|人|口|条|次).{0,20}"
)
SIGNATURE = re.compile(
    r"(填[表报写]|制表|审[核批]|负责|经办|登记|统计|录入|核实|复核|打印|村(支部|委会?|民)?书记|主任|网格[员长]|单位|签[字名]|盖章)"
    r".{0,8}[::].*|.{0,6}(签[字名]|盖章)[\d年月日_ ]*"
)
REMARK = re.compile(
    r"[*※★]*(注意?|备注|说明|填[表报]说明|注意事项|要求)[::\d一二三、.,(].*|以下(空白|无正文).*|.{0,4}以下空白.*"
)
EXAMPLE = re.compile(r"\(?(填写)?(示例|样例|例如?)\)?([::].*)?")
SECTION = re.compile(r".{0,12}(网格|村民小组|小?组|片区?)(名单|名册|花名册)?([((].*[))])?")
TITLE = re.compile(r"花名册|名单|登记表|统计表|名册|续表|第\d+页")
SECTION_TAIL = re.compile(r"(名单|名册|花名册)?([((].*[))])?$")
COUNTING = ("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸")


@dataclass(frozen=True, slots=True)
class DataRow:
    row: Row
    section: str  # the heading above it, such as a grid's name


@dataclass(frozen=True, slots=True)
class OtherRow:
    row: Row
    kind: str
    text: str


def split_rows(sheet: Sheet, header: Header) -> Iterator[DataRow | OtherRow]:
    """Every filled row of the sheet, in order, each either data or named as what else it is."""
    section = ""
    for row in sheet.rows:
        if row.number <= header.last_row:
            if row.number < header.first_row:
                yield OtherRow(row, "title", _text(row))
            continue
        kind = kind_of(row, header)
        if kind == "section":
            section = SECTION_TAIL.sub("", _texts(row)[0]).rpartition(":")[2]
        yield DataRow(row, section) if kind == "data" else OtherRow(row, kind, _text(row))


def kind_of(row: Row, header: Header) -> str:
    texts = _texts(row)
    if any(
        parse_id_number(cell).value
        for _, cell in row.own()
        if cell.value is not None and len(cell.shown) >= 15
    ):
        return "data"
    if repeats_header(row, header):
        return "header"
    if any(TOTAL.fullmatch(text) for text in texts[:3]):
        return "total"
    if SIGNATURE.fullmatch(texts[0]):
        return "signature"
    if REMARK.fullmatch(texts[0]):
        return "remark"
    if EXAMPLE.fullmatch(texts[0]):
        return "example"
    if _counts_columns(texts):
        return "column numbers"
    return _kind_of_sparse(row, header, texts)


def _kind_of_sparse(row: Row, header: Header, texts: list[str]) -> str:
    """Rows with hardly anything in them: prepared serial numbers, headings, stray words."""
    useful = {column for role, places in header.columns.items() if role not in IDLE for column in places}
    own = {column for column, _ in row.own()}
    if own and not own & useful:
        return "prepared" if own <= set(header.columns.get(Role.SERIAL, [])) else "remark"
    if len(own) > 1:
        return "data"
    if SECTION.fullmatch(texts[0]) and min(own) not in header.columns.get(Role.GRID, []):
        return "section"
    in_number_column = min(own) in header.columns.get(Role.NO, [])
    is_words = len(texts[0]) > 15 or (in_number_column and not any(char.isdigit() for char in texts[0]))
    return "remark" if is_words or TITLE.search(texts[0]) else "data"


IDLE = (Role.SERIAL, Role.REMARK, Role.IGNORED, Role.POINTS)


def _counts_columns(texts: list[str]) -> bool:
    """The row `1 2 3 4` or `甲 乙 丙` that forms print under their header."""
    plain = [text.strip("()①②") for text in texts]
    numbers = [str(number) for number in range(1, len(plain) + 1)]
    return len(plain) >= 3 and (plain == numbers or tuple(plain) == COUNTING[: len(plain)])


def _texts(row: Row) -> list[str]:
    return ["".join(clean_text(cell.shown).split()) for _, cell in row.own()]


def _text(row: Row) -> str:
    return " ".join(text for text in _texts(row) if text)[:120]
