"""Rounds and sheets as pages need them: how far each household has come, three columns and where they differ."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.claims import selectors as claims
from jizhi.claims.selectors import RecognisedItem
from jizhi.core import check_digits
from jizhi.core.errors import DomainError
from jizhi.people import selectors as people
from jizhi.people.models import Subject
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.recognition import models, rules
from jizhi.recognition.rules import Party, Score
from jizhi.reviews import selectors as reviews


class NoSuchSheet(DomainError):
    """The round or the sheet does not exist, or is not the user's to see."""


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round on the list."""

    id: int
    title: str
    village: str
    from_date: dt.date
    to_date: dt.date
    self_until_date: dt.date
    sheets: int
    self_scored: int
    team_scored: int
    decided: int


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A household's sheet on the round's list."""

    id: int
    subject_key: str
    subject_label: str
    area: str
    state: rules.SheetState
    code: str


@dataclass(frozen=True, slots=True)
class Row:
    """One item with what each party says and what that is worth before limits; photos by number."""

    item: RecognisedItem
    scores: dict[Party, Score]
    points: dict[Party, int]
    photos: list[int]
    claims: list[int]

    @property
    def differs(self) -> bool:
        """Whether those who have spoken disagree."""
        said = list(self.scores.values())
        return any(not one.same(said[0]) for one in said[1:])

    def score(self, party: Party) -> Score | None:
        return self.scores.get(party)


@dataclass(frozen=True, slots=True)
class SheetPage:
    """A sheet with its rows: the whole list of the scheme, in its order. `by_township`: who decides, or decided."""

    sheet: models.Sheet
    code: str
    rows: list[Row]
    totals: dict[Party, int]
    parties: list[Party]
    by_township: bool = False

    @property
    def differing(self) -> int:
        return sum(row.differs for row in self.rows)


def _visible_rounds(user: User, on: dt.date) -> QuerySet[models.Round]:
    paths = posts.scope_paths(user, Action.VIEW_LEDGER, on)
    villages = Area.objects.filter(Q(path__within=paths) | Q(pk__in=_villages_around(paths)))
    return models.Round.objects.filter(village__in=villages).select_related("village")


def _villages_around(paths: list[str]) -> QuerySet[Area, Any]:
    """The villages in which somebody serves a part."""
    found = Area.objects.none()
    for path in paths:
        found |= Area.objects.filter(path__ancestor_of=path, level_id="village")
    return found.values("pk")


def rounds(user: User, *, on: dt.date, village_code: str = "", words: str = "") -> QuerySet[models.Round]:
    """The rounds of the user's villages by filter, newest first."""
    rows = _visible_rounds(user, on)
    if words:
        rows = rows.filter(title__icontains=words)
    return rows.filter(village__code=village_code) if village_code else rows


def round_lines(rows: QuerySet[models.Round]) -> list[RoundLine]:
    """Rounds with how many sheets stand where; one query."""
    states = {state: Count("sheets", filter=Q(sheets__state=state)) for state in rules.SheetState}
    counted = rows.annotate(
        count=Count("sheets"),
        self_count=states[rules.SheetState.SELF_SCORED],
        team_count=states[rules.SheetState.TEAM_SCORED],
        decided_count=states[rules.SheetState.DECIDED],
    )
    return [
        RoundLine(
            row.pk, row.title, areas.named(row.village), row.from_date, row.to_date, row.self_until_date,
            row.count, row.self_count, row.team_count, row.decided_count,
        )
        for row in counted
    ]  # fmt: skip


def round_of(user: User, round_id: int, *, on: dt.date) -> models.Round:
    """A round of one of the user's villages. Raises NoSuchSheet."""
    row = _visible_rounds(user, on).filter(pk=round_id).first()
    if row is None:
        raise NoSuchSheet(_("没有这一轮认定，或者不是您村的。"))
    return row


def _visible_sheets(user: User, on: dt.date) -> QuerySet[models.Sheet]:
    """A household sees its own; staff those of the areas of their posts."""
    rows = models.Sheet.objects.select_related("round__village", "subject__household__area", "village")
    own = people.subject_of_user(user, on=on)
    if own is not None:
        return rows.filter(subject=own)
    paths = posts.scope_paths(user, Action.VIEW_LEDGER, on)
    return rows.filter(subject__household__area__path__within=paths)


