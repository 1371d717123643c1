"""Which scheme is in force where and when, and the pages' view of versions and resolutions.

Documents are parsed once per text and kept: a version's text never changes, so its digest is its key.
"""

import datetime as dt
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Min, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.core.errors import DomainError
from jizhi.engine import describe, guard, loader, tables
from jizhi.engine.document import scheme as documents
from jizhi.engine.document.claiming import Claiming
from jizhi.engine.document.gridwork import BookField, Matters, Visits
from jizhi.engine.document.item import Item
from jizhi.engine.document.limit import Limit
from jizhi.engine.document.points import Between, Ladder
from jizhi.engine.document.problem import Problem
from jizhi.people.models import Subject
from jizhi.people.selectors import SubjectRow
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import models, rules


class NoSuchVersion(DomainError):
    """The version does not exist, or lies outside the user's scope."""


class NotInForce(DomainError):
    """No version of the scheme is in force in the village on that day."""


@dataclass(frozen=True, slots=True)
class ResolutionLine:
    """A village's resolution on a version, and whether it put the version in force."""

    id: int
    village: str
    village_code: str
    kind: rules.MeetingKind
    held_on_date: dt.date
    members: int
    present: int
    votes_for: int
    filing_number: str
    summary: str
    effective_from_date: dt.date | None


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version on the list: what it is, how many villages it is in force in."""

    id: int
    scheme: str
    title: str
    title_en: str
    area: str
    applies_from_date: dt.date
    digest: str
    loaded_at: dt.datetime
    active_villages: int


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A version with its document and its resolutions."""

    version: models.SchemeVersion
    line: VersionLine
    document: documents.Scheme
    source: str
    resolutions: list[ResolutionLine]
    villages_without: list[Area]


_DOCUMENTS: dict[str, documents.Scheme] = {}


def document(version: models.SchemeVersion) -> documents.Scheme:
    """The version's document, parsed once per process; its text is fetched only where it is not known yet."""
    if version.digest not in _DOCUMENTS:
        _DOCUMENTS[version.digest] = loader.load_scheme(version.source)
    return _DOCUMENTS[version.digest]


@functools.lru_cache(maxsize=256)
def _versions(adopted: tuple[tuple[dt.date, str], ...]) -> loader.Versions:
    """The versions of one village, by day and digest; their documents are known by now."""
    return loader.Versions.of(*((day, _DOCUMENTS[digest]) for day, digest in adopted))


def _activations(village: Area, scheme: str) -> list[models.Activation]:
    return list(
        models.Activation.objects.filter(village=village, version__scheme=scheme)
        .select_related("version", "resolution")
        .defer("version__source", "version__cases")
        .order_by("effective_from_date", "id")
    )


def versions_in_village(village: Area, scheme: str) -> loader.Versions:
    """Every version that the village adopted, by the day from which it is in force there. Raises NotInForce."""
    adopted = {row.effective_from_date: row.version for row in _activations(village, scheme)}
    if not adopted:
        raise NotInForce(_("%(village)s还没有生效的积分细则。") % {"village": village.name})
    for version in adopted.values():
        document(version)
    return _versions(tuple((day, version.digest) for day, version in adopted.items()))


def sources_in_village(village: Area, scheme: str) -> list[tuple[dt.date, str]]:
    """The texts that the village adopted, each with the day from which it is in force there."""
    return [(row.effective_from_date, row.version.source) for row in _activations(village, scheme)]


def activation_on(village: Area, scheme: str, day: dt.date) -> models.Activation | None:
    """The activation that is in force in the village on `day`."""
    return (
        models.Activation.objects.filter(
            village=village, version__scheme=scheme, effective_from_date__lte=day
        )
        .select_related("version", "resolution")
        .order_by("-effective_from_date", "-id")
        .first()
    )


def scheme_on(village: Area, scheme: str, day: dt.date) -> documents.Scheme:
    """The document in force in the village on `day`. Raises NotInForce where there is none."""
    activation = activation_on(village, scheme, day)
    if activation is None:
        raise NotInForce(
            _("%(village)s在%(day)s没有生效的积分细则。") % {"village": village.name, "day": day.isoformat()}
        )
    return document(activation.version)


def first_days_in_force(villages: Sequence[Area], scheme: str) -> dict[int, dt.date]:
    """From which day each village has had any version of the scheme in force; one query."""
    rows = models.Activation.objects.filter(village__in=villages, version__scheme=scheme)
    firsts = rows.order_by("village_id").values_list("village_id").annotate(first=Min("effective_from_date"))
    return dict(firsts)


