"""Other systems as pages and the interface need them: which there are, their keys, what they pushed."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.channels import models
from jizhi.claims import selectors as claims
from jizhi.claims.rules import Channel
from jizhi.core.errors import DomainError
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class NoSuchSystem(DomainError):
    """The system or its key does not exist, or is not the user's to see."""


@dataclass(frozen=True, slots=True)
class SystemLine:
    """A system on the list."""

    id: int
    name: str
    area: str
    owner: str
    keys: int
    pushed: int
    last_used_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key as a page shows it; the secret itself is shown once, when it is issued."""

    id: int
    prefix: str
    created_at: dt.datetime
    created_by: str
    last_used_at: dt.datetime | None
    revoked_at: dt.datetime | None


def systems(user: User, *, on: dt.date, words: str = "") -> QuerySet[models.System]:
    """The systems that the user manages, by words of their names, places or owners."""
    paths = posts.scope_paths(user, Action.MANAGE_SYSTEMS, on)
    rows = models.System.objects.filter(area__path__within=paths).select_related("area", "owner")
    if words:
        rows = rows.filter(
            Q(name__icontains=words)
            | Q(area__name__icontains=words)
            | Q(owner__display_name__icontains=words)
        )
    return rows


def system_lines(rows: QuerySet[models.System]) -> list[SystemLine]:
    """Systems as lines; one query."""
    counted = rows.annotate(
        open_keys=Count("keys", filter=Q(keys__revoked_at=None), distinct=True),
        pushes=Count("pushed", distinct=True),
        used=Max("keys__last_used_at"),
    )
    return [
        SystemLine(
            row.pk, row.name, row.area.name, row.owner.display_name, row.open_keys, row.pushes, row.used
        )
        for row in counted
    ]


def system_of(user: User, system_id: int, *, on: dt.date) -> models.System:
    """A system that the user manages. Raises NoSuchSystem."""
    row = systems(user, on=on).filter(pk=system_id).first()
    if row is None:
        raise NoSuchSystem(_("没有这个系统，或者不归您管理。"))
    return row


def keys_of(system: models.System) -> list[KeyLine]:
    """The keys of a system, newest first."""
    return [_key(row) for row in system.keys.select_related("created_by")]


def keys_of_systems(systems: QuerySet[models.System]) -> list[tuple[str, KeyLine]]:
    """Name of the system and key, system by system; one query."""
    rows = models.SystemKey.objects.filter(system__in=systems.order_by().values("pk"))
    ordered = rows.select_related("system", "created_by").order_by("system__name", "system_id", "-id")
    return [(row.system.name, _key(row)) for row in ordered]


def _key(row: models.SystemKey) -> KeyLine:
    return KeyLine(
        row.pk, row.prefix, row.created_at, row.created_by.display_name, row.last_used_at, row.revoked_at
    )


def last_pushed(user: User, system: models.System, *, on: dt.date, limit: int = 20) -> list[claims.ClaimLine]:
    """What the system pushed last, as far as the user may see claims."""
    rows = claims.visible_claims(user, on).filter(pushed__system=system).order_by("-id")
    return claims.lines(rows[:limit])


def pushed_claim(system: models.System, request_key: str) -> claims.ClaimLine | None:
    """A claim by the key that the system gave it."""
    row = models.PushedClaim.objects.filter(system=system, request_key=request_key).first()
    if row is None:
        return None
    (line,) = claims.lines(claims.claims_numbered([row.claim_id]))
    return line


def pushing_system(claim_id: int, channel: Channel) -> str:
    """The name of the system that pushed a claim; empty for any other."""
    if channel is not Channel.SYSTEM:
        return ""
    row = models.PushedClaim.objects.filter(claim_id=claim_id).select_related("system").first()
    return row.system.name if row else ""
