"""Everything that settles: each chapter of the language and each pack's case must come out the same on all of them.

Another backend joins by adding itself here, under the name that its test ids carry.
"""

from __future__ import annotations

from collections.abc import Callable

from jizhi.engine import batch, reference, running
from jizhi.engine.tables import Result

EVALUATORS: dict[str, Callable[..., Result]] = {
    "reference": reference.settle,
    "incremental": running.settle,
    "batch": batch.settle,
}
"""`settle(versions, subjects, facts, start, end, *, pool=None)`, see `reference.settle`."""
