"""Notices in words for every audience: the sentence above and the content as tables.

The same tables go on the page, on the sheet and into the workbook, so that none can say anything else. A month's
households have a layout of their own; everything beside them is a table here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext, ngettext

from jizhi.core.text import N_
from jizhi.notices import selectors
from jizhi.notices.rules import NoticeKind
from jizhi.notices.selectors import NoticePage
from jizhi.store import selectors as store
from jizhi.web.templatetags import jizhi as words
from jizhi.web.templatetags.noticing import notice_title as notice_title
from jizhi.web.templatetags.noticing import period_words
from jizhi.web.templatetags.noticing import posting_address as posting_address
from jizhi.web.templatetags.noticing import title as title

ACTIONS = {"honour": N_("表彰"), "reward": N_("奖励"), "recommend": N_("推荐")}
PREAMBLES = {
    NoticeKind.MONTH: "",
    NoticeKind.QUARTER: N_(
        "现将%(period)s各户积分小结予以公示，请广大村（居）民监督。积分取自已经定案的各月公示；姓名已作隐去处理。"
    ),
    NoticeKind.YEAR: N_(
        "现将%(period)s各户积分评定结果予以公示，请广大村（居）民监督。积分取自已经定案的各月公示；姓名已作隐去处理。"
    ),
    NoticeKind.HONOURS: N_(
        "按照积分细则，现将%(period)s拟表彰的农户予以公示，请广大村（居）民监督。姓名已作隐去处理。"
    ),
    NoticeKind.REDEMPTIONS: N_(
        "现将%(period)s积分超市的兑换和物资收支予以公示，请广大村（居）民监督。姓名已作隐去处理。"
    ),
}
# The same for persons and organisations.
OF_OTHERS = {
    NoticeKind.QUARTER: N_(
        "现将%(period)s积分小结予以公示，请广大村（居）民监督。积分取自已经定案的各月公示；个人姓名已作隐去处理。"
    ),
    NoticeKind.YEAR: N_(
        "现将%(period)s积分评定结果予以公示，请广大村（居）民监督。积分取自已经定案的各月公示；个人姓名已作隐去处理。"
    ),
    NoticeKind.HONOURS: N_(
        "按照积分细则，现将%(period)s拟表彰名单予以公示，请广大村（居）民监督。个人姓名已作隐去处理。"
    ),
}


@dataclass(frozen=True)
class Heading:
    """A column: its words, and whether figures stand in it."""

    title: str
    number: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell under its column."""

    text: str
    title: str
    number: bool


