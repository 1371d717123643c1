"""No link leads its reader to a refusal: every kind of post walks from its first page along all links it is shown."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
import time_machine
from django.urls import reverse

from jizhi.posts.rules import ALLOWED, ON_THE_GROUND, Action, PostKind
from tests import factories
from tests.conftest import START_OF_TESTS
from tests.web import foreign, shiqiao

STARTS = ("signin:home", "field:today", "desk:todo")
PAGES_MAX = 100
_LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#][^"]*)"')
_NUMBER = re.compile(r"\d+")


def kinds() -> list[PostKind]:
    """One kind of post for each set of permissions."""
    found: dict[frozenset[Action], PostKind] = {}
    for kind in PostKind:
        found.setdefault(frozenset(action for action in Action if kind in ALLOWED[action]), kind)
    return list(found.values())


def shape(address: str) -> str:
    """Pages that differ by numbers or by their query alone are one kind of page."""
    parts = urlsplit(address)
    return _NUMBER.sub("N", parts.path) + "?" * bool(parts.query)


def links_of(page: str, text: str) -> list[str]:
    """Addresses on this site that a page links to."""
    found = [urldefrag(urljoin(page, link.replace("&amp;", "&"))).url for link in _LINK.findall(text)]
    return [one for one in found if one.startswith("/") and not one.startswith("/static/")]


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any, worker_database: Any) -> Iterator[foreign.Two]:
    with django_db_blocker.unblock(), time_machine.travel(START_OF_TESTS, tick=False):
        worker_database.clone()
        yield foreign.build()
        worker_database.clone()


@pytest.fixture
def home(built: foreign.Two, clock: Any, db: None) -> shiqiao.Village:
    """A village with something of everything."""
    return built.home


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.value)
def test_every_link_opens(kind: PostKind, home: shiqiao.Village, client: Any) -> None:
    county = home.village.parent.parent
    areas = {PostKind.TOWNSHIP: home.village.parent, PostKind.COUNTY: county, PostKind.AUDITOR: county}
    area = areas.get(kind, home.grids[0] if kind in ON_THE_GROUND else home.village)
    client.force_login(factories.holder(kind, area), backend="django.contrib.auth.backends.ModelBackend")
    waiting = deque((reverse(name), "") for name in STARTS)
    seen, refused = set[str](), []
    while waiting and len(seen) < PAGES_MAX:
        address, came_from = waiting.popleft()
        if shape(address) in seen:
            continue
        seen.add(shape(address))
        answer = client.get(address)
        if answer.streaming:
            list(answer.streaming_content)  # read to its end, so that it is closed
        if answer.status_code == 302:
            waiting.append((urljoin(address, answer.url), address))
        elif answer.status_code != 200:
            refused.append(f"{answer.status_code} {address} from {came_from}")
        elif answer["Content-Type"].startswith("text/html"):
            waiting += [(link, address) for link in links_of(address, answer.content.decode())]
    assert len(seen) > 5
    assert not refused, "\n".join(refused)
