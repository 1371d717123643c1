"""Settlements and standings as pages and exports need them; why a number is what it is, see `reasons.py`."""

import csv
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.core.errors import DomainError
from jizhi.core.points import format_points
from jizhi.ledger import selectors as ledger
from jizhi.participants import selectors as participants
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
from jizhi.settlement import models, rules
from jizhi.settlement.selectors.published import Consequence as Consequence
from jizhi.settlement.selectors.published import LevelCount as LevelCount
from jizhi.settlement.selectors.published import Published as Published
from jizhi.settlement.selectors.published import SubjectSum as SubjectSum
from jizhi.settlement.selectors.published import Worth as Worth
from jizhi.settlement.selectors.published import consequences as consequences
from jizhi.settlement.selectors.published import figures_of as figures_of
from jizhi.settlement.selectors.published import levels as levels
from jizhi.settlement.selectors.published import named_periods as named_periods
from jizhi.settlement.selectors.published import published_figures as published_figures
from jizhi.settlement.selectors.reasons import Reckoning as Reckoning
from jizhi.settlement.selectors.reasons import reckoned_fact as reckoned_fact
from jizhi.settlement.selectors.reasons import reckoning as reckoning
from jizhi.settlement.selectors.reasons import settled_reckoning as settled_reckoning


class NoSuchSettlement(DomainError):
    """The settlement does not exist, or lies outside the user's scope."""


@dataclass(frozen=True, slots=True)
class SettlementLine:
    """A settlement on the list; points in hundredths. `equal` says that ledger and batch evaluator agree."""

    id: int
    village: str
    village_code: str
    scheme: str
    kind: rules.PeriodKind
    period: str
    revision: int
    subjects: int
    facts: int
    awarded: int
    ledger: int
    differences: list[tuple[int, int, int]]
    digest: str
    settled_at: dt.datetime
    settled_by: str

    @property
    def equal(self) -> bool:
        return not self.differences and self.awarded == self.ledger


@dataclass(frozen=True, slots=True)
class StandingLine:
    """A subject's line in a settlement; points in hundredths."""

    subject_id: int
    subject_key: str
    subject_label: str
    base: int
    awarded: int
    total: int
    rank: int
    level: str
    vetoed: bool


@dataclass(frozen=True, slots=True)
class SubjectPeriod:
    """What a subject has in a settled period."""

    period: str
    kind: rules.PeriodKind
    base: int
    awarded: int
    total: int
    level: str


@dataclass(frozen=True, slots=True)
class SubjectStanding:
    """Where a subject stood in a settled period, among how many; points in hundredths."""

    settlement_id: int
    period: str
    among: int
    total: int
    rank: int
    level: str


def visible_settlements(user: User, on: dt.date) -> QuerySet[models.Settlement]:
    """Settlements of the villages in the user's scope."""
    paths = posts.scope_paths(user, Action.VIEW_LEDGER, on)
    return models.Settlement.objects.filter(village__path__within=paths)


def _line(row: models.Settlement) -> SettlementLine:
    return SettlementLine(
        id=row.pk,
        village=areas.named(row.village),
        village_code=row.village.code,
        scheme=row.scheme,
        kind=rules.PeriodKind(row.kind),
        period=row.period,
        revision=row.revision,
        subjects=row.subjects,
        facts=row.facts,
        awarded=row.awarded,
        ledger=row.ledger,
        differences=[(fact, have, want) for fact, have, want in row.differences],
        digest=row.digest,
        settled_at=row.settled_at,
        settled_by=row.settled_by.display_name,
    )


def settlement_rows(
    user: User,
    *,
    on: dt.date,
    village_code: str = "",
    kind: str = "",
    scheme: str = "",
    latest: bool = False,
) -> QuerySet[models.Settlement]:
    """The settlements of the user's villages by filter, newest period first; `settlement_lines` makes lines.

    With `latest` only the last revision of each.
    """
    rows = visible_settlements(user, on)
    if village_code:
        rows = rows.filter(village__code=village_code)
    if kind:
        rows = rows.filter(kind=kind)
    if scheme:
        rows = rows.filter(scheme=scheme)
    if latest:
        same = {name: OuterRef(name) for name in ("village", "scheme", "kind", "period")}
        rows = rows.filter(
            ~Exists(models.Settlement.objects.filter(**same, revision__gt=OuterRef("revision")))
        )
    return rows.order_by("-to_date", "kind", "village__path", "-revision")


def settlement_lines(rows: QuerySet[models.Settlement]) -> list[SettlementLine]:
    """Settlements as lines; one query."""
    return [_line(row) for row in rows.select_related("village", "settled_by")]


def settlements(user: User, *, on: dt.date, village_code: str = "", kind: str = "") -> list[SettlementLine]:
    """The latest two hundred settlements of the user's villages, newest period first."""
    return settlement_lines(settlement_rows(user, on=on, village_code=village_code, kind=kind)[:200])


def settlement_line(user: User, settlement_id: int, *, on: dt.date) -> SettlementLine:
    """One settlement. Raises NoSuchSettlement."""
    row = (
        visible_settlements(user, on).select_related("village", "settled_by").filter(pk=settlement_id).first()
    )
    if row is None:
        raise NoSuchSettlement(_("没有这次结算，或者您无权查看。"))
    return _line(row)


