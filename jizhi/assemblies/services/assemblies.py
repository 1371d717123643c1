"""Recording what a meeting resolved, carried or not, and filing it with the township."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.assemblies import models, rules
from jizhi.assemblies.rules import About, FilingState
from jizhi.core import audit, clock
from jizhi.core.documents import BadDocument, read_document
from jizhi.core.errors import DomainError
from jizhi.core.photos import fresh_photos
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import services as schemes
from jizhi.schemes.models import SchemeVersion
from jizhi.schemes.rules import MeetingKind
from jizhi.settlement.rules import parse_period

PHOTOS_MAX = 12
DOCUMENTS_MAX = 3


class UnusableRecord(DomainError):
    """The record contradicts itself or lacks what such a resolution must say."""


class NotFilable(DomainError):
    """The record did not carry, or is not where this step begins."""


@dataclass(frozen=True, slots=True)
class Motion:
    """What is put to the meeting. Money in fen; see `About` for which fields count."""

    about: About
    title: str
    text: str
    version: SchemeVersion | None = None
    fen: int | None = None
    source: str = ""
    from_date: dt.date | None = None
    to_date: dt.date | None = None
    period: str = ""
    per_member: bool = False
    floor_fen: int = 0
    cap_fen: int | None = None
    own_pool: bool = False


@transaction.atomic
def record_assembly(
    *,
    village: Area,
    motion: Motion,
    kind: MeetingKind,
    announced_date: dt.date,
    held_on_date: dt.date,
    place: str = "",
    chair: str,
    recorder: str,
    counts: rules.Counts,
    by: User,
    at: dt.datetime,
) -> models.Assembly:
    """Record one motion with its numbers. What does not meet the law is kept as not carried. Raises UnusableRecord."""
    today = clock.day_of(at)
    posts.check_can(by, Action.RECORD_ASSEMBLY, village, today)
    _check_dates(announced_date, held_on_date, today)
    _check_counts(counts)
    _check_motion(village, motion)
    for field, value in (("chair", chair), ("recorder", recorder)):
        if not value.strip():
            raise UnusableRecord(_("请写明主持人和记录人。"), place=field)
    row = models.Assembly.objects.create(
        village=village,
        about=motion.about,
        title=motion.title.strip(),
        motion=motion.text.strip(),
        **_figures(motion),
        kind=kind,
        announced_date=announced_date,
        held_on_date=held_on_date,
        place=place.strip(),
        chair=chair.strip(),
        recorder=recorder.strip(),
        members=counts.members,
        present=counts.present,
        votes_for=counts.votes_for,
        against=counts.against,
        abstain=counts.abstain,
        carried=not rules.failings(kind, counts),
        recorded_at=at,
        recorded_by=by,
    )
    _step(row, FilingState.RECORDED, "", "assembly.record", by, at)
    return row


def _figures(motion: Motion) -> dict[str, Any]:
    """The fields that this kind of resolution has; whatever else was sent is left aside."""
    if motion.about is About.SCHEME:
        return {"version": motion.version}
    if motion.about is About.FUND:
        return {
            "fen": motion.fen,
            "source": motion.source.strip(),
            "from_date": motion.from_date,
            "to_date": motion.to_date,
        }
    if motion.about is About.DIVIDEND:
        return {
            "fen": motion.fen,
            "source": motion.source.strip(),
            "period": motion.period,
            "per_member": motion.per_member,
            "floor_fen": motion.floor_fen,
            "cap_fen": motion.cap_fen,
        }
    return {}


def _check_dates(announced: dt.date, held: dt.date, today: dt.date) -> None:
    if held > today:
        raise UnusableRecord(_("会议日期不能晚于今天。"), place="held_on_date")
    if announced > held:
        raise UnusableRecord(_("通知日期不能晚于会议日期。"), place="announced_date")


def _check_counts(counts: rules.Counts) -> None:
    if not counts.members:
        raise UnusableRecord(_("请填写应到人数。"), place="members")
    if counts.present > counts.members:
        raise UnusableRecord(_("到会人数不能多于应到人数。"), place="present")
    if counts.votes_for + counts.against + counts.abstain > counts.present:
        raise UnusableRecord(_("赞成、反对、弃权合计不能多于到会人数。"), place="votes_for")


def _check_motion(village: Area, motion: Motion) -> None:
    if not motion.title.strip() or not motion.text.strip():
        raise UnusableRecord(_("请写明议题和表决的内容。"), place="text")
    if motion.about is About.SCHEME:
        area = motion.version.area if motion.version else None
        if area is None or not (village.path == area.path or village.path.startswith(f"{area.path}.")):
            raise UnusableRecord(_("请选择适用于本村的细则版本。"), place="version")
    if motion.about in (About.FUND, About.DIVIDEND):
        if not motion.fen or motion.fen <= 0:
            raise UnusableRecord(_("请填写金额。"), place="fen")
        if not motion.source.strip():
            raise UnusableRecord(_("请写明资金来源。"), place="source")
    if motion.about is About.FUND and (
        not motion.from_date or not motion.to_date or motion.to_date < motion.from_date
    ):
        raise UnusableRecord(_("请填写资金使用的起止日期。"), place="to_date")
    if motion.about is About.DIVIDEND:
        _check_dividend(motion)


def _check_dividend(motion: Motion) -> None:
    try:
        parse_period(motion.period)
    except (ValueError, KeyError) as wrong:
        raise UnusableRecord(_("请选择分红依据的积分周期。"), place="period") from wrong
    if not motion.own_pool:
        raise UnusableRecord(
            _(
                "积分分红须用单列的资金，不得动用、改变集体收益分配份额（农村集体经济组织法第四十二条）；请确认。"
            ),
            place="own_pool",
        )
    if motion.floor_fen < 0 or (motion.cap_fen is not None and motion.cap_fen < motion.floor_fen):
        raise UnusableRecord(_("封顶不能低于保底。"), place="cap_fen")


@transaction.atomic
def file_assembly(
    *, assembly_id: int, filing_number: str, note: str = "", by: User, at: dt.datetime
) -> models.Assembly:
    """Send a carried record to the township, for the first time or once more. Raises NotFilable."""
    row = _locked(assembly_id, Action.RECORD_ASSEMBLY, by, at)
    if not row.carried:
        raise NotFilable(_("没有通过的决议不能备案；可以重新开会表决，另记一份。"))
    if FilingState.FILED not in rules.FILING_TRANSITIONS[row.state]:
        raise NotFilable(_("这份决议已经报送。"))
    if not filing_number.strip():
        raise NotFilable(_("请填写报送编号。"), place="filing_number")
    row.state, row.filing_number = FilingState.FILED, filing_number.strip()
    row.save(update_fields=["state", "filing_number"])
    _step(row, FilingState.FILED, note or row.filing_number, "assembly.file", by, at)
    return row


@transaction.atomic
def acknowledge_assembly(*, assembly_id: int, receipt: str, by: User, at: dt.datetime) -> models.Assembly:
    """The township takes the record on file. A scheme's resolution is from then on ready to be put in force."""
    row = _answered(assembly_id, by, at)
    if not receipt.strip():
        raise NotFilable(_("请填写乡镇备案编号。"), place="receipt")
    row.state, row.receipt = FilingState.ACKNOWLEDGED, receipt.strip()
    if row.about is About.SCHEME and row.version is not None:
        row.resolution = schemes.record_resolution(
            version=row.version,
            village=row.village,
            kind=row.kind,
            held_on_date=row.held_on_date,
            members=row.members,
            present=row.present,
            votes_for=row.votes_for,
            filing_number=row.receipt,
            summary=row.motion,
            by=by,
            at=at,
        )
    row.save(update_fields=["state", "receipt", "resolution"])
    _step(row, FilingState.ACKNOWLEDGED, row.receipt, "assembly.acknowledge", by, at)
    return row


