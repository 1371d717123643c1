"""Records named in an address: found within the reader's scope, or page 404. Selectors decide what is in scope."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest
from django.utils.timezone import localdate

from jizhi.core.errors import DomainError
from jizhi.people import selectors as people
from jizhi.store import selectors as store

if TYPE_CHECKING:
    from jizhi.people.models import Household
    from jizhi.store.models import Goods


@contextmanager
def or_404() -> Iterator[None]:
    """A selector's "no such record" is the page's 404, whether the record is missing or somebody else's."""
    try:
        yield
    except DomainError as missing:
        raise Http404(str(missing)) from missing


def household(request: HttpRequest, household_id: int) -> Household:
    """The household, if the reader may see it."""
    with or_404():
        return people.household_for(request.user, household_id, localdate(request.at))


def article(request: HttpRequest, goods_id: int) -> Goods:
    """An article of a store the reader keeps."""
    with or_404():
        return store.goods_for_keeper(request.user, goods_id, on=localdate(request.at))