def sheets(
    user: User, round_id: int, *, on: dt.date, state: str = "", words: str = ""
) -> QuerySet[models.Sheet]:
    """A round's sheets by filter, in the order of household numbers."""
    rows = _visible_sheets(user, on).filter(round_id=round_id)
    if state:
        rows = rows.filter(state=state)
    if words:
        rows = rows.filter(Q(subject__label__icontains=words) | Q(subject__key__icontains=words))
    return rows.order_by("subject__key")


def counts_by_state(rows: QuerySet[models.Sheet]) -> dict[rules.SheetState, int]:
    """How many sheets stand where; one query."""
    counts = rows.order_by("state").values_list("state").annotate(count=Count("pk"))
    return {rules.SheetState(state): count for state, count in counts}


@dataclass(frozen=True, slots=True)
class WaitingSheets:
    """How many sheets of a round wait for the user."""

    round_id: int
    title: str
    village: Area
    to_score: int
    to_decide: int
    self_until_date: dt.date


def sheets_waiting(user: User, *, on: dt.date) -> list[WaitingSheets]:
    """Rounds with sheets that the user's posts may score or decide now; one query.

    The work team is asked once a household has scored itself or its last day is over.
    """
    team = posts.scope_paths(user, Action.VERIFY_CLAIM, on)
    panel = posts.scope_paths(user, Action.HOLD_MEETING, on)
    state = rules.SheetState
    spoken = Q(sheets__state=state.SELF_SCORED) | Q(sheets__state=state.OPEN, self_until_date__lt=on)
    to_score = spoken & Q(sheets__subject__household__area__path__within=team)
    to_decide = Q(sheets__state=state.TEAM_SCORED, village__path__within=panel)
    rows = models.Round.objects.annotate(
        to_score=Count("sheets", filter=to_score, distinct=True),
        to_decide=Count("sheets", filter=to_decide, distinct=True),
    ).filter(Q(to_score__gt=0) | Q(to_decide__gt=0))
    return [
        WaitingSheets(row.pk, row.title, row.village, row.to_score, row.to_decide, row.self_until_date)
        for row in rows.select_related("village").order_by("self_until_date", "pk")
    ]


def concern_of(sheet: models.Sheet) -> reviews.Concern:
    """Whom a sheet is about, and whose hands its lines go through: who scored for the household, and the work team."""
    hands = frozenset({sheet.self_by_id or sheet.team_by_id or 0, sheet.team_by_id or 0})
    return reviews.Concern(sheet.pk, sheet.subject_id, hands)


@dataclass(frozen=True, slots=True)
class BeyondSheet:
    """A sheet that waits for the township, and why the village's panel cannot decide it."""

    sheet: SheetLine
    village: str
    round: str
    team_at: dt.datetime
    why: reviews.BeyondPanel


def beyond_panel(
    user: User, *, on: dt.date, village_code: str = "", sheet_id: int | None = None
) -> list[BeyondSheet]:
    """Sheets of the user's villages that the team has scored and on which recusal leaves too few members, the longest
    waiting first; a fixed number of queries.
    """
    rows = models.Sheet.objects.filter(
        state=rules.SheetState.TEAM_SCORED,
        village__path__within=posts.scope_paths(user, Action.RULE_CASE, on),
    )
    if village_code:
        rows = rows.filter(village__code=village_code)
    if sheet_id is not None:
        rows = rows.filter(pk=sheet_id)
    concerns: dict[int, list[reviews.Concern]] = {}
    for row in rows.only("village_id", "subject_id", "self_by_id", "team_by_id"):
        concerns.setdefault(row.village_id, []).append(concern_of(row))
    why = {one.case_id: one for one in reviews.beyond_panels(concerns, on)}
    if not why:
        return []
    found = models.Sheet.objects.filter(pk__in=why).order_by("team_at", "pk")
    found = found.select_related("round", "village", "subject__household__area")
    return [
        BeyondSheet(line, areas.named(row.village), row.round.title, row.team_at, why[row.pk])
        for row, line in zip(found, sheet_lines(found), strict=True)
        if row.team_at is not None
    ]


def sheet_lines(rows: QuerySet[models.Sheet]) -> list[SheetLine]:
    return [
        SheetLine(
            id=row.pk, subject_key=row.subject.key, subject_label=row.subject.label,
            area=row.subject.household.area.name, state=rules.SheetState(row.state), code=rules.sheet_code(row.pk),
        )
        for row in rows
    ]  # fmt: skip


