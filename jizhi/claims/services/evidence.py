"""Photos as evidence: decoded and written anew as JPEG, so that neither place, phone nor script comes along."""

import datetime as dt
import hashlib
import io
from collections.abc import Sequence
from typing import IO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from jizhi.accounts.models import User
from jizhi.claims import models, selectors
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError

PHOTO_BYTES_MAX = 15 * 1024 * 1024
PHOTO_SIDE_MAX = 1600
PHOTO_PIXELS_MAX = 60_000_000
PHOTOS_A_CLAIM_MAX = 6


class BadPhoto(DomainError):
    """The upload is no photo, too large, or one too many; the claim itself is kept."""


@transaction.atomic
def attach_photos(
    *, claim: models.Claim, photos: Sequence[IO[bytes]], by: User, at: dt.datetime
) -> list[models.Evidence]:
    """Attach photos to a claim that the panel has not decided. The same photo twice is kept once. Raises BadPhoto."""
    selectors.check_can_add_evidence(claim, by, clock.day_of(at))
    if claim.evidence.count() + len(photos) > PHOTOS_A_CLAIM_MAX:
        raise BadPhoto(_("一条申报最多附%(count)s张照片。") % {"count": PHOTOS_A_CLAIM_MAX}, place="photos")
    rows = []
    for photo in photos:
        content, width, height = _encoded(photo)
        digest = hashlib.sha256(content).hexdigest()
        if claim.evidence.filter(digest=digest).exists():
            continue
        row = models.Evidence(
            claim=claim, digest=digest, width=width, height=height, added_at=at, added_by=by
        )
        row.file.save(f"{digest}.jpg", ContentFile(content), save=False)
        row.save()
        rows.append(row)
    if rows:
        audit.record_event(
            by=by,
            at=at,
            verb="claim.attach",
            target=claim,
            area_path=claim.village.path,
            detail={"photos": [row.digest for row in rows]},
        )
    return rows


def _encoded(photo: IO[bytes]) -> tuple[bytes, int, int]:
    """The photo upright, at most 1,600 pixels a side, as JPEG without metadata."""
    content = photo.read(PHOTO_BYTES_MAX + 1)
    if len(content) > PHOTO_BYTES_MAX:
        raise BadPhoto(_("照片太大：每张不能超过15兆。"), place="photos")
    try:
        # A phone's MPO is opened as the JPEG it begins with; Pillow knows no opener of that name.
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP", "GIF", "BMP")) as image:
            if image.width * image.height > PHOTO_PIXELS_MAX:
                raise BadPhoto(_("照片尺寸太大，请用普通清晰度重新拍摄。"), place="photos")
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise BadPhoto(_("这个文件不是能识别的照片，请用JPG或PNG格式。"), place="photos") from error
    upright.thumbnail((PHOTO_SIDE_MAX, PHOTO_SIDE_MAX))
    buffer = io.BytesIO()
    upright.save(buffer, format="JPEG", quality=82, optimize=True)
    return buffer.getvalue(), upright.width, upright.height
