"""Every address of the site, asked by strangers to the village: nothing of it is shown and nothing in it changes.

Once as it runs, and once with the database's policies out of the way, so that each of the two scopes holds alone.
Whoever holds every post at once asks every address; each post alone asks a third of them, all in the thorough run.
"""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator, Sequence
from typing import Any

import pypdf
import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from python_calamine import CalamineWorkbook

from jizhi.core import policies
from jizhi.posts.rules import PostKind
from tests.conftest import START_OF_TESTS
from tests.examples import examples
from tests.web import foreign

# Meant for everybody: what hangs on the village's board, with masked names and with the officials' own.
PUBLIC = {
    "public:front": "the list of villages",
    "public:village": "the village's front",
    "public:scheme": "how points are earned",
    "public:notices": "the notices on the board",
    "public:notice": "a notice while its window is open",
    "public:notice_pdf": "the same, printed",
    "public:how_to_object": "whom to turn to",
    "public:seals": "the roots over the ledger",
    "public:chain": "the same to keep: hashes only",
    "public:seal_check": "whether the ledger fits them: numbers of records only",
    "public:verify": "whoever holds a receipt may have it checked",
    "public:scanned": "the same, scanned",
    "public:letter_new": "an objection by anybody",
}
# They act on whoever asks, and would end the session the walk goes on with.
NOT_WALKED = {
    "signin:sign_out": "ends the own session",
    "api:api-root": "the root of the interface shows nothing to anybody",
    "public:letter": "whoever has its address may read it",
}


def _pages(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, bool]]:
    """Every address by name, and whether it needs an argument."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _pages(entry, f"{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            assert entry.name, f"{entry.pattern} has no name"
            yield space + entry.name, bool(entry.pattern.converters)


PAGES = dict(_pages(get_resolver()))
WALKED = sorted(set(PAGES) - set(NOT_WALKED))
SHARES = max(1, 3 // examples(1))  # of the addresses, which each post asks one


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any, worker_database: Any) -> Iterator[foreign.Two]:
    with django_db_blocker.unblock(), time_machine.travel(START_OF_TESTS, tick=False):
        worker_database.clone()
        yield foreign.build()
        worker_database.clone()


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """A thousand refusals need no trace each."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def two(built: foreign.Two, clock: Any, db: None) -> foreign.Two:
    return built


def test_every_page_with_an_argument_is_in_the_table() -> None:
    assert {name for name, needs in PAGES.items() if needs} == set(foreign.HOME)
    assert set(PUBLIC) | set(NOT_WALKED) <= set(PAGES)


def _address(name: str, two: foreign.Two) -> str:
    kwargs = foreign.HOME[name](two.home) if name in foreign.HOME else {}
    return reverse(name, kwargs=kwargs)


def test_the_table_points_at_what_is_there(two: foreign.Two, client_as: Any) -> None:
    """Else strangers would be refused what nobody could see anyway."""
    own = [two.home.users["root"], two.home.household_user("001"), two.home.users["keeper"]]
    own += [two.home.users["committee"]]
    own += [two.home.household_user("002"), two.home.household_user("003"), two.home.users["worker"]]
    clients = [client_as(user) for user in own]
    missing = [
        name for name in WALKED if not any(_opens(client, _address(name, two), two) for client in clients)
    ]
    assert not missing


def _opens(client: Client, address: str, two: foreign.Two) -> bool:
    """As it stands, or once the village is named."""
    for query in ({}, {"area": two.home.village.code}):
        answer = client.get(address, query)
        _content(answer)
        if answer.status_code not in {403, 404}:
            return True
    return False


def _content(answer: Any) -> bytes:
    """The whole body; a file that is streamed is closed by reading it."""
    content: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content


def _home_now(two: foreign.Two) -> dict[str, str]:
    """Every row of the home village, table by table, as one digest each; accounts without the day of last use."""
    village = two.home.village
    areas = [village.pk, *(grid.pk for grid in two.home.grids)]
    scope = {"villages": village.pk, "areas": ",".join(map(str, areas)), "paths": f"{{{village.path}}}"}
    found = {}
    with connection.cursor() as cursor:
        for name, value in scope.items():
            cursor.execute("SELECT set_config(%s, %s, false)", [f"jizhi.{name}", str(value)])
        for model, row_scope in policies.tables().items():
            if row_scope.open and not row_scope.path:
                continue
            table = model._meta.db_table
            own = policies.writing(model)
            if table == "accounts_user":
                own = "username IN ('recorder', 'committee', 'root') OR EXISTS (SELECT FROM people_householdcard c"
                own += f" JOIN people_household h ON h.id = c.household_id WHERE h.village_id = {village.pk}"
                own += " AND c.user_id = accounts_user.id)"
            row = f"to_jsonb({table}) - 'last_login'"
            cursor.execute(
                f"SELECT md5(string_agg(({row})::text, '|' ORDER BY {table}.id)), count(*) FROM {table} WHERE {own}"
            )
            digest, count = cursor.fetchone()
            found[table] = f"{count} rows {digest}"
        for name in scope:
            cursor.execute("SELECT set_config(%s, '', false)", [f"jizhi.{name}"])
    return found


