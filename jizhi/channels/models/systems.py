"""Other systems that push claims, each with keys of its own; a key is stored as a digest and shown once."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from jizhi.channels import rules
from jizhi.core.scope import RowScope
from jizhi.core.triggers import append_only


class System(models.Model):
    """Another system: for which area and which items of which schemes it may push, and who answers for it.

    An item is kept together with its scheme, as `rules.scheme_item` writes them. What comes in is filed in the name of
    its owner. When the owner's post ends nothing comes in any more.
    """

    name = models.CharField(max_length=80)
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="systems")
    items = ArrayField(models.CharField(max_length=121), help_text="scheme and item, a blank between")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    per_minute = models.PositiveSmallIntegerField(default=60)
    created_at = models.DateTimeField()

    row_scope = RowScope(area="area", public="its name stands beside what it pushed")

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["area", "name"], name="system_once_an_area"),
            models.CheckConstraint(name="system_rate_positive", condition=models.Q(per_minute__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name

    def may_push(self, scheme: str, item: str) -> bool:
        """Whether the system was registered for this item of this scheme."""
        return rules.scheme_item(scheme, item) in self.items

    def pushes_any_of(self, scheme: str) -> bool:
        """Whether the system was registered for any item of the scheme."""
        return any(rules.split_scheme_item(one)[0] == scheme for one in self.items)


class SystemKey(models.Model):
    """A secret of a system. The prefix is shown on pages, the rest is known to the system alone."""

    system = models.ForeignKey(System, models.PROTECT, related_name="keys")
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    request_key = models.CharField(max_length=60, unique=True, null=True, blank=True)

    row_scope = RowScope(via_writers=("system",))

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.prefix


class SystemMinute(models.Model):
    """How often a key was used in a minute: what the rate limit counts. Old minutes are dropped."""

    key = models.ForeignKey(SystemKey, models.CASCADE, related_name="minutes")
    minute = models.DateTimeField()
    calls = models.PositiveIntegerField()

    row_scope = RowScope(via=("key",))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "minute"], name="minute_once_a_key")]

    def __str__(self) -> str:
        return f"{self.minute}: {self.calls}"


class PushedClaim(models.Model):
    """A claim that a system pushed, under the key that the system itself gave it."""

    system = models.ForeignKey(System, models.PROTECT, related_name="pushed")
    request_key = models.CharField(max_length=60)
    claim = models.OneToOneField("claims.Claim", models.PROTECT, related_name="pushed")

    row_scope = RowScope(via_writers=("system",), seen_via=("claim",))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "request_key"], name="pushed_once_a_system")]
        triggers = append_only()

    def __str__(self) -> str:
        return self.request_key
