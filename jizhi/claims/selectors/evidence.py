"""Who may add evidence to a claim, and a single photo or document of one; each after the same check as its claim."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.claims import models, rules
from jizhi.claims.selectors.pages import NoSuchClaim, visible_claims
from jizhi.participants import selectors as participants
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action

OPEN_TO_EVIDENCE = (rules.ClaimState.FILED, rules.ClaimState.RETURNED, rules.ClaimState.VERIFIED)


def check_can_add_evidence(claim: models.Claim, user: User, on: dt.date) -> None:
    """The household, whoever filed it, or the verifying grid worker, until the panel has decided."""
    if claim.state not in OPEN_TO_EVIDENCE:
        raise NoSuchClaim(_("这条申报已经有了结果，不能再补充佐证。"))
    if claim.filed_by_id == user.pk or claim.subject_id in participants.own_subject_ids(user, on=on):
        return
    posts.check_can(user, Action.VERIFY_CLAIM, claim.area, on)


def photo_of(user: User, photo_id: int, *, on: dt.date) -> models.Evidence:
    """A photo whose claim the user may see. Raises NoSuchClaim."""
    photo = _of(user, photo_id, rules.EvidenceKind.PHOTO, on)
    if photo is None:
        raise NoSuchClaim(_("没有这张照片，或者您无权查看。"))
    return photo


def document_of(user: User, document_id: int, *, on: dt.date) -> models.Evidence:
    """A document whose claim the user may see. Raises NoSuchClaim."""
    document = _of(user, document_id, rules.EvidenceKind.DOCUMENT, on)
    if document is None:
        raise NoSuchClaim(_("没有这份文件，或者您无权查看。"))
    return document


def _of(user: User, evidence_id: int, kind: rules.EvidenceKind, on: dt.date) -> models.Evidence | None:
    rows = models.Evidence.objects.filter(pk=evidence_id, kind=kind)
    return rows.filter(claim__in=visible_claims(user, on)).first()
