"""Whose page this is: the household behind the card that signed in. Every view of the package starts here.

The card also acts for whoever lives in the household and is scored as a person: a resident, a member, a volunteer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.notices import selectors as notices
from jizhi.participants import selectors as participants
from jizhi.people import selectors as people

if TYPE_CHECKING:
    from jizhi.people.models import Household


def household(request: HttpRequest) -> Household:
    """The signed-in household with village, grid and subject. Refuses a card that was blocked meanwhile."""
    found = people.household_of(request.user)
    if found is None:
        raise PermissionDenied(gettext("这张积分卡已停用。请找网格员或村委会换卡，您的积分都在。"))
    return found


def spoken_for(request: HttpRequest) -> frozenset[int]:
    """The household's own subject, and those of ended households that it succeeded: it objects in their names, too."""
    return notices.spoken_for(request.user, on=localdate(request.at))


def subject_ids(request: HttpRequest) -> frozenset[int]:
    """The household's own subject, and those of its members."""
    return participants.own_subject_ids(request.user, on=localdate(request.at))
