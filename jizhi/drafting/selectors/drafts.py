"""Drafts as lists and pages see them: who may, where they stand, what was saved."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.core.errors import DomainError
from jizhi.drafting import models, rules
from jizhi.drafting.selectors import reading
from jizhi.engine.document.problem import Problem
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import models as schemes_models
from jizhi.schemes import selectors as schemes


class NoSuchDraft(DomainError):
    """The draft does not exist, or the user may not write schemes there."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft on the list."""

    id: int
    title: str
    title_en: str
    scheme: str
    area: str
    applies_from_date: dt.date
    state: rules.DraftState
    changed_at: dt.datetime
    changed_by: str
    version_id: int | None


@dataclass(frozen=True, slots=True)
class SaveLine:
    """One save of a draft's history."""

    number: int
    deed: rules.Deed
    about: str
    saved_at: dt.datetime
    saved_by: str


@dataclass(frozen=True)
class DraftPage:
    """A draft with its text read. `number` goes back with every form, so that nobody overwrites another's save."""

    line: DraftLine
    area: Area
    number: int
    source: str
    cases: str
    digest: str
    base: schemes_models.SchemeVersion | None
    document: reading.Document
    problems: list[Problem]
    findings: list[Problem]

    @property
    def is_open(self) -> bool:
        return self.line.state is rules.DraftState.OPEN

    @property
    def errors(self) -> list[Problem]:
        """What keeps the draft from becoming a version, apart from cases that fail."""
        return [*self.problems, *(one for one in self.findings if one.level == "error")]


def visible_drafts(user: User, on: dt.date) -> QuerySet[models.Draft]:
    """Drafts of the areas in which the user writes schemes."""
    paths = posts.scope_paths(user, Action.MANAGE_SCHEMES, on)
    rows = models.Draft.objects.select_related("area", "changed_by")
    return rows.filter(area__path__within=paths)


def draft_list(user: User, *, on: dt.date, search: str = "", state: str = "") -> QuerySet[models.Draft]:
    """The drafts, the last changed first."""
    rows = visible_drafts(user, on)
    if search:
        rows = rows.filter(title__icontains=search) | rows.filter(area__name__icontains=search)
    return rows.filter(state=state) if state else rows


def draft_lines(rows: QuerySet[models.Draft]) -> list[DraftLine]:
    return [_line(row) for row in rows]


def _line(row: models.Draft) -> DraftLine:
    return DraftLine(
        id=row.pk,
        title=row.title,
        title_en=row.title_en,
        scheme=row.scheme,
        area=areas.named(row.area),
        applies_from_date=row.applies_from_date,
        state=rules.DraftState(row.state),
        changed_at=row.changed_at,
        changed_by=row.changed_by.display_name,
        version_id=row.version_id,
    )


def draft_for(user: User, draft_id: int, *, on: dt.date) -> models.Draft:
    """A draft that the user may write. Raises NoSuchDraft."""
    row = visible_drafts(user, on).filter(pk=draft_id).first()
    if row is None:
        raise NoSuchDraft(_("没有这份草稿，或者您无权查看。"))
    return row


def draft_page(user: User, draft_id: int, *, on: dt.date) -> DraftPage:
    """A draft as it was last saved. Raises NoSuchDraft."""
    row = draft_for(user, draft_id, on=on)
    save = row.saves.get(number=row.number)
    found = reading.document(save.source)
    return DraftPage(
        line=_line(row),
        area=row.area,
        number=row.number,
        source=save.source,
        cases=save.cases,
        digest=save.digest,
        base=row.base,
        document=found,
        problems=found.problems,
        findings=reading.findings(found, max(on, row.applies_from_date)),
    )


def saves_of(draft_id: int) -> list[SaveLine]:
    """Every save, the last first; the draft was looked up for the user before."""
    rows = models.DraftSave.objects.filter(draft_id=draft_id).select_related("saved_by")
    return [
        SaveLine(row.number, row.deed, row.about, row.saved_at, row.saved_by.display_name)
        for row in rows.defer("source", "cases").order_by("-number")
    ]


def save_of(draft_id: int, number: int) -> models.DraftSave:
    """The text of one save. Raises NoSuchDraft."""
    row = models.DraftSave.objects.filter(draft_id=draft_id, number=number).first()
    if row is None:
        raise NoSuchDraft(_("没有这次保存。"))
    return row


def bases_for(user: User, *, on: dt.date) -> list[schemes.VersionLine]:
    """The versions that a draft can begin with."""
    return schemes.version_list(user, on=on)


def bounded(user: User, area: Area, on: dt.date) -> bool:
    """Whether the user writes schemes in the area."""
    return posts.can(user, Action.MANAGE_SCHEMES, area, on)


def base_version(user: User, version_id: int, *, on: dt.date) -> schemes_models.SchemeVersion:
    """A version to begin with. Raises schemes.NoSuchVersion."""
    return schemes.version_page(user, version_id, on=on).version
