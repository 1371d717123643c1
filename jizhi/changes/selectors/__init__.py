"""Reads of changes: how households stand, what a change did, who was where on a day. Import from here."""

from jizhi.changes.selectors.heirs import carried_into, present_holders, villages_of
from jizhi.changes.selectors.pages import (
    ChangeLine,
    ChangeNotFound,
    ChangePage,
    card_news,
    change_for,
    change_page,
    changes_of_household,
    changes_of_person,
    filtered_changes,
    lines,
    members_on_day,
    successor_of,
)
from jizhi.changes.selectors.states import (
    ClaimState,
    HouseholdEffect,
    HouseholdState,
    LotState,
    Preview,
    claims_waiting,
    ended_successors,
    states,
)

__all__ = [
    "ChangeLine",
    "ChangeNotFound",
    "ChangePage",
    "ClaimState",
    "HouseholdEffect",
    "HouseholdState",
    "LotState",
    "Preview",
    "card_news",
    "carried_into",
    "change_for",
    "change_page",
    "changes_of_household",
    "changes_of_person",
    "claims_waiting",
    "ended_successors",
    "filtered_changes",
    "lines",
    "members_on_day",
    "present_holders",
    "states",
    "successor_of",
    "villages_of",
]
