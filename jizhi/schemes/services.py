"""Loading versions, recording resolutions, and putting a version in force. No resolution, no activation."""

import datetime as dt
import hashlib
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.engine import cases as engine_cases
from jizhi.engine import guard, loader
from jizhi.engine.document.problem import Problem
from jizhi.engine.document.scheme import Scheme
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import models, rules, selectors


class RefusedDocument(DomainError):
    """The document has errors, or the law guard refuses it; `problems` lists each with its place."""

    def __init__(self, message: Any, problems: list[Problem]) -> None:
        super().__init__(message, place="file")
        self.problems = problems


class VersionDiffers(DomainError):
    """A version of that day exists already and says something else."""


class ResolutionFails(DomainError):
    """The resolution's numbers do not carry: attendance, majority, or dates."""


class AlreadyActive(DomainError):
    """The version is in force in that village already."""


@transaction.atomic
def load_pack(*, folder: Path, area: Area, by: User, at: dt.datetime) -> models.Pack:
    """Take a pack's clocks and calendar over for `area`, and load every scheme version in it.

    Loading the same pack again changes nothing. Raises RefusedDocument.
    """
    pack = loader.load_pack(folder)
    row, _created = models.Pack.objects.update_or_create(
        area=area,
        defaults={
            "key": pack.id,
            "title": pack.title.zh,
            "title_en": pack.title.en,
            "post_by_day": pack.clocks.post_by_day,
            "window_days": pack.clocks.window_days,
            "answer_days": pack.clocks.answer_days,
            "hand_up_days": pack.clocks.hand_up_days,
            "escalate_days": pack.clocks.escalate_days,
            "public_days": pack.clocks.public_days,
            "summary_days": pack.clocks.summary_days,
            "appeal_days": pack.clocks.appeal_days,
            "working_days": pack.clocks.working_days,
            "opening_day": pack.store.day,
            "opening_every": pack.store.every,
            "visits": pack.visits.model_dump(mode="json"),
            "book": [one.model_dump(mode="json") for one in pack.book],
            "matters": pack.matters.model_dump(mode="json"),
            "panels": pack.panels.model_dump(mode="json"),
            "meeting_day": pack.calendar.meeting_day,
            "claims": pack.claims.model_dump(mode="json"),
            "loaded_at": at,
        },
    )
    tests = sorted((folder / "tests").glob("*.yaml"))
    for versions in pack.schemes.values():
        for version in versions.entries:
            written = engine_cases.text_for(versions, version, tests)
            load_version(area=area, path=Path(version.file), cases=written, by=by, at=at)
    audit.record_event(by=by, at=at, verb="pack.load", target=row, area_path=area.path)
    return row


class ClocksOutOfBounds(DomainError):
    """A clock would give villagers less than the pack does."""


@transaction.atomic
def change_clocks(
    *, pack: models.Pack, clocks: rules.Clocks, reason: str, by: User, at: dt.datetime
) -> models.ClockChange:
    """Set the clocks of an area within its pack's bounds; what hangs already keeps its own.

    Raises ClocksOutOfBounds with the first clock that leaves them, or without a reason.
    """
    posts.check_can(by, Action.MANAGE_CLOCKS, pack.area, clock.day_of(at))
    for name, (least, most) in rules.clocks_against(selectors.clocks_in(pack), clocks).items():
        raise ClocksOutOfBounds(
            _("只能在%(least)s到%(most)s天之间。") % {"least": least, "most": most}, place=name
        )
    if not reason.strip():
        raise ClocksOutOfBounds(_("请写明调整的依据。"), place="reason")
    before = selectors.clocks(pack.area)
    clocks = replace(clocks, working_days=before.working_days)  # the pack's alone
    if clocks == before:
        raise ClocksOutOfBounds(_("没有改动。"))
    change = models.ClockChange.objects.create(
        pack=pack,
        **{name: getattr(clocks, name) for name in rules.CLOCKS},
        reason=reason.strip(),
        changed_at=at,
        changed_by=by,
    )
    audit.record_event(
        by=by,
        at=at,
        verb="clocks.change",
        target=change,
        area_path=pack.area.path,
        detail={"before": asdict(before), "after": asdict(clocks), "reason": change.reason},
    )
    return change


@transaction.atomic
def load_version(
    *, area: Area, path: Path, cases: str = "", by: User, at: dt.datetime
) -> models.SchemeVersion:
    """Load one version file (named by the day from which it applies) for `area`.

    The same text again gives the version that is there. Raises RefusedDocument and VersionDiffers.
    """
    source, day = path.read_text(encoding="utf-8"), dt.date.fromisoformat(path.stem)
    return load_version_text(area=area, source=source, applies_from_date=day, cases=cases, by=by, at=at)


