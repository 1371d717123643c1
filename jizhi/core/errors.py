"""The one exception family whose message is meant for the user's eyes.

Services and selectors subclass it beside the function that raises; anything else raised is a bug, not a message.
"""

from typing import Any


class DomainError(Exception):
    """A rule said no. `message` is shown as it is (lazy texts allowed); `place` names the field or row it is about."""

    def __init__(self, message: Any = "", *, place: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place

    def __str__(self) -> str:
        return str(self.message)
