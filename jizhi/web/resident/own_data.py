"""Everything kept about a household, for itself to take along: as a workbook and as JSON, from the same tables.

Numbers of persons stay masked, since a card and its PIN may be in any member's hand; the village shows them in person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext

from jizhi.claims import selectors as claims
from jizhi.core.points import format_points
from jizhi.ledger import selectors as ledger
from jizhi.notices import selectors as notices
from jizhi.people import selectors as people
from jizhi.settlement import selectors as settlement
from jizhi.sheets import writing
from jizhi.sheets.writing import Kind
from jizhi.store import selectors as store
from jizhi.visits import selectors as visits
from jizhi.web import booking
from jizhi.web.templatetags.claiming import amount
from jizhi.web.templatetags.jizhi import label, say

ALL = 1_000_000


@dataclass(frozen=True)
class Sheet:
    """One table: (key, title, kind) of each column, and its rows."""

    key: str
    title: str
    columns: Sequence[tuple[str, str, Kind]]
    rows: Iterable[Sequence[Any]]


def sheets(user: Any, household: Any, on: dt.date) -> list[Sheet]:
    """All tables about the household."""
    subject = household.subject
    return [
        _members(people.household_page(user, household.pk, on)),
        _claims(claims.claims_of_subject(subject.pk)),
        _entries(claims.entry_rows(ledger.entries_of_subject(subject.pk))),
        _wallet(ledger.wallet_of(subject.pk, moves=ALL)),
        _periods(settlement.periods_of_subject(subject.pk)),
        _objections(notices.objections_of_subject(subject.pk)),
        _receipts(store.receipts_of_subject(subject.pk, limit=ALL)),
        _messages(people.inbox(subject.pk, limit=ALL)),
        _book(visits.book_page(user, household, at=_noon(on))),
        _visits(visits.visits_of_household(household, limit=ALL)),
    ]


def _members(page: people.HouseholdDetail) -> Sheet:
    columns = [
        ("name", gettext("姓名"), Kind.TEXT),
        ("relation", gettext("与户主关系"), Kind.TEXT),
        ("id_number", gettext("证件号码（部分隐去）"), Kind.ID),
        ("phone", gettext("电话（部分隐去）"), Kind.ID),
        ("birth_date", gettext("出生日期"), Kind.DATE),
        ("from_date", gettext("登记日期"), Kind.DATE),
        ("to_date", gettext("转出日期"), Kind.DATE),
    ]
    rows = [
        (m.name, m.relation, m.id_number, m.phone, m.birth_date, m.from_date, m.to_date)
        for m in (*page.members, *page.former_members)
    ]
    return Sheet("members", gettext("家庭成员"), columns, rows)


def _claims(lines: list[claims.ClaimLine]) -> Sheet:
    columns = [
        ("no", gettext("编号"), Kind.INTEGER),
        ("item", gettext("事项"), Kind.TEXT),
        ("act_date", gettext("日期"), Kind.DATE),
        ("amount", gettext("数量或档次"), Kind.TEXT),
        ("channel", gettext("来源"), Kind.TEXT),
        ("state", gettext("状态"), Kind.TEXT),
        ("filed_at", gettext("申报时间"), Kind.DATETIME),
        ("words", gettext("补充说明"), Kind.TEXT),
        ("note", gettext("办理意见"), Kind.TEXT),
    ]
    rows = [
        (
            line.id, say(line.item.title), line.act_date, amount(line), label(line.channel), label(line.state),
            line.filed_at, line.words, line.note,
        )
        for line in lines
    ]  # fmt: skip
    return Sheet("claims", gettext("申报"), columns, rows)


def _entries(rows: list[claims.EntryRow]) -> Sheet:
    columns = [
        ("no", gettext("编号"), Kind.INTEGER),
        ("item", gettext("事项"), Kind.TEXT),
        ("act_date", gettext("日期"), Kind.DATE),
        ("cause", gettext("记分原因"), Kind.TEXT),
        ("points", gettext("积分"), Kind.POINTS),
        ("held_back", gettext("超上限未计"), Kind.POINTS),
        ("limit", gettext("所及上限"), Kind.TEXT),
        ("posted_at", gettext("记入时间"), Kind.DATETIME),
        ("reason", gettext("说明"), Kind.TEXT),
    ]
    values = [
        (
            row.line.id, say(row.item.title), row.line.act_date, label(row.line.cause), row.line.points,
            row.line.held_back, say(row.limit), row.line.posted_at, row.line.reason,
        )
        for row in rows
    ]  # fmt: skip
    return Sheet("entries", gettext("积分明细"), columns, values)


def _wallet(wallet: ledger.Wallet) -> Sheet:
    columns = [
        ("reason", gettext("原因"), Kind.TEXT),
        ("points", gettext("积分"), Kind.POINTS),
        ("made_at", gettext("时间"), Kind.DATETIME),
    ]
    rows = [(label(move.reason), move.points, move.made_at) for move in wallet.moves]
    return Sheet("wallet", gettext("可兑换积分"), columns, rows)


def _periods(lines: list[settlement.SubjectPeriod]) -> Sheet:
    columns = [
        ("period", gettext("周期"), Kind.TEXT),
        ("base", gettext("基础分"), Kind.POINTS),
        ("awarded", gettext("计分"), Kind.POINTS),
        ("total", gettext("总分"), Kind.POINTS),
        ("level", gettext("等级"), Kind.TEXT),
    ]
    rows = [(line.period, line.base, line.awarded, line.total, line.level) for line in lines]
    return Sheet("periods", gettext("结算"), columns, rows)


def _objections(lines: list[notices.ObjectionLine]) -> Sheet:
    columns = [
        ("period", gettext("公示月份"), Kind.TEXT),
        ("item", gettext("事项"), Kind.TEXT),
        ("grounds", gettext("理由"), Kind.TEXT),
        ("state", gettext("状态"), Kind.TEXT),
        ("filed_at", gettext("提出时间"), Kind.DATETIME),
        ("answer", gettext("答复"), Kind.TEXT),
        ("answered_at", gettext("答复时间"), Kind.DATETIME),
    ]
    rows = [
        (
            line.period,
            line.item_title,
            line.grounds,
            label(line.state),
            line.filed_at,
            line.answer,
            line.answered_at,
        )
        for line in lines
    ]
    return Sheet("objections", gettext("异议"), columns, rows)


def _receipts(receipts: list[store.Receipt]) -> Sheet:
    columns = [
        ("number", gettext("单号"), Kind.TEXT),
        ("goods", gettext("物品"), Kind.TEXT),
        ("quantity", gettext("数量"), Kind.INTEGER),
        ("points", gettext("积分"), Kind.POINTS),
        ("redeemed_at", gettext("兑换时间"), Kind.DATETIME),
        ("undone_at", gettext("撤销时间"), Kind.DATETIME),
    ]
    rows = [
        (one.number, line.name, line.quantity, line.points, one.redeemed_at, one.undone_at)
        for one in receipts
        for line in one.lines
    ]
    return Sheet("redemptions", gettext("兑换"), columns, rows)


def _messages(lines: Sequence[people.MessageLine]) -> Sheet:
    columns = [
        ("title", gettext("标题"), Kind.TEXT),
        ("body", gettext("内容"), Kind.TEXT),
        ("created_at", gettext("时间"), Kind.DATETIME),
    ]
    return Sheet("messages", gettext("消息"), columns, [(m.title, m.body, m.created_at) for m in lines])


def _noon(on: dt.date) -> dt.datetime:
    return dt.datetime.combine(on, dt.time(12), get_default_timezone())


def _book(page: visits.BookPage) -> Sheet:
    columns = [
        ("section", gettext("分类"), Kind.TEXT),
        ("field", gettext("项目"), Kind.TEXT),
        ("value", gettext("内容"), Kind.TEXT),
    ]
    rows = [
        (heading, title, value) for heading, lines in booking.sections_said(page) for title, value in lines
    ]
    rows += [(gettext("走访类别"), say(one.title), gettext("是")) for one in page.classes]
    return Sheet("book", gettext("一户一册"), columns, rows)


def _visits(lines: Sequence[visits.VisitLine]) -> Sheet:
    columns = [
        ("visited_at", gettext("时间"), Kind.DATETIME),
        ("how", gettext("走访方式"), Kind.TEXT),
        ("topics", gettext("谈了什么"), Kind.TEXT),
        ("note", gettext("备注"), Kind.TEXT),
        ("by", gettext("走访人"), Kind.TEXT),
    ]
    rows = [
        (
            one.visited_at,
            label(one.how),
            "、".join(label(topic) for topic in one.topics),
            one.note,
            one.by_name,
        )
        for one in lines
    ]
    return Sheet("visits", gettext("来访记录"), columns, rows)


def workbook(user: Any, household: Any, on: dt.date) -> bytes:
    """All tables, one sheet each."""
    notes = [f"{household.village.name} {household.no} {household.head_name} · {on.isoformat()}"]
    return writing.write_tables(
        [
            writing.Table(
                sheet.title,
                [writing.Column(title, kind, _width(kind)) for _key, title, kind in sheet.columns],
                [[_cell(value) for value in row] for row in sheet.rows],
                notes,
            )
            for sheet in sheets(user, household, on)
        ]
    )


def _width(kind: Kind) -> float:
    return 22 if kind in (Kind.TEXT, Kind.ID, Kind.DATETIME) else 13


def _cell(value: Any) -> Any:
    return localtime(value).replace(tzinfo=None) if isinstance(value, dt.datetime) else value


def collected(user: Any, household: Any, on: dt.date) -> dict[str, Any]:
    """All tables as JSON values; points as decimal text."""
    found: dict[str, Any] = {
        "household": {
            "no": household.no,
            "head": household.head_name,
            "village": household.village.name,
            "grid": household.area.name,
            "address": household.address,
            "size": household.subject.size,
        },
        "as_of": on.isoformat(),
    }
    for sheet in sheets(user, household, on):
        keys = [(key, kind) for key, _title, kind in sheet.columns]
        found[sheet.key] = [
            {key: _plain(value, kind) for (key, kind), value in zip(keys, row, strict=True)}
            for row in sheet.rows
        ]
    return found


def _plain(value: Any, kind: Kind) -> Any:
    if kind is Kind.POINTS and value is not None:
        return format_points(value, places=2)
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
