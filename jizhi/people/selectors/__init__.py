"""Reads of the household register: households, subjects, messages, rosters. One file per noun; import from here."""

from jizhi.people.selectors.households import (
    CardLine,
    HouseholdDetail,
    HouseholdLine,
    HouseholdList,
    HouseholdNotFound,
    MemberLine,
    household_by_code,
    household_by_no,
    household_counts,
    household_for,
    household_of,
    household_of_subject,
    household_page,
    households,
)
from jizhi.people.selectors.rosters import RosterLine, RosterNotFound, roster_import, roster_imports
from jizhi.people.selectors.subjects import (
    MessageLine,
    SubjectRow,
    inbox,
    subject_by_key,
    subjects_of_village,
    unread_count,
)

__all__ = [
    "CardLine",
    "HouseholdDetail",
    "HouseholdLine",
    "HouseholdList",
    "HouseholdNotFound",
    "MemberLine",
    "MessageLine",
    "RosterLine",
    "RosterNotFound",
    "SubjectRow",
    "household_by_code",
    "household_by_no",
    "household_counts",
    "household_for",
    "household_of",
    "household_of_subject",
    "household_page",
    "households",
    "inbox",
    "roster_import",
    "roster_imports",
    "subject_by_key",
    "subjects_of_village",
    "unread_count",
]
