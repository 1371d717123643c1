"""The store on paper and as workbooks: receipts, redemptions, the shelf with its moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext

from jizhi.core.names import mask_name
from jizhi.people.rules import SubjectKind
from jizhi.prints import forms, pdf
from jizhi.sheets import writing
from jizhi.sheets.writing import Column, Kind, Table
from jizhi.store.selectors import GoodsLine, MoveLine, Receipt
from jizhi.web.desk.exports import files
from jizhi.web.desk.templatetags import desk as words
from jizhi.web.templatetags import jizhi

LOW = 5


def receipt(found: Receipt, *, paper: str) -> HttpResponse:
    """The slip that goes with the goods; the head's name is masked, since slips get lost."""
    village = found.redemption.village
    form = forms.Receipt(
        lang="en" if jizhi.in_english() else "zh",
        code=f"DH-{found.id}",
        issuer=gettext("%(village)s积分超市") % {"village": jizhi.named(village)},
        number=found.number,
        redeemed_at=localtime(found.redeemed_at),
        household_no=words.household_no(found.subject_key),
        head=mask_name(found.subject_label),
        lines=tuple(
            forms.ReceiptLine(
                line.name, str(line.quantity), jizhi.points(line.price), jizhi.points(line.points)
            )
            for line in found.lines
        ),
        points=jizhi.points(found.points),
        balance=jizhi.points(found.balance_after),
        storekeeper=found.redeemed_by,
        paper="a6" if paper == "a6" else "slip",
        person=found.kind is SubjectKind.PERSON,
    )
    return files.print_(f"{gettext('兑换小票')}-{found.number}", pdf.render("receipt", form))


def redemptions(found: Sequence[Receipt], at: dt.datetime) -> HttpResponse:
    """One redeemed article a row."""
    columns = [
        Column(gettext("单号"), Kind.ID, 22), Column(gettext("村（社区）"), Kind.TEXT, 14),
        Column(gettext("类别"), Kind.TEXT, 8),
        Column(gettext("编号"), Kind.ID, 10), Column(gettext("姓名"), Kind.TEXT, 12),
        Column(gettext("物品"), Kind.TEXT, 20), Column(gettext("数量"), Kind.INTEGER, 8),
        Column(gettext("积分"), Kind.POINTS, 10), Column(gettext("领取人"), Kind.TEXT, 12),
        Column(gettext("兑换时间"), Kind.DATETIME, 17), Column(gettext("经办人"), Kind.TEXT, 12),
        Column(gettext("撤销原因"), Kind.TEXT, 24),
    ]  # fmt: skip
    rows = [
        [
            one.number, one.village, jizhi.label(one.kind), words.household_no(one.subject_key), one.subject_label,
            line.name, line.quantity, line.points, one.picked_up_by, localtime(one.redeemed_at), one.redeemed_by,
            one.undone_reason,
        ]
        for one in found
        for line in one.lines
    ]  # fmt: skip
    title = gettext("兑换记录")
    return files.table(title, columns, rows, at)


def goods(
    village: Any, lines: Sequence[GoodsLine], moves: Sequence[MoveLine], at: dt.datetime
) -> HttpResponse:
    """Two sheets: the shelf, and what came and went."""
    shelf = Table(
        gettext("物品"),
        [
            Column(gettext("物品名称"), Kind.TEXT, 22), Column(gettext("计量单位"), Kind.TEXT, 10),
            Column(gettext("兑换所需积分"), Kind.POINTS, 14), Column(gettext("库存"), Kind.INTEGER, 10),
            Column(gettext("状态"), Kind.TEXT, 10),
        ],
        [[one.name, one.unit, one.price, one.stock, _state(one)] for one in lines],
    )  # fmt: skip
    ledger = Table(
        gettext("出入库流水"),
        [
            Column(gettext("时间"), Kind.DATETIME, 17), Column(gettext("物品"), Kind.TEXT, 20),
            Column(gettext("类别"), Kind.TEXT, 12), Column(gettext("数量"), Kind.INTEGER, 8),
            Column(gettext("结存"), Kind.INTEGER, 8), Column(gettext("捐赠方"), Kind.TEXT, 18),
            Column(gettext("备注"), Kind.TEXT, 24), Column(gettext("单号"), Kind.ID, 22),
            Column(gettext("经办人"), Kind.TEXT, 12),
        ],
        [
            [localtime(one.moved_at), one.goods, jizhi.label(one.kind), one.quantity, one.stock_after, one.donor,
             one.note, one.receipt, one.moved_by]
            for one in moves
        ],
    )  # fmt: skip
    name = f"{gettext('积分超市')}-{jizhi.named(village)}-{localdate(at):%Y%m%d}"
    return files.workbook(name, writing.write_tables([shelf, ledger]))


def _state(line: GoodsLine) -> str:
    return gettext("在架") if line.on_sale else gettext("已下架")
