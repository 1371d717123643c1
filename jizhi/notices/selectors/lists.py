"""Notices on lists: a village's own, and those of a member of staff."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from jizhi.accounts.models import User
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.notices import models, rules
from jizhi.participants.selectors import HOUSEHOLD_SCHEME
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action

MONTHS_BACK = 12


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice on a list. Objections to a notice that it replaces are counted with its own."""

    id: int
    village: str
    village_code: str
    scheme: str
    kind: rules.NoticeKind
    period: str
    state: rules.NoticeState
    window_to_date: dt.date
    public_to_date: dt.date
    answer_days: int
    posted_at: dt.datetime
    finalised_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    withdrawn_reason: str
    replaces_id: int | None
    replaced_by_id: int | None
    objections: int
    objections_waiting: int
    digest: str
    scheme_title: str = ""
    scheme_title_en: str = ""

    @property
    def of_households(self) -> bool:
        return self.scheme == HOUSEHOLD_SCHEME

    def standing(self, today: dt.date) -> rules.NoticeStanding:
        return rules.standing(self.kind, self.state, self.window_to_date, today)


def lines(notices: QuerySet[models.Notice], *, published: bool = False) -> list[NoticeLine]:
    """Notices as lines, in their order: two queries, and one for each notice that is replaced.

    With `published`, objections to acts that no notice shows are not counted: the count would tell of them.
    """
    titled = notices.annotate(
        said=KeyTextTransform("title", "content"), said_en=KeyTextTransform("title_en", "content")
    )
    rows = list(titled.select_related("village", "replaced_by").defer("content", "replaced_by__content"))
    chains = {row.pk: chain_of(row) for row in rows}
    shown = Q(fact__published=True) if published else Q()
    counts = _objections({number for chain in chains.values() for number in chain}, shown)
    return [_line(row, [counts.get(number, (0, 0)) for number in chains[row.pk]]) for row in rows]


def _line(row: Any, counts: Sequence[tuple[int, int]]) -> NoticeLine:
    follower = getattr(row, "replaced_by", None)
    return NoticeLine(
        id=row.pk,
        village=areas.named(row.village),
        village_code=row.village.code,
        scheme=row.scheme,
        kind=rules.NoticeKind(row.kind),
        period=row.period,
        state=rules.NoticeState(row.state),
        window_to_date=row.window_to_date,
        public_to_date=row.public_to_date,
        answer_days=row.answer_days,
        posted_at=row.posted_at,
        finalised_at=row.finalised_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
        replaces_id=row.replaces_id,
        replaced_by_id=follower.pk if follower else None,
        objections=sum(count for count, _waiting in counts),
        objections_waiting=sum(waiting for _count, waiting in counts),
        digest=row.digest,
        scheme_title=row.said or "",
        scheme_title_en=row.said_en or "",
    )


def chain_of(notice: models.Notice) -> list[int]:
    """The notice and those it replaces, one after the other."""
    found, before = [notice.pk], notice.replaces_id
    while before is not None:
        found.append(before)
        before = models.Notice.objects.values_list("replaces_id", flat=True).get(pk=before)
    return found


def _objections(notice_ids: Collection[int], shown: Q) -> dict[int, tuple[int, int]]:
    """How many objections each notice has, and how many of them wait."""
    if not notice_ids:
        return {}
    waiting = Count("pk", filter=Q(state=rules.ObjectionState.FILED))
    rows = models.Objection.objects.filter(shown, notice_id__in=notice_ids).order_by()
    return {
        number: (count, waits)
        for number, count, waits in rows.values_list("notice_id").annotate(count=Count("pk"), waits=waiting)
    }


def public_rows(
    village: Area, *, on: dt.date, kind: str = "", scheme: str = "", expired: bool = False
) -> QuerySet[models.Notice]:
    """A village's notices that strangers still find on a day, newest first; with `expired`, the older ones, too."""
    exact = {"kind": kind, "scheme": scheme}
    rows = models.Notice.objects.filter(
        village=village, **{name: value for name, value in exact.items() if value}
    )
    if not expired:
        rows = rows.filter(public_to_date__gte=on)
    return rows.order_by("-posted_at", "-id")


def published_lines(rows: QuerySet[models.Notice]) -> list[NoticeLine]:
    """Notices as anybody may read of them, in their order."""
    return lines(rows, published=True)


def public_notices(
    village: Area, *, on: dt.date, limit: int = 24, kind: str = "", scheme: str = "", expired: bool = False
) -> list[NoticeLine]:
    """The newest of them as lines."""
    return published_lines(public_rows(village, on=on, kind=kind, scheme=scheme, expired=expired)[:limit])


def notice_of(
    village: Area,
    period: str,
    *,
    kind: rules.NoticeKind = rules.NoticeKind.MONTH,
    scheme: str = HOUSEHOLD_SCHEME,
) -> int | None:
    """The number of the notice of a period that holds, if any."""
    rows = models.Notice.objects.filter(village=village, scheme=scheme, kind=kind, period=period)
    return rows.exclude(state=rules.NoticeState.WITHDRAWN).values_list("pk", flat=True).first()


def staff_notices(
    user: User,
    *,
    on: dt.date,
    village_code: str = "",
    state: str = "",
    month: str = "",
    kind: str = "",
    scheme: str = "",
) -> QuerySet[models.Notice]:
    """The notices of the user's villages by filter, newest first; `notice_lines` makes lines of them."""
    paths = posts.scope_paths(user, Action.VIEW_DESK, on)
    notices = models.Notice.objects.filter(village__path__within=paths)
    exact = {"village__code": village_code, "state": state, "period": month, "kind": kind, "scheme": scheme}
    notices = notices.filter(**{name: value for name, value in exact.items() if value})
    return notices.order_by("-posted_at", "village__path", "-id")


def notice_lines(notices: Iterable[models.Notice]) -> list[NoticeLine]:
    """Notices of a page as lines, in their order."""
    numbers = [row.pk for row in notices]
    found = {line.id: line for line in lines(models.Notice.objects.filter(pk__in=numbers))}
    return [found[number] for number in numbers]


def to_finalise(user: User, *, on: dt.date) -> list[NoticeLine]:
    """Notices whose window is over and which the user may finalise, the oldest first."""
    paths = posts.scope_paths(user, Action.FINALISE_NOTICE, on)
    settling = [kind for kind, rule in rules.KINDS.items() if rule.settles]
    ripe = models.Notice.objects.filter(
        village__path__within=paths, state=rules.NoticeState.POSTED, window_to_date__lt=on, kind__in=settling
    )
    return lines(ripe.order_by("period", "village__path"))
