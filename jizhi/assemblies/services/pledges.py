"""Asking a village's households for their pledge, and what they answer. No answer touches any points."""

import base64
import binascii
import datetime as dt
import hashlib
import io
from collections.abc import Sequence
from typing import IO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.assemblies import models, selectors
from jizhi.assemblies.rules import Answer, How
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.core.photos import encode_photo
from jizhi.people import selectors as people
from jizhi.people.models import Subject
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes.models import Activation, SchemeVersion

DRAWING_BYTES_MAX = 400_000
DRAWING_SIZE = (900, 450)
INK_MIN = 40
PNG = "data:image/png;base64,"


class PledgeRefused(DomainError):
    """The answer lacks its signer, its signature, or comes from somebody else."""


@transaction.atomic
def ask_pledges(
    *, village: Area, version: SchemeVersion, text: str, by: User, at: dt.datetime
) -> models.PledgeText:
    """Ask every household to sign this text for a version in force; a version is asked for once."""
    posts.check_can(by, Action.COLLECT_PLEDGES, village, clock.day_of(at))
    if not Activation.objects.filter(village=village, version=version).exists():
        raise PledgeRefused(_("这个版本没有在本村启用。"), place="version")
    if not text.strip():
        raise PledgeRefused(_("请写明承诺书的内容。"), place="text")
    if models.PledgeText.objects.filter(village=village, version=version).exists():
        raise PledgeRefused(_("这个版本已经有承诺书；内容不再改动。"), place="version")
    row = models.PledgeText.objects.create(
        village=village, version=version, text=text.strip(), asked_at=at, asked_by=by
    )
    audit.record_event(by=by, at=at, verb="pledge.ask", target=row, area_path=village.path)
    return row


@transaction.atomic
def sign_pledge(
    *,
    pledge_id: int,
    subject: Subject,
    signer: str,
    drawing: str = "",
    secret: str = "",
    request_key: str,
    by: User,
    at: dt.datetime,
) -> models.PledgeAnswer:
    """The household signs on its own phone: with the finger, or by name and PIN. Raises PledgeRefused."""
    pledge = _own(pledge_id, subject, by, at)
    present = models.PledgeAnswer.objects.filter(request_key=request_key, subject=subject).first()
    if present is not None:
        return present
    if not signer.strip():
        raise PledgeRefused(_("请写上签字人的姓名。"), place="signer")
    latest = selectors.latest_answer(pledge.pk, subject.pk)
    if latest is not None and latest.answer is Answer.SIGNED:
        raise PledgeRefused(_("您家已经签过这份承诺书。"))
    if drawing:
        return _write(
            pledge, subject, Answer.SIGNED, How.SCREEN, signer, "", _drawn(drawing), request_key, by, at
        )
    if not by.check_password(secret):
        raise PledgeRefused(_("密码不对；也可以用手指签名。"), place="secret")
    return _write(pledge, subject, Answer.SIGNED, How.TYPED, signer, "", None, request_key, by, at)


@transaction.atomic
def withdraw_pledge(
    *, pledge_id: int, subject: Subject, note: str = "", request_key: str, by: User, at: dt.datetime
) -> models.PledgeAnswer:
    """The household takes its signature back, at any time and without a reason. Raises PledgeRefused."""
    pledge = _own(pledge_id, subject, by, at)
    present = models.PledgeAnswer.objects.filter(request_key=request_key, subject=subject).first()
    if present is not None:
        return present
    latest = selectors.latest_answer(pledge.pk, subject.pk)
    if latest is None or latest.answer is not Answer.SIGNED:
        raise PledgeRefused(_("没有可以撤回的签字。"))
    return _write(
        pledge, subject, Answer.WITHDRAWN, latest.how, latest.signer, note, None, request_key, by, at
    )


@transaction.atomic
def record_answer(
    *,
    pledge_id: int,
    subject: Subject,
    answer: Answer,
    signer: str = "",
    note: str = "",
    photo: IO[bytes] | None = None,
    request_key: str,
    by: User,
    at: dt.datetime,
) -> models.PledgeAnswer:
    """Staff note what a household signed on paper or said. Raises PledgeRefused."""
    pledge = models.PledgeText.objects.select_related("village").get(pk=pledge_id)
    posts.check_can(by, Action.COLLECT_PLEDGES, pledge.village, clock.day_of(at))
    if subject.village_id != pledge.village_id:
        raise PledgeRefused(_("这一户不是本村的。"))
    present = models.PledgeAnswer.objects.filter(request_key=request_key, pledge=pledge).first()
    if present is not None:
        return present
    if answer is Answer.SIGNED and photo is None:
        raise PledgeRefused(_("纸质签字须附照片。"), place="photo")
    if answer in (Answer.REFUSED, Answer.ABSENT) and not note.strip():
        raise PledgeRefused(_("请写明情况。"), place="note")
    signed = answer is Answer.SIGNED
    picture = None
    if photo is not None:
        encoded = encode_photo(photo)
        picture = (encoded.content, encoded.digest, "jpg")
    name = signer.strip() or (subject.label if signed else "")
    return _write(
        pledge, subject, answer, How.PAPER if signed else How.SPOKEN, name, note, picture, request_key, by, at
    )


