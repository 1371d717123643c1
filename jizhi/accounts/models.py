"""The user table. A user is a way in; what it may do is said by posts.

A household is tied to its user by people.HouseholdCard.
"""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from jizhi.accounts.rules import Language, UserKind
from jizhi.core.fields import EnumField, enum_check
from jizhi.core.scope import ANYBODY, STAFF, RowScope, number, numbers

# A household's user is written where its card is; a member of staff by whoever's scope holds all the posts.
_OF_OWN_CARDS = "EXISTS (SELECT 1 FROM people_householdcard c WHERE c.user_id = accounts_user.id)"
_OF_OWN_STAFF = (
    f"kind = 'staff' AND {STAFF} AND NOT EXISTS (SELECT 1 FROM posts_post p"
    f" WHERE p.user_id = accounts_user.id AND NOT p.area_id = ANY {numbers('areas')})"
)
# A household reads the name of the neighbour who claimed for it or for whoever lives in it.
_CLAIMED_FOR_ME = (
    "EXISTS (SELECT 1 FROM claims_claim c WHERE c.filed_by_id = accounts_user.id"
    f" AND c.subject_id = ANY {numbers('subjects')})"
)


class UserManager(BaseUserManager["User"]):
    """Look-up by user name for Django's sign-in; users are made by accounts.services."""


class User(AbstractBaseUser):
    """Staff (user name and password) or a household (card code and PIN)."""

    username = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=100)
    kind = EnumField(UserKind, default=UserKind.STAFF)
    language = EnumField(Language, default=Language.CHINESE)
    large_type = models.BooleanField(default=False)
    # The grid worker's number is public by regulation; it is a work number, never a household's.
    work_phone = models.CharField(max_length=20, blank=True)
    must_change_password = models.BooleanField(default=False)
    first_password_at = models.DateTimeField(null=True, blank=True, help_text="when it was given")
    is_active = models.BooleanField(default=True)
    is_superuser = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    row_scope = RowScope(
        user="id",
        via=("cards",),
        # public officials: their names stand beside what they did
        read=f"kind = 'staff' AND {ANYBODY} OR {_CLAIMED_FOR_ME}",
        write=f"NOT is_superuser AND (id = {number('user')} OR {_OF_OWN_CARDS} OR {_OF_OWN_STAFF})",
    )
    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    class Meta:
        constraints = [
            enum_check("user_kind_known", "kind", UserKind),
            enum_check("user_language_known", "language", Language),
            models.CheckConstraint(
                name="household_user_never_superuser",
                condition=models.Q(kind=UserKind.STAFF.value) | models.Q(is_superuser=False),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username
