"""The embedded PostgreSQL: finds server binaries, makes a cluster in a data directory, starts and stops it.

A pure library without Django. It is not a connection layer (Django and psycopg are that) and it runs no
migrations; whoever needs a database calls `start` and reads `.url`.
"""

from jizhi.database.binaries import Binaries, find_binaries
from jizhi.database.extensions import ensure_extensions
from jizhi.database.faults import DatabaseUnavailable
from jizhi.database.server import Server, start
from jizhi.database.web_role import check_web_role

__all__ = [
    "Binaries",
    "DatabaseUnavailable",
    "Server",
    "check_web_role",
    "ensure_extensions",
    "find_binaries",
    "start",
]
