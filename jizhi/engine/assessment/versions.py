"""The versions of one assessment, each with the day from which it applies.

They are read from files in `assessments.py`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from jizhi.engine.document.assessment.assessment import Assessment


@dataclass(frozen=True)
class Version:
    """An assessment as it applies from a day (None = from the beginning)."""

    from_date: dt.date | None
    assessment: Assessment
    file: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Versions:
    """All versions of one assessment, the earliest first."""

    entries: tuple[Version, ...]

    @classmethod
    def of(cls, *assessments: Assessment | tuple[dt.date | None, Assessment]) -> Versions:
        """Versions from documents at hand: an assessment alone applies always."""
        pairs = [one if isinstance(one, tuple) else (None, one) for one in assessments]
        entries = [Version(day, assessment) for day, assessment in pairs]
        return cls(tuple(sorted(entries, key=lambda one: one.from_date or dt.date.min)))

    @property
    def id(self) -> str:
        """The assessment's id."""
        return self.entries[0].assessment.id

    @property
    def latest(self) -> Assessment:
        """The last version."""
        return self.entries[-1].assessment

    def version_on(self, day: dt.date) -> Version | None:
        """The version in force on that day, or None."""
        found = None
        for version in self.entries:
            if version.from_date is None or version.from_date <= day:
                found = version
        return found

    def on(self, day: dt.date) -> Assessment | None:
        """The assessment in force on that day, or None."""
        version = self.version_on(day)
        return version.assessment if version else None
