"""Whether somebody may import a kind of table for an area: one permission of the kind is enough. Writes nothing."""

import datetime as dt
from typing import Any

from jizhi.areas.models import Area
from jizhi.imports.rules import Kind
from jizhi.posts import selectors as posts


def check_may(user: Any, kind: Kind, area: Area, on: dt.date) -> None:
    """Raise posts.NotAllowed unless the user may import that kind of table for the area."""
    if not any(posts.can(user, action, area, on) for action in kind.actions):
        posts.check_can(user, kind.action, area, on)
