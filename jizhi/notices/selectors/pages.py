"""A notice as a page: what was posted, or what would be posted now. Whoever may read it, the caller decides."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core.errors import DomainError
from jizhi.notices import models, rules
from jizhi.notices.selectors import content, disputes, lists, naming, summaries
from jizhi.people.rules import SubjectKind
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
from jizhi.seals import selectors as seals
from jizhi.settlement import rules as periods


class NoSuchNotice(DomainError):
    """The notice does not exist, or is not the user's to see."""


class NothingToPost(DomainError):
    """There is no notice of such a kind and period."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A household's act that an earlier notice showed otherwise."""

    no: str
    head: str
    entry: content.NoticeEntry


@dataclass(frozen=True, slots=True)
class Extension:
    """The window was made longer."""

    from_date: dt.date
    to_date: dt.date
    reason: str
    extended_at: dt.datetime


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A notice with its content. `rows` are a month's; the other kinds have the fields that their content has.

    `disputed` are the facts under an unanswered objection; `seal` holds its entries; `raw` is the content as stored,
    for kinds that other apps know.
    """

    notice: models.Notice | None
    line: lists.NoticeLine | None
    village: Area
    kind: rules.NoticeKind
    period: str
    scheme_title: str
    scheme_title_en: str
    subject: SubjectKind = SubjectKind.HOUSEHOLD
    rows: list[content.NoticeRow] = field(default_factory=list)
    households: int = 0
    disputed: frozenset[int] = frozenset()
    corrections: list[Correction] = field(default_factory=list)
    unpublished: content.Unpublished | None = None
    summary: list[summaries.SummaryRow] = field(default_factory=list)
    levels: list[summaries.LevelLine] = field(default_factory=list)
    levels_withheld: bool = False
    lists: list[summaries.NameList] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    replaced_reason: str = ""
    raw: dict[str, Any] = field(default_factory=dict)
    seal: seals.SealLine | None = None

    @property
    def of_households(self) -> bool:
        """Whether its rows are households; else persons or organisations."""
        return self.subject is SubjectKind.HOUSEHOLD


def notice_page(notice_id: int, *, village_code: str = "") -> NoticePage:
    """A posted notice as anybody may read it. Raises NoSuchNotice."""
    notices = models.Notice.objects.select_related("village", "replaces").defer("replaces__content")
    notices = notices.filter(pk=notice_id)
    notice = notices.filter(village__code=village_code).first() if village_code else notices.first()
    if notice is None:
        raise NoSuchNotice(_("没有这期公示。"))
    (line,) = lists.lines(models.Notice.objects.filter(pk=notice.pk))
    extensions = [
        Extension(row.from_date, row.to_date, row.reason, row.extended_at) for row in notice.extensions.all()
    ]
    return NoticePage(
        notice=notice,
        line=line,
        village=notice.village,
        disputed=disputes.disputed_on(notice),
        seal=seals.seal_on_notice(notice.village, notice.posted_at),
        extensions=extensions,
        replaced_reason=notice.replaces.withdrawn_reason if notice.replaces else "",
        **_said(rules.NoticeKind(notice.kind), notice.period, notice.content),
    )


def shown_as(village: Area, kind: rules.NoticeKind, period: str, found: dict[str, Any]) -> NoticePage:
    """A content that is not posted yet as a page; the same content, nothing stored."""
    return NoticePage(notice=None, line=None, village=village, **_said(kind, period, found))


def _said(kind: rules.NoticeKind, period: str, found: dict[str, Any]) -> dict[str, Any]:
    """What a content says, as fields of its page."""
    said: dict[str, Any] = {
        "kind": kind,
        "period": period,
        "scheme_title": found["title"],
        "scheme_title_en": found["title_en"],
        "subject": SubjectKind(found.get("subject", SubjectKind.HOUSEHOLD.value)),
        "raw": found,
    }
    if kind is rules.NoticeKind.MONTH:
        rows = content.rows_of(found)
        said |= {
            "rows": rows,
            "households": len(rows),
            "corrections": [Correction(row.no, row.head, entry) for row in rows for entry in row.corrections],
            "unpublished": content.unpublished_of(found),
        }
    elif kind in (rules.NoticeKind.QUARTER, rules.NoticeKind.YEAR):
        sums = summaries.summary_rows_of(found)
        said |= {
            "summary": sums,
            "households": len(sums),
            "levels": summaries.levels_of(found),
            "levels_withheld": found["levels_withheld"],
            "lists": summaries.lists_of(found),
        }
    elif kind is rules.NoticeKind.HONOURS:
        said["lists"] = summaries.lists_of(found)
    return said


def preview(
    user: User,
    village: Area,
    scheme: str,
    period: str,
    *,
    on: dt.date,
    kind: rules.NoticeKind = rules.NoticeKind.MONTH,
) -> NoticePage:
    """The notice as it would be posted now. Raises NothingToPost for a period that the kind does not have."""
    posts.check_can(user, Action.POST_NOTICE, village, on)
    found = build(village=village, scheme=scheme, kind=kind, period=period_for(kind, period), on=on)
    return shown_as(village, kind, period, found)


def period_for(kind: rules.NoticeKind, key: str) -> periods.Period:
    """The period a key names, if notices of the kind are about such periods. Raises NothingToPost."""
    try:
        period = periods.parse_period(key)
    except ValueError as wrong:
        raise NothingToPost(_("没有这样的公示周期。")) from wrong
    if period.kind not in rules.KINDS[kind].periods or period.key != key:
        raise NothingToPost(_("没有这样的公示周期。"))
    return period


def build(
    *, village: Area, scheme: str, kind: rules.NoticeKind, period: periods.Period, on: dt.date
) -> dict[str, Any]:
    """The content of a notice as it would be stored on a day; for kinds whose content this app makes."""
    found = _made(village, scheme, kind, period, on)
    subject = schemes.versions_in_village(village, scheme).latest.subject
    # Households are what a content without a word is about.
    return found if subject == SubjectKind.HOUSEHOLD.value else found | {"subject": subject}


def _made(
    village: Area, scheme: str, kind: rules.NoticeKind, period: periods.Period, on: dt.date
) -> dict[str, Any]:
    if kind is rules.NoticeKind.MONTH:
        return content.content_for(village=village, scheme=scheme, month=period, on=on)
    make = {
        rules.NoticeKind.QUARTER: summaries.summary_content,
        rules.NoticeKind.YEAR: summaries.summary_content,
        rules.NoticeKind.HONOURS: summaries.honours_content,
    }[kind]
    return make(village=village, scheme=scheme, period=period, names=naming.names(village, on=on))
