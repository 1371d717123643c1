"""Needs for the village's list, one need with its volunteers, and what a household sees of its village's needs.

Neighbours read who asks only once they have taken the need up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.activities import models, rules
from jizhi.areas import selectors as areas
from jizhi.core import masking, scope
from jizhi.core.errors import DomainError
from jizhi.core.names import mask_name
from jizhi.people.models import Household, Subject


class NotFound(DomainError):
    """No such record, or none the reader may see."""


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A need on a list. `asker` is masked for neighbours."""

    id: int
    village: str
    kind: rules.NeedKind
    title: str
    words: str
    asker: str
    grid: str
    wanted_date: dt.date
    places: int
    taken: int
    state: rules.NeedState
    posted_at: dt.datetime
    is_own: bool
    is_taken_by_me: bool
    household_no: str = ""


@dataclass(frozen=True, slots=True)
class TakingLine:
    """A volunteer of a need."""

    id: int
    subject_id: int
    name: str
    household: str
    state: rules.TakingState
    taken_at: dt.datetime
    hours: Any
    claim_id: int | None


@dataclass(frozen=True, slots=True)
class NeedPage:
    """One need with its volunteers; `address` and `phone` for staff and for volunteers who took it up."""

    line: NeedLine
    item: str
    note: str
    address: str
    phone: str
    posted_by: str
    version: int
    takings: tuple[TakingLine, ...]
    waits_for_claims: bool


def needs(
    user: Any,
    *,
    on: dt.date,
    words: str = "",
    village_code: str = "",
    state: str = "",
    kind: str = "",
) -> QuerySet[models.Need]:
    """Needs the member of staff may see, those waiting first, then by the day wanted."""
    rows = models.Need.objects.visible_to(user, on)
    if village_code:
        rows = rows.filter(village__code=village_code)
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if text := words.strip():
        rows = rows.filter(
            Q(title__icontains=text) | Q(words__icontains=text) | Q(subject__label__contains=text)
        )
    return rows.order_by("-wanted_date", "-id")


def _with_counts(rows: QuerySet[models.Need]) -> QuerySet[models.Need]:
    taken = Count("takings", filter=Q(takings__state__in=["taken", "confirmed"]))
    return rows.select_related("village", "area", "subject__household").annotate(taken=taken)


def need_lines(rows: QuerySet[models.Need]) -> list[NeedLine]:
    """Needs as lines for staff: one query."""
    return [_line(row) for row in _with_counts(rows)]


def _line(row: Any, *, own: int | None = None, mine: Iterable[int] = ()) -> NeedLine:
    asker = row.subject.label if row.subject else areas.named(row.village)
    for_household = own is not None
    if for_household and row.subject and row.subject_id != own and row.pk not in mine:
        asker = mask_name(asker)
    return NeedLine(
        id=row.pk,
        village=areas.named(row.village),
        kind=rules.NeedKind(row.kind),
        title=row.title,
        words=row.words,
        asker=asker,
        grid="" if row.area_id == row.village_id else areas.named(row.area),
        wanted_date=row.wanted_date,
        places=row.places,
        taken=row.taken,
        state=rules.NeedState(row.state),
        posted_at=row.posted_at,
        is_own=for_household and row.subject_id == own,
        is_taken_by_me=row.pk in mine,
        household_no="" if for_household else _household_no(row),
    )


def _household_no(row: models.Need) -> str:
    household = getattr(row.subject, "household", None)
    return household.no if household else ""


def needs_for_household(
    subject: Subject, *, on: dt.date
) -> tuple[list[NeedLine], list[NeedLine], list[NeedLine]]:
    """(open ones of the village, own ones, those taken up), newest first; flat."""
    mine = set(
        models.Taking.objects.filter(subject=subject)
        .exclude(state=rules.TakingState.GIVEN_UP)
        .values_list("need_id", flat=True)
    )
    concerned = Q(state=rules.NeedState.OPEN, wanted_date__gte=on) | Q(subject=subject) | Q(pk__in=mine)
    rows = models.Need.objects.filter(concerned, village_id=subject.village_id)
    lines = [
        _line(row, own=subject.pk, mine=mine)
        for row in _with_counts(rows).order_by("wanted_date", "-id")[:200]
    ]
    own = [line for line in lines if line.is_own]
    taken = [line for line in lines if line.is_taken_by_me]
    others = [line for line in lines if not line.is_own and not line.is_taken_by_me]
    return others, own, taken


def need_for(user: Any, need_id: int, *, on: dt.date) -> models.Need:
    """A need for a service of staff. Raises NotFound."""
    rows = models.Need.objects.visible_to(user, on).select_related("village", "area", "subject")
    need = rows.filter(pk=need_id).first()
    if need is None:
        raise NotFound(_("没有这条需求，或不在您的工作范围内。"))
    return need


def need_in_village(subject: Subject, need_id: int) -> models.Need:
    """A need that a household may read: published in its village, or its own. Raises NotFound."""
    rows = models.Need.objects.filter(village_id=subject.village_id).select_related(
        "village", "area", "subject"
    )
    hidden = Q(state__in=[rules.NeedState.POSTED, rules.NeedState.REFUSED, rules.NeedState.WITHDRAWN])
    concerned = Q(subject=subject) | Q(takings__subject=subject) | ~hidden
    need = rows.filter(concerned, pk=need_id).distinct().first()
    if need is None:
        raise NotFound(_("没有这条需求。"))
    return need


def need_page(need: models.Need, *, reader: Subject | None = None) -> NeedPage:
    """One need; for staff without `reader`, else as that household may read it."""
    # Not joined: a household that reads a neighbour's need does not see the neighbour's account.
    row: Any = _with_counts(models.Need.objects.filter(pk=need.pk)).get()
    all_takings = list(need.takings.select_related("subject").order_by("id"))
    mine = (
        {need.pk}
        if reader and any(one.subject_id == reader.pk and one.state != "given_up" for one in all_takings)
        else set()
    )
    line = _line(row, own=reader.pk if reader else None, mine=mine)
    sees_asker = reader is None or line.is_own or line.is_taken_by_me
    household = _household_of(need) if sees_asker else None
    shown = (
        all_takings
        if reader is None or line.is_own
        else [one for one in all_takings if one.subject_id == reader.pk]
    )
    phone = (household.phone or "") if household is not None else ""
    return NeedPage(
        line=line,
        item=row.item,
        note=row.note,
        address=household.address if household is not None else "",
        phone=phone if reader is not None else masking.mask_phone(phone),
        posted_by=row.posted_by.display_name if reader is None else "",
        version=row.version,
        takings=tuple(_taking(one) for one in shown),
        waits_for_claims=bool(row.item)
        and row.state == rules.NeedState.DONE
        and any(one.state == "confirmed" and one.claim_id is None for one in all_takings),
    )


def _household_of(need: models.Need) -> Household | None:
    with scope.beyond("a volunteer who took a need up reads where to go and whom to call"):
        return Household.objects.filter(subject=need.subject_id).first() if need.subject_id else None


def _taking(row: models.Taking) -> TakingLine:
    return TakingLine(
        row.pk, row.subject_id, row.name, row.subject.label, rules.TakingState(row.state), row.taken_at, row.hours,
        row.claim_id,
    )  # fmt: skip


def taking_for(need: models.Need, taking_id: int) -> models.Taking:
    """A volunteer's taking of this need. Raises NotFound."""
    row = need.takings.select_related("need", "subject").filter(pk=taking_id).first()
    if row is None:
        raise NotFound(_("没有这条认领。"))
    return row
