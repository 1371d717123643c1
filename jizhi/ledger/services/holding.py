"""Posting and sealing keep out of each other's way, village by village, by a lock that ends with the transaction.

Whoever appends entries or transfers shares it, before their numbers are drawn; whoever seals has it alone. So nothing
below the highest number sealed can be committed afterwards, and what lies there unsealed was not put there by us.
"""

from collections.abc import Iterable

from django.db import connection

from jizhi.areas.models import Area

_KEYS = "hashtextextended('jizhi.ledger:' || village, 0) FROM unnest(%s::bigint[]) AS village"


def hold_for_posting(village_ids: Iterable[int]) -> None:
    """Share the villages' ledgers until the transaction ends; waits while one is being sealed."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT pg_advisory_xact_lock_shared(key) FROM (SELECT {_KEYS}) AS keys(key)",  # noqa: S608
            [sorted(set(village_ids))],
        )


def hold_for_sealing(village: Area) -> None:
    """Have a village's ledger alone until the transaction ends; waits for whoever is posting.

    The village's row is locked first, as by whoever else locks it before posting, so that nobody waits in a circle.
    """
    Area.objects.select_for_update(no_key=True).get(pk=village.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT pg_advisory_xact_lock(key) FROM (SELECT {_KEYS}) AS keys(key)",  # noqa: S608
            [[village.pk]],
        )
