"""After the register changed a household's size or members: the ledger is brought to what the rules say.

Only households of villages with a scheme in force have points to bring into line; the others are left alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from jizhi.claims import services as claims
from jizhi.claims.selectors import HOUSEHOLD_SCHEME
from jizhi.schemes import selectors as schemes

if TYPE_CHECKING:
    from jizhi.areas.models import Area


def reprice(village: Area, subject_ids: Collection[int], *, reason: str, by: Any, at: dt.datetime) -> int:
    """How many entries were appended to the ledger."""
    if not subject_ids or not schemes.first_days_in_force([village], HOUSEHOLD_SCHEME):
        return 0
    return claims.reprice_subjects(
        subject_ids=subject_ids, scheme=HOUSEHOLD_SCHEME, reason=reason, by=by, at=at
    )
