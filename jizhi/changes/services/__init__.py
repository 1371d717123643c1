"""Verbs of changes: preview and make each kind, take one back, send later credits after a household. Import from here.

Each order has one way to be made; `preview_change` makes it and takes it back, `make_change` makes it for good.
"""

import datetime as dt
from typing import Any

from jizhi.accounts.models import User
from jizhi.changes import models, rules, selectors
from jizhi.changes.services import households, persons, running
from jizhi.changes.services.forwarding import forward_credits
from jizhi.changes.services.handover import (
    MOVERS,
    HandedOver,
    Mover,
    WorkLine,
    hand_over,
    pass_on_work,
    preview_hand_over,
)
from jizhi.changes.services.orders import (
    GridMove,
    Join,
    Leaving,
    Merge,
    Move,
    Order,
    PersonOrder,
    Returning,
    Split,
    Transfer,
)
from jizhi.changes.services.running import Blocked, Recipe
from jizhi.changes.services.undoing import CannotUndo, undo_change, why_not
from jizhi.changes.services.work import BadChange
from jizhi.people import services as people_services


def _own(order: Any) -> list[int]:
    return [order.household_id]


def _pair(order: Any) -> list[int]:
    return [order.household_id, order.into_id]


def _with_home(order: Join) -> list[int]:
    home = persons.joins_from(order)
    return [order.household_id, *([home] if home else [])]


def _nothing(order: Any) -> list[int]:
    return []


def _kind(order: Any) -> rules.ChangeKind:
    return rules.ChangeKind(order.kind)


_RECIPES: dict[type[Order], Recipe] = {
    Split: Recipe(lambda order: rules.ChangeKind.SPLIT, households.split, _own, _nothing),
    Merge: Recipe(lambda order: rules.ChangeKind.MERGE, households.merge, _pair, _own),
    GridMove: Recipe(lambda order: rules.ChangeKind.GRID_MOVE, households.grid_move, _own, _nothing),
    Move: Recipe(
        lambda order: rules.ChangeKind.MOVE, households.move, _own, _own, lambda order: [order.village]
    ),
    Leaving: Recipe(lambda order: rules.ChangeKind.LEAVING, households.leaving, _own, _own),
    Returning: Recipe(lambda order: rules.ChangeKind.RETURNING, households.returning, _own, _nothing),
    Join: Recipe(_kind, persons.join, _with_home, _nothing),
    PersonOrder: Recipe(_kind, persons.change_person, _own, _nothing),
    Transfer: Recipe(_kind, persons.transfer, _pair, _nothing),
}


def preview_change(*, order: Order, concerns: rules.Concerns, by: User, at: dt.datetime) -> selectors.Preview:
    """What the change will do to points, wallets and claims: made inside a savepoint and taken back."""
    return running.preview(order, _RECIPES[type(order)], concerns=concerns, by=by, at=at)


def make_change(
    *,
    order: Order,
    concerns: rules.Concerns,
    received: rules.Received,
    request_key: str,
    expected: str = "",
    by: User,
    at: dt.datetime,
) -> models.Change:
    """Make the change in one transaction; `expected` is the digest of the preview that was confirmed.

    Raises BadChange, Blocked, Conflict, NotEnoughPoints and what registering and filing raise.
    """
    return running.apply(
        order,
        _RECIPES[type(order)],
        concerns=concerns,
        received=received,
        request_key=request_key,
        expected=expected,
        by=by,
        at=at,
    )


NewMember = people_services.NewMember

__all__ = [
    "MOVERS",
    "BadChange",
    "Blocked",
    "CannotUndo",
    "GridMove",
    "HandedOver",
    "Join",
    "Leaving",
    "Merge",
    "Move",
    "Mover",
    "NewMember",
    "Order",
    "PersonOrder",
    "Returning",
    "Split",
    "Transfer",
    "WorkLine",
    "forward_credits",
    "hand_over",
    "make_change",
    "pass_on_work",
    "preview_change",
    "preview_hand_over",
    "undo_change",
    "why_not",
]
