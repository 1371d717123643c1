"""Registering another system, its keys, and what it pushes: filed like any other claim, verified, decided, told."""

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.channels import models, rules, selectors
from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel
from jizhi.claims.selectors import HOUSEHOLD_SCHEME
from jizhi.core import audit, clock, scope
from jizhi.core.errors import DomainError
from jizhi.participants import selectors as participants
from jizhi.people import selectors as people
from jizhi.people.models import Subject
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action

PREFIX = "jz"
KEPT_MINUTES = 60


class BadSystem(DomainError):
    """The system cannot be registered like this."""


class BadKey(DomainError):
    """No open key has this secret, or nobody answers for its system any more."""


class KeyIssued(DomainError):
    """The request has been answered with a key before; its secret is not shown again."""


class TooMany(DomainError):
    """The key was used more often in this minute than it may be."""


@dataclass(frozen=True, slots=True)
class Push:
    """A claim as another system sends it; codes and numbers are those of the registers.

    `household` is a household's number, `subject` that of whoever the scheme scores; one of the two is given.
    """

    request_key: str
    village: str
    item: str
    act_date: dt.date
    scheme: str = HOUSEHOLD_SCHEME
    household: str = ""
    subject: str = ""
    quantity: Decimal | None = None
    grade: str = ""
    act: str = ""
    words: str = ""


@transaction.atomic
def register_system(
    *,
    name: str,
    area: Area,
    items: Sequence[tuple[str, str]],
    per_minute: int = 60,
    by: User,
    at: dt.datetime,
) -> models.System:
    """Register another system for an area and some items, each with its scheme; whoever registers it answers for it.

    Raises BadSystem.
    """
    posts.check_can(by, Action.MANAGE_SYSTEMS, area, clock.day_of(at))
    if not name.strip() or not items:
        raise BadSystem(_("请写明系统名称，并至少选一个条目。"), place="items" if name.strip() else "name")
    if models.System.objects.filter(area=area, name=name.strip()).exists():
        raise BadSystem(_("这个地方已有同名的系统。"), place="name")
    row = models.System.objects.create(
        name=name.strip(),
        area=area,
        items=sorted({rules.scheme_item(scheme, item) for scheme, item in items}),
        owner=by,
        per_minute=per_minute,
        created_at=at,
    )
    audit.record_event(
        by=by, at=at, verb="system.register", target=row, area_path=area.path, detail={"items": row.items}
    )
    return row


def _locked(system_id: int, by: User, at: dt.datetime) -> models.System:
    selectors.system_of(by, system_id, on=clock.day_of(at))
    return models.System.objects.select_for_update(of=("self",)).select_related("area").get(pk=system_id)


@transaction.atomic
def take_over_system(*, system_id: int, by: User, at: dt.datetime) -> models.System:
    """Answer for a system from now on: what it pushes is filed in this user's name."""
    system = _locked(system_id, by, at)
    system.owner = by
    system.save(update_fields=["owner"])
    audit.record_event(by=by, at=at, verb="system.take_over", target=system, area_path=system.area.path)
    return system


@transaction.atomic
def issue_key(
    *, system_id: int, request_key: str | None = None, by: User, at: dt.datetime
) -> tuple[models.SystemKey, str]:
    """A new key and its secret, which nobody can read again. Raises KeyIssued for a request that has its key."""
    system = _locked(system_id, by, at)
    if request_key and models.SystemKey.objects.filter(request_key=request_key).exists():
        raise KeyIssued(_("这把密钥已经发过，密钥只显示一次；没有抄下的，请停用后另发一把。"))
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    key = models.SystemKey.objects.create(
        system=system,
        prefix=prefix,
        digest=_digest(secret),
        created_at=at,
        created_by=by,
        request_key=request_key,
    )
    audit.record_event(
        by=by,
        at=at,
        verb="system.issue_key",
        target=system,
        area_path=system.area.path,
        detail={"key": prefix},
    )
    return key, f"{PREFIX}.{prefix}.{secret}"


@transaction.atomic
def revoke_key(*, key_id: int, system_id: int, by: User, at: dt.datetime) -> None:
    """The key opens nothing any more; revoking it twice changes nothing."""
    system = _locked(system_id, by, at)
    if system.keys.filter(pk=key_id, revoked_at=None).update(revoked_at=at):
        audit.record_event(
            by=by, at=at, verb="system.revoke_key", target=system, area_path=system.area.path,
            detail={"key": key_id},
        )  # fmt: skip


