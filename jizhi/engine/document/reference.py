"""Where a rule comes from: article, meeting, source. Not a link checker."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import model_validator

from jizhi.engine.document.base import Day, Model


class Reference(Model):
    """The basis of a rule; `expires` is the last day on which it can be relied on."""

    zh: str = ""
    en: str = ""
    article: str = ""
    source: str = ""
    meeting: str = ""
    expires: Day | None = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        return {"zh": value} if isinstance(value, str) else value

    def say(self, language: str) -> str:
        """The reference in one line."""
        words = (self.en or self.zh) if language.startswith("en") else (self.zh or self.en)
        joint = "; " if language.startswith("en") else "；"
        return joint.join(part for part in (words, self.article, self.source, self.meeting) if part)

    def expired(self, on: dt.date) -> bool:
        """Whether the basis has lapsed by that day."""
        return self.expires is not None and self.expires < on
