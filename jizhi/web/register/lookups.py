"""Records named in an address: found within the reader's scope, or page 404. Selectors decide what is in scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.timezone import localdate

from jizhi.people import selectors as people
from jizhi.store import selectors as store
from jizhi.web.pages import or_404

if TYPE_CHECKING:
    from jizhi.people.models import Household
    from jizhi.store.models import Goods


def household(request: HttpRequest, household_id: int) -> Household:
    """The household, if the reader may see it."""
    with or_404():
        return people.household_for(request.user, household_id, localdate(request.at))


def article(request: HttpRequest, goods_id: int) -> Goods:
    """An article of a store the reader keeps."""
    with or_404():
        return store.goods_for_keeper(request.user, goods_id, on=localdate(request.at))
