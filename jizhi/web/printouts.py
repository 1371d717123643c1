"""What pages print: selectors' results turned into the shapes of the printed forms, words in the reader's language.

Laying them out is `prints`; deciding what may be printed is the page's business.
"""

from __future__ import annotations

from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.notices.selectors import NoticePage, NoticeRow
from jizhi.prints import forms, pdf
from jizhi.web.templatetags import jizhi as tags


def notice(page: NoticePage, *, answer_days: int, link: str = "", paper: str = "a4") -> bytes:
    """A posted notice as an archive PDF."""
    line = page.line
    assert line is not None  # previews are not printed
    form = forms.Notice(
        lang=_language(),
        code=f"GS-{line.id}",
        link=link,
        digest=line.digest,
        issuer=committee(page.village),
        title=page.scheme_title_en if tags.in_english() else page.scheme_title,
        period=tags.month(page.period),
        window_from=localdate(line.posted_at),
        window_to=line.window_to_date,
        posted_date=localdate(line.posted_at),
        rows=tuple(_row(row, page.disputed) for row in page.rows),
        answer_days=answer_days,
        total_label=gettext("本年累计"),
        entries_shown=True,
        paper=paper,
    )
    return pdf.render("notice", form)


def _row(row: NoticeRow, disputed: frozenset[int]) -> forms.NoticeRow:
    under_way = any(entry.fact in disputed for entry in row.entries)
    return forms.NoticeRow(
        no=row.no,
        head=row.head,
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
                note=entry.note,
            )
            for entry in row.entries
        ),
    )


def committee(village: Any) -> str:
    """A village has a villagers' committee, a community a residents' committee."""
    words = {"village": tags.named(village)}
    if village.name.endswith("社区"):
        return gettext("%(village)s居民委员会") % words
    return gettext("%(village)s村民委员会") % words


def _language() -> str:
    return "en" if tags.in_english() else "zh"
