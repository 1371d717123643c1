"""Reporting a matter: by a household, by staff on the spot, or taken down from a call. No photo or place is forced."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.areas.models import Area
from jizhi.core import clock
from jizhi.matters import models, rules, selectors
from jizhi.matters.rules import Channel, Storey, Verb
from jizhi.matters.services import steps
from jizhi.matters.services.steps import UnusableMatter
from jizhi.people import selectors as people
from jizhi.people.models import Household, Subject
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes

if TYPE_CHECKING:
    from jizhi.engine.document.gridwork import MatterKind

NUMBER_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody reports. `request_key` is made by the client and makes a repeat harmless.

    `reported_at` is when it was written, if it lay on a phone since; the clock for handling starts on its arrival.
    """

    village: Area
    kind: str
    words: str
    request_key: str
    area: Area | None = None
    place: str = ""
    household: Household | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    reporter_name: str = ""
    reporter_phone: str = ""
    confidential: bool = False
    external_no: str = ""
    reported_at: dt.datetime | None = None


@transaction.atomic
def report_matter(
    *, report: Report, channel: Channel, photos: Sequence[IO[bytes]] = (), by: Any, at: dt.datetime
) -> models.Matter:
    """Put a matter on file; it waits to be accepted. Raises UnusableMatter, BadPhoto and posts.NotAllowed."""
    present = models.Matter.objects.filter(request_key=report.request_key).first()
    if present is not None:
        return present
    today = clock.day_of(at)
    area = _place_of(report)
    reporter = _checked_reporter(report, area, channel, by, today)
    if reporter is not None and report.area is None:
        area = people.areas_of_subjects([reporter.pk]).get(reporter.pk, area)
    kind = kind_of(report.village, report.kind)
    words = steps.needed(report.words, _("请写明是什么事。"))
    # The village's numbers are the lock: whoever sends the same at the same moment waits here for the first.
    hold_numbers(report.village, today.year)
    present = models.Matter.objects.filter(request_key=report.request_key).first()
    if present is not None:
        return present
    (number,) = take_numbers(report.village, today.year, 1)
    matter = new_matter(report, kind, number=number, area=area, channel=channel, words=words, by=by, at=at)
    matter.reporter = reporter
    matter.save(force_insert=True)
    step = steps.log(matter, Verb.REPORT, before=None, by=by, at=at, words=words, request_key="")
    steps.attach(matter, step, photos, at)
    return matter


def new_matter(
    report: Report,
    kind: "MatterKind",
    *,
    number: str,
    area: Area,
    channel: Channel,
    words: str,
    by: Any,
    at: dt.datetime,
) -> models.Matter:
    """The row of a matter that was just reported, unsaved."""
    clocks = selectors.clocks_in(report.village)
    when = min(report.reported_at or at, at)
    return models.Matter(
        number=number,
        village=report.village,
        area=area,
        place=report.place.strip(),
        latitude=report.latitude,
        longitude=report.longitude,
        kind=kind.key,
        kind_zh=kind.title.zh,
        kind_en=kind.title.en or "",
        urgent=kind.urgent,
        handle_days=kind.handle_days,
        words=words,
        household=report.household,
        channel=channel,
        reported_at=when,
        reported_date=clock.day_of(when),
        reported_by=by,
        reporter_name=report.reporter_name.strip(),
        reporter_phone=report.reporter_phone.strip() or None,
        confidential=report.confidential,
        storey=Storey.VILLAGE,
        state=rules.MatterState.REPORTED,
        due_date=rules.due_after(Verb.REPORT, clocks, kind.handle_days, clock.day_of(at)),
        external_no=report.external_no.strip(),
        request_key=report.request_key,
    )


def kind_of(village: Area, key: str) -> "MatterKind":
    """The kind of that key in the village's pack. Raises UnusableMatter."""
    found = next((kind for kind in schemes.matters_in(village).kinds if kind.key == key), None)
    if found is None:
        raise UnusableMatter(_("请选择事件种类。"), place="kind")
    return found


def _place_of(report: Report) -> Area:
    """The grid named, else the concerned household's, else the village."""
    area = report.area or (report.household.area if report.household else report.village)
    inside = area.path == report.village.path or area.path.startswith(f"{report.village.path}.")
    if not inside:
        raise UnusableMatter(_("地点不在本村。"), place="area")
    if report.household is not None and report.household.village_id != report.village.pk:
        raise UnusableMatter(_("这户不在本村。"), place="household")
    return area


def _checked_reporter(
    report: Report, area: Area, channel: Channel, by: Any, today: dt.date
) -> Subject | None:
    """Whether this user may report here; the household that reports, if it does so itself."""
    if channel is not Channel.HOUSEHOLD:
        posts.check_can(by, Action.REPORT_MATTER, area, today)
        home = report.household
        if home is not None and not posts.can(by, Action.REPORT_MATTER, home.area, today):
            raise UnusableMatter(_("这户不在您上报事件的范围内。"), place="household")
        return None
    own = people.subject_of_user(by, on=today)
    if own is None or own.village_id != report.village.pk:
        raise UnusableMatter(_("只能在自己村里上报。"), place="village")
    if report.household is not None and report.household.subject_id != own.pk:
        raise UnusableMatter(_("只能填写自己家。"), place="household")
    return own


def hold_numbers(village: Area, year: int) -> models.Series:
    """Lock the village's numbers of that year until the transaction ends."""
    models.Series.objects.get_or_create(village=village, year=year)
    return models.Series.objects.select_for_update().get(village=village, year=year)


def take_numbers(village: Area, year: int, count: int) -> list[str]:
    """The next numbers of the village in that year; the series stays locked until the transaction ends."""
    series = hold_numbers(village, year)
    first = series.last + 1
    series.last += count
    series.save(update_fields=["last"])
    return [f"{year}-{number:0{NUMBER_DIGITS}d}" for number in range(first, first + count)]