def standings(
    settlement_id: int, *, words: str = "", level: str = "", top: int = 0
) -> QuerySet[models.Standing]:
    """The standings of a settlement the caller may see, by rank; with `top`, the first so many and their ties."""
    rows = models.Standing.objects.filter(settlement_id=settlement_id).select_related("subject")
    if words:
        rows = rows.filter(Q(subject__label__icontains=words) | Q(subject__key__icontains=words))
    if level:
        rows = rows.filter(level=level)
    if top:
        rows = rows.filter(rank__lte=top)
    return rows.order_by("rank", "subject__key")


def standing_lines(rows: QuerySet[models.Standing] | Sequence[models.Standing]) -> list[StandingLine]:
    """Standings as lines."""
    return [
        StandingLine(
            row.subject_id,
            row.subject.key,
            row.subject.label,
            row.base,
            row.awarded,
            row.total,
            row.rank,
            row.level,
            row.vetoed,
        )
        for row in rows
    ]


def levels_of(settlement_id: int) -> dict[str, int]:
    """How many subjects stand on each level."""
    counts: dict[str, int] = {}
    for level in models.Standing.objects.filter(settlement_id=settlement_id).values_list("level", flat=True):
        counts[level] = counts.get(level, 0) + 1
    return counts


def standings_of_subject(subject_id: int, *, limit: int) -> list[SubjectStanding]:
    """A subject's lines in the latest revisions of settlements, newest period first; one query."""
    same = {name: OuterRef(f"settlement__{name}") for name in ("village", "scheme", "kind", "period")}
    later = models.Settlement.objects.filter(**same, revision__gt=OuterRef("settlement__revision"))
    rows = models.Standing.objects.filter(~Exists(later), subject_id=subject_id).select_related("settlement")
    return [
        SubjectStanding(
            row.settlement_id, row.settlement.period, row.settlement.subjects, row.total, row.rank, row.level
        )
        for row in rows.order_by("-settlement__to_date", "settlement__kind")[:limit]
    ]


def periods_of_subject(subject_id: int) -> list[SubjectPeriod]:
    """A subject's settled periods, the latest revision of each, newest first."""
    rows = (
        models.Standing.objects.filter(subject_id=subject_id)
        .select_related("settlement")
        .order_by("-settlement__to_date", "settlement__kind", "-settlement__revision")
    )
    seen: dict[tuple[str, str], SubjectPeriod] = {}
    for row in rows:
        key = (row.settlement.kind, row.settlement.period)
        seen.setdefault(
            key,
            SubjectPeriod(
                row.settlement.period,
                rules.PeriodKind(row.settlement.kind),
                row.base,
                row.awarded,
                row.total,
                row.level,
            ),
        )
    return list(seen.values())


def export_files(village: Area, scheme: str, folder: Path) -> None:
    """Write a village's ledger in the engine's file interface, so that anybody can settle it again elsewhere.

    `scheme/<day>.yaml` the versions in force, `subjects.csv`, `facts.csv`; and what the installation itself says:
    `awards.csv` from the ledger's entries, `totals.csv` from the stored settlements (the latest revisions).
    """
    (folder / "scheme").mkdir(parents=True, exist_ok=True)
    for day, source in schemes.sources_in_village(village, scheme):
        (folder / "scheme" / f"{day.isoformat()}.yaml").write_text(source, encoding="utf-8")
    rows = ledger.facts_of_village(village, scheme)
    _write(
        folder / "subjects.csv",
        ["subject", "group", "size", "from_date", "to_date"],
        [
            [row.key, row.group, row.size, row.from_date, row.to_date]
            for row in participants.subjects_in(village, scheme)
        ],
    )
    _write(
        folder / "facts.csv",
        ["fact", "subject", "item", "date", "quantity", "grade", "given", "act", "reversed"],
        [
            [
                r.id,
                r.subject_key,
                r.item,
                r.act_date,
                r.quantity,
                r.grade,
                r.given,
                r.act,
                str(r.reversed).lower(),
            ]
            for r in rows
        ],
    )
    places = schemes.versions_in_village(village, scheme).latest.unit.places
    worth = ledger.worth_of_facts([row.id for row in rows])
    _write(
        folder / "awards.csv",
        ["fact", "subject", "item", "date", "awarded", "held_back"],
        [
            [
                r.id,
                r.subject_key,
                r.item,
                r.act_date,
                *(format_points(p, places) for p in worth.get(r.id, (0, 0))),
            ]
            for r in rows
        ],
    )
    _write(folder / "totals.csv", TOTALS, _totals(village, scheme, places))


TOTALS = ["subject", "group", "period_kind", "period", "base", "awarded", "total", "rank", "level", "vetoed"]


def _totals(village: Area, scheme: str, places: int) -> list[list[object]]:
    latest: dict[tuple[str, str], models.Settlement] = {}
    for row in models.Settlement.objects.filter(village=village, scheme=scheme).order_by("revision"):
        latest[row.kind, row.period] = row
    standings = models.Standing.objects.filter(settlement__in=latest.values()).select_related(
        "subject", "settlement"
    )
    return sorted(
        [
            row.subject.key,
            row.subject.group,
            row.settlement.kind.value,
            row.settlement.period,
            format_points(row.base, places),
            format_points(row.awarded, places),
            format_points(row.total, places),
            row.rank,
            row.level,
            str(row.vetoed).lower(),
        ]
        for row in standings
    )


def _write(path: Path, names: list[str], rows: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows([["" if value is None else value for value in row] for row in rows])