@dataclass(frozen=True)
class NoticeTable:
    """A table of a notice, every cell a text ready to show. `note` stands below, `empty` where there are no rows."""

    title: str
    columns: tuple[Heading, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""
    empty: str = ""

    @property
    def cells(self) -> list[list[Cell]]:
        """Every row with the words of its columns, for pages that fold a table into cards."""
        return [
            [Cell(text, column.title, column.number) for text, column in zip(row, self.columns, strict=True)]
            for row in self.rows
        ]


def preamble(page: NoticePage) -> str:
    """The sentence above the tables; the month's stands in its own form."""
    said = PREAMBLES[page.kind] if page.of_households else OF_OTHERS.get(page.kind, PREAMBLES[page.kind])
    return gettext(said) % {"period": period_words(page.period)} if said else ""


def reason_for_replacing(page: NoticePage) -> str:
    """Which notice this one replaces and why, or nothing."""
    if not page.replaced_reason:
        return ""
    return gettext("本期公示替换此前张贴、已经撤下的一期。撤下原因：%(reason)s") % {
        "reason": page.replaced_reason
    }


def tables(page: NoticePage) -> list[NoticeTable]:
    """What a notice says beside a month's households, in the reader's language."""
    if page.kind is NoticeKind.MONTH:
        return month_tables(page)
    if page.kind is NoticeKind.REDEMPTIONS:
        return redemption_tables(page)
    found = [name_list(one, of_households=page.of_households) for one in page.lists]
    if page.levels or page.levels_withheld:
        found.append(_levels(page))
    if page.kind is not NoticeKind.HONOURS:
        found.append(_sums(page))
    return found


def narrowed(found: Sequence[NoticeTable], search: str) -> list[NoticeTable]:
    """Tables with the rows alone that have the words in a cell; tables without such rows fall away."""
    if not search:
        return list(found)
    kept = [(one, tuple(row for row in one.rows if any(search in cell for cell in row))) for one in found]
    return [replace(one, rows=rows) for one, rows in kept if rows]


def month_tables(page: NoticePage) -> list[NoticeTable]:
    """Corrections of earlier notices, and the village's line on what is not posted."""
    found = []
    if page.corrections:
        rows = tuple(
            (
                one.no, one.head or "—", words.short_day(one.entry.date),
                one.entry.item_en if words.in_english() else one.entry.item, words.label(one.entry.cause),
                words.signed_points(one.entry.before), words.signed_points(one.entry.after),
            )
            for one in page.corrections
        )  # fmt: skip
        columns = (
            *_who(of_households=page.of_households),
            Heading(gettext("行为日期")), Heading(gettext("积分事项")), Heading(gettext("原因")),
            Heading(gettext("原公示"), True), Heading(gettext("更正后"), True),
        )  # fmt: skip
        found.append(NoticeTable(gettext("对以往公示的更正"), columns, rows))
    if page.unpublished is not None:
        count = page.unpublished.households
        note = ngettext(
            "另有不公示的事项，涉及%(count)s户，合计%(points)s分，不计入上表。",
            "另有不公示的事项，涉及%(count)s户，合计%(points)s分，不计入上表。",
            count,
        ) % {"count": count, "points": words.signed_points(page.unpublished.points)}
        found.append(NoticeTable(gettext("不公示的事项"), note=note))
    return found


def _who(*, of_households: bool = True) -> tuple[Heading, Heading]:
    """How a row is called: a household by its head, whoever else by name."""
    if of_households:
        return Heading(gettext("户号")), Heading(gettext("户主"))
    return Heading(gettext("编号")), Heading(gettext("名称"))


def name_list(one: selectors.NameList, *, of_households: bool = True) -> NoticeTable:
    """Who is named for what; or that the names are not posted."""
    heading = one.title_en if words.in_english() else one.title
    reward = one.reward_en if words.in_english() else one.reward
    if one.names is None:
        note = gettext("名单不在公示中列出，由村（居）委会逐户告知。")
        return NoticeTable(heading, note=note)
    rows = tuple((no, head or "—", gettext(ACTIONS[one.action]), reward or "—") for no, head in one.names)
    columns = (*_who(of_households=of_households), Heading(gettext("办法")), Heading(gettext("奖励")))
    return NoticeTable(heading, columns, rows, empty=gettext("本期没有。"))


def _levels(page: NoticePage) -> NoticeTable:
    if page.levels_withheld:
        return NoticeTable(
            gettext("等次"), note=gettext("各等次户数不在公示中列出，由村（居）委会逐户告知。")
        )
    rows = tuple(
        (one.title_en if words.in_english() else one.title, words.grouped(one.count)) for one in page.levels
    )
    return NoticeTable(gettext("等次"), (Heading(gettext("等次")), Heading(gettext("户数"), True)), rows)


def _sums(page: NoticePage) -> NoticeTable:
    columns = (
        *_who(of_households=page.of_households), Heading(gettext("加分数"), True), Heading(gettext("扣分数"), True),
        Heading(gettext("本期计分"), True), Heading(gettext("本年累计"), True),
    )  # fmt: skip
    cells = tuple(
        (
            row.no, row.head or "—", words.points(row.merits), words.points(row.faults),
            words.signed_points(row.awarded), words.points(row.total),
        )
        for row in page.summary
    )  # fmt: skip
    note, title = gettext("只计公示的事项；各户的全部积分见本户存折。"), gettext("各户积分")
    if not page.of_households:
        note, title = gettext("只计公示的事项。"), gettext("积分")
    return NoticeTable(title, columns, cells, note, gettext("本期没有积分记录。"))


def redemption_tables(page: NoticePage) -> list[NoticeTable]:
    """Who fetched what, and what came in and went out."""
    found = store.redemptions_of(page.raw)
    rows = [
        (
            _number(one),
            one.head or "—",
            "、".join(_goods(line) for line in one.goods),
            words.points(one.points),
        )
        for one in found.rows
    ]
    if found.others is not None:
        rows.append(("—", _unnamed(found.others), "—", words.points(found.others.points)))
    columns = (*_who(), Heading(gettext("物品")), Heading(gettext("积分"), True))
    goods_columns = (
        Heading(gettext("物品")), Heading(gettext("捐赠入库"), True), Heading(gettext("其他入库"), True),
        Heading(gettext("兑换出库"), True), Heading(gettext("盘点调整"), True), Heading(gettext("期末库存"), True),
    )  # fmt: skip
    goods = tuple(
        (
            f"{one.name}（{one.unit}）", *(words.grouped(n) for n in (one.donated, one.received, one.used)),
            words.grouped(one.counted), words.grouped(one.stock),
        )
        for one in found.goods
    )  # fmt: skip
    note = gettext("合计%(count)s笔，%(points)s分。") % {
        "count": found.count,
        "points": words.points(found.points),
    }
    return [
        NoticeTable(gettext("各户兑换"), columns, tuple(rows), note, gettext("本期没有兑换。")),
        NoticeTable(gettext("物资收支"), goods_columns, goods, empty=gettext("本期没有物资收支。")),
    ]


def _number(one: store.NoticedRedemptions) -> str:
    """A household's number; a person's with the scheme on whose list it stands."""
    title = one.scheme_en if words.in_english() and one.scheme_en else one.scheme
    return f"{title} {one.no}" if title else one.no


def _unnamed(others: store.OtherRedemptions) -> str:
    """How many households and persons are not named."""
    said = []
    if others.households:
        said.append(
            ngettext("其他%(count)s户", "其他%(count)s户", others.households) % {"count": others.households}
        )
    if others.persons:
        said.append(
            ngettext("其他%(count)s人", "其他%(count)s人", others.persons) % {"count": others.persons}
        )
    return gettext("、").join(said)


def _goods(line: tuple[str, int]) -> str:
    name, quantity = line
    return f"{name} × {quantity}"