def pack_of(area: Area) -> models.Pack | None:
    """The pack of the nearest area above that has one."""
    return (
        models.Pack.objects.filter(area__path__ancestor_of=area.path).order_by("-area__level__depth").first()
    )


def visits_in(area: Area) -> Visits:
    """How often households are visited in an area; once a month where no pack says otherwise."""
    pack = pack_of(area)
    return Visits.model_validate(pack.visits) if pack else Visits()


def book_of(area: Area) -> tuple[BookField, ...]:
    """The lines of the household book in an area, in order; none where no pack is loaded."""
    pack = pack_of(area)
    return tuple(BookField.model_validate(line) for line in pack.book) if pack else ()


def matters_in(area: Area) -> Matters:
    """Kinds of matters and their clocks in an area; no kinds where no pack is loaded."""
    pack = pack_of(area)
    return Matters.model_validate(pack.matters) if pack else Matters()


def claiming_in(area: Area) -> Claiming:
    """Which faults may be mended and what records earn in an area; nothing where no pack is loaded."""
    pack = pack_of(area)
    return Claiming.model_validate(pack.claims) if pack else Claiming()


def clocks(area: Area) -> rules.Clocks:
    """The legal clocks that hold in an area; the defaults where no pack is loaded."""
    return _clocks(pack_of(area))


def clocks_of(villages: Sequence[Area]) -> dict[int, rules.Clocks]:
    """The legal clocks of many villages; one query, and one a pack."""
    packs = models.Pack.objects.select_related("area__level").order_by("-area__level__depth")
    known = [(pack.area.path, _clocks(pack)) for pack in packs]
    return {
        village.pk: next((c for path, c in known if _within(village.path, [path])), rules.Clocks())
        for village in villages
    }


def _clocks(pack: models.Pack | None) -> rules.Clocks:
    """What the county set last, or the pack's own."""
    return clocks_in(pack.clock_changes.first() or pack) if pack else rules.Clocks()


def clocks_in(row: models.Pack | models.ClockChange) -> rules.Clocks:
    """The clocks that a pack or a change of it holds."""
    pack = row if isinstance(row, models.Pack) else row.pack
    return rules.Clocks(**{name: getattr(row, name) for name in rules.CLOCKS}, working_days=pack.working_days)


def _visible_versions(user: User, on: dt.date) -> QuerySet[models.SchemeVersion]:
    """Versions of the areas that a user's posts lie in: their own, those above, and those below."""
    paths = posts.scope_paths(user, Action.VIEW_DESK, on)
    versions = models.SchemeVersion.objects.select_related("area")
    reach = Area.objects.none()
    for path in paths:
        reach |= Area.objects.filter(path__ancestor_of=path) | Area.objects.filter(path__descendant_of=path)
    return versions.filter(area__in=reach)


def _version_line(version: models.SchemeVersion, active: int) -> VersionLine:
    return VersionLine(
        id=version.pk,
        scheme=version.scheme,
        title=version.title,
        title_en=version.title_en,
        area=areas.named(version.area),
        applies_from_date=version.applies_from_date,
        digest=version.digest,
        loaded_at=version.loaded_at,
        active_villages=active,
    )


def version_list(user: User, *, on: dt.date) -> list[VersionLine]:
    """The versions that a user may read, newest first within a scheme."""
    versions = _visible_versions(user, on).annotate(active=Count("activations", distinct=True))
    return [_version_line(version, version.active) for version in versions]


def version_page(user: User, version_id: int, *, on: dt.date) -> VersionPage:
    """One version with its document, resolutions, and the villages that have not adopted it yet."""
    version = (
        _visible_versions(user, on)
        .prefetch_related(
            Prefetch("resolutions", models.Resolution.objects.select_related("village", "activation"))
        )
        .filter(pk=version_id)
        .first()
    )
    if version is None:
        raise NoSuchVersion(_("没有这个版本的积分细则，或者您无权查看。"))
    resolutions = [_resolution_line(row) for row in version.resolutions.all()]
    adopted = {row.village_code for row in resolutions if row.effective_from_date}
    villages = Area.objects.filter(path__descendant_of=version.area.path, level__key="village")
    mine = posts.scope_paths(user, Action.ACTIVATE_SCHEME, on)
    without = [v for v in villages if v.code not in adopted and _within(v.path, mine)]
    active = sum(1 for row in resolutions if row.effective_from_date)
    return VersionPage(
        version, _version_line(version, active), document(version), version.source, resolutions, without
    )