def open_sheet_of(subject: Subject, on: dt.date) -> models.Sheet | None:
    """The household's latest sheet, if there is any."""
    rows = models.Sheet.objects.filter(subject=subject).select_related("round")
    return rows.order_by("-round__to_date", "-pk").first()


def other_sheets(user: User, sheet: models.Sheet, *, on: dt.date) -> list[models.Sheet]:
    """The same household's sheets of other rounds that the user may see, the newest first; one query."""
    rows = _visible_sheets(user, on).filter(subject=sheet.subject_id).exclude(pk=sheet.pk)
    return list(rows.order_by("-round__to_date", "-pk"))


def sheet_by_code(user: User, text: str, *, on: dt.date) -> int:
    """A sheet by its typed or scanned code. Raises NoSuchSheet."""
    number = check_digits.number_of(text, digits_min=rules.NUMBER_DIGITS)
    if number is None:
        raise NoSuchSheet(_("编码不对：请核对每一位数字，或重新扫码。"), place="code")
    row = _visible_sheets(user, on).filter(pk=number).first()
    if row is None:
        raise NoSuchSheet(_("没有这张认定表，或者您无权查看。"), place="code")
    return row.pk


def sheet_page(user: User, sheet_id: int, *, on: dt.date) -> SheetPage:
    """A sheet with the whole list and its columns. Raises NoSuchSheet."""
    sheet = _visible_sheets(user, on).filter(pk=sheet_id).first()
    if sheet is None:
        raise NoSuchSheet(_("没有这张认定表，或者您无权查看。"))
    return page_of(sheet)


def page_of(sheet: models.Sheet) -> SheetPage:
    """The page of a sheet that the caller may see."""
    parties = [party for party in Party if _has_spoken(sheet, party)]
    kept = {line.item: line for line in sheet.lines.prefetch_related("photos", "claims")}
    size = sheet.subject.size
    rows = []
    for item in claims.items_to_recognise(sheet.village, sheet.round.scheme, on=sheet.round.to_date):
        line = kept.get(item.id)
        scores = {party: score_of(line, party) for party in parties}
        points = {party: worth(item, score, size) for party, score in scores.items()}
        photos = [photo.pk for photo in line.photos.all()] if line else []
        made = [one.claim_id for one in line.claims.all()] if line else []
        rows.append(Row(item, scores, points, photos, made))
    totals = {party: sum(row.points[party] for row in rows) for party in parties}
    by_township = sheet.meeting_id is not None and reviews.is_ruling(sheet.meeting_id)
    return SheetPage(sheet, rules.sheet_code(sheet.pk), rows, totals, parties, by_township)


def _has_spoken(sheet: models.Sheet, party: Party) -> bool:
    moments = {Party.SELF: sheet.self_at, Party.TEAM: sheet.team_at, Party.DECIDED: sheet.decided_at}
    return moments[party] is not None


def score_of(line: models.Line | None, party: Party) -> Score:
    """What a party said on a line."""
    if line is None:
        return Score()
    amount: Decimal | None = getattr(line, f"{party.value}_amount")
    words = getattr(line, f"{party.value}_words", "")
    # The group decides on the acts that the team looked at, or the household named.
    days = (
        line.team_days or line.self_days if party is Party.DECIDED else getattr(line, f"{party.value}_days")
    )
    return Score(amount or Decimal(0), getattr(line, f"{party.value}_grade"), words, tuple(days))


def worth(item: RecognisedItem, score: Score, size: int) -> int:
    """What a score is worth before limits, in hundredths."""
    if score.says_nothing:
        return 0
    if item.needs == "quantity":
        return item.price(size=size, quantity=score.amount)
    if item.needs == "given":
        return item.price(size=size, given=score.amount)
    return item.price(size=size, grade=score.grade) * int(score.amount)


def photo_of(user: User, photo_id: int, *, on: dt.date) -> models.LinePhoto:
    """A photo of a sheet that the user may see. Raises NoSuchSheet."""
    row = models.LinePhoto.objects.filter(pk=photo_id, line__sheet__in=_visible_sheets(user, on)).first()
    if row is None:
        raise NoSuchSheet(_("没有这张照片，或者您无权查看。"))
    return row
