"""Photos as the house keeps them: written anew as JPEG, so that neither place, phone nor script comes along.

Where a photo is stored and to what it belongs is the business of the app that took it.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import IO, Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from jizhi.core.errors import DomainError

PHOTO_BYTES_MAX = 15 * 1024 * 1024
PHOTO_SIDE_MAX = 1600
PHOTO_PIXELS_MAX = 60_000_000
FINGERPRINT_BITS_MIN = 4


class BadPhoto(DomainError):
    """The upload is no photo, too large, or one too many; the record it belongs to is kept."""


@dataclass(frozen=True, slots=True)
class EncodedPhoto:
    """The photo upright as JPEG without metadata, the digest it is stored under, and what it looks like."""

    content: bytes
    digest: str
    width: int
    height: int
    fingerprint: int | None = None

    @property
    def file(self) -> ContentFile[bytes]:
        """As a file field saves it."""
        return ContentFile(self.content)


def encode_photo(photo: IO[bytes]) -> EncodedPhoto:
    """The photo upright, at most 1,600 pixels a side, as JPEG without metadata. Raises BadPhoto."""
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
    encoded = buffer.getvalue()
    digest = hashlib.sha256(encoded).hexdigest()
    return EncodedPhoto(encoded, digest, upright.width, upright.height, fingerprint(upright))


def fresh_photos(
    photos: Iterable[IO[bytes]], kept: Collection[str], *, most: int, too_many: Any
) -> list[EncodedPhoto]:
    """Those of the photos whose digest is not `kept` yet, each once. Raises BadPhoto.

    `too_many` is said, with `count`, where more than `most` would be kept then.
    """
    encoded = {photo.digest: photo for photo in map(encode_photo, photos)}
    fresh = [photo for digest, photo in encoded.items() if digest not in kept]
    if fresh and len(kept) + len(fresh) > most:
        raise BadPhoto(too_many % {"count": most}, place="photos")
    return fresh


def fingerprint(image: Image.Image) -> int | None:
    """64 bits that hardly change when a photo is scaled or compressed again (dHash), signed as the database keeps them.

    Each bit says whether a point is darker than its right neighbour. A picture that is (nearly) one colour says
    nothing and has none: all of them would look alike.
    """
    points = image.convert("L").resize((9, 8), Image.Resampling.LANCZOS).tobytes()
    bits = 0
    for place in range(72):
        if place % 9 < 8:
            bits = bits << 1 | (points[place] < points[place + 1])
    if not FINGERPRINT_BITS_MIN <= bits.bit_count() <= 64 - FINGERPRINT_BITS_MIN:
        return None
    return bits - (1 << 64) if bits >> 63 else bits
