"""The same report sent twice at the same moment: the second waits for the first and is answered with it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from tests.county import make_county
from tests.domain.matters import world


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.usefixtures("committed_db")
def test_a_repeat_in_a_race_gives_the_first() -> None:
    place = world.make_place(make_county())

    def again() -> int:
        try:
            return int(world.report(place, request_key="b" * 32).pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = world.report(place, request_key="b" * 32)
            second = pool.submit(again)
            deadline = time.monotonic() + 20
            while not _somebody_waits() and not second.done():
                assert time.monotonic() < deadline
                time.sleep(0.02)
            assert not second.done(), "it waits for the first"
        assert second.result() == first.pk
    assert world.report(place).number == "2026-0002", "no number is lost"
