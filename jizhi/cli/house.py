"""Opening the house for a command: the database of this installation, then Django.

Only commands that need the database call it; file-only commands start without either.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from config import environment
from jizhi import database


@contextmanager
def open_house(*, share: bool = True) -> Iterator[database.Server]:
    """Start the database of JIZHI_DATA (or join it when it runs), set Django up, stop on leaving.

    Raises DatabaseUnavailable with a message for the user.
    """
    with database.start(environment.data_dir() / "database", share=share) as server:
        database.ensure_extensions(server.url)
        os.environ["DATABASE_URL"] = server.url
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django

        django.setup()
        yield server