def _text(answer: Any) -> str:
    """What a reader of the answer could read: pages, workbooks, printed sheets, files."""
    content = _content(answer)
    if content.startswith(b"PK"):
        return _archive(content)
    if content.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    if answer["Content-Type"].startswith("image/"):
        return "洗洁精 (a picture)"  # no picture of the home village may be served: count it as a marker
    text = content.decode("utf-8", errors="replace")
    if answer["Content-Type"].startswith("application/json"):
        return json.dumps(json.loads(text), ensure_ascii=False)
    return text


def _archive(content: bytes) -> str:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if "[Content_Types].xml" not in archive.namelist():
            return "\n".join(
                archive.read(name).decode("utf-8", errors="replace") for name in archive.namelist()
            )
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    return "\n".join(str(cell) for sheet in sheets for row in sheet.to_python() for cell in row if cell)


def _asked(client: Client, name: str, two: foreign.Two, body: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The page, the page narrowed to the home village, and everything its forms could send.

    Whoever has not the post for a page is turned away before it looks at anything, so it is asked only once.
    """
    address = _address(name, two)
    first = client.get(address)
    yield "GET", first
    if first.status_code == 200:
        yield "GET with the home village", client.get(address, body)
    if first.status_code != 403:
        yield "POST", client.post(address, body)


def _seen(client: Client, two: foreign.Two, names: Sequence[str] = WALKED) -> list[str]:
    body, markers, seen = foreign.sent(two.home), two.markers, []
    for name in names:
        for how, answer in _asked(client, name, two, body):
            text = _text(answer)
            forbidden = markers if name in PUBLIC else (*markers, *two.officials)
            words = [word for word in forbidden if word in text]
            if words:
                seen.append(f"{how} {name} ({answer.status_code}): {words}")
    return seen


def _refused(request: Any, exception: Any) -> HttpResponse:
    return HttpResponse(str(exception), status=403)


def _missing(request: Any, exception: Any) -> HttpResponse:
    return HttpResponse(str(exception), status=404)


@pytest.fixture
def plain_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals in their own words, without the page around them, and no copies of contexts: half of the time."""
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *args, **kwargs: None)
    monkeypatch.setattr("config.urls.handler403", _refused, raising=False)
    monkeypatch.setattr("config.urls.handler404", _missing, raising=False)


def _walk(two: foreign.Two, user: Any, names: Sequence[str] = WALKED) -> None:
    before, client = _home_now(two), Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    seen = _seen(client, two, names)
    assert not seen, "strangers to the village were shown:\n" + "\n".join(seen)
    after = _home_now(two)
    changed = [
        f"{table}: {before[table]} → {after[table]}" for table in before if before[table] != after[table]
    ]
    assert not changed, "strangers to the village changed:\n" + "\n".join(changed)


@pytest.mark.parametrize("kind", PostKind)
def test_staff_of_another_village(two: foreign.Two, plain_refusals: None, kind: PostKind) -> None:
    _walk(two, two.staff[kind], WALKED[list(PostKind).index(kind) % SHARES :: SHARES])


@pytest.mark.parametrize("who", ["everything", "household_user", "nobody"])
def test_all_posts_at_once_households_and_anybody(two: foreign.Two, plain_refusals: None, who: str) -> None:
    _walk(two, getattr(two, who))


@pytest.mark.parametrize("who", ["everything", "household_user", "nobody"])
def test_the_queries_alone_hold(
    two: foreign.Two, plain_refusals: None, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    """Without the database's policies; `everything` holds every post of the other village at once."""
    monkeypatch.setattr("jizhi.web.scoping.scope.enter", lambda user_id, day: None)
    _walk(two, getattr(two, who))


def test_the_walk_would_notice(two: foreign.Two, plain_refusals: None) -> None:
    """The village's own recorder sees and changes much."""
    before, client = _home_now(two), Client()
    client.force_login(two.home.users["recorder"], backend="django.contrib.auth.backends.ModelBackend")
    seen = " ".join(_seen(client, two))
    assert all(
        word in seen for word in ("欧阳晓芸", "洗洁精", foreign.PLACE, foreign.MEMBER, "desk:claims_export")
    )
    after = _home_now(two)
    changed = {table for table in before if before[table] != after[table]}
    assert {"claims_claim", "people_household", "people_householdcard", "core_auditevent"} <= changed
