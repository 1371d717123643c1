"""Claims that pass from one household to another when households are split, merged or moved.

A claim never changes its subject: it is withdrawn with a note and filed anew, photos included. Who may do it the
caller has checked.
"""

import datetime as dt
from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.claims import models, rules
from jizhi.claims.services import filing, once
from jizhi.core import audit, clock
from jizhi.core.text import N_
from jizhi.people import selectors as people
from jizhi.people.models import Subject
from jizhi.schemes import selectors as schemes

OPEN = (
    rules.ClaimState.FILED,
    rules.ClaimState.RETURNED,
    rules.ClaimState.VERIFIED,
    rules.ClaimState.APPROVED,
    rules.ClaimState.GRACE,
)


def lock_waiting(*, subject_ids: Collection[int]) -> list[models.Claim]:
    """Lock the claims of these subjects on which somebody still works, in the order of their numbers."""
    rows = models.Claim.objects.select_for_update(of=("self",)).select_related("subject", "village")
    return list(rows.filter(subject_id__in=subject_ids, state__in=OPEN).order_by("pk"))


def claims_filed_since(*, subject_ids: Collection[int], since: dt.datetime) -> bool:
    """Whether any claim of these subjects was filed or verified after that moment."""
    rows = models.Claim.objects.filter(subject_id__in=subject_ids)
    return rows.filter(filed_at__gt=since).exists() or rows.filter(verified_at__gt=since).exists()


def hand_over_claims(
    *, claims: Sequence[models.Claim], target: Subject, key: str, by: User, at: dt.datetime
) -> list[tuple[models.Claim, models.Claim]]:
    """Withdraw each claim and file it anew for `target`. Returns (old, new) pairs; raises UnusableClaim.

    A fault that the panel approved is not handed over: it is told to the household it was decided about.
    """
    grids = people.areas_of_subjects([target.pk])
    pairs = []
    for claim in claims:
        if not rules.can_move(rules.ClaimState(claim.state), rules.ClaimState.WITHDRAWN):
            raise filing.UnusableClaim(
                _("%(day)s的申报已认定、待告知，不能改由另一户申报。") % {"day": claim.act_date},
                place="refile",
            )
        channel = rules.Channel(claim.channel)
        new_key = f"{key}:{claim.pk}"
        draft = filing.Draft(
            target, claim.item, claim.act_date, new_key, claim.quantity, claim.grade, claim.act, claim.words
        )
        versions = schemes.versions_in_village(target.village, claim.scheme)
        filing.checked_item(versions, draft, channel, today=clock.day_of(at))
        if why := once.refusal(claim, filing.act_of(draft, claim.scheme)):
            raise filing.UnusableClaim(why, place="refile")
        new = models.Claim.objects.create(
            subject=target,
            village=target.village,
            area=grids.get(target.pk, target.village),
            scheme=claim.scheme,
            item=claim.item,
            item_kind=claim.item_kind,
            act_date=claim.act_date,
            quantity=claim.quantity,
            grade=claim.grade,
            act=claim.act,
            words=claim.words,
            channel=channel,
            request_key=new_key,
            filed_at=at,
            filed_by_id=claim.filed_by_id,
            note=N_("由%(label)s户的申报转来") % {"label": claim.subject.label},
        )
        _copy_photos(claim, new)
        once.carry_covered(claim, new, at)
        claim.state = rules.ClaimState.WITHDRAWN
        claim.note = N_("因户籍变动改由%(label)s户申报") % {"label": target.label}
        claim.save(update_fields=["state", "note"])
        for row, verb, other in ((claim, "claim.hand_over", new), (new, "claim.file", claim)):
            audit.record_event(
                by=by,
                at=at,
                verb=verb,
                target=row,
                area_path=row.village.path,
                detail={"note": row.note, "other": other.pk},
            )
        pairs.append((claim, new))
    return pairs


def _copy_photos(source: models.Claim, target: models.Claim) -> None:
    """The same files under both claims; they are stored by digest and never deleted with a claim."""
    models.Evidence.objects.bulk_create(
        [
            models.Evidence(
                claim=target,
                kind=photo.kind,
                file=photo.file.name,
                name=photo.name,
                size=photo.size,
                digest=photo.digest,
                width=photo.width,
                height=photo.height,
                fingerprint=photo.fingerprint,
                bands=[] if photo.fingerprint is None else rules.bands(photo.fingerprint, target.village_id),
                added_at=photo.added_at,
                added_by_id=photo.added_by_id,
            )
            for photo in source.evidence.all()
        ]
    )
