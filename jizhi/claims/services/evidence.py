"""Photos and documents as evidence of a claim, until the panel has decided.

How a photo is written anew is `core.photos`, which documents are taken `core.documents`.
"""

import datetime as dt
from collections.abc import Sequence
from typing import IO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.claims import models, rules, selectors
from jizhi.core import audit, clock
from jizhi.core.documents import BadDocument as BadDocument
from jizhi.core.documents import read_document
from jizhi.core.photos import BadPhoto as BadPhoto
from jizhi.core.photos import EncodedPhoto, fresh_photos

PHOTOS_A_CLAIM_MAX = 6
DOCUMENTS_A_CLAIM_MAX = 3


@transaction.atomic
def attach_photos(
    *, claim: models.Claim, photos: Sequence[IO[bytes]], by: User, at: dt.datetime
) -> list[models.Evidence]:
    """Attach photos to a claim that the panel has not decided. The same photo twice is kept once. Raises BadPhoto."""
    selectors.check_can_add_evidence(claim, by, clock.day_of(at))
    rows = add_photos(claim, photos, by, at)
    _record(claim, "photos", rows, by, at)
    return rows


def add_photos(
    claim: models.Claim, photos: Sequence[IO[bytes]], by: User, at: dt.datetime
) -> list[models.Evidence]:
    """Write the photos that the claim does not have yet; who may do it the caller has checked. Raises BadPhoto."""
    kept = set(claim.evidence.filter(kind=rules.EvidenceKind.PHOTO).values_list("digest", flat=True))
    fresh = fresh_photos(photos, kept, most=PHOTOS_A_CLAIM_MAX, too_many=_("一条申报最多附%(count)s张照片。"))
    return [_photo(claim, photo, by, at) for photo in fresh]


def _photo(claim: models.Claim, photo: EncodedPhoto, by: User, at: dt.datetime) -> models.Evidence:
    row = models.Evidence(
        claim=claim,
        digest=photo.digest,
        width=photo.width,
        height=photo.height,
        size=len(photo.content),
        fingerprint=photo.fingerprint,
        added_at=at,
        added_by=by,
    )
    if photo.fingerprint is not None:
        row.bands = rules.bands(photo.fingerprint, claim.village_id)
    row.file.save(f"{photo.digest}.jpg", photo.file, save=False)
    row.save()
    return row


@transaction.atomic
def attach_documents(
    *, claim: models.Claim, documents: Sequence[IO[bytes]], by: User, at: dt.datetime
) -> list[models.Evidence]:
    """Attach PDF or Office files to a claim that the panel has not decided; the same file twice is kept once.

    Raises BadDocument.
    """
    selectors.check_can_add_evidence(claim, by, clock.day_of(at))
    kept = set(claim.evidence.filter(kind=rules.EvidenceKind.DOCUMENT).values_list("digest", flat=True))
    read = [read_document(file, getattr(file, "name", None) or "") for file in documents]
    fresh = {one.digest: one for one in read if one.digest not in kept}
    if len(kept) + len(fresh) > DOCUMENTS_A_CLAIM_MAX:
        text = _("一条申报最多附%(count)s份文件。") % {"count": DOCUMENTS_A_CLAIM_MAX}
        raise BadDocument(text, place="documents")
    rows = []
    for one in fresh.values():
        row = models.Evidence(
            claim=claim, kind=rules.EvidenceKind.DOCUMENT, name=one.name, size=len(one.content),
            digest=one.digest, added_at=at, added_by=by,
        )  # fmt: skip
        row.file.save(one.name, one.file, save=False)
        row.save()
        rows.append(row)
    _record(claim, "documents", rows, by, at)
    return rows


def _record(
    claim: models.Claim, what: str, rows: Sequence[models.Evidence], by: User, at: dt.datetime
) -> None:
    if rows:
        audit.record_event(
            by=by,
            at=at,
            verb="claim.attach",
            target=claim,
            area_path=claim.village.path,
            detail={what: [row.digest for row in rows]},
        )
