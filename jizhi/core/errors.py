"""The one exception family whose message is meant for the user's eyes.

Services and selectors subclass it beside the function that raises; anything else raised is a bug, not a message.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """A rule said no. `message` is shown as it is (lazy texts allowed); `place` names the field or row it is about."""

    def __init__(self, message: Any = "", *, place: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place

    def __str__(self) -> str:
        return str(self.message)


class Conflict(DomainError):
    """The record was changed by somebody else since the form was opened; nothing was written.

    `now` says what is there, keyed by the form's field names (or by labels, for what the form does not ask), as plain
    values. `version` is the one to send in order to put one's own on top; None where the record's state forbids it.
    """

    def __init__(
        self,
        message: Any = "",
        *,
        place: str = "",
        now: Mapping[str, Any] | None = None,
        version: int | None = None,
        changed_by: str = "",
        changed_at: dt.datetime | None = None,
    ) -> None:
        super().__init__(message, place=place)
        self.now = dict(now or {})
        self.version = version
        self.changed_by = changed_by
        self.changed_at = changed_at
