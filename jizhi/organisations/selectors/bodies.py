"""Which bodies a village or community has under a set of them, one village at a time or many on a page."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from jizhi.areas.models import Area
from jizhi.organisations import rules
from jizhi.organisations.models import Organisation, UnitReport
from jizhi.organisations.rules import BodySet, OrganisationKind
from jizhi.organisations.selectors.tree import OrganisationLine, organisation_lines


@dataclass(frozen=True)
class BodyLine:
    """A line of the set of bodies: what it is called and which organisations fill it."""

    title: str
    leads: bool
    organisations: tuple[OrganisationLine, ...]

    @property
    def exists(self) -> bool:
        """Whether the village has this body."""
        return bool(self.organisations)


@dataclass(frozen=True)
class VillageBodies:
    """Which of the bodies of a set a village has, and who leads them."""

    village: Area
    bodies: BodySet
    lines: tuple[BodyLine, ...]

    @property
    def present(self) -> int:
        """How many of the lines are filled."""
        return sum(line.exists for line in self.lines)


def village_bodies(village: Area, key: str, *, on: dt.date) -> VillageBodies:
    """The bodies of a village under a set (`1+6`, `1+4`): three queries."""
    bodies = rules.body_set(key)
    wanted = [bodies.lead, *bodies.bodies]
    kinds = {kind.value for body in wanted if not body.by_report for kind in body.kinds}
    here = Organisation.objects.open_on(on).filter(area=village, kind__in=kinds)
    units = UnitReport.objects.on(on).filter(area=village).values("unit")
    rows = Organisation.objects.filter(Q(pk__in=here.values("pk")) | Q(pk__in=units)).order_by(
        "kind", "name", "id"
    )
    reporting = set(units.values_list("unit", flat=True))
    lines = organisation_lines(rows, on)
    found = []
    for body in wanted:
        fits = [
            line for line in lines if line.kind in body.kinds and (line.id in reporting) >= body.by_report
        ]
        found.append(BodyLine(body.title, body is bodies.lead, tuple(fits)))
    return VillageBodies(village, bodies, tuple(found))


@dataclass(frozen=True)
class BodyCount:
    """A village of the overview: how many of the bodies it has, which are missing."""

    village: Area
    present: int
    total: int
    missing: tuple[str, ...]


def bodies_by_village(villages: Iterable[Area], key: str, *, on: dt.date) -> list[BodyCount]:
    """For a page of villages, which bodies are there: two queries however many villages."""
    villages = list(villages)
    bodies = rules.body_set(key)
    wanted = [bodies.lead, *bodies.bodies]
    have: dict[int, set[OrganisationKind]] = {village.pk: set() for village in villages}
    rows = Organisation.objects.open_on(on).filter(area__in=villages).order_by().values_list("area", "kind")
    for area_id, kind in rows.distinct():
        have[area_id].add(OrganisationKind(kind))
    reports = UnitReport.objects.on(on).filter(area__in=villages).order_by()
    reported = set(reports.values_list("area", flat=True).distinct())
    found = []
    for village in villages:
        filled = [
            village.pk in reported if body.by_report else bool(have[village.pk] & body.kinds)
            for body in wanted
        ]
        missing = tuple(body.title for body, there in zip(wanted, filled, strict=True) if not there)
        found.append(BodyCount(village, sum(filled), len(wanted), missing))
    return found
