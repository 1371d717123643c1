"""The three PostgreSQL extensions the schema needs, created in a database.

All three ship with PostgreSQL and are trusted, so the owner of the database may create them.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

EXTENSIONS = ("ltree", "btree_gist", "pg_trgm")


def ensure_extensions(url: str) -> None:
    """Create what is missing in the database of `url`."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET client_min_messages = warning")
        # two processes that start at once would both find nothing and both create; the lock ends with the connection
        connection.execute("SELECT pg_advisory_lock(hashtext('jizhi extensions'))")
        for name in EXTENSIONS:
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
