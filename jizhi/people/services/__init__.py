"""Verbs of the household register: one file per noun; import from here."""

from jizhi.people.services.cards import (
    CardBlocked,
    IssuedCard,
    NoOpenCard,
    block_card,
    issue_cards,
    replace_card,
    set_pin,
)
from jizhi.people.services.households import (
    AlreadyMember,
    BadHousehold,
    HouseholdChange,
    NewMember,
    add_member,
    close_household,
    create_household,
    end_membership,
    update_household,
)
from jizhi.people.services.messages import (
    NotYourMessage,
    new_message,
    read_message,
    tell_subject,
    tell_subjects,
)
from jizhi.people.services.persons import (
    PersonNotVisible,
    ReasonMissing,
    Revealed,
    reveal_household_phone,
    reveal_person,
)

__all__ = [
    "AlreadyMember",
    "BadHousehold",
    "CardBlocked",
    "HouseholdChange",
    "IssuedCard",
    "NewMember",
    "NoOpenCard",
    "NotYourMessage",
    "PersonNotVisible",
    "ReasonMissing",
    "Revealed",
    "add_member",
    "block_card",
    "close_household",
    "create_household",
    "end_membership",
    "issue_cards",
    "new_message",
    "read_message",
    "replace_card",
    "reveal_household_phone",
    "reveal_person",
    "set_pin",
    "tell_subject",
    "tell_subjects",
    "update_household",
]
