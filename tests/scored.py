"""Helpers for tests about persons and organisations that are scored: adopting a scheme of Hezhang at home."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import jizhi
from jizhi.areas.models import Area
from jizhi.channels import services as channels
from jizhi.demo.month import moment
from jizhi.participants.models import Participant
from jizhi.schemes import selectors, services
from jizhi.schemes.rules import MeetingKind

HEZHANG = Path(jizhi.__file__).parent / "packs" / "hezhang" / "schemes"
BEGIN = dt.date(2026, 1, 1)


def adopt(village: Area, scheme: str, operator: Any, *, folder: Path = HEZHANG) -> None:
    """The village adopts one scheme from the first of January 2026."""
    at = moment(BEGIN - dt.timedelta(days=10), 10)
    county = Area.objects.get(level__key="county")
    (path,) = (folder / scheme).glob("*.yaml")
    version = services.load_version(area=county, path=path, by=operator, at=at)
    resolution = services.record_resolution(
        version=selectors.version_page(operator, version.pk, on=at.date()).version,
        village=village,
        kind=MeetingKind.REPRESENTATIVES,
        held_on_date=at.date(),
        members=45,
        present=41,
        votes_for=40,
        filing_number=f"备{scheme}",
        by=operator,
        at=at,
    )
    services.activate_version(resolution=resolution, effective_from_date=BEGIN, by=operator, at=at)


def follow(village: Area, scheme: str, by: Any, day: dt.date) -> list[Participant]:
    """Follow the registers, and everybody who takes part by then."""
    channels.follow_registers(village=village, scheme=scheme, by=by, at=moment(day, 8))
    rows = Participant.objects.filter(village=village, subject__scheme=scheme)
    return list(rows.select_related("subject").order_by("subject__key"))
