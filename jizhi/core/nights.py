"""Work of the night, one village (or record) after another: what fails in one leaves all others alone.

Nobody waits at the screen for it, so what failed is logged, and tried again the next night.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

log = logging.getLogger(__name__)


@contextmanager
def alone(what: str, number: object) -> Iterator[None]:
    """A transaction of its own; where it fails it is taken back, and the log says of which `what` it was."""
    try:
        with transaction.atomic():
            yield
    except Exception:
        log.exception("nightly work failed: %s %s was left out", what, number)
