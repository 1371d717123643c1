"""The records of meetings: the list, one record with its filing, its photos."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.assemblies import models, rules
from jizhi.core.errors import DomainError
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes.models import SchemeVersion
from jizhi.schemes.rules import MeetingKind


class NoSuchAssembly(DomainError):
    """The record or photo does not exist, or lies outside the user's scope."""


@dataclass(frozen=True, slots=True)
class AssemblyLine:
    """A record on the list; money in fen."""

    id: int
    village: str
    village_code: str
    about: rules.About
    title: str
    kind: MeetingKind
    held_on_date: dt.date
    members: int
    present: int
    votes_for: int
    against: int
    abstain: int
    carried: bool
    state: rules.FilingState
    filing_number: str
    receipt: str
    fen: int | None


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of the filing."""

    state: rules.FilingState
    note: str
    made_at: dt.datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class MinutesDocument:
    """A document of signed minutes; size in bytes."""

    id: int
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class AssemblyPage:
    """One record with why it did not carry, its filing, its photos, and what it put to work."""

    line: AssemblyLine
    row: models.Assembly
    failings: list[rules.Failing]
    steps: list[StepLine]
    photos: list[int]
    documents: list[MinutesDocument]
    fund_id: int | None
    dividend_id: int | None
    effective_from_date: dt.date | None


def assemblies(
    user: User, *, on: dt.date, village_code: str = "", about: str = "", state: str = "", words: str = ""
) -> QuerySet[models.Assembly]:
    """The records of the user's villages by filter, the newest meeting first; `assembly_lines` makes lines.

    `state` is a state of the filing, or `lost` for what was not carried.
    """
    rows = models.Assembly.objects.visible_to(user, on)
    if village_code:
        rows = rows.filter(village__code=village_code)
    if about:
        rows = rows.filter(about=about)
    if state == "lost":
        rows = rows.filter(carried=False)
    elif state:
        rows = rows.filter(state=state, carried=True)
    if words:
        rows = rows.filter(
            Q(title__icontains=words) | Q(motion__icontains=words) | Q(filing_number__icontains=words)
        )
    return rows.order_by("-held_on_date", "-id")


def assembly_lines(rows: QuerySet[models.Assembly]) -> list[AssemblyLine]:
    """Records as lines; one query."""
    return [_line(row) for row in rows.select_related("village")]


def assemblies_waiting(user: User, *, on: dt.date) -> list[AssemblyLine]:
    """Records whose next step is the user's: carried ones to send in, and those to take on file; oldest first."""
    recording = posts.scope_paths(user, Action.RECORD_ASSEMBLY, on)
    answering = posts.scope_paths(user, Action.ACKNOWLEDGE_ASSEMBLY, on)
    to_file = Q(
        state__in=(rules.FilingState.RECORDED, rules.FilingState.RETURNED), village__path__within=recording
    )
    to_answer = Q(state=rules.FilingState.FILED, village__path__within=answering)
    rows = models.Assembly.objects.filter(to_file | to_answer, carried=True)
    return assembly_lines(rows.order_by("held_on_date", "id"))


def _line(row: models.Assembly) -> AssemblyLine:
    return AssemblyLine(
        id=row.pk,
        village=areas.named(row.village),
        village_code=row.village.code,
        about=row.about,
        title=row.title,
        kind=row.kind,
        held_on_date=row.held_on_date,
        members=row.members,
        present=row.present,
        votes_for=row.votes_for,
        against=row.against,
        abstain=row.abstain,
        carried=row.carried,
        state=row.state,
        filing_number=row.filing_number,
        receipt=row.receipt,
        fen=row.fen,
    )


def assembly_for(user: User, assembly_id: int, *, on: dt.date) -> models.Assembly:
    """A record in the user's scope. Raises NoSuchAssembly."""
    rows = models.Assembly.objects.visible_to(user, on)
    row = (
        rows.select_related("village", "version", "resolution", "recorded_by").filter(pk=assembly_id).first()
    )
    if row is None:
        raise NoSuchAssembly(_("没有这份决议，或者您无权查看。"))
    return row


def assembly_page(user: User, assembly_id: int, *, on: dt.date) -> AssemblyPage:
    """One record. Raises NoSuchAssembly."""
    row = assembly_for(user, assembly_id, on=on)
    counts = rules.Counts(row.members, row.present, row.votes_for, row.against, row.abstain)
    kept = list(row.photos.all())
    activation = getattr(row.resolution, "activation", None) if row.resolution else None
    return AssemblyPage(
        line=_line(row),
        row=row,
        failings=rules.failings(row.kind, counts),
        steps=[
            StepLine(step.state, step.note, step.made_at, step.made_by.display_name)
            for step in row.steps.select_related("made_by")
        ],
        photos=[one.pk for one in kept if not one.name],
        documents=[MinutesDocument(one.pk, one.name, one.size) for one in kept if one.name],
        fund_id=models.Fund.objects.filter(assembly=row).values_list("pk", flat=True).first(),
        dividend_id=models.Dividend.objects.filter(assembly=row).values_list("pk", flat=True).first(),
        effective_from_date=activation.effective_from_date if activation else None,
    )


def photo_of(user: User, photo_id: int, *, on: dt.date) -> models.AssemblyPhoto:
    """A photo of minutes in the user's scope. Raises NoSuchAssembly."""
    rows = models.AssemblyPhoto.objects.filter(assembly__in=models.Assembly.objects.visible_to(user, on))
    row = rows.filter(pk=photo_id, name="").first()
    if row is None:
        raise NoSuchAssembly(_("没有这张照片，或者您无权查看。"))
    return row


def minutes_document(user: User, document_id: int, *, on: dt.date) -> models.AssemblyPhoto:
    """A document of minutes in the user's scope. Raises NoSuchAssembly."""
    rows = models.AssemblyPhoto.objects.filter(assembly__in=models.Assembly.objects.visible_to(user, on))
    row = rows.filter(pk=document_id).exclude(name="").first()
    if row is None:
        raise NoSuchAssembly(_("没有这份文件，或者您无权查看。"))
    return row


def versions_for(villages: Iterable[Area]) -> list[SchemeVersion]:
    """Versions that may be put to the villages' meetings: their own and those of the areas above."""
    above = Area.objects.none()
    for village in villages:
        above |= Area.objects.filter(path__ancestor_of=village.path)
    return list(SchemeVersion.objects.filter(area__in=above).select_related("area").defer("source"))
