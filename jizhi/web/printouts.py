"""What pages print: selectors' results turned into the shapes of the printed forms, words in the reader's language.

Laying them out is `prints`; deciding what may be printed is the page's business.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.notices.rules import KINDS, NoticeKind
from jizhi.notices.selectors import NoticePage, NoticeRow
from jizhi.prints import forms, pdf, reports
from jizhi.seals.selectors import SealLine
from jizhi.web import noticing
from jizhi.web.templatetags import jizhi as tags
from jizhi.web.templatetags.sealing import grouped_hash


def notice(page: NoticePage, *, link: str = "", paper: str = "a4") -> bytes:
    """A posted notice as an archive PDF."""
    line = page.line
    assert line is not None  # for what is not posted yet see `draft`
    posted = localdate(line.posted_at)
    form = _sheet(
        page, posted=posted, window_to=line.window_to_date, answer_days=line.answer_days, paper=paper,
        code=f"{KINDS[page.kind].code}-{line.id}", link=link, digest=line.digest,
    )  # fmt: skip
    return pdf.render("notice", form)


def draft(
    page: NoticePage, *, today: dt.date, window_to: dt.date, answer_days: int, paper: str = "a4"
) -> bytes:
    """The sheet of a notice as it would be posted today, marked as not posted; the same content."""
    form = _sheet(page, posted=today, window_to=window_to, answer_days=answer_days, paper=paper, draft=True)
    return pdf.render("notice", form)


def _sheet(
    page: NoticePage, *, posted: dt.date, window_to: dt.date, answer_days: int, paper: str, **more: Any
) -> forms.Notice:
    is_month = page.kind is NoticeKind.MONTH
    scheme = page.scheme_title_en if tags.in_english() else page.scheme_title
    return forms.Notice(
        lang=_language(),
        issuer=committee(page.village),
        title=scheme if is_month else noticing.notice_title(page),
        period=tags.month(page.period) if is_month else scheme,
        window_from=posted,
        window_to=window_to,
        posted_date=posted,
        rows=tuple(_row(row, page.disputed) for row in page.rows),
        answer_days=answer_days,
        preamble=noticing.preamble(page),
        total_label=gettext("本年累计"),
        entries_shown=True,
        households_shown=is_month,
        of_households=page.of_households,
        tables=tuple(_table(one) for one in noticing.tables(page)),
        remark=noticing.reason_for_replacing(page),
        paper=paper,
        seal=seal_line(page.seal) if page.seal else "",
        **more,
    )


def _table(table: noticing.NoticeTable) -> forms.NoticeTable:
    return forms.NoticeTable(
        title=table.title,
        columns=tuple(column.title for column in table.columns),
        numbers=tuple(place for place, column in enumerate(table.columns) if column.number),
        rows=table.rows,
        note=table.note,
        empty=table.empty,
    )


def seal_line(seal: SealLine) -> str:
    """The seal in one line, its root in groups that can be compared by eye."""
    said = {"number": seal.number, "day": tags.day(seal.day), "root": grouped_hash(seal.root)}
    return gettext("第%(number)s号，%(day)s，根 %(root)s") % said


def _row(row: NoticeRow, disputed: frozenset[int]) -> forms.NoticeRow:
    under_way = any(entry.fact in disputed for entry in row.listed)
    return forms.NoticeRow(
        no=row.no,
        head=row.head or "—",
        merits=tags.points(row.merits),
        faults=tags.points(row.faults),
        held_back=tags.points(row.held_back),
        points=tags.signed_points(row.awarded),
        total=tags.points(row.total),
        note=gettext("异议办理中") if under_way else "",
        entries=tuple(
            forms.NoticeEntry(
                date=entry.date,
                title=entry.item_en if tags.in_english() else entry.item,
                points=tags.signed_points(entry.points),
                note=gettext("超上限 %(points)s 分未计") % {"points": tags.points(entry.held_back)}
                if entry.held_back
                else "",
            )
            for entry in row.listed
        ),
    )


def table(
    issuer: str, title: str, columns: Sequence[forms.Column], rows: Iterable[Sequence[str]], **more: Any
) -> bytes:
    """Any list on paper; `more` as in `forms.Table`."""
    form = forms.Table(
        lang=_language(),
        issuer=issuer,
        title=title,
        columns=tuple(columns),
        rows=tuple(tuple(row) for row in rows),
        **more,
    )
    return pdf.render("table", form)


def report(issuer: str, title: str, tables: Iterable[reports.ReportTable], **more: Any) -> bytes:
    """Figures and several tables on paper; `more` as in `reports.Report`."""
    form = reports.Report(lang=_language(), issuer=issuer, title=title, tables=tuple(tables), **more)
    return pdf.render("report", form)


def committee(village: Any) -> str:
    """A village has a villagers' committee, a community a residents' committee."""
    words = {"village": tags.named(village)}
    if village.name.endswith("社区"):
        return gettext("%(village)s居民委员会") % words
    return gettext("%(village)s村民委员会") % words


def _language() -> str:
    return "en" if tags.in_english() else "zh"