def _digest(secret: str) -> str:
    """A long random secret needs no slow hash; it cannot be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_by_key(*, secret: str, at: dt.datetime) -> models.System:
    """The system behind a secret, counted as one call. Raises BadKey and TooMany.

    Whoever asks is nobody yet, so the key is looked up past any scope; afterwards the request reads as the owner.
    """
    parts = secret.split(".")
    with scope.beyond("a key is found by its prefix before anybody is known"), transaction.atomic():
        key = None
        if len(parts) == 3 and parts[0] == PREFIX:
            rows = models.SystemKey.objects.filter(prefix=parts[1], revoked_at=None)
            key = rows.select_related("system__area", "system__owner").first()
        if key is None or not hmac.compare_digest(key.digest, _digest(parts[2])):
            raise BadKey(_("密钥不对，或者已经停用。"))
        system = key.system
        if not posts.can(system.owner, Action.MANAGE_SYSTEMS, system.area, clock.day_of(at)):
            raise BadKey(_("这个系统的负责人已经离任，请由现任工作人员接管。"))
        calls = _count(key, at)
        models.SystemKey.objects.filter(pk=key.pk).update(last_used_at=at)
    if calls > system.per_minute:
        raise TooMany(_("请求太频繁：每分钟最多%(count)s次。") % {"count": system.per_minute})
    return system


def _count(key: models.SystemKey, at: dt.datetime) -> int:
    """How often the key was used in this minute, this time included."""
    minute = at.replace(second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO channels_systemminute (key_id, minute, calls) VALUES (%s, %s, 1)"
            " ON CONFLICT (key_id, minute) DO UPDATE SET calls = channels_systemminute.calls + 1 RETURNING calls",
            [key.pk, minute],
        )
        calls = int(cursor.fetchone()[0])
    if calls == 1:
        models.SystemMinute.objects.filter(
            key=key, minute__lt=minute - dt.timedelta(minutes=KEPT_MINUTES)
        ).delete()
    return calls


@transaction.atomic
def push_claim(*, system: models.System, push: Push, by: User, at: dt.datetime) -> Claim:
    """File what a system sends. The same `request_key` again gives the claim that is there, whatever else it says.

    Raises claims.UnusableClaim with the field.
    """
    if by.pk != system.owner_id:
        raise BadKey(_("密钥不对，或者已经停用。"))
    present = models.PushedClaim.objects.filter(system=system, request_key=push.request_key)
    found = present.select_related("claim").first()
    if found is not None:
        return found.claim
    village = _village(system, push.village)
    _check_registered(system, push)
    draft = claims.Draft(
        subject=_subject(village, push),
        item=push.item,
        act_date=push.act_date,
        request_key=f"system:{system.pk}:{push.request_key}",
        quantity=push.quantity,
        grade=push.grade,
        act=push.act,
        words=push.words,
    )
    (claim,) = claims.file_claims(
        village=village, scheme=push.scheme, drafts=[draft], channel=Channel.SYSTEM, by=by, at=at
    )
    models.PushedClaim.objects.get_or_create(
        system=system, request_key=push.request_key, defaults={"claim": claim}
    )
    return claim


def _check_registered(system: models.System, push: Push) -> None:
    """Raises UnusableClaim for what the system was not registered for."""
    if not system.pushes_any_of(push.scheme):
        raise claims.UnusableClaim(
            _("这个系统不能推送积分细则“%(scheme)s”的申报。") % {"scheme": push.scheme}, place="scheme"
        )
    if not system.may_push(push.scheme, push.item):
        raise claims.UnusableClaim(_("这个系统不能推送条目“%(item)s”。") % {"item": push.item}, place="item")


def _subject(village: Area, push: Push) -> Subject:
    """Whom the claim is for, by the one number that was sent. Raises UnusableClaim, schemes.NotInForce."""
    household, subject = push.household.strip(), push.subject.strip()
    if household and subject:
        raise claims.UnusableClaim(_("household和subject只填一个。"), place="subject")
    if not household and not subject:
        raise claims.UnusableClaim(_("请填写household（户编号）或subject（积分主体编号）。"), place="subject")
    place = "household" if household else "subject"
    if household and not participants.scores_households(village, push.scheme):
        raise claims.UnusableClaim(
            _("这份细则的积分主体不是户，请在subject里填写积分主体名单上的编号。"), place=place
        )
    try:
        return participants.subject_numbered(village, push.scheme, household or subject)
    except (people.HouseholdNotFound, participants.NotScored) as missing:
        raise claims.UnusableClaim(missing.message, place=place) from missing


def _village(system: models.System, code: str) -> Area:
    """A village of the system's area."""
    for village in areas.villages([str(system.area.path)]):
        if village.code == code:
            return village
    raise claims.UnusableClaim(_("没有这个村，或者不在这个系统的范围内。"), place="village")