def findings(version: models.SchemeVersion, *, on: dt.date) -> list[Problem]:
    """What the law guard has to say about a version, with the lines it stands in."""
    _scheme, lines = loader.load_scheme_with_lines(f"{version.source}\n")
    return guard.check(document(version), on, lines=lines)


def resolution_for(user: User, resolution_id: int, *, on: dt.date) -> models.Resolution:
    """A resolution of a village in which the user may put versions in force. Raises NoSuchVersion."""
    paths = posts.scope_paths(user, Action.ACTIVATE_SCHEME, on)
    rows = models.Resolution.objects.select_related("village", "version")
    found = rows.filter(pk=resolution_id, village__path__within=paths).first()
    if found is None:
        raise NoSuchVersion(_("没有这份决议，或者您无权办理。"))
    return found


def _within(path: str, scopes: list[str]) -> bool:
    return any(path == scope or path.startswith(f"{scope}.") for scope in scopes)


def _resolution_line(row: models.Resolution) -> ResolutionLine:
    activation = getattr(row, "activation", None)
    return ResolutionLine(
        id=row.pk,
        village=areas.named(row.village),
        village_code=row.village.code,
        kind=rules.MeetingKind(row.kind),
        held_on_date=row.held_on_date,
        members=row.members,
        present=row.present,
        votes_for=row.votes_for,
        filing_number=row.filing_number,
        summary=row.summary,
        effective_from_date=activation.effective_from_date if activation else None,
    )


@dataclass(frozen=True, slots=True)
class PublicScheme:
    """What anybody may read of the scheme in force in a village, with the resolution that adopted it."""

    village: Area
    document: documents.Scheme
    effective_from_date: dt.date
    resolution: ResolutionLine
    digest: str


def public_scheme(village: Area, scheme: str, *, on: dt.date) -> PublicScheme | None:
    """The scheme that is in force, or the next that will be; None where the village has adopted none."""
    activation = activation_on(village, scheme, on) or next(iter(_activations(village, scheme)), None)
    if activation is None:
        return None
    return PublicScheme(
        village=village,
        document=document(activation.version),
        effective_from_date=activation.effective_from_date,
        resolution=_resolution_line(activation.resolution),
        digest=activation.version.digest,
    )


@dataclass(frozen=True, slots=True)
class ItemWords:
    """An item read out: price, limits, the unit of its quantity, how long it counts, who brings it, what shows it."""

    price: str
    limits: list[str]
    unit: str
    valid: str
    channels: list[str]
    evidence: list[str]


def item_words(item: Item, language: str) -> ItemWords:
    """The words of an item for whoever reads the scheme, in `zh…` or `en…`."""
    return ItemWords(
        price=describe.price(item, language),
        limits=limit_words(item.limits, language),
        unit=describe.word(item.unit_word, language) if item.unit_word else "",
        valid=describe.duration(item.valid, language) if item.valid else "",
        channels=[describe.channel(one, language) for one in item.claim],
        evidence=[describe.evidence(one, language) for one in item.evidence],
    )


def limit_words(limits: Sequence[Limit], language: str) -> list[str]:
    """Limits of an item, a section or the whole scheme in words."""
    return [describe.limit(one, language) for one in limits]


def engine_subject(subject: Subject | SubjectRow) -> tables.Subject:
    """A subject as the evaluators take it; the group is its village (or what the subject row says)."""
    return tables.Subject(
        subject=subject.key,
        group=subject.group,
        size=subject.size,
        from_date=subject.from_date,
        to_date=subject.to_date,
    )


def item_of(versions: loader.Versions, item_id: str, day: dt.date) -> Item:
    """An item as it read on a day. Raises NotInForce where no version of that day has it."""
    document = versions.on(day)
    item = document.item(item_id) if document else None
    if item is None:
        raise NotInForce(
            _("%(day)s的积分细则里没有条目%(item)s。") % {"day": day.isoformat(), "item": item_id}
        )
    return item


def day_in_force(versions: loader.Versions, day: dt.date) -> dt.date:
    """From which day the version that holds on `day` is in force."""
    version = versions.version_on(day)
    if version is None or version.from_date is None:
        raise NotInForce(_("%(day)s没有生效的积分细则。") % {"day": day.isoformat()})
    return version.from_date


def panel_decides(item: Item) -> bool:
    """Whether the panel, not the claimant, says the grade or the points."""
    return isinstance(item.points, Ladder | Between)


def allows(item: Item, given: Decimal | None) -> bool:
    """Whether points given by the panel lie inside the item's bounds."""
    if not isinstance(item.points, Between) or given is None:
        return False
    low, high = item.points.between
    return low <= given <= high
