"""The empty workbooks handed out for filling in: what they ask for is what the readers understand.

Only the sheets are made here; who may take one is decided by the caller.
"""

from __future__ import annotations

from collections.abc import Sequence

from jizhi.sheets.claims.records import ItemName
from jizhi.sheets.writing import Column, Kind, Table, Value, write_tables

EMPTY_ROWS = 60
ROSTER_COLUMNS = (
    Column("户编号", Kind.ID, 10),
    Column("所属网格", Kind.TEXT, 14),
    Column("户主", Kind.TEXT, 12),
    Column("姓名", Kind.TEXT, 12),
    Column("与户主关系", Kind.TEXT, 12),
    Column("身份证号码", Kind.ID, 24),
    Column("性别", Kind.TEXT, 8),
    Column("出生日期", Kind.TEXT, 14),
    Column("联系电话", Kind.ID, 16),
    Column("居住类型", Kind.TEXT, 10),
    Column("户籍地", Kind.TEXT, 18),
    Column("是否党员", Kind.TEXT, 10),
    Column("党员类别", Kind.TEXT, 10),
    Column("家庭住址", Kind.TEXT, 26),
)
ROSTER_NOTES = (
    "每人一行；同一户的各行填同一个户编号，户主一行“与户主关系”填“户主”。",
    "居住类型填常住、外出、流入、租住或空挂户；党员类别填A至F，不填不改。",
    "户编号、身份证号码、联系电话各列已设为文本，请不要改成数字。",
)
CLAIM_COLUMNS = (
    Column("日期", Kind.TEXT, 14),
    Column("户编号", Kind.ID, 10),
    Column("户主", Kind.TEXT, 12),
    Column("申报事项", Kind.TEXT, 26),
    Column("数量", Kind.TEXT, 10),
    Column("证明人", Kind.TEXT, 12),
    Column("备注", Kind.TEXT, 24),
)
CLAIM_NOTES = ("申报事项按“可申报事项”表里的名称填写；数量填数字，如 2 或 2小时。",)


def roster_template() -> bytes:
    return write_tables([Table("农户花名册", ROSTER_COLUMNS, _empty(ROSTER_COLUMNS), ROSTER_NOTES, "花名册")])


def claims_template(items: Sequence[ItemName]) -> bytes:
    names = (Column("名称", Kind.TEXT, 30), Column("又叫", Kind.TEXT, 50), Column("计量", Kind.TEXT, 10))
    listed = [(item.title, "、".join(item.aliases), item.unit) for item in items]
    return write_tables(
        [
            Table("积分申报登记表", CLAIM_COLUMNS, _empty(CLAIM_COLUMNS), CLAIM_NOTES, "申报"),
            Table("可申报的事", names, listed, (), "可申报事项"),
        ]
    )


def _empty(columns: Sequence[Column]) -> list[Sequence[Value]]:
    return [[None] * len(columns) for _ in range(EMPTY_ROWS)]