@transaction.atomic
def load_version_text(
    *, area: Area, source: str, applies_from_date: dt.date, cases: str = "", by: User, at: dt.datetime
) -> models.SchemeVersion:
    """Load one version from its text, as it was uploaded, with its cases. Raises RefusedDocument and VersionDiffers."""
    posts.check_can(by, Action.MANAGE_SCHEMES, area, clock.day_of(at))
    applies_from, document = applies_from_date, _checked(source)
    digest = hashlib.sha256(source.encode()).hexdigest()
    present = models.SchemeVersion.objects.filter(
        area=area, scheme=document.id, applies_from_date=applies_from
    ).first()
    if present is not None:
        if present.digest != digest:
            raise VersionDiffers(
                _("%(day)s起适用的版本已经存在且内容不同；修改请另立新版本。") % {"day": applies_from}
            )
        return present
    version = models.SchemeVersion.objects.create(
        area=area,
        scheme=document.id,
        applies_from_date=applies_from,
        title=document.title.zh,
        title_en=document.title.en,
        source=source,
        cases=cases,
        digest=digest,
        loaded_at=at,
        loaded_by=by,
    )
    audit.record_event(by=by, at=at, verb="version.load", target=version, area_path=area.path)
    return version


def _checked(source: str) -> Scheme:
    """The document, after loader and law guard. Raises RefusedDocument."""
    try:
        # Without a line end the loader would take the text for the name of a file.
        document, lines = loader.load_scheme_with_lines(f"{source}\n")
    except loader.DocumentError as error:
        raise RefusedDocument(_("积分细则有错误，没有载入。"), error.problems) from error
    errors = [problem for problem in guard.check(document, lines=lines) if problem.level == "error"]
    if errors:
        raise RefusedDocument(_("积分细则没有通过合法性审查。"), errors)
    return document


@transaction.atomic
def record_resolution(
    *,
    version: models.SchemeVersion,
    village: Area,
    kind: rules.MeetingKind,
    held_on_date: dt.date,
    members: int,
    present: int,
    votes_for: int,
    filing_number: str,
    summary: str = "",
    by: User,
    at: dt.datetime,
) -> models.Resolution:
    """What the township took on file of a village's meeting; the record of the meeting itself is kept above.

    Raises ResolutionFails when the numbers do not carry.
    """
    posts.check_can(by, Action.ACKNOWLEDGE_ASSEMBLY, village, clock.day_of(at))
    _check_resolution(kind, held_on_date, members, present, votes_for, filing_number, clock.day_of(at))
    resolution = models.Resolution.objects.create(
        version=version,
        village=village,
        kind=kind,
        held_on_date=held_on_date,
        members=members,
        present=present,
        votes_for=votes_for,
        filing_number=filing_number.strip(),
        summary=summary,
        recorded_at=at,
        recorded_by=by,
    )
    audit.record_event(by=by, at=at, verb="resolution.record", target=resolution, area_path=village.path)
    return resolution


def _check_resolution(
    kind: rules.MeetingKind,
    held_on: dt.date,
    members: int,
    present: int,
    votes_for: int,
    filing_number: str,
    today: dt.date,
) -> None:
    if held_on > today:
        raise ResolutionFails(_("会议日期不能晚于今天。"), place="held_on_date")
    if present > members:
        raise ResolutionFails(_("到会人数不能多于应到人数。"), place="present")
    if votes_for > present:
        raise ResolutionFails(_("赞成票数不能多于到会人数。"), place="votes_for")
    if not rules.attendance_is_enough(kind, members, present):
        raise ResolutionFails(
            _("到会人数不够：村民代表会议须有三分之二以上代表到会，村民会议须有过半数村民到会。"),
            place="present",
        )
    if not rules.majority_is_enough(present, votes_for):
        raise ResolutionFails(_("赞成票没有超过到会人员的半数，决议不成立。"), place="votes_for")
    if not filing_number.strip():
        raise ResolutionFails(_("请填写乡镇备案编号。"), place="filing_number")


def _check_lawful(version: models.SchemeVersion, on: dt.date) -> None:
    """The guard once more: it may know more than when the text was loaded, and references expire meanwhile."""
    document, lines = loader.load_scheme_with_lines(f"{version.source}\n")
    against = [one for one in guard.check(document, on, lines=lines) if one.code in guard.LAW]
    if against:
        raise RefusedDocument(_("积分细则没有通过合法性审查。"), against)


@transaction.atomic
def activate_version(
    *, resolution: models.Resolution, effective_from_date: dt.date, by: User, at: dt.datetime
) -> models.Activation:
    """Put the resolved version in force in the village from a day not before the meeting.

    Raises ResolutionFails when the day lies before the meeting or before the version applies, AlreadyActive, and
    RefusedDocument when the law guard has an error or a warning without a reason against it on that day.
    """
    village, version = resolution.village, resolution.version
    posts.check_can(by, Action.ACTIVATE_SCHEME, village, clock.day_of(at))
    Area.objects.select_for_update().get(pk=village.pk)
    if effective_from_date < resolution.held_on_date:
        raise ResolutionFails(_("生效日期不能早于表决日期。"), place="effective_from_date")
    if effective_from_date < version.applies_from_date:
        raise ResolutionFails(_("生效日期不能早于该版本的适用日期。"), place="effective_from_date")
    if models.Activation.objects.filter(village=village, version=version).exists():
        raise AlreadyActive(_("这个版本在本村已经生效。"))
    _check_lawful(version, effective_from_date)
    activation = models.Activation.objects.create(
        version=version,
        village=village,
        resolution=resolution,
        effective_from_date=effective_from_date,
        activated_at=at,
        activated_by=by,
    )
    audit.record_event(by=by, at=at, verb="version.activate", target=activation, area_path=village.path)
    return activation
