"""Faults in their time to mend: put right in time they never count, afterwards they do."""

import datetime as dt
from collections.abc import Collection, Sequence
from contextlib import nullcontext
from typing import IO

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.claims import models
from jizhi.claims.rules import ClaimState
from jizhi.claims.services import evidence, posting, review, telling
from jizhi.core import clock, nights
from jizhi.core.text import N_
from jizhi.ledger import services as ledger
from jizhi.people import services as people_services


@transaction.atomic
def confirm_correction(
    *, claim_id: int, photos: Sequence[IO[bytes]], note: str = "", by: User, at: dt.datetime
) -> models.Claim:
    """The household mended it in time, the photo shows it: the claim ends without a deduction.

    Raises WrongState and BadPhoto.
    """
    (claim,) = review.locked([claim_id])
    today = clock.day_of(at)
    telling.check_may_tell([claim], by, today)
    review.check_all([claim], ClaimState.CORRECTED)
    if claim.correct_until_date is None or today > claim.correct_until_date:
        raise review.WrongState(_("改正期限已过，请登记逾期未改正。"))
    if not photos:
        raise review.WrongState(_("请附改正后的照片。"), place="photos")
    evidence.add_photos(claim, photos, by, at)
    claim.state, claim.note = ClaimState.CORRECTED, note.strip() or N_("已在期限内改正")
    claim.save(update_fields=["state", "note"])
    review.append_events([claim], "claim.correct", by, at)
    people_services.tell_subject(
        subject=claim.subject, kind="claim.corrected", title=_("已改正，不扣分"),
        body=review.Body(claim, posting.Documents().item(claim)), link=f"/my/claims/{claim.pk}/", at=at,
    )  # fmt: skip
    return claim


def count_uncorrected(
    *, paths: Collection[str] | None = None, by: User | None, at: dt.datetime
) -> list[models.Claim]:
    """Faults whose time to mend is over count now, a village a transaction; running it twice changes nothing.

    `paths` are those of the areas (a grid as well as a village) of which the claims are, everywhere without.
    `by=None` is the nightly work: each is posted in the name of whoever told the household, and a village in which
    that fails leaves the others alone. Raises NotAllowed for a user without the post.
    """
    due = _due(paths, at)
    counted: list[models.Claim] = []
    for village_id in due.order_by("village_id").values_list("village_id", flat=True).distinct():
        with nights.alone("faults of village", village_id) if by is None else nullcontext():
            counted += _count_in(village_id, paths, by, at)
    return counted


def _due(paths: Collection[str] | None, at: dt.datetime) -> QuerySet[models.Claim]:
    due = models.Claim.objects.filter(state=ClaimState.GRACE, correct_until_date__lt=clock.day_of(at))
    return due if paths is None else due.filter(area__path__within=paths)


@transaction.atomic
def _count_in(
    village_id: int, paths: Collection[str] | None, by: User | None, at: dt.datetime
) -> list[models.Claim]:
    """The village's claims are read and locked in one query, then their subjects, each in the order of numbers."""
    rows = _due(paths, at).select_for_update(of=("self",)).filter(village=village_id)
    claims = list(rows.select_related("subject", "village", "area", "told_by").order_by("pk"))
    if by is not None:
        telling.check_may_tell(claims, by, clock.day_of(at))
    ledger.lock_subjects({claim.subject_id for claim in claims})
    documents = posting.Documents()
    for teller in dict.fromkeys(claim.told_by_id for claim in claims):
        group = [claim for claim in claims if claim.told_by_id == teller]
        poster = by or group[0].told_by
        assert poster is not None  # a fault in its time to mend was told by somebody
        posting.post_claims(claims=group, decision_numbers={}, documents=documents, by=poster, at=at)
    review.append_events(claims, "claim.count", by, at)
    return claims
