"""What the rooms above hold open about households that are to be changed, and what they do with points that arrive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from jizhi.changes.rules import Concern
from jizhi.notices import selectors as notices
from jizhi.notices import services as notice_services


def open_concerns(subject_ids: Collection[int], ending: Collection[int], day: dt.date) -> tuple[Concern, ...]:
    """Objections that wait and months that were posted."""
    return notices.open_concerns(subject_ids, ending, day)


hold_owed = notice_services.hold_owed