@transaction.atomic
def attach_papers(
    *,
    pledge_id: int,
    papers: Sequence[tuple[str, IO[bytes]]],
    request_key: str,
    by: User,
    at: dt.datetime,
) -> list[models.PledgeAnswer]:
    """Many signed sheets at once: each photo is named by its household's number. All or none. Raises PledgeRefused."""
    pledge = models.PledgeText.objects.select_related("village").get(pk=pledge_id)
    posts.check_can(by, Action.COLLECT_PLEDGES, pledge.village, clock.day_of(at))
    by_no = people.subjects_by_household_no(pledge.village)
    unknown = sorted({no for no, _photo in papers} - by_no.keys())
    if unknown or not papers:
        raise PledgeRefused(
            _("照片请用户编号命名；找不到这些户：%(names)s") % {"names": "、".join(unknown) or "—"},
            place="photos",
        )
    return [
        record_answer(
            pledge_id=pledge_id,
            subject=by_no[no],
            answer=Answer.SIGNED,
            photo=photo,
            request_key=f"{request_key}:{no}",
            by=by,
            at=at,
        )
        for no, photo in papers
    ]


def _own(pledge_id: int, subject: Subject, by: User, at: dt.datetime) -> models.PledgeText:
    """The pledge of the household's own village; its subject is locked, so that one answer follows another."""
    own = people.subject_of_user(by, on=clock.day_of(at))
    pledge = models.PledgeText.objects.select_related("village").filter(pk=pledge_id).first()
    if own is None or own.pk != subject.pk or pledge is None or pledge.village_id != subject.village_id:
        raise PledgeRefused(_("只能为自己家签字。"))
    return pledge


def _drawn(drawing: str) -> tuple[bytes, str, str]:
    """What was drawn on the screen, written anew: grey on white, without anything else. Raises PledgeRefused."""
    if not drawing.startswith(PNG) or len(drawing) > DRAWING_BYTES_MAX:
        raise PledgeRefused(_("签名没有收到，请再签一次。"), place="drawing")
    try:
        content = base64.b64decode(drawing.removeprefix(PNG), validate=True)
        with Image.open(io.BytesIO(content), formats=("PNG",)) as image:
            if image.width * image.height > 4_000_000:
                raise PledgeRefused(_("签名没有收到，请再签一次。"), place="drawing")
            layer = image.convert("RGBA")
    except (binascii.Error, UnidentifiedImageError, OSError, ValueError) as error:
        raise PledgeRefused(_("签名没有收到，请再签一次。"), place="drawing") from error
    paper = Image.new("RGBA", layer.size, "white")
    grey = Image.alpha_composite(paper, layer).convert("L")
    grey.thumbnail(DRAWING_SIZE)
    if sum(grey.histogram()[:128]) < INK_MIN:
        raise PledgeRefused(_("还没有签名，请用手指签上姓名。"), place="drawing")
    buffer = io.BytesIO()
    grey.save(buffer, format="PNG", optimize=True)
    encoded = buffer.getvalue()
    return encoded, hashlib.sha256(encoded).hexdigest(), "png"


def _write(
    pledge: models.PledgeText,
    subject: Subject,
    answer: Answer,
    how: How,
    signer: str,
    note: str,
    picture: tuple[bytes, str, str] | None,
    request_key: str,
    by: User,
    at: dt.datetime,
) -> models.PledgeAnswer:
    if answer is Answer.WITHDRAWN and how is How.SCREEN:
        how = How.TYPED  # the picture stays with the signature that was taken back
    row = models.PledgeAnswer(
        pledge=pledge,
        village=pledge.village,
        subject=subject,
        answer=answer,
        how=how,
        signer=signer.strip()[:40],
        note=note.strip()[:200],
        request_key=request_key,
        answered_at=at,
        answered_by=by,
    )
    if picture is not None:
        content, row.digest, kind = picture
        row.file.save(f"{row.digest}.{kind}", ContentFile(content), save=False)
    row.save()
    audit.record_event(
        by=by,
        at=at,
        verb=f"pledge.{answer.value}",
        target=pledge,
        area_path=pledge.village.path,
        detail={"subject": subject.pk, "how": how.value},
    )
    return row