@transaction.atomic
def return_assembly(*, assembly_id: int, reason: str, by: User, at: dt.datetime) -> models.Assembly:
    """The township sends the record back and says why. Raises NotFilable."""
    row = _answered(assembly_id, by, at)
    if not reason.strip():
        raise NotFilable(_("请写明退回的理由。"), place="reason")
    row.state = FilingState.RETURNED
    row.save(update_fields=["state"])
    _step(row, FilingState.RETURNED, reason.strip(), "assembly.return", by, at)
    return row


@transaction.atomic
def attach_minutes(
    *,
    assembly_id: int,
    photos: Sequence[IO[bytes]] = (),
    documents: Sequence[IO[bytes]] = (),
    by: User,
    at: dt.datetime,
) -> list[models.AssemblyPhoto]:
    """Attach the signed minutes as photos or documents; the same file twice is kept once.

    Raises BadPhoto and BadDocument.
    """
    row = _locked(assembly_id, Action.RECORD_ASSEMBLY, by, at)
    known = dict(row.photos.values_list("digest", "name"))
    photographed = [digest for digest, name in known.items() if not name]
    pictures = fresh_photos(
        photos, photographed, most=PHOTOS_MAX, too_many=_("一份决议最多附%(count)s张照片。")
    )
    read = [read_document(file, getattr(file, "name", None) or "") for file in documents]
    papers = {one.digest: one for one in read if one.digest not in known}
    if len(known) - len(photographed) + len(papers) > DOCUMENTS_MAX:
        text = _("一份决议最多附%(count)s份文件。") % {"count": DOCUMENTS_MAX}
        raise BadDocument(text, place="documents")
    made = [_keep(row, one.digest, one.file, by, at) for one in pictures]
    made += [_keep(row, one.digest, one.file, by, at, one.name, len(one.content)) for one in papers.values()]
    audit.record_event(
        by=by,
        at=at,
        verb="assembly.attach",
        target=row,
        area_path=row.village.path,
        detail={"photos": len(pictures), "documents": len(papers)},
    )
    return made


def _keep(
    row: models.Assembly, digest: str, file: Any, by: User, at: dt.datetime, name: str = "", size: int = 0
) -> models.AssemblyPhoto:
    kept = models.AssemblyPhoto(assembly=row, name=name, size=size, digest=digest, added_at=at, added_by=by)
    kept.file.save(name or f"{digest}.jpg", file, save=False)
    kept.save()
    return kept


def _locked(assembly_id: int, action: Action, by: User, at: dt.datetime) -> models.Assembly:
    rows = models.Assembly.objects.select_for_update(of=("self",)).select_related("village", "version")
    row = rows.get(pk=assembly_id)
    posts.check_can(by, action, row.village, clock.day_of(at))
    return row


def _answered(assembly_id: int, by: User, at: dt.datetime) -> models.Assembly:
    """The record before the township's answer."""
    row = _locked(assembly_id, Action.ACKNOWLEDGE_ASSEMBLY, by, at)
    if FilingState.ACKNOWLEDGED not in rules.FILING_TRANSITIONS[row.state]:
        raise NotFilable(_("这份决议不在待备案之列。"))
    return row


def _step(row: models.Assembly, state: FilingState, note: str, verb: str, by: User, at: dt.datetime) -> None:
    models.AssemblyStep.objects.create(assembly=row, state=state, note=note[:300], made_at=at, made_by=by)
    audit.record_event(
        by=by, at=at, verb=verb, target=row, area_path=row.village.path, detail={"state": state.value}
    )
