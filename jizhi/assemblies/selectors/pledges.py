"""Pledges: which texts a village asked for, who has signed and who has not, grid by grid; a household's own."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.assemblies import models, rules
from jizhi.core.errors import DomainError
from jizhi.people.models import Household
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes.models import SchemeVersion


class NoSuchPledge(DomainError):
    """The pledge or signature does not exist, or is not the user's to see."""


@dataclass(frozen=True, slots=True)
class PledgeLine:
    """A text that was asked for, and how far it has come."""

    id: int
    village: str
    scheme: str
    scheme_en: str
    applies_from_date: dt.date
    asked_at: dt.datetime
    signed: int
    households: int

    @property
    def percent(self) -> int:
        return self.signed * 100 // self.households if self.households else 0


@dataclass(frozen=True, slots=True)
class PledgeRow:
    """One household of the grid: what it said last, if anything."""

    subject_id: int
    no: str
    head: str
    grid: str
    answer_id: int | None
    answer: rules.Answer | None
    how: rules.How | None
    signer: str
    note: str
    answered_at: dt.datetime | None
    has_picture: bool


@dataclass(frozen=True, slots=True)
class PledgePage:
    """One text with every household of the village, grid by grid."""

    row: models.PledgeText
    line: PledgeLine
    rows: list[PledgeRow]
    grids: list[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class OwnPledge:
    """What a household is asked, and what it said."""

    row: models.PledgeText
    answers: list[models.PledgeAnswer]

    @property
    def latest(self) -> models.PledgeAnswer | None:
        return self.answers[-1] if self.answers else None

    @property
    def signed(self) -> bool:
        return self.latest is not None and self.latest.answer is rules.Answer.SIGNED


def _visible(user: User, on: dt.date) -> QuerySet[models.PledgeText]:
    paths = posts.scope_paths(user, Action.VIEW_LEDGER, on)
    return models.PledgeText.objects.filter(village__path__within=paths)


def latest_answers(pledge_ids: list[int]) -> dict[tuple[int, int], models.PledgeAnswer]:
    """(pledge, subject) → the latest answer; one query."""
    rows = models.PledgeAnswer.objects.filter(pledge__in=pledge_ids).order_by(
        "pledge_id", "subject_id", "-id"
    )
    return {(row.pledge_id, row.subject_id): row for row in rows.distinct("pledge_id", "subject_id")}


def latest_answer(pledge_id: int, subject_id: int) -> models.PledgeAnswer | None:
    """What a household said last."""
    return models.PledgeAnswer.objects.filter(pledge=pledge_id, subject=subject_id).order_by("-id").first()


def pledges(user: User, *, on: dt.date, village_code: str = "", words: str = "") -> list[PledgeLine]:
    """The texts of the user's villages by filter, with their progress."""
    rows = _visible(user, on)
    if village_code:
        rows = rows.filter(village__code=village_code)
    if words:
        rows = rows.filter(
            Q(version__title__icontains=words)
            | Q(version__title_en__icontains=words)
            | Q(text__icontains=words)
        )
    texts = list(rows.select_related("village", "version").defer("version__source"))
    answers = latest_answers([text.pk for text in texts])
    villages = {text.village_id for text in texts}
    found: dict[int, set[int]] = {}
    here = Household.objects.registered_on(on).filter(village__in=villages)
    for village_id, subject_id in here.values_list("village_id", "subject_id"):
        found.setdefault(village_id, set()).add(subject_id)
    signed: dict[int, set[int]] = {}
    for (pledge_id, subject_id), row in answers.items():
        if row.answer is rules.Answer.SIGNED:
            signed.setdefault(pledge_id, set()).add(subject_id)
    return [
        _line(
            text,
            len(signed.get(text.pk, set()) & found.get(text.village_id, set())),
            len(found.get(text.village_id, ())),
        )
        for text in texts
    ]


def _line(text: models.PledgeText, signed: int, households: int) -> PledgeLine:
    return PledgeLine(
        id=text.pk,
        village=areas.named(text.village),
        scheme=text.version.title,
        scheme_en=text.version.title_en,
        applies_from_date=text.version.applies_from_date,
        asked_at=text.asked_at,
        signed=signed,
        households=households,
    )


def pledge_for(user: User, pledge_id: int, *, on: dt.date) -> models.PledgeText:
    """A text in the user's scope. Raises NoSuchPledge."""
    row = _visible(user, on).select_related("village", "version").filter(pk=pledge_id).first()
    if row is None:
        raise NoSuchPledge(_("没有这份承诺书，或者您无权查看。"))
    return row


def pledge_page(user: User, pledge_id: int, *, on: dt.date) -> PledgePage:
    """One text with every household registered today. Raises NoSuchPledge."""
    text = pledge_for(user, pledge_id, on=on)
    answers = latest_answers([text.pk])
    households = (
        Household.objects.registered_on(on)
        .filter(village=text.village)
        .select_related("area")
        .order_by("area__path", "no")
    )
    rows = [_row(one, answers.get((text.pk, one.subject_id))) for one in households]
    grids: dict[str, list[int]] = {}
    for row in rows:
        count = grids.setdefault(row.grid, [0, 0])
        count[0] += row.answer is rules.Answer.SIGNED
        count[1] += 1
    signed = sum(row.answer is rules.Answer.SIGNED for row in rows)
    return PledgePage(
        text,
        _line(text, signed, len(rows)),
        rows,
        [(name, signed_here, all_here) for name, (signed_here, all_here) in grids.items()],
    )


def _row(one: Household, answer: models.PledgeAnswer | None) -> PledgeRow:
    return PledgeRow(
        subject_id=one.subject_id,
        no=one.no,
        head=one.head_name,
        grid=areas.named(one.area),
        answer_id=answer.pk if answer else None,
        answer=answer.answer if answer else None,
        how=answer.how if answer else None,
        signer=answer.signer if answer else "",
        note=answer.note if answer else "",
        answered_at=answer.answered_at if answer else None,
        has_picture=bool(answer and answer.file),
    )


def own_pledge(subject_id: int, village: Area) -> OwnPledge | None:
    """What a household is asked now: the newest text of its village."""
    text = models.PledgeText.objects.filter(village=village).select_related("version").first()
    if text is None:
        return None
    answers = models.PledgeAnswer.objects.filter(pledge=text, subject=subject_id).order_by("id")
    return OwnPledge(text, list(answers))


def signature_of(
    user: User, answer_id: int, *, on: dt.date, subject_id: int | None = None
) -> models.PledgeAnswer:
    """A signature of the user's villages, or of the household itself. Raises NoSuchPledge."""
    rows = models.PledgeAnswer.objects.exclude(file="")
    rows = rows.filter(subject=subject_id) if subject_id else rows.filter(pledge__in=_visible(user, on))
    row = rows.filter(pk=answer_id).first()
    if row is None:
        raise NoSuchPledge(_("没有这份签字，或者您无权查看。"))
    return row


def askable_versions(villages: list[Area]) -> list[tuple[Area, SchemeVersion]]:
    """Versions in force in these villages for which no pledge was asked yet."""
    rows = SchemeVersion.objects.filter(activations__village__in=villages).defer("source").distinct()
    asked = set(models.PledgeText.objects.filter(village__in=villages).values_list("village", "version"))
    active = {
        (village, version)
        for version, village in rows.values_list("pk", "activations__village")
        if village in {one.pk for one in villages}
    }
    by_id = {row.pk: row for row in rows}
    by_place = {one.pk: one for one in villages}
    return [(by_place[village], by_id[version]) for village, version in sorted(active - asked)]
