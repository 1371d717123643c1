"""How somebody came to take part in a scheme, the numbers of participants, and the registers' names in documents."""

from jizhi.core.text import N_, LabelledEnum


class Source(LabelledEnum):
    """By which register, or whether somebody was enrolled by hand."""

    PARTY = "party", N_("党员登记")
    POSTS = "posts", N_("职务登记")
    RESIDENCE = "residence", N_("居住登记")
    TEAMS = "teams", N_("志愿队名册")
    MEMBERS_OF = "members_of", N_("组织成员登记")
    ORGANISATIONS = "organisations", N_("组织登记")
    HAND = "hand", N_("手工登记")


class Standing(LabelledEnum):
    """The filter of the register: who takes part on the day, and who did."""

    NOW = "now", N_("参加中")
    PAST = "past", N_("已退出")


FIRST_NUMBER = 1


def key_of(village_code: str, scheme: str, number: int) -> str:
    """The stable key of a participant in ledgers and files: `130699101201-member-0007`."""
    return f"{village_code}-{scheme}-{number:04d}"


def number_of(key: str) -> int:
    """The number in a participant's key; 0 for any other."""
    last = key.rpartition("-")[2]
    return int(last) if last.isdecimal() else 0
